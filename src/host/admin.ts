// The admin API of the mock server: its journal, outcomes, scenarios and clock over HTTP, for whoever is entitled to them.
import type { ServerResponse } from 'node:http'
import { mediaTypeOf } from '../engine/body.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { JournalEntry, JournalQuery } from '../engine/journal.ts'
import { requireJournalQuery } from '../engine/journal-query.ts'
import type { HttpReply, HttpRequest } from '../oauth/message.ts'
import { formatViolation } from '../schema/request.ts'
import { validatorOf } from '../schema/validator.ts'
import { requireDuration } from '../service/duration.ts'
import { TokenwrightError } from '../service/error.ts'
import { outcomes } from '../service/outcomes.ts'
import { isLoopback, requireEntitled } from './admin-access.ts'
import { AdminRefusal } from './admin-refusal.ts'
import type { MockControls } from './controls.ts'
import { streamEntries } from './event-stream.ts'
import type { Answer } from './listener.ts'

/** What the admin API is about, and who may use it. */
export interface AdminOptions {
  readonly engine: () => Engine
  readonly controls: MockControls
  /** The address that the server listens on, as the system has it; asked for once the server listens. */
  readonly address: () => string
  /** What a request must show as a bearer token; `undefined` for nothing, on loopback addresses alone. */
  readonly adminToken: string | undefined
}

interface Call {
  readonly request: HttpRequest
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** The JSON value of the body; `undefined` when there is none. */
  readonly value: unknown
}

/** The value of a reply, `undefined` for no content, `null` for one that has been sent already. */
type Route = (call: Call, admin: AdminOptions) => unknown

type Methods = Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Route>>>

const prefix = '/__admin'

const findRequests: Route = (call, { engine }) => found(engine().journal.find(queryOf(call)))
const countRequests: Route = (call, { engine }) => ({ count: engine().journal.find(queryOf(call)).length })

const routes: Readonly<Record<string, Methods>> = {
  '/health': { GET: () => ({ status: 'healthy' }) },
  '/settings': {
    GET: (_call, { engine }) => ({
      services: [...engine().states.keys()],
      outcomes: Object.keys(outcomes),
      scenarios: engine().outcomes.named,
    }),
  },
  '/reset': { POST: (_call, { controls }) => controls.reset() },
  '/requests': { GET: findRequests, DELETE: (_call, { engine }) => engine().journal.clear() },
  '/requests/count': { GET: countRequests, POST: countRequests },
  '/requests/find': { GET: findRequests, POST: findRequests },
  '/requests/stream': {
    GET: (call, { engine }) => streamEntries(call.request, call.response, engine().journal),
  },
  '/outcomes': {
    GET: (_call, { engine }) => ({ outcomes: engine().outcomes.queued() }),
    POST: ({ value }, { engine, controls }) => {
      const { outcome, ...target } = requireShape<{ outcome: string }>(outcomeSchema, value)
      controls.respondNext(outcome, target)
      return { outcomes: engine().outcomes.queued() }
    },
    DELETE: (_call, { engine }) => engine().outcomes.clearQueue(),
  },
  '/scenarios': { GET: (_call, { engine }) => ({ scenarios: engine().outcomes.scenarios() }) },
  '/scenarios/reset': { POST: (_call, { engine }) => engine().outcomes.restart() },
  '/clock': {
    GET: (_call, { controls: { clock } }) => describeClock(clock),
    PUT: ({ value }, { controls: { clock } }) => {
      const { now, advance } = requireShape<{ now?: number | string; advance?: number | string }>(
        clockSchema,
        value,
      )
      // Both or neither.
      if (advance !== undefined) requireDuration(advance)
      if (now !== undefined) clock.set(now)
      if (advance !== undefined) clock.advance(advance)
      return describeClock(clock)
    },
  },
}

/** `GET /requests/{id}` */
const oneRequest: Methods = {
  GET: ({ request }, { engine }) => {
    const id = Number(request.path.slice(request.path.lastIndexOf('/') + 1))
    const entry = engine()
      .journal.entries()
      .find((each) => each.id === id)
    if (entry === undefined)
      throw new AdminRefusal(404, 'expected the id of an entry that is kept, received another')
    return entry
  },
}

const text = { type: 'string', minLength: 1 } as const
const timeOrText = { type: ['number', 'string'] } as const

