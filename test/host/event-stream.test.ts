// The journal as an event stream: who is told what, and when a reader is let go.
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'

const path = '/__admin/requests/stream'

describe('the event stream', () => {
  test('tells each request as it is answered, as the journal has it', async () => {
    await using server = await startTokenServer({ services: ['rfc6749'] })
    await using reader = await read(server)
    await askUnknown(server)
    const [entry] = server.journal.entries()
    expect(await reader.next()).toBe(`id: 1\nevent: request\ndata: ${JSON.stringify(entry)}`)
    expect([reader.response.status, reader.response.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream',
    ])
  })

  const resumed: ReadonlyArray<[id: string | undefined, told: readonly number[]]> = [
    [undefined, [4]],
    ['', [4]],
    ['no number', [4]],
    ['-1', [4]],
    ['0', [1, 2, 3, 4]],
    ['2', [3, 4]],
    ['3', [4]],
    ['99', [4]],
  ]

  test.each(resumed)('goes on after the event of id %j, with %j', async (lastEventId, told) => {
    await using server = await startTokenServer({ services: ['rfc6749'] })
    for (let count = 0; count < 3; count += 1) await askUnknown(server)
    await using reader = await read(server, lastEventId)
    await askUnknown(server)
    const ids: number[] = []
    while (ids.at(-1) !== 4) ids.push(idIn(await reader.next()))
    expect(ids).toEqual(told)
  })

  test('goes on after a reset with the next id', async () => {
    await using server = await startTokenServer({ services: ['rfc6749'] })
    await using reader = await read(server)
    await askUnknown(server)
    server.reset()
    await askUnknown(server)
    expect([idIn(await reader.next()), idIn(await reader.next())]).toEqual([1, 2])
  })

  test('goes on after a reload', async () => {
    await using server = await startTokenServer({ services: ['rfc6749'] })
    await using reader = await read(server)
    server.reload({ services: ['moov'] })
    await askUnknown(server)
    expect(idIn(await reader.next())).toBe(1)
  })

  test('sends the whole journal to whoever reads it, however long it is', async () => {
    await using server = await startTokenServer({ services: ['rfc6749'] })
    await fill(server, 1000)
    await using reader = await read(server, '0')
    let last = ''
    for (let count = 0; count < 1000; count += 1) last = await reader.next()
    expect(idIn(last)).toBe(1000)
  })

  test('is unsubscribed when the reader leaves', async () => {
    await using server = await startTokenServer({ services: ['rfc6749'] })
    const left = Promise.withResolvers<void>()
    const { subscribe } = server.journal
    vi.spyOn(server.journal, 'subscribe').mockImplementation((listener) => {
      const leave = subscribe(listener)
      return () => {
        leave()
        left.resolve()
      }
    })
    const reader = await read(server)
    await reader[Symbol.asyncDispose]()
    await left.promise
  })

  test('lets a reader go that has missed entries, and keeps nothing for it', async () => {
    await using server = await startTokenServer({ services: ['rfc6749'] })
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await once(socket, 'readable')
    socket.pause()
    // More than the connection and the journal hold together.
    await fill(server, 2500)
    const closed = once(socket, 'close')
    socket.resume()
    let received = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text
    })
    await closed
    const last = Number([...received.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1])
    expect([last > 0, last < 2500]).toEqual([true, true])
  })

  test('ends with the server', async () => {
    const server = await startTokenServer({ services: ['rfc6749'] })
    const reader = await read(server)
    await server.close()
    await expect(reader.next()).rejects.toThrow('terminated')
  })
})

interface Reader extends AsyncDisposable {
  readonly response: Response
  /** The next event, without the empty line behind it. */
  readonly next: () => Promise<string>
}

async function read({ url }: TokenServer, lastEventId?: string): Promise<Reader> {
  const leaving = new AbortController()
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
  const response = await fetch(url + path, { headers, signal: leaving.signal })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  let text = ''
  const next = async () => {
    while (!text.includes('\n\n')) {
      const { value, done } = await reader.read()
      if (done) throw new Error(`the stream ended after ${JSON.stringify(text)}`)
      text += decoder.decode(value, { stream: true })
    }
    const end = text.indexOf('\n\n')
    const event = text.slice(0, end)
    text = text.slice(end + 2)
    return event
  }
  return { response, next, [Symbol.asyncDispose]: async () => leaving.abort() }
}

function idIn(event: string): number {
  return Number(/^id: (\d+)$/m.exec(event)?.[1])
}

/** Requests with so long a field that a thousand entries are far more than a connection holds. */
async function fill(server: TokenServer, requests: number): Promise<void> {
  for (let sent = 0; sent < requests; sent += 50)
    await Promise.all(Array.from({ length: 50 }, () => askUnknown(server, 'a'.repeat(12_000))))
}

async function askUnknown({ url }: TokenServer, userAgent = 'example'): Promise<void> {
  const response = await fetch(`${url}/nowhere`, { headers: { 'user-agent': userAgent } })
  await response.arrayBuffer()
}
