// What a requirement of the OAuth specifications is here: a sentence, and the requests that show whether it is kept.
import type { TokenServerOptions } from '../../src/host/server.ts'
import type { assertionAlgorithms } from '../../src/oauth/words.ts'

/** A request. `{url}` stands for the host's address, `{name.member}` for a member of a reply that was kept as `name`. */
export interface Ask {
  /** Default: `POST`. */
  readonly method?: string
  /** Default: `/token`. */
  readonly path?: string
  readonly query?: string
  /** HTTP Basic credentials before their Base64. */
  readonly basic?: string
  /** The Authorization field, whole. */
  readonly authorization?: string
  /** A body of `application/x-www-form-urlencoded`, as sent. */
  readonly form?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A client assertion behind the form: of `key-client`, addressed to this server, and good for a minute, unless it says otherwise. */
  readonly assertion?: Assertion
  /** Keeps the members of the reply under this name. */
  readonly keptAs?: string
}

/** How a client assertion differs from a good one. */
export interface Assertion {
  /** Default: `ES256`, by the key of `key-client`; `none` is unsigned, `HS256` is signed by a secret. */
  readonly alg?: (typeof assertionAlgorithms)[number] | 'HS256' | 'none'
  /** Signed by a key that nobody has registered. Default: no. */
  readonly byAnother?: boolean
  /** In the place of the good ones; `undefined` leaves a claim out. Times are in seconds from now. */
  readonly claims?: Readonly<
    Partial<Record<'iss' | 'sub' | 'aud', string | readonly string[] | undefined>> &
      Partial<Record<'exp' | 'nbf' | 'iat', number | undefined>>
  >
  /** Default: that of RFC 7523 §2.2; `undefined` leaves it out. */
  readonly type?: string | undefined
}

/** The reply, whole. */
export interface Answer {
  readonly status: number
  /** The JSON value, or an empty string for no content. */
  readonly body: unknown
  /** Beside the fields that every reply has; `null` for one that is not there. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** The header and the claims of an access token that is a JWT. */
  readonly accessToken?: { readonly header: unknown; readonly claims: unknown }
}

/** A request with its reply; several replies are those to as many requests at once, in the order of their statuses. */
export type Exchange = readonly [ask: Ask, answer: Answer | readonly Answer[]]

/** What is true of all replies of a kind, over the whole table. */
export interface EveryReply {
  readonly of: 'reply' | 'token reply' | 'refusal' | '401'
  /** Those that occur. */
  readonly statuses?: readonly number[]
  readonly headers?: Readonly<Record<string, RegExp>>
  /** As JSON, so that a number is told from a string of digits. */
  readonly members?: Readonly<Record<string, RegExp>>
  /** The same for members that not every reply has, and some reply does. */
  readonly membersOfSome?: Readonly<Record<string, RegExp>>
  readonly withoutMembers?: readonly string[]
  /** What neither a header field nor the body holds. */
  readonly withoutText?: readonly string[]
}

/** Bytes over a socket to the mock server, and what comes back: nothing at all, or an interim status with a reply. */
export interface Bytes {
  readonly sent: readonly string[]
  readonly received: '' | (Pick<Answer, 'status' | 'body'> & { readonly interim?: string })
}

/** What shows that a requirement is kept. */
export type Witness =
  | {
      readonly exchanges: readonly Exchange[]
      /** Pairs of kept members that are not the same. */
      readonly differ?: ReadonlyArray<readonly [string, string]>
      /** What the mock is started with beside the usual. */
      readonly options?: TokenServerOptions
    }
  | { readonly every: EveryReply }
  | { readonly bytes: readonly Bytes[]; readonly options?: TokenServerOptions }
  | { readonly notTouched: Feature }

/** One requirement. */
export type Requirement = {
  /** Counts the requirements: none is left out. */
  readonly row: number
  /** `<document>-<section>-<words>`. */
  readonly id: `${'rfc' | 'oauth'}${string}`
  readonly level:
    | 'MUST'
    | 'MUST NOT'
    | 'SHOULD'
    | 'SHOULD NOT'
    | 'REQUIRED'
    | 'RECOMMENDED'
    | 'MAY'
    | 'OPTIONAL'
  readonly sentence: string
} & Witness

/** What the mock does not have, with the members of the metadata document that would announce it, and their value. */
export const features = {
  'authorization endpoint': [['authorization_endpoint'], ['grant_types_supported', 'authorization_code']],
  'device authorization': [
    ['device_authorization_endpoint'],
    ['grant_types_supported', 'urn:ietf:params:oauth:grant-type:device_code'],
  ],
  DPoP: [['dpop_signing_alg_values_supported']],
  'mutual TLS': [
    ['tls_client_certificate_bound_access_tokens'],
    ['mtls_endpoint_aliases'],
    ['token_endpoint_auth_methods_supported', 'tls_client_auth'],
    ['token_endpoint_auth_methods_supported', 'self_signed_tls_client_auth'],
  ],
  'token exchange': [['grant_types_supported', 'urn:ietf:params:oauth:grant-type:token-exchange']],
} as const satisfies Readonly<Record<string, ReadonlyArray<readonly [member: string, value?: string]>>>

/** The name of something that the mock does not have. */
export type Feature = keyof typeof features
