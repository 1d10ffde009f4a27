// Protected routes: who gets in, what everyone else is told, and which paths a pattern is for.
import { describe, expect, test } from 'vitest'
import { findRoute } from '../../src/engine/protected-routes.ts'
import type { MockOptions } from '../../src/host/options.ts'
import { startTokenServer } from '../../src/host/server.ts'
import { hosts, type RunningHost, startOfTime } from './hosts.ts'
import { sendForm } from './token-request.ts'

const client = { client_id: 'example-client', client_secret: 'example-secret' }
const clientCredentials = { grant_type: 'client_credentials', scope: 'read write', ...client }
const lifetimeMs = 3_600_000
const protect: MockOptions['protect'] = [
  '/open/*',
  { path: '/body', body: { balance: 7 } },
  { path: '/list', body: ['a', null] },
  { path: '/null', body: null },
  { path: '/created', status: 201, body: { id: 1 } },
  { path: '/none', status: 204 },
  { path: '/none-with-body', status: 204, body: { id: 1 } },
  { path: '/unchanged', status: 304 },
  { path: '/failing', status: 503, body: { message: 'later' } },
  { path: '/reading', scope: 'read' },
  { path: '/both', scope: 'write read' },
  { path: '/admin', scope: 'admin read' },
  { path: '/open/second', body: 'never reached' },
]

/** Makes an Authorization field of a live access token; `undefined` for none. */
type Show = (token: string) => string | undefined

const right: Show = (token) => `Bearer ${token}`
const bare = 'Bearer realm="api"'
const malformed = [400, { error: 'invalid_request' }, `${bare}, error="invalid_request"`]
const dead = [401, { error: 'invalid_token' }, `${bare}, error="invalid_token"`]
const missing = [401, {}, bare]

const shown: ReadonlyArray<[given: string, show: Show, expected: readonly unknown[]]> = [
  ['a live token', right, [200, {}, null]],
  ['the scheme in another case', (token) => `bEARER ${token}`, [200, {}, null]],
  ['more space than one', (token) => `  Bearer   ${token} `, [200, {}, null]],
  ['no field', () => undefined, missing],
  ['an empty field', () => '', missing],
  ['HTTP Basic', () => `Basic ${btoa('example-client:example-secret')}`, missing],
  ['a token of another scheme', (token) => `DPoP ${token}`, missing],
  ['a token alone', (token) => token, missing],
  ['a scheme that begins like it', (token) => `Bearers ${token}`, missing],
  ['the scheme alone', () => 'Bearer', malformed],
  ['two words', (token) => `Bearer ${token} ${token}`, malformed],
  ['two fields in one', (token) => `Bearer ${token}, Bearer ${token}`, malformed],
  ['a token in quotes', (token) => `Bearer "${token}"`, malformed],
  ['no character of a token', () => 'Bearer ===', malformed],
  ['an unknown token', () => 'Bearer unknown', dead],
  ['a token with a character more', (token) => `Bearer ${token}a`, dead],
  ['a token with a character less', (token) => `Bearer ${token.slice(0, -1)}`, dead],
  ['a token in another case', (token) => `Bearer ${token.toUpperCase()}-`, dead],
]

const replies: ReadonlyArray<[path: string, status: number, body: string, contentType: string | null]> = [
  ['/open/anything', 200, '{}', 'application/json'],
  ['/open/second', 200, '{}', 'application/json'],
  ['/body', 200, '{"balance":7}', 'application/json'],
  ['/list', 200, '["a",null]', 'application/json'],
  ['/null', 200, 'null', 'application/json'],
  ['/created', 201, '{"id":1}', 'application/json'],
  ['/none', 204, '', null],
  ['/none-with-body', 204, '', null],
  ['/unchanged', 304, '', null],
  ['/failing', 503, '{"message":"later"}', 'application/json'],
  ['/reading', 200, '{}', 'application/json'],
  ['/both', 200, '{}', 'application/json'],
]

