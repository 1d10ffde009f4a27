// One interaction's mock server: Pact's own decides whether a request is the documented one, and in front of it stands a
// server of ours that remembers the request and answers a wrong one without quoting it, as Pact's would.
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
// A test may have replaced the global ones.
import { clearTimeout, setTimeout } from 'node:timers'
import { formatBasic, parseBasic } from '../oauth/basic.ts'
import type { HttpRequest } from '../oauth/message.ts'
import { clientAuthenticationOf } from '../service/service.ts'
import type { Interaction } from './interaction.ts'
import type { PactCore } from './pact-core.ts'
import { createPact, describeInteraction } from './pact-file.ts'

/** A request as the client sent it. */
export interface ReceivedRequest extends Omit<HttpRequest, 'origin'> {
  /** Whether Pact's mock server took it for the documented one. */
  readonly isMatched: boolean
}

/** How a client's call ended. */
export type CallOutcome<T> =
  | { readonly status: 'resolved'; readonly value: T }
  | { readonly status: 'thrown'; readonly error: unknown }
  /** The call went on after the time it was given, in milliseconds. */
  | { readonly status: 'unfinished'; readonly timeoutMs: number }

/** What a client sent, and how its call ended. */
export interface Conversation<T> {
  readonly requests: readonly ReceivedRequest[]
  readonly outcome: CallOutcome<T>
  /** What Pact calls its reasons for a mismatch, without what it quotes. */
  readonly mismatches: readonly string[]
}

/** Has a client's call talk to a mock server of one interaction, on a free port of this machine. */
export async function converse<T>(
  core: PactCore,
  interaction: Interaction,
  call: (url: string) => Promise<T>,
  timeoutMs?: number,
): Promise<Conversation<T>> {
  const pact = createPact(core)
  describeInteraction(pact, interaction, 'a client')
  const port = pact.createMockServer('127.0.0.1', 0, false)
  const requests: ReceivedRequest[] = []
  const answers = new Set<Promise<void>>()
  const server = createServer((incoming, response) => {
    const answer = answerWith({ port, interaction }, incoming, response, requests).catch(
      () => void response.destroy(),
    )
    answers.add(answer)
    void answer.finally(() => answers.delete(answer))
  })
  try {
    const outcome = await outcomeOf(call(await listen(server)), timeoutMs)
    if (outcome.status !== 'unfinished') await Promise.all(answers)
    return { requests: [...requests], outcome, mismatches: mismatchesOf(pact.mockServerMismatches(port)) }
  } finally {
    server.close()
    server.closeAllConnections()
    pact.cleanupMockServer(port)
  }
}

/** A part of Pact's report on a mock server. */
interface Mismatch {
  readonly type: string
  readonly mismatches?: readonly Mismatch[]
}

function mismatchesOf(report: readonly object[]): readonly string[] {
  const types = (report as readonly Mismatch[]).flatMap(({ type, mismatches = [{ type }] }) =>
    mismatches.map((each) => each.type),
  )
  return [...new Set(types)].sort()
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A call that waits for nothing is not kept alive by its mock server.
  server.unref()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function outcomeOf<T>(call: Promise<T>, timeoutMs: number | undefined): Promise<CallOutcome<T>> {
  const settled = call.then(
    (value): CallOutcome<T> => ({ status: 'resolved', value }),
    (error: unknown): CallOutcome<T> => ({ status: 'thrown', error }),
  )
  if (timeoutMs === undefined) return settled
  let timer: NodeJS.Timeout | undefined
  const unfinished = new Promise<CallOutcome<T>>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, { status: 'unfinished', timeoutMs })
  })
  try {
    return await Promise.race([settled, unfinished])
  } finally {
    clearTimeout(timer)
  }
}

/** Pact's mock server, and what it was told. */
interface Judge {
  readonly port: number
  readonly interaction: Interaction
}

async function answerWith(
  judge: Judge,
  incoming: IncomingMessage,
  response: ServerResponse,
  requests: ReceivedRequest[],
): Promise<void> {
  const body = await buffer(incoming)
  const reply = await forward(judge, incoming, body)
  const isMatched = reply.headers['x-pact'] === undefined
  requests.push({ ...receivedOf(incoming, body), isMatched })
  const text = await buffer(reply)
  if (!isMatched) return refuse(response)
  response.writeHead(reply.statusCode ?? 500, reply.headers)
  response.end(text)
}

function receivedOf(incoming: IncomingMessage, body: Buffer): Omit<HttpRequest, 'origin'> {
  const { method = '', url = '', headers } = incoming
  const mark = url.indexOf('?')
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    ...(mark >= 0 && { query: url.slice(mark + 1) }),
    headers: { ...headers },
    body,
  }
}

/** Fields of one connection, which the next has its own of. @see RFC 9110 §7.6.1 */
const ofConnection = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
])

function forward(
  { port, interaction }: Judge,
  { method, url, rawHeaders }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const headers = rawHeaders.flatMap((name, index) => {
    if (index % 2 === 1 || ofConnection.has(name.toLowerCase())) return []
    const value = rawHeaders[index + 1] ?? ''
    return [name, name.toLowerCase() === 'authorization' ? inOneSpelling(interaction, value) : value]
  })
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      method,
      path: url,
      headers: [...headers, 'Content-Length', String(body.length)],
      agent: false,
    })
    outgoing.on('response', resolve).on('error', reject).end(body)
  })
}

/**
 * Pact compares HTTP Basic as text, but form-encoding leaves a choice: a client may write `%2D` for a hyphen. Right
 * credentials are passed on in the spelling of the contract.
 */
function inOneSpelling({ message: { basic }, located }: Interaction, field: string): string {
  const { basicSpelling } = clientAuthenticationOf(located.service, located.variant)
  const sent = field.startsWith('Basic ')
    ? parseBasic(field.slice('Basic '.length), basicSpelling)
    : undefined
  const isRight = sent?.client_id === basic?.client_id && sent?.client_secret === basic?.client_secret
  return basic !== undefined && isRight ? formatBasic(basic, basicSpelling) : field
}

/** No 5xx, which many clients take for a reason to try again. */
function refuse(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'application/json' })
  const error_description = 'This is not the documented request; the error of the contract test says why.'
  response.end(JSON.stringify({ error: 'invalid_request', error_description }))
}
