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

/** The refusals of RFC 6749 §5.2, by their codes, with 400, and 401 for clients alone. */
export const invalidRequest: Expected = { is: 'refusal', statuses: [400], errors: ['invalid_request'] }
/** @see invalidRequest */
export const invalidClient: Expected = { is: 'refusal', statuses: [400, 401], errors: ['invalid_client'] }
/** @see invalidRequest */
export const invalidGrant: Expected = { is: 'refusal', statuses: [400], errors: ['invalid_grant'] }
/** @see invalidRequest */
export const invalidScope: Expected = { is: 'refusal', statuses: [400], errors: ['invalid_scope'] }

/** The syntax of a scope, as the JSON of a member. @see RFC 6749 appendix A.4 */
export const scopeSyntax = '^"[!#-\\[\\]-~]+( [!#-\\[\\]-~]+)*"$'

/** A token whose reply tells the scope that was granted. */
export const tokenWithScope: Expected = { is: 'token', members: { scope: scopeSyntax } }

/** The service, or the client, has no such grant; the status is left to a rule of its own. */
export const notOffered: readonly Expected[] = [
  { is: 'no_token', errors: ['unsupported_grant_type', 'unauthorized_client'] },
]

/** Parameters of the base's grant, taken out to ask for another grant. */
export const otherGrant = { scope: null, username: null, password: null, refresh_token: null } as const
