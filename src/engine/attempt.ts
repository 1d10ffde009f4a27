// One request, tried against one documented form: what the steps read, and what each leaves for the next.
import type { HttpRequest } from '../oauth/message.ts'
import type { ClientMetadata } from '../oauth/words.ts'
import type { Parameters } from './body.ts'
import type { AcceptedForm, AcceptedGrant, Desk, OpenEndpoint } from './desk.ts'
import type { Refused } from './refused.ts'

/** The working record of the steps. */
export interface Attempt {
  readonly desk: Desk
  readonly open: OpenEndpoint
  readonly form: AcceptedForm
  readonly request: HttpRequest
  /** As they were sent, under wire names. */
  readonly sent: Parameters
  /** The same under standard names. */
  readonly parameters: Parameters
  /** Milliseconds since 1970. */
  readonly now: number
  /** Left by the client authentication; absent where the endpoint authenticates none. */
  client?: ClientMetadata
  /** Left by the check of `grant_type`. */
  grantType: string
  grant?: AcceptedGrant
  /** Left by the schema check: the documented parameters alone, under standard names. */
  accepted: Readonly<Record<string, string>>
  /** Left by the scope check; empty for none. */
  scope: string
  /** Left by the grant `refresh_token`: the scope first granted, which the next refresh token keeps (RFC 6749 §6). */
  refreshScope?: string
}

/** Keeps one rule or a few; `undefined` means that the request passes. */
export type Step = (attempt: Attempt) => Refused | undefined
