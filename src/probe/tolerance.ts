// What became of a client that was put to the cases of tolerance, without a secret in it, and without a time: two runs of
// a client that behaves alike are equal.
import type { ClientAuthenticationMethod } from '../oauth/words.ts'

/** `not_tried`: the client's way never met what the case is about. */
export type ToleranceVerdict = 'survived' | 'failed' | 'not_tried'

/** What a client did in one run, as the mock saw it. */
export interface ClientRun {
  /** Requests to the token endpoint. */
  readonly tokenCalls: number
  /** Of these, the ones with a refresh token. */
  readonly refreshCalls: number
  /** Requests to routes that ask for an access token. */
  readonly apiCalls: number
  /** Of these, the ones that were answered. */
  readonly apiCallsAnswered: number
  /** Requests to paths that the mock does not have. */
  readonly strayCalls: number
  /** The ways in which the client showed itself at the token endpoint, in the order of their first use. */
  readonly clientAuthentication: readonly ClientAuthenticationMethod[]
  /** The requests with a secret or a token in their URL, as `POST /token`; no query, and nothing that is secret. */
  readonly secretsInUrls: readonly string[]
  /** The status of a command that ended by itself; 0 or 1 for a function. `null`: it did not. */
  readonly exitStatus: number | null
  /** Whether it was ended as its time was over. */
  readonly timedOut: boolean
  /** The last lines that the client wrote to stderr, or its error's message, redacted. */
  readonly lastWords: readonly string[]
}

/** A case, and what became of the client in it. */
export interface ToleratedCase extends ClientRun {
  readonly id: string
  readonly sentence: string
  readonly source: string
  readonly verdict: ToleranceVerdict
  /** Why it failed, or was not tried; empty when it survived. */
  readonly reason: string
  /** Whether the client tried again what had failed; `null` where nothing had. */
  readonly retried: boolean | null
  /** Whether the client waited as long as Retry-After said; `null` where it was not told to, or did not try again. */
  readonly heededRetryAfter: boolean | null
}

/** A whole run. */
export interface Tolerance {
  /** The service whose mock the client was run against. */
  readonly service: string
  /** The program, without its arguments. */
  readonly client: string
  /** The client with nothing in its way. */
  readonly baseline: ClientRun
  readonly cases: readonly ToleratedCase[]
  readonly survived: number
  readonly failed: number
  readonly notTried: number
  /** In how many runs, that of the baseline among them, a secret was sent in a URL. */
  readonly leaking: number
  /** Why it ended early; absent when it did not. */
  readonly ended?: string
}
