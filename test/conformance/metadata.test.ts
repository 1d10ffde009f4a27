// The metadata tells the truth: what it announces works, and what it does not announce is refused.
import { beforeAll, describe, expect, test } from 'vitest'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { type Host, hosts, type RunningHost } from '../host/hosts.ts'
import { contentOf } from '../host/token-request.ts'
import { type ClientKeys, converse, createClientKeys } from './conversation.ts'
import type { Ask } from './requirement.ts'
import { clientsWith } from './requirements.ts'

type Metadata = Readonly<
  Record<string, string> & Record<`${string}_supported`, readonly string[] | undefined>
>

/** Every way of client authentication that is registered, short of certificates. */
const methods: Readonly<Record<string, (form: string) => Ask>> = {
  client_secret_basic: (form) => ({ form, basic: 'example-client:example-secret' }),
  client_secret_post: (form) => ({
    form: `${form}&client_id=example-client&client_secret=example-secret`,
  }),
  private_key_jwt: (form) => ({ form, assertion: {} }),
  none: (form) => ({ form: `${form}&client_id=public-client` }),
  client_secret_jwt: (form) => ({
    form,
    assertion: { alg: 'HS256', claims: { iss: 'example-client', sub: 'example-client' } },
  }),
}

/** A request that each endpoint grants to any client that has shown itself, with the reply. */
const requests: Readonly<Record<string, readonly [form: string, reply: readonly [number, unknown]]>> = {
  token_endpoint: [
    'grant_type=password&username=example-user&password=example-password',
    [
      200,
      {
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 3600,
        refresh_token: expect.any(String),
      },
    ],
  ],
  revocation_endpoint: ['token=unknown', [200, '']],
  introspection_endpoint: ['token=unknown', [200, { active: false }]],
}

const algorithms = ['ES256', 'RS256', 'EdDSA', 'Ed25519', 'HS256', 'none'] as const

/** Every grant that is registered, with a request and the reply where it is offered; others are offered nowhere. */
const granted = [200, expect.objectContaining({ token_type: 'Bearer' })] as const
const grants: ReadonlyArray<[grantType: string, parameters: string, reply?: readonly [number, unknown]]> = [
  ['client_credentials', '', granted],
  ['password', '&username=example-user&password=example-password', granted],
  ['refresh_token', '&refresh_token=unknown', [400, { error: 'invalid_grant' }]],
  ['authorization_code', '&code=x&redirect_uri=https://app.example'],
  ['implicit', ''],
  ['urn:ietf:params:oauth:grant-type:device_code', '&device_code=x'],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', '&assertion=a.b.c'],
  ['urn:ietf:params:oauth:grant-type:saml2-bearer', '&assertion=x'],
  ['urn:ietf:params:oauth:grant-type:token-exchange', '&subject_token=x'],
  ['urn:openid:params:grant-type:ciba', '&auth_req_id=x'],
]

const refusedClient = [401, { error: 'invalid_client' }] as const
const unsupported = [400, { error: 'unsupported_grant_type' }] as const

const servings = [['rfc6749'], ...rfc6749.variants.map(({ id }) => [id])]
const [nodeHttp] = hosts as readonly [Host]

let keys: ClientKeys
beforeAll(async () => {
  keys = await createClientKeys()
})

describe('the metadata', () => {
  test('announces three endpoints and a key set, and all of them are there', async () => {
    await using host = await start(['rfc6749'])
    const metadata = await metadataOf(host)
    const endpoints = Object.keys(metadata).filter((name) => name.endsWith('_endpoint'))
    expect(endpoints).toEqual(Object.keys(requests))
    expect(await reply(host, { method: 'GET', path: pathIn(metadata.jwks_uri) })).toEqual([200, { keys: [] }])
  })

  const authentications = Object.keys(requests).flatMap((endpoint) =>
    Object.keys(methods).map((method): [string, string] => [endpoint, method]),
  )

  test.each(authentications)('at the %s tells the truth about %s', async (endpoint, method) => {
    await using host = await start(['rfc6749'])
    const metadata = await metadataOf(host)
    const announced = metadata[`${endpoint}_auth_methods_supported`] ?? []
    expect(announced.filter((each) => methods[each] === undefined)).toEqual([])
    const [form, expected] = requests[endpoint] ?? ['', []]
    const ask = { ...methods[method]?.(form), path: pathIn(metadata[endpoint]) }
    expect(await reply(host, ask)).toEqual(announced.includes(method) ? expected : refusedClient)
  })

  const signatures = Object.keys(requests).flatMap((endpoint) =>
    algorithms.map((alg): [string, (typeof algorithms)[number]] => [endpoint, alg]),
  )

  test.each(signatures)('at the %s tells the truth about assertions by %s', async (endpoint, alg) => {
    await using host = await start(['rfc6749'])
    const metadata = await metadataOf(host)
    const announced = metadata[`${endpoint}_auth_signing_alg_values_supported`] ?? []
    expect(announced.filter((each) => !algorithms.some((known) => known === each))).toEqual([])
    const [form, expected] = requests[endpoint] ?? ['', []]
    const ask = { form, assertion: { alg }, path: pathIn(metadata[endpoint]) }
    expect(await reply(host, ask)).toEqual(announced.includes(alg) ? expected : refusedClient)
  })

  test.each(servings)('of %s tells the truth about every grant', async (served) => {
    await using host = await start([served])
    const announced = (await metadataOf(host)).grant_types_supported ?? []
    expect(announced).toEqual(
      grants.flatMap(([grantType, , expected]) =>
        expected !== undefined && (served === 'rfc6749' || served === `rfc6749/${grantType}`)
          ? [grantType]
          : [],
      ),
    )
    for (const [grantType, parameters, expected] of grants) {
      const ask = { form: `grant_type=${grantType}${parameters}`, basic: 'example-client:example-secret' }
      expect(await reply(host, ask)).toEqual(announced.includes(grantType) ? expected : unsupported)
    }
  })

  test('announces no response type, as there is no authorization endpoint', async () => {
    await using host = await start(['rfc6749'])
    const { response_types_supported, authorization_endpoint } = await metadataOf(host)
    expect([response_types_supported, authorization_endpoint]).toEqual([[], undefined])
    expect(await reply(host, { method: 'GET', path: '/authorize', query: 'response_type=code' })).toEqual([
      404,
      { error: 'invalid_request' },
    ])
  })

  test.each(hosts)('names endpoints that answer where it says: $name', async ({ start }) => {
    await using host = await start({ services: ['rfc6749', 'moov'] })
    const metadata = await metadataOf(host, '/rfc6749')
    expect(metadata.issuer).toBe(`${host.url}/rfc6749`)
    for (const [endpoint, [form, expected]] of Object.entries(requests)) {
      const ask = { ...methods.client_secret_basic?.(form), path: pathIn(metadata[endpoint]) }
      expect(await reply(host, ask)).toEqual(expected)
    }
  })
})

function start(services: readonly string[]): Promise<RunningHost> {
  return nodeHttp.start({ services, clients: clientsWith(keys.published) })
}

async function metadataOf(host: RunningHost, base = ''): Promise<Metadata> {
  const response = await host.fetch(`${base}/.well-known/oauth-authorization-server`)
  return (await response.json()) as Metadata
}

async function reply(host: RunningHost, ask: Ask): Promise<readonly [number, unknown]> {
  const { heard } = await converse(host, [[ask, { status: 0, body: '' }]], keys)
  const [first] = heard
  if (first === undefined) throw new Error('expected a reply')
  return contentOf(first.reply)
}

function pathIn(url: string | undefined): string {
  return new URL(url ?? '').pathname
}
