// What a token service is: data that fixtures, mock, contracts and verification are all derived from. No behaviour here.
import type { BasicSpelling } from '../oauth/basic.ts'
import type {
  ClientAuthenticationMethod,
  ClientMetadata,
  ContentType,
  TokenErrorCode,
  TokenMember,
  User,
} from '../oauth/words.ts'
import type { ParameterSchema, SchemaValue } from './json-schema.ts'

/** Where a fact was read. */
export interface Source {
  /** The document, by the name a reader finds it under, with its section. */
  readonly document: string
  /** The day it was read, `YYYY-MM-DD`. */
  readonly read: string
}

/** The page a variant was read from. */
export interface SdkDocument {
  /** The SDK, as people call it; with `version`, the consumer of the variant's contract. */
  readonly sdk: string
  readonly language: string
  /** The first version whose document has this shape. */
  readonly version: string
  /** All versions whose document has this shape, in words. */
  readonly versions: string
  /** The model's name on the page. */
  readonly model: string
  /** The npm package that sends this variant, where there is one. */
  readonly npm?: string
  readonly source: Source
}

/** The JSON Schema of one grant's wire parameters: the grant type is a `const`, all values are strings. */
export interface GrantSchema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, ParameterSchema>>
  readonly required: readonly string[]
  /** Parameters that go together: the presence of one requires others. */
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>
  readonly additionalProperties: false
}

/** A variant's request: one schema per grant, told apart by the `const` of the grant type. JSON Schema 2020-12. */
export interface RequestSchema {
  readonly oneOf: readonly [GrantSchema, ...GrantSchema[]]
}

/** The successful reply of a token endpoint. */
export interface TokenReply {
  /** What the document promises a client, as a JSON Schema of the body. */
  readonly schema: {
    readonly type: 'object'
    readonly properties: Readonly<Partial<Record<TokenMember, ParameterSchema>>>
    readonly required: readonly TokenMember[]
  }
  /** Header fields that the document promises, each with a pattern found in its value, in any case. */
  readonly headers?: Readonly<Record<string, { readonly pattern: string; readonly example: string }>>
  /** What the mock sends, per grant, in this order; a member without a value (an empty scope) is left out. */
  readonly members: Readonly<Record<string, readonly TokenMember[]>>
  readonly source: Source
}

/** How a service learns which client is calling. */
export interface ClientAuthentication {
  /** What the endpoint accepts. Empty: it authenticates no client, and a `client_id`, if sent, must be a known one. */
  readonly methods: readonly ClientAuthenticationMethod[]
  /** Whether a client keeps to one registered method, or may use any of them at each request. */
  readonly chosenBy: 'client' | 'request'
  /** Credentials in the header and in the body at once. @see RFC 6749 §2.3, which forbids it */
  readonly several: 'accepted' | 'refused'
  /** An Authorization field of another scheme. */
  readonly otherSchemes: 'ignored' | 'refused'
  readonly basicSpelling: BasicSpelling
  readonly source: Source
}

/** The parameters that the engine reads itself, under the names that RFC 6749 gives them. */
export type StandardParameter =
  | 'grant_type'
  | 'client_id'
  | 'client_secret'
  | 'username'
  | 'password'
  | 'refresh_token'
  | 'scope'

/** One documented request variant of a service. */
export interface Variant {
  /** `<service>/<name>`. */
  readonly id: `${string}/${string}`
  readonly document: SdkDocument
  /**
   * `when_named`: served and verified only when the variant is selected by its own id, because beside the others its
   * requests would pass where they are mistakes, or its reply would not be theirs. Default: `with_service`.
   */
  readonly serving?: 'with_service' | 'when_named'
  /** The wire names of standard parameters that this variant spells in its own way. Default: the standard names. */
  readonly wireNames?: Readonly<Partial<Record<StandardParameter, string>>>
  /** The SDK's name for each wire name. */
  readonly documentedNames: Readonly<Record<string, string>>
  /** The name of one of the service's token endpoints. */
  readonly endpoint: string
  /** The accepted media types; the first is the one that the document's SDK sends. */
  readonly contentTypes: readonly [ContentType, ...ContentType[]]
  /** Default: the service's. */
  readonly clientAuthentication?: ClientAuthentication
  readonly request: RequestSchema
  readonly reply: TokenReply
}

/** An endpoint whose requests the variants describe. */
export interface TokenEndpoint {
  readonly kind: 'token'
  readonly path: `/${string}`
}

