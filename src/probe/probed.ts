// What a probe found out, without a secret in it.
import type { Capability, Level } from './rule.ts'

/** `not_applicable`: the service does not offer what the rule is about. `not_tried`: it could not be told, and why is said. */
export type Verdict = 'kept' | 'broken' | 'not_applicable' | 'not_tried'

/** A request that was sent, with its reply: no header or body as it was, but what may be shown of them. */
export interface ProbedExchange {
  /** As a line of curl or as a transcript of bytes, with variables of the shell in place of credentials. */
  readonly request: string
  /** `null`: no reply came. */
  readonly status: number | null
  /** The reply's `error`; `null` where it has none. */
  readonly error: string | null
  /** The reply in short, redacted; or why there is none. */
  readonly received: string
}

/** What became of one rule. */
export interface JudgedRule {
  readonly id: string
  readonly level: Level
  readonly sentence: string
  /** The document and its section. */
  readonly source: string
  readonly verdict: Verdict
  /** Broken: what was expected and what came. Not applicable: the missing capability. Not tried: why. Kept: empty. */
  readonly reason: string
  readonly requests: readonly ProbedExchange[]
}

/** How many of the rules that could be judged are kept. */
export interface Score {
  /** `all`, or a document such as `RFC 6749`. */
  readonly of: string
  readonly level: Level
  readonly kept: number
  readonly judged: number
}

/** One way of asking: a documented variant, as it is or in another form. */
export interface MatrixCell {
  /** All variants whose requests are these very bytes. */
  readonly variants: readonly string[]
  readonly grantType: string
  readonly contentType: string
  readonly authentication: string
  /** `documented`, `snake_case`, `camelCase` or `PascalCase`. */
  readonly spelling: string
  readonly outcome: 'accepted' | 'refused' | 'not_tried'
  readonly status: number | null
  readonly error: string | null
  /** Of a refusal the service's first words, redacted; of what was not tried, why. */
  readonly reason: string
  /** As a line of curl, with variables of the shell in place of credentials. */
  readonly request?: string
}

/** What a run found. */
export interface Probe {
  readonly url: string
  readonly capabilities: Readonly<Record<Capability, boolean>>
  /** Of capabilities that could not be asked for why; absent where there are none. */
  readonly undetermined?: Readonly<Partial<Record<Capability, string>>>
  readonly rules: readonly JudgedRule[]
  readonly scores: readonly Score[]
  readonly matrix: readonly MatrixCell[]
  /** How many requests were sent. */
  readonly sent: number
  /** Why it ended early; `undefined` when it did not. */
  readonly ended?: string
}

/** The document that a rule is of: the first one that its source names. */
export function documentOf({ source }: Pick<JudgedRule, 'source'>): string {
  return (/^RFC \d+/.exec(source)?.[0] ?? source.split(/[§,;]/)[0] ?? source).trim()
}
