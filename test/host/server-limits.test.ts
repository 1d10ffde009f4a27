// What the node:http server bears: its limits, requests that cannot be read, and connections that come to nothing.
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServerOptions } from '../../src/host/server.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import {
  converseBytes,
  exchangeBytes,
  openConnection,
  parseRawReplies,
  parseRawReply,
  rawRequest,
} from './raw-socket.ts'

const body = 'client_id=customer_id&client_secret=secret&grant_type=client_credentials'
const form = 'Content-Type: application/x-www-form-urlencoded'
const length = `Content-Length: ${body.length}`
const post = 'POST /token HTTP/1.1'
const chunks = 'Transfer-Encoding: chunked'
const expectation = 'Expect: 100-continue'
const tooLong = 70_000
const large = `Content-Length: ${tooLong}`
const good = rawRequest(post, [form, length], body)
const goodKeptAlive = good.replace('Connection: close', 'Connection: keep-alive')
const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
const unsound = (reason: string) =>
  `Expected a request of HTTP/1.1 in sound syntax, received another (parser: ${reason}).`

type Refused = readonly [
  given: string,
  bytes: string,
  options: TokenServerOptions,
  status: number,
  message: string,
]

const refused: readonly Refused[] = [
  [
    'a header section of more than 16 KiB',
    rawRequest(post, [`X-Padding: ${'a'.repeat(16_384)}`]),
    {},
    431,
    'Expected at most 16384 bytes of header section, received more.',
  ],
  [
    'a field name of more than 16 KiB',
    rawRequest(post, [`${'a'.repeat(16_384)}: x`]),
    {},
    431,
    'Expected at most 16384 bytes of header section, received more.',
  ],
  [
    'a header section beyond a limit of its own',
    rawRequest(post, [`X-Padding: ${'a'.repeat(1000)}`]),
    { maxHeaderBytes: 1000 },
    431,
    'Expected at most 1000 bytes of header section, received more.',
  ],
  [
    'trailers of more than 16 KiB',
    rawRequest(post, [form, chunks], `1\r\na\r\n0\r\nX-Padding: ${'a'.repeat(16_384)}\r\n\r\n`),
    {},
    431,
    'Expected at most 16384 bytes of header section, received more.',
  ],
  [
    'a connection over which nothing comes',
    '',
    { headersTimeoutMs: 100 },
    408,
    'Expected a whole header section within 100 ms, received a part of it or nothing.',
  ],
  [
    'half a header section',
    'POST /token HTTP/1.1\r\nHo',
    { headersTimeoutMs: 100 },
    408,
    'Expected a whole header section within 100 ms, received a part of it or nothing.',
  ],
  [
    'half a header section, when the time for the whole request is the shorter',
    'POST /token HTTP/1.1\r\nHo',
    { requestTimeoutMs: 100 },
    408,
    'Expected a whole header section within 100 ms, received a part of it or nothing.',
  ],
  [
    'a body that stays out',
    rawRequest(post, [form, length]),
    { requestTimeoutMs: 100 },
    408,
    'Expected a whole request within 100 ms, received a part of its body.',
  ],
  [
    'a body that is shorter than its length',
    rawRequest(post, [form, length], body.slice(1)),
    { requestTimeoutMs: 100 },
    408,
    'Expected a whole request within 100 ms, received a part of its body.',
  ],
  [
    'a body in chunks without the last',
    rawRequest(post, [form, chunks], '5\r\nhello\r\n'),
    { requestTimeoutMs: 100 },
    408,
    'Expected a whole request within 100 ms, received a part of its body.',
  ],
  [
    'an expectation that is unknown',
    rawRequest(post, [form, length, 'Expect: 200-ok'], body),
    {},
    417,
    'Expected the expectation 100-continue, received another.',
  ],
  [
    'an unknown expectation beside the known one',
    rawRequest(post, [form, length, `${expectation}, 200-ok`], body),
    {},
    417,
    'Expected the expectation 100-continue, received another.',
  ],
  ['CONNECT', 'CONNECT as.example:443 HTTP/1.1\r\n\r\n', {}, 405, 'Expected POST, received CONNECT.'],
  ['no Host field', `${post}\r\n${form}\r\n\r\n`, {}, 400, 'Expected one Host field, received none.'],
  [
    'no Host field beside an expectation',
    `${post}\r\n${form}\r\n${length}\r\n${expectation}\r\n\r\n`,
    {},
    400,
    'Expected one Host field, received none.',
  ],
  [
    'two Host fields',
    rawRequest(post, ['Host: mock.example', form, length], body),
    {},
    400,
    'Expected one Host field, received several.',
  ],
  [
    'chunks in HTTP/1.0',
    rawRequest('POST /token HTTP/1.0', [form, chunks], chunked(body)),
    {},
    400,
    'Expected Content-Length in HTTP/1.0, received Transfer-Encoding.',
  ],
  [
    'compressed chunks',
    rawRequest(post, [form, 'Transfer-Encoding: gzip, chunked'], chunked(body)),
    {},
    400,
    'Expected the transfer coding chunked, received another.',
  ],
  [
    'a transfer coding that does not exist',
    rawRequest(post, [form, 'Transfer-Encoding: xchunked'], chunked(body)),
    {},
    400,
    'Expected the transfer coding chunked, received another.',
  ],
  [
    'a length and chunks',
    rawRequest(post, [form, length, chunks], chunked(body)),
    {},
    400,
    unsound("Transfer-Encoding can't be present with Content-Length"),
  ],
  [
    'chunks and a length',
    rawRequest(post, [form, chunks, length], chunked(body)),
    {},
    400,
    unsound("Content-Length can't be present with Transfer-Encoding"),
  ],
  [
    'a length in the trailers',
    rawRequest(post, [form, chunks], chunked(body).replace(/\r\n$/, `${length}\r\n\r\n`)),
    {},
    400,
    unsound("Content-Length can't be present with Transfer-Encoding"),
  ],
  [
    'one length twice',
    rawRequest(post, [form, length, length], body),
    {},
    400,
    unsound('Duplicate Content-Length'),
  ],
  [
    'a list of lengths',
    rawRequest(post, [form, 'Content-Length: 5, 5'], body),
    {},
    400,
    unsound('Invalid character in Content-Length'),
  ],
  [
    'a negative length',
    rawRequest(post, [form, 'Content-Length: -1'], body),
    {},
    400,
    unsound('Invalid character in Content-Length'),
  ],
  [
    'a length beyond every number',
    rawRequest(post, [form, `Content-Length: ${'9'.repeat(30)}`], body),
    {},
    400,
    unsound('Content-Length overflow'),
  ],
  [
    'a chunk whose size is no number',
    rawRequest(post, [form, chunks], 'zz\r\nhello\r\n0\r\n\r\n'),
    {},
    400,
    unsound('Invalid character in chunk size'),
  ],
  [
    'a chunk longer than its size',
    rawRequest(post, [form, chunks], '1\r\nhello\r\n0\r\n\r\n'),
    {},
    400,
    unsound('Expected LF after chunk data'),
  ],
  [
    'a chunk beyond every number',
    rawRequest(post, [form, chunks], `${'f'.repeat(20)}\r\n`),
    {},
    400,
    unsound('Chunk size overflow'),
  ],
  [
    'a chunk extension of 20,000 characters',
    rawRequest(post, [form, chunks], `1;${'a'.repeat(20_000)}\r\na\r\n0\r\n\r\n`),
    {},
    400,
    unsound('Chunk extensions overflow'),
  ],
  ['line feeds alone', good.replaceAll('\r\n', '\n'), {}, 400, unsound('Expected CRLF after version')],
  [
    'a folded field',
    rawRequest(post, ['X-Folded: a\r\n b']),
    {},
    400,
    unsound('Unexpected whitespace after header value'),
  ],
  [
    'a space before a colon',
    rawRequest(post, [`Content-Length : ${body.length}`], body),
    {},
    400,
    unsound('Invalid header field char'),
  ],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', {}, 400, unsound('Pause on PRI/Upgrade')],
  ['a version that does not exist', 'GET / HTTP/3.7\r\n\r\n', {}, 400, unsound('Invalid HTTP version')],
  ['a path without a slash', 'POST token HTTP/1.1\r\n\r\n', {}, 400, unsound('Invalid characters in url')],
  ['no HTTP', 'hello there\r\n\r\n', {}, 400, unsound('Invalid method encountered')],
]

