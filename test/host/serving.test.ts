// Variants that are served only when they are named: mistakes without that, granted with it.
import { describe, expect, test } from 'vitest'
import { formatBasic } from '../../src/oauth/basic.ts'
import type { Service } from '../../src/service/service.ts'
import { prove } from '../../src/services/prove/service.ts'
import { hosts, type RunningHost } from './hosts.ts'
import { contentOf, type Reply, sendForm, sendJson } from './token-request.ts'

const standard = { client_id: 'customer_id', client_secret: 'secret', grant_type: 'client_credentials' }
const user = { username: 'jdoe', password: 'password', grant_type: 'password' }
const realm = '/prove/realms/US/protocol/openid-connect/token'
const moovClient = { client_id: '5clTR_MdVrrkgxw2', client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' }
const authorization = formatBasic(moovClient, 'raw')
const proveRefusals = {
  badRequest: [400, { code: 1001, message: 'invalid request' }],
  unauthorized: [401, { code: 8002, message: 'not authorized' }],
  forbidden: [403, { code: 8003, message: 'Access forbidden: insufficient permissions' }],
} as const

type Ask = (host: RunningHost) => Promise<Reply>

const requests: ReadonlyArray<
  [request: string, ask: Ask, refusal: readonly [status: number, body: unknown], variant: string]
> = [
  [
    'the capitalized names of August 2025',
    (host) =>
      sendForm(host, '/prove/token', {
        ClientID: 'customer_id',
        ClientSecret: 'secret',
        GrantType: 'client_credentials',
      }),
    proveRefusals.unauthorized,
    'prove/go-0.11.0',
  ],
  [
    "the helper's password grant at /token",
    (host) => sendForm(host, '/prove/token', { ...user, 'pf-subclientid': 'example-subclient' }),
    proveRefusals.unauthorized,
    'prove/typescript-0.1.1',
  ],
  [
    "the helper's password grant at /v3/token",
    (host) => sendForm(host, '/prove/v3/token', { ...user, client_id: 'customer_id' }),
    proveRefusals.badRequest,
    'prove/typescript-0.1.8',
  ],
  [
    "client credentials at a realm's path",
    (host) => sendJson(host, realm, standard),
    proveRefusals.forbidden,
    'prove/typescript-0.3.1',
  ],
  [
    "a password at a realm's path",
    (host) => sendJson(host, realm, { ...standard, ...user }),
    proveRefusals.forbidden,
    'prove/typescript-0.3.1',
  ],
  [
    "Moov's plural scopes",
    (host) =>
      sendJson(
        host,
        '/moov/oauth2/token',
        { grant_type: 'client_credentials', scopes: '/accounts.read' },
        { authorization },
      ),
    [422, { scope: 'is required' }],
    'moov/java-0.0.2',
  ],
]

const early = ['access_token', 'expires_in', 'refresh_expires_in', 'refresh_token', 'token_type']
const late = ['access_token', 'expires_in', 'token_type']

const replies: ReadonlyArray<[named: string, services: readonly string[], members: readonly string[]]> = [
  ['Prove', ['prove'], late],
  ['an early variant', ['prove/go-0.4.7'], early],
  ['Prove and an early variant', ['prove', 'prove/go-0.4.7'], early],
  ['a late variant', ['prove/go-0.6.0'], late],
]

const own: Service = { ...prove, id: 'own', root: 'alone' }

describe.each(hosts)('serving on $name', (host) => {
  test.each(requests)('%s: refused as documented where nothing is named', async (_request, ask, refusal) => {
    await using running = await host.start()
    expect(contentOf(await ask(running))).toEqual(refusal)
  })

  test.each(requests)('%s: granted where the variant is named', async (_request, ask, _refusal, variant) => {
    const [service = ''] = variant.split('/')
    for (const services of [[variant], [service, variant]]) {
      await using running = await host.start({ services })
      expect((await ask(running)).status).toBe(200)
    }
  })

  test.each(replies)(
    'the standard request to %s has the reply of the first variant',
    async (_named, services, members) => {
      await using running = await host.start({ services })
      const [status, body] = contentOf(await sendForm(running, '/prove/token', standard))
      expect([status, Object.keys(body as object)]).toEqual([200, members])
    },
  )

  test('a service of your own is served without those to be named', async () => {
    await using running = await host.start({ services: [own] })
    const path = '/own/realms/US/protocol/openid-connect/token'
    expect((await sendForm(running, '/own/token', standard)).status).toBe(200)
    expect(contentOf(await sendJson(running, path, standard))).toEqual(proveRefusals.forbidden)
  })
})
