// The engine as a request listener of node:http, to be mounted in a server of one's own.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Engine } from '../engine/engine.ts'
import type { Delivery, HttpReply, HttpRequest } from '../oauth/message.ts'
import { systemWait } from './ambient.ts'

/** What answers a request; `undefined` leaves it to the engine. */
export type Answer = (request: HttpRequest, response: ServerResponse) => HttpReply | undefined

/** Reads each request's bytes, at most one more than the engine's limit, and sends what is answered. */
export function tokenListener(engine: () => Engine, answerFirst?: Answer): RequestListener {
  return (request, response) => {
    const { answer, maxBodyBytes } = engine()
    const chunks: Buffer[] = []
    let kept = 0
    request.on('data', (chunk: Buffer) => {
      if (kept > maxBodyBytes) return
      chunks.push(chunk)
      kept += chunk.length
    })
    request.on('error', () => response.destroy())
    request.on('end', () => {
      const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      const received = receive(request, body)
      const first = answerFirst?.(received, response)
      // The reply has been taken over, as an event stream is.
      if (response.headersSent) return
      const reply = first ?? answer(received)
      if (reply instanceof Promise) reply.then((kept) => send(response, kept))
      else send(response, reply)
    })
  }
}

function receive(request: IncomingMessage, body: Uint8Array): HttpRequest {
  const { headers, socket, method = '', url = '/' } = request
  // RFC 9112 §3.2.2: a server accepts the whole URL in the request line, which clients send when they go by a proxy.
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  return {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    ...(mark >= 0 && { query: target.slice(mark + 1) }),
    origin: `${'encrypted' in socket ? 'https' : 'http'}://${headers.host ?? authorityOf(socket)}`,
    headers: headersOf(request),
    body,
  }
}

/** HTTP/1.0 asks nobody by name. */
function authorityOf({ localAddress = '127.0.0.1', localPort }: Socket): string {
  return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`
}

/** RFC 9110 §5.3: Node.js keeps the first of two Authorization fields; joined, they are the malformed one that they are. */
function headersOf(request: IncomingMessage): IncomingMessage['headers'] {
  const { headers } = request
  if (headers.authorization === undefined) return headers
  const { authorization = [] } = request.headersDistinct
  return authorization.length < 2 ? headers : { ...headers, authorization: authorization.join(', ') }
}

function send(response: ServerResponse, reply: HttpReply): void {
  const { status, headers, body, delivery } = reply
  if (delivery !== undefined) {
    void sendSlowly(response, reply, delivery)
    return
  }
  response.writeHead(status, headersWithLength(status, headers, body))
  response.end(body)
}

function headersWithLength(
  status: number,
  headers: HttpReply['headers'],
  body: string,
): Readonly<Record<string, string | number>> {
  return status === 204 ? headers : { ...headers, 'content-length': Buffer.byteLength(body) }
}

async function sendSlowly(
  response: ServerResponse,
  { status, headers, body }: HttpReply,
  delivery: Delivery,
): Promise<void> {
  const { delayMs = 0, pieces = 1, pauseMs = 0, ends } = delivery
  if (delayMs > 0) await systemWait(delayMs)
  if (ends === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (ends === 'closed') {
    response.socket?.destroy()
    return
  }
  const bytes = Buffer.from(body)
  const length = Math.max(1, Math.ceil(bytes.length / (ends === 'truncated' ? 2 : pieces)))
  response.writeHead(status, headersWithLength(status, headers, body))
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
