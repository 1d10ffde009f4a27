// Provider states, really produced: a client and a user from the given credentials, a refresh token by asking for one,
// a used one by using it.
import { providerStates, type StateValue } from '../contract/interaction.ts'
import { authenticationsOf, type Credentials } from '../fixture/message.ts'
import { formatBasic } from '../oauth/basic.ts'
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import { wrongValue } from '../service/exchanges.ts'
import { grantTypeOf, type Service, wireNameOf } from '../service/service.ts'
import { type ObtainableGrant, sourceOfRefreshToken } from './plan.ts'
import type { Redactor } from './redactor.ts'
import { learnTokens, requestGrant, type Target } from './target.ts'

/**
 * The values of a provider state, from the credentials at hand or from the service itself; throws when there are none.
 * What is received is learnt by the redactor.
 */
export async function stateValues(
  target: Target,
  service: Service,
  state: string,
  credentials: Credentials,
  redactor: Redactor,
): Promise<Readonly<Partial<Record<StateValue, string>>>> {
  if (state === providerStates.user) return pick(credentials, ['username', 'password'])
  if (state === providerStates.refreshToken)
    return { refresh_token: await obtainRefreshToken(target, service, credentials, redactor) }
  if (state === providerStates.freshRefreshToken)
    return { fresh_refresh_token: await requestRefreshToken(target, service, credentials, redactor) }
  if (state === providerStates.usedRefreshToken)
    return { used_refresh_token: await obtainUsedRefreshToken(target, service, credentials, redactor) }
  if (state !== providerStates.client) throw new Error('no such state is known')
  const { client_id, client_secret } = credentials
  if (client_id === undefined) throw new Error('no client_id was given')
  const { basicSpelling } = service.clientAuthentication
  const wrong = formatBasic({ client_id, client_secret: wrongValue }, basicSpelling)
  if (client_secret === undefined) return { client_id, authorization_with_wrong_secret: wrong }
  const authorization = formatBasic({ client_id, client_secret }, basicSpelling)
  redactor.add(authorization.replace('Basic ', ''))
  return { client_id, client_secret, authorization, authorization_with_wrong_secret: wrong }
}

function pick(
  credentials: Credentials,
  names: readonly (keyof Credentials)[],
): Readonly<Partial<Record<StateValue, string>>> {
  return Object.fromEntries(
    names.map((name) => {
      const value = credentials[name]
      if (value === undefined) throw new Error(`no ${name} was given`)
      return [name, value]
    }),
  )
}

/** A fresh one from the service itself, or the one that was given. */
async function obtainRefreshToken(
  target: Target,
  service: Service,
  credentials: Credentials,
  redactor: Redactor,
): Promise<string> {
  const source = sourceOfRefreshToken(service, credentials, target.grants)
  const reply = source && (await requestToken(target, service, source, credentials, redactor))
  const refresh_token = reply?.refresh_token ?? credentials.refresh_token
  if (refresh_token !== undefined) return refresh_token
  throw new Error(
    source === undefined
      ? 'no refresh_token was given, and none can be asked for'
      : `the service gave no refresh_token for ${source.grantType}`,
  )
}

/** From the service itself: one that was given may have been used by now. */
async function requestRefreshToken(
  target: Target,
  service: Service,
  credentials: Credentials,
  redactor: Redactor,
): Promise<string> {
  const source = sourceOfRefreshToken(service, credentials, target.grants)
  if (source !== undefined) {
    const reply = await requestToken(target, service, source, credentials, redactor)
    if (reply?.refresh_token !== undefined) return reply.refresh_token
    throw new Error(`the service gave no refresh_token for ${source.grantType}`)
  }
  throw new Error(
    credentials.refresh_token === undefined
      ? 'no refresh_token was given, and none can be asked for'
      : 'the refresh_token that was given may be used by now, and no other can be asked for',
  )
}

/** One that is used once, and that the service gave another in place of: others stay good. */
async function obtainUsedRefreshToken(
  target: Target,
  service: Service,
  credentials: Credentials,
  redactor: Redactor,
): Promise<string> {
  const refresh_token = await requestRefreshToken(target, service, credentials, redactor)
  const refresh = refreshOf(service)
  const refreshed =
    refresh && (await requestToken(target, service, refresh, { ...credentials, refresh_token }, redactor))
  if (refreshed === undefined) throw new Error('the service did not grant the first use')
  const isRotated = refreshed.refresh_token !== undefined && refreshed.refresh_token !== refresh_token
  if (isRotated) return refresh_token
  throw new Error('the service gave no new refresh_token for it: it does not rotate them')
}

function refreshOf(service: Service): ObtainableGrant | undefined {
  for (const variant of service.variants) {
    const grant = variant.request.oneOf.find(({ required }) =>
      required.includes(wireNameOf(variant, 'refresh_token')),
    )
    if (grant !== undefined) return { variant, grantType: grantTypeOf(variant, grant) }
  }
  return undefined
}

/** What a grant gave, by the first client authentication method with which it was granted; the redactor learns it. */
async function requestToken(
  target: Target,
  service: Service,
  grant: ObtainableGrant,
  credentials: Credentials,
  redactor: Redactor,
): Promise<{ readonly refresh_token?: string } | undefined> {
  if (target.refused.has(grant.grantType)) return undefined
  for (const authentication of methodsOf(target, service, grant)) {
    const { status, members } = await requestGrant(target, service, grant, { credentials, authentication })
    learnTokens(redactor, members)
    const { refresh_token } = members
    if (status === 200) return isToken(refresh_token) ? { refresh_token } : {}
  }
  // What is wrong once stays wrong: the same credentials again could lock the account.
  target.refused.add(grant.grantType)
  return undefined
}

/** The one that was granted before, where there is one. */
function methodsOf(
  { authentication }: Target,
  service: Service,
  { variant }: ObtainableGrant,
): readonly ClientAuthenticationMethod[] {
  const methods = authenticationsOf(service, variant)
  return authentication !== undefined && methods.includes(authentication) ? [authentication] : methods
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
