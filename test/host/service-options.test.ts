// The choices that a service's documents leave open: each value of each option, by what it changes for a client.
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { MockOptions } from '../../src/host/options.ts'
import { startTokenServer } from '../../src/host/server.ts'
import { chooseOptions } from '../../src/service/options.ts'
import type { Service } from '../../src/service/service.ts'
import { moov } from '../../src/services/moov/service.ts'
import { services } from '../../src/services/services.ts'
import { hosts, type RunningHost, startOfTime } from './hosts.ts'
import { contentOf, sendForm } from './token-request.ts'

const proveClient = { client_id: 'customer_id', client_secret: 'secret' }
const moovClient = { client_id: '5clTR_MdVrrkgxw2', client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' }
const baselineClient = { client_id: 'example-client', client_secret: 'example-secret' }
const page = {
  client_id: 'page-client',
  client_secret: 'page-secret',
  origins: ['app.example', 'Shop.example'],
}
const user = { username: 'example-user', password: 'example-password' }
const clientCredentials = { grant_type: 'client_credentials', scope: 'read' }
const proveRequest = { grant_type: 'client_credentials', ...proveClient }
const moovRequest = { ...clientCredentials, ...moovClient }

/** What a client sees of an option, and what that is under each of its values, the default first. */
interface Effect {
  readonly see: (running: RunningHost) => Promise<unknown>
  readonly values: Readonly<Record<string, unknown>>
}

const effects: Readonly<Record<string, Effect>> = {
  'rfc6749.refresh_tokens': {
    see: (running) =>
      seeRefreshes(running, '/rfc6749/token', { grant_type: 'password', ...user }, baselineClient),
    values: {
      rotate_and_revoke: ['another', 400, 400],
      rotate: ['another', 400, 200],
      rotate_with_grace: ['another', 200, 200],
      keep: ['the same', 200, 200],
      none: ['none', 400, 400],
    },
  },
  'moov.refresh_tokens': {
    see: (running) => seeRefreshes(running, '/moov/oauth2/token', clientCredentials, moovClient),
    values: {
      rotate: ['another', 400, 200],
      rotate_and_revoke: ['another', 400, 400],
      rotate_with_grace: ['another', 200, 200],
      keep: ['the same', 200, 200],
    },
  },
  'moov.expires_in': {
    see: async (running) =>
      JSON.parse((await sendForm(running, '/moov/oauth2/token', moovRequest)).body).expires_in,
    values: { seconds: 900, unix_time: startOfTime / 1000 + 900 },
  },
  'moov.origin': {
    see: async (running) =>
      (await sendForm(running, '/moov/oauth2/token', { ...clientCredentials, ...idOf(page) })).status,
    values: { ignored: 200, registered: 401 },
  },
  'moov.rate_limit': {
    see: (running) => countReplies(running, '/moov/oauth2/token', moovRequest, 41),
    values: { off: { 200: 41 }, documented: { 200: 40, 429: 1 } },
  },
  'prove.rate_limit': {
    see: (running) => countReplies(running, '/prove/token', proveRequest, 26),
    values: { off: { 200: 26 }, documented: { 200: 25, 429: 1 } },
  },
  'prove.error_body': {
    see: async (running) => {
      const replies = []
      for (const wrong of [{ client_secret: 'wrong' }, { grant_type: 'coupon' }, { client_id: '' }])
        replies.push(contentOf(await sendForm(running, '/prove/token', { ...proveRequest, ...wrong })))
      const json = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }
      const other = await running.fetch('/prove/token', json)
      return [...replies, [other.status, await other.json()]]
    },
    values: {
      prove: [
        [401, { code: 8002, message: 'not authorized' }],
        [400, { code: 1001, message: 'invalid request' }],
        [401, { code: 8002, message: 'not authorized' }],
        [400, { code: 1001, message: 'invalid request' }],
      ],
      rfc6749: [
        [401, { error: 'invalid_client' }],
        [400, { error: 'unsupported_grant_type' }],
        [401, { error: 'invalid_client' }],
        [400, { error: 'invalid_request' }],
      ],
    },
  },
}

const all: readonly Service[] = services
const rows = Object.entries(effects).flatMap(([option, { see, values }]) =>
  Object.entries(values).map(([value, seen]) => [option, value, see, seen] as const),
)
const defaults = Object.entries(effects).map(
  ([option, { see, values }]) => [option, see, Object.values(values)[0]] as const,
)

