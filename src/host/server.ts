// The engine as an HTTP server on this machine.
import type { Server, ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TlsOptions } from 'node:tls'
import type { Engine } from '../engine/engine.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Endpoint } from '../service/service.ts'
import { createAdmin } from './admin.ts'
import { createSelfSignedCertificate, type TlsCertificate } from './certificate.ts'
import { controlsOf, type MockControls } from './controls.ts'
import { guard } from './guard.ts'
import { limitsOf, type ServerLimits } from './limits.ts'
import { tokenListener } from './listener.ts'
import { engineFor, type MockOptions } from './options.ts'

export type { Clock } from '../engine/clock.ts'
export type { Journal, JournalEntry, JournalQuery } from '../engine/journal.ts'
export type { OutcomeTarget } from '../engine/outcome-control.ts'
export type { AccessTokens, ProtectedRoute } from '../service/config.ts'
export type { TlsCertificate } from './certificate.ts'
export type { MockControls } from './controls.ts'
export type { ServerLimits } from './limits.ts'
export type { MockOptions } from './options.ts'

/** Options of {@link startTokenServer}. */
export interface TokenServerOptions extends MockOptions, ServerLimits {
  /** Default: 0, which takes a free port. */
  readonly port?: number
  /** The address to listen on. Default: `127.0.0.1`, which other machines cannot reach. */
  readonly host?: string
  /**
   * What requests to the admin API must show as a bearer token. Default: none on this machine's loopback addresses;
   * on any other address the admin API is off without one.
   */
  readonly adminToken?: string
  /**
   * Serves https alone, with this certificate; `self-signed` makes one for `localhost`, `127.0.0.1` and `::1`, and needs
   * the package `selfsigned`. Default: plain http.
   */
  readonly tls?: TlsCertificate | 'self-signed'
}

/** An endpoint of a served service. */
export interface ServedEndpoint {
  readonly kind: Endpoint['kind']
  /** Under the service's own name. */
  readonly url: string
  /** At the root of the server, where vendors' SDKs resolve it; absent when another service has the path. */
  readonly root_url?: string
  /** The variants that the endpoint accepts. */
  readonly variants: readonly string[]
}

/** A service as the mock serves it. */
export interface ServedService {
  readonly id: string
  /** The URL of the service's first token endpoint. */
  readonly token_endpoint: string
  readonly endpoints: readonly ServedEndpoint[]
}

