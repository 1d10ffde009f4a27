// Replies that take their time or break off, over connections of node:http: in their turn, and no longer than the connection.
import { once } from 'node:events'
import { request } from 'node:https'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { systemWait } from '../../src/host/ambient.ts'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { exchangeBytes, openConnection, parseRawReplies, parseRawReply } from './raw-socket.ts'

const body = 'client_id=customer_id&client_secret=secret&grant_type=client_credentials'
const form = 'Content-Type: application/x-www-form-urlencoded'

function bytesOf(outcome: string, sent = body, fields: readonly string[] = []): string {
  const length = `Content-Length: ${sent.length}`
  return [
    'POST /token HTTP/1.1',
    'Host: mock.example',
    form,
    length,
    `Prefer: outcome=${outcome}`,
    ...fields,
    '',
    sent,
  ].join('\r\n')
}

/** Waits until it is told to go on. */
function createHeldWait() {
  const held: Array<{
    readonly milliseconds: number
    readonly signal: AbortSignal
    readonly end: () => void
  }> = []
  let asked = () => {}
  return {
    held,
    wait: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((end) => {
        held.push({ milliseconds, signal, end })
        asked()
      }),
    untilAsked: () =>
      new Promise<void>((resolve) => {
        asked = resolve
      }),
  }
}

