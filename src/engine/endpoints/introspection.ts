// The introspection endpoint: whether a token is live, and what it stands for. @see RFC 7662
import type { Attempt } from '../attempt.ts'
import { claimsOf, type Issuing } from '../issuing.ts'
import { tokenTakingSteps } from '../steps.ts'
import { isSpent } from '../tokens.ts'
import type { Granted, PostEndpoint } from './endpoint.ts'

/** Tells about access and refresh tokens alike. */
export const introspection: PostEndpoint = { method: 'POST', steps: tokenTakingSteps, grant: introspect }

/** RFC 7662 §2.2: of a token that is not live, nothing is said but that. */
function introspect({ desk, accepted, now }: Attempt, { accessTokens }: Issuing): Granted {
  const value = accepted.token ?? ''
  const accessToken = desk.accessTokens.find(value, now)
  const refreshToken = accessToken === undefined ? desk.refreshTokens.find(value, now) : undefined
  const issued = accessToken ?? refreshToken
  if (issued === undefined || isSpent(issued, desk.service.tokens, now))
    return { status: 200, members: { active: false } }
  const client = desk.findClient(issued.client_id ?? '')?.client
  const further = accessToken === undefined ? [] : [client?.claims, accessTokens.claims]
  // Not even a claim of that name makes a live token another.
  const { active: _active, ...claims } = claimsOf({ issued, further }, accessTokens)
  return {
    status: 200,
    members: {
      active: true,
      ...(accessToken !== undefined && { token_type: 'Bearer' }),
      ...(issued.username !== undefined && { username: issued.username }),
      ...claims,
    },
  }
}