/** Services with a row or more; one that is new may go without, as adding a service edits no test. */
const shownServices = new Set(Object.keys(effects).map((option) => option.split('.')[0]))

test('every value of every option of these services has a row, the default first', () => {
  const valuesOf = (service: Service) =>
    Object.entries(service.options ?? {}).map(([name, { values }]) => [
      `${service.id}.${name}`,
      Object.keys(values),
    ])
  const known = all.filter(({ id }) => shownServices.has(id)).flatMap(valuesOf)
  const shown = Object.entries(effects).map(([option, { values }]) => [option, Object.keys(values)] as const)
  // Lists are compared in order: the first of them is the default.
  expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(known))
})

const everyOption = all.flatMap((service) =>
  Object.entries(service.options ?? {}).map(
    ([name, { values }]) => [service.id, name, service, values] as const,
  ),
)

test.each(everyOption)(
  '%s.%s: the first value changes nothing, and every other something',
  (id, name, service, values) => {
    const [first, ...others] = Object.keys(values).map((value) =>
      chooseOptions([service], { [id]: { [name]: value } }),
    )
    expect(first).toEqual([service])
    expect(others.filter(([patched]) => isDeepStrictEqual(patched, service))).toEqual([])
  },
)

describe.each(hosts)('options on $name', (host) => {
  const start = (options: MockOptions) => host.start({ clients: [page], ...options })

  test.each(rows)('%s=%s', async (option, value, see, seen) => {
    const [service = '', name = ''] = option.split('.')
    await using running = await start({ options: { [service]: { [name]: value } } })
    expect(await see(running)).toEqual(seen)
  })

  test.each(defaults)('%s is its first value where none is chosen', async (_option, see, seen) => {
    await using running = await start({})
    expect(await see(running)).toEqual(seen)
  })

  test('several are chosen at once, for one service and for others', async () => {
    const options = {
      moov: { expires_in: 'unix_time', refresh_tokens: 'keep' },
      prove: { error_body: 'rfc6749' },
    }
    await using running = await start({ options })
    for (const option of ['moov.expires_in', 'moov.refresh_tokens', 'prove.error_body']) {
      const [service, name] = option.split('.') as ['moov', 'expires_in']
      const { see, values } = effects[option] as Effect
      expect(await see(running)).toEqual(values[options[service][name]])
    }
  })

  const wrong: ReadonlyArray<[given: string, options: unknown, message: string | RegExp]> = [
    [
      'a service that is not served',
      { acme: { expires_in: 'seconds' } },
      'expected options of a service that is served, received "acme"; known: prove, moov',
    ],
    [
      'an unknown option',
      { moov: { token_type: 'bearer' } },
      'expected an option of moov, received "token_type"; known: expires_in, refresh_tokens, origin, rate_limit',
    ],
    [
      'an unknown value',
      { moov: { expires_in: 'minutes' } },
      'expected a value of moov.expires_in, received "minutes"; known: seconds, unix_time',
    ],
    [
      'the name of a method for an option',
      { moov: { toString: 'seconds' } },
      'expected an option of moov, received "toString"; known: expires_in, refresh_tokens, origin, rate_limit',
    ],
    [
      'the name of a method for a value',
      { moov: { expires_in: 'constructor' } },
      'expected a value of moov.expires_in, received "constructor"; known: seconds, unix_time',
    ],
    ['a value that is no text', { moov: { expires_in: 900 } }, /^options\/moov\/expires_in: .*expected /],
    ['a list', { moov: ['expires_in'] }, /^options\/moov: .*expected /],
  ]

  test.each(wrong)('%s is an error', async (_given, options, message) => {
    const starting = host.start({ services: ['moov', 'prove'], options } as MockOptions)
    await expect(starting).rejects.toMatchObject({ name: 'TokenwrightError', code: 'ERR_OPTION_INVALID' })
    await expect(starting).rejects.toThrow(message)
  })
})

