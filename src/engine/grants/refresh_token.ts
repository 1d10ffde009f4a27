// The grant `refresh_token`: a new access token for one issued before. @see RFC 6749 §6
import { isScopeWithin } from '../../oauth/scope.ts'
import type { Attempt } from '../attempt.ts'
import type { Refused } from '../refused.ts'
import { type IssuedToken, isSpent } from '../tokens.ts'

/** Refuses unless the refresh token is live, unused where it rotates, and this client's, and the scope no wider than before. */
export function requireGrant(attempt: Attempt): Refused | undefined {
  const { desk, accepted, client, now } = attempt
  const issued = desk.refreshTokens.find(accepted.refresh_token ?? '', now)
  if (issued === undefined || issued.client_id !== client?.client_id) {
    return {
      rule: 'rfc6749-6-refresh-token',
      detail: "expected a live refresh token of the client's own, received another",
      parameter: 'refresh_token',
    }
  }
  const reuse = requireUnused(attempt, issued)
  if (reuse !== undefined) return reuse
  const requested = accepted.scope ?? issued.scope
  if (requested !== issued.scope && !isScopeWithin(requested, issued.scope)) {
    return {
      rule: 'rfc6749-6-scope-not-widened',
      detail: 'expected a scope within the one first granted, received a wider one',
      parameter: 'scope',
    }
  }
  attempt.scope = requested
  attempt.refreshed = issued
  return undefined
}

/** A used token may be a stolen one: nobody can tell who of the two is the client, so both lose what they have. */
function requireUnused({ desk, now }: Attempt, issued: IssuedToken): Refused | undefined {
  const { revokesFamilyOnReuse = false } = desk.service.tokens
  if (!isSpent(issued, desk.service.tokens, now)) return undefined
  return {
    rule: 'rfc9700-4.14.2-refresh-token-reuse',
    detail: `expected the refresh token that came last, received a used one${revokesFamilyOnReuse ? '; every token of its grant is revoked' : ''}`,
    parameter: 'refresh_token',
    ...(revokesFamilyOnReuse && { revokes: issued.family }),
  }
}
