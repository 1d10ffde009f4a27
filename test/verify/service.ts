// Token services for verification to fail at: small HTTP servers that remember what they were asked.
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Credentials } from '../../src/fixture/message.ts'
import type { Difference } from '../../src/verify/verification.ts'

/** A request as it came. */
export interface Asked {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server on a free port. */
export interface RunningServer {
  /** Without a path. */
  readonly origin: string
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** A server that remembers its requests. */
export interface RecordingServer extends RunningServer {
  readonly asked: readonly Asked[]
}

/** How a request is answered. */
export type Answer = (response: ServerResponse, asked: Asked) => void

/** Starts a server on a free port of this machine. */
export async function listen(listener: RequestListener): Promise<RunningServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Starts a server that gives every request to `answer`, and remembers it. */
export async function startRecording(answer: Answer): Promise<RecordingServer> {
  const asked: Asked[] = []
  const server = await listen(async (request, response) => {
    const one = { url: request.url ?? '', headers: request.headers, body: await text(request) }
    asked.push(one)
    answer(response, one)
  })
  return { ...server, asked }
}

/** An answer in JSON, with the header fields of a token endpoint. */
export function reply(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...headers,
    })
    response.end(JSON.stringify(body))
  }
}

/** The one client of the small service. */
export const client = { client_id: 'small-client', client_secret: 'small secret +/&=%' } satisfies Credentials

/** What the small service gives out. */
export const grantedBody = { access_token: 'q7Zr2kT9vXw4', token_type: 'Bearer', expires_in: 3600 }

/** The contract rfc6749/client_credentials by client_secret_post, kept. */
export const keptAnswers = {
  client_credentials: reply(200, grantedBody),
  'client_credentials.wrong_secret': reply(401, { error: 'invalid_client' }),
  'client_credentials.missing_grant_type': reply(400, { error: 'invalid_request' }),
  'client_credentials.unsupported_grant_type': reply(400, { error: 'unsupported_grant_type' }),
}

/** An exchange of that contract. */
export type SmallExchange = keyof typeof keptAnswers

/** A service that keeps that contract, other than in the given exchanges. */
export function startSmallService(
  broken: Readonly<Partial<Record<SmallExchange, Answer>>> = {},
): Promise<RecordingServer> {
  const answers = { ...keptAnswers, ...broken }
  return startRecording((response, asked) => answers[exchangeOf(asked)](response, asked))
}

/** Which exchange a request is of. */
export function exchangeOf({ body }: Asked): SmallExchange {
  const form = new URLSearchParams(body)
  if (form.get('client_secret') !== client.client_secret) return 'client_credentials.wrong_secret'
  if (!form.has('grant_type')) return 'client_credentials.missing_grant_type'
  const isKnown = form.get('grant_type') === 'client_credentials'
  return isKnown ? 'client_credentials' : 'client_credentials.unsupported_grant_type'
}

/** A difference as one sentence, and where. */
export function told({ where, expected, received }: Difference): { where: string; problem: string } {
  return { where, problem: `expected ${expected}, received ${received}` }
}
