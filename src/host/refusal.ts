// Refusals that are the server's own and no service's: what cannot be read, or is too much to be served.
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HttpReply } from '../oauth/message.ts'
import { systemDate } from './ambient.ts'

/** A request that no service gets to see. */
export interface Refusal {
  readonly status: 400 | 405 | 408 | 417 | 431 | 503
  /** What was expected, without a full stop. */
  readonly expected: string
  /** What was received, in words of the server's own: never a value that the client sent. */
  readonly received: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Longest time in which a connection whose reply is sent goes on being read, in milliseconds. */
const lingerMs = 5_000

const reasonPhrases: Readonly<Record<Refusal['status'], string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
}

/** Sends a refusal in the place of a reply, and ends the connection. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  sendLast(response, formatRefusal(refusal))
}

/** Sends a refusal over a connection without a request, and ends it. */
export function refuseSocket(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) return
  const { status, headers, body } = formatRefusal(refusal)
  const fields = { ...headers, ...closing(body), date: systemDate().toUTCString() }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  socket.write([`HTTP/1.1 ${status} ${reasonPhrases[refusal.status]}`, ...lines, '', body].join('\r\n'))
  closeGently(socket)
}

/** Sends a reply ahead of the rest of the request, which is read and dropped, and ends the connection. */
export function sendLast(response: ServerResponse, { status, headers, body }: HttpReply): void {
  // What follows a request, or the rest of its body, may have been refused meanwhile.
  if (response.headersSent) return
  response.writeHead(status, { ...headers, ...closing(body) })
  response.flushHeaders()
  response.req.resume()
  // Not `end`, with which Node.js closes the connection at once. Written, the bytes are behind those of earlier replies.
  response.write(body, () => {
    if (response.req.socket) closeGently(response.req.socket)
  })
}

/**
 * Ends a connection so that what was written arrives: a connection that is closed while the client still sends is reset,
 * and the reply is lost with it. So the server's side alone is closed, and what comes is dropped for a while.
 * @see RFC 9112 §9.6
 */
function closeGently(socket: Duplex): void {
  const lingering = setTimeout(() => socket.destroy(), lingerMs)
  lingering.unref()
  socket.once('close', () => clearTimeout(lingering))
  socket.on('error', () => socket.destroy())
  socket.end()
  socket.resume()
}

function formatRefusal({ status, expected, received, headers }: Refusal): HttpReply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ message: `Expected ${expected}, received ${received}.` }),
  }
}

function closing(body: string): Readonly<Record<string, string>> {
  return { connection: 'close', 'content-length': String(Buffer.byteLength(body)) }
}
