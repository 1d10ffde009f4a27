// Bytes to a server as they are, for what no HTTP client would send or show.
import { connect, type Socket } from 'node:net'

/** A request's lines and body, with the line ends of HTTP; the server is told to close the connection after its reply. */
export function rawRequest(requestLine: string, fields: readonly string[], body = ''): string {
  return [requestLine, 'Host: mock.example', 'Connection: close', ...fields, '', body].join('\r\n')
}

/** Everything that a server sends until it closes the connection, byte for byte as Latin-1. */
export function exchangeBytes(serverUrl: string, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(serverUrl)
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('latin1')))
    socket.on('error', reject)
  })
}

/** Sends bytes, and more once the server has said something; gives all that it says until it closes the connection. */
export function converseBytes(serverUrl: string, first: string, then: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(serverUrl)
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () => socket.write(first))
    socket.once('data', () => socket.write(then))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('latin1')))
    socket.on('error', reject)
  })
}

/** Opens a connection and keeps it; `ended` resolves when either side ends it. */
export function openConnection(serverUrl: string): Promise<{
  readonly socket: Socket
  readonly ended: Promise<void>
}> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(serverUrl)
    const socket = connect(Number(port), hostname, () => resolve({ socket, ended }))
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.on('error', reject)
  })
}

/** Sends bytes, waits for the server's first word, and keeps the connection; `ended` resolves when the server ends it. */
export function openConversation(
  serverUrl: string,
  bytes: string,
): Promise<{ readonly ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(serverUrl)
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.once('data', () => resolve({ ended }))
    socket.on('error', reject)
  })
}

/** Sends bytes and hangs up before any reply can come. */
export function sendAndHangUp(serverUrl: string, bytes: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(serverUrl)
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes, () => socket.resetAndDestroy())
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
}

/** A reply as it came over a socket. */
export interface RawReply {
  readonly status: number
  /** Field names in lower case. */
  readonly fields: ReadonlyMap<string, string>
  /** As long as Content-Length says; without one there is none. */
  readonly body: string
  /** What came after it. */
  readonly rest: string
}

/** Reads the first reply, passing over an interim one. */
export function parseRawReply(bytes: string): RawReply {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.slice(0, end).split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const after = bytes.slice(end + 4)
  if (status === 100) return parseRawReply(after)
  const fields = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const length = Number(fields.get('content-length') ?? 0)
  return { status, fields, body: after.slice(0, length), rest: after.slice(length) }
}

/** Reads every reply, passing over interim ones. */
export function parseRawReplies(bytes: string): readonly RawReply[] {
  if (bytes === '') return []
  const reply = parseRawReply(bytes)
  return [reply, ...parseRawReplies(reply.rest)]
}
