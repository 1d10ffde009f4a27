// MSW alone: the vendors' own addresses, and a base URL with a path.
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { handlers, tokenHandlers } from '../../mocks/handlers.ts'
import { server as builtIn } from '../../mocks/node.ts'
import { servedOf } from '../../src/service/lookup.ts'
import type { Service } from '../../src/service/service.ts'
import { services } from '../../src/services/services.ts'
import { contentOf, read } from './token-request.ts'

const all: readonly Service[] = services
const endpoints = all.map(servedOf).flatMap(({ id, servers, endpoints, variants }) =>
  servers.flatMap((server) =>
    Object.entries(endpoints)
      .filter(([name, { kind }]) => kind !== 'token' || variants.some(({ endpoint }) => endpoint === name))
      .map(([, { path }]) => ({ service: id, url: server + path })),
  ),
)
const parameters = {
  grant_type: 'client_credentials',
  client_id: 'customer_id',
  client_secret: 'secret',
}
const post = async (url: string) =>
  read(await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) }))

describe('the built-in MSW server', () => {
  beforeEach(() => builtIn.listen())
  afterEach(() => builtIn.close())

  test.each(endpoints)('$service answers at $url', async ({ url }) => {
    const reply = await read(await fetch(url))
    const reason = reply.headers.get('tokenwright-reason')
    expect(reason ?? reply.status).toEqual(
      reason === null ? 200 : expect.stringMatching(/^rfc6749-3\.2-post: /),
    )
  })

  test('has the documented clients', async () => {
    expect((await post('https://platform.proveapis.com/token')).status).toBe(200)
  })

  test('is made of the handlers that are exported', () => {
    expect(builtIn.listHandlers()).toEqual([...handlers])
  })
})

