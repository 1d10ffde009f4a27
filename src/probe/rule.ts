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
  /** The client has a secret, or a key that the service knows. */
  | 'confidential_client'
  /** The client's id or secret has characters that form encoding changes. */
  | 'encoded_credentials'
  /** A second client was given, with its secret. */
  | 'other_client'
  /** A scope was given that the service grants. */
  | 'scope'
  /** That scope has two tokens or more. */
  | 'several_scopes'
  | 'introspection'
  | 'revocation'
  | 'metadata'
  /** Access tokens are JSON Web Tokens. */
  | 'jwt_access_token'
  /** They say of themselves that they keep RFC 9068: their `typ` is `at+jwt`. */
  | 'at_jwt'
  /** The metadata announces it. */
  | 'dpop'
  /** A preflight from another origin is answered with permission. */
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
  /** A wrong secret, in the way of the base. */
  | 'wrong_secret'
  | 'wrong_secret_basic'
  | 'wrong_secret_post'
  | 'empty_secret_basic'
  | 'unknown_client_basic'
  | 'unknown_client_post'
  /** The first client with the second one's secret. */
  | 'secret_of_another'
  /** The second client with its own secret, in the way of the base. */
  | 'other_client'
  /** Basic of the form-encoded id and secret. */
  | 'form_encoded_basic'
  /** Basic of the id and the secret with every character as a percent escape. */
  | 'escaped_basic'

/** How a client assertion differs from a good one of the client's key. */
export interface ProbeAssertion {
  /** `none`: unsigned. Default: the key's. */
  readonly alg?: 'none'
  /** Signed by a key that nobody has registered. Default: no. */
  readonly isByAnother?: boolean
  /** In place of the good ones; `null` leaves a claim out. Times are in seconds from now. */
  readonly claims?: Readonly<Record<string, string | number | null>>
  /** `client_assertion_type`. */
  readonly type?: string
}

/** How a DPoP proof differs from a good one of a key of the run's own. @see RFC 9449 §4.2 */
export interface ProbeProof {
  readonly alg?: 'none'
  readonly typ?: string
  /** In place of the good ones; `null` leaves a claim out. Times are in seconds from now. */
  readonly claims?: Readonly<Record<string, string | number | null>>
  /** The private half of the key is in the header. Default: no. */
  readonly hasPrivateKey?: boolean
  /** Signed by another key than the header's. Default: no. */
  readonly isByAnother?: boolean
  /** The very proof of the rule's request before. Default: no. */
  readonly isReplayed?: boolean
}

/**
 * How a request differs from its base. In texts these stand for what the run has:
 * - `{client_id}`, `{client_secret}`, `{other_client_id}`, `{username}`, `{password}`, `{grant_type}`, and `{wrong}`, a value
 *   that nobody has
 * - `{upper_grant_type}`: the base's grant type in capitals
 * - `{scope}`, `{swapped_scope}` (capitals for small letters), `{reversed_scope}` (its tokens from the last to the first),
 *   `{tabbed_scope}` (two tokens or more, with a tab between two; a lone one twice), `{scope_plus}` and `{scope_percent}` (as parts of a form, with `+` and with `%20`)
 * - `{refresh_token}`, `{access_token}`: fresh for each rule, and the same one in all of its requests
 * - `{path}`, `{host}`, `{origin}`, `{issuer}` (that belongs to the place of the metadata), `{basic}` (the Base64 of Basic)
 * - `{form}` and `{json}`: the body, with the changes to its parameters, in either media type; `{length}` and `{hex_length}`:
 *   how many bytes the form has
 * - `{authorization}`: in raw bytes, the line of the Authorization field with its end, or nothing where there is none
 * - `{name.member}`: of the reply that was kept under that name
 */
