// Where services answer: under their own names always, at the root where their paths do not clash.
import { describe, expect, test } from 'vitest'
import type { Service } from '../../src/service/service.ts'
import { moov } from '../../src/services/moov/service.ts'
import { prove } from '../../src/services/prove/service.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { hosts, otherHandler } from './hosts.ts'
import { type Reply, sendForm, sendJson } from './token-request.ts'

const rival: Service = { ...prove, id: 'rival', clients: [{ client_id: 'rival', client_secret: 'rival' }] }
const credentials = {
  prove: { client_id: 'customer_id', client_secret: 'secret' },
  moov: {
    client_id: '5clTR_MdVrrkgxw2',
    client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-',
    scope: '/accounts.read',
  },
  rfc6749: { client_id: 'example-client', client_secret: 'example-secret' },
  rival: { client_id: 'rival', client_secret: 'rival' },
} as const

type Row = readonly [
  given: string,
  services: ReadonlyArray<string | Service> | undefined,
  path: string,
  client: keyof typeof credentials,
]

const answered: readonly Row[] = [
  ['Prove under its name', undefined, '/prove/token', 'prove'],
  ['Prove at the root', undefined, '/token', 'prove'],
  ['Moov under its name', undefined, '/moov/oauth2/token', 'moov'],
  ['Moov at the root', undefined, '/oauth2/token', 'moov'],
  ['the baseline under its name', undefined, '/rfc6749/token', 'rfc6749'],
  ['the baseline at the root, when it is alone', [rfc6749], '/token', 'rfc6749'],
  ['Prove at the root, beside the baseline', ['rfc6749', 'prove'], '/token', 'prove'],
  ['the baseline under its name, beside Moov', ['rfc6749', 'moov'], '/rfc6749/token', 'rfc6749'],
  ['the first of two services with the same path, under its name', [prove, rival], '/prove/token', 'prove'],
  ['the second of two services with the same path, under its name', [prove, rival], '/rival/token', 'rival'],
  ['a service with one variant alone', ['prove/java-0.15.0'], '/token', 'prove'],
  ['a path with a query, which is not part of it', undefined, '/token?grant_type=coupon', 'prove'],
]

type Unanswered = readonly [
  given: string,
  services: ReadonlyArray<string | Service> | undefined,
  path: string,
  reply: readonly [status: number, body: unknown],
]

const forbidden = [403, { code: 8003, message: 'Access forbidden: insufficient permissions' }] as const
const refusedByOwner: readonly Unanswered[] = [
  ['below Prove', undefined, '/prove/nope', forbidden],
  ["that is Prove's token path under /v3 at Moov", undefined, '/moov/v3/token', [404, '']],
  ['below Moov', undefined, '/moov/oauth2/nope', [404, '']],
  ['below the baseline', undefined, '/rfc6749/nope', [404, { error: 'invalid_request' }]],
  ['of a variant that is not served', ['prove/java-0.15.0'], '/prove/v3/token', forbidden],
  ['with a final slash', undefined, '/prove/token/', forbidden],
  ['in another case', undefined, '/prove/Token', forbidden],
  ['with an escape', undefined, '/prove/%74oken', forbidden],
]

const refusedAtRoot: readonly Unanswered[] = [
  ["beside Prove's /v3/token", undefined, '/v3/nope', forbidden],
  ["beside Moov's /oauth2/token", undefined, '/oauth2/nope', [404, '']],
  ['anywhere, when Prove is alone', ['prove'], '/nope', forbidden],
  ['of a variant that is not served', ['prove/java-0.15.0'], '/v3/token', forbidden],
  [
    'of no service',
    ['moov', 'rfc6749'],
    '/token',
    [
      404,
      {
        message:
          'No token service is here: expected /oauth2/token or /oauth2/revoke or /rfc6749/token or /rfc6749/revoke or /rfc6749/introspect or /rfc6749/.well-known/oauth-authorization-server or /rfc6749/.well-known/openid-configuration or /rfc6749/jwks, received another path.',
      },
    ],
  ],
  [
    'that two services have',
    [prove, rival],
    '/token',
    [
      404,
      {
        message:
          'No token service is here: expected /prove/token or /prove/v3/token or /rival/token or /rival/v3/token, received another path.',
      },
    ],
  ],
]