/** An endpoint that is told a token by an authenticated client. */
interface TokenTakingEndpoint {
  readonly path: `/${string}`
  readonly contentTypes: readonly [ContentType, ...ContentType[]]
  readonly request: {
    readonly type: 'object'
    readonly properties: Readonly<Record<string, ParameterSchema>>
    readonly required: readonly string[]
    /** Parameters that go together: the presence of one requires others. */
    readonly dependentRequired?: Readonly<Record<string, readonly string[]>>
    readonly additionalProperties: false
  }
  /** Default: the service's. */
  readonly clientAuthentication?: ClientAuthentication
  readonly source: Source
}

/** An endpoint that revokes tokens. @see RFC 7009 */
export interface RevocationEndpoint extends TokenTakingEndpoint {
  readonly kind: 'revocation'
  /** The reply to a revoked and to an unknown token alike. */
  readonly status: number
}

/** An endpoint that says whether a token is live, and what it stands for. @see RFC 7662 */
export interface IntrospectionEndpoint extends TokenTakingEndpoint {
  readonly kind: 'introspection'
}

/** A document about the service itself: its metadata (RFC 8414), or its public keys (RFC 7517 §5). */
export interface DocumentEndpoint {
  readonly kind: 'metadata' | 'jwks'
  readonly path: `/${string}`
  readonly source: Source
}

/** An endpoint of a service. */
export type Endpoint = TokenEndpoint | RevocationEndpoint | IntrospectionEndpoint | DocumentEndpoint

/** A refusal as the vendor documents it. */
export interface Refusal {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Absent: no content. */
  readonly body?: Readonly<Record<string, string | number>>
  /** What a contract may ask of a real service in place of the mock's exact reply. */
  readonly contract?: {
    /** Further statuses that the document allows. */
    readonly orStatus?: readonly number[]
    /** Body members whose value is fixed; of all others only the type is. */
    readonly exact?: readonly string[]
  }
}

/** The reasons of refusal that every service must have a reply for. */
export type RefusalReason =
  | TokenErrorCode
  | 'not_found'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'unsupported_media_type'

/** One requirement: what a refusal is explained by. */
export interface Rule {
  readonly sentence: string
  readonly source: Source
  /** The name of the service's refusal that answers a request which breaks the rule. */
  readonly refusal: string
  /** The schema violation that breaks the rule; absent where a step of the engine keeps it. */
  readonly when?: {
    /** Default: any grant. */
    readonly grant_type?: string
    /** By its standard name, where it has one. */
    readonly parameter: string
    /** The JSON Schema keyword that the parameter violates. */
    readonly keyword: 'required' | 'pattern' | 'enum'
  }
  /** The header field that breaks the rule when it is there and does not match. */
  readonly whenHeader?: {
    /** In lower case. */
    readonly name: string
    readonly pattern: string
  }
}

/** What is true of the tokens a service issues. */
export interface TokenPolicy {
  readonly accessTokenLifetimeSeconds: number
  readonly refreshTokenLifetimeSeconds: number
  /** Whether refresh tokens are issued, and whether a refresh invalidates the one that it used. */
  readonly refreshTokens: 'none' | 'keep' | 'rotate'
  /** How long after its first use a rotated refresh token is still good, in seconds. Default: 0. */
  readonly reuseGraceSeconds?: number
  /** Whether a used refresh token, shown again, revokes every token of the same grant. Default: no. @see RFC 9700 §4.14.2 */
  readonly revokesFamilyOnReuse?: boolean
  /** Whether a document says what becomes of a used refresh token. Default: yes. */
  readonly isReuseDocumented?: boolean
  /** What the number in `expires_in` counts: seconds from now (RFC 6749 §5.1), or seconds since 1970. */
  readonly expiresIn: 'seconds' | 'unix_time'
  readonly source: Source
}

/** A question that documents answer differently, or not at all: what the mock does is chosen by name. */
export interface ServiceOption {
  readonly sentence: string
  /** By name, the default first: what of the service is otherwise. */
  readonly values: Readonly<Record<string, ServicePatch>>
  readonly source: Source
}

/** Members of a service that take the place of its own; those of an object one by one. */
export type ServicePatch = Readonly<Record<string, unknown>>

