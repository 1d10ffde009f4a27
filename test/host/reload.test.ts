// Other options for a running server: what stays, what changes, and that a refused configuration changes nothing.
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import type { MockOptions } from '../../src/host/options.ts'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import type { AccessTokens } from '../../src/service/config.ts'
import { TokenwrightError } from '../../src/service/error.ts'
import { startOfTime } from './hosts.ts'

const example = { client_id: 'example-client', client_secret: 'example-secret' }
const web = { client_id: 'web', client_secret: 'web-secret' }
const user = { username: 'example-user', password: 'example-password' }
const basis: MockOptions = { services: ['rfc6749', 'moov'], protect: ['/api/*'], now: () => startOfTime }

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
}

describe('a reload', () => {
  test('keeps access and refresh tokens, and what is known of used ones', async () => {
    await using server = await startTokenServer(basis)
    const first = await password(server)
    const second = await refresh(server, first)
    server.reload({ ...basis, clients: [web] })
    expect(await statusOfCall(server, second)).toBe(200)
    const third = await refresh(server, second)
    expect(await refresh(server, second)).toEqual({ error: 'invalid_grant' })
    // The reuse revoked the whole grant.
    server.reload(basis)
    expect([await statusOfCall(server, first), await statusOfCall(server, third)]).toEqual([401, 401])
  })

  test('keeps the clock where it was moved to, whatever time the new options bring', async () => {
    await using server = await startTokenServer(basis)
    const first = await password(server)
    server.clock.advance('59m59s')
    server.reload({ ...basis, now: () => 0 })
    expect(server.clock.now()).toBe(startOfTime + 3_599_000)
    expect(await statusOfCall(server, first)).toBe(200)
    server.clock.advance('1s')
    expect(await statusOfCall(server, first)).toBe(401)
    server.clock.reset()
    expect(server.clock.now()).toBe(startOfTime)
  })

  test('keeps the journal, with its numbers and its listeners', async () => {
    await using server = await startTokenServer(basis)
    const { journal } = server
    const heard: number[] = []
    journal.subscribe(({ id }) => heard.push(id))
    await password(server)
    server.reload({ ...basis, services: ['rfc6749'] })
    await password(server)
    expect(server.journal).toBe(journal)
    expect(journal.entries().map(({ id, path }) => [id, path])).toEqual([
      [1, '/rfc6749/token'],
      [2, '/rfc6749/token'],
    ])
    expect(heard).toEqual([1, 2])
  })

  test('serves the new services, clients, options and routes from the next request on', async () => {
    await using server = await startTokenServer(basis)
    expect(await post(server, '/rfc6749/token', { grant_type: 'client_credentials', ...web })).toEqual({
      error: 'invalid_client',
    })
    server.reload({
      services: ['rfc6749'],
      clients: [web],
      protect: ['/other'],
      options: { rfc6749: { refresh_tokens: 'none' } },
    })
    expect(Object.keys(await post(server, '/token', { grant_type: 'client_credentials', ...web }))).toEqual([
      'access_token',
      'token_type',
      'expires_in',
    ])
    const tokens = await password(server)
    expect(tokens.refresh_token).toBe(undefined)
    expect([await statusOfCall(server, tokens), await statusOfCall(server, tokens, '/other')]).toEqual([
      404, 200,
    ])
    expect(server.services.map(({ id }) => id)).toEqual(['rfc6749'])
  })

  test('forgets the tokens of a service that goes, and no other', async () => {
    await using server = await startTokenServer(basis)
    const first = await password(server)
    server.reload({ ...basis, services: ['moov'] })
    expect(await statusOfCall(server, first)).toBe(401)
    server.reload(basis)
    expect(await statusOfCall(server, first)).toBe(401)
  })

  const keys: ReadonlyArray<
    [change: string, before: AccessTokens, after: AccessTokens, isVerified: boolean]
  > = [
    ['nothing', { format: 'jwt' }, { format: 'jwt' }, true],
    [
      'claims and audience alone',
      { format: 'jwt', alg: 'EdDSA' },
      { format: 'jwt', alg: 'EdDSA', claims: { a: 1 }, audience: 'https://api.example' },
      true,
    ],
    ['the algorithm', { format: 'jwt' }, { format: 'jwt', alg: 'EdDSA' }, false],
    ['the seed', { format: 'jwt', seed: 'one' }, { format: 'jwt', seed: 'two' }, false],
    ['a made key for a seeded one', { format: 'jwt' }, { format: 'jwt', seed: 'one' }, false],
    ['JWTs for opaque tokens', { format: 'jwt' }, { format: 'opaque' }, false],
  ]

  test.each(keys)(
    'of %s: the key stays, unless another is asked for',
    async (_change, before, after, isVerified) => {
      await using server = await startTokenServer({ ...basis, accessTokens: before })
      const tokens = await password(server)
      server.reload({ ...basis, accessTokens: after })
      const keySet = (await (await fetch(`${server.url}/rfc6749/jwks`)).json()) as JSONWebKeySet
      const verifying = jwtVerify(tokens.access_token, createLocalJWKSet(keySet), {
        currentDate: new Date(startOfTime),
      })
      expect(
        await verifying.then(
          () => true,
          () => false,
        ),
      ).toBe(isVerified)
      // It was issued here, whatever it is signed with.
      expect(await statusOfCall(server, tokens)).toBe(200)
    },
  )

  const refused: ReadonlyArray<[what: string, options: unknown, code: string]> = [
    ['an unknown service', { services: ['acme'] }, 'ERR_SERVICE_UNKNOWN'],
    ['no service', { services: [] }, 'ERR_OPTION_INVALID'],
    ['a service that is not sound', { services: [{ id: 'acme' }] }, 'ERR_SERVICE_INVALID'],
    ['a client without an id', { clients: [{ client_secret: 'hunter2' }] }, 'ERR_OPTION_INVALID'],
    ['an unknown option', { options: { moov: { expiry: 'seconds' } } }, 'ERR_OPTION_INVALID'],
    [
      'a key that cannot sign',
      { accessTokens: { format: 'jwt', key: { kty: 'EC', d: 'hunter2' } } },
      'ERR_OPTION_INVALID',
    ],
    ['a route without a slash', { protect: ['api'] }, 'ERR_OPTION_INVALID'],
    ['a scenario of no outcome', { scenarios: { broken: 'nonsense' } }, 'ERR_OPTION_INVALID'],
  ]

  test.each(refused)('%s is refused, and changes nothing', async (_what, options, code) => {
    await using server = await startTokenServer({ ...basis, clients: [web] })
    const tokens = await password(server)
    const { services } = server
    server.respondNext('503')
    const reload = () => server.reload({ ...basis, clients: [], ...(options as MockOptions) })
    expect(reload).toThrow(TokenwrightError)
    expect(reload).toThrow(expect.objectContaining({ code, message: expect.not.stringContaining('hunter2') }))
    expect(server.services).toEqual(services)
    expect(server.journal.entries()).toHaveLength(1)
    expect(server.clock.now()).toBe(startOfTime)
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...web })
    const replies = []
    for (const _time of ['first', 'second'])
      replies.push((await fetch(`${server.url}/rfc6749/token`, { method: 'POST', body })).status)
    expect([...replies, await statusOfCall(server, tokens)]).toEqual([503, 200, 200])
  })
})

