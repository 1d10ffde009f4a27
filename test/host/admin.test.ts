// The admin API of the node:http server: what each route does, and what it makes of wrong calls.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { startOfTime } from './hosts.ts'
import { exchangeBytes, parseRawReply, rawRequest } from './raw-socket.ts'

let server: TokenServer

beforeAll(async () => {
  server = await startTokenServer({ services: ['prove', 'rfc6749'], now: () => startOfTime })
})
afterAll(() => server.close())
beforeEach(() => server.reset())

const paths = [
  'health',
  'settings',
  'reset',
  'requests',
  'requests/count',
  'requests/find',
  'requests/stream',
  'outcomes',
  'scenarios',
  'scenarios/reset',
  'clock',
]
const names = 'service, variant, client_id, grant, status, path, rule, outcome, issued, since'
const noContent = [204, ''] as const

describe('the admin API', () => {
  test('says that it is there, and what is served', async () => {
    const [status, settings] = await ask('GET', '/settings')
    expect(await ask('GET', '/health')).toEqual([200, { status: 'healthy' }])
    expect([status, settings]).toEqual([
      200,
      {
        services: ['prove', 'rfc6749'],
        outcomes: expect.arrayContaining(['granted', '429']),
        scenarios: {
          flaky: '429x2.granted',
          outage: '503x2.granted',
          revoked_midway: 'granted.revoke_allx1.granted',
        },
      },
    ])
  })

  test('lists, counts, gives and forgets what the services were asked, and nothing of its own', async () => {
    await askForToken()
    await askForToken('wrong')
    const { journal } = server
    const entries = JSON.parse(JSON.stringify(journal.entries()))
    expect(entries.map(({ status }: { status: number }) => status)).toEqual([200, 401])
    const [first] = entries
    expect(await ask('GET', '/requests')).toEqual([200, { requests: entries, meta: { total: 2 } }])
    expect(await ask('GET', `/requests/${first.id}`)).toEqual([200, first])
    expect(await ask('GET', '/requests/count')).toEqual([200, { count: 2 }])
    expect(await ask('DELETE', '/requests')).toEqual(noContent)
    expect(await ask('GET', '/requests')).toEqual([200, { requests: [], meta: { total: 0 } }])
    expect(await ask('GET', `/requests/${first.id}`)).toEqual([
      404,
      { message: 'expected the id of an entry that is kept, received another' },
    ])
    expect(journal.entries()).toEqual([])
  })

  const queries: ReadonlyArray<[asked: string, query: Readonly<Record<string, unknown>>, count: number]> = [
    ['a grant, granted or not', { grant: 'client_credentials' }, 2],
    ['a status', { status: 401 }, 1],
    ['what was issued', { issued: true }, 1],
    ['what was not', { issued: false }, 1],
    ['a rule', { rule: 'rfc6749-2.3.1-client-secret' }, 1],
    ['a client and a status', { client_id: 'customer_id', status: 200 }, 1],
    ['a path', { path: '/elsewhere' }, 0],
  ]

  test.each(queries)(
    'finds what is asked for by %s, in the URL and as JSON',
    async (_asked, query, count) => {
      await askForToken()
      await askForToken('wrong')
      const search = new URLSearchParams(
        Object.entries(query).map(([name, each]): [string, string] => [name, String(each)]),
      )
      const requests = JSON.parse(JSON.stringify(server.journal.find(query)))
      const all = [200, { requests, meta: { total: count } }]
      expect(await ask('GET', `/requests?${search}`)).toEqual(all)
      expect(await ask('GET', `/requests/find?${search}`)).toEqual(all)
      expect(await ask('POST', '/requests/find', query)).toEqual(all)
      expect(await ask('GET', `/requests/count?${search}`)).toEqual([200, { count }])
      expect(await ask('POST', '/requests/count', query)).toEqual([200, { count }])
    },
  )

  const unsound: ReadonlyArray<[given: string, search: string, value: unknown, message: string]> = [
    [
      'an unknown name in the URL',
      '?grant_type=a',
      undefined,
      `expected one of ${names}, received another name`,
    ],
    ['an unknown name in JSON', '', { hunter2: 1 }, `expected one of ${names}, received another name`],
    [
      'a word for a number',
      '?status=ok',
      undefined,
      '"status": expected an integer, received another string',
    ],
    [
      'nothing for a number',
      '?since=',
      undefined,
      '"since": expected an integer of at least 0, received another string',
    ],
    ['a word for true', '?issued=yes', undefined, '"issued": expected a boolean, received another string'],
    [
      'a number as text in JSON',
      '',
      { status: '200' },
      '"status": expected an integer, received another string',
    ],
    ['an empty text', '?path=', undefined, '"path": expected a string, received an empty one'],
  ]

  test.each(unsound)('refuses a query of %s', async (_given, search, value, message) => {
    for (const route of ['/requests/find', '/requests/count'])
      expect(await ask(value === undefined ? 'GET' : 'POST', route + search, value)).toEqual([
        400,
        { message: `query of the journal: ${message}` },
      ])
  })

  test.each([
    ['an array', [1]],
    ['another string', 'status'],
    ['a number', 5],
    ['null', null],
  ])('refuses %s for a query', async (received, value) => {
    expect(await ask('POST', '/requests/find', value)).toEqual([
      400,
      { message: `/: the parameters: expected an object, received ${received}` },
    ])
  })

  test('refuses a name that is twice in the URL', async () => {
    expect(await ask('GET', '/requests?status=200&status=401')).toEqual([
      400,
      { message: 'expected each name once in the URL, received one again' },
    ])
  })

  test('queues outcomes, shows and forgets them', async () => {
    const queued = { outcomes: [{ outcome: '429', requests: 2, client_id: 'customer_id' }] }
    expect(await ask('POST', '/outcomes', { outcome: '429x2', client_id: 'customer_id' })).toEqual([
      200,
      queued,
    ])
    expect(await ask('GET', '/outcomes')).toEqual([200, queued])
    expect([await askForToken(), await ask('GET', '/outcomes')]).toEqual([
      429,
      [200, { outcomes: [{ outcome: '429', requests: 1, client_id: 'customer_id' }] }],
    ])
    expect(await ask('DELETE', '/outcomes')).toEqual(noContent)
    expect([await ask('GET', '/outcomes'), await askForToken()]).toEqual([[200, { outcomes: [] }], 200])
  })

  const wrongOutcomes: ReadonlyArray<[given: string, value: unknown, message: RegExp]> = [
    ['without its name', {}, /^\/outcome: "outcome": expected a string, received nothing$/],
    ['of no kind', { outcome: 'rain' }, /^expected an outcome \(.*\), received "rain"; known names: /],
    ['named like what every object has', { outcome: 'constructor' }, /^expected an outcome /],
    ['for no service', { outcome: '429', service: 'rain' }, /^expected the id of a service that is served, /],
    [
      'with a further member',
      { outcome: '429', times: 2 },
      /^\/times: "times" is not a documented parameter$/,
    ],
    ['as a list', ['429'], /^\/: the parameters: expected an object, received an array$/],
  ]

  test.each(wrongOutcomes)('refuses an outcome %s', async (_given, value, message) => {
    expect(await ask('POST', '/outcomes', value)).toEqual([400, { message: expect.stringMatching(message) }])
    expect(await ask('GET', '/outcomes')).toEqual([200, { outcomes: [] }])
  })

  test('shows the sequences that clients are under way in, and starts them anew', async () => {
    expect(await ask('GET', '/scenarios')).toEqual([200, { scenarios: [] }])
    const client_id = 'customer_id.429x1.granted'
    const answers = async () => [
      await askForToken('secret', client_id),
      await askForToken('secret', client_id),
    ]
    expect(await answers()).toEqual([429, 200])
    expect(await ask('GET', '/scenarios')).toEqual([
      200,
      {
        scenarios: [{ service: 'prove', client_id: 'customer_id', sequence: '429x1.granted', requests: 2 }],
      },
    ])
    expect(await ask('POST', '/scenarios/reset')).toEqual(noContent)
    expect([await ask('GET', '/scenarios'), await answers()]).toEqual([
      [200, { scenarios: [] }],
      [429, 200],
    ])
  })

  test('shows the clock, and moves it', async () => {
    const clock = (now: string) => [200, { now, unix_time: Date.parse(now) / 1000 }]
    expect(await ask('GET', '/clock')).toEqual(clock('2026-11-21T00:00:00.000Z'))
    expect(await ask('PUT', '/clock', { advance: '1h30m' })).toEqual(clock('2026-11-21T01:30:00.000Z'))
    expect(await ask('PUT', '/clock', { advance: 60 })).toEqual(clock('2026-11-21T01:31:00.000Z'))
    expect(await ask('PUT', '/clock', { now: '2030-01-01T00:00:00Z' })).toEqual(
      clock('2030-01-01T00:00:00.000Z'),
    )
    expect(await ask('PUT', '/clock', { now: 0, advance: '1s' })).toEqual(clock('1970-01-01T00:00:01.000Z'))
    expect(server.clock.now()).toBe(1000)
    expect(await ask('POST', '/reset')).toEqual(noContent)
    expect(await ask('GET', '/clock')).toEqual(clock('2026-11-21T00:00:00.000Z'))
  })

  const wrongTimes: ReadonlyArray<[given: string, value: unknown, message: RegExp]> = [
    ['nothing', {}, /^\/: the parameters: expected an object, received a value of another form$/],
    ['another name', { time: 0 }, /"time" is not a documented parameter$/],
    ['no date', { now: 'tomorrow' }, /^expected a time in milliseconds since 1970 or a date/],
    ['a time after the last date', { now: 9e15 }, /^expected a time in milliseconds since 1970 or a date/],
    [
      'no duration',
      { advance: 'soon' },
      /^expected a number of seconds from 0 or a duration such as "1h30m"/,
    ],
    ['true', { now: true }, /^\/now: "now": expected /],
  ]

  test.each(wrongTimes)('does not set the clock by %s', async (_given, value, message) => {
    expect(await ask('PUT', '/clock', value)).toEqual([400, { message: expect.stringMatching(message) }])
    expect(server.clock.now()).toBe(startOfTime)
  })

  test('shows the last time that it can be set to, also when it has run on', async () => {
    let time = startOfTime
    await using moving = await startTokenServer({ now: () => time })
    const put = { method: 'PUT', headers: json, body: '{"now":"9999-12-31T23:59:59.999Z"}' }
    const { status } = await fetch(`${moving.url}/__admin/clock`, put)
    time += 1000
    const response = await fetch(`${moving.url}/__admin/clock`)
    expect([status, await response.json()]).toEqual([
      200,
      { now: '+010000-01-01T00:00:00.999Z', unix_time: 253_402_300_800 },
    ])
  })

  test('forgets tokens, requests, outcomes and sequences at a reset', async () => {
    await askForToken('secret', 'customer_id.429x1.granted')
    await ask('POST', '/outcomes', { outcome: '503' })
    expect(await ask('POST', '/reset')).toEqual(noContent)
    expect([
      await ask('GET', '/requests/count'),
      await ask('GET', '/outcomes'),
      await ask('GET', '/scenarios'),
    ]).toEqual([
      [200, { count: 0 }],
      [200, { outcomes: [] }],
      [200, { scenarios: [] }],
    ])
  })

  test.each([
    '',
    '/',
    '/requests/',
    '/requests/abc',
    '/requests/-1',
    '/request',
    '/__proto__',
    '/constructor',
    '/clock/',
  ])('answers the unknown path /__admin%s with 404 and the known ones', async (path) => {
    expect(await ask('GET', path)).toEqual([
      404,
      {
        message: `expected one of ${paths.map((each) => `/__admin/${each}`).join(', ')}, received another path`,
      },
    ])
  })

  const methods: ReadonlyArray<[method: string, path: string, allow: string]> = [
    ['POST', '/health', 'GET, HEAD'],
    ['GET', '/reset', 'POST'],
    ['HEAD', '/reset', 'POST'],
    ['PUT', '/requests', 'GET, HEAD, DELETE'],
    ['DELETE', '/requests/1', 'GET, HEAD'],
    ['DELETE', '/requests/find', 'GET, HEAD, POST'],
    ['PATCH', '/clock', 'GET, HEAD, PUT'],
    ['OPTIONS', '/outcomes', 'GET, HEAD, POST, DELETE'],
    ['POST', '/requests/stream', 'GET, HEAD'],
  ]

  test.each(methods)('answers %s %s with 405 and the methods that there are', async (method, path, allow) => {
    const response = await fetch(`${server.url}/__admin${path}`, { method })
    const body = method === 'HEAD' ? '' : { message: `expected ${allow}, received another method` }
    expect([response.status, response.headers.get('allow'), contentOf(await response.text())]).toEqual([
      405,
      allow,
      body,
    ])
  })

  test.each(['/health', '/requests', '/clock', '/requests/stream'])(
    'answers HEAD %s without content',
    async (path) => {
      const response = await fetch(`${server.url}/__admin${path}`, { method: 'HEAD' })
      expect([response.status, await response.text()]).toEqual([200, ''])
    },
  )

  const bodies: ReadonlyArray<
    [given: string, contentType: string, body: string, status: number, message: string]
  > = [
    [
      'malformed JSON',
      'application/json',
      '{"status":',
      400,
      'expected a JSON value, received malformed JSON',
    ],
    [
      'a form',
      'application/x-www-form-urlencoded',
      'status=1',
      415,
      'expected a body of application/json, received one of another type',
    ],
    [
      'text, as a page of another site may send it',
      'text/plain',
      '{}',
      415,
      'expected a body of application/json, received one of another type',
    ],
    [
      'what only begins as JSON',
      'application/jsonp',
      '{}',
      415,
      'expected a body of application/json, received one of another type',
    ],
    [
      'a body that is too long',
      'application/json',
      `"${'a'.repeat(200_000)}"`,
      413,
      'expected at most 65536 bytes, received more',
    ],
  ]

  test.each(bodies)('refuses %s', async (_given, contentType, body, status, message) => {
    const headers = { 'content-type': contentType }
    const response = await fetch(`${server.url}/__admin/requests/find`, { method: 'POST', headers, body })
    expect([response.status, await response.json()]).toEqual([status, { message }])
  })

  test('reads JSON of any spelling of its media type, and takes no body for an empty query', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    const init = { method: 'POST', headers, body: '{"status":200}' }
    const response = await fetch(`${server.url}/__admin/requests/count`, init)
    expect([response.status, await response.json()]).toEqual([200, { count: 0 }])
    expect(await ask('POST', '/requests/count')).toEqual([200, { count: 0 }])
  })

  test('answers anything at all', async () => {
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS')
    const path = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...paths.filter((each) => each !== 'requests/stream')) },
      fc.webPath(),
    )
    const search = fc.oneof(fc.constant(''), fc.webQueryParameters(), fc.string())
    const word = fc.constantFrom(
      'now',
      'advance',
      'outcome',
      'service',
      'client_id',
      'status',
      'since',
      '__proto__',
    )
    const value = fc.oneof(
      fc.anything(),
      fc.double(),
      fc.constantFrom('granted', 'slow0s', '1h', '429x0', '.x1'),
    )
    const body = fc.oneof(
      fc.dictionary(word, value, { maxKeys: 3 }).map((each) => textOf(each)),
      fc.jsonValue().map(textOf),
      fc.string(),
    )
    const property = fc.asyncProperty(method, path, search, body, async (method, path, search, body) => {
      const target = encodeURI(`/__admin/${path}?${search}`).replace(/\s/g, '')
      const fields = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]
      const line = `${method} ${target} HTTP/1.1`
      const request = rawRequest(line, fields, body).replace('mock.example', 'localhost')
      const reply = parseRawReply(await exchangeBytes(server.url, new TextEncoder().encode(request)))
      expect([200, 204, 400, 404, 405]).toContain(reply.status)
    })
    await fc.assert(property, { seed: 6749, numRuns: 400 })
  })
})

const json = { 'content-type': 'application/json' }

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? String(each) : each)) ?? ''
}

async function ask(
  method: string,
  path: string,
  value?: unknown,
): Promise<readonly [status: number, body: unknown]> {
  const init = value === undefined ? { method } : { method, headers: json, body: JSON.stringify(value) }
  const response = await fetch(`${server.url}/__admin${path}`, init)
  return [response.status, contentOf(await response.text())]
}

function contentOf(text: string): unknown {
  return text === '' ? '' : JSON.parse(text)
}

async function askForToken(client_secret = 'secret', client_id = 'customer_id'): Promise<number> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret })
  const response = await fetch(`${server.url}/token`, { method: 'POST', body })
  await response.arrayBuffer()
  return response.status
}