const outcomeSchema = {
  type: 'object',
  properties: { outcome: text, service: text, client_id: text },
  required: ['outcome'],
  additionalProperties: false,
} as const

const clockSchema = {
  type: 'object',
  properties: { now: timeOrText, advance: timeOrText },
  minProperties: 1,
  additionalProperties: false,
} as const

/** The admin API under `/__admin`; `undefined` for every other path, and for all of them where it is off. */
export function createAdmin(options: AdminOptions): Answer {
  return (request, response) => {
    const isOurs = request.path === prefix || request.path.startsWith(`${prefix}/`)
    if (!isOurs || (options.adminToken === undefined && !isLoopback(options.address()))) return undefined
    try {
      requireEntitled(request.headers, options.adminToken)
      const value = dispatch(request, response, options)
      return value === null ? undefined : reply(value)
    } catch (error) {
      if (error instanceof AdminRefusal) return reply({ message: error.message }, error.status, error.headers)
      if (error instanceof TokenwrightError) return reply({ message: error.message }, 400)
      throw error
    }
  }
}

function dispatch(request: HttpRequest, response: ServerResponse, admin: AdminOptions): unknown {
  const methods = methodsOf(request.path.slice(prefix.length))
  if (methods === undefined) {
    const known = Object.keys(routes).map((route) => prefix + route)
    throw new AdminRefusal(404, `expected one of ${known.join(', ')}, received another path`)
  }
  const allowed = Object.keys(methods)
  // RFC 9110 §9.3.2: HEAD is GET without the content, which Node.js leaves out.
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const handle = Object.hasOwn(methods, method) ? methods[method as keyof Methods] : undefined
  if (handle === undefined) {
    const allow = (allowed.includes('GET') ? ['GET', 'HEAD', ...allowed.slice(1)] : allowed).join(', ')
    throw new AdminRefusal(405, `expected ${allow}, received another method`, { allow })
  }
  const value = readValue(request, admin.engine().maxBodyBytes)
  return handle({ request, response, query: new URLSearchParams(request.query), value }, admin)
}

function methodsOf(path: string): Methods | undefined {
  if (Object.hasOwn(routes, path)) return routes[path]
  return /^\/requests\/\d{1,15}$/.test(path) ? oneRequest : undefined
}

/** A media type that a page cannot send to another site without asking first. */
function readValue({ body, headers }: HttpRequest, maxBodyBytes: number): unknown {
  if (body.byteLength === 0) return undefined
  if (body.byteLength > maxBodyBytes)
    throw new AdminRefusal(413, `expected at most ${maxBodyBytes} bytes, received more`)
  if (mediaTypeOf(headers['content-type']) !== 'application/json')
    throw new AdminRefusal(415, 'expected a body of application/json, received one of another type')
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    throw new AdminRefusal(400, 'expected a JSON value, received malformed JSON')
  }
}

function requireShape<T>(schema: object, value: unknown): T {
  const [violation] = validatorOf(schema)(value)
  if (violation === undefined) return value as T
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `${violation.pointer || '/'}: ${formatViolation(violation)}`,
  )
}

/** From the query of the URL and the body, both with the same names. */
function queryOf({ query, value = {} }: Call): JournalQuery {
  const fromUrl = Object.fromEntries([...query].map(([name, each]) => [name, valueIn(name, each)]))
  if (Object.keys(fromUrl).length < query.size)
    throw new AdminRefusal(400, 'expected each name once in the URL, received one again')
  const fromBody = requireShape<object>({ type: 'object' }, value)
  return requireJournalQuery({ ...fromUrl, ...fromBody })
}

/** Text that is no number, or neither true nor false, stays what it is, and is refused as such. */
function valueIn(name: string, each: string): unknown {
  if ((name === 'status' || name === 'since') && /^\d{1,15}$/.test(each)) return Number(each)
  if (name === 'issued' && (each === 'true' || each === 'false')) return each === 'true'
  return each
}

function found(requests: readonly JournalEntry[]): unknown {
  return { requests, meta: { total: requests.length } }
}

function describeClock(clock: Clock): unknown {
  const now = clock.now()
  return { now: new Date(now).toISOString(), unix_time: Math.floor(now / 1000) }
}

function reply(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): HttpReply {
  const own = { 'cache-control': 'no-store', ...headers }
  if (value === undefined) return { status: 204, headers: own, body: '' }
  return { status, headers: { 'content-type': 'application/json', ...own }, body: JSON.stringify(value) }
}
