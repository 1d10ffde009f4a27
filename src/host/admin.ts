// The admin API of the mock server: its journal, outcomes, scenarios and clock over HTTP, for whoever is entitled to them.
import type { ServerResponse } from 'node:http'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { JournalEntry, JournalQuery } from '../engine/journal.ts'
import { isSameSecret } from '../engine/secrets.ts'
import type { HttpReply, HttpRequest } from '../oauth/message.ts'
import { formatViolation } from '../schema/request.ts'
import { validatorOf } from '../schema/validator.ts'
import { TokenwrightError } from '../service/error.ts'
import { outcomes, scenarios } from '../service/outcomes.ts'
import type { Answer } from './listener.ts'

/** What the admin API is about, and who may use it. */
export interface AdminOptions {
  readonly engine: () => Engine
  readonly clock: Clock
  /** The address that the server listens on. */
  readonly host: string
  /** What a request must show as a bearer token; `undefined` for nothing, on loopback addresses alone. */
  readonly adminToken: string | undefined
}

/** The admin API. */
export interface Admin {
  /** `undefined` for a path that is none of its own, and for every path where it is off. */
  readonly answer: Answer
  /** Forgets every token, request and outcome, and sets the clock back. */
  readonly reset: () => void
}

interface Call {
  readonly request: HttpRequest
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** The JSON value of the body; `undefined` when there is none. */
  readonly value: unknown
}

/** The value of a reply, `undefined` for no content, `null` for one that has been sent already. */
type Route = (call: Call, admin: AdminOptions & { readonly reset: () => void }) => unknown

const prefix = '/__admin'
const loopback = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

