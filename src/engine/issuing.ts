// What tokens are made of: chance, a signer where access tokens are JWTs, and the claims that they carry.
import type { JsonWebKey } from '../oauth/words.ts'
import type { Outcome } from '../service/outcomes.ts'
import type { RandomStrings } from './random.ts'
import type { IssuedToken } from './tokens.ts'

/** Signs access tokens. A host that can do so without waiting returns a string, others a promise of one. */
export interface Signer {
  /** The JWT, in compact form, with the header of RFC 9068 §2.1. */
  readonly sign: (claims: Readonly<Record<string, unknown>>) => string | Promise<string>
  /** The keys that verify it. */
  readonly publicKeys: () => readonly JsonWebKey[] | Promise<readonly JsonWebKey[]>
}

/** How an engine makes access tokens. */
export interface AccessTokenOptions {
  /** Default: none; access tokens are random strings. */
  readonly signer?: Signer | undefined
  /** The `aud` claim. Default: the issuer. */
  readonly audience?: string | readonly string[] | undefined
  /** Further claims, which also take the place of the ones that the engine makes. Default: none. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/** What an endpoint issues tokens with. */
export interface Issuing {
  readonly random: RandomStrings
  readonly accessTokens: AccessTokenOptions
  /** The outcome that was asked for. Default: none. */
  readonly outcome?: Outcome
}

/** A token with what only its claims need. */
export interface Claimant {
  readonly issued: IssuedToken
  /** Those of the client and of the engine, in this order. */
  readonly further: ReadonlyArray<Readonly<Record<string, unknown>> | undefined>
}

/** The claims of an access token, in a JWT and in introspection alike. @see RFC 9068 §2.2, RFC 7662 §2.2 */
export function claimsOf(
  { issued, further }: Claimant,
  { audience }: AccessTokenOptions,
): Record<string, unknown> {
  const { issuer, client_id, username, scope, iat, exp } = issued
  return {
    iss: issuer,
    aud: audience ?? issuer,
    sub: username ?? client_id,
    client_id,
    iat,
    exp,
    ...(scope !== '' && { scope }),
    ...Object.assign({}, ...further),
  }
}
