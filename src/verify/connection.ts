// The one way to the token service under test: one host, one request at a time in its own time, nothing followed.
import { X509Certificate } from 'node:crypto'
import {
  Agent,
  type AgentOptions,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from 'node:http'
import { request as requestHttps, Agent as SecureAgent } from 'node:https'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { unzipSync } from 'node:zlib'
import { isLoopback } from '../host/admin-access.ts'
import { systemTime, systemWait, type Wait } from '../host/ambient.ts'
import { TokenwrightError } from '../service/error.ts'

/** How a connection is secured, each part as PEM. */
export interface TlsOptions {
  /** Certificates that are trusted beside those that Node.js trusts. */
  readonly ca?: string
  /** The client's certificate, with its key. @see RFC 8705 */
  readonly cert?: string
  readonly key?: string
}

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly url: URL
  /** Longest wait for each reply. */
  readonly timeoutMs: number
  /** When everything has to be over, in milliseconds since 1970. */
  readonly endsAt: number
  /** Ends whatever is under way. */
  readonly signal: AbortSignal
  /** Most requests in a second; `undefined` for any number. */
  readonly ratePerSecond?: number | undefined
  readonly tls?: TlsOptions | undefined
  /** Proxies by the names of the environment's variables. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** A number from 0 to 1, by which waits before wrong credentials differ. */
  readonly chance: () => number
  /** Default: the machine's. */
  readonly wait?: Wait
  /** Default: the machine's. */
  readonly now?: () => number
}

/** A request to the token service. */
export interface Outgoing {
  /** Of the same origin. Default: the token endpoint. */
  readonly url?: URL
  readonly method: string
  /** A list is sent as so many fields. */
  readonly headers: OutgoingHttpHeaders
  readonly body: Uint8Array
  /** Whether credentials in it are wrong on purpose: it is sent some time later than its turn. */
  readonly isTrial?: boolean
}

/** A reply, whole. */
export interface Incoming {
  readonly status: number
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** The text of the body, unpacked. */
  readonly body: string
}

/** Why there is no reply, or no whole one. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure'
  /** Whether a part of a reply came. */
  readonly isPartial: boolean

  constructor(message: string, isPartial: boolean, cause?: unknown) {
    super(message, { cause })
    this.isPartial = isPartial
  }
}

/** A way to a token service. */
export interface Connection {
  /** @throws {ConnectionFailure} */
  readonly send: (request: Outgoing) => Promise<Incoming>
  /** Asks in a way of its own what Node.js would mend, in the same turns and with the same patience. @throws {ConnectionFailure} */
  readonly sendBy: (ask: () => Promise<Incoming>, isTrial?: boolean) => Promise<Incoming>
  /** Several at once, in one turn and once. @throws {ConnectionFailure} */
  readonly sendTogether: (requests: readonly Outgoing[]) => Promise<readonly Incoming[]>
  /** What the service said when it asked to be left alone beyond the end of the run; `undefined` when it did not. */
  readonly held: () => string | undefined
  /** How many requests were sent. */
  readonly sent: () => number
  readonly close: () => void
}

/** No token reply is longer, packed or not. */
export const maxReplyBytes = 16_777_216
const mostTries = 3

/** Opens a way to a token service; nothing is sent yet. */
export function openConnection(options: ConnectionOptions): Connection {
  const { signal, endsAt, ratePerSecond, chance, wait = systemWait, now = systemTime } = options
  const intervalMs = ratePerSecond === undefined ? 0 : 1000 / ratePerSecond
  const agent = agentFor(options)
  let turn: Promise<unknown> = Promise.resolve()
  let earliest = 0
  let sent = 0
  let held: string | undefined
  const pause = async (milliseconds: number) => {
    if (milliseconds > 0) await wait(milliseconds, signal)
  }
  const once = async <T>(ask: () => Promise<T>, isTrial: boolean, requests = 1): Promise<T> => {
    const jitterMs = isTrial ? intervalMs * chance() : 0
    await pause(earliest - now() + jitterMs)
    signal.throwIfAborted()
    earliest = now() + intervalMs * requests
    sent += requests
    return ask()
  }
  const patiently = async (ask: () => Promise<Incoming>, isTrial: boolean): Promise<Incoming> => {
    for (let tries = 1; ; tries += 1) {
      const reply = await once(ask, isTrial)
      const waitMs = retryAfterOf(reply, now())
      if (waitMs === undefined) return reply
      if (now() + waitMs > endsAt)
        held = `the service asks to come back in ${Math.ceil(waitMs / 1000)} s, beyond the deadline`
      // A wrong secret is shown once: what guards an account against guesses may answer so.
      if (held !== undefined || tries === mostTries || isTrial) return reply
      await pause(waitMs)
    }
  }
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const reply = turn.then(ask)
    turn = reply.catch(() => {})
    return reply
  }
  const exchangeOne = (request: Outgoing) => exchange(options, agent, request)
  return {
    send: (request) => inTurn(() => patiently(() => exchangeOne(request), request.isTrial === true)),
    sendBy: (ask, isTrial = false) => inTurn(() => patiently(ask, isTrial)),
    sendTogether: (requests) =>
      inTurn(() => once(() => Promise.all(requests.map(exchangeOne)), false, requests.length)),
    held: () => held,
    sent: () => sent,
    close: () => agent.destroy(),
  }
}