const routes: Readonly<Record<string, Route>> = {
  'GET /health': () => ({ status: 'healthy' }),
  'GET /settings': (_call, { engine }) => ({
    services: [...engine().states.keys()],
    outcomes: Object.keys(outcomes),
    scenarios,
  }),
  'POST /reset': (_call, { reset }) => reset(),
  'GET /requests': (call, { engine }) => found(engine().journal.find(queryOf(call))),
  'DELETE /requests': (_call, { engine }) => engine().journal.clear(),
  'GET /requests/count': (call, { engine }) => ({ count: engine().journal.find(queryOf(call)).length }),
  'POST /requests/count': (call, { engine }) => ({ count: engine().journal.find(queryOf(call)).length }),
  'GET /requests/find': (call, { engine }) => found(engine().journal.find(queryOf(call))),
  'POST /requests/find': (call, { engine }) => found(engine().journal.find(queryOf(call))),
  'GET /requests/stream': (call, { engine }) => streamEntries(call, engine()),
  'GET /outcomes': (_call, { engine }) => ({ outcomes: engine().outcomes.queued() }),
  'POST /outcomes': ({ value }, { engine }) => {
    const { outcome, ...target } = requireShape<{ outcome: string }>(outcomeSchema, value)
    engine().outcomes.respondNext(outcome, target)
    return { outcomes: engine().outcomes.queued() }
  },
  'DELETE /outcomes': (_call, { engine }) => engine().outcomes.reset(),
  'GET /scenarios': (_call, { engine }) => ({ scenarios: engine().outcomes.scenarios() }),
  'POST /scenarios/reset': (_call, { engine }) => engine().outcomes.reset(),
  'GET /clock': (_call, { clock }) => describeClock(clock),
  'PUT /clock': ({ value }, { clock }) => {
    const { now, advance } = requireShape<{ now?: number | string; advance?: number | string }>(
      clockSchema,
      value,
    )
    if (now !== undefined) clock.set(now)
    if (advance !== undefined) clock.advance(advance)
    return describeClock(clock)
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

const querySchema = {
  type: 'object',
  properties: {
    service: text,
    variant: text,
    client_id: text,
    grant: text,
    status: { type: 'integer' },
    path: text,
    rule: text,
    outcome: text,
    issued: { type: 'boolean' },
    since: { type: 'integer', minimum: 0 },
  },
  additionalProperties: false,
} as const

/** The admin API under `/__admin`. */
export function createAdmin(options: AdminOptions): Admin {
  const isLocal = loopback.has(options.host)
  const reset = () => resetAll(options)
  const answer: Answer = (request, response) => {
    const isOurs = request.path === prefix || request.path.startsWith(`${prefix}/`)
    if (!isOurs || (!isLocal && options.adminToken === undefined)) return undefined
    try {
      const refused = requireEntitled(request, options)
      if (refused !== undefined) return refused
      return reply(
        dispatch({ request, response, query: new URLSearchParams(request.query) }, { ...options, reset }),
      )
    } catch (error) {
      if (error instanceof TokenwrightError) return reply({ message: error.message }, 400)
      throw error
    }
  }
  return { answer, reset }
}

/**
 * A page of another site must not get here: neither by a name of its own that leads to this machine (DNS rebinding),
 * nor by a request that its browser sends without asking.
 */
function requireEntitled({ headers }: HttpRequest, { adminToken }: AdminOptions): HttpReply | undefined {
  const { host = '', origin, authorization } = headers
  if (adminToken !== undefined) {
    const [, shown = ''] = /^bearer +(.*)$/i.exec(String(authorization ?? '')) ?? []
    if (isSameSecret(shown, adminToken)) return undefined
    const challenge = { 'www-authenticate': 'Bearer realm="admin"' }
    return reply(
      { message: 'expected the admin token as a bearer token, received none or another' },
      401,
      challenge,
    )
  }
  const name = URL.parse(`http://${String(host)}`)?.hostname ?? ''
  if (!loopback.has(name))
    return reply(
      { message: 'expected a Host field that names this machine, such as localhost, received another' },
      403,
    )
  if (origin !== undefined && URL.parse(String(origin))?.host !== String(host))
    return reply({ message: 'expected no page of another origin to ask, received its Origin field' }, 403)
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'none' && site !== 'same-origin')
    return reply({ message: 'expected no page of another site to ask, received its request' }, 403)
  return undefined
}

function dispatch(call: Omit<Call, 'value'>, admin: AdminOptions & { readonly reset: () => void }): unknown {
  const { method, path } = call.request
  const route = path.slice(prefix.length) || '/'
  const handle = Object.hasOwn(routes, `${method} ${route}`) ? routes[`${method} ${route}`] : undefined
  if (handle === undefined) {
    const known = Object.keys(routes).map((each) => each.replace(' ', ` ${prefix}`))
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected one of ${known.join(', ')}, received another request`,
    )
  }
  return handle({ ...call, value: readValue(call.request, admin.engine().maxBodyBytes) }, admin)
}

/** A media type that a page cannot send to another site without asking first. */
function readValue({ body, headers }: HttpRequest, maxBodyBytes: number): unknown {
  if (body.byteLength === 0) return undefined
  const invalid = (problem: string) => new TokenwrightError('ERR_OPTION_INVALID', problem)
  if (!/^application\/json\s*(;|$)/i.test(String(headers['content-type'] ?? '')))
    throw invalid('expected a body of application/json, received one of another type')
  if (body.byteLength > maxBodyBytes) throw invalid(`expected at most ${maxBodyBytes} bytes, received more`)
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    throw invalid('expected a JSON value, received malformed JSON')
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
function queryOf({ query, value }: Call): JournalQuery {
  const fromUrl = Object.fromEntries([...query].map(([name, each]) => [name, valueIn(name, each)]))
  return requireShape<JournalQuery>(querySchema, { ...fromUrl, ...(value ?? {}) })
}

function valueIn(name: string, each: string): unknown {
  if (name === 'status' || name === 'since') return Number(each)
  return name === 'issued' ? each === 'true' : each
}

function found(requests: readonly JournalEntry[]): unknown {
  return { requests, meta: { total: requests.length } }
}

function describeClock(clock: Clock): unknown {
  const now = clock.now()
  return { now: new Date(now).toISOString(), unix_time: Math.floor(now / 1000) }
}

function resetAll({ engine, clock }: AdminOptions): void {
  const { journal, outcomes: control, states } = engine()
  journal.clear()
  control.reset()
  clock.reset()
  for (const { accessTokens, refreshTokens } of states.values()) {
    accessTokens.clear()
    refreshTokens.clear()
  }
}

/** A reader that keeps this much waiting is let go. */
const maxWaitingBytes = 1_048_576

/** Server-sent events: each request as it is answered, and those after `Last-Event-ID` first. */
function streamEntries({ request, response }: Call, { journal }: Engine): null {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
  const write = (entry: JournalEntry) => {
    if (response.writableLength > maxWaitingBytes) response.destroy()
    else response.write(`id: ${entry.id}\nevent: request\ndata: ${JSON.stringify(entry)}\n\n`)
  }
  const last = Number(request.headers['last-event-id'])
  if (Number.isInteger(last)) for (const entry of journal.find({ since: last })) write(entry)
  response.on('close', journal.subscribe(write))
  return null
}

function reply(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): HttpReply {
  const own = { 'cache-control': 'no-store', ...headers }
  if (value === undefined) return { status: 204, headers: own, body: '' }
  return { status, headers: { 'content-type': 'application/json', ...own }, body: JSON.stringify(value) }
}