describe('an option', () => {
  test('leaves the service as it was, and changes nothing but what its value names', () => {
    const before = structuredClone(moov)
    const [patched] = chooseOptions([moov], {
      moov: { refresh_tokens: 'rotate_and_revoke', rate_limit: 'documented' },
    })
    expect(moov).toEqual(before)
    expect(patched).toEqual({
      ...before,
      tokens: { ...before.tokens, revokesFamilyOnReuse: true },
      limits: { ...before.limits, requestsPerSecond: 40 },
    })
  })

  test('is for single variants as well as for the whole service', async () => {
    await using server = await startTokenServer({
      services: ['moov/ruby'],
      options: { moov: { expires_in: 'unix_time' } },
      now: () => startOfTime,
    })
    const body = new URLSearchParams(moovRequest)
    const reply = await fetch(`${server.url}/oauth2/token`, { method: 'POST', body })
    expect(((await reply.json()) as { expires_in: number }).expires_in).toBe(startOfTime / 1000 + 900)
  })

  const limits: ReadonlyArray<
    [service: string, allowed: number, path: string, request: Readonly<Record<string, string>>]
  > = [
    ['prove', 25, '/token', proveRequest],
    ['moov', 40, '/oauth2/token', moovRequest],
  ]

  test.each(limits)(
    'limits %s to %d requests in a second, and the clock brings the next',
    async (service, allowed, path, request) => {
      await using server = await startTokenServer({
        services: [service],
        options: { [service]: { rate_limit: 'documented' } },
        now: () => startOfTime,
      })
      const ask = async (count: number) => {
        const body = new URLSearchParams(request)
        const replies = []
        for (let asked = 0; asked < count; asked += 1)
          replies.push(await fetch(server.url + path, { method: 'POST', body }))
        return Promise.all(
          replies.map(async (reply) => [
            reply.status,
            reply.headers.get('retry-after'),
            (await reply.text()) === '',
          ]),
        )
      }
      const granted = Array.from({ length: allowed }, () => [200, null, false])
      const refused = [429, '1', true]
      expect(await ask(allowed + 2)).toEqual([...granted, refused, refused])
      server.clock.advance('999ms')
      expect(await ask(1)).toEqual([refused])
      server.clock.advance('1ms')
      expect(await ask(allowed + 1)).toEqual([...granted, refused])
      server.clock.advance(Number(refused[1]))
      expect(await ask(1)).toEqual([[200, null, false]])
    },
  )
})

const domains: ReadonlyArray<[sent: string, headers: Readonly<Record<string, string>>, isGranted: boolean]> =
  [
    ['neither field', {}, false],
    ['a registered Origin', { origin: 'https://app.example' }, true],
    ['a registered Origin of http', { origin: 'http://app.example' }, true],
    ['a registered Origin with a port', { origin: 'https://app.example:8443' }, true],
    ['a registered Origin in capitals', { origin: 'https://APP.example' }, true],
    ['an Origin that is registered in capitals', { origin: 'https://shop.example' }, true],
    ['a domain below a registered one', { origin: 'https://www.app.example' }, false],
    ['a domain that ends like a registered one', { origin: 'https://notapp.example' }, false],
    ['a domain that begins like a registered one', { origin: 'https://app.example.evil.example' }, false],
    ['a registered domain as the user of another', { origin: 'https://app.example@evil.example' }, false],
    ['an Origin with a path', { origin: 'https://app.example/login' }, false],
    ['an Origin with a final slash', { origin: 'https://app.example/' }, false],
    ['a domain without a scheme', { origin: 'app.example' }, false],
    ['another scheme', { origin: 'ftp://app.example' }, false],
    ['the Origin of a sandbox', { origin: 'null' }, false],
    ['localhost', { origin: 'http://localhost:3000' }, false],
    ['a registered Referer', { referer: 'https://app.example' }, true],
    ['a registered Referer with a path', { referer: 'https://app.example/login?next=%2F' }, true],
    ['another Referer', { referer: 'https://other.example/app.example' }, false],
    ['a Referer of localhost', { referer: 'http://localhost/login' }, false],
    [
      'a registered Origin and another Referer',
      { origin: 'https://app.example', referer: 'https://other.example' },
      true,
    ],
    [
      'another Origin and a registered Referer',
      { origin: 'https://other.example', referer: 'https://app.example' },
      false,
    ],
  ]

