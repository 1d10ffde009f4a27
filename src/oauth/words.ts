// The words of HTTP, of RFC 6749 and of its family, spelled as they are on the wire.

/** How a client proves who it is, by its registered name. @see RFC 7591 §2, `token_endpoint_auth_method`; OpenID Connect Core §9 */
export type ClientAuthenticationMethod =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt'
  | 'none'

/** The only type of client assertion. @see RFC 7523 §2.2 */
export const jwtBearerAssertion = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The algorithms that access tokens are signed with. @see RFC 7518 §3.1, RFC 8037 §3.1 */
export type SigningAlgorithm = 'ES256' | 'RS256' | 'EdDSA'

/** Every one of them. */
export const signingAlgorithms = ['ES256', 'RS256', 'EdDSA'] as const satisfies readonly SigningAlgorithm[]

/** The algorithms of client assertions; `Ed25519` is what current clients call EdDSA with such a key. @see RFC 9864 §2.2 */
export const assertionAlgorithms = [...signingAlgorithms, 'Ed25519'] as const

/** A key as JSON. @see RFC 7517 §4 */
export interface JsonWebKey {
  readonly kty: string
  readonly alg?: string
  readonly kid?: string
  readonly [parameter: string]: unknown
}

/** Error codes of a token endpoint. @see RFC 6749 §5.2 */
export type TokenErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'

/** The media types in which token requests are documented. @see RFC 6749 appendix B for the form */
export type ContentType = 'application/x-www-form-urlencoded' | 'application/json'

/** Members of a successful token reply. @see RFC 6749 §5.1; `refresh_expires_in` is Keycloak's and Prove's, in seconds */
export type TokenMember =
  | 'access_token'
  | 'token_type'
  | 'expires_in'
  | 'refresh_token'
  | 'refresh_expires_in'
  | 'scope'

/** Client metadata, as far as a token endpoint needs it. @see RFC 7591 §2 */
export interface ClientMetadata {
  readonly client_id: string
  /** Absent for a public client. */
  readonly client_secret?: string
  /** The grants the client may use. Default: every grant of the service. */
  readonly grant_types?: readonly string[]
  /** The scopes the client may ask for, space-delimited. Default: any scope of valid syntax. */
  readonly scope?: string
  /** The one method the client may use. Default: any method of the service. */
  readonly token_endpoint_auth_method?: ClientAuthenticationMethod
  /** The public keys that verify the client's assertions. @see RFC 7523 §3 */
  readonly jwks?: { readonly keys: readonly JsonWebKey[] }
  /** The domains that the client's requests come from. Default: any. Checked where the service has such a rule. */
  readonly origins?: readonly string[]
  /** Default: the service's. */
  readonly accessTokenLifetimeSeconds?: number
  /** Default: the service's. */
  readonly refreshTokenLifetimeSeconds?: number
  /** Further claims of the client's access tokens, in the JWT and in introspection. Default: none. @see RFC 9068 §2.2 */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** A resource owner of the password grant. @see RFC 6749 §4.3 */
export interface User {
  readonly username: string
  readonly password: string
}

/** The methods that HTTP has words for. @see RFC 9110 §9.1, RFC 5789 §2 */
export const httpMethods: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
])
