// The engine as a request listener of node:http, to be mounted in a server of one's own.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Engine } from '../engine/engine.ts'
import type { HttpReply } from '../oauth/message.ts'

/** Reads each request's bytes, at most one more than the engine's limit, and sends what the engine answers. */
export function tokenListener(engine: Engine): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = []
    let kept = 0
    request.on('data', (chunk: Buffer) => {
      if (kept > engine.maxBodyBytes) return
      chunks.push(chunk)
      kept += chunk.length
    })
    request.on('error', () => response.destroy())
    request.on('end', () => {
      const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      const reply = engine.answer({
        method: request.method ?? '',
        path: pathOf(request),
        headers: headersOf(request),
        body,
      })
      send(response, reply)
    })
  }
}

/** RFC 9110 §5.3: Node.js keeps the first of two Authorization fields; joined, they are the malformed one that they are. */
function headersOf(request: IncomingMessage): IncomingMessage['headers'] {
  const { headers } = request
  if (headers.authorization === undefined) return headers
  const { authorization = [] } = request.headersDistinct
  return { ...headers, authorization: authorization.join(', ') }
}

function pathOf({ url = '/' }: IncomingMessage): string {
  // RFC 9112 §3.2.2: a server accepts the whole URL in the request line, which clients send when they go by a proxy.
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '')
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

function send(response: ServerResponse, { status, headers, body }: HttpReply): void {
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...length })
  response.end(body)
}
