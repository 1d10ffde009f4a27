// Sequences of outcomes: how many requests each answers, whose they are, and that requests at once do not disturb them.
import { describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { outcomes } from '../../src/service/outcomes.ts'
import { hosts, type RunningHost, running as runningOf } from './hosts.ts'
import { contentOf, sendForm, sendJson } from './token-request.ts'

const client = { client_id: 'customer_id', client_secret: 'secret' }
const other = { client_id: 'other-client', client_secret: 'other-secret' }
const moovClient = { client_id: '5clTR_MdVrrkgxw2', client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' }
const clientCredentials = { grant_type: 'client_credentials' }
const scenarios = { bad_day: '500.429x2.granted', once: '401x1' }

const sequences: ReadonlyArray<[sequence: string, statuses: readonly number[]]> = [
  ['429', [429, 429, 429, 429]],
  ['429x1', [429, 200, 200]],
  ['429x2', [429, 429, 200, 200]],
  ['429x2.granted', [429, 429, 200, 200]],
  ['429x2.500', [429, 429, 500, 500, 500]],
  ['500.429', [500, 429, 429, 429]],
  ['503.granted.500x2', [503, 200, 500, 500, 200, 200]],
  ['granted', [200, 200]],
  ['grantedx2.429', [200, 200, 429, 429]],
  ['invalid_client.granted', [401, 200, 200]],
  ['flaky', [429, 429, 200, 200]],
  ['outage', [503, 503, 200, 200]],
  ['bad_day', [500, 429, 429, 200, 200]],
  ['once', [401, 200]],
]

const unknown = [
  'nonsense',
  '429x0',
  '429x',
  '429x2.',
  '.429',
  '429..500',
  '429x1000000',
  '302',
  '600',
  'slow',
]
const furtherUnknown = [
  'slow2',
  'slow11m',
  'slow-1s',
  'GRANTED',
  'missing_scope',
  'flakyx2',
  'flaky.500',
  '__proto__',
]
const longSequence = Array(33).fill('429').join('.')

describe.each(hosts)('sequences on $name', (host) => {
  test.each(sequences)('%s behind a client id', async (sequence, statuses) => {
    await using running = await host.start({ scenarios })
    expect(await statusesOf(running, statuses.length, `customer_id.${sequence}`)).toEqual(statuses)
  })

  test.each(sequences)('%s as a preference', async (sequence, statuses) => {
    await using running = await host.start({ scenarios })
    const prefer = { prefer: `outcome="${sequence}"` }
    expect(await statusesOf(running, statuses.length, 'customer_id', prefer)).toEqual(statuses)
  })

  test.each([...unknown, ...furtherUnknown, longSequence])('%s is none', async (sequence) => {
    await using running = await host.start()
    const suffixed = await sendForm(running, '/token', {
      ...clientCredentials,
      ...client,
      client_id: `customer_id.${sequence}`,
    })
    expect([suffixed.status, suffixed.headers.get('tokenwright-reason')]).toEqual([
      401,
      expect.stringMatching(
        /^rfc6749-2\.3\.1-client-secret: expected a known client_id, received another, or one with an unknown outcome behind it\./,
      ),
    ])
    const preferred = await sendForm(
      running,
      '/token',
      { ...clientCredentials, ...client },
      {
        prefer: `outcome=${sequence}`,
      },
    )
    expect([preferred.status, preferred.headers.get('tokenwright-reason')]).toEqual([
      400,
      expect.stringMatching(
        /^known-preference: expected a name, a refusal of the service, a status from 400/,
      ),
    ])
  })

  test.each([
    ['', 200],
    ['respond-async', 200],
    ['code', 400],
    ['code=429', 429],
    ['Code = 429', 429],
    ['respond-async, outcome="429"', 429],
    ['wait=10; outcome=429x1', 429],
    ['outcome=429, outcome=500', 429],
  ])('the preference "%s" is answered with %i', async (prefer, status) => {
    await using running = await host.start()
    expect(await statusesOf(running, 1, 'customer_id', { prefer })).toEqual([status])
  })

  test('are counted by client, by sequence and by service', async () => {
    await using running = await host.start({ clients: [other, moovClient] })
    const ask = async (path: string, { client_id, client_secret }: typeof client, sequence: string) =>
      (
        await sendForm(running, path, {
          ...clientCredentials,
          scope: 'read',
          client_id: `${client_id}.${sequence}`,
          client_secret,
        })
      ).status
    const round = async () => [
      await ask('/prove/token', client, '429x1'),
      await ask('/prove/token', client, '500x1'),
      await ask('/prove/token', other, '429x1'),
      await ask('/moov/oauth2/token', other, '429x1'),
      await ask('/moov/oauth2/token', moovClient, '429x1'),
      await ask('/rfc6749/token', moovClient, '429x1'),
    ]
    expect(await round()).toEqual([429, 500, 429, 429, 429, 429])
    expect(await round()).toEqual([200, 200, 200, 200, 200, 200])
  })

  test.each([
    ['behind a client id', 'customer_id.429x20', ''],
    ['as a preference', 'customer_id', 'outcome=429x20'],
  ])('of fifty requests at once, 429x20 %s refuses twenty', async (_way, clientId, prefer) => {
    await using running = await host.start()
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => (await statusesOf(running, 1, clientId, { prefer }))[0]),
    )
    expect([429, 200].map((status) => statuses.filter((each) => each === status).length)).toEqual([20, 30])
  })

  test('revoked_midway takes back what the client has, at its second request', async () => {
    await using running = await host.start()
    const revoked = { ...moovClient, client_id: `${moovClient.client_id}.revoked_midway` }
    const create = () =>
      sendJson(running, '/oauth2/token', { ...clientCredentials, scope: '/accounts.read', ...revoked })
    const refresh = (refresh_token: string) =>
      sendJson(running, '/oauth2/token', { grant_type: 'refresh_token', refresh_token, ...revoked })
    const first = JSON.parse((await create()).body)
    expect(contentOf(await refresh(first.refresh_token))).toEqual([400, { error: 'invalid_grant' }])
    const second = JSON.parse((await create()).body)
    expect((await refresh(second.refresh_token)).status).toBe(200)
  })
})

