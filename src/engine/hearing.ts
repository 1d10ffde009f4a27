// One request under way: what it asks, and what has been found out about it so far.
import type { HttpRequest } from '../oauth/message.ts'
import type { Attempt } from './attempt.ts'
import type { Parameters } from './body.ts'
import type { Place } from './mounts.ts'
import type { NamedOutcome } from './outcome-control.ts'

/** One request under way. */
export interface Hearing {
  readonly request: HttpRequest
  /** Milliseconds since 1970. */
  readonly now: number
  /** Absent when no endpoint has the path. */
  readonly place?: Place
  /** The parameters of the body, once it is read. */
  parameters?: Parameters
  /** The form that got furthest. */
  attempt?: Attempt
  outcome?: NamedOutcome | undefined
}
