// Every request that arrives at a server of this process, as it is: its URL may have a secret in it, which the journal
// would not keep. Node.js itself tells of each; nothing stands between client and server.
import type { IncomingMessage } from 'node:http'
import { systemTime } from '../host/ambient.ts'

/** A request at its arrival. */
export interface Arrival {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly method: string
  /** Path and query, as they were sent. */
  readonly target: string
  /** The Authorization field; absent when there was none. */
  readonly authorization?: string
}

/** What is kept of a target, and how many of them: whoever asks without an end fills no memory. */
const longestTarget = 8192
const mostArrivals = 1000

/** The arrivals at the server of a port, from now until it is closed. */
export interface Arrivals {
  readonly all: () => readonly Arrival[]
  readonly close: () => void
}

/** Begins to note arrivals. @see Node.js, diagnostics_channel, `http.server.request.start` */
export function watchArrivals(port: number): Arrivals {
  const { subscribe, unsubscribe } = process.getBuiltinModule('node:diagnostics_channel')
  const arrivals: Arrival[] = []
  const note = (message: unknown) => {
    const { request } = message as { readonly request: IncomingMessage }
    if (request.socket.localPort !== port || arrivals.length >= mostArrivals) return
    const { method = '', url = '', headers } = request
    arrivals.push({
      at: systemTime(),
      method,
      target: url.slice(0, longestTarget),
      ...(headers.authorization !== undefined && { authorization: headers.authorization }),
    })
  }
  subscribe('http.server.request.start', note)
  return { all: () => arrivals, close: () => unsubscribe('http.server.request.start', note) }
}
