// The HAL interface of a Pact Broker: one origin, no redirects, a time and a size that end every reply, and no secret in
// any message.
import * as http from 'node:http'
import * as https from 'node:https'
import { formatBase64 } from '../oauth/base64.ts'
import { TokenwrightError } from '../service/error.ts'
import { createRedactor } from '../verify/redactor.ts'

/** What opens a broker: a bearer token, or a user name with a password; nothing for one that is open. */
export interface BrokerCredentials {
  readonly token?: string
  readonly username?: string
  readonly password?: string
}

/** Options of {@link createBroker}. */
export interface BrokerOptions {
  /** Its base address, which may have a path. */
  readonly url: string
  readonly credentials?: BrokerCredentials
  /** Longest wait for each reply, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number
  /** Longest reply that is read, in bytes. Default: 16 MiB. */
  readonly longestReplyBytes?: number
  /** The variables that name proxies, and what Pact's program may see of them. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** A broker, as all that use it know it. */
export interface Broker {
  /** Ends in a slash. */
  readonly url: URL
  readonly credentials: BrokerCredentials
  readonly timeoutMs: number
  readonly longestReplyBytes: number
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Masks the credentials in a text. */
  readonly redact: (text: string) => string
}

/** A resource of a broker. */
export type Resource = Readonly<Record<string, unknown>>

const defaultTimeoutMs = 10_000
const defaultLongestReplyBytes = 16 * 1024 * 1024
/** Of what a broker says about a refusal. */
const longestQuote = 300

/** @throws {TokenwrightError} `ERR_OPTION_INVALID`; the message never repeats the address */
export function createBroker(options: BrokerOptions): Broker {
  const { credentials = {} } = options
  requireOneWay(credentials)
  const { token = '', username, password = '' } = credentials
  const basic = username === undefined ? '' : `${username}:${password}`
  return {
    url: parseAddress(options.url),
    credentials,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    longestReplyBytes: options.longestReplyBytes ?? defaultLongestReplyBytes,
    environment: options.environment ?? {},
    redact: createRedactor([token, password, basic].filter((secret) => secret !== '')).redact,
  }
}

function parseAddress(address: string): URL {
  const url = URL.parse(address)
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url === null || !isWeb || url.search !== '' || url.hash !== '') {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected the http or https URL of a Pact Broker, without a query, such as https://broker.example',
    )
  }
  if (url.username !== '' || url.password !== '') {
    throw new TokenwrightError('ERR_OPTION_INVALID', "expected a broker's URL without credentials in it")
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function requireOneWay({ token, username, password }: BrokerCredentials): void {
  if (token !== undefined && (username !== undefined || password !== undefined)) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      "expected a broker's token, or a user name with a password, received both",
    )
  }
  if (password !== undefined && username === undefined) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      "expected a user name beside the broker's password, received none",
    )
  }
}

/**
 * The broker's index, by which everything else is found: shows that it answers, lets one in, and leads to no other place.
 *
 * @throws {TokenwrightError} as {@link ask}
 */
export async function indexOf(broker: Broker): Promise<Resource> {
  const index = await ask(broker, 'GET', broker.url.href)
  if (typeof index._links !== 'object' || index._links === null) {
    throw new TokenwrightError(
      'ERR_BROKER_INVALID',
      `expected the index of a Pact Broker at ${broker.url.href}, received JSON without links; next: check the address`,
    )
  }
  return index
}

/**
 * The address of a link, its template filled in.
 *
 * @throws {TokenwrightError} `ERR_BROKER_INVALID` where there is none, or where it leads to another origin
 */