/** What a service that is asked too often, or is away for a while, says of when to come back. @see RFC 9110 §10.2.3 */
export function retryAfterOf({ status, headers }: Incoming, now: number): number | undefined {
  const { 'retry-after': field } = headers
  if ((status !== 429 && status !== 503) || field === undefined) return undefined
  const milliseconds = /^\d{1,9}$/.test(field) ? Number(field) * 1000 : Date.parse(field) - now
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds)
}

function agentFor({ url, tls = {}, environment }: ConnectionOptions): Agent {
  // A loopback address is this machine's own, which no proxy can reach.
  const proxyEnv = isLoopback(url.hostname) ? {} : { proxyEnv: proxiesIn(environment) }
  const options: AgentOptions = { keepAlive: false, ...proxyEnv }
  if (url.protocol !== 'https:') return new Agent(options)
  return new SecureAgent({ ...options, secureContext: secureContextOf(tls) })
}

/** Made before anything is sent: an agent would look at its certificates with the first request only. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function secureContextOf({ ca, ...own }: TlsOptions): SecureContext {
  try {
    if (ca === undefined) return createSecureContext(own)
    // Of a text that is no certificate, the context would make nothing.
    new X509Certificate(ca)
    return createSecureContext({ ...own, ca: [...trusted(), ca] })
  } catch (cause) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected the certificates and the key of TLS as PEM, received something else',
      { cause },
    )
  }
}

/** Those that Node.js trusts, the ones of NODE_EXTRA_CA_CERTS among them. */
function trusted(): readonly string[] {
  return getCACertificates('default')
}

const proxyVariables = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']

function proxiesIn(environment: ConnectionOptions['environment']): NodeJS.ProcessEnv {
  return Object.fromEntries(
    proxyVariables.flatMap((name) => {
      const value = environment[name] ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  )
}

/** One request and its reply, or its failure. */
function exchange(
  { url: target, timeoutMs, signal }: ConnectionOptions,
  agent: Agent,
  { url = target, method, headers, body }: Outgoing,
): Promise<Incoming> {
  requireSameOrigin(target, url)
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const late = AbortSignal.timeout(timeoutMs)
  // A request that has no body says so by saying nothing. @see RFC 9110 §8.6
  const isBare = body.byteLength === 0 && !/^P/.test(method)
  return new Promise((resolve, reject) => {
    let isPartial = false
    const fail = (error: Error) =>
      reject(new ConnectionFailure(describeFailure(error, late.aborted, timeoutMs), isPartial, error))
    const request = send(
      url,
      {
        method,
        headers: isBare ? headers : { ...headers, 'content-length': body.byteLength },
        agent,
        signal: AbortSignal.any([late, signal]),
      },
      (reply) => {
        isPartial = true
        collect(reply).then((kept) => resolve(replyOf(reply, kept)), fail)
      },
    )
    request.on('error', fail)
    request.end(body)
  })
}

/** Whatever a document of the service names: its secrets are for one host. */
function requireSameOrigin(target: URL, { origin, pathname }: URL): void {
  if (origin === target.origin) return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected an endpoint at ${target.origin}, received ${origin}${pathname}`,
  )
}

function replyOf({ statusCode = 0, headers }: IncomingMessage, body: Buffer): Incoming {
  return { status: statusCode, headers, body: decode(body, headers) }
}

async function collect(reply: IncomingMessage): Promise<Buffer> {
  const kept: Buffer[] = []
  let size = 0
  for await (const chunk of reply) {
    size += chunk.length
    if (size > maxReplyBytes) throw new Error(`more than ${maxReplyBytes} bytes`)
    kept.push(chunk)
  }
  return Buffer.concat(kept)
}

/** The text of a body, which some services compress whether or not they are asked to. */
export function decode(
  body: Buffer,
  { 'content-encoding': coding = 'identity' }: IncomingHttpHeaders,
): string {
  if (coding === 'identity') return body.toString()
  try {
    return unzipSync(body, { maxOutputLength: maxReplyBytes }).toString()
  } catch {
    return ''
  }
}

/** Why there is no reply, in words. */
export function describeFailure(error: Error, isLate: boolean, timeoutMs: number): string {
  if (isLate) return `nothing within ${timeoutMs} ms`
  const failure = error as NodeJS.ErrnoException
  const code = failure.code ?? ''
  const isNotHttp = failure.name === 'HTTPParserError' || code.startsWith('HPE_')
  if (isNotHttp) return 'what it sends is not HTTP; is it an https URL?'
  if (untrusted.has(code)) return `its certificate is not trusted (${code}); is there a --ca for it?`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate is for another name (${code})`
  if (/CERTIFICATE_(REQUIRED|UNKNOWN)|UNKNOWN_CA|BAD_CERTIFICATE/.test(code))
    return `it takes no client without a certificate of its liking (${code}); is there a --cert for it?`
  return failure.code ?? failure.message
}

const untrusted = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])