/** A running mock server. */
export interface TokenServer extends MockControls {
  /** Without a final slash. */
  readonly url: string
  /** Of a server of https: the PEM of its certificate, for clients to trust. */
  readonly certificate?: string
  readonly services: readonly ServedService[]
  /**
   * Serves other options from the next request on; the clock, the journal and the tokens of services that stay are kept.
   * @throws {TokenwrightError} as {@link startTokenServer} does; then everything stays as it was
   */
  readonly reload: (options: MockOptions) => void
  /** Closes every connection and stops listening. */
  readonly close: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

// An import of node:http as a module also loads everything that Node.js offers under that name, an HTTP client and
// WebSocket among it: most of the time that a start would take.
const { createServer } = process.getBuiltinModule('node:http')

/**
 * Starts a mock server.
 *
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`, `ERR_OPTION_INVALID`, `ERR_PEER_MISSING` for a self-signed certificate
 *   without `selfsigned`, or `ERR_LISTEN` when the port cannot be had
 */
export async function startTokenServer(options: TokenServerOptions = {}): Promise<TokenServer> {
  let timed = engineFor(options)
  const controls = controlsOf(() => timed)
  const { port = 0, host = '127.0.0.1', adminToken } = options
  requirePort(port)
  requireHost(host)
  requireAdminToken(adminToken)
  requireTls(options.tls)
  const limits = limitsOf(options)
  const engine = () => timed.engine
  const certificate = options.tls === 'self-signed' ? await createSelfSignedCertificate() : options.tls
  const server = createServerWith(limits, certificate)
  let address = ''
  const admin = createAdmin({ engine, controls, address: () => address, adminToken })
  const endConnections = guard(server, {
    listener: tokenListener(engine, admin, (milliseconds, signal) => timed.wait(milliseconds, signal)),
    maxBodyBytes: () => timed.engine.maxBodyBytes,
    limits,
    isEncrypted: certificate !== undefined,
  })
  await listen(server, port, host)
  // Read once: a server that is closing has none.
  address = (server.address() as AddressInfo).address
  const url = urlOf(server, certificate === undefined ? 'http' : 'https')
  const close = () => closeServer(server, endConnections)
  return {
    url,
    ...(certificate && { certificate: certificate.cert }),
    get services() {
      return servedServices(timed.engine, url)
    },
    ...controls,
    reload: (changed) => {
      timed = engineFor(changed, timed)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` for a certificate that cannot be used */
function createServerWith(limits: Required<ServerLimits>, certificate: TlsCertificate | undefined): Server {
  const { maxHeaderBytes, headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs } = limits
  const settings = {
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    // How often Node.js looks for requests beyond their time: a tenth of the shortest, at most a second late.
    connectionsCheckingInterval: Math.ceil(Math.min(1000, headersTimeoutMs / 10)),
    // The guard looks for it, to say what is wrong.
    requireHostHeader: false,
  }
  const server =
    certificate === undefined
      ? createServer(settings)
      : createEncryptedServer({ ...settings, ...certificate, handshakeTimeout: headersTimeoutMs })
  // Fields beyond a count would be dropped without a word; their bytes are counted.
  server.maxHeadersCount = 0
  // A client that has sent all it will send still waits for a reply that takes its time.
  Object.assign(server, { httpAllowHalfOpen: true })
  return server
}

function createEncryptedServer(settings: ServerOptions & TlsOptions): Server {
  try {
    // Node.js takes an empty one for none at all, and every handshake would fail.
    if (settings.cert === '' || settings.key === '') throw new Error('one of them is empty')
    return process.getBuiltinModule('node:https').createServer(settings)
  } catch (cause) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected tls to be a certificate and its private key, each as PEM, received others: ${(cause as Error).message}`,
      { cause },
    )
  }
}

function requirePort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected port to be a whole number from 0 to 65535, got ${port}`,
  )
}

/** An empty one would be shown by whoever shows none. */
function requireAdminToken(adminToken: unknown): void {
  if (adminToken === undefined || (typeof adminToken === 'string' && adminToken !== '')) return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected adminToken to be a secret, got ${adminToken === '' ? 'an empty one' : 'no string'}`,
  )
}

/** An empty one would be every address of the machine. */
function requireHost(host: unknown): void {
  if (typeof host === 'string' && host !== '') return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    'expected host to be an address or a name, got another value',
  )
}

function requireTls(tls: unknown): void {
  const { cert, key } = (tls ?? {}) as Readonly<Record<string, unknown>>
  if (tls === undefined || tls === 'self-signed') return
  if (typeof cert === 'string' && typeof key === 'string') return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    'expected tls to be "self-signed" or { cert, key } as PEM, got another value',
  )
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? 'the port is in use; choose another, or 0 for a free one'
          : cause.message
      reject(new TokenwrightError('ERR_LISTEN', `cannot listen on ${host}:${port}: ${why}`, { cause }))
    })
    server.listen(port, host.replace(/^\[|\]$/g, ''), resolve)
  })
}

function urlOf(server: Server, scheme: 'http' | 'https'): string {
  const { address, family, port } = server.address() as AddressInfo
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

function closeServer(server: Server, endConnections: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    endConnections()
  })
}

function servedServices(engine: Engine, url: string): readonly ServedService[] {
  const desks = new Set(engine.mounts.all.map(({ desk }) => desk))
  return [...desks].map((desk) => {
    const endpoints = engine.mounts.all
      .filter((mount) => mount.desk === desk)
      .map(({ open, path, rootPath }) => ({
        kind: open.endpoint.kind,
        url: url + path,
        ...(rootPath !== undefined && { root_url: url + rootPath }),
        variants: open.forms.flatMap(({ variant }) => (variant === undefined ? [] : [variant.id])),
      }))
    const token_endpoint = endpoints.find(({ kind }) => kind === 'token')?.url ?? url
    return { id: desk.service.id, token_endpoint, endpoints }
  })
}
