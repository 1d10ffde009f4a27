// The way of every replayed request: Pact's verifier sends it here, and this sends it on over the one connection and
// nowhere else. So a reply can be looked at whole, and a failure be told for what it is.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type Connection, ConnectionFailure, type Incoming } from './connection.ts'
import { type LoopbackServer, listenOnLoopback } from './loopback.ts'

/** What came of a relayed request. */
export type Relayed = { readonly reply: Incoming } | { readonly failure: ConnectionFailure }

/** A running relay. */
export interface Relay extends LoopbackServer {
  /** Makes ready for the next request. */
  readonly expect: (next: { readonly isTrial: boolean }) => void
  /** What came of it; `undefined` when the verifier has sent none. */
  readonly relayed: () => Relayed | undefined
}

/** Fields of one connection, which the next has of its own. @see RFC 9110 §7.6.1 */
const ownOfConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'content-length'])
/** The reply is passed on unpacked. */
const ownOfReply = new Set([...ownOfConnection, 'content-encoding'])

/** Starts a relay on a free port of this machine. */
export async function startRelay(connection: Connection): Promise<Relay> {
  let isTrial = false
  let relayed: Relayed | undefined
  const relay = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = 'POST', headers } = incoming
    const body = await buffer(incoming)
    try {
      const reply = await connection.send({
        method,
        headers: without(headers, ownOfConnection),
        body,
        isTrial,
      })
      relayed = { reply }
      outgoing.writeHead(reply.status, without(reply.headers, ownOfReply)).end(reply.body)
    } catch (error) {
      const failure = error instanceof ConnectionFailure ? error : new ConnectionFailure(String(error), false)
      relayed = { failure }
      incoming.socket.destroy()
    }
  }
  const server = createServer((incoming, outgoing) => {
    relay(incoming, outgoing).catch(() => incoming.socket.destroy())
  })
  return {
    ...(await listenOnLoopback(server)),
    expect: (next) => {
      isTrial = next.isTrial
      relayed = undefined
    },
    relayed: () => relayed,
  }
}

function without(headers: IncomingHttpHeaders, names: ReadonlySet<string>): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name)))
}
