// Replies that take their time, come in pieces, or break off, over a connection of node:http.
import type { ServerResponse } from 'node:http'
import type { Delivery, HttpReply } from '../oauth/message.ts'
import { systemWait } from './ambient.ts'

/** Sends a reply in the way that it asks for. */
export async function deliver(response: ServerResponse, reply: HttpReply, delivery: Delivery): Promise<void> {
  const { delayMs = 0, ends } = delivery
  if (delayMs > 0) await systemWait(delayMs)
  if (response.destroyed || response.headersSent) return
  if (ends === 'reset') response.socket?.resetAndDestroy()
  else if (ends === 'closed') response.socket?.destroy()
  else await sendInPieces(response, reply, delivery)
}

async function sendInPieces(
  response: ServerResponse,
  reply: HttpReply,
  { pieces = 1, pauseMs = 0, ends }: Delivery,
): Promise<void> {
  const bytes = Buffer.from(reply.body)
  const length = Math.max(1, Math.ceil(bytes.length / (ends === 'truncated' ? 2 : pieces)))
  response.writeHead(reply.status, headersWithLength(reply))
  if (ends === 'truncated') {
    response.write(bytes.subarray(0, length), () => response.socket?.destroy())
    return
  }
  for (let sent = 0; sent < bytes.length && !response.destroyed; sent += length) {
    if (sent > 0) await systemWait(pauseMs)
    response.write(bytes.subarray(sent, sent + length))
  }
  response.end()
}

/** The fields of a reply, with its length. */
export function headersWithLength({
  status,
  headers,
  body,
}: HttpReply): Readonly<Record<string, string | number>> {
  return status === 204 ? headers : { ...headers, 'content-length': Buffer.byteLength(body) }
}
