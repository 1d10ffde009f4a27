// Replies that take their time, come in pieces, or break off, over a connection of node:http.
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpReply } from '../oauth/message.ts'
import type { Wait } from './ambient.ts'

/** What a reply is delivered with. */
export interface Deliverer {
  readonly wait: Wait
  /** Sends a reply as it would be sent without a delivery of its own. */
  readonly sendWhole: (response: ServerResponse, reply: HttpReply) => void
}

/** Sends a reply in the way that it asks for; one without content cannot come in pieces nor break off in the middle. */
export async function deliver(
  response: ServerResponse,
  reply: HttpReply,
  { wait, sendWhole }: Deliverer,
): Promise<void> {
  const { delayMs = 0, ends, pieces = 1 } = reply.delivery ?? {}
  if (delayMs > 0) await waitFor(response, delayMs, wait)
  if (response.destroyed || response.headersSent) return
  const hasContent = reply.body !== '' && response.req.method !== 'HEAD'
  // A reply ahead of the end of its request ends the connection, and with it comes at once.
  const isInPieces = ends === 'truncated' || (pieces > 1 && response.req.complete)
  if (ends === 'reset') onceSending(response, reset)
  else if (ends === 'closed') onceSending(response, (socket) => socket.destroy())
  else if (hasContent && isInPieces) await sendInPieces(response, reply, wait)
  else sendWhole(response, reply)
}

/** Acts on the connection when it is this reply's turn: those to earlier requests on it come first. */
function onceSending(response: ServerResponse, act: (socket: Socket) => void): void {
  if (response.socket === null) response.once('socket', act)
  else act(response.socket)
}

/** Node.js can reset a plain connection alone; an encrypted one is closed without the goodbye of TLS. */
function reset(socket: Socket): void {
  if ('encrypted' in socket) socket.destroy()
  else socket.resetAndDestroy()
}

async function sendInPieces(response: ServerResponse, reply: HttpReply, wait: Wait): Promise<void> {
  const { pieces = 1, pauseMs = 0, ends } = reply.delivery ?? {}
  const bytes = Buffer.from(reply.body)
  const length = Math.ceil(bytes.length / (ends === 'truncated' ? 2 : pieces))
  response.writeHead(reply.status, headersWithLength(reply))
  if (ends === 'truncated') {
    response.write(bytes.subarray(0, length), () => response.socket?.destroy())
    return
  }
  for (let sent = 0; sent < bytes.length && !response.destroyed; sent += length) {
    if (sent > 0) await waitFor(response, pauseMs, wait)
    response.write(bytes.subarray(sent, sent + length))
  }
  response.end()
}

/** A wait of someone's own may end by throwing when it is cut short. */
async function waitFor(response: ServerResponse, milliseconds: number, wait: Wait): Promise<void> {
  const signal = closingOf(response)
  try {
    await wait(milliseconds, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const closings = new WeakMap<Socket, AbortSignal>()

/**
 * Aborts when the connection of a reply closes, after which nobody waits for it: also for one whose turn has not come.
 * A client that has closed its side may be gone for good, which shows when it is answered; so it is answered at once.
 */
function closingOf({ req: { socket } }: ServerResponse): AbortSignal {
  if (socket.destroyed || socket.readableEnded) return AbortSignal.abort()
  const known = closings.get(socket)
  if (known !== undefined) return known
  const closing = new AbortController()
  socket.once('close', () => closing.abort())
  socket.once('end', () => closing.abort())
  closings.set(socket, closing.signal)
  return closing.signal
}

/** The fields of a reply, with its length. */
export function headersWithLength({
  status,
  headers,
  body,
}: HttpReply): Readonly<Record<string, string | number>> {
  return status === 204 ? headers : { ...headers, 'content-length': Buffer.byteLength(body) }
}