describe('the clock of a server', () => {
  test('moves what is said of tokens, and when they end', async () => {
    await using server = await startTokenServer({ ...basis, accessTokens: { format: 'jwt' } })
    server.clock.set('2030-01-01T00:00:00Z')
    const start = Date.UTC(2030, 0, 1) / 1000
    const tokens = await password(server)
    const introspect = (token: string) => post(server, '/rfc6749/introspect', { token, ...example })
    expect(await introspect(tokens.access_token)).toMatchObject({
      active: true,
      iat: start,
      exp: start + tokens.expires_in,
    })
    expect(claimsIn(tokens.access_token)).toMatchObject({ iat: start, exp: start + 3600 })
    server.clock.advance('59m59s')
    expect([(await introspect(tokens.access_token)).active, await statusOfCall(server, tokens)]).toEqual([
      true,
      200,
    ])
    server.clock.advance(1)
    expect([await introspect(tokens.access_token), await statusOfCall(server, tokens)]).toEqual([
      { active: false },
      401,
    ])
    expect(await introspect(tokens.refresh_token)).toMatchObject({ active: true, exp: start + 1_209_600 })
    server.clock.set((start + 1_209_600) * 1000 - 1)
    const refreshed = await refresh(server, tokens)
    expect(claimsIn(refreshed.access_token).iat).toBe(start + 1_209_599)
    server.clock.advance('14d')
    expect(await introspect(refreshed.refresh_token)).toEqual({ active: false })
    expect(await refresh(server, refreshed)).toEqual({ error: 'invalid_grant' })
  })
})

function password(server: TokenServer): Promise<Tokens> {
  return post(server, '/rfc6749/token', { grant_type: 'password', ...user, ...example }) as never
}

function refresh(server: TokenServer, { refresh_token }: Tokens): Promise<Tokens> {
  return post(server, '/rfc6749/token', { grant_type: 'refresh_token', refresh_token, ...example }) as never
}

async function post(
  server: TokenServer,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const reply = await fetch(server.url + path, { method: 'POST', body: new URLSearchParams(parameters) })
  return (await reply.json()) as Record<string, unknown>
}

async function statusOfCall(server: TokenServer, { access_token }: Tokens, path = '/api/x'): Promise<number> {
  const headers = { authorization: `Bearer ${access_token}` }
  return (await fetch(server.url + path, { headers })).status
}

function claimsIn(token: string): Record<string, unknown> {
  const [, claims = ''] = token.split('.')
  return JSON.parse(Buffer.from(claims, 'base64url').toString())
}
