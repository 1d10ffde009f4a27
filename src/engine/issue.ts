// The last step: what a granted request is answered with, and what it leaves behind.
import type { TokenMember } from '../oauth/words.ts'
import type { TokenPolicy } from '../service/service.ts'
import type { Attempt } from './attempt.ts'
import type { RandomStrings } from './random.ts'

/** The body of a successful token reply, in the order that the variant documents. @see RFC 6749 §5.1 */
export function issueToken(attempt: Attempt, random: RandomStrings): string {
  const { desk, grant, form, accepted, now } = attempt
  const policy = desk.service.tokens
  const members = grant?.members ?? []
  const refreshToken = members.includes('refresh_token') ? renewRefreshToken(attempt, policy, random) : ''
  const values: Readonly<Record<TokenMember, string | number | undefined>> = {
    access_token: random.token(),
    token_type: tokenTypeOf(form.variant?.reply.schema.properties.token_type),
    expires_in: expiry(policy, policy.accessTokenLifetimeSeconds, now),
    refresh_token: refreshToken,
    refresh_expires_in: expiry(policy, policy.refreshTokenLifetimeSeconds, now),
    scope: attempt.scope === '' ? undefined : attempt.scope,
  }
  const body: Record<string, string | number | undefined> = {}
  for (const member of members) body[member] = values[member]
  if (policy.refreshTokens === 'rotate' && accepted.refresh_token !== undefined) {
    desk.refreshTokens.remove(accepted.refresh_token)
  }
  return JSON.stringify(body)
}

/** Forgets a refresh token of the client's own; an unknown token is no error. @see RFC 7009 §2.2 */
export function revokeToken({ desk, accepted, client, now }: Attempt): void {
  const token = accepted.token ?? ''
  if (desk.refreshTokens.find(token, now)?.client_id === client?.client_id) desk.refreshTokens.remove(token)
}

function renewRefreshToken(attempt: Attempt, policy: TokenPolicy, random: RandomStrings): string {
  const used = attempt.accepted.refresh_token
  if (attempt.grantType === 'refresh_token' && used !== undefined && policy.refreshTokens === 'keep')
    return used
  const token = random.token()
  attempt.desk.refreshTokens.add(token, {
    client_id: attempt.client?.client_id,
    scope: attempt.refreshScope ?? attempt.scope,
    expiresAt: attempt.now + policy.refreshTokenLifetimeSeconds * 1000,
  })
  return token
}

function expiry(policy: TokenPolicy, lifetimeSeconds: number, now: number): number {
  return policy.expiresIn === 'seconds' ? lifetimeSeconds : Math.floor(now / 1000) + lifetimeSeconds
}

function tokenTypeOf(schema: { readonly const?: unknown; readonly examples?: unknown } | undefined): string {
  const documented = schema?.const ?? (Array.isArray(schema?.examples) ? schema.examples[0] : undefined)
  return typeof documented === 'string' ? documented : 'Bearer'
}
