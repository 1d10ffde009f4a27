// Bytes over a socket, for what an HTTP client would mend, and a tolerant reading of what comes back. Always ends: bounded in
// bytes and in time, whatever the other side does.
import type { IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import {
  ConnectionFailure,
  decode,
  describeFailure,
  type Incoming,
  maxReplyBytes,
  secureContextOf,
  type TlsOptions,
} from '../verify/connection.ts'

/** How bytes are sent. */
export interface RawOptions {
  readonly url: URL
  /** Longest wait for the reply. */
  readonly timeoutMs: number
  /** How long the service may be silent before our side of the connection ends: it may wait for bytes that never come. */
  readonly patienceMs: number
  readonly signal: AbortSignal
  readonly tls?: TlsOptions | undefined
  /** Without TLS, also to a port of TLS. Default: no. */
  readonly isPlain?: boolean
}

/** A reply as it was read off a socket. */
export interface RawReply extends Incoming {
  /** The statuses that came before: `[100]`. */
  readonly interim: readonly number[]
}

/** Sends bytes, a character each, and reads one reply. @throws {ConnectionFailure} */
export function exchangeBytes(bytes: string, options: RawOptions): Promise<RawReply> {
  const { timeoutMs, patienceMs, signal } = options
  const isHead = bytes.startsWith('HEAD ')
  return new Promise((resolve, reject) => {
    const late = AbortSignal.timeout(timeoutMs)
    const ended = AbortSignal.any([late, signal])
    const chunks: Buffer[] = []
    let size = 0
    const socket = open(options)
    const silence = setTimeout(() => socket.end(), patienceMs)
    const close = () => {
      clearTimeout(silence)
      ended.removeEventListener('abort', giveUp)
      socket.destroy()
    }
    const finish = (isOver: boolean): boolean => {
      const reply = parseReply(Buffer.concat(chunks), { isOver, isHead })
      if (reply !== undefined) resolve(reply)
      return reply !== undefined
    }
    const fail = (error: Error) => {
      close()
      // What came before a reset may be whole.
      if (finish(true)) return
      const why = describeFailure(error, late.aborted, timeoutMs)
      reject(new ConnectionFailure(why, size > 0, error))
    }
    const giveUp = () => fail(new Error('the run ended'))
    ended.addEventListener('abort', giveUp)
    socket.on('error', fail)
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > maxReplyBytes) fail(new Error(`more than ${maxReplyBytes} bytes`))
      else if (finish(false)) close()
    })
    socket.on('close', () =>
      fail(new Error(size === 0 ? 'the connection was closed' : 'what it sends is not HTTP')),
    )
    converse(socket, bytes)
    if (ended.aborted) giveUp()
  })
}

function open({ url, tls = {}, isPlain = false }: RawOptions): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isPlain && url.protocol === 'https:') return connect({ host, port: Number(url.port || 443) })
  if (url.protocol !== 'https:') return connect({ host, port: Number(url.port || 80) })
  return connectSecurely({
    host,
    port: Number(url.port || 443),
    // An address is no name to ask for. @see RFC 6066 §3
    ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }),
    secureContext: secureContextOf(tls),
  })
}

/** How long a service may take to say that the body is welcome; then it is sent all the same. @see RFC 9110 §10.1.1 */
const longestWelcomeMs = 500

/** After `Expect: 100-continue` the body waits for the service's word. */
function converse(socket: Socket, bytes: string): void {
  const end = bytes.indexOf('\r\n\r\n') + 4
  const isExpecting = end > 3 && /\r\nexpect:\s*100-continue/i.test(bytes.slice(0, end))
  if (!isExpecting) {
    socket.write(bytes, 'latin1')
    return
  }
  socket.write(bytes.slice(0, end), 'latin1')
  const go = () => {
    clearTimeout(timer)
    socket.off('data', go)
    if (socket.writable) socket.write(bytes.slice(end), 'latin1')
  }
  const timer = setTimeout(go, longestWelcomeMs)
  socket.once('data', go)
  socket.once('close', () => clearTimeout(timer))
}

/** What is known of the bytes beside themselves. */
interface Circumstances {
  /** Whether nothing more comes. */
  readonly isOver: boolean
  /** Whether it is the reply to HEAD. */
  readonly isHead: boolean
}

/** A reply, as soon as it is whole; `undefined` while it is not, and when it is none. */
export function parseReply(bytes: Buffer, circumstances: Circumstances): RawReply | undefined {
  const interim: number[] = []
  let rest = bytes
  for (;;) {
    const head = headOf(rest)
    if (head === undefined) return undefined
    rest = rest.subarray(head.end)
    if (head.status >= 200 || head.status === 101) {
      const body = bodyOf(rest, head, circumstances)
      if (body === undefined) return undefined
      return { status: head.status, headers: head.headers, body: decode(body, head.headers), interim }
    }
    interim.push(head.status)
  }
}

interface Head {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Where the body begins. */
  readonly end: number
}

function headOf(bytes: Buffer): Head | undefined {
  const text = bytes.subarray(0, 65_536).toString('latin1')
  const end = /\r?\n\r?\n/.exec(text)
  if (end === null) return undefined
  const [statusLine = '', ...lines] = text.slice(0, end.index).split(/\r?\n/)
  const status = /^HTTP\/\d\.\d (\d{3})\b/.exec(statusLine)?.[1]
  if (status === undefined) return undefined
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:\s]+)\s*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    const key = name.toLowerCase()
    if (key !== '') headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`
  }
  return { status: Number(status), headers, end: end.index + end[0].length }
}

function bodyOf(
  bytes: Buffer,
  { status, headers }: Head,
  { isOver, isHead }: Circumstances,
): Buffer | undefined {
  if (isHead || status === 101 || status === 204 || status === 304) return Buffer.alloc(0)
  if (/\bchunked\b/i.test(String(headers['transfer-encoding'] ?? ''))) return chunksOf(bytes, isOver)
  const length = headers['content-length']
  if (length === undefined || !/^\d+$/.test(length)) return isOver ? bytes : undefined
  return bytes.length >= Number(length) || isOver ? bytes.subarray(0, Number(length)) : undefined
}

function chunksOf(bytes: Buffer, isOver: boolean): Buffer | undefined {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\n', at)
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const isWhole = size >= 0 && lineEnd + 1 + size <= bytes.length
    if (size === 0 || (isOver && !isWhole)) return Buffer.concat(chunks)
    if (!isWhole) return undefined
    chunks.push(bytes.subarray(lineEnd + 1, lineEnd + 1 + size))
    at = lineEnd + 1 + size + (bytes[lineEnd + 1 + size] === 0x0d ? 2 : 1)
  }
}
