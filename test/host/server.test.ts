// The node:http server alone: its life, and what only raw sockets can send.
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { tokenListener } from '../../src/host/listener.ts'
import { engineFor } from '../../src/host/options.ts'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { prove } from '../../src/services/prove/service.ts'
import { services } from '../../src/services/services.ts'
import { createCountingEngine } from './counting-engine.ts'
import { startOfTime } from './hosts.ts'
import { exchangeBytes, openConversation, parseRawReply, rawRequest, sendAndHangUp } from './raw-socket.ts'

const body = 'client_id=customer_id&client_secret=secret&grant_type=client_credentials'
const form = 'Content-Type: application/x-www-form-urlencoded'
const length = `Content-Length: ${body.length}`
const large = 'a'.repeat(200_000)

describe('the server', () => {
  test('says where its services are', async () => {
    await using server = await startTokenServer({ services: ['prove/java-0.15.0', 'rfc6749'] })
    const { url } = server
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(server.services).toEqual([
      {
        id: 'prove',
        token_endpoint: `${url}/prove/token`,
        endpoints: [
          {
            kind: 'token',
            url: `${url}/prove/token`,
            root_url: `${url}/token`,
            variants: ['prove/java-0.15.0'],
          },
        ],
      },
      {
        id: 'rfc6749',
        token_endpoint: `${url}/rfc6749/token`,
        endpoints: [
          {
            kind: 'token',
            url: `${url}/rfc6749/token`,
            variants: ['rfc6749/client_credentials', 'rfc6749/password', 'rfc6749/refresh_token'],
          },
          { kind: 'revocation', url: `${url}/rfc6749/revoke`, variants: [] },
          { kind: 'introspection', url: `${url}/rfc6749/introspect`, variants: [] },
          { kind: 'metadata', url: `${url}/rfc6749/.well-known/oauth-authorization-server`, variants: [] },
          { kind: 'metadata', url: `${url}/rfc6749/.well-known/openid-configuration`, variants: [] },
          { kind: 'jwks', url: `${url}/rfc6749/jwks`, variants: [] },
        ],
      },
    ])
  })

  test('keeps a journal, and tells it to those who subscribe, by its own clock', async () => {
    await using server = await startTokenServer({ services: ['prove'], now: () => startOfTime })
    const told: unknown[] = []
    server.journal.subscribe((entry) => told.push(entry))
    await statusOfGoodRequest(server)
    server.clock.advance(90)
    await fetch(`${server.url}/token?secret=query`)
    expect(server.journal.entries()).toEqual([
      {
        id: 1,
        at: startOfTime,
        method: 'POST',
        path: '/token',
        status: 200,
        service: 'prove',
        variant: 'prove/java-0.15.0',
        grantType: 'client_credentials',
        clientId: 'customer_id',
        clientAuthentication: ['client_secret_post'],
        issued: ['access_token'],
        request: {
          query: [],
          headers: expect.objectContaining({ 'content-type': expect.stringContaining('form') }),
          bytes: 72,
          parameters: { grant_type: 'client_credentials', client_id: '****', client_secret: '****' },
        },
        reply: {
          headers: { 'cache-control': 'no-store', 'content-type': 'application/json' },
          members: { access_token: '****', expires_in: 3600, token_type: 'Bearer' },
        },
      },
      {
        id: 2,
        at: startOfTime + 90_000,
        method: 'GET',
        path: '/token',
        status: 403,
        service: 'prove',
        refused: {
          rule: 'rfc6749-3.2-post',
          sentence: 'A token request uses the method POST.',
          source: 'RFC 6749 §3.2',
          detail: 'expected POST, received another method',
          nearest:
            'prove/typescript-0.3.5, first difference: content type: expected application/json, received another',
        },
        request: { query: ['(undocumented)'], headers: expect.any(Object), bytes: 0 },
        reply: {
          headers: expect.objectContaining({ 'content-type': 'application/json' }),
          members: { code: 8003, message: 'Access forbidden: insufficient permissions' },
        },
      },
    ])
    expect(told).toEqual(server.journal.entries())
  })

  test('lets refresh tokens expire when its clock is moved', async () => {
    await using server = await startTokenServer({ services: ['rfc6749'], now: () => startOfTime })
    const client = { client_id: 'example-client', client_secret: 'example-secret' }
    const ask = async (parameters: Record<string, string>) => {
      const response = await fetch(`${server.url}/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...client, ...parameters }),
      })
      return response.json() as Promise<Record<string, string>>
    }
    const { refresh_token = '' } = await ask({
      grant_type: 'password',
      username: 'example-user',
      password: 'example-password',
    })
    server.clock.advance(14 * 24 * 60 * 60)
    expect(await ask({ grant_type: 'refresh_token', refresh_token })).toEqual({ error: 'invalid_grant' })
  })

  test('closes at once, also while a client has yet to send its body', async () => {
    const server = await startTokenServer()
    await statusOfGoodRequest(server)
    const head = rawRequest('POST /token HTTP/1.1', [form, length, 'Expect: 100-continue'])
    const { ended } = await openConversation(server.url, head)
    await Promise.all([server.close(), ended])
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  test('serves by other options after a reload, on the same connections, by the same clock', async () => {
    await using server = await startTokenServer({ services: ['prove'], now: () => startOfTime })
    const told: unknown[] = []
    server.journal.subscribe(({ at, service, status }) => told.push([at, service, status]))
    const connections = new Set<number>()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = () => statusByAgent(agent, `${server.url}/token`, connections)
    expect(await ask()).toBe(200)
    server.clock.advance(90)
    server.reload({ services: ['rfc6749'] })
    expect(await ask()).toBe(401)
    expect(server.services.map(({ id }) => id)).toEqual(['rfc6749'])
    expect(() => server.reload({ services: ['proove'] })).toThrowError(
      expect.objectContaining({ code: 'ERR_SERVICE_UNKNOWN' }),
    )
    expect(await ask()).toBe(401)
    agent.destroy()
    const later = startOfTime + 90_000
    expect(told).toEqual([
      [startOfTime, 'prove', 200],
      [later, 'rfc6749', 401],
      [later, 'rfc6749', 401],
    ])
    expect(connections.size).toBe(1)
  })

  const impossible: ReadonlyArray<[given: string, host: string, message: RegExp]> = [
    ['a port in use', '127.0.0.1', /^cannot listen on 127\.0\.0\.1:\d+: the port is in use; choose another/],
    ['an address of another machine', '192.0.2.1', /^cannot listen on 192\.0\.2\.1:\d+: .*EADDRNOTAVAIL/],
  ]

  test.each(impossible)('refuses to start on %s', async (_given, host, message) => {
    await using server = await startTokenServer()
    await expect(startTokenServer({ host, port: Number(new URL(server.url).port) })).rejects.toMatchObject({
      code: 'ERR_LISTEN',
      message: expect.stringMatching(message),
    })
  })

  const knownIds = services
    .flatMap(({ id, variants }) => [id, ...variants.map((variant) => variant.id)])
    .join(', ')
  const wrongOptions: ReadonlyArray<
    [given: string, options: Parameters<typeof startTokenServer>[0], code: string, message: string]
  > = [
    ['no services', { services: [] }, 'ERR_OPTION_INVALID', 'expected at least one service, received none'],
    [
      'one service twice',
      { services: ['prove', { ...prove }] },
      'ERR_OPTION_INVALID',
      'expected services of distinct ids, received "prove" twice',
    ],
    [
      'an unknown service',
      { services: ['acme'] },
      'ERR_SERVICE_UNKNOWN',
      `expected the id of a service or of one of its variants, got "acme"; known ids: ${knownIds}`,
    ],
    [
      'a port that does not exist',
      { port: 65_536 },
      'ERR_OPTION_INVALID',
      'expected port to be a whole number from 0 to 65535, got 65536',
    ],
  ]

  test.each(wrongOptions)('refuses to start with %s', async (_given, options, code, message) => {
    await expect(startTokenServer(options)).rejects.toMatchObject({ code, message })
  })

  test('serves the variants of one service that are named one by one', async () => {
    await using server = await startTokenServer({
      services: ['prove/java-0.15.0', 'moov', 'prove/go-0.2.1', 'moov'],
    })
    const variants = server.services.map(({ id, endpoints }) => [
      id,
      endpoints.flatMap((each) => each.variants),
    ])
    expect(variants).toEqual([
      ['prove', ['prove/java-0.15.0', 'prove/go-0.2.1']],
      ['moov', ['moov/ruby']],
    ])
  })

  test('takes two Authorization fields for a malformed one', async () => {
    await using server = await startTokenServer({ services: ['rfc6749'] })
    const good = `Authorization: Basic ${btoa('example-client:example-secret')}`
    const body = 'grant_type=client_credentials'
    const fields = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`]
    const statuses = await Promise.all(
      [[good], [good, good], [good, 'Authorization: Bearer example']].map(async (authorization) => {
        const request = rawRequest('POST /token HTTP/1.1', [...fields, ...authorization], body)
        return parseRawReply(await exchangeBytes(server.url, request)).status
      }),
    )
    expect(statuses).toEqual([200, 401, 401])
  })

  test("answers in a server of one's own, beside other listeners", async () => {
    const { engine } = engineFor({ services: ['prove'] })
    const listener = tokenListener(() => engine)
    const server = createServer((request, response) => {
      if (request.url === '/health') response.end('well')
      else listener(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await (await fetch(`${url}/health`)).text()).toBe('well')
    expect(await statusOfGoodRequest({ url })).toBe(200)
    await new Promise((resolve) => server.close(resolve))
  })

  test('keeps no more of a body than the engine has to see', async () => {
    const { engine, receivedBytes } = createCountingEngine(10)
    const server = createServer(
      { highWaterMark: 1024 },
      tokenListener(() => engine),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const response = await fetch(url, { method: 'POST', body: 'a'.repeat(2_000_000) })
    await new Promise((resolve) => server.close(resolve))
    expect(response.status).toBe(413)
    // The limit, and what is left of the chunk that reached it.
    expect(receivedBytes()).toBeGreaterThan(10)
    expect(receivedBytes()).toBeLessThanOrEqual(65_536)
  })

  const peculiar: ReadonlyArray<[given: string, bytes: string, status: number, rule: string]> = [
    [
      "the upgrade to HTTP/2 that Java's HttpClient offers",
      rawRequest(
        'POST /token HTTP/1.1',
        [form, length, 'Upgrade: h2c', 'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA'],
        body,
      ).replace('Connection: close', 'Connection: close, Upgrade, HTTP2-Settings'),
      200,
      '',
    ],
    [
      'the whole URL in the request line, as to a proxy',
      rawRequest('POST http://platform.uat.proveapis.com/token?a=b HTTP/1.1', [form, length], body),
      200,
      '',
    ],
    [
      'a body in chunks',
      rawRequest('POST /token HTTP/1.1', [form, 'Transfer-Encoding: chunked'], chunked(body)),
      200,
      '',
    ],
    [
      'field names in capitals',
      rawRequest('POST /token HTTP/1.1', [form.toUpperCase(), length], body),
      200,
      '',
    ],
    [
      'a request for permission to send the body',
      rawRequest('POST /token HTTP/1.1', [form, length, 'Expect: 100-continue'], body),
      200,
      '',
    ],
    ['HTTP/1.0', rawRequest('POST /token HTTP/1.0', [form, length], body), 200, ''],
    [
      'a large body',
      rawRequest('POST /rfc6749/token HTTP/1.1', [form, `Content-Length: ${large.length}`], large),
      413,
      'body-size',
    ],
    [
      'a large body in chunks',
      rawRequest('POST /rfc6749/token HTTP/1.1', [form, 'Transfer-Encoding: chunked'], chunked(large)),
      413,
      'body-size',
    ],
    [
      'a large body after a request for permission to send it',
      rawRequest(
        'POST /rfc6749/token HTTP/1.1',
        [form, `Content-Length: ${large.length}`, 'Expect: 100-continue'],
        large,
      ),
      413,
      'body-size',
    ],
    ['a body with GET', rawRequest('GET /token HTTP/1.1', [form, length], body), 403, 'rfc6749-3.2-post'],
    ['an asterisk for a path', rawRequest('OPTIONS * HTTP/1.1', []), 404, 'documented-path'],
    ['the method TRACE', rawRequest('TRACE /token HTTP/1.1', []), 403, 'rfc6749-3.2-post'],
    [
      'a path of 10,000 characters',
      rawRequest(`POST /${'a'.repeat(10_000)} HTTP/1.1`, [form, length], body),
      404,
      'documented-path',
    ],
    [
      'two content types, of which the first counts',
      rawRequest('POST /token HTTP/1.1', [form, 'Content-Type: text/plain', length], body),
      200,
      '',
    ],
  ]

  test.each(peculiar)('answers %s', async (_given, bytes, status, rule) => {
    await using server = await startTokenServer()
    const reply = parseRawReply(await exchangeBytes(server.url, bytes))
    const [received = ''] = (reply.fields.get('tokenwright-reason') ?? '').split(':', 1)
    expect([reply.status, received]).toEqual([status, rule])
    expect(reply.fields.get('cache-control')).toBe('no-store')
    expect(reply.fields.get('content-length')).toBe(String(reply.body.length))
    expect(reply.rest).toBe('')
  })

  const notHttp: ReadonlyArray<[given: string, bytes: string, status: number]> = [
    ['no HTTP at all', '\x16\x03\x01 hello\r\n\r\n', 400],
    [
      'a body of two lengths',
      rawRequest('POST /token HTTP/1.1', [form, length, 'Content-Length: 1'], body),
      400,
    ],
    [
      'a length and chunks at once',
      rawRequest('POST /token HTTP/1.1', [form, length, 'Transfer-Encoding: chunked'], chunked(body)),
      400,
    ],
    ['NUL in a path', rawRequest('POST /to\0ken HTTP/1.1', [form, length], body), 400],
    [
      'a field of 20,000 characters',
      rawRequest('POST /token HTTP/1.1', [form, length, `Authorization: Basic ${'a'.repeat(20_000)}`], body),
      431,
    ],
  ]

  test.each(notHttp)('is not upset by %s', async (_given, bytes, status) => {
    await using server = await startTokenServer()
    expect(parseRawReply(await exchangeBytes(server.url, bytes)).status).toBe(status)
    expect(await statusOfGoodRequest(server)).toBe(200)
  })

  test('is not upset by a client that hangs up in the middle of its body', async () => {
    await using server = await startTokenServer()
    await sendAndHangUp(server.url, rawRequest('POST /token HTTP/1.1', [form, length], body.slice(0, 10)))
    expect(await statusOfGoodRequest(server)).toBe(200)
  })

  test('answers a reply without content as one, and goes on in the same connection', async () => {
    await using server = await startTokenServer({ services: ['moov'] })
    const client = 'client_id=5clTR_MdVrrkgxw2&client_secret=dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-'
    const revoke = `token=unknown&${client}`
    const first = rawRequest(
      'POST /oauth2/revoke HTTP/1.1',
      [form, `Content-Length: ${revoke.length}`],
      revoke,
    )
    const second = rawRequest('GET /oauth2/token HTTP/1.1', [])
    const bytes = await exchangeBytes(server.url, first.replace('close', 'keep-alive') + second)
    const reply = parseRawReply(bytes)
    expect([reply.status, reply.fields.has('content-length')]).toEqual([204, false])
    expect(parseRawReply(reply.rest).status).toBe(404)
  })
})

function chunked(text: string): string {
  const sizes = Math.ceil(text.length / 30_000)
  const chunks = Array.from({ length: sizes }, (_none, index) =>
    text.slice(index * 30_000, (index + 1) * 30_000),
  )
  return [...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
}

/** The status of a reply to the good request, noting the client's port of the connection. */
async function statusByAgent(agent: Agent, url: string, connections: Set<number>): Promise<number> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const sent = request(url, { method: 'POST', agent, headers }).end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  connections.add(response.socket.localPort ?? 0)
  await once(response.resume(), 'end')
  return response.statusCode ?? 0
}

async function statusOfGoodRequest({ url }: Pick<TokenServer, 'url'>): Promise<number> {
  const response = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(body) })
  await response.arrayBuffer()
  return response.status
}