describe('the server refuses', () => {
  test.each(refused)('%s', async (_given, bytes, options, status, message) => {
    await using server = await startTokenServer(options)
    const reply = parseRawReply(await exchangeBytes(server.url, bytes))
    const names = ['content-type', 'cache-control', 'connection'] as const
    expect([reply.status, ...names.map((name) => reply.fields.get(name))]).toEqual([
      status,
      'application/json',
      'no-store',
      'close',
    ])
    expect([reply.body, reply.rest]).toEqual([JSON.stringify({ message }), ''])
    expect(reply.fields.get('date')).toMatch(/ GMT$/)
  })

  test('all of these and goes on serving', async () => {
    await using server = await startTokenServer()
    const withDefaults = refused.filter(([, , options]) => Object.keys(options).length === 0)
    for (const [, bytes] of withDefaults) await exchangeBytes(server.url, bytes)
    expect(await statusOfGoodRequest(server)).toBe(200)
  })

  test('CONNECT with the method that there is', async () => {
    await using server = await startTokenServer()
    const reply = parseRawReply(await exchangeBytes(server.url, 'CONNECT as.example:443 HTTP/1.1\r\n\r\n'))
    expect(reply.fields.get('allow')).toBe('POST')
  })
})

type Answered = readonly [given: string, bytes: string, statuses: readonly number[]]

