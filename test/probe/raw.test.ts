// Bytes off a socket: what is a reply, when it is whole, and that nothing keeps the reader waiting.
import { createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { exchangeBytes, parseReply } from '../../src/probe/raw.ts'

const part = { isOver: false, isHead: false }
const over = { isOver: true, isHead: false }
const ok = 'HTTP/1.1 200 OK\r\n'

const replies: ReadonlyArray<
  [
    what: string,
    bytes: string,
    given: typeof part,
    read: readonly [number, string, readonly number[]] | undefined,
  ]
> = [
  ['nothing', '', over, undefined],
  ['half a head', `${ok}A: b\r\n`, over, undefined],
  ['no HTTP', '220 smtp ready\r\n\r\n', over, undefined],
  ['a body of a length', `${ok}Content-Length: 2\r\n\r\nab`, part, [200, 'ab', []]],
  ['a body that is not there yet', `${ok}Content-Length: 3\r\n\r\nab`, part, undefined],
  ['a body that never comes whole', `${ok}Content-Length: 3\r\n\r\nab`, over, [200, 'ab', []]],
  ['more than the body', `${ok}Content-Length: 1\r\n\r\nabc`, part, [200, 'a', []]],
  ['a body up to the end', `${ok}\r\nabc`, over, [200, 'abc', []]],
  ['a body whose end has not come', `${ok}\r\nabc`, part, undefined],
  [
    'chunks',
    `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n`,
    part,
    [200, 'abc', []],
  ],
  ['chunks without an end', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n`, part, undefined],
  [
    'chunks that were cut off',
    `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n9\r\nc`,
    over,
    [200, 'ab', []],
  ],
  ['chunks of nonsense', `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n`, over, [200, '', []]],
  ['line ends without a return', 'HTTP/1.0 400 Bad\nContent-Length: 1\n\nx', part, [400, 'x', []]],
  [
    'an interim reply',
    `HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 1\r\n\r\nx`,
    part,
    [200, 'x', [100]],
  ],
  ['an interim reply alone', 'HTTP/1.1 100 Continue\r\n\r\n', part, undefined],
  ['no content', 'HTTP/1.1 204 No Content\r\n\r\n', part, [204, '', []]],
  ['the reply to HEAD', `${ok}Content-Length: 9\r\n\r\n`, { isOver: false, isHead: true }, [200, '', []]],
]

test.each(replies)('%s', (_what, bytes, given, read) => {
  const reply = parseReply(Buffer.from(bytes, 'latin1'), given)
  expect(reply && [reply.status, reply.body, reply.interim]).toEqual(read)
})

test('fields are by their names in lower case, those that come twice joined', () => {
  const bytes = Buffer.from(`${ok}X-A:  1 \r\nx-a: 2\r\nnonsense\r\n\r\n`)
  expect(parseReply(bytes, over)?.headers).toEqual({ 'x-a': '1, 2' })
})

/** Sends a request to a server that does with its socket what it likes. */
async function exchange(onConnection: (socket: Socket) => void, bytes = 'POST / HTTP/1.1\r\n\r\n') {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => {}))
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  try {
    return await exchangeBytes(bytes, {
      url: new URL(`http://127.0.0.1:${port}/`),
      timeoutMs: 200,
      patienceMs: 50,
      signal: new AbortController().signal,
    })
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

const failures: ReadonlyArray<[what: string, server: (socket: Socket) => void, why: string]> = [
  ['hangs', (socket) => socket.resume(), 'nothing within 200 ms'],
  ['resets', (socket) => socket.on('data', () => socket.resetAndDestroy()), 'ECONNRESET'],
  ['closes', (socket) => socket.on('data', () => socket.end()), 'the connection was closed'],
  ['talks nonsense', (socket) => socket.on('data', () => socket.end('hello')), 'what it sends is not HTTP'],
  [
    'drips',
    (socket) => {
      const drip = setInterval(() => socket.write('H'), 10)
      socket.resume().on('close', () => clearInterval(drip))
    },
    'nothing within 200 ms',
  ],
  [
    'never ends',
    (socket) => {
      const more = () => socket.write(Buffer.alloc(1_000_000, 'x')) && setImmediate(more)
      socket.on('drain', more).resume()
      more()
    },
    'more than 16777216 bytes',
  ],
]

describe('a server that', () => {
  test.each(failures)('%s is a failure in time', async (what, server, why) => {
    const failure = exchange(server)
    // How fast bytes come is the machine's own.
    const expected = what === 'never ends' ? new RegExp(`${why}|nothing within`) : why
    await expect(failure).rejects.toThrow(expected)
  })

  test('waits for bytes that never come is told that there are none', async () => {
    const reply = await exchange((socket) => {
      socket.resume().on('end', () => socket.end(`HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n`))
    }, 'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n')
    expect(reply.status).toBe(400)
  })

  test('says that a body is welcome is sent it then', async () => {
    const heard: string[] = []
    const reply = await exchange((socket) => {
      socket.setEncoding('latin1').on('data', (text: string) => {
        heard.push(text)
        socket.write(
          heard.length === 1
            ? 'HTTP/1.1 100 Continue\r\n\r\n'
            : 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
        )
      })
    }, 'POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n\xff\0')
    expect([reply.status, reply.interim, heard.at(-1)]).toEqual([200, [100], '\xff\0'])
  })
})