describe.each(hosts)('protected routes on $name', (host) => {
  const start = (options: MockOptions = {}) => host.start({ services: ['rfc6749'], protect, ...options })

  test.each(shown)('%s', async (_given, show, expected) => {
    await using running = await start()
    const authorization = show(await tokenOf(running))
    const reply = await running.fetch('/open/x', {
      headers: authorization === undefined ? {} : { authorization },
    })
    expect([reply.status, await reply.json(), reply.headers.get('www-authenticate')]).toEqual(expected)
  })

  test.each(replies)('%s answers with %d %s', async (path, status, body, contentType) => {
    await using running = await start()
    const reply = await call(running, path, await tokenOf(running))
    expect([reply.status, await reply.text(), reply.headers.get('content-type')]).toEqual([
      status,
      body,
      contentType,
    ])
  })

  test('a token without the scope of the route is refused, and the scope is named', async () => {
    await using running = await start()
    const reply = await call(running, '/admin', await tokenOf(running))
    expect([reply.status, await reply.json(), reply.headers.get('www-authenticate')]).toEqual([
      403,
      { error: 'insufficient_scope' },
      `${bare}, error="insufficient_scope", scope="admin read"`,
    ])
  })

  const formats: ReadonlyArray<[format: 'opaque' | 'jwt']> = [['opaque'], ['jwt']]

  test.each(formats)('a token (%s) is taken until the millisecond in which it expires', async (format) => {
    let now = startOfTime
    await using running = await start({ now: () => now, accessTokens: { format } })
    const token = await tokenOf(running)
    now += lifetimeMs - 1
    expect((await call(running, '/open/x', token)).status).toBe(200)
    now += 1
    expect((await call(running, '/open/x', token)).status).toBe(401)
  })

  test.each(formats)('a token (%s) is taken until it is revoked', async (format) => {
    await using running = await start({ accessTokens: { format } })
    const [token, other] = [await tokenOf(running), await tokenOf(running)]
    await sendForm(running, '/revoke', { token, ...client })
    const replies = [await call(running, '/open/x', token), await call(running, '/open/x', other)]
    expect(replies.map(({ status }) => status)).toEqual([401, 200])
  })

  test('a JWT of one letter less is refused, as is one of another mock', async () => {
    await using running = await start({ accessTokens: { format: 'jwt', seed: 'tokenwright' } })
    const token = await tokenOf(running)
    await using another = await host.start({ services: ['rfc6749'], protect })
    expect((await call(running, '/open/x', token.slice(0, -1))).status).toBe(401)
    expect((await call(another, '/open/x', token)).status).toBe(401)
  })

  test('a refresh token is no access token', async () => {
    await using running = await start()
    const user = { username: 'example-user', password: 'example-password' }
    const { body } = await sendForm(running, '/token', { grant_type: 'password', ...user, ...client })
    expect((await call(running, '/open/x', JSON.parse(body).refresh_token)).status).toBe(401)
  })

  test('every method is answered, HEAD without content', async () => {
    await using running = await start()
    const token = await tokenOf(running)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const reply = await call(running, '/body', token, { method })
      expect([reply.status, await reply.json()]).toEqual([200, { balance: 7 }])
    }
    const head = await call(running, '/body', token, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test('an endpoint stands before a route of its path, and another path is unknown', async () => {
    await using running = await host.start({ services: ['rfc6749'], protect: ['/rfc6749/*'] })
    const { status, body } = await sendForm(running, '/rfc6749/token', clientCredentials)
    const token = JSON.parse(body).access_token
    expect([status, (await call(running, '/rfc6749/other', token)).status]).toEqual([200, 200])
    await using without = await host.start({ services: ['rfc6749'] })
    expect((await call(without, '/rfc6749/other', token)).status).toBe(404)
  })

  test('a route takes the tokens of every service, at the root and under each name', async () => {
    await using running = await host.start({ protect: ['/v3/*'] })
    const { body } = await sendForm(running, '/rfc6749/token', clientCredentials)
    const token = JSON.parse(body).access_token
    for (const path of ['/v3/start', '/prove/v3/start', '/moov/v3/start', '/rfc6749/v3/start'])
      expect([path, (await call(running, path, token)).status]).toEqual([path, 200])
  })

  test('a service refuses API calls in its own words', async () => {
    const api = { path: '/v3/*', scope: 'admin' }
    await using running = await host.start({ services: ['prove'], protect: [api] })
    const request = { grant_type: 'client_credentials', client_id: 'customer_id', client_secret: 'secret' }
    const { body } = await sendForm(running, '/token', request)
    const replies = [
      await call(running, '/v3/start', 'unknown'),
      await call(running, '/v3/start', JSON.parse(body).access_token),
    ]
    expect(await Promise.all(replies.map(async (reply) => [reply.status, await reply.json()]))).toEqual([
      [401, { code: 8002, message: 'not authorized' }],
      [403, { code: 8003, message: 'Access forbidden: insufficient permissions' }],
    ])
  })

  test('a refused call is told why, without the token', async () => {
    await using running = await start()
    const reply = await call(running, '/open/x', 'hunter2')
    expect(reply.headers.get('tokenwright-reason')).toBe(
      'rfc6750-3.1-live-token: expected a live access token, received another. ' +
        'An access token was issued here, has not expired, and has not been revoked (RFC 6750 section 3.1).',
    )
  })

  const wrong: ReadonlyArray<[given: string, protect: unknown, message: RegExp]> = [
    ['a path without a slash', ['v3/*'], /^protect\/0/],
    ['a URL', ['https://api.example/v3/*'], /^protect\/0/],
    ['a status of no reply', [{ path: '/v3', status: 101 }], /^protect\/0/],
    ['a scope that would break out of its field', [{ path: '/v3', scope: 'a"\r\nx: y' }], /^protect\/0/],
    ['an unknown member', [{ path: '/v3', role: 'admin' }], /^protect\/0/],
    ['a body that is no JSON', [{ path: '/v3', body: { at: 1n } }], /^protect: expected JSON values/],
  ]

  test.each(wrong)('%s is an error', async (_given, routes, message) => {
    const starting = host.start({ protect: routes } as MockOptions)
    await expect(starting).rejects.toMatchObject({ code: 'ERR_OPTION_INVALID' })
    await expect(starting).rejects.toThrow(message)
  })
})

const patterns: ReadonlyArray<[pattern: string, matched: readonly string[], others: readonly string[]]> = [
  ['/v3/*', ['/v3/', '/v3/start', '/v3/a/b'], ['/v3', '/v4/start', '/v33', '/x/v3/start', '/V3/start']],
  ['/v3*', ['/v3', '/v3/start', '/v33'], ['/v']],
  ['/v3', ['/v3'], ['/v3/', '/v33', '/']],
  ['/', ['/'], ['/v3', '//']],
  ['/*', ['/', '/v3', '/a/b'], []],
  ['/*/start', ['/v3/start', '//start', '/a/b/start'], ['/start', '/v3/start/', '/v3/starts']],
  ['/a*b*c', ['/abc', '/aXbYc', '/abbcc', '/abcbc'], ['/acb', '/ab', '/abcX', '/ac']],
  ['/a*a', ['/aa', '/aXa', '/aaa'], ['/a', '/aX']],
  ['/ab*ba', ['/abba', '/abXba'], ['/aba', '/ab']],
  ['/a**b', ['/ab', '/aXb'], ['/a']],
  ['/a.b', ['/a.b'], ['/aXb']],
  ['/a+(b)?[c]', ['/a+(b)?[c]'], ['/aab', '/a']],
  ['/a/:id', ['/a/:id'], ['/a/7']],
]

describe('the pattern of a route', () => {
  const isFor = (pattern: string, path: string) => findRoute([{ path: pattern }], path, []) !== undefined

  test.each(patterns)('%s', (pattern, matched, others) => {
    expect(matched.filter((path) => !isFor(pattern, path))).toEqual([])
    expect(others.filter((path) => isFor(pattern, path))).toEqual([])
  })

  const long = 50_000
  const slow: ReadonlyArray<[pattern: string, path: string, isMatched: boolean]> = [
    [`/${'a*'.repeat(1000)}b`, `/${'a'.repeat(long)}`, false],
    [`/${'a*'.repeat(1000)}a`, `/${'a'.repeat(long)}`, true],
    [`/${'*'.repeat(1000)}b`, `/${'a'.repeat(long)}`, false],
    [`/${'*aab'.repeat(1000)}*b`, `/${'a'.repeat(long)}b`, false],
    [`/*${'a'.repeat(1000)}b*`, `/${'a'.repeat(long)}`, false],
  ]

  // Tried in every way, a thousand stars would take longer than the sun has.
  test.each(slow)(
    'however many stars it has, looks at a path once',
    { timeout: 1000 },
    (pattern, path, isMatched) => {
      expect(isFor(pattern, path)).toBe(isMatched)
    },
  )

  test('of two routes the first counts', () => {
    const [first, second] = [{ path: '/v3/*' }, { path: '/v3/start' }]
    expect(findRoute([first, second], '/v3/start', [])).toBe(first)
    expect(findRoute([second, first], '/v3/start', [])).toBe(second)
  })
})

test('the journal says which call was refused and why, and keeps no token', async () => {
  await using server = await startTokenServer({ services: ['rfc6749'], protect })
  await fetch(`${server.url}/open/x`, { headers: { authorization: 'Bearer hunter2' } })
  const entries = server.journal.find({ rule: 'rfc6750-3.1-live-token' })
  expect(entries.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['GET', '/open/****', 401],
  ])
  expect(JSON.stringify(entries)).not.toContain('hunter2')
})

async function tokenOf(running: RunningHost): Promise<string> {
  return JSON.parse((await sendForm(running, '/token', clientCredentials)).body).access_token
}

function call(running: RunningHost, path: string, token: string, init: RequestInit = {}): Promise<Response> {
  return running.fetch(path, { ...init, headers: { authorization: `Bearer ${token}` } })
}
