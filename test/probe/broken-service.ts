// The baseline service behind a small server of its own, which passes requests and replies on as they are, or departs in
// one way from what they should be.
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { tokenFetch } from '../../src/host/fetch.ts'
import type { MockOptions } from '../../src/host/options.ts'
import type { ProbeOptions } from '../../src/probe/probe.ts'

/** A request, read. */
export interface Asked {
  readonly method: string
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As they were written: names and values in turn. */
  readonly rawHeaders: readonly string[]
  readonly body: string
}

/** A reply before it is sent. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Answers, by the correct service or not; `undefined` closes the connection. */
export type Answer = (
  asked: Asked,
  correct: (asked: Asked) => Promise<Reply>,
) => Promise<Reply | undefined> | Reply | undefined

/** What a broken service is made of. */
export interface BrokenOptions {
  readonly answer: Answer
  /** Of the correct service. */
  readonly options?: MockOptions | undefined
  /** Of the server before it. */
  readonly server?: ServerOptions | undefined
}

/** A service to probe. */
export interface Probed extends ProbeOptions {
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

const user = { username: 'probe-user', password: 'probe password' }
/** The client whose credentials a probe has. */
export const client = { client_id: 'probe client', client_secret: 'probe secret +/&=%' } as const
/** A second one. */
export const otherClient = { client_id: 'other-client', client_secret: 'other-secret' } as const

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const named = { kid: 'probe-key', alg: 'ES256' }
const keys = [{ ...publicKey.export({ format: 'jwk' }), ...named }] as never

/** What the baseline service is started with, so that a probe finds everything. */
export const baseline: MockOptions = {
  services: ['rfc6749'],
  users: [user],
  clients: [{ ...client, scope: 'read write', jwks: { keys } }, otherClient],
}

/** What a probe of it is told beside the URL. */
export const known = {
  credentials: { ...client, ...user },
  otherCredentials: otherClient,
  key: { ...privateKey.export({ format: 'jwk' }), ...named } as NonNullable<ProbeOptions['key']>,
  scope: 'read write',
} as const satisfies Partial<ProbeOptions>

/** Starts a service that answers as it is told. */
export async function startBroken({ answer, options = {}, server = {} }: BrokenOptions): Promise<Probed> {
  const mock = tokenFetch({ ...baseline, ...options })
  const correct = async (asked: Asked): Promise<Reply> => {
    const response = await mock(requestOf(asked))
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    }
  }
  const listener = createServer(server, async (request, response) => {
    const reply = await answer(await askedOf(request), correct)
    if (reply === undefined) response.destroy()
    else response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    ...known,
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/token`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        listener.closeAllConnections()
      }),
  }
}

/** Of fields that are there several times, all values, as the correct service refuses them. */
async function askedOf(request: IncomingMessage): Promise<Asked> {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const headers = Object.entries(request.headersDistinct).map(([name, values = []]) => [
    name,
    values.join(', '),
  ])
  return {
    method: request.method ?? '',
    path,
    query,
    headers: Object.fromEntries(headers),
    rawHeaders: request.rawHeaders,
    body: await text(request),
  }
}

function requestOf({ method, path, query, headers, body }: Asked): Request {
  const { host = 'as.example', ...rest } = headers
  const fields = Object.entries(rest).filter(
    ([name]) => !['connection', 'content-length', 'transfer-encoding', 'expect', 'keep-alive'].includes(name),
  )
  return new Request(`http://${host}${path}${query && `?${query}`}`, {
    method,
    headers: fields as [string, string][],
    ...(method !== 'GET' && method !== 'HEAD' && { body }),
  })
}
