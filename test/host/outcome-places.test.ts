// Where outcomes apply: at every endpoint of a service, whatever becomes of the request, and at nothing else.
import { describe, expect, test } from 'vitest'
import type { MockOptions } from '../../src/host/options.ts'
import { hosts, type RunningHost, startOfTime } from './hosts.ts'
import { contentOf, read, sendForm, sendJson } from './token-request.ts'

const example = { client_id: 'example-client', client_secret: 'example-secret' }
const moovClient = { client_id: '5clTR_MdVrrkgxw2', client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' }
const user = { username: 'example-user', password: 'example-password' }
const formats: ReadonlyArray<[format: string, options: MockOptions]> = [
  ['an opaque access token', {}],
  ['a JWT', { accessTokens: { format: 'jwt', alg: 'ES256' } }],
]
const only: MockOptions = { services: ['rfc6749'], protect: ['/api/*'] }

/** What becomes of an access token, of its refresh token, and of what its reply says. */
interface Fate {
  readonly isLive: boolean
  readonly isRefreshed: boolean
  readonly expires_in: number
  /** When a JWT expires, from now. */
  readonly expiresInSeconds: number
}

const usual: Fate = { isLive: true, isRefreshed: true, expires_in: 3600, expiresInSeconds: 3600 }
const fates: ReadonlyArray<[outcome: string, fate: Fate]> = [
  ['granted', usual],
  ['expired', { ...usual, isLive: false, expiresInSeconds: -1 }],
  ['revoked', { ...usual, isLive: false }],
  ['revoke_all', usual],
  ['short', { ...usual, expires_in: 1 }],
  ['slow0s', usual],
]

describe.each(hosts)('outcomes on $name', (host) => {
  describe.each(formats)('%s', (format, options) => {
    test.each(fates)('that is issued as %s', async (outcome, fate) => {
      await using running = await host.start({ ...only, ...options })
      const granted = await askForToken(running, `example-client.${outcome}`)
      const { access_token, refresh_token, expires_in } = granted
      expect(expires_in).toBe(fate.expires_in)
      if (format === 'a JWT')
        expect(claimsIn(access_token).exp).toBe(startOfTime / 1000 + fate.expiresInSeconds)
      expect(await isLive(running, access_token)).toEqual([fate.isLive, fate.isLive ? 200 : 401])
      const refreshed = await sendForm(running, '/token', {
        ...example,
        grant_type: 'refresh_token',
        refresh_token,
      })
      expect(refreshed.status).toBe(fate.isRefreshed ? 200 : 400)
    })

    test('that was issued before revoke_all is dead, its refresh token with it, and those of others are not', async () => {
      const other = { client_id: 'other-client', client_secret: 'other-secret' }
      await using running = await host.start({ ...only, ...options, clients: [other] })
      const [own, others] = [
        await askForToken(running, 'example-client'),
        await askForToken(running, 'other-client', 'other-secret'),
      ]
      const newer = await askForToken(running, 'example-client.revoke_all')
      expect([
        await isLive(running, own.access_token),
        await isLive(running, others.access_token),
        await isLive(running, newer.access_token),
      ]).toEqual([
        [false, 401],
        [true, 200],
        [true, 200],
      ])
      const refresh = { ...example, grant_type: 'refresh_token', refresh_token: own.refresh_token }
      expect(contentOf(await sendForm(running, '/token', refresh))).toEqual([400, { error: 'invalid_grant' }])
    })
  })

  test('revoke_all of a service without client authentication takes the tokens that have no client', async () => {
    await using running = await host.start({
      services: ['prove/typescript-0.1.8', 'prove'],
      protect: ['/api/*'],
    })
    const resourceOwner = { grant_type: 'password', username: 'jdoe', password: 'password' }
    const ask = async (path: string, parameters: Readonly<Record<string, string>>, prefer?: string) =>
      JSON.parse((await sendForm(running, path, parameters, prefer ? { prefer } : {})).body)
    const owned = await ask('/v3/token', { ...resourceOwner, client_id: 'customer_id' })
    const first = await ask('/v3/token', resourceOwner)
    // A client that is not known has no tokens, and takes none.
    const stranger = { grant_type: 'client_credentials', client_id: 'stranger', client_secret: 'secret' }
    await ask('/token', stranger, 'outcome=revoke_all')
    expect(await routeStatus(running, first.access_token, 'prove')).toBe(200)
    const second = await ask('/v3/token', resourceOwner, 'outcome=revoke_all')
    expect([
      await routeStatus(running, first.access_token, 'prove'),
      await routeStatus(running, second.access_token, 'prove'),
      await routeStatus(running, owned.access_token, 'prove'),
    ]).toEqual([401, 200, 200])
  })

  const metadata = '/.well-known/oauth-authorization-server'
  const about = { ...example, token: 'unknown' }
  const withToken = (path: string): Request => ({ path, method: 'POST', body: new URLSearchParams(about) })
  type Request = { readonly path: string; readonly method: string; readonly body?: URLSearchParams }
  const get = (path: string): Request => ({ path, method: 'GET' })
  const page = '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>'

  const replies: ReadonlyArray<[request: Request, outcome: string, status: number, body: string]> = [
    [get('/jwks'), 'granted', 200, '{"keys":[]}'],
    [get('/jwks'), '503', 503, ''],
    [get('/jwks'), 'html', 200, page],
    [get('/jwks'), 'malformed_json', 200, '{"keys":[]'],
    [get('/jwks'), 'short', 200, '{"keys":[]}'],
    [get('/jwks'), 'expired', 200, '{"keys":[]}'],
    [get('/jwks'), 'revoke_all', 200, '{"keys":[]}'],
    [get('/jwks'), 'nonsense', 400, '{"error":"invalid_request"}'],
    [get(metadata), 'empty', 200, ''],
    [get(metadata), 'invalid_client', 401, '{"error":"invalid_client"}'],
    [withToken('/introspect'), 'granted', 200, '{"active":false}'],
    [withToken('/introspect'), '503', 503, ''],
    [withToken('/introspect'), 'form_encoded', 200, 'active=false'],
    [withToken('/introspect'), 'further_members', 200, '{"active":false}'],
    [withToken('/introspect'), 'no_access_token', 200, '{"active":false}'],
    [withToken('/revoke'), 'granted', 200, ''],
    [withToken('/revoke'), '500', 500, '{"error":"server_error"}'],
    [withToken('/revoke'), 'html', 200, page],
    [withToken('/revoke'), 'malformed_json', 200, ''],
    [withToken('/revoke'), 'charset', 200, ''],
    [withToken('/revoke'), 'drip', 200, ''],
    [withToken('/revoke'), 'truncated', 200, ''],
  ]
  test.each(replies)('$path with %s', async ({ path, ...init }, outcome, status, body) => {
    await using running = await host.start({ ...only, wait: async () => {} })
    const reply = await read(
      await running.fetch(`/rfc6749${path}`, { ...init, headers: { prefer: `outcome=${outcome}` } }),
    )
    expect([reply.status, reply.body]).toEqual([status, body])
  })

  test.each(['html', 'malformed_json', 'form_encoded', 'empty', 'charset', 'drip', 'truncated', 'short'])(
    'a reply of 204 with %s stays without content',
    async (outcome) => {
      const waitsMs: number[] = []
      await using running = await host.start({
        wait: async (milliseconds) => void waitsMs.push(milliseconds),
      })
      const { status, headers, body } = await sendJson(
        running,
        '/oauth2/revoke',
        { token: 'unknown', ...moovClient },
        { prefer: `outcome=${outcome}` },
      )
      expect([status, headers.get('content-type'), body, waitsMs]).toEqual([204, null, '', []])
    },
  )

  test('a suffix counts at each endpoint that takes the client', async () => {
    await using running = await host.start(only)
    const ask = async (path: string, parameters: Readonly<Record<string, string>>) =>
      (await sendForm(running, path, { ...example, client_id: 'example-client.429x2', ...parameters })).status
    expect([
      await ask('/introspect', { token: 'unknown' }),
      await ask('/revoke', { token: 'unknown' }),
      await ask('/token', { grant_type: 'client_credentials' }),
    ]).toEqual([429, 429, 200])
  })

  const early: ReadonlyArray<[given: string, path: string, init: RequestInit]> = [
    ['another method', '/token', { method: 'GET' }],
    [
      'another media type',
      '/token',
      { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } },
    ],
    [
      'a body that is too long',
      '/token',
      { method: 'POST', body: new URLSearchParams({ a: 'a'.repeat(70_000) }) },
    ],
    ['a body that is malformed', '/token', { method: 'POST', body: new URLSearchParams('a=1&a=1') }],
    ['another method for a document', '/jwks', { method: 'POST' }],
  ]
  test.each(early)('a request with %s has the outcome that it prefers', async (_given, path, init) => {
    const waitsMs: number[] = []
    await using running = await host.start({
      ...only,
      wait: async (milliseconds) => void waitsMs.push(milliseconds),
    })
    const ask = async (outcome: string) => {
      const headers = { ...(init.headers as object), prefer: `outcome=${outcome}` }
      return (await read(await running.fetch(path, { ...init, headers }))).status
    }
    const usually = (await read(await running.fetch(path, init))).status
    expect([await ask('503'), await ask('granted'), await ask('slow2s'), waitsMs]).toEqual([
      503,
      usually,
      usually,
      [2000],
    ])
  })

  test('HEAD has the fields of a reply and waits for it, but has no pieces', async () => {
    const waitsMs: number[] = []
    await using running = await host.start({
      ...only,
      wait: async (milliseconds) => void waitsMs.push(milliseconds),
    })
    for (const outcome of ['slow2s', 'drip', 'truncated', 'charset']) {
      const headers = { prefer: `outcome=${outcome}` }
      const reply = await read(await running.fetch('/jwks', { method: 'HEAD', headers }))
      const charset = outcome === 'charset' ? '; charset=utf-8' : ''
      expect([reply.status, reply.headers.get('content-type'), reply.body]).toEqual([
        200,
        `application/json${charset}`,
        '',
      ])
    }
    expect(waitsMs).toEqual([2000])
  })

  test('a preflight request has none', async () => {
    await using running = await host.start(only)
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      prefer: 'code=503',
    }
    expect((await running.fetch('/token', { method: 'OPTIONS', headers })).status).toBe(204)
  })

  test('a protected route has none', async () => {
    await using running = await host.start(only)
    const { access_token } = await askForToken(running, 'example-client')
    const headers = { authorization: `Bearer ${access_token}`, prefer: 'code=503' }
    expect((await running.fetch('/rfc6749/api/users', { headers })).status).toBe(200)
  })
})

async function askForToken(
  running: RunningHost,
  client_id: string,
  client_secret = 'example-secret',
): Promise<{ access_token: string; refresh_token: string; expires_in: number }> {
  const parameters = { grant_type: 'password', ...user, client_id, client_secret }
  return JSON.parse((await sendForm(running, '/token', parameters)).body)
}

/** What introspection and a protected route say of an access token. */
async function isLive(running: RunningHost, token: string): Promise<readonly [boolean, number]> {
  const { body } = await sendForm(running, '/introspect', { ...example, token })
  return [JSON.parse(body).active, await routeStatus(running, token)]
}

async function routeStatus(running: RunningHost, token: string, service = 'rfc6749'): Promise<number> {
  const response = await running.fetch(`/${service}/api/users`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return (await read(response)).status
}

function claimsIn(jwt: string): { readonly exp: number } {
  return JSON.parse(atob((jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')))
}
