// Every request that arrives at a server of this process, as it is, and the tokens in its reply: a URL may have a secret in
// it, which the journal would not keep. Node.js itself tells of each request; of its reply the text is read on its way.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { systemTime } from '../host/ambient.ts'

/** A request at its arrival. */
export interface Arrival {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly method: string
  /** Path and query as they were sent; before them the origin, where a client sent it, too. */
  readonly target: string
  /** The Authorization field; absent when there was none. */
  readonly authorization?: string
  /** The Referer field; absent when there was none. */
  readonly referer?: string
  /** The status of the reply, once there is one. */
  readonly status: () => number | undefined
}

/** How many arrivals are kept: whoever asks without an end fills no memory. What is kept of each is bounded by the server. */
const mostArrivals = 1000

/** The arrivals at the server of a port, from now until it is closed. */
export interface Arrivals {
  readonly all: () => readonly Arrival[]
  /** How many requests there were at most that had no reply yet. */
  readonly mostAtOnce: () => number
  readonly close: () => void
}

/** How arrivals are watched. */
export interface WatchOptions {
  /** Told of each token in a reply, and of what there is of one whose reply breaks off. */
  readonly onToken: (token: string) => void
  /** How long replies are held back, so that requests at once are seen to be at once, in milliseconds. Default: 0. */
  readonly holdMs?: number | undefined
}

/** Begins to note arrivals. @see Node.js, diagnostics_channel, `http.server.request.start` */
export function watchArrivals(port: number, { onToken, holdMs = 0 }: WatchOptions): Arrivals {
  const { subscribe, unsubscribe } = process.getBuiltinModule('node:diagnostics_channel')
  const arrivals: Arrival[] = []
  let open = 0
  let mostAtOnce = 0
  const note = (message: unknown) => {
    const { request, response } = message as {
      readonly request: IncomingMessage
      readonly response: ServerResponse
    }
    if (request.socket.localPort !== port) return
    open += 1
    mostAtOnce = Math.max(mostAtOnce, open)
    response.once('close', () => {
      open -= 1
    })
    readReply(response, onToken)
    if (holdMs > 0) holdReply(response, holdMs)
    if (arrivals.length < mostArrivals) arrivals.push(arrivalOf(request, response))
  }
  subscribe('http.server.request.start', note)
  return {
    all: () => arrivals,
    mostAtOnce: () => mostAtOnce,
    close: () => unsubscribe('http.server.request.start', note),
  }
}

function arrivalOf(
  { method = '', url = '', headers: { authorization, referer } }: IncomingMessage,
  response: ServerResponse,
): Arrival {
  let status: number | undefined
  response.once('finish', () => {
    status = response.statusCode
  })
  return {
    at: systemTime(),
    method,
    target: url,
    ...(authorization !== undefined && { authorization }),
    ...(referer !== undefined && { referer }),
    status: () => status,
  }
}

/** Longest part of a reply that is read, in characters. */
const longestReply = 65_536

function readReply(response: ServerResponse, onToken: (token: string) => void): void {
  let text = ''
  const { write, end } = response
  const take = (chunk: unknown) => {
    const isText = typeof chunk === 'string' || chunk instanceof Uint8Array
    if (!isText || text.length > longestReply) return
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    for (const token of tokensIn(text)) onToken(token)
  }
  response.write = function (this: ServerResponse, ...given: unknown[]) {
    take(given[0])
    return Reflect.apply(write, this, given)
  }
  response.end = function (this: ServerResponse, ...given: unknown[]) {
    take(given[0])
    return Reflect.apply(end, this, given)
  }
}

/** A shorter part of a token says nothing. */
const shortestPart = 6

/** In JSON, whole or broken off. */
function tokensIn(text: string): readonly string[] {
  return [...text.matchAll(/"\w*token"\s*:\s*"([^"\\]*)/gi)]
    .map(([, token = '']) => token)
    .filter((token) => token.length >= shortestPart)
}

function holdReply(response: ServerResponse, holdMs: number): void {
  const { end } = response
  response.end = function (this: ServerResponse, ...given: unknown[]) {
    setTimeout(() => Reflect.apply(end, this, given), holdMs)
    return this
  }
}
