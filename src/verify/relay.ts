// The way of every replayed request: Pact's verifier sends it here, and this sends it on to the target and nowhere else.
// So connections are Node.js's own (its certificates, its errors), and a reply can be looked at whole.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from 'node:http'
import { request as requestHttps } from 'node:https'
import { unzipSync } from 'node:zlib'
import { type LoopbackServer, listenOnLoopback } from './loopback.ts'
import { describeFailure, type Target } from './target.ts'

/** The field by which a replayed request says which interaction it belongs to; it is not sent on. */
export const interactionField = 'tokenwright-interaction'

/** A reply as the target sent it. */
export interface RelayedReply {
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** The beginning of it, where it is longer than a token reply can be. */
  readonly body: string
}

/** A running relay. */
export interface Relay extends LoopbackServer {
  /** The reply to an interaction's request; `undefined` when none came. */
  readonly replyTo: (interactionKey: string) => RelayedReply | undefined
  /** Why connections failed, in words. */
  readonly failures: ReadonlySet<string>
}

const maxKeptBytes = 16_777_216
/** Fields of one connection, which the next has of its own. @see RFC 9110 §7.6.1 */
const ownOfConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', interactionField])

/** Starts a relay on a free port of this machine. */
export async function startRelay(target: Target): Promise<Relay> {
  const replies = new Map<string, RelayedReply>()
  const failures = new Set<string>()
  const server = createServer((incoming, outgoing) => {
    const key = String(incoming.headers[interactionField] ?? '')
    relay(target, incoming, outgoing).then(
      (reply) => replies.set(key, reply),
      (error: Error) => {
        failures.add(describeFailure(error, target.timeoutMs))
        incoming.socket.destroy()
      },
    )
  })
  return { ...(await listenOnLoopback(server)), replyTo: (key) => replies.get(key), failures }
}

/** Passes a request on and the reply back as it comes; rejects when the target breaks off. */
function relay(
  { url, timeoutMs }: Target,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<RelayedReply> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const onward = send(
      url,
      { method: incoming.method, headers: passedOn(incoming.headers), agent: false },
      (reply) => {
        const { statusCode = 0, headers } = reply
        const kept: Buffer[] = []
        let size = 0
        outgoing.writeHead(statusCode, passedOn(headers))
        reply.on('data', (chunk: Buffer) => {
          if (size < maxKeptBytes) kept.push(chunk)
          size += chunk.length
        })
        reply.on('end', () => resolve({ headers, body: decode(Buffer.concat(kept), headers) }))
        reply.on('error', reject)
        reply.pipe(outgoing)
      },
    )
    onward.on('error', reject)
    // The verifier gives up when its time is over.
    outgoing.on('close', () => onward.destroy(new Error(`nothing within ${timeoutMs} ms`)))
    incoming.pipe(onward)
  })
}

/** The text of a body, which some services compress whether or not they are asked to. */
function decode(body: Buffer, { 'content-encoding': coding = 'identity' }: IncomingHttpHeaders): string {
  if (coding === 'identity') return body.toString()
  try {
    return unzipSync(body, { maxOutputLength: maxKeptBytes }).toString()
  } catch {
    return ''
  }
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownOfConnection.has(name)))
}
