// What a conformance rule is: a sentence, the requests that show whether a service keeps it, and how the replies are judged.
// All of it is data; no rule has code of its own.
import type { Source } from '../service/service.ts'

/** The RFCs' words of obligation; `observed`: no document asks for it, and services differ. @see RFC 2119 */
export type Level = 'MUST' | 'SHOULD' | 'MAY' | 'observed'

/**
 * What a service offers, or what the run was given. Found before anything is judged, by metadata and then by trial; a rule
 * that needs what is missing is not applicable.
 */
export type Capability =
  | 'client_credentials'
  | 'password'
  | 'refresh_token'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt'
  | 'form'
  | 'json'
  /** A confidential client's secret was given. */
  | 'client_secret'
  /** A second client was given, with its secret. */
  | 'other_client'
  /** A scope was given that the service grants. */
  | 'scope'
  | 'introspection'
  | 'revocation'
  | 'metadata'
  | 'jwt_access_token'
  | 'dpop'
  | 'cors'
  | 'https'
  /** Wrong secrets and passwords may be sent. */
  | 'refusals'

/**
 * A request that the service is known to answer well, from which a rule's request differs. `token`: the simplest grant that
 * the service offers to the given credentials. `other`: nothing at all, for a request of its own.
 */
export type Base =
  | 'token'
  | 'client_credentials'
  | 'password'
  | 'refresh_token'
  | 'introspection'
  | 'revocation'
  | 'metadata'

/** How the client shows itself in place of the way that the base has. */
export type ProbeAuthentication =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt'
  /** Basic and the body at once. */
  | 'both'
  | 'none'
  /** `client_id` in the body and nothing else. */
  | 'client_id'
  | 'wrong_secret_basic'
  | 'wrong_secret_post'
  | 'empty_secret_basic'
  | 'unknown_client_basic'
  | 'unknown_client_post'
  /** The first client with the second one's secret. */
  | 'secret_of_another'

/**
 * How a request differs from its base. In texts, `{client_id}`, `{client_secret}`, `{username}`, `{password}`, `{scope}`,
 * `{refresh_token}` (a fresh one), `{access_token}` (a fresh one), `{wrong}` (a value nobody has), `{path}`, `{host}`,
 * `{origin}`, `{basic}` (the Base64 of Basic) and `{form}` (the base's body) stand for what the run has.
 */
export interface ProbeRequest {
  readonly base: Base
  /** Default: the base's. */
  readonly authentication?: ProbeAuthentication
  /** Default: `POST`; `GET` of metadata. */
  readonly method?: string
  /** Parameters of the body: a list is sent several times, `null` not at all. */
  readonly parameters?: Readonly<Record<string, string | readonly string[] | null>>
  /** Parameters of the query. */
  readonly query?: Readonly<Record<string, string>>
  /** Of the base's body parameters, those that go into the query instead. */
  readonly movedToQuery?: readonly string[]
  /** Default: the form; `null`: no such field. */
  readonly contentType?: string | null
  /** Header fields; a list is sent several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** The body as it is, in place of parameters. */
  readonly body?: string
  /** The bytes of the whole request, line ends written out, over a socket; then nothing else of the request counts. */
  readonly raw?: string
  /** Two of it are sent at once. Default: no. */
  readonly isTwice?: boolean
  /** Whether it shows a wrong secret or password, of which a run sends few. Default: no. */
  readonly isTrial?: boolean
  /** Keeps the reply's members: `{kept.access_token}` of a later request when this is `kept`. */
  readonly keptAs?: string
}

/** What one reply has to be. All that is given has to hold. */
export interface Expected {
  /** `token`: status 200 with an access token. `no_token`: none, whatever else. `refusal`: no token, and status 400 to 499. `answer`: anything. */
  readonly is: 'token' | 'no_token' | 'refusal' | 'answer'
  readonly statuses?: readonly number[]
  /** `error` of the body. */
  readonly errors?: readonly string[]
  readonly notErrors?: readonly string[]
  /** Patterns of header fields, by names in lower case; `null`: not there. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** Patterns of the members' JSON; `null`: not there. */
  readonly members?: Readonly<Record<string, string | null>>
  /** Pairs: this member is (`same`) or is not (`other`) that of an earlier reply by its name. */
  readonly compared?: ReadonlyArray<{
    readonly member: string
    readonly to: string
    readonly is: 'same' | 'other'
  }>
}

/** How replies are judged. */
export type Judgment =
  /** By request, each one of several ways of being right. */
  | { readonly replies: ReadonlyArray<readonly Expected[]> }
  /** Over every reply of the run: nothing is sent for it. */
  | { readonly every: EveryReply }

/** What holds of all replies of a kind; broken by the first that does not. Where there was none of the kind, it was not tried. */
export interface EveryReply {
  readonly of: 'reply' | 'token' | 'refusal' | 'status_401' | 'status_405' | 'invalid_client_after_basic'
  readonly statuses?: readonly number[]
  readonly headers?: Readonly<Record<string, string | null>>
  readonly members?: Readonly<Record<string, string | null>>
  /** Members that may be missing, and are so where they are there. */
  readonly membersOfSome?: Readonly<Record<string, string>>
}

/** One rule. */
export interface ConformanceRule {
  /** `<document>-<section>-<words>`. Public: added, never renamed. */
  readonly id: string
  readonly level: Level
  readonly sentence: string
  readonly source: Source
  /** Why the requests and the judgment follow from the document: what its words say, in ours. */
  readonly argument: string
  readonly needs: readonly Capability[]
  readonly requests: readonly ProbeRequest[]
  readonly judgment: Judgment
}
