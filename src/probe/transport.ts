// All that a probe sends: to one origin, in its own time, nothing followed; by HTTP or as bytes.
import { isLoopback } from '../host/admin-access.ts'
import { systemChance, systemTime, type Wait } from '../host/ambient.ts'
import {
  type Connection,
  ConnectionFailure,
  type Incoming,
  type Outgoing,
  openConnection,
  type TlsOptions,
} from '../verify/connection.ts'
import type { Run } from '../verify/run.ts'
import { isProxied, membersOf } from '../verify/target.ts'
import { exchangeBytes } from './raw.ts'
import type { BuiltRequest } from './requests.ts'

/** A reply, with what can be read of it. */
export interface Reply extends Incoming {
  /** Of a JSON object, or of a form that has an access token. */
  readonly members: Readonly<Record<string, unknown>>
}

/** What came of a request: a reply, or why there is none. */
export type Outcome = { readonly reply: Reply } | { readonly failure: string }

/** What a transport is made of. */
export interface TransportOptions {
  readonly url: URL
  readonly run: Run
  readonly timeoutMs: number
  readonly ratePerSecond?: number | undefined
  readonly tls?: TlsOptions | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly wait?: Wait | undefined
}

/** A way to a service's endpoints. */
export interface Transport {
  readonly send: (request: BuiltRequest) => Promise<Outcome>
  /** Of what is no request of a rule. @throws {ConnectionFailure} */
  readonly exchange: (request: Outgoing) => Promise<Incoming>
  /** Both at once. */
  readonly sendTwice: (request: BuiltRequest) => Promise<readonly Outcome[]>
  readonly sent: () => number
  /** Why nothing more should be sent; `undefined` while there is no reason. */
  readonly held: () => string | undefined
  readonly close: () => void
}

const defaultRatePerSecond = 5

/** Opens a way to a service; nothing is sent yet. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function openTransport(options: TransportOptions): Transport {
  const { url, run, timeoutMs, tls, environment, wait } = options
  const isNear = isLoopback(url.hostname)
  const connection = openConnection({
    url,
    timeoutMs,
    endsAt: run.endsAt,
    signal: run.signal,
    // What is on this machine has no account to lock, and nobody to disturb.
    ratePerSecond: options.ratePerSecond ?? (isNear ? undefined : defaultRatePerSecond),
    tls,
    environment,
    chance: systemChance,
    ...(wait && { wait }),
  })
  let slowestMs = 0
  /** Bytes that promise more than comes are waited for in vain by both sides: not for long, but longer than a reply takes. */
  const rawOptions = () => {
    const patienceMs = Math.min(Math.max(isNear ? 500 : 2500, 3 * slowestMs), timeoutMs / 2)
    return { url, timeoutMs: 2 * patienceMs, patienceMs, signal: run.signal, tls }
  }
  const measured = async (outcome: Promise<Outcome>): Promise<Outcome> => {
    const begin = systemTime()
    const came = await outcome
    // Elsewhere the time has the waits of the pace in it.
    if (isNear && 'reply' in came && !isThrottledStatus(came.reply.status))
      slowestMs = Math.max(slowestMs, systemTime() - begin)
    return came
  }
  return {
    send: (request) => {
      if (request.raw === undefined) return measured(outcomeOf(sendOne(connection, request)))
      if (isProxied(url, environment))
        return Promise.resolve({ failure: 'not sent: a proxy would mend these bytes' })
      const { raw: bytes, isTrial, isPlain } = request
      return outcomeOf(connection.sendBy(() => exchangeBytes(bytes, { ...rawOptions(), isPlain }), isTrial))
    },
    exchange: connection.send,
    sendTwice: async (request) => {
      const both = connection.sendTogether([outgoingOf(request), outgoingOf(request)])
      return both.then(
        (replies) => replies.map((reply) => ({ reply: replyOf(reply) })),
        (error) => [{ failure: failureOf(error) }, { failure: failureOf(error) }],
      )
    },
    sent: connection.sent,
    held: connection.held,
    close: connection.close,
  }
}

function isThrottledStatus(status: number): boolean {
  return status === 429 || status === 503
}

function sendOne(connection: Connection, request: BuiltRequest): Promise<Incoming> {
  return connection.send({ ...outgoingOf(request), isTrial: request.isTrial })
}

function outgoingOf({ url, method, headers, body }: BuiltRequest) {
  const fields: Record<string, string | string[]> = {}
  for (const [name, value] of headers) {
    const before = fields[name]
    fields[name] = before === undefined ? value : [before, value].flat()
  }
  return { url, method, headers: fields, body: Buffer.from(body) }
}

function outcomeOf(reply: Promise<Incoming>): Promise<Outcome> {
  return reply.then(
    (incoming) => ({ reply: replyOf(incoming) }),
    (error) => ({ failure: failureOf(error) }),
  )
}

/** What Node.js itself refuses to send is said in its words, none of which has a value of the request. */
function failureOf(error: unknown): string {
  if (error instanceof ConnectionFailure) return error.message
  if (error instanceof DOMException) return 'the run ended'
  return `not sent: ${(error as NodeJS.ErrnoException).code ?? 'an unknown failure'}`
}

function replyOf(incoming: Incoming): Reply {
  return { ...incoming, members: readMembers(incoming.body) }
}

/** Some services answer with a form where nobody asked for JSON, and a token in it is one all the same. */
function readMembers(body: string): Readonly<Record<string, unknown>> {
  const members = membersOf(body)
  if (Object.keys(members).length > 0 || !/(^|&)access_token=[^&]/.test(body)) return members
  return Object.fromEntries(new URLSearchParams(body))
}