describe.each(hosts)('paths on $name', (host) => {
  const start = (services: Unanswered[1]) => host.start(services === undefined ? {} : { services })

  test.each(answered)('answers %s', async (_given, services, path, client) => {
    await using running = await start(services)
    const parameters = { grant_type: 'client_credentials', ...credentials[client] }
    expect((await sendForm(running, path, parameters)).status).toBe(200)
  })

  test.each(refusedByOwner)(
    'refuses a path %s as the service does',
    async (_given, services, path, reply) => {
      await using running = await start(services)
      expect(refusalOf(await sendForm(running, path, {}))).toEqual([...reply, 'documented-path'])
    },
  )

  const reason = host.cannot['refuse paths that no service owns']
  const title = reason === undefined ? 'refuses a path %s' : `leaves a path %s to others: ${reason}`

  test.each(refusedAtRoot)(title, async (_given, services, path, reply) => {
    await using running = await start(services)
    const received = await sendForm(running, path, {})
    if (reason === undefined) expect(refusalOf(received)).toEqual([...reply, 'documented-path'])
    else expect([received.status, received.body]).toEqual([otherHandler.status, otherHandler.body])
  })

  test('a single variant takes its own form alone', async () => {
    await using running = await host.start({ services: ['prove/java-0.15.0'] })
    const parameters = { grant_type: 'client_credentials', ...credentials.prove }
    expect((await sendForm(running, '/token', parameters)).status).toBe(200)
    expect(refusalOf(await sendJson(running, '/token', parameters))).toEqual([
      400,
      { code: 1001, message: 'invalid request' },
      'documented-content-type',
    ])
  })

  test('every reply of Moov carries an x-request-id of its own', async () => {
    await using running = await host.start({ services: [moov] })
    const parameters = { grant_type: 'client_credentials', ...credentials.moov }
    const { scope: _scope, ...withoutScope } = parameters
    const replies = [
      await sendJson(running, '/oauth2/token', parameters),
      await sendJson(running, '/oauth2/token', withoutScope),
      await sendJson(running, '/oauth2/revoke', { token: 'unknown', ...withoutScope }),
      await sendJson(running, '/moov/nope', {}),
    ]
    expect(replies.map(({ status }) => status)).toEqual([200, 422, 204, 404])
    const ids = replies.map(({ headers }) => headers.get('x-request-id'))
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
    expect(new Set(ids).size).toBe(replies.length)
  })

  const unprocessable: ReadonlyArray<[given: string, parameters: Record<string, string>, body: unknown]> = [
    ['no scope', { grant_type: 'client_credentials' }, { scope: 'is required' }],
    ['an empty scope', { grant_type: 'client_credentials', scope: '' }, { scope: 'is required' }],
    [
      'a scope in another syntax',
      { grant_type: 'client_credentials', scope: 'a  b' },
      { scope: 'is not valid' },
    ],
    ['no refresh_token', { grant_type: 'refresh_token' }, { refresh_token: 'is required' }],
  ]

  test.each(unprocessable)('Moov names the field of %s', async (_given, parameters, body) => {
    await using running = await host.start({ services: [moov] })
    const { client_id, client_secret } = credentials.moov
    const reply = await sendJson(running, '/oauth2/token', { ...parameters, client_id, client_secret })
    expect([reply.status, JSON.parse(reply.body)]).toEqual([422, body])
  })
})

function refusalOf({ status, body, headers }: Reply): readonly [status: number, body: unknown, rule: string] {
  const [rule = ''] = (headers.get('tokenwright-reason') ?? '').split(':', 1)
  return [status, body === '' ? '' : JSON.parse(body), rule]
}