describe.each(hosts)('registered origins on $name', (host) => {
  const registered = { ...page, origins: [...page.origins, 'localhost'] }
  const start = () =>
    host.start({ options: { moov: { origin: 'registered' } }, clients: [registered], protect: ['/api'] })

  test.each(domains)('a token request with %s', async (_sent, headers, isGranted) => {
    await using running = await start()
    const request = { ...clientCredentials, ...idOf(page) }
    const reply = await sendForm(running, '/moov/oauth2/token', request, headers)
    expect([reply.status, reply.body === '']).toEqual(isGranted ? [200, false] : [401, true])
  })

  test.each(domains)('a call with the token and %s', async (_sent, headers, isGranted) => {
    await using running = await start()
    const request = { ...clientCredentials, ...idOf(page) }
    const granted = await sendForm(running, '/moov/oauth2/token', request, { origin: 'https://app.example' })
    const authorization = `Bearer ${JSON.parse(granted.body).access_token}`
    const reply = await running.fetch('/moov/api', { headers: { ...headers, authorization } })
    expect(reply.status).toBe(isGranted ? 200 : 401)
  })

  test('a client that is registered with none is asked for none', async () => {
    await using running = await start()
    expect((await sendForm(running, '/moov/oauth2/token', moovRequest)).status).toBe(200)
  })

  test('a client cannot be registered with a URL, which no domain would match', async () => {
    const starting = host.start({ clients: [{ ...page, origins: ['https://app.example'] }] })
    await expect(starting).rejects.toThrow(/^clients\/0\/origins\/0: .*expected /)
  })
})

const versions: ReadonlyArray<[version: string, isWellFormed: boolean]> = [
  ['v2024.01.00', true],
  ['v2026.07.00', true],
  ['v2026.10.12', true],
  // Unknown, and answered as the newest one before it.
  ['v2099.01.00', true],
  ['2022', false],
  ['v2026', false],
  ['v2026.07', false],
  ['v2026.7.0', false],
  ['V2026.07.00', false],
  ['2026.07.00', false],
  ['v2026.07.00.1', false],
  ['v2026-07-00', false],
  ['latest', false],
  ['', false],
  ['v2024.01.00, v2026.07.00', false],
]

describe.each(hosts)('X-Moov-Version on $name', (host) => {
  test.each(versions)('"%s"', async (version, isWellFormed) => {
    await using running = await host.start()
    const headers = { 'x-moov-version': version }
    const asked = await sendForm(running, '/moov/oauth2/token', moovRequest, headers)
    const revoked = await sendForm(running, '/moov/oauth2/revoke', { token: 'x', ...moovClient }, headers)
    expect([asked.status, revoked.status]).toEqual(isWellFormed ? [200, 204] : [404, 404])
    if (!isWellFormed) expect([asked.body, revoked.body]).toEqual(['', ''])
  })

  test('absent is the oldest version', async () => {
    await using running = await host.start()
    expect((await sendForm(running, '/moov/oauth2/token', moovRequest)).status).toBe(200)
  })

  test('malformed is told before wrong credentials are', async () => {
    await using running = await host.start()
    const headers = { 'x-moov-version': '2022' }
    const wrong = { ...moovRequest, client_secret: 'wrong' }
    expect((await sendForm(running, '/moov/oauth2/token', wrong, headers)).status).toBe(404)
  })

  test('is no matter to another service', async () => {
    await using running = await host.start()
    const headers = { 'x-moov-version': '2022' }
    expect((await sendForm(running, '/prove/token', proveRequest, headers)).status).toBe(200)
  })
})

/** What the refreshed token is to the first, and how a second use and the newest token are answered after it. */
async function seeRefreshes(
  running: RunningHost,
  path: string,
  request: Readonly<Record<string, string>>,
  client: Readonly<Record<string, string>>,
): Promise<unknown> {
  const { refresh_token: first = '' } = JSON.parse(
    (await sendForm(running, path, { ...request, ...client })).body,
  )
  const refresh = (refresh_token: string) =>
    sendForm(running, path, { grant_type: 'refresh_token', refresh_token, ...client })
  const { refresh_token: newest } = JSON.parse((await refresh(first)).body)
  const again = await refresh(first)
  const relation = newest === first ? 'the same' : 'another'
  return [first === '' ? 'none' : relation, again.status, (await refresh(newest ?? '')).status]
}

/** By status, the number of replies. */
async function countReplies(
  running: RunningHost,
  path: string,
  request: Readonly<Record<string, string>>,
  count: number,
): Promise<Readonly<Record<number, number>>> {
  const counts: Record<number, number> = {}
  for (let asked = 0; asked < count; asked += 1) {
    const { status } = await sendForm(running, path, request)
    counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

function idOf({ client_id, client_secret }: typeof page): Readonly<Record<string, string>> {
  return { client_id, client_secret }
}
