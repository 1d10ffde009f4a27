// Refresh tokens: what they are good for, for whom, how long, and how they end.
import { describe, expect, test } from 'vitest'
import { moov } from '../../src/services/moov/service.ts'
import { prove } from '../../src/services/prove/service.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { hosts, type RunningHost, startOfTime } from './hosts.ts'
import { contentOf, type Reply, sendForm, sendJson } from './token-request.ts'

const moovClient = { client_id: '5clTR_MdVrrkgxw2', client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' }
const otherClient = { client_id: 'other-client', client_secret: 'other-secret' }
const baselineClient = { client_id: 'example-client', client_secret: 'example-secret' }
const user = { username: 'example-user', password: 'example-password' }
const token = expect.stringMatching(/^[\w-]{43}$/)
const moovRefused = [400, { error: 'invalid_grant' }]
const refreshLifetimeSeconds = 14 * 24 * 60 * 60

describe.each(hosts)('refresh tokens on $name', (host) => {
  test('a refresh gives a new pair, and the used token is worth nothing any more', async () => {
    await using running = await host.start()
    const first = await moovToken(running)
    const refreshed = await moovRefresh(running, first.refresh_token)
    expect(contentOf(refreshed)).toEqual([
      200,
      {
        token_type: 'Bearer',
        access_token: token,
        refresh_token: token,
        expires_in: 900,
        scope: '/accounts.read /accounts.write',
      },
    ])
    const second = JSON.parse(refreshed.body)
    expect(second.access_token).not.toBe(first.access_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(contentOf(await moovRefresh(running, first.refresh_token))).toEqual(moovRefused)
    expect(contentOf(await moovRefresh(running, second.refresh_token))[0]).toBe(200)
  })

  test('a service that keeps refresh tokens gives the same one back, again and again', async () => {
    const keeping = { ...moov, tokens: { ...moov.tokens, refreshTokens: 'keep' } } as const
    await using running = await host.start({ services: [keeping] })
    const { refresh_token } = await moovToken(running)
    for (const _time of ['first', 'second']) {
      const reply = await moovRefresh(running, refresh_token)
      expect([reply.status, JSON.parse(reply.body).refresh_token]).toEqual([200, refresh_token])
    }
  })

  test('a refresh token lives as long as the service says, and not a millisecond longer', async () => {
    let now = startOfTime
    await using running = await host.start({ now: () => now })
    const [first, second] = [await moovToken(running), await moovToken(running)]
    now += refreshLifetimeSeconds * 1000 - 1
    expect(contentOf(await moovRefresh(running, first.refresh_token))[0]).toBe(200)
    now += 1
    expect(contentOf(await moovRefresh(running, second.refresh_token))).toEqual(moovRefused)
  })

  test("a client cannot use another client's refresh token, nor spoil it by trying", async () => {
    await using running = await host.start({ clients: [otherClient] })
    const { refresh_token } = await moovToken(running)
    expect(contentOf(await moovRefresh(running, refresh_token, otherClient))).toEqual(moovRefused)
    expect(contentOf(await moovRefresh(running, refresh_token))[0]).toBe(200)
  })

  test('an access token is no refresh token', async () => {
    await using running = await host.start()
    const { access_token } = await moovToken(running)
    expect(contentOf(await moovRefresh(running, access_token))).toEqual(moovRefused)
  })

  test("a service does not know another service's refresh tokens", async () => {
    await using running = await host.start({ clients: [moovClient], users: [user] })
    const { refresh_token } = await moovToken(running)
    const reply = await sendForm(running, '/rfc6749/token', {
      grant_type: 'refresh_token',
      refresh_token,
      ...moovClient,
    })
    expect(contentOf(reply)).toEqual([400, { error: 'invalid_grant' }])
  })

  test('a refresh may narrow the scope for once, and not widen it', async () => {
    await using running = await host.start({ services: [rfc6749] })
    const granted = await sendForm(running, '/token', {
      grant_type: 'password',
      scope: 'read write',
      ...user,
      ...baselineClient,
    })
    const refresh = (refresh_token: string, scope: Record<string, string>) =>
      sendForm(running, '/token', { grant_type: 'refresh_token', refresh_token, ...scope, ...baselineClient })
    const { refresh_token } = JSON.parse(granted.body)
    expect(contentOf(await refresh(refresh_token, { scope: 'read admin' }))).toEqual([
      400,
      { error: 'invalid_scope' },
    ])
    const narrowed = JSON.parse((await refresh(refresh_token, { scope: 'read' })).body)
    expect(narrowed.scope).toBe('read')
    // RFC 6749 §6: the scope of a new refresh token is that of the one the client sent.
    const widenedAgain = JSON.parse((await refresh(narrowed.refresh_token, {})).body)
    expect(widenedAgain.scope).toBe('read write')
  })

  test('a revoked refresh token is refused, and revoking it again is no error', async () => {
    await using running = await host.start()
    const { refresh_token } = await moovToken(running)
    const revoke = () =>
      sendJson(running, '/oauth2/revoke', {
        token: refresh_token,
        token_type_hint: 'refresh_token',
        ...moovClient,
      })
    for (const _time of ['first', 'second']) {
      const reply = await revoke()
      expect([reply.status, reply.body, reply.headers.get('content-type')]).toEqual([204, '', null])
      expect(reply.headers.get('cache-control')).toBe('no-store')
    }
    expect(contentOf(await moovRefresh(running, refresh_token))).toEqual(moovRefused)
  })

  test("a client cannot revoke another client's refresh token, and does not learn that it is one", async () => {
    await using running = await host.start({ clients: [otherClient] })
    const { refresh_token } = await moovToken(running)
    const reply = await sendJson(running, '/oauth2/revoke', { token: refresh_token, ...otherClient })
    expect(reply.status).toBe(204)
    expect(contentOf(await moovRefresh(running, refresh_token))[0]).toBe(200)
  })

  const revocations: ReadonlyArray<
    [given: string, path: string, parameters: Record<string, string>, reply: readonly [number, unknown]]
  > = [
    ['no token at Moov', '/oauth2/revoke', { ...moovClient }, [422, { token: 'is required' }]],
    [
      'an undocumented hint at Moov',
      '/oauth2/revoke',
      { token: 'x', token_type_hint: 'id_token', ...moovClient },
      [422, { token_type_hint: 'is not access_token or refresh_token' }],
    ],
    [
      'a wrong secret at Moov',
      '/oauth2/revoke',
      { token: 'x', ...moovClient, client_secret: 'wrong' },
      [401, ''],
    ],
    ['no client at Moov', '/oauth2/revoke', { token: 'x' }, [401, '']],
    [
      'no token at the baseline',
      '/rfc6749/revoke',
      { ...baselineClient },
      [400, { error: 'invalid_request' }],
    ],
  ]

  test.each(revocations)('a revocation with %s is refused', async (_given, path, parameters, expected) => {
    await using running = await host.start()
    expect(contentOf(await sendForm(running, path, parameters))).toEqual(expected)
  })

  test('the baseline answers a revocation with 200 and no content, whatever the token', async () => {
    await using running = await host.start()
    const reply = await sendForm(running, '/rfc6749/revoke', { token: 'unknown', ...baselineClient })
    expect(contentOf(reply)).toEqual([200, ''])
  })

  test("Prove's first variants give refresh tokens that no documented request can use", async () => {
    await using running = await host.start({ services: [prove] })
    const granted = await sendJson(running, '/v3/token', {
      grant_type: 'password',
      username: 'jdoe',
      password: 'password',
    })
    expect(contentOf(granted)).toEqual([
      200,
      {
        access_token: token,
        expires_in: 3600,
        refresh_expires_in: 3600,
        refresh_token: token,
        token_type: 'Bearer',
      },
    ])
    const { refresh_token } = JSON.parse(granted.body)
    const reply = await sendJson(running, '/v3/token', { grant_type: 'refresh_token', refresh_token })
    expect(contentOf(reply)).toEqual([400, { code: 1001, message: 'invalid request' }])
  })
})

interface MoovToken {
  readonly access_token: string
  readonly refresh_token: string
}

async function moovToken(running: RunningHost): Promise<MoovToken> {
  const { body } = await sendJson(running, '/oauth2/token', {
    grant_type: 'client_credentials',
    scope: '/accounts.read /accounts.write',
    ...moovClient,
  })
  return JSON.parse(body)
}

function moovRefresh(running: RunningHost, refresh_token: string, client = moovClient): Promise<Reply> {
  return sendJson(running, '/oauth2/token', { grant_type: 'refresh_token', refresh_token, ...client })
}