describe('delivery', () => {
  test('a reply that takes its time does not come before it, and comes whole then', async () => {
    const { held, wait, untilAsked } = createHeldWait()
    await using server = await startTokenServer({ wait })
    const asked = untilAsked()
    let received = ''
    const { socket, ended } = await openConnection(server.url)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    socket.write(bytesOf('slow10m', body, ['Connection: close']))
    await asked
    expect([held.map(({ milliseconds }) => milliseconds), received]).toEqual([[600_000], ''])
    held[0]?.end()
    await ended
    expect(parseRawReply(received).status).toBe(200)
  })

  test('a body that drips comes piece by piece, each after its wait', async () => {
    const { held, wait, untilAsked } = createHeldWait()
    await using server = await startTokenServer({ wait })
    let received = ''
    const { socket, ended } = await openConnection(server.url)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    let asked = untilAsked()
    socket.write(bytesOf('drip', body, ['Connection: close']))
    const lengths: number[] = []
    for (let pause = 0; pause < 9; pause += 1) {
      await asked
      asked = untilAsked()
      lengths.push(await lengthOnceMoreThan(lengths.at(-1) ?? 0, () => bodyIn(received).length, socket))
      held[pause]?.end()
    }
    await ended
    const { status, fields, body: whole } = parseRawReply(received)
    const length = Number(fields.get('content-length'))
    const piece = Math.ceil(length / 10)
    expect([status, whole.length, held.map(({ milliseconds }) => milliseconds)]).toEqual([
      200,
      length,
      Array(9).fill(100),
    ])
    expect(lengths).toEqual(Array.from({ length: 9 }, (_none, index) => (index + 1) * piece))
  })

  const inTurn: ReadonlyArray<[outcome: string, second: object | undefined]> = [
    ['closed', undefined],
    ['reset', undefined],
    ['truncated', { status: 200 }],
    ['granted', { status: 200 }],
  ]
  test.each(inTurn)(
    '%s comes after the replies to earlier requests on its connection',
    async (outcome, second) => {
      const { held, wait, untilAsked } = createHeldWait()
      await using server = await startTokenServer({ wait })
      const asked = untilAsked()
      const bytes = bytesOf('slow2s') + bytesOf(outcome, body, ['Connection: close'])
      const { socket, ended } = await openConnection(server.url)
      let received = ''
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1')
      })
      socket.write(bytes)
      await asked
      await untilAnswered(server, 2)
      held[0]?.end()
      await ended
      const [first, ...rest] = parseRawReplies(received)
      expect([first?.status, first?.body.length, rest.map(({ status }) => ({ status }))]).toEqual([
        200,
        Number(first?.fields.get('content-length')),
        second === undefined ? [] : [second],
      ])
    },
  )

  test.each([
    ['reset', ''],
    ['closed', ''],
    ['drip', 'whole'],
    ['slow2s', 'whole'],
    ['truncated', 'a part'],
  ])('of the reply to a body that is too long, %s lets a client have: %s', async (outcome, had) => {
    await using server = await startTokenServer({ wait: async () => {} })
    const bytes = bytesOf(outcome, 'a'.repeat(70_000))
    const received = await exchangeBytes(server.url, bytes).catch(() => '')
    if (had === 'a part') return expect(received).not.toContain('invalid request')
    expect(received === '' ? '' : parseRawReply(received).body).toBe(
      had === '' ? '' : '{"code":1001,"message":"invalid request"}',
    )
  })

  test.each([
    ['reset', 'ECONNRESET'],
    ['closed', 'ECONNRESET'],
    ['truncated', 'ECONNRESET'],
    ['granted', 200],
  ])('over https, %s ends with %s, and the server goes on', async (outcome, end) => {
    await using server = await startTokenServer({ tls: 'self-signed' })
    expect(await endOverTls(server, outcome)).toBe(end)
    expect(await endOverTls(server, 'granted')).toBe(200)
  })

  test.each(['slow10m', 'drip'])(
    'a client that resets its connection ends the waiting of %s',
    async (outcome) => {
      const { held, wait, untilAsked } = createHeldWait()
      await using server = await startTokenServer({ wait })
      const asked = untilAsked()
      const { socket } = await openConnection(server.url)
      socket.write(bytesOf(outcome))
      await asked
      const signal = held[0]?.signal as AbortSignal
      expect(signal.aborted).toBe(false)
      socket.resetAndDestroy()
      await once(signal, 'abort')
    },
  )

  test('a server that is closed ends every wait: of the request, of those behind it, of other connections', async () => {
    const { held, wait } = createHeldWait()
    const server = await startTokenServer({ wait })
    const connections = [await openConnection(server.url), await openConnection(server.url)]
    for (const { socket } of connections) socket.write(bytesOf('slow10m') + bytesOf('slow9m'))
    await untilAnswered(server, 4)
    expect(held.map(({ signal }) => signal.aborted)).toEqual([false, false, false, false])
    await server.close()
    await Promise.all(connections.map(({ ended }) => ended))
    expect(held.map(({ signal }) => signal.aborted)).toEqual([true, true, true, true])
  })

  test("the machine's own wait ends with its signal, and leaves no timer", async () => {
    const closing = new AbortController()
    const waiting = systemWait(600_000, closing.signal)
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    closing.abort()
    await waiting
    expect(before - timers()).toBe(1)
    await systemWait(600_000, AbortSignal.abort())
  })
})

/** Resolves once the server has judged so many requests; replies may still be on their way. */
function untilAnswered({ journal }: TokenServer, count: number): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (journal.entries().length >= count) resolve()
    }
    journal.subscribe(check)
    check()
  })
}

function bodyIn(received: string): string {
  const end = received.indexOf('\r\n\r\n')
  return end < 0 ? '' : received.slice(end + 4)
}

async function lengthOnceMoreThan(last: number, length: () => number, socket: Socket): Promise<number> {
  while (length() <= last) await once(socket, 'data')
  return length()
}

function endOverTls(
  { url, certificate }: TokenServer,
  outcome: string,
): Promise<number | string | undefined> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    prefer: `outcome=${outcome}`,
  }
  return new Promise((resolve) => {
    const options = { method: 'POST', headers, agent: false, ...(certificate && { ca: certificate }) }
    const failed = ({ code }: NodeJS.ErrnoException) => resolve(code)
    request(`${url}/token`, options, (response) => {
      response.on('error', failed).resume()
      response.on('end', () => resolve(response.statusCode))
    })
      .on('error', failed)
      .end(body)
  })
}