export function linkOf(
  broker: Broker,
  resource: Resource,
  relation: string,
  values: Readonly<Record<string, string>> = {},
): string {
  const href = hrefOf(resource, relation)
  if (href === undefined) {
    throw new TokenwrightError(
      'ERR_BROKER_INVALID',
      `expected a link ${relation} of the broker at ${broker.url.href}, received none; next: check that the broker is up to date`,
    )
  }
  const filled = href.replace(/\{([a-z]+)\}/gi, (_whole, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  )
  const url = URL.parse(filled, broker.url.href)
  if (url?.origin === broker.url.origin) return url.href
  throw new TokenwrightError(
    'ERR_BROKER_INVALID',
    `expected the link ${relation} to lead to ${broker.url.origin}, received one to ${url?.origin ?? 'no address'}; nothing was sent there; next: give that address, or set the base URL of the broker (PACT_BROKER_BASE_URL of its own)`,
  )
}

/** The address of a link as it stands; `undefined` where there is none. */
export function hrefOf(resource: Resource, relation: string): string | undefined {
  const links = (resource._links ?? {}) as Readonly<Record<string, { readonly href?: unknown } | undefined>>
  const href = links[relation]?.href
  return typeof href === 'string' ? href : undefined
}

/**
 * Asks the broker for a resource, or tells it something.
 *
 * @throws {TokenwrightError} `ERR_UNREACHABLE` without a reply, `ERR_BROKER_REFUSED` by status, `ERR_BROKER_INVALID` for
 *   what is no JSON object, too long, or a redirect
 */
export async function ask(
  broker: Broker,
  method: 'GET' | 'POST' | 'PUT',
  href: string,
  body?: unknown,
): Promise<Resource> {
  const url = new URL(href)
  if (url.origin !== broker.url.origin) throw new Error(`${url.origin} is not the broker`)
  const place = `${method} ${url.origin}${url.pathname}`
  const reply = await exchange(broker, url, method, body)
  requireNoRedirect(place, url, reply)
  if (reply.status < 200 || reply.status >= 300) throw refusal(broker, place, reply)
  return resourceOf(place, reply)
}

interface Reply {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
}

async function exchange(broker: Broker, url: URL, method: string, body: unknown): Promise<Reply> {
  const { timeoutMs } = broker
  const authorization = authorizationOf(broker.credentials)
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = {
    accept: 'application/hal+json, application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    'content-length': Buffer.byteLength(text),
    ...(authorization !== undefined && { authorization }),
  }
  const late = AbortSignal.timeout(timeoutMs)
  const agent = agentFor(broker)
  try {
    return await new Promise<Reply>((resolve, reject) => {
      const options = { method, headers, agent, signal: late }
      const onReply = (reply: http.IncomingMessage) => {
        const { statusCode: status = 0, headers } = reply
        readWithin(broker, reply).then((text) => resolve({ status, headers, text }), reject)
      }
      const request =
        url.protocol === 'https:' ? https.request(url, options, onReply) : http.request(url, options, onReply)
      request.on('error', reject)
      request.end(text)
    })
  } catch (error) {
    if (error instanceof TokenwrightError) throw error
    throw unreachable(
      broker,
      late.aborted ? `nothing whole within ${timeoutMs} ms` : describeFailure(error as Error),
    )
  } finally {
    agent.destroy()
  }
}

/** Proxies are for other machines: a loopback address is this machine's own. */
function agentFor({ url, environment }: Broker): http.Agent {
  const options = { ...(!isLoopback(url) && { proxyEnv: { ...environment } }) }
  return url.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options)
}

/** Whether an address is this machine's own. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** The error of a broker that gives no reply. */
export function unreachable(broker: Broker, why: string): TokenwrightError {
  return new TokenwrightError(
    'ERR_UNREACHABLE',
    `expected a Pact Broker at ${broker.url.href}, received no reply: ${why}; next: check the address and that the broker runs`,
  )
}

function authorizationOf({ token, username, password = '' }: BrokerCredentials): string | undefined {
  if (token !== undefined) return `Bearer ${token}`
  return username === undefined ? undefined : `Basic ${formatBase64(`${username}:${password}`)}`
}

async function readWithin(broker: Broker, reply: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    length += chunk.byteLength
    // Leaving the loop closes the connection.
    if (length > broker.longestReplyBytes) {
      throw new TokenwrightError(
        'ERR_BROKER_INVALID',
        `expected a reply of at most ${broker.longestReplyBytes} bytes from ${broker.url.href}, received more; next: check the address`,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** A code and no message: a message of the platform may quote what was sent, a header for one. */
function describeFailure(error: NodeJS.ErrnoException): string {
  if (error.code?.startsWith('HPE_')) return 'what it sends is not HTTP; is it an https URL?'
  if (error.code === 'ERR_INVALID_CHAR')
    return 'nothing was sent, because the credentials have characters that no header can have'
  return error.code ?? 'the connection failed'
}

function requireNoRedirect(place: string, url: URL, { status, headers }: Reply): void {
  if (status < 300 || status >= 400) return
  const target = URL.parse(headers.location ?? '', url.href)
  throw new TokenwrightError(
    'ERR_BROKER_INVALID',
    `expected ${place} to be answered there, received a redirect to ${target?.origin ?? 'no address'}, which is not followed with credentials; next: give the address of the broker itself`,
  )
}

function refusal(broker: Broker, place: string, { status, text }: Reply): TokenwrightError {
  if (status === 401 || status === 403) {
    const given = authorizationOf(broker.credentials) === undefined ? 'none' : 'others'
    return new TokenwrightError(
      'ERR_BROKER_REFUSED',
      `${place}: expected credentials that the broker takes, received ${given} (${status}); next: check --broker-token, or --broker-username and --broker-password, and the rights behind them`,
    )
  }
  const said = broker.redact(text).replace(/\s+/g, ' ').trim().slice(0, longestQuote)
  const next = status === 404 ? '; next: check that the broker knows this name and version' : ''
  return new TokenwrightError(
    'ERR_BROKER_REFUSED',
    `${place}: expected success, received ${status}${said === '' ? '' : `: ${said}`}${next}`,
  )
}

function resourceOf(place: string, { headers, text }: Reply): Resource {
  if (text === '') return {}
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  const value = /[/+]json$/i.test(type.trim()) ? parseObject(text) : undefined
  if (value !== undefined) return value
  const received = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'something else'
  throw new TokenwrightError(
    'ERR_BROKER_INVALID',
    `${place}: expected HAL (application/hal+json), received ${received}; next: check that the address is that of a Pact Broker`,
  )
}

/** The JSON object that a text is; `undefined` for anything else. */
export function parseObject(text: string): Resource | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Resource)
      : undefined
  } catch {
    return undefined
  }
}
