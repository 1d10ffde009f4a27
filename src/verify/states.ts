// Provider states, really produced: a client and a user from the given credentials, a refresh token by asking for one.
import { providerStates, type StateValue } from '../contract/interaction.ts'
import { authenticationsOf, type Credentials } from '../fixture/message.ts'
import { formatBasic } from '../oauth/basic.ts'
import { wrongValue } from '../service/exchanges.ts'
import type { Service } from '../service/service.ts'
import { sourceOfRefreshToken } from './plan.ts'
import type { Redactor } from './redactor.ts'
import { requestGrant, type Target } from './target.ts'

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
  const source = sourceOfRefreshToken(service, credentials)
  if (source === undefined) {
    if (credentials.refresh_token !== undefined) return credentials.refresh_token
    throw new Error('no refresh_token was given, and none can be asked for')
  }
  for (const authentication of authenticationsOf(service, source.variant)) {
    const { status, members } = await requestGrant(target, service, source, { credentials, authentication })
    const { access_token, refresh_token } = members
    if (typeof access_token === 'string') redactor.add(access_token)
    if (status === 200 && typeof refresh_token === 'string') {
      redactor.add(refresh_token)
      return refresh_token
    }
  }
  throw new Error(`the service gave no refresh_token for ${source.grantType}`)
}
