// What should not happen: one request fails, and the server goes on; and options that would make it happen are refused.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { startTokenServer, type TokenServerOptions } from '../../src/host/server.ts'

const form = {
  grant_type: 'client_credentials',
  client_id: 'example-client',
  client_secret: 'example-secret',
}
const ask = (url: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> => {
  const body = new URLSearchParams(form)
  return fetch(`${url}/token`, { method: 'POST', headers, body, ...(signal && { signal }) })
}

describe('the server', () => {
  afterEach(() => vi.restoreAllMocks())

  test('answers 500 when a subscriber of the journal throws, tells nobody its message, and goes on', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    await using server = await startTokenServer({ services: ['rfc6749'] })
    const leave = server.journal.subscribe(() => {
      throw new Error('hunter2')
    })
    const failed = await ask(server.url)
    expect([failed.status, await failed.json()]).toEqual([
      500,
      { message: 'The mock could not answer; why stands in the warnings of its process.' },
    ])
    expect(warned.mock.calls.map(([warning]) => String(warning).split('\n')[0])).toEqual([
      'a request could not be answered',
    ])
    expect(JSON.stringify(warned.mock.calls)).not.toContain('hunter2')
    leave()
    expect((await ask(server.url)).status).toBe(200)
  })

  test('bears a wait that throws when it is cut short', async () => {
    let asked = 0
    await using server = await startTokenServer({
      services: ['rfc6749'],
      wait: (_milliseconds, signal) => {
        asked += 1
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        )
      },
    })
    const leaving = new AbortController()
    const slow = ask(server.url, { prefer: 'outcome=slow5s' }, leaving.signal).catch(() => 'gone')
    await vi.waitUntil(() => asked === 1, { interval: 1 })
    leaving.abort()
    expect(await slow).toBe('gone')
    expect((await ask(server.url)).status).toBe(200)
  })

  test('is free again as soon as clients have given up on slow replies', async () => {
    await using server = await startTokenServer({ services: ['rfc6749'], maxConnections: 3 })
    const given = await Promise.all(
      [1, 2, 3].map(async () => {
        const leaving = new AbortController()
        const slow = ask(server.url, { prefer: 'outcome=slow10m' }, leaving.signal).catch(() => 'gone')
        return { leaving, slow }
      }),
    )
    await vi.waitUntil(() => server.journal.entries().length === 3, { interval: 1 })
    for (const { leaving } of given) leaving.abort()
    await Promise.all(given.map(({ slow }) => slow))
    await vi.waitUntil(async () => (await ask(server.url)).status === 200, { interval: 5, timeout: 5000 })
  })

  const unsound: ReadonlyArray<[what: string, options: unknown, message: RegExp]> = [
    [
      'an admin token that is a number',
      { adminToken: 123_456 },
      /^expected adminToken to be a secret, got no string/,
    ],
    ['an admin token that is null', { adminToken: null }, /^expected adminToken to be a secret/],
    ['an empty host', { host: '' }, /^expected host to be an address/],
    ['tls that is true', { tls: true }, /^expected tls to be/],
    ['tls without a key', { tls: { cert: 'x' } }, /^expected tls to be/],
    ['a time that is no function', { now: 5 }, /^expected now to be a function/],
    ['services that are no list', { services: 'prove' }, /^expected services to be a list/],
    ['clients that are an object', { clients: {} }, /^clients: the parameters: expected an array/],
    ['protected routes that are an object', { protect: {} }, /^protect: the parameters: expected an array/],
  ]

  test.each(unsound)('does not start with %s', async (_what, options, message) => {
    await expect(startTokenServer(options as TokenServerOptions)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringMatching(message) }),
    )
  })
})
