// Who gets to the admin API: this machine, no page of another site, and on other addresses whoever has the token.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isSameSecret } from '../../src/engine/secrets.ts'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { exchangeBytes, parseRawReply, type RawReply } from './raw-socket.ts'

const adminToken = 'example-admin-token'
let server: TokenServer
let port: string

beforeAll(async () => {
  server = await startTokenServer({ services: ['rfc6749'] })
  port = new URL(server.url).port
})
afterAll(() => server.close())

describe('the admin API on a loopback address', () => {
  const hosts: ReadonlyArray<[host: string, status: number]> = [
    ['localhost', 200],
    ['localhost:{port}', 200],
    ['localhost:1', 200],
    ['LOCALHOST', 200],
    ['LocalHost:{port}', 200],
    ['127.0.0.1', 200],
    ['127.0.0.1:{port}', 200],
    ['127.0.0.2', 200],
    ['[::1]', 200],
    ['[::1]:{port}', 200],
    ['[0:0:0:0:0:0:0:1]', 200],
    ['evil.example', 403],
    ['evil.example:{port}', 403],
    ['127.0.0.1.nip.io', 403],
    ['localhost.evil.example', 403],
    ['localhost.', 403],
    ['localhost@evil.example', 403],
    ['evil.example#localhost', 403],
    ['evil.example/localhost', 403],
    ['128.0.0.1', 403],
    ['0.0.0.0', 403],
    ['[::]', 403],
    ['[::1', 403],
    ['local host', 403],
    ['', 403],
  ]

  test.each(hosts)('answers a Host field of "%s" with %i', async (host, status) => {
    const reply = await ask([`Host: ${host.replace('{port}', port)}`])
    expect([reply.status, JSON.parse(reply.body)]).toEqual([
      status,
      status === 200
        ? { status: 'healthy' }
        : { message: 'expected a Host field that names this machine, such as localhost, received another' },
    ])
  })

  test('refuses HTTP/1.0 without a Host field', async () => {
    const reply = await ask([], 'GET /__admin/health HTTP/1.0')
    expect(reply.status).toBe(403)
  })

  const own = 'http://localhost:{port}'
  const pages: ReadonlyArray<[from: string, fields: readonly string[], status: number]> = [
    ['the server itself', [`Origin: ${own}`], 200],
    ['the server itself, by Referer', [`Referer: ${own}/page`], 200],
    [
      'the server itself, by every field',
      [`Origin: ${own}`, `Referer: ${own}/`, 'Sec-Fetch-Site: same-origin'],
      200,
    ],
    ['the address bar', ['Sec-Fetch-Site: none'], 200],
    ['another site', ['Origin: https://evil.example'], 403],
    ['another port of this machine', ['Origin: http://localhost:1'], 403],
    ['another name of this machine', ['Origin: http://127.0.0.1:{port}'], 403],
    ['a sandbox or a file', ['Origin: null'], 403],
    ['an empty origin', ['Origin:'], 403],
    ['another site, by Referer alone', ['Referer: https://evil.example/page'], 403],
    ['another site, by Sec-Fetch-Site alone', ['Sec-Fetch-Site: cross-site'], 403],
    ['a neighbouring site, by Sec-Fetch-Site alone', ['Sec-Fetch-Site: same-site'], 403],
    [
      'the server itself, if Sec-Fetch-Site did not say otherwise',
      [`Origin: ${own}`, 'Sec-Fetch-Site: cross-site'],
      403,
    ],
  ]

  test.each(pages)('answers a page of %s accordingly', async (_from, fields, status) => {
    const all = ['Host: localhost:{port}', ...fields].map((field) => field.replace('{port}', port))
    for (const line of ['GET /__admin/health HTTP/1.1', 'GET /__admin/requests/stream HTTP/1.1']) {
      // What is granted would go on.
      if (status === 200 && line.includes('stream')) continue
      expect((await ask(all, line)).status).toBe(status)
    }
  })

  test.each([
    ['a page of another site', 'Origin: https://evil.example', 403],
    ['its own page', 'Origin: http://localhost', 405],
  ])('refuses the preflight of %s, without a field of CORS', async (_whose, origin, status) => {
    const fields = ['Host: localhost', origin, 'Access-Control-Request-Method: DELETE']
    const reply = await ask(fields, 'OPTIONS /__admin/requests HTTP/1.1')
    expect([reply.status, corsFieldsOf(reply)]).toEqual([status, []])
  })

  test.each(['/health', '/requests', '/nothing'])('has no field of CORS at %s', async (path) => {
    const fields = ['Host: localhost', 'Origin: http://localhost']
    expect(corsFieldsOf(await ask(fields, `GET /__admin${path} HTTP/1.1`))).toEqual([])
  })

  test.each(['localhost', '127.0.0.1', '::1', '[::1]'])('is on without a token at %s', async (host) => {
    await using other = await startTokenServer({ services: ['rfc6749'], host })
    expect(await (await fetch(`${other.url}/__admin/health`)).json()).toEqual({ status: 'healthy' })
  })

  test('asks for a token where one is given', async () => {
    await using other = await startTokenServer({ services: ['rfc6749'], adminToken })
    expect(await statusesOf(other.url)).toEqual([401, 200])
  })

  test('has no entry in the journal for its calls, refused ones included', async () => {
    for (const host of ['localhost', 'evil.example']) await ask([`Host: ${host}`])
    expect(server.journal.entries()).toEqual([])
  })
})

