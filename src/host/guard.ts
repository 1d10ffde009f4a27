// Stands before a server's request listener: whatever a client sends, it is answered or its connection ended, in time.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ServerLimits } from './limits.ts'
import { declaresMoreThan } from './listener.ts'
import { type Refusal, refuse, refuseSocket } from './refusal.ts'

/** What stands behind the guard. */
export interface Guarded {
  readonly listener: RequestListener
  /** The largest body that the listener reads. */
  readonly maxBodyBytes: () => number
  readonly limits: Required<ServerLimits>
  /** Whether connections are served once they are encrypted. */
  readonly isEncrypted: boolean
}

/** How many connections beyond the limit are told so at a time; further ones are closed without a word. */
const surplusConnections = 128

/** Lets a server answer by `listener`, and gives the function that ends every connection. */
export function guard(server: Server, guarded: Guarded): () => void {
  const { listener, maxBodyBytes, limits, isEncrypted } = guarded
  const latest = new WeakMap<Duplex, ServerResponse>()
  const serve: RequestListener = (request, response) => {
    latest.set(request.socket, response)
    const refusal = faultOf(request)
    if (refusal === undefined) listener(request, response)
    else refuse(response, refusal)
  }
  const serveExpectation: RequestListener = (request, response) => {
    const expectations = (request.headers.expect ?? '').split(',')
    const isFulfilled = expectations.every((each) => each.trim().toLowerCase() === '100-continue')
    if (isFulfilled && faultOf(request) === undefined && !declaresMoreThan(maxBodyBytes(), request))
      response.writeContinue()
    if (isFulfilled) return serve(request, response)
    latest.set(request.socket, response)
    refuse(response, unknownExpectation)
  }
  server.on('request', serve)
  server.on('checkContinue', serveExpectation)
  server.on('checkExpectation', serveExpectation)
  server.on('connect', (_request, socket: Duplex) => refuseInTurn(socket, latest.get(socket), noTunnel))
  const refused = new WeakSet<Duplex>()
  server.on('clientError', (error: ParserError, socket: Duplex) => {
    const response = latest.get(socket)
    const isReading = response !== undefined && !response.req.complete
    const refusal = refusalOf(error, limits, isReading)
    if (refusal === undefined) socket.destroy(error)
    else if (!refused.has(socket)) refuseInTurn(socket, response, refusal)
    // Whatever comes after a request that cannot be read is another error.
    refused.add(socket)
  })
  closeUnreadReplies(server, limits, latest)
  admit(server, isEncrypted ? 'secureConnection' : 'connection', limits)
  return trackConnections(server)
}

/** What Node.js gives for a request that cannot be read. */
interface ParserError extends Error {
  readonly code?: string
  /** A sentence of the parser's own, without anything of the request. */
  readonly reason?: string
}

/** The fault of a header section that Node.js has read, if there is one. */
function faultOf({ httpVersion, rawHeaders, headers }: IncomingMessage): Refusal | undefined {
  const hosts = countHosts(rawHeaders)
  // RFC 9112 §3.2: both are answered with 400.
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    return { status: 400, expected: 'one Host field', received: hosts === 0 ? 'none' : 'several' }
  const coding = headers['transfer-encoding']
  if (coding === undefined) return undefined
  // RFC 9112 §6.1: HTTP/1.0 has no transfer codings, and this server knows no other than chunked.
  if (httpVersion === '1.0')
    return { status: 400, expected: 'Content-Length in HTTP/1.0', received: 'Transfer-Encoding' }
  if (coding.toLowerCase() === 'chunked') return undefined
  return { status: 400, expected: 'the transfer coding chunked', received: 'another' }
}

/** Node.js keeps the first of two Host fields, and only here is the second still to be seen. */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts
}

const unknownExpectation: Refusal = {
  status: 417,
  expected: 'the expectation 100-continue',
  received: 'another',
}

const noTunnel: Refusal = {
  status: 405,
  expected: 'POST',
  received: 'CONNECT',
  headers: { allow: 'POST' },
}

/** The refusal of what cannot be read; `undefined` for a connection that broke, or was never one of HTTP. */
function refusalOf(
  { code = '', reason }: ParserError,
  limits: Required<ServerLimits>,
  isReading: boolean,
): Refusal | undefined {
  const { maxHeaderBytes, headersTimeoutMs, requestTimeoutMs } = limits
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const expected = isReading
      ? `a whole request within ${requestTimeoutMs} ms`
      : `a whole header section within ${headersTimeoutMs} ms`
    return { status: 408, expected, received: isReading ? 'a part of its body' : 'a part of it or nothing' }
  }
  if (code === 'HPE_HEADER_OVERFLOW')
    return { status: 431, expected: `at most ${maxHeaderBytes} bytes of header section`, received: 'more' }
  if (!code.startsWith('HPE_')) return undefined
  const received = reason === undefined ? 'another' : `another (parser: ${reason})`
  return { status: 400, expected: 'a request of HTTP/1.1 in sound syntax', received }
}

/** Refuses what follows the latest request, after its reply; or that request itself, when it is its body that fails. */
function refuseInTurn(socket: Duplex, response: ServerResponse | undefined, refusal: Refusal): void {
  if (response === undefined || response.writableFinished) refuseSocket(socket, refusal)
  else if (response.req.complete) response.once('finish', () => refuseSocket(socket, refusal))
  else if (!response.headersSent) refuse(response, refusal)
}

/** Ends idle connections, and those of clients that do not read their replies. */
function closeUnreadReplies(
  server: Server,
  { requestTimeoutMs }: Required<ServerLimits>,
  latest: WeakMap<Duplex, ServerResponse>,
): void {
  // Later than the time for the whole request, of whose end the client is told.
  server.timeout = Math.min(2 * requestTimeoutMs, 2_147_483_647)
  server.on('timeout', (socket: Socket) => {
    const response = latest.get(socket)
    const isAnswering = response !== undefined && !response.writableFinished
    // A client that waits for its reply is not idle.
    if (!isAnswering || socket.writableLength > 0) socket.destroy()
  })
}

/** Serves connections up to the limit. */
function admit(
  server: Server,
  event: 'connection' | 'secureConnection',
  { maxConnections }: Required<ServerLimits>,
): void {
  const accept = server.listeners(event)
  let served = 0
  server.maxConnections = maxConnections + surplusConnections
  server.removeAllListeners(event)
  server.on(event, (socket: Socket) => {
    if (served >= maxConnections) {
      refuseSocket(socket, {
        status: 503,
        expected: `at most ${maxConnections} connections at once`,
        received: 'one more',
        headers: { 'retry-after': '1' },
      })
      return
    }
    served += 1
    socket.once('close', () => {
      served -= 1
    })
    for (const listener of accept) listener.call(server, socket)
  })
}

/** Node.js itself ends only the connections that are read as HTTP: not those in a handshake, nor refused ones. */
function trackConnections(server: Server): () => void {
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  return () => {
    for (const socket of connections) socket.destroy()
  }
}
