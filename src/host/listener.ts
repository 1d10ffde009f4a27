// The engine as a request listener of node:http, to be mounted in a server of one's own.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Engine } from '../engine/engine.ts'
import type { HttpReply, HttpRequest } from '../oauth/message.ts'
import { systemWait, type Wait } from './ambient.ts'
import { deliver, headersWithLength } from './delivery.ts'
import { sendLast } from './refusal.ts'

/** What answers a request; `undefined` leaves it to the engine. */
export type Answer = (request: HttpRequest, response: ServerResponse) => HttpReply | undefined

/**
 * Reads each request's bytes, at most those of the engine's limit and the chunk that goes beyond, and sends what is
 * answered; a body beyond the limit is answered before its end.
 */
export function tokenListener(
  engine: () => Engine,
  answerFirst?: Answer,
  wait: Wait = systemWait,
): RequestListener {
  return (request, response) => {
    const { answer, maxBodyBytes } = engine()
    const reply = (body: Uint8Array, sendWhole: typeof send) => {
      const sendReply = (kept: HttpReply) => {
        if (kept.delivery === undefined) sendWhole(response, kept)
        else deliver(response, kept, { wait, sendWhole }).catch((error) => fail(response, error))
      }
      try {
        const received = receive(request, body)
        const first = answerFirst?.(received, response)
        // The reply has been taken over, as an event stream is.
        if (first === undefined && response.headersSent) return
        const answered = first ?? answer(received)
        if (answered instanceof Promise) answered.then(sendReply).catch((error) => fail(response, error))
        else sendReply(answered)
      } catch (error) {
        fail(response, error)
      }
    }
    // Stands for every body beyond the limit: that it is too long is all that the engine reads of one.
    const refuseTooLong = () => reply(new Uint8Array(maxBodyBytes + 1), sendLast)
    request.on('error', () => response.destroy())
    if (declaresMoreThan(maxBodyBytes, request)) refuseTooLong()
    else readBody(request, maxBodyBytes, (body) => reply(body, send), refuseTooLong)
  }
}

/**
 * What should not happen, as when a subscriber to the journal throws: one request fails, and the server goes on. The
 * message of the error is told to nobody, as it may quote what was sent.
 */
function fail(response: ServerResponse, error: unknown): void {
  const [, ...frames] = (error instanceof Error ? (error.stack ?? '') : '').split('\n')
  process.emitWarning(['a request could not be answered', ...frames].join('\n'), 'TokenwrightWarning')
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = '{"message":"The mock could not answer; why stands in the warnings of its process."}'
  sendLast(response, { status: 500, headers: { 'content-type': 'application/json' }, body })
}

/** Whether a request says that its body is longer than a limit. */
export function declaresMoreThan(maxBodyBytes: number, { headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > maxBodyBytes
}

/** Reads a body to its end, or until it is beyond the limit. */
function readBody(
  request: IncomingMessage,
  maxBodyBytes: number,
  onEnd: (body: Uint8Array) => void,
  onTooLong: () => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  const keep = (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    if (size <= maxBodyBytes) return
    chunks.length = 0
    request.off('data', keep).off('end', end)
    onTooLong()
  }
  const end = () => onEnd(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
  request.on('data', keep).on('end', end)
}

function receive(request: IncomingMessage, body: Uint8Array): HttpRequest {
  const { headers, socket, method = '', url = '/' } = request
  // RFC 9112 §3.2.2: a server accepts the whole URL in the request line, which clients send when they go by a proxy.
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  return {
    method,
    path: path === '' ? '/' : path,
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
  // What follows the request on its connection may have been refused meanwhile.
  if (response.headersSent) return
  const fields = headersWithLength(reply)
  response.writeHead(reply.status, fields)
  // What is ASCII anyway is written a good deal faster as what Node.js calls latin1.
  response.end(reply.body, fields['content-length'] === reply.body.length ? 'latin1' : 'utf8')
}
