// The real token service under test: whether it listens, and the plain requests that prepare a verification.
import type { OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import type { Credentials, MessageOptions } from '../fixture/message.ts'
import { messageOf, requestOf } from '../fixture/message.ts'
import { isLoopback } from '../host/admin-access.ts'
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import type { WireParameters } from '../service/exchanges.ts'
import { findExchange } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import type { Connection } from './connection.ts'
import type { ObtainableGrant } from './plan.ts'
import type { Redactor } from './redactor.ts'

/** A token endpoint, and the way to it. */
export interface Target {
  readonly url: URL
  /** Longest wait for each reply, in milliseconds. */
  readonly timeoutMs: number
  readonly connection: Connection
  /** The method by which the client is known to be granted tokens; `undefined` while it is not. */
  readonly authentication?: ClientAuthenticationMethod | undefined
  /** The grants that were refused with the credentials at hand. */
  readonly refused: Set<string>
  /** The media type of requests. Default: the documented one. */
  readonly contentType?: ContentType | undefined
  /** What every request has beside the documented parameters. Default: nothing. */
  readonly parameters?: WireParameters | undefined
  /** The grants that are offered. Default: all. */
  readonly grants?: readonly string[] | undefined
}

/** A reply to a granted exchange, as far as it could be read. */
export interface TargetReply {
  readonly status: number
  readonly members: Readonly<Record<string, unknown>>
}

/**
 * The URL of a token endpoint: at `path` where one is given, else at its own; a bare origin has that of the profile.
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`
 */
export function parseTarget(url: string, path?: string, profilePath?: string): URL {
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected url to be the http or https URL of a token endpoint, such as https://as.example/token, received another text',
    )
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected url to be without credentials, received some in it; next: name where they are, as in --client-id env:NAME',
    )
  }
  if (path !== undefined && !path.startsWith('/')) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected path to begin with a slash, such as /oauth/token, received another text',
    )
  }
  const chosen = path ?? (parsed.pathname === '/' ? profilePath : undefined)
  if (path === undefined && chosen?.includes('{')) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected the path of the token endpoint, ${chosen} with what this installation has in place of the braces, received none; next: give the whole URL`,
    )
  }
  if (chosen !== undefined) parsed.pathname = chosen
  return parsed
}

/** Whether requests go by a proxy, so that the service itself need not be within reach. */
export function isProxied(
  { hostname, protocol }: URL,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (isLoopback(hostname)) return false
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  return (environment[name] ?? environment[name.toLowerCase()] ?? '') !== ''
}

/** @throws {TokenwrightError} `ERR_UNREACHABLE` when nothing listens */
export async function requireListening({ url, timeoutMs }: Pick<Target, 'url' | 'timeoutMs'>): Promise<void> {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port, timeout: timeoutMs }, () => {
      socket.destroy()
      resolve()
    })
    const fail = (why: string) => {
      socket.destroy()
      reject(unreachable(url, why))
    }
    socket.on('timeout', () => fail(`no connection within ${timeoutMs} ms`))
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
  })
}

/** The error of a service that gives no reply. */
export function unreachable(url: URL, why: string): TokenwrightError {
  return new TokenwrightError(
    'ERR_UNREACHABLE',
    `expected a token service at ${url.origin}${url.pathname}, received no reply: ${why}; next: check the URL and that the service runs`,
  )
}

/** Sends a granted exchange with real credentials. @throws {ConnectionFailure} */
export async function requestGrant(
  { connection, contentType, parameters }: Target,
  service: Service,
  { variant, grantType }: ObtainableGrant,
  options: MessageOptions & { readonly credentials: Credentials },
): Promise<TargetReply> {
  const located = { service, variant }
  const message = messageOf(located, findExchange(located, grantType), {
    ...(contentType && { contentType }),
    ...options,
  })
  const { method, headers, body } = requestOf(located, {
    ...message,
    parameters: { ...message.parameters, ...parameters },
  })
  const reply = await connection.send({ method, headers: headers as OutgoingHttpHeaders, body })
  return { status: reply.status, members: membersOf(reply.body) }
}

/** The members of a JSON object; none where the text is something else. */
export function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** No received value of such a length is ever shown. */
const longestToken = 65_536

/** A service may show in one reply a token that it gave in another. */
export function learnTokens(redactor: Redactor, members: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(members)) {
    const isText = typeof value === 'string' || typeof value === 'number'
    if (name.endsWith('_token') && isText && String(value).length <= longestToken) redactor.add(String(value))
  }
}
