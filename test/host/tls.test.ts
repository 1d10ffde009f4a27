// The server over TLS: whose certificate it shows, and that its limits are those of plain http.
import { X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { type ConnectionOptions, connect } from 'node:tls'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createSelfSignedCertificate } from '../../src/host/certificate.ts'
import {
  startTokenServer,
  type TlsCertificate,
  type TokenServer,
  type TokenServerOptions,
} from '../../src/host/server.ts'
import { exchangeBytes, openConnection, parseRawReply, rawRequest } from './raw-socket.ts'

const body = 'client_id=customer_id&client_secret=secret&grant_type=client_credentials'
let own: TlsCertificate
let another: TlsCertificate

beforeAll(async () => {
  own = await createSelfSignedCertificate()
  another = await createSelfSignedCertificate()
})

describe('a certificate made by the server', () => {
  test('is for this machine alone, for a week, and signs no other', async () => {
    const certificate = new X509Certificate(own.cert)
    const { subjectAltName, ca, publicKey, keyUsage, validFrom, validTo } = certificate
    expect([subjectAltName, ca, publicKey.asymmetricKeyType, keyUsage]).toEqual([
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
      false,
      'ec',
      ['1.3.6.1.5.5.7.3.1'],
    ])
    const hours = (Date.parse(validTo) - Date.parse(validFrom)) / 3_600_000
    expect(Math.round(hours)).toBe(7 * 24 + 1)
    expect(Date.parse(validFrom)).toBeLessThan(Date.now())
  })

  test('is trusted under every name by clients that are given it, and by no other', async () => {
    await using server = await startTokenServer({ tls: 'self-signed' })
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(server.services[0]?.token_endpoint).toBe(`${server.url}/prove/token`)
    expect(await ask(server)).toBe(200)
    expect(await ask({ ...server, url: server.url.replace('127.0.0.1', 'localhost') })).toBe(200)
    await expect(ask({ url: server.url })).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    await expect(ask({ ...server, certificate: own.cert })).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
  })

  afterEach(() => vi.doUnmock('selfsigned'))

  test('needs a package that may be missing', async () => {
    vi.doMock('selfsigned', () => {
      throw new Error('not installed')
    })
    await expect(startTokenServer({ tls: 'self-signed' })).rejects.toMatchObject({
      code: 'ERR_PEER_MISSING',
      message:
        'a self-signed certificate needs the package selfsigned, which is not installed; next: npm install --save-dev selfsigned@5',
    })
  })
})

describe('a certificate of your own', () => {
  test('is the one that the server shows', async () => {
    await using server = await startTokenServer({ tls: own })
    expect(server.certificate).toBe(own.cert)
    expect(await ask(server)).toBe(200)
  })

  test('is needed by no server of plain http', async () => {
    await using server = await startTokenServer()
    expect([server.certificate, new URL(server.url).protocol]).toEqual([undefined, 'http:'])
  })

  const unusable: ReadonlyArray<[given: string, tls: () => TlsCertificate, why: RegExp]> = [
    ['with the key of another', () => ({ cert: own.cert, key: another.key }), /key values mismatch$/],
    ['that is no PEM', () => ({ cert: 'certificate', key: own.key }), /no start line$/],
    [
      'whose key is no PEM',
      () => ({ cert: own.cert, key: 'hunter2' }),
      /: error:[^ ]+ routines::unsupported$/,
    ],
    ['that is empty', () => ({ cert: '', key: own.key }), /one of them is empty$/],
    ['whose key is empty', () => ({ cert: own.cert, key: '' }), /one of them is empty$/],
  ]

  test.each(unusable)('%s is refused', async (_given, tls, why) => {
    const error = await startTokenServer({ tls: tls() }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'ERR_OPTION_INVALID', message: expect.stringMatching(why) })
    expect(String(error)).toContain('expected tls to be a certificate and its private key, each as PEM')
    expect(String(error)).not.toContain('hunter2')
  })
})

describe('over TLS', () => {
  const refused: ReadonlyArray<[given: string, bytes: string, options: TokenServerOptions, status: number]> =
    [
      ['silence', '', { headersTimeoutMs: 400 }, 408],
      ['no HTTP', 'hello\r\n\r\n', {}, 400],
      ['a large header section', rawRequest('GET / HTTP/1.1', [`X: ${'a'.repeat(16_384)}`]), {}, 431],
      ['an unknown expectation', rawRequest('GET / HTTP/1.1', ['Expect: x']), {}, 417],
      ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\n\r\n', {}, 405],
      ['a large body', rawRequest('POST /rfc6749/token HTTP/1.1', ['Content-Length: 70000']), {}, 413],
    ]

  test.each(refused)('%s is refused', async (_given, bytes, options, status) => {
    await using server = await startTokenServer({ tls: own, ...options })
    const { received } = converse(server, bytes)
    expect(parseRawReply(await received).status).toBe(status)
  })

  test('a connection beyond the limit is told so', async () => {
    await using server = await startTokenServer({ tls: own, maxConnections: 1 })
    const first = converse(server, '')
    await first.secured
    const reply = parseRawReply(await converse(server, '').received)
    expect([reply.status, reply.body]).toEqual([
      503,
      '{"message":"Expected at most 1 connections at once, received one more."}',
    ])
  })

  test('plain http is no reason to speak', async () => {
    await using server = await startTokenServer({ tls: own })
    expect(await exchangeBytes(server.url, rawRequest('GET / HTTP/1.1', []))).toBe('')
    expect(await ask(server)).toBe(200)
  })

  test('a handshake has as long as a header section', async () => {
    await using server = await startTokenServer({ tls: own, headersTimeoutMs: 20 })
    expect(await exchangeBytes(server.url, '')).toBe('')
  })

  test('neither a handshake nor a connection holds up the end of the server', { timeout: 2000 }, async () => {
    const server = await startTokenServer({ tls: own })
    const { socket, ended } = await openConnection(server.url)
    socket.resume()
    const { secured, received } = converse(server, '')
    await secured
    await Promise.all([server.close(), ended, received])
  })
})

/** The status of a good request for a token. */
function ask({ url, certificate }: Pick<TokenServer, 'url' | 'certificate'>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const options = { method: 'POST', headers, agent: false, ...(certificate && { ca: certificate }) }
    const sent = request(`${url}/token`, options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject).end(body)
  })
}

/** Sends bytes once there is a connection, and gives what comes until it is closed. */
function converse({ url, certificate = '' }: TokenServer, bytes: string) {
  const { hostname, port } = new URL(url)
  const options: ConnectionOptions = { host: hostname, port: Number(port), ca: certificate }
  const secured = Promise.withResolvers<void>()
  const received = new Promise<string>((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(options, () => {
      secured.resolve()
      socket.write(bytes)
    })
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
    // A server that ends takes no leave.
    socket.on('error', () => {})
  })
  return { secured: secured.promise, received }
}
