// Anything at all over raw sockets: the server answers it or ends the connection, and serves the next client.
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'

/** Bytes as Latin-1. */
type Bytes = string

/** What a client sends: in two parts, and with or without an end of its own. */
interface Sent {
  readonly bytes: Bytes
  /** Where the first part ends. */
  readonly split: number
  readonly hangsUp: boolean
}

interface Reply {
  readonly status: number
  readonly body: Bytes
}

/** A request without its framing. */
interface Content {
  readonly requestLine: string
  readonly fields: readonly string[]
  readonly body: Bytes
}

const secret = 'hunter2'
const together = 8
let server: TokenServer

beforeAll(async () => {
  // So few connections that one which is never let go is soon answered with 503.
  server = await startTokenServer({
    maxConnections: 4 * together,
    headersTimeoutMs: 2000,
    requestTimeoutMs: 2000,
  })
})
afterAll(() => server.close())

const anyByte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
const anyBytes = (maxLength: number) => fc.string({ unit: anyByte, maxLength })
const repeated = (unit: string, max: number) => fc.integer({ min: 1, max }).map((count) => unit.repeat(count))

const method = fc.oneof(
  { weight: 8, arbitrary: fc.constant('POST') },
  fc.constantFrom('GET', 'HEAD', 'PUT', 'OPTIONS', 'TRACE', 'QUERY', 'DELETE', 'M-SEARCH'),
)
const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('/token', '/v3/token', '/oauth2/token', '/oauth2/revoke') },
  { weight: 4, arbitrary: fc.constantFrom('/rfc6749/token', '/rfc6749/revoke', '/moov/oauth2/token') },
  fc.constantFrom('/', '//', '/%zz', '/token%00', '/../token', '/__proto__', '/constructor', '/token?a=%'),
  fc.constantFrom('http://mock.example/token', 'http://mock.example', 'https://[::1]?', '/token;a', '*'),
  repeated('/a', 3000),
)
const credentials = fc.oneof(
  fc.constantFrom(btoa(`example-client:${secret}`), btoa(':'), btoa('nocolon'), '!!!!', '', btoa('%zz:%')),
  fc.base64String({ maxLength: 2000 }),
)
const field = fc.oneof(
  credentials.map((value) => `Authorization: Basic ${value}`),
  fc.constantFrom('Authorization: Bearer a, Basic b', 'authorization:', 'AUTHORIZATION: Basic'),
  fc.constantFrom(
    '__proto__: a',
    'constructor: a',
    'toString: a',
    'Expect: 100-continue',
    'Upgrade: websocket',
  ),
  fc.constantFrom(
    'Content-Type: text/plain',
    'Content-Type: application/json',
    'Content-Type:',
    'Accept: ;;;',
  ),
  fc.constantFrom(
    'Content-Encoding: gzip',
    'X-Latin: \xe9\xff',
    'Content-Type: application/json; charset=\xff',
  ),
  repeated('a', 3000).map((name) => `${name}: a`),
  repeated('X: a\r\n', 1000).map((lines) => `${lines}X: a`),
)
const parameter = fc.oneof(
  fc.constantFrom('grant_type=client_credentials', 'grant_type=password', 'grant_type=', 'grant_type', '='),
  fc.constantFrom('client_id=example-client', `client_secret=${secret}`, 'scope=a+b', 'scope=%22', 'token=a'),
  fc.constantFrom('__proto__=a', 'constructor=a', '%', '%zz=a', 'a=%ff', '%00=%00', 'refresh_token=a', '&&&'),
  fc.constantFrom('username=example-user', `password=${secret}`, 'client_assertion=a.b.c', 'a=\0', 'a=\xff'),
  repeated('a', 5000).map((value) => `client_id=${value}`),
)
const formBody = fc.oneof(
  { weight: 4, arbitrary: fc.array(parameter, { maxLength: 8 }).map((parameters) => parameters.join('&')) },
  fc
    .array(parameter, { minLength: 2000, maxLength: 2000, size: 'max' })
    .map((all) => all.join('&').slice(0, 60_000)),
)
const jsonBody = fc.oneof(
  fc.json(),
  fc.constantFrom(
    '{"__proto__":{"grant_type":"client_credentials"}}',
    '{"grant_type":{}}',
    '{"a":1,"a":2}',
    '"',
  ),
  fc.constantFrom(
    '{"grant_type":"client_credentials","client_id":["a"]}',
    '{"constructor":null}',
    '\xef\xbb\xbf{}',
  ),
  repeated('[', 30_000),
  fc.integer({ min: 1, max: 9000 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.constantFrom(`{"client_secret":"${secret}","client_id":"\\ud800"}`, '{"grant_type":1e999}'),
)
const form = 'Content-Type: application/x-www-form-urlencoded'
const json = 'Content-Type: application/json'
const content: fc.Arbitrary<Content> = fc
  .tuple(
    method,
    target,
    fc.array(field, { maxLength: 4 }),
    fc.oneof(
      formBody.map((body) => [form, body] as const),
      jsonBody.map((body) => [json, body] as const),
      anyBytes(200).map((body) => [form, body] as const),
    ),
  )
  .map(([verb, path, fields, [type, body]]) => ({
    // RFC 9112 §3.2.4: the asterisk belongs to OPTIONS.
    requestLine: `${path === '*' ? 'OPTIONS' : verb} ${path} HTTP/1.1`,
    fields: ['Host: mock.example', type, ...fields],
    body,
  }))

/** Requests whose framing is sound, as bytes; the connection is kept alive. */
const sound: fc.Arbitrary<Bytes> = fc
  .tuple(content, fc.boolean(), fc.integer({ min: 1, max: 20_000 }), fc.constantFrom('', ';a=b', ';a="b c"'))
  .map(([{ requestLine, fields, body }, isChunked, size, extension]) => {
    // All extensions of a body may have 16 KiB together: those of many small chunks have more.
    if (!isChunked) return bytesOf(requestLine, [...fields, `Content-Length: ${body.length}`], body)
    return bytesOf(
      requestLine,
      [...fields, 'Transfer-Encoding: chunked'],
      chunked(body, extension === '' ? size : 1000 + size, extension),
    )
  })

const lastRequest = bytesOf('GET / HTTP/1.1', ['Host: mock.example', 'Connection: close'], '')

const length = /Content-Length: \d+/
const oddities: ReadonlyArray<(bytes: Bytes) => Bytes> = [
  (bytes) => bytes.replaceAll('\r\n', '\n'),
  (bytes) => bytes.replaceAll('\r\n', '\r'),
  (bytes) => bytes.replace('\r\n', '\r\n X: folded\r\n'),
  (bytes) => bytes.replace('Host: ', 'Host:\r\n\tfolded: '),
  (bytes) => bytes.replace('Host', 'Host '),
  (bytes) => bytes.replace('Host: ', 'Host: \0'),
  (bytes) => bytes.replace('/', '/\0'),
  (bytes) => bytes.replace('/', '/\xff\xfe'),
  (bytes) => bytes.replace('/', '/ '),
  (bytes) => bytes.replace(/Host: .*\r\n/, ''),
  (bytes) => bytes.replace('\r\n', '\r\nHost: other.example\r\n'),
  (bytes) => bytes.replace('HTTP/1.1', 'HTTP/1.0'),
  (bytes) => bytes.replace('HTTP/1.1', 'HTTP/0.9'),
  (bytes) => bytes.replace('HTTP/1.1', 'HTTP/11'),
  (bytes) => bytes.replace(' HTTP/1.1', ''),
  (bytes) => bytes.replace(/^\S+ \S+/, 'CONNECT as.example:443'),
  (bytes) => bytes.replace(/^\S+/, 'post'),
  (bytes) => bytes.replace('\r\n', `\r\n${'a'.repeat(17_000)}: x\r\n`),
  (bytes) => bytes.replace('\r\n', '\r\nTransfer-Encoding: chunked\r\n'),
  (bytes) => bytes.replace('\r\n', '\r\nTransfer-Encoding: gzip, chunked\r\n'),
  (bytes) => bytes.replace('\r\n', '\r\nTransfer-Encoding: identity\r\n'),
  (bytes) => bytes.replace('\r\n', '\r\nContent-Length: 7\r\n'),
  (bytes) => bytes.replace('\r\n', '\r\nExpect: 200-ok\r\n'),
  (bytes) => bytes.replace(length, '$&\r\n$&'),
  (bytes) => bytes.replace(length, '$&, 5'),
  (bytes) => bytes.replace(length, 'Content-Length: 3'),
  (bytes) => bytes.replace(length, 'Content-Length: 60000'),
  (bytes) => bytes.replace(length, 'Content-Length: 70000'),
  (bytes) => bytes.replace(length, 'Content-Length: 99999999999999999999'),
  (bytes) => bytes.replace(length, 'Content-Length: -1'),
  (bytes) => bytes.replace(length, 'Content-Length: 0x10'),
  (bytes) => bytes.replace(/\r\n\r\n[0-9a-f]+/, '\r\n\r\nzz'),
  (bytes) => bytes.replace(/\r\n\r\n[0-9a-f]+/, '\r\n\r\nfffffffffffffffff'),
  (bytes) => bytes.replace(/\r\n\r\n[0-9a-f]+/, '\r\n\r\n-1'),
  (bytes) => bytes.replace(/0\r\n\r\n$/, ''),
  (bytes) => bytes.replace(/0\r\n\r\n$/, '0\r\nContent-Length: 5\r\n\r\n'),
  (bytes) => bytes.replace(/0\r\n\r\n$/, `0\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`),
]
const mutated: fc.Arbitrary<Bytes> = fc.oneof(
  fc.tuple(sound, fc.constantFrom(...oddities)).map(([bytes, oddity]) => oddity(bytes)),
  fc.tuple(sound, fc.nat(), anyBytes(4), fc.nat(8)).map(([bytes, place, inserted, removed]) => {
    const at = place % Math.min(bytes.length, 400)
    return bytes.slice(0, at) + inserted + bytes.slice(at + removed)
  }),
  fc.tuple(sound, fc.nat()).map(([bytes, place]) => bytes.slice(0, 1 + (place % bytes.length))),
)

describe('the server, given', () => {
  const wholly: ReadonlyArray<[given: string, count: number, sent: fc.Arbitrary<readonly [Bytes, number]>]> =
    [
      [
        'requests of sound framing, with a reply to each, in turn',
        40,
        fc.array(sound, { maxLength: 3 }).map((all) => [all.join('') + lastRequest, all.length + 1] as const),
      ],
      ['requests of unsound framing', 60, mutated.map((bytes) => [bytes, 0] as const)],
      [
        'a sound request and an unsound one',
        30,
        fc.tuple(sound, mutated).map(([first, second]) => [first + second, 0] as const),
      ],
      ['bytes at random', 30, anyBytes(400).map((bytes) => [bytes, 0] as const)],
    ]

  test.each(wholly)('%s, answers or hangs up, and goes on', async (_given, numRuns, sent) => {
    const each = fc.tuple(sent, fc.nat(), fc.boolean()).map(([[bytes, expected], place, hangsUp]) => ({
      bytes,
      expected,
      split: place % (bytes.length + 1),
      // Without an end of theirs, only those come to an end whose last request says so.
      hangsUp: hangsUp || expected === 0,
    }))
    const property = fc.asyncProperty(
      fc.array(each, { minLength: together, maxLength: together }),
      async (all) => {
        const replies = await Promise.all(all.map(exchange))
        for (const [index, { bytes, expected }] of all.entries()) {
          const statuses = (replies[index] ?? []).map(({ status }) => status)
          expect(
            statuses.filter((status) => status >= 500),
            abridged(bytes),
          ).toEqual([])
          if (expected > 0) expect(statuses.length, abridged(bytes)).toBe(expected)
          else if (bytes.trim() !== '') expect(statuses.length, abridged(bytes)).toBeGreaterThan(0)
        }
        expect(await tokenStatus()).toBe(200)
        // What the server keeps is bounded: its journal, and its connections, of which it would refuse one too many.
        expect(server.journal.entries().length).toBeLessThanOrEqual(1000)
      },
    )
    // Shrinking would take longer than the search: the failing request is in the message.
    await fc.assert(property, { seed: 6749, numRuns, endOnFailure: true })
  })
})

function bytesOf(requestLine: string, fields: readonly string[], body: Bytes): Bytes {
  return [requestLine, ...fields, '', body].join('\r\n')
}

function chunked(body: Bytes, size: number, extension: string): Bytes {
  const count = Math.ceil(body.length / size)
  const chunks = Array.from({ length: count }, (_none, index) => body.slice(index * size, (index + 1) * size))
  return `${chunks.map((chunk) => `${chunk.length.toString(16)}${extension}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`
}

/** Sends bytes, and reads the replies until the server ends the connection. */
function exchange({ bytes, split, hangsUp }: Sent): Promise<readonly Reply[]> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const chunks: Buffer[] = []
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true, noDelay: true }, () => {
      socket.write(bytes.slice(0, split), 'latin1', () => {
        socket.write(bytes.slice(split), 'latin1', () => {
          if (hangsUp) socket.end()
        })
      })
    })
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => socket.end())
    socket.on('error', reject)
    socket.on('close', () => {
      try {
        const received = Buffer.concat(chunks).toString('latin1')
        expect(received).not.toContain(secret)
        resolve(repliesIn(received))
      } catch (error) {
        reject(error)
      }
    })
  })
}

/** Reads replies strictly; interim ones are passed over. */
function repliesIn(received: Bytes): readonly Reply[] {
  if (received === '') return []
  const [head = '', statusText = '', fieldText = ''] =
    /^HTTP\/1\.1 (\d{3}) [ -~]+\r\n((?:[!#$%&'*+.^_`|~\w-]+: [\t -~]*\r\n)*)\r\n/.exec(received) ?? []
  expect(received).toMatch(/^HTTP\/1\.1 /)
  expect([received.slice(0, 300), head]).not.toContain('')
  const status = Number(statusText)
  const after = received.slice(head.length)
  if (status === 100) return repliesIn(after)
  const fields = new Headers(
    fieldText
      .trimEnd()
      .split('\r\n')
      .map((line): [string, string] => {
        const colon = line.indexOf(': ')
        return [line.slice(0, colon), line.slice(colon + 2)]
      }),
  )
  // The reply to HEAD has the length of a body, and none.
  const isEmpty = after === '' || after.startsWith('HTTP/1.1 ')
  const body = isEmpty ? '' : after.slice(0, Number(fields.get('content-length') ?? 0))
  if (body !== '' && fields.get('content-type') === 'application/json') JSON.parse(body)
  return [{ status, body }, ...repliesIn(after.slice(body.length))]
}

/** Bytes for a message: what repeats itself is shown once. */
function abridged(bytes: Bytes): string {
  return JSON.stringify(bytes.replace(/(.{1,12})\1{5,}/gs, '<$1…>').slice(0, 2000))
}

async function tokenStatus(): Promise<number> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'customer_id',
    client_secret: 'secret',
  })
  const response = await fetch(`${server.url}/token`, { method: 'POST', body })
  expect(await response.json()).toMatchObject({ token_type: 'Bearer' })
  return response.status
}
