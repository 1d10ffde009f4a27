// The token endpoint: what a granted request is answered with, and what it leaves behind. @see RFC 6749 §5.1
import { detach } from '../../oauth/text.ts'
import type { TokenMember } from '../../oauth/words.ts'
import type { TokenPolicy } from '../../service/service.ts'
import type { Attempt } from '../attempt.ts'
import { claimsOf, type Issuing } from '../issuing.ts'
import { tokenSteps } from '../steps.ts'
import { type Family, type IssuedToken, noFamily } from '../tokens.ts'
import type { Granted, PostEndpoint } from './endpoint.ts'

/** Answers with the members that the variant documents, in its order. */
export const token: PostEndpoint = { method: 'POST', steps: tokenSteps, grant: issueTokens }

/** From here on it costs less to copy a scope than to keep the body that it came in, for as long as the token lives. */
const longBodyBytes = 1024

/** The members of a token reply, in the order that the variant documents. */
function issueTokens(attempt: Attempt, issuing: Issuing): Granted | Promise<Granted> {
  if (attempt.request.body.byteLength > longBodyBytes) attempt.scope = detach(attempt.scope)
  const members = attempt.grant?.members ?? []
  const isRefreshable = members.includes('refresh_token')
  const family = attempt.refreshed?.family ?? (isRefreshable ? { isRevoked: false } : noFamily)
  const refreshToken = isRefreshable ? renewRefreshToken(attempt, family, issuing) : undefined
  const issued = accessTokenOf(attempt, family, issuing)
  const policy = attempt.desk.service.tokens
  const values: Record<TokenMember, string | number | undefined> = {
    access_token: undefined,
    token_type: tokenTypeOf(attempt.form.variant?.reply.schema.properties.token_type),
    expires_in: expiry(policy, lifetimeOf(attempt), attempt.now),
    refresh_token: refreshToken,
    refresh_expires_in: expiry(policy, refreshLifetimeOf(attempt), attempt.now),
    scope: attempt.scope === '' ? undefined : attempt.scope,
  }
  const value = writeAccessToken(attempt, issued, issuing)
  const finish = (accessToken: string): Granted => {
    if (attempt.desk.keepsAccessTokens) attempt.desk.accessTokens.add(accessToken, issued)
    values.access_token = accessToken
    const body: Record<string, unknown> = {}
    for (const member of members) if (values[member] !== undefined) body[member] = values[member]
    return { status: 200, members: body }
  }
  return typeof value === 'string' ? finish(value) : value.then(finish)
}

/** An access token before it has a value. */
function accessTokenOf(attempt: Attempt, family: Family, { outcome }: Issuing): IssuedToken {
  const { client, now, scope, issuer } = attempt
  const lifetime = lifetimeOf(attempt)
  const second = secondOf(now)
  // One second more, because claims have no fractions of one.
  const iat = outcome?.issued === 'expired' ? second - lifetime - 1 : second
  return {
    issuer,
    client_id: client?.client_id,
    username: attempt.username ?? attempt.refreshed?.username,
    scope,
    iat,
    exp: iat + lifetime,
    family: outcome?.issued === 'revoked' ? { isRevoked: true } : family,
  }
}

function writeAccessToken(
  { client }: Attempt,
  issued: IssuedToken,
  { random, accessTokens }: Issuing,
): string | Promise<string> {
  if (accessTokens.signer === undefined) return random.token()
  const further = [{ jti: random.uuid() }, client?.claims, accessTokens.claims]
  return accessTokens.signer.sign(claimsOf({ issued, further }, accessTokens))
}

function renewRefreshToken(
  attempt: Attempt,
  family: Family,
  { random, outcome }: Issuing,
): string | undefined {
  const { desk, refreshed, now } = attempt
  const { refreshTokens } = desk.service.tokens
  // A client that is sent no new token goes on with the one it has.
  const isLeftOut = outcome?.members !== undefined && 'refresh_token' in outcome.members
  if (refreshTokens === 'none' || (refreshed === undefined && isLeftOut)) return undefined
  if (refreshed !== undefined && (refreshTokens === 'keep' || isLeftOut))
    return attempt.accepted.refresh_token
  // A used token stays known, so that it is told from one that never was.
  if (refreshed !== undefined) refreshed.usedAt ??= now
  const token = random.token()
  desk.refreshTokens.add(token, {
    issuer: attempt.issuer,
    client_id: attempt.client?.client_id,
    username: attempt.username ?? refreshed?.username,
    scope: refreshed?.scope ?? attempt.scope,
    iat: secondOf(now),
    exp: secondOf(now) + refreshLifetimeOf(attempt),
    family,
  })
  return token
}

function lifetimeOf({ client, desk }: Attempt): number {
  return client?.accessTokenLifetimeSeconds ?? desk.service.tokens.accessTokenLifetimeSeconds
}

function refreshLifetimeOf({ client, desk }: Attempt): number {
  return client?.refreshTokenLifetimeSeconds ?? desk.service.tokens.refreshTokenLifetimeSeconds
}

function expiry(policy: TokenPolicy, lifetimeSeconds: number, now: number): number {
  return policy.expiresIn === 'seconds' ? lifetimeSeconds : secondOf(now) + lifetimeSeconds
}

function secondOf(now: number): number {
  return Math.floor(now / 1000)
}

function tokenTypeOf(schema: { readonly const?: unknown; readonly examples?: unknown } | undefined): string {
  const documented = schema?.const ?? (Array.isArray(schema?.examples) ? schema.examples[0] : undefined)
  return typeof documented === 'string' ? documented : 'Bearer'
}