describe('what the server is told', () => {
  test('comes before what a client id asks for, which is not counted meanwhile', async () => {
    await using server = await startTokenServer()
    const running = hostOf(server)
    server.respondNext('500')
    expect(await statusesOf(running, 4, 'customer_id.429x2')).toEqual([500, 429, 429, 200])
  })

  test('comes after what a request prefers', async () => {
    await using server = await startTokenServer()
    const running = hostOf(server)
    server.respondNext('500')
    expect(await statusesOf(running, 1, 'customer_id', { prefer: 'code=503' })).toEqual([503])
    expect(await statusesOf(running, 2, 'customer_id')).toEqual([500, 200])
  })

  test.each([
    ['429x2', [429, 429, 200]],
    ['429x2.500', [429, 429, 500, 200]],
    ['granted.429', [200, 429, 200]],
    ['flaky', [429, 429, 200]],
    ['400', [400, 200]],
  ])('%s answers each outcome once or as often as it says', async (sequence, statuses) => {
    await using server = await startTokenServer()
    server.respondNext(sequence)
    expect(await statusesOf(hostOf(server), statuses.length, 'customer_id')).toEqual(statuses)
    expect(await (await fetch(`${server.url}/__admin/outcomes`)).json()).toEqual({ outcomes: [] })
  })

  test('waits for the client, the service and the refusal that it is for', async () => {
    await using server = await startTokenServer({ clients: [other] })
    const running = hostOf(server)
    server.respondNext('500', { client_id: 'other-client' })
    server.respondNext('503', { service: 'moov' })
    server.respondNext('missing_scope')
    expect(await statusesOf(running, 1, 'customer_id')).toEqual([200])
    expect(await statusesOf(running, 2, 'other-client', {}, 'other-secret')).toEqual([500, 200])
    expect(await (await fetch(`${server.url}/__admin/outcomes`)).json()).toEqual({
      outcomes: [
        { outcome: '503', service: 'moov', requests: 1 },
        { outcome: 'missing_scope', requests: 1 },
      ],
    })
    const ask = () =>
      sendJson(running, '/oauth2/token', { ...clientCredentials, scope: '/accounts.read', ...moovClient })
    expect([contentOf(await ask()), contentOf(await ask()), (await ask()).status]).toEqual([
      [503, ''],
      [422, { scope: 'is required' }],
      200,
    ])
  })

  test.each([
    [
      'an unknown outcome',
      'nonsense',
      undefined,
      /^expected an outcome \(a name, .*received "nonsense"; known names: 429, /,
    ],
    ['a refusal of another service', 'missing_scope', { service: 'prove' }, /^expected an outcome /],
    [
      'an unknown service',
      '429',
      { service: 'nope' },
      /^expected the id of a service that is served, received another; known: prove, moov$/,
    ],
    ['an outcome that is to answer no request', '429x0', undefined, /^expected an outcome /],
  ])('is refused: %s', async (_what, sequence, target, message) => {
    await using server = await startTokenServer({ services: ['prove', 'moov'] })
    expect(() => server.respondNext(sequence, target)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringMatching(message) }),
    )
    const response = await fetch(`${server.url}/__admin/outcomes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ outcome: sequence, ...target }),
    })
    expect([response.status, await response.json()]).toEqual([
      400,
      { message: expect.stringMatching(message) },
    ])
  })

  test('is forgotten, and sequences begin anew, when the server is reset or its admin API is told so', async () => {
    await using server = await startTokenServer()
    const running = hostOf(server)
    const resets = [
      () => server.reset(),
      () => fetch(`${server.url}/__admin/reset`, { method: 'POST' }),
      async () => {
        await fetch(`${server.url}/__admin/scenarios/reset`, { method: 'POST' })
        await fetch(`${server.url}/__admin/outcomes`, { method: 'DELETE' })
      },
    ]
    for (const reset of resets) {
      expect(await statusesOf(running, 2, 'customer_id.429x1')).toEqual([429, 200])
      expect(await (await fetch(`${server.url}/__admin/scenarios`)).json()).toEqual({
        scenarios: [{ service: 'prove', client_id: 'customer_id', sequence: '429x1', requests: 2 }],
      })
      server.respondNext('500x5')
      await reset()
    }
    expect(await statusesOf(running, 2, 'customer_id.429x1')).toEqual([429, 200])
  })

  test('is emptied alone by the admin API, and sequences are begun anew alone', async () => {
    await using server = await startTokenServer()
    const running = hostOf(server)
    await statusesOf(running, 1, 'customer_id.429x2')
    server.respondNext('500')
    await fetch(`${server.url}/__admin/outcomes`, { method: 'DELETE' })
    expect(await statusesOf(running, 2, 'customer_id.429x2')).toEqual([429, 200])
    server.respondNext('500')
    await fetch(`${server.url}/__admin/scenarios/reset`, { method: 'POST' })
    expect(await statusesOf(running, 3, 'customer_id.429x2')).toEqual([500, 429, 429])
  })
})

describe('scenarios of a configuration', () => {
  test('are told by the admin API beside the built-in ones', async () => {
    await using server = await startTokenServer({ services: ['moov'], scenarios })
    expect(await (await fetch(`${server.url}/__admin/settings`)).json()).toEqual({
      services: ['moov'],
      outcomes: Object.keys(outcomes),
      scenarios: {
        flaky: '429x2.granted',
        outage: '503x2.granted',
        revoked_midway: 'granted.revoke_allx1.granted',
        bad_day: '500.429x2.granted',
        once: '401x1',
      },
    })
  })

  test.each([
    ['an unknown outcome', { mine: 'nonsense' }],
    ['the name of another', { mine: 'flaky' }],
    ['nothing', { mine: '' }],
    ['a name that could be part of a sequence', { 'my.own': '429' }],
  ])('are refused: %s', async (_what, scenarios) => {
    await expect(startTokenServer({ scenarios })).rejects.toMatchObject({ code: 'ERR_OPTION_INVALID' })
  })
})

/** The statuses of so many requests for a token of Prove, one after the other. */
async function statusesOf(
  running: RunningHost,
  count: number,
  client_id: string,
  headers: Readonly<Record<string, string>> = {},
  client_secret = 'secret',
): Promise<readonly number[]> {
  const statuses: number[] = []
  for (let sent = 0; sent < count; sent += 1) {
    const parameters = { ...clientCredentials, client_id, client_secret }
    statuses.push((await sendForm(running, '/token', parameters, headers)).status)
  }
  return statuses
}

function hostOf(server: TokenServer): RunningHost {
  return runningOf(server, server.url, server.close)
}
