// Client assertions: JWTs that a client signs with its own key in place of a secret. @see RFC 7521 §4.2, RFC 7523 §3
import type { ClientMetadata } from '../oauth/words.ts'
import { assertionAlgorithms } from '../oauth/words.ts'
import type { Desk } from './desk.ts'

/** A client as an assertion names it, and what is wrong with the assertion; nothing, when it holds. */
export interface AssertedClient {
  /** Absent when the assertion names none. */
  readonly client_id: string | undefined
  /** Expected and received, in words; absent when the assertion holds. */
  readonly fault?: string
}

const notAJwt = { client_id: undefined, fault: 'expected a signed JWT, received something else' } as const

/**
 * Verifies an assertion by the keys of the client that it names.
 *
 * @param audiences the issuer, and the URL of the token endpoint, which RFC 7523 §3 lets a client name in its place
 * @param now in milliseconds since 1970
 */
export async function verifyClientAssertion(
  desk: Desk,
  assertion: string,
  audiences: readonly string[],
  now: number,
): Promise<AssertedClient> {
  const jose = await import('jose')
  let sub: unknown
  try {
    sub = jose.decodeJwt(assertion).sub
  } catch {
    return notAJwt
  }
  // Nothing has looked at the claims yet: a client may send any JSON value as one.
  const client_id = typeof sub === 'string' ? sub : undefined
  const client = client_id === undefined ? undefined : desk.findClient(client_id)?.client
  if (client_id === undefined || client?.jwks === undefined) {
    return { client_id, fault: 'expected a client that is registered with keys, received another' }
  }
  try {
    await jose.jwtVerify(assertion, jose.createLocalJWKSet({ keys: [...client.jwks.keys] }), {
      algorithms: [...assertionAlgorithms],
      issuer: client_id,
      subject: client_id,
      audience: [...audiences],
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    })
    return { client_id }
  } catch (error) {
    return { client_id, fault: faultIn(error, client) }
  }
}

/** In words of our own: the library's messages are about claims, and never hold the assertion, but may change. */
function faultIn(error: unknown, { jwks }: ClientMetadata): string {
  const { code, claim } = error as { readonly code?: string; readonly claim?: string }
  if (code === 'ERR_JWT_EXPIRED') return 'expected "exp" in the future, received a time that is past'
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED')
    return `expected another "${claim}", received one that is missing or wrong`
  if (code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS')
    return `expected a "kid" that tells the ${jwks?.keys.length} keys apart, received none`
  return `expected a signature by ${assertionAlgorithms.join(', ')} with a key of the client's, received another`
}