const chunkedBadly = rawRequest(post, [form, chunks], 'zz\r\n')
const inTurn: readonly Answered[] = [
  ['three good requests', goodKeptAlive + goodKeptAlive + good, [200, 200, 200]],
  ['what is no HTTP, behind good requests', `${goodKeptAlive + goodKeptAlive}hello\r\n\r\n`, [200, 200, 400]],
  ['a broken body, behind a good request', goodKeptAlive + chunkedBadly, [200, 400]],
  ['a broken body, before a good request', chunkedBadly + good, [400]],
  ['CONNECT, behind a good request', `${goodKeptAlive}CONNECT a:1 HTTP/1.1\r\n\r\n`, [200, 405]],
  ['CONNECT, before a good request', `CONNECT a:1 HTTP/1.1\r\n\r\n${good}`, [405]],
  [
    'an unknown expectation, behind a good request',
    goodKeptAlive + rawRequest(post, ['Expect: x']),
    [200, 417],
  ],
  ['a body that is too long, behind a good request', goodKeptAlive + rawRequest(post, [large]), [200, 400]],
  ['a body that is longer than its length', goodKeptAlive.replace(length, 'Content-Length: 5'), [401, 400]],
  ['anything, behind a request that closes the connection', `${good}hello\r\n\r\n`, [200]],
  ['an offer of WebSocket', rawRequest('GET / HTTP/1.1', ['Upgrade: websocket']), [404]],
  ['a URL without a path', rawRequest('OPTIONS http://mock.example HTTP/1.1', []), [404]],
  ['a URL without a path but with a query', rawRequest('GET http://mock.example?a HTTP/1.1', []), [404]],
  ['a method of no RFC for tokens', rawRequest('QUERY /token HTTP/1.1', []), [403]],
  ['an empty Host field', good.replace('Host: mock.example', 'Host:'), [200]],
  ['HTTP/1.0 without a Host field', `POST /token HTTP/1.0\r\n${form}\r\n${length}\r\n\r\n${body}`, [200]],
  ['one expectation twice', rawRequest(post, [form, length, expectation, expectation], body), [200]],
  [
    'an expectation in HTTP/1.0',
    rawRequest('POST /token HTTP/1.0', [form, length, 'Expect: x'], body),
    [200],
  ],
  ['4,000 fields before those that matter', rawRequest(post, [...padding(4000), form, length], body), [200]],
]