describe('MSW handlers', () => {
  const others = http.all('*', ({ request }) => HttpResponse.json({ left: new URL(request.url).pathname }))

  const bases: ReadonlyArray<[url: string, request: string, status: number]> = [
    ['https://mock.example', 'https://mock.example/token', 200],
    ['https://mock.example', 'https://mock.example/prove/token', 200],
    ['https://mock.example/some/base', 'https://mock.example/some/base/token', 200],
    ['https://mock.example/some/base', 'https://mock.example/some/base/prove/token', 200],
    ['https://mock.example/some/base', 'https://mock.example/some/base/prove/nope', 403],
    ['http://127.0.0.1:6749', 'http://127.0.0.1:6749/token', 200],
    ['http://localhost', 'http://localhost/token?a=b', 200],
  ]

  test.each(bases)('under %s answer at %s with %d', async (url, request, status) => {
    const server = setupServer(...tokenHandlers({ url }), others)
    server.listen()
    const reply = await post(request)
    server.close()
    expect([reply.status, 'access_token' in JSON.parse(reply.body)]).toEqual([status, status === 200])
  })

  const left: ReadonlyArray<[given: string, url: string | undefined, request: string]> = [
    ["another path of a vendor's server", undefined, 'https://platform.uat.proveapis.com/v3/start'],
    ["the mock's own layout at a vendor's server", undefined, 'https://api.moov.io/moov/oauth2/token'],
    ["a vendor's path at another server", undefined, 'https://mock.example/token'],
    [
      "the vendor's server, when there is a base URL",
      'https://mock.example',
      'https://api.moov.io/oauth2/token',
    ],
    ['a path beside the base', 'https://mock.example/base', 'https://mock.example/token'],
  ]

  test.each(left)('leave to others %s', async (_given, url, request) => {
    const server = setupServer(...tokenHandlers(url === undefined ? {} : { url }), others)
    server.listen()
    const reply = await post(request)
    server.close()
    expect(contentOf(reply)).toEqual([200, { left: new URL(request).pathname }])
  })

  test.each(['mock.example', '', 'ftp://mock.example', 'https://mock.example?a=b'])(
    'are not made for the base URL "%s"',
    (url) => {
      expect(() => tokenHandlers({ url })).toThrowError(
        expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
      )
    },
  )

  test('stand at a base URL with a final slash as without one', async () => {
    const server = setupServer(...tokenHandlers({ url: 'https://mock.example/' }))
    server.listen()
    const reply = await post('https://mock.example/token')
    server.close()
    expect(reply.status).toBe(200)
  })

  test.each(['oauth-authorization-server', 'openid-configuration'])(
    "name a vendor's server as the issuer of what it serves: %s",
    async (name) => {
      const server = setupServer(...tokenHandlers({ services: ['rfc6749'] }), others)
      server.listen()
      const reply = await read(await fetch(`https://as.example/.well-known/${name}`))
      server.close()
      expect(JSON.parse(reply.body)).toMatchObject({
        issuer: 'https://as.example',
        token_endpoint: 'https://as.example/token',
        introspection_endpoint: 'https://as.example/introspect',
        jwks_uri: 'https://as.example/jwks',
      })
    },
  )

  const behindWellKnown: ReadonlyArray<[issuer: string, url: string, services: readonly string[]]> = [
    ['https://mock.example/rfc6749', 'https://mock.example', ['prove', 'rfc6749']],
    ['https://mock.example/some/base', 'https://mock.example/some/base', ['rfc6749']],
    ['https://mock.example/some/base/rfc6749', 'https://mock.example/some/base/', ['rfc6749']],
  ]

  test.each(behindWellKnown)(
    'find the metadata of %s behind the well-known path',
    async (issuer, url, ids) => {
      const server = setupServer(...tokenHandlers({ url, services: ids }), others)
      server.listen()
      const { origin, pathname } = new URL(issuer)
      const reply = await read(await fetch(`${origin}/.well-known/oauth-authorization-server${pathname}`))
      server.close()
      expect(JSON.parse(reply.body)).toMatchObject({ issuer, token_endpoint: `${issuer}/token` })
    },
  )

  test('share their tokens: what one address has issued, another takes', async () => {
    const server = setupServer(
      ...tokenHandlers({ services: ['moov'], clients: [{ client_id: 'a', client_secret: 'b' }] }),
    )
    server.listen()
    const ask = async (path: string, body: object) =>
      read(
        await fetch(`https://api.moov.io/oauth2/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...body, client_id: 'a', client_secret: 'b' }),
        }),
      )
    const granted = await ask('token', { grant_type: 'client_credentials', scope: '/ping.read' })
    const { refresh_token } = JSON.parse(granted.body)
    const revoked = await ask('revoke', { token: refresh_token })
    const refreshed = await ask('token', { grant_type: 'refresh_token', refresh_token })
    server.close()
    expect([granted.status, revoked.status, refreshed.status]).toEqual([200, 204, 400])
  })
  const routes: ReadonlyArray<
    [base: string | undefined, token: string, route: string, call: string, isAnswered: boolean]
  > = [
    [
      undefined,
      'https://platform.proveapis.com/token',
      '/v3/*',
      'https://platform.proveapis.com/v3/start',
      true,
    ],
    [
      undefined,
      'https://platform.proveapis.com/token',
      '/v3/*',
      'https://platform.eu.proveapis.com/v3/',
      true,
    ],
    [
      undefined,
      'https://platform.proveapis.com/token',
      '/v3/*',
      'https://platform.proveapis.com/v4/start',
      false,
    ],
    [
      undefined,
      'https://platform.proveapis.com/token',
      '/v3/*',
      'https://platformXproveapis.com/v3/start',
      false,
    ],
    [
      undefined,
      'https://platform.proveapis.com/token',
      '/a/:id',
      'https://platform.proveapis.com/a/:id',
      true,
    ],
    [
      undefined,
      'https://platform.proveapis.com/token',
      '/a/:id',
      'https://platform.proveapis.com/a/7',
      false,
    ],
    [
      'https://mock.example',
      'https://mock.example/token',
      '/v3/*',
      'https://mock.example/v3/start?a=b',
      true,
    ],
    [
      'https://mock.example',
      'https://mock.example/token',
      '/v3/*',
      'https://mock.example/prove/v3/start',
      true,
    ],
    [
      'https://mock.example/base',
      'https://mock.example/base/token',
      '/v3',
      'https://mock.example/base/v3',
      true,
    ],
    ['https://mock.example/base', 'https://mock.example/base/token', '/v3', 'https://mock.example/v3', false],
  ]

  test.each(routes)(
    'with the base %s and a token of %s guard %s at %s: %s',
    async (url, token, path, call, isAnswered) => {
      const guarded = tokenHandlers({
        ...(url !== undefined && { url }),
        protect: [{ path, body: 'guarded' }],
      })
      const server = setupServer(...guarded, others)
      server.listen()
      const { access_token } = JSON.parse((await post(token)).body)
      const shown = await read(await fetch(call, { headers: { authorization: `Bearer ${access_token}` } }))
      const bare = await read(await fetch(call))
      server.close()
      const left = [200, { left: new URL(call).pathname }]
      expect([contentOf(shown), bare.status]).toEqual(isAnswered ? [[200, 'guarded'], 401] : [left, 200])
    },
  )
})
