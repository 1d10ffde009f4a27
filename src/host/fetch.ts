// The engine behind the web's own Request and Response: for workers, Hono, Deno, Bun, and as the core of the MSW handlers.
import type { Engine } from '../engine/engine.ts'
import { engineFor, type MockOptions } from './options.ts'

/**
 * A handler that is laid out as the mock server is: every service under its own name, and at the root where paths do
 * not clash. Scheme, host and query of the request do not matter.
 *
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`, `ERR_SERVICE_INVALID`, `ERR_OPTION_INVALID`
 */
export function tokenFetch(options: MockOptions = {}): (request: Request) => Promise<Response> {
  const { engine } = engineFor(options)
  return (request) => answerRequest(engine, request, new URL(request.url).pathname)
}

/** Answers a request as one to `path`. */
export async function answerRequest(engine: Engine, request: Request, path: string): Promise<Response> {
  const { status, headers, body } = engine.answer({
    method: request.method,
    path,
    headers: Object.fromEntries(request.headers),
    body: await readAtMost(request.body, engine.maxBodyBytes + 1),
  })
  // A reply to HEAD has no content (RFC 9110 §9.3.2), and not every runtime sees to it.
  const content = body === '' || request.method === 'HEAD' ? null : body
  return new Response(content, { status, headers })
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
