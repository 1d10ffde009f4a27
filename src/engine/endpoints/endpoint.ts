// What every kind of endpoint is: the method it answers, the steps it takes, and what it gives in the end.
import type { HttpRequest } from '../../oauth/message.ts'
import type { Attempt, Step } from '../attempt.ts'
import type { Issuing } from '../issuing.ts'
import type { Place } from '../mounts.ts'

/** What a granted request is answered with. */
export interface Granted {
  readonly status: number
  /** The members of a JSON body; absent for no content. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** An endpoint that takes a body: the steps are tried on each form, and what passes is granted. */
export interface PostEndpoint {
  readonly method: 'POST'
  readonly steps: readonly Step[]
  readonly grant: (attempt: Attempt, issuing: Issuing) => Granted | Promise<Granted>
}

/** An endpoint that gives a document. */
export interface GetEndpoint {
  readonly method: 'GET'
  readonly read: (place: Place, request: HttpRequest, issuing: Issuing) => Granted | Promise<Granted>
}
