// The engine behind the web's own Request and Response: for workers, Hono, Deno, Bun, and as the core of the MSW handlers.
import type { Delivery, HttpReply } from '../oauth/message.ts'
import { systemTurn } from './ambient.ts'
import { controlsOf, type MockControls } from './controls.ts'
import { engineFor, type MockOptions, type TimedEngine } from './options.ts'

/**
 * A handler that is laid out as the mock server is: every service under its own name, and at the root where paths do
 * not clash. Scheme, host and query of the request do not matter.
 *
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`, `ERR_SERVICE_INVALID`, `ERR_OPTION_INVALID`
 */
export function tokenFetch(options: MockOptions = {}): TokenFetch {
  const timed = engineFor(options)
  const answer = (request: Request) => {
    const { pathname: path, origin } = new URL(request.url)
    return answerRequest(timed, request, { path, origin })
  }
  return Object.assign(
    answer,
    controlsOf(() => timed),
  )
}

/** A handler, with the controls of its mock. */
export type TokenFetch = ((request: Request) => Promise<Response>) & MockControls

/** Where a request is taken to have gone. */
export interface Target {
  readonly path: string
  readonly origin: string
  /** The service's issuer, where it is not what stands before the documented path. */
  readonly issuer?: string
}

/** Answers a request as one to `target`. */
export async function answerRequest(
  { engine, wait }: Pick<TimedEngine, 'engine' | 'wait'>,
  request: Request,
  target: Target,
): Promise<Response> {
  const query = new URL(request.url).search.slice(1)
  const reply = await engine.answer({
    method: request.method,
    ...target,
    ...(query !== '' && { query }),
    headers: Object.fromEntries(request.headers),
    body: await readAtMost(request.body, engine.maxBodyBytes + 1),
  })
  const waitForReply = (milliseconds: number) => wait(milliseconds, request.signal)
  return await deliver(reply, request.method === 'HEAD', waitForReply)
}

/** What breaks a connection is a network error here, as the web has no other word for it. */
async function deliver(
  { status, headers, body, delivery = {} }: HttpReply,
  isHead: boolean,
  wait: (milliseconds: number) => Promise<void>,
): Promise<Response> {
  const { delayMs = 0 } = delivery
  if (delayMs > 0) await wait(delayMs)
  if (delivery.ends === 'reset' || delivery.ends === 'closed') return Response.error()
  // A reply to HEAD has no content (RFC 9110 §9.3.2), and not every runtime sees to it.
  const content = body === '' || isHead ? null : body
  const isWhole = delivery.pieces === undefined && delivery.ends === undefined
  return new Response(content === null || isWhole ? content : streamOf(content, delivery, wait), {
    status,
    // A length that the body does not come to is what tells MSW 3 that it broke off.
    headers:
      delivery.ends === 'truncated' && content !== null ? { ...headers, ...lengthOf(content) } : headers,
  })
}

function lengthOf(content: string): Readonly<Record<string, string>> {
  return { 'content-length': String(bytesOf.encode(content).byteLength) }
}

const bytesOf = new TextEncoder()

function streamOf(
  content: string,
  { pieces = 2, pauseMs = 0, ends }: Delivery,
  wait: (milliseconds: number) => Promise<void>,
): ReadableStream<Uint8Array> {
  const bytes = bytesOf.encode(content)
  const length = Math.ceil(bytes.length / pieces)
  let sent = 0
  return new ReadableStream({
    pull: async (controller) => {
      if (sent > 0 && ends === 'truncated') {
        // A stream that fails drops what nobody has read yet.
        await systemTurn()
        return controller.error(new TypeError('terminated'))
      }
      if (sent >= bytes.length) return controller.close()
      if (sent > 0) await wait(pauseMs)
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
