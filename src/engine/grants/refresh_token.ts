// The grant `refresh_token`: a new access token for one issued before. @see RFC 6749 §6
import { isScopeWithin } from '../../oauth/scope.ts'
import type { Attempt } from '../attempt.ts'
import type { Refused } from '../refused.ts'

/** Refuses unless the refresh token is live and this client's, and the scope no wider than before. */
export function requireGrant(attempt: Attempt): Refused | undefined {
  const { desk, accepted, client, now } = attempt
  const granted = desk.refreshTokens.find(accepted.refresh_token ?? '', now)
  if (granted === undefined || granted.client_id !== client?.client_id) {
    return {
      rule: 'rfc6749-6-refresh-token',
      detail: "expected a live refresh token of the client's own, received another",
      parameter: 'refresh_token',
    }
  }
  const requested = accepted.scope ?? granted.scope
  if (requested !== granted.scope && !isScopeWithin(requested, granted.scope)) {
    return {
      rule: 'rfc6749-6-scope-not-widened',
      detail: 'expected a scope within the one first granted, received a wider one',
      parameter: 'scope',
    }
  }
  attempt.scope = requested
  attempt.refreshScope = granted.scope
  return undefined
}