describe('the admin API on another address', () => {
  test.each(['0.0.0.0', '::'])('is off without a token at %s: its paths are unknown ones', async (host) => {
    await using other = await startTokenServer({ services: ['prove', 'rfc6749'], host })
    const url = `http://127.0.0.1:${new URL(other.url).port}`
    const [admin, unknown] = await Promise.all(
      ['/__admin/health', '/nothing/here'].map((path) => fetch(url + path)),
    )
    expect([admin?.status, await admin?.text()]).toEqual([404, await unknown?.text()])
    // As to any other path that nobody knows.
    expect(other.journal.entries().map(({ status }) => status)).toEqual([404, 404])
  })

  const shown: ReadonlyArray<[shown: string, fields: readonly string[], status: number]> = [
    ['no token', [], 401],
    ['another token', ['Authorization: Bearer example-admin-tokem'], 401],
    ['the beginning of the token', ['Authorization: Bearer example-admin'], 401],
    ['the token and more', [`Authorization: Bearer ${adminToken}x`], 401],
    ['an empty token', ['Authorization: Bearer '], 401],
    ['the token by another scheme', [`Authorization: Basic ${adminToken}`], 401],
    ['the token twice', [`Authorization: Bearer ${adminToken}`, `Authorization: Bearer ${adminToken}`], 401],
    ['the token in the URL', [], 401],
    ['the token', [`Authorization: Bearer ${adminToken}`], 200],
    ['the token, the scheme in lower case', [`authorization: bearer ${adminToken}`], 200],
  ]

  test.each(shown)(
    'answers whoever shows %s, by whatever name it was asked',
    async (given, fields, status) => {
      await using other = await startTokenServer({ services: ['rfc6749'], host: '0.0.0.0', adminToken })
      const url = `http://127.0.0.1:${new URL(other.url).port}`
      const search = given.endsWith('URL') ? `?admin_token=${adminToken}&access_token=${adminToken}` : ''
      const line = `GET /__admin/health${search} HTTP/1.1`
      const reply = await ask(['Host: mock.internal.example', ...fields], line, url)
      const challenge = status === 401 ? 'Bearer realm="admin"' : undefined
      expect([reply.status, reply.fields.get('www-authenticate')]).toEqual([status, challenge])
    },
  )

  test('does not start with an empty token', async () => {
    await expect(startTokenServer({ host: '0.0.0.0', adminToken: '' })).rejects.toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION_INVALID',
        message: 'expected adminToken to be a secret, got an empty one',
      }),
    )
  })

  const pairs: ReadonlyArray<[given: string, expected: string, isSame: boolean]> = [
    ['', '', true],
    ['a', '', false],
    ['', 'a', false],
    ['secret', 'secret', true],
    ['secreu', 'secret', false],
    ['tecret', 'secret', false],
    ['secretsecret', 'secret', false],
    ['secret\0', 'secret', false],
    ['Secret', 'secret', false],
  ]

  test.each(pairs)('compares the token to its end: "%s" with "%s"', (given, expected, isSame) => {
    expect(isSameSecret(given, expected)).toBe(isSame)
  })
})

async function ask(
  fields: readonly string[],
  line = 'GET /__admin/health HTTP/1.1',
  url = server.url,
): Promise<RawReply> {
  const request = [line, 'Connection: close', ...fields, '', ''].join('\r\n')
  return parseRawReply(await exchangeBytes(url, request))
}

function corsFieldsOf({ fields }: RawReply): readonly string[] {
  return [...fields.keys()].filter((name) => name.startsWith('access-control-'))
}

/** Of a call without the token and of one with it. */
async function statusesOf(url: string): Promise<readonly number[]> {
  const calls = [{}, { authorization: `Bearer ${adminToken}` }].map((headers) =>
    fetch(`${url}/__admin/health`, { headers }),
  )
  return (await Promise.all(calls)).map(({ status }) => status)
}
