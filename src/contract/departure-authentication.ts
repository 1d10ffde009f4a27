// How the client authentication of a request departs from the documented one: another way than the interaction's, or the
// right way with other credentials.
import { authenticationsOf } from '../fixture/message.ts'
import { parseBasic } from '../oauth/basic.ts'
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import { clientAuthenticationOf, wireNameOf } from '../service/service.ts'
import { fold } from './departure-parameters.ts'
import { type Departure, describeValue, grantedMessageOf, valueNext } from './departure-value.ts'
import type { Interaction } from './interaction.ts'
import type { ReceivedRequest } from './mock-server.ts'
import { bodyOf, namesOf } from './received-body.ts'

const inWords: Readonly<Record<ClientAuthenticationMethod, string>> = {
  client_secret_basic: 'client_secret_basic (HTTP Basic)',
  client_secret_post: 'client_secret_post (id and secret in the body)',
  private_key_jwt: 'private_key_jwt (a client assertion)',
  none: 'none',
}

/** The ways in which a request shows who the client is. */
function waysOf(interaction: Interaction, request: ReceivedRequest): readonly string[] {
  const { variant } = interaction.located
  const names = namesOf(request)
  const scheme = schemeOf(request)
  return [
    ...(scheme === 'basic' ? ['client_secret_basic'] : []),
    ...(names.has(wireNameOf(variant, 'client_secret')) ? ['client_secret_post'] : []),
    ...(names.has('client_assertion') ? ['private_key_jwt'] : []),
    ...(scheme === undefined || scheme === 'basic' ? [] : ['another']),
  ]
}

function schemeOf({ headers }: ReceivedRequest): string | undefined {
  const [scheme = ''] = String(headers.authorization ?? '')
    .trimStart()
    .split(/\s/, 1)
  return scheme === '' ? undefined : scheme.toLowerCase()
}

/** The departures of a request's client authentication; those of credentials in the body are matters of the body. */
export function authenticationDepartures(
  interaction: Interaction,
  request: ReceivedRequest,
): readonly Departure[] {
  const { authentication, located } = interaction
  const ways = waysOf(interaction, request)
  const expected = isSecretMissing(interaction) ? [] : [authentication].filter((way) => way !== 'none')
  if (ways.join() !== expected.join()) {
    return isLeftToBody(interaction, request, ways) ? [] : [anotherAuthentication(interaction, ways)]
  }
  if (interaction.message.basic === undefined) return []
  return basicDepartures(
    interaction,
    request,
    clientAuthenticationOf(located.service, located.variant).basicSpelling,
  )
}

/** Credentials in the body under other names, one of the two, and a body that cannot be read are matters of the body. */
function isLeftToBody(
  { authentication, located }: Interaction,
  request: ReceivedRequest,
  ways: readonly string[],
): boolean {
  const names = (['client_id', 'client_secret'] as const).map((name) =>
    fold(wireNameOf(located.variant, name)),
  )
  const isInBody = [...namesOf(request)].some((name) => names.includes(fold(name)))
  const isUnreadable = 'unreadable' in bodyOf(request)
  return authentication === 'client_secret_post' && ways.length === 0 && (isInBody || isUnreadable)
}

/** An exchange may be that of a missing secret. */
function isSecretMissing({ message, located, authentication }: Interaction): boolean {
  const secret = wireNameOf(located.variant, 'client_secret')
  return authentication === 'client_secret_post' && message.parameters[secret] === undefined
}

function anotherAuthentication({ authentication, located }: Interaction, ways: readonly string[]): Departure {
  const [only] =
    ways.length === 1
      ? authenticationsOf(located.service, located.variant).filter((way) => way === ways[0])
      : []
  const received = ways.map(
    (way) => inWords[way as ClientAuthenticationMethod] ?? 'an Authorization field of another scheme',
  )
  return {
    where: 'client authentication',
    expected: inWords[authentication],
    received: received.length === 0 ? 'none' : received.join(' and '),
    next:
      only === undefined
        ? `authenticate by ${authentication} alone (RFC 6749 section 2.3)`
        : `authentication: '${only}' chooses the method, if it is the one that the client uses`,
  }
}

function basicDepartures(
  interaction: Interaction,
  { headers }: ReceivedRequest,
  spelling: 'form' | 'raw',
): readonly Departure[] {
  const field = String(headers.authorization)
  const received = parseBasic(field.slice(field.indexOf(' ') + 1), spelling)
  const unreadable = {
    where: 'Authorization',
    expected: `Basic with Base64 of id:secret, ${spelling === 'form' ? 'each form-encoded' : 'unencoded'}`,
    received: 'another spelling',
    next: 'write HTTP Basic as the service documents it',
  }
  if (received === undefined) return [unreadable]
  if (!field.startsWith('Basic ')) {
    const inAnotherCase = { expected: 'the scheme Basic', received: 'it in another spelling' }
    return [
      {
        ...unreadable,
        ...inAnotherCase,
        next: 'spell it Basic: token services compare it so, though RFC 9110 does not',
      },
    ]
  }
  const { basic } = interaction.message
  const granted = grantedMessageOf(interaction).basic
  const wrong = (['client_id', 'client_secret'] as const).filter((name) => received[name] !== basic?.[name])
  return wrong.map((name) => ({
    where: `Authorization, ${name}`,
    expected: JSON.stringify(basic?.[name]),
    received: describeValue(basic?.[name] ?? '', received[name], granted?.[name]),
    next: valueNext,
  }))
}
