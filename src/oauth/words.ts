// The words of RFC 6749 and its family, spelled as they are on the wire.

/** How a client proves who it is, by its registered name. @see RFC 7591 §2, `token_endpoint_auth_method` */
export type ClientAuthenticationMethod = 'client_secret_basic' | 'client_secret_post' | 'none'

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
}

/** A resource owner of the password grant. @see RFC 6749 §4.3 */
export interface User {
  readonly username: string
  readonly password: string
}