describe('the server answers', () => {
  test.each(inTurn)('in turn: %s', async (_given, bytes, statuses) => {
    await using server = await startTokenServer()
    const replies = parseRawReplies(await exchangeBytes(server.url, bytes))
    expect(replies.map(({ status }) => status)).toEqual(statuses)
  })

  test('a request for permission to send the body with it, and then with a token', async () => {
    await using server = await startTokenServer()
    const bytes = await converseBytes(server.url, rawRequest(post, [form, length, expectation]), body)
    expect(bytes.split('\r\n', 3)).toEqual(['HTTP/1.1 100 Continue', '', 'HTTP/1.1 200 OK'])
  })

  test('a request for permission to send a body that is too long with the refusal, at once', async () => {
    await using server = await startTokenServer()
    const bytes = await exchangeBytes(
      server.url,
      rawRequest('POST /rfc6749/token HTTP/1.1', [form, large, expectation]),
    )
    expect(parseRawReplies(bytes).map(({ status, body }) => [status, body])).toEqual([
      [413, '{"error":"invalid_request"}'],
    ])
    expect(bytes).not.toContain('100 Continue')
    expect(server.journal.entries().map(({ refused }) => refused?.rule)).toEqual(['body-size'])
  })

  const sizes: ReadonlyArray<[given: string, body: () => RequestInit]> = [
    ['of a stated length', () => ({ body: 'a'.repeat(5_000_000) })],
    ['in chunks', () => ({ body: new Blob(['a'.repeat(5_000_000)]).stream(), duplex: 'half' })],
  ]

  test.each(sizes)('a client that sends a body %s far too long, before its end', async (_given, init) => {
    await using server = await startTokenServer()
    const response = await fetch(`${server.url}/rfc6749/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      ...init(),
    })
    expect([response.status, await response.json()]).toEqual([413, { error: 'invalid_request' }])
  })

  test('a client that reads only when it has sent all of a body that is too long', async () => {
    await using server = await startTokenServer()
    const head = rawRequest('POST /rfc6749/token HTTP/1.1', [form, 'Content-Length: 5000000'])
    const { socket, ended } = await openConnection(server.url)
    socket.pause()
    await new Promise((resolve) => socket.write(head + 'a'.repeat(5_000_000), resolve))
    const received: string[] = []
    socket.on('data', (chunk) => received.push(String(chunk))).resume()
    await ended
    expect(parseRawReply(received.join('')).status).toBe(413)
  })

  test('once, when a body goes too far and the rest of it cannot be read', async () => {
    const small = { ...rfc6749, limits: { ...rfc6749.limits, maxBodyBytes: 10 } }
    await using server = await startTokenServer({ services: [small] })
    const bytes = rawRequest(post, [form, chunks], `14\r\n${'a'.repeat(20)}\r\nzz\r\n`)
    const replies = parseRawReplies(await exchangeBytes(server.url, bytes))
    expect(replies.map(({ status }) => status)).toEqual([413])
  })
})

describe('connections', () => {
  test('beyond the limit are told so, and served when there is room', async () => {
    await using server = await startTokenServer({ maxConnections: 1 })
    const first = await openConnection(server.url)
    const reply = parseRawReply(await exchangeBytes(server.url, ''))
    expect([
      reply.status,
      reply.fields.get('retry-after'),
      reply.fields.get('connection'),
      reply.body,
    ]).toEqual([
      503,
      '1',
      'close',
      '{"message":"Expected at most 1 connections at once, received one more."}',
    ])
    first.socket.end(good)
    first.socket.resume()
    await first.ended
    expect(await statusOfGoodRequest(server)).toBe(200)
  })

  test('that are idle are closed', async () => {
    await using server = await startTokenServer({ keepAliveTimeoutMs: 1 })
    const replies = parseRawReplies(await exchangeBytes(server.url, goodKeptAlive))
    expect(replies.map(({ status }) => status)).toEqual([200])
  })

  test('of clients that do not read their replies are closed', async () => {
    await using server = await startTokenServer({ requestTimeoutMs: 50 })
    const { hostname, port } = new URL(server.url)
    const isCutOff = new Promise<boolean>((resolve) => {
      // More than the system keeps for both sides, so that the client notices the end by what it cannot send.
      const requests = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1_000_000)
      const socket = connect(Number(port), hostname, () => socket.write(requests))
      socket.on('error', () => {})
      socket.on('close', resolve)
    })
    expect(await isCutOff).toBe(true)
  })

  const unfinished: ReadonlyArray<[given: string, bytes: string]> = [
    ['over which nothing has come', ''],
    ['with half a header section', 'POST /token HT'],
    ['with half a body', rawRequest(post, [form, length], body.slice(0, 9))],
    ['that wait for permission', rawRequest(post, [form, length, expectation])],
    ['with a body that is refused', rawRequest(post, [form, large], 'a'.repeat(1000))],
    ['that are refused', 'hello\r\n\r\n'],
    ['that are a tunnel', 'CONNECT a:1 HTTP/1.1\r\n\r\n'],
    ['that are kept alive', goodKeptAlive],
  ]

  test.each(unfinished)(
    '%s do not hold up the end of the server',
    { timeout: 2000 },
    async (_given, bytes) => {
      const server = await startTokenServer({ maxConnections: 1 })
      const { socket, ended } = await openConnection(server.url)
      const surplus = await openConnection(server.url)
      for (const each of [socket, surplus.socket]) each.resume()
      await new Promise((resolve) => socket.write(bytes, resolve))
      await Promise.all([server.close(), ended, surplus.ended])
      await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    },
  )
})

const wrong: ReadonlyArray<[option: string, options: TokenServerOptions, received: string]> = [
  ['maxHeaderBytes', { maxHeaderBytes: 0 }, '0'],
  ['headersTimeoutMs', { headersTimeoutMs: -1 }, '-1'],
  ['requestTimeoutMs', { requestTimeoutMs: Number.NaN }, 'NaN'],
  ['keepAliveTimeoutMs', { keepAliveTimeoutMs: 1.5 }, '1.5'],
  ['maxConnections', { maxConnections: 2 ** 31 }, '2147483648'],
]

test.each(wrong)('%s is a whole number of at least 1', async (option, options, received) => {
  await expect(startTokenServer(options)).rejects.toMatchObject({
    code: 'ERR_OPTION_INVALID',
    message: `expected ${option} to be a whole number from 1 to 2147483647, got ${received}`,
  })
})

function padding(count: number): readonly string[] {
  return Array.from({ length: count }, () => 'a:')
}

async function statusOfGoodRequest({ url }: { readonly url: string }): Promise<number> {
  const response = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(body) })
  await response.arrayBuffer()
  return response.status
}
