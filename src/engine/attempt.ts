// One request, tried against one documented form: what the steps read, and what each leaves for the next.
import type { HttpRequest } from '../oauth/message.ts'
import type { ClientAuthenticationMethod, ClientMetadata } from '../oauth/words.ts'
import { type Parameters, toStandardNames } from './body.ts'
import type { AssertedClient } from './client-assertion.ts'
import type { AcceptedForm, AcceptedGrant, Desk, OpenEndpoint } from './desk.ts'
import type { Refused } from './refused.ts'
import type { IssuedToken } from './tokens.ts'

/** What every form of a request is tried with. */
export type Trial = Pick<Attempt, 'desk' | 'open' | 'request' | 'issuer' | 'sent' | 'now' | 'assertion'>

/** The working record of the steps. */
export interface Attempt {
  readonly desk: Desk
  readonly open: OpenEndpoint
  readonly form: AcceptedForm
  readonly request: HttpRequest
  /** The issuer that the client asked. @see RFC 8414 §2 */
  readonly issuer: string
  /** As they were sent, under wire names. */
  readonly sent: Parameters
  /** The same under standard names. */
  readonly parameters: Parameters
  /** Milliseconds since 1970. */
  readonly now: number
  /** What the client assertion shows; absent when none was sent. */
  readonly assertion: AssertedClient | undefined
  /** Left by the client authentication, also when it refuses; absent where the endpoint authenticates none. */
  client: ClientMetadata | undefined
  /** The outcomes that the client id asks for. */
  sequence: string | undefined
  /** Every way in which the client showed itself. */
  authentications: readonly ClientAuthenticationMethod[] | undefined
  /** Left by the check of `grant_type`. */
  grantType: string
  grant: AcceptedGrant | undefined
  /** Left by the schema check: the documented parameters alone, under standard names. */
  accepted: Readonly<Record<string, string>>
  /** Left by the scope check; empty for none. */
  scope: string
  /** Left by the grant `password`. */
  username: string | undefined
  /** Left by the grant `refresh_token`: what the refresh token stands for. */
  refreshed: IssuedToken | undefined
}

/** Keeps one rule or a few; `undefined` means that the request passes. */
export type Step = (attempt: Attempt) => Refused | undefined

/** An attempt with one form, before the first step; all members are there from the start, so that all have one shape. */
export function createAttempt(trial: Trial, form: AcceptedForm): Attempt {
  const { desk, open, request, issuer, sent, now, assertion } = trial
  return {
    desk,
    open,
    form,
    request,
    issuer,
    sent,
    parameters: toStandardNames(sent, form.wireNames),
    now,
    assertion,
    client: undefined,
    sequence: undefined,
    authentications: undefined,
    grantType: '',
    grant: undefined,
    accepted: {},
    scope: '',
    username: undefined,
    refreshed: undefined,
  }
}
