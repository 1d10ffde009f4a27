// What the rules expect of replies, by the names that they share.
import type { Expected } from '../rule.ts'

/** The day the documents were read. */
export const read = '2026-11-21'

/** A token. */
export const token: Expected = { is: 'token' }

/** No token, whatever else. */
export const noToken: Expected = { is: 'no_token' }

/** A refusal of any kind. */
export const refusal: Expected = { is: 'refusal' }

/** The refusals of RFC 6749 §5.2, by their codes; the status, of which §5.2 has no must, is a rule of its own. */
export const invalidRequest: Expected = { is: 'refusal', errors: ['invalid_request'] }
/** @see invalidRequest */
export const invalidClient: Expected = { is: 'refusal', errors: ['invalid_client'] }
/** @see invalidRequest */
export const invalidGrant: Expected = { is: 'refusal', errors: ['invalid_grant'] }
/** @see invalidRequest */
export const invalidScope: Expected = { is: 'refusal', errors: ['invalid_scope'] }
/** @see invalidRequest */
export const unsupportedGrantType: readonly Expected[] = refusedAs('unsupported_grant_type')

/** Any of these codes; for a grant that it does not have, a server may have the 501 of HTTP. */
export function refusedAs(...errors: readonly string[]): readonly Expected[] {
  const refused: Expected = { is: 'refusal', errors }
  const notImplemented: Expected = { is: 'no_token', statuses: [501], errors: ['unsupported_grant_type'] }
  return errors.includes('unsupported_grant_type') ? [refused, notImplemented] : [refused]
}

/** The syntax of a scope, as the JSON of a member. @see RFC 6749 appendix A.4 */
export const scopeSyntax = '^"[!#-\\[\\]-~]+( [!#-\\[\\]-~]+)*"$'

/** A token whose reply tells the scope that was granted. */
export const tokenWithScope: Expected = { is: 'token', members: { scope: scopeSyntax } }

/** The service, or the client, has no such grant; the status is left to a rule of its own. */
export const noSuchGrant: Expected = {
  is: 'no_token',
  errors: ['unsupported_grant_type', 'unauthorized_client'],
}

/** It says so, or refuses it in whatever way it refuses a grant that nobody has, which is a rule of its own. */
export function notOffered(grant: 'password' | 'refresh_token'): readonly Expected[] {
  return [noSuchGrant, { is: 'no_token', unofferedGrant: grant }]
}

const methods = 'token_endpoint_auth_methods_supported'

/** Of a client that is granted tokens in another way: refusals that may be of this client alone, by what the metadata says. */
export function otherWay(method: 'client_secret_basic' | 'client_secret_post'): readonly Expected[] {
  const meaning = 'this client may be registered for the other way'
  return [
    { is: 'refusal', announced: { [methods]: `"${method}"` }, meaning },
    {
      is: 'refusal',
      errors: ['invalid_client', 'unauthorized_client'],
      announced: { [methods]: null },
      meaning,
    },
  ]
}

/** Parameters of the base's grant, taken out to ask for another grant. */
export const otherGrant = { scope: null, username: null, password: null, refresh_token: null } as const
