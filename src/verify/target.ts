// The real token service under test: whether it listens, and the plain requests that prepare a verification.
import { connect } from 'node:net'
import type { Credentials, MessageOptions } from '../fixture/message.ts'
import { messageOf, requestOf } from '../fixture/message.ts'
import { TokenwrightError } from '../service/error.ts'
import { findExchange } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import type { ObtainableGrant } from './plan.ts'

/** A token endpoint, and how long to wait for it. */
export interface Target {
  readonly url: URL
  /** In milliseconds. */
  readonly timeoutMs: number
}

/** A reply to a granted exchange, as far as it could be read. */
export interface TargetReply {
  readonly status: number
  readonly members: Readonly<Record<string, unknown>>
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function parseTarget(url: string): URL {
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected the http or https URL of a token endpoint, such as https://as.example/token',
    )
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TokenwrightError('ERR_OPTION_INVALID', 'expected a URL without credentials in it')
  }
  return parsed
}

/** @throws {TokenwrightError} `ERR_UNREACHABLE` when nothing listens */
export async function requireListening({ url, timeoutMs }: Target): Promise<void> {
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

/** Sends a granted exchange with real credentials, straight to the target and to no place it redirects to. */
export async function requestGrant(
  { url, timeoutMs }: Target,
  service: Service,
  { variant, grantType }: ObtainableGrant,
  options: MessageOptions & { readonly credentials: Credentials },
): Promise<TargetReply> {
  const located = { service, variant }
  const { method, headers, body } = requestOf(
    located,
    messageOf(located, findExchange(located, grantType), options),
  )
  try {
    const response = await fetch(url, {
      method,
      headers: headers as Record<string, string>,
      body: Buffer.from(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: response.status, members: membersOf(await response.text()) }
  } catch (error) {
    throw unreachable(url, describeFailure(error as Error, timeoutMs))
  }
}

/** Why a connection gave no reply, from the error of `fetch` or of `node:http`. */
export function describeFailure(error: Error, timeoutMs: number): string {
  if (error.name === 'TimeoutError') return `nothing within ${timeoutMs} ms`
  const failure = (error.cause ?? error) as NodeJS.ErrnoException
  const isNotHttp = failure.name === 'HTTPParserError' || failure.code?.startsWith('HPE_')
  return isNotHttp ? 'what it sends is not HTTP; is it an https URL?' : (failure.code ?? failure.message)
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
