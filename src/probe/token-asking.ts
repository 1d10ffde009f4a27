// Token requests sent one by one, and what came of each in a line: whether a token was granted, and if not, the first words.
import type { Credentials } from '../fixture/message.ts'
import { ConnectionFailure, type Incoming, type Outgoing } from '../verify/connection.ts'
import type { Redactor } from '../verify/redactor.ts'
import { learnTokens, membersOf } from '../verify/target.ts'
import { redactedBegin } from './redacted-begin.ts'
import { isTrial, outgoingOf, type TokenRequest, withValues } from './token-request.ts'

/** What came of a request. */
export interface Answer {
  /** `undecided`: a reply that says neither yes nor no, as of a service that is asked too often, is away, or is elsewhere. */
  readonly outcome: 'accepted' | 'refused' | 'undecided' | 'no_reply'
  readonly status: number | null
  /** The reply's `error`. */
  readonly error: string | null
  /** The service's first words, redacted; empty when it granted a token. */
  readonly reason: string
}

/** In a request: a refresh token that was never used, as far as one is at hand. */
export const freshRefreshToken = 'tokenwright:fresh-refresh-token'

/** In a request: a client assertion that was never used. @see RFC 7523 §3 */
export const freshClientAssertion = 'tokenwright:fresh-client-assertion'

/** What requests are sent by. */
export interface AskingOptions {
  readonly url: URL
  /** @throws {ConnectionFailure} */
  readonly send: (request: Outgoing) => Promise<Incoming>
  readonly credentials: Credentials
  readonly redactor: Redactor
  /** Signs an assertion of the client. Default: there is no key. */
  readonly clientAssertion?: (() => string) | undefined
}

/** Sends requests. */
export interface Asker {
  readonly ask: (request: TokenRequest) => Promise<Answer>
  /** Whether a refresh token is at hand: the given one, or one that came with a token. */
  readonly hasRefreshToken: () => boolean
  /** Every token that was received, to be revoked. */
  readonly issued: () => readonly string[]
}

/** Nothing is sent yet. */
export function createAsker(options: AskingOptions): Asker {
  const { url, send, credentials, redactor, clientAssertion } = options
  const issued = new Set<string>()
  let refreshToken = credentials.refresh_token
  const fill = (request: TokenRequest): TokenRequest => {
    const values = new Map<string, string>()
    if (refreshToken !== undefined) values.set(freshRefreshToken, refreshToken)
    const isAsserted = request.parameters.some(({ value }) => value === freshClientAssertion)
    if (isAsserted && clientAssertion !== undefined) {
      const assertion = clientAssertion()
      redactor.add(assertion)
      values.set(freshClientAssertion, assertion)
    }
    return withValues(request, values)
  }
  const learn = (members: Readonly<Record<string, unknown>>) => {
    learnTokens(redactor, members)
    const { access_token, refresh_token } = members
    for (const token of [access_token, refresh_token]) if (typeof token === 'string') issued.add(token)
    if (typeof refresh_token === 'string' && refresh_token !== '') refreshToken = refresh_token
  }
  return {
    ask: async (request) => {
      const outgoing = outgoingOf(fill(request), url.origin)
      try {
        const reply = await send({ ...outgoing, isTrial: isTrial(request, credentials) })
        const members = readMembers(reply.body)
        learn(members)
        return answerOf(reply, members, redactor)
      } catch (error) {
        return { outcome: 'no_reply', status: null, error: null, reason: redactor.redact(failureOf(error)) }
      }
    },
    hasRefreshToken: () => refreshToken !== undefined,
    issued: () => [...issued],
  }
}

/** Some services answer with a form where nobody asked for JSON, and a token in it is one all the same. */
function readMembers(body: string): Readonly<Record<string, unknown>> {
  const members = membersOf(body)
  if (Object.keys(members).length > 0 || !/(^|&)access_token=[^&]/.test(body)) return members
  return Object.fromEntries(new URLSearchParams(body))
}

/** What Node.js itself refuses to send is said by its code: its words may have a value of the request. */
function failureOf(error: unknown): string {
  if (error instanceof ConnectionFailure) return error.message
  if (error instanceof DOMException) return 'the run ended'
  return `not sent: ${(error as NodeJS.ErrnoException).code ?? 'an unknown failure'}`
}

/** Longest text that is shown of a reply. */
const longestReason = 120

function answerOf(
  { status, body }: Incoming,
  members: Readonly<Record<string, unknown>>,
  redactor: Redactor,
): Answer {
  const { access_token, error } = members
  const isToken = typeof access_token === 'string' && access_token !== ''
  const shownError = typeof error === 'string' ? redactedBegin(error, redactor).slice(0, longestReason) : null
  if (isToken && status >= 200 && status < 300)
    return { outcome: 'accepted', status, error: shownError, reason: '' }
  const outcome = isUndecided(status) ? 'undecided' : 'refused'
  return { outcome, status, error: shownError, reason: reasonOf(body, members, redactor) }
}

/** Nothing of it is about the request: asked again, the service may well grant it. */
function isUndecided(status: number): boolean {
  return status < 200 || (status >= 300 && status < 400) || [408, 425, 429].includes(status) || status >= 500
}

const descriptions = ['error_description', 'message', 'detail', 'title', 'msg', 'error']

/** Redacted before it is changed or cut: half a secret is one, too. */
function reasonOf(body: string, members: Readonly<Record<string, unknown>>, redactor: Redactor): string {
  const described = descriptions.map((name) => members[name]).find((value) => typeof value === 'string')
  const isText = typeof described === 'string'
  const text = redactedBegin(isText ? described : body, redactor)
  const line = (isText ? text : text.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim()
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line
}