/** A token service: one vendor's endpoints, request variants and replies. */
export interface Service {
  /** Lower case; the first path segment of every URL of the mock. */
  readonly id: string
  readonly title: string
  /** Documented base URLs, which MSW handlers intercept. */
  readonly servers: readonly string[]
  /** Whether the mock also serves the documented paths at its root: always, or only when no other service is there. */
  readonly root: 'always' | 'alone'
  /** By name; the first token endpoint is the one meant by "the token endpoint". */
  readonly endpoints: Readonly<Record<string, Endpoint>>
  readonly clientAuthentication: ClientAuthentication
  readonly variants: readonly [Variant, ...Variant[]]
  readonly tokens: TokenPolicy
  /** Replies to refused requests, by reason; those of `RefusalReason`, and the ones that `rules` name. */
  readonly refusals: Readonly<Record<RefusalReason, Refusal>> & Readonly<Record<string, Refusal>>
  /** The service's own rules, by id; they stand before the general ones. */
  readonly rules: Readonly<Record<string, Rule>>
  /** Header fields of every reply; `{uuid}` stands for a fresh UUID. */
  readonly replyHeaders: Readonly<Record<string, string>>
  readonly limits: {
    readonly maxBodyBytes: number
    /** Token requests that are answered within one second; any more are refused as `too_many_requests`. Default: any number. */
    readonly requestsPerSecond?: number
    readonly source: Source
  }
  /** Whether the origins that a client is registered with are checked. Default: `ignored`. */
  readonly origins?: 'ignored' | 'registered'
  /** Whether pages of other origins may read the replies. Default: no. @see OAuth 2.1 draft §3.2 */
  readonly cors?: boolean
  /** Choices that the documents leave open. Default: none. */
  readonly options?: Readonly<Record<string, ServiceOption>>
  /** The documented example credentials, which the mock knows from the start. */
  readonly clients: readonly ClientMetadata[]
  readonly users: readonly User[]
  readonly source: Source
}

/** Typed identity: keeps the literal types, so that request types follow from the schemas. */
export function defineService<const S extends Service>(service: S): S {
  return service
}

/** Typed identity for one variant of a service. */
export function defineVariant<const V extends Variant>(variant: V): V {
  return variant
}

/** The wire parameters that a variant's schema admits. */
export type WireRequest<V extends Variant> = SchemaValue<V['request']['oneOf'][number]>

/** The same parameters under the names of the document's SDK. */
export type SdkRequest<V extends Variant> =
  WireRequest<V> extends infer W
    ? W extends unknown
      ? {
          [K in keyof W as K extends keyof V['documentedNames'] ? V['documentedNames'][K] & string : K]: W[K]
        }
      : never
    : never

/** The wire name of a standard parameter in a variant. */
export type WireNameOf<V extends Variant, P extends StandardParameter> = V['wireNames'] extends {
  readonly [K in P]: infer Name extends string
}
  ? Name
  : P

/** The grants of a variant. */
export type GrantTypeOf<V extends Variant> =
  V['request']['oneOf'][number]['properties'] extends Readonly<Record<WireNameOf<V, 'grant_type'>, infer G>>
    ? G extends { readonly const: infer C extends string }
      ? C
      : never
    : never

/** The wire name of a standard parameter in a variant. */
export function wireNameOf(variant: Variant, parameter: StandardParameter): string {
  return variant.wireNames?.[parameter] ?? parameter
}

/** The standard name of a wire name in a variant; the wire name itself when it has none. */
export function standardNameOf(variant: Variant, wireName: string): string {
  const entry = Object.entries(variant.wireNames ?? {}).find(([, name]) => name === wireName)
  return entry?.[0] ?? wireName
}

/** The grant type that a schema of a variant describes. */
export function grantTypeOf(variant: Variant, grant: GrantSchema): string {
  return String(grant.properties[wireNameOf(variant, 'grant_type')]?.const)
}

/** The grants of a variant, in the order of its schemas. */
export function grantTypesOf(variant: Variant): readonly string[] {
  return variant.request.oneOf.map((grant) => grantTypeOf(variant, grant))
}

/** The schema of one grant of a variant; `undefined` when the variant does not have it. */
export function grantSchemaOf(variant: Variant, grantType: string): GrantSchema | undefined {
  return variant.request.oneOf.find((grant) => grantTypeOf(variant, grant) === grantType)
}

/** A variant's client authentication: its own, or the service's. */
export function clientAuthenticationOf(service: Service, variant: Variant): ClientAuthentication {
  return variant.clientAuthentication ?? service.clientAuthentication
}