export interface ProbeRequest {
  readonly base: Base
  /** Default: the base's. */
  readonly authentication?: ProbeAuthentication
  /** Default: `POST`; `GET` of metadata. */
  readonly method?: string
  /** Parameters of the body, also those of the authentication: a list is sent several times, `null` not at all. */
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
  /** Over plain HTTP to the port of `https`. Default: no. */
  readonly isPlain?: boolean
  /** With `private_key_jwt`. */
  readonly assertion?: ProbeAssertion
  /** With a DPoP proof. */
  readonly proof?: ProbeProof
  /** Sent only where the metadata has these members, by patterns of their JSON. */
  readonly announced?: Readonly<Record<string, string>>
  /** What the verdict is where the reply is not the expected one. Default: `broken`. */
  readonly otherwise?: 'not_applicable' | 'not_tried'
  /** Two of it are sent at once, and are judged as two replies, a token first. Default: no. */
  readonly isTwice?: boolean
  /** With fresh tokens, in place of those of the rule's requests before. Default: no. */
  readonly isFresh?: boolean
  /** Whether it shows a wrong secret or password, of which a run sends few. Default: no. */
  readonly isTrial?: boolean
  /** Keeps the reply's members: `{kept.access_token}` of a later request when this is `kept`. */
  readonly keptAs?: string
}

/** What one reply has to be. All that is given has to hold. */
export interface Expected {
  /**
   * `token`: status 200 with an access token. `no_token`: none, whatever else, and be it a closed connection. `refusal`: no
   * token, and status 400 to 499. `answer`: any reply. `nothing`: no reply of HTTP.
   */
  readonly is: 'token' | 'no_token' | 'refusal' | 'answer' | 'nothing'
  readonly statuses?: readonly number[]
  readonly notStatuses?: readonly number[]
  /** `error` of the body. */
  readonly errors?: readonly string[]
  readonly notErrors?: readonly string[]
  /** Patterns of header fields in any case, by names in lower case; `null`: not there. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** Patterns of the members' JSON, with the request's placeholders; `null`: not there. */
  readonly members?: Readonly<Record<string, string | null>>
  /** Patterns of the metadata's members; `null`: not there. */
  readonly announced?: Readonly<Record<string, string | null>>
  /** This grant was not found, and the reply has the status and the error of the one to a grant that nobody has. */
  readonly unofferedGrant?: 'password' | 'refresh_token'
  /** Of a reply that leaves a rule open: what it may mean, for people. */
  readonly meaning?: string
  /** Pairs: this member is (`same`, also where neither has it) or is not (`other`) that of an earlier reply by its name. */
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
  /** Over every reply of the run; where the rule has requests, they are sent so that there are some. */
  | { readonly every: EveryReply }

/**
 * What holds of all replies of a kind; broken by the first that does not. Where there was none of the kind, it was not tried.
 * - `request`: every request there was; each has a reply of HTTP
 * - `reply`: of any endpoint
 * - `token`: of the token endpoint, of status 200 to 299 with an access token
 * - `refusal`: of the token endpoint, without a token, of status 400 and higher, to a well-formed form that was sent by
 *   `POST` and not as raw bytes
 * - `status_…`: of any endpoint
 * - `invalid_client_after_basic`: of the token endpoint
 */
export interface EveryReply {
  readonly of:
    | 'request'
    | 'reply'
    | 'token'
    | 'refusal'
    | 'status_401'
    | 'status_405'
    | 'status_429'
    | 'invalid_client_after_basic'
  /** Of these statuses alone. */
  readonly ofStatuses?: readonly number[]
  readonly statuses?: readonly number[]
  /** The only values of `error` that a reply of that status has, if it has one. */
  readonly errorsOfStatus?: Readonly<Record<number, readonly string[]>>
  readonly headers?: Readonly<Record<string, string | null>>
  readonly members?: Readonly<Record<string, string | null>>
  /** Members that may be missing, and are so where they are there. Not tried where no reply has one. */
  readonly membersOfSome?: Readonly<Record<string, string>>
  /** Patterns of an access token that is a JSON Web Token. */
  readonly tokenHeader?: Readonly<Record<string, string>>
  readonly tokenClaims?: Readonly<Record<string, string>>
  /** A pattern of the body. */
  readonly body?: string
  /** No secret, password or token that was sent comes back. Default: no. */
  readonly isWithoutSecrets?: boolean
  /** This text does not come back in a body of HTML. */
  readonly withoutMarkup?: string
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
  /** Replies that show that the service does not offer what the rule is about. */
  readonly inapplicable?: readonly Expected[]
  /** Replies that leave open whether the rule is kept: not tried then. */
  readonly unclear?: readonly Expected[]
}
