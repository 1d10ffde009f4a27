// The engine behind the web's own Request and Response: for workers, Hono, Deno, Bun, and as the core of the MSW handlers.
import type { Engine } from '../engine/engine.ts'
import type { Delivery, HttpReply } from '../oauth/message.ts'
import { systemWait } from './ambient.ts'
import { engineFor, type MockOptions } from './options.ts'

/**
 * A handler that is laid out as the mock server is: every service under its own name, and at the root where paths do
 * not clash. Scheme, host and query of the request do not matter.
 *
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`, `ERR_SERVICE_INVALID`, `ERR_OPTION_INVALID`
 */
export function tokenFetch(options: MockOptions = {}): (request: Request) => Promise<Response> {
  const { engine } = engineFor(options)
  return (request) => {
    const { pathname, origin } = new URL(request.url)
    return answerRequest(engine, request, pathname, origin)
  }
}

/** Answers a request as one to `path` of a server at `origin`; the service's issuer may be said where it is another. */
export async function answerRequest(
  engine: Engine,
  request: Request,
  path: string,
  origin: string,
  issuer?: string,
): Promise<Response> {
  const query = new URL(request.url).search.slice(1)
  const reply = await engine.answer({
    method: request.method,
    path,
    origin,
    ...(issuer !== undefined && { issuer }),
    ...(query !== '' && { query }),
    headers: Object.fromEntries(request.headers),
    body: await readAtMost(request.body, engine.maxBodyBytes + 1),
  })
  return await deliver(reply, request.method === 'HEAD')
}

/** What breaks a connection is a network error here, as the web has no other word for it. */
async function deliver(
  { status, headers, body, delivery = {} }: HttpReply,
  isHead: boolean,
): Promise<Response> {
  if (delivery.delayMs !== undefined) await systemWait(delivery.delayMs)
  if (delivery.ends === 'reset' || delivery.ends === 'closed') return Response.error()
  // A reply to HEAD has no content (RFC 9110 §9.3.2), and not every runtime sees to it.
  const content = body === '' || isHead ? null : body
  const isWhole = delivery.pieces === undefined && delivery.ends === undefined
  return new Response(content === null || isWhole ? content : streamOf(content, delivery), {
    status,
    headers,
  })
}

const bytesOf = new TextEncoder()

function streamOf(content: string, { pieces = 2, pauseMs = 0, ends }: Delivery): ReadableStream<Uint8Array> {
  const bytes = bytesOf.encode(content)
  const length = Math.ceil(bytes.length / pieces)
  let sent = 0
  return new ReadableStream({
    pull: async (controller) => {
      if (sent > 0 && ends === 'truncated') return controller.error(new TypeError('terminated'))
      if (sent >= bytes.length) return controller.close()
      if (sent > 0) await systemWait(pauseMs)
      controller.enqueue(bytes.subarray(sent, sent + length))
      sent += length
    },
  })
}

/** The first bytes of a body. The rest is read and dropped, as MSW 2 never ends a request whose body is given up. */
async function readAtMost(body: Request['body'], limit: number): Promise<Uint8Array> {
  const kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    if (size >= limit) continue
    kept.push(chunk)
    size += chunk.byteLength
  }
  const whole = new Uint8Array(size)
  let end = 0
  for (const chunk of kept) {
    whole.set(chunk, end)
    end += chunk.byteLength
  }
  return whole
}
