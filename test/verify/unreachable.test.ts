// Where there is no token service: one clear error, and no finding about a contract.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type VerifyOptions, verifyTokenService } from '../../src/verify/verify.ts'
import { client, listen, startRecording } from './service.ts'

type Stranger = (socket: Socket) => void

/** What listens on the port, or `closed` when nothing does. */
const strangers: ReadonlyArray<
  [what: string, stranger: Stranger | 'closed', scheme: string, byTrial: RegExp, told: RegExp]
> = [
  ['nothing', 'closed', 'http', /^ECONNREFUSED$/, /^ECONNREFUSED$/],
  [
    'something that hangs up',
    (socket) => socket.destroy(),
    'http',
    /^(ECONNRESET|UND_ERR_SOCKET)$/,
    /^no request was answered, ECONNRESET$/,
  ],
  [
    'something that says nothing',
    () => {},
    'http',
    /^nothing within 300 ms$/,
    /^no request was answered, nothing within 300 ms$/,
  ],
  [
    'an SSH server',
    (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
    'http',
    /^what it sends is not HTTP; is it an https URL\?$/,
    /^no request was answered, what it sends is not HTTP; is it an https URL\?$/,
  ],
  [
    'a server that expects TLS',
    // A TLS alert: fatal, protocol_version.
    (socket) => socket.end(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])),
    'http',
    /^what it sends is not HTTP; is it an https URL\?$/,
    /^no request was answered, what it sends is not HTTP; is it an https URL\?$/,
  ],
  [
    'a server without TLS',
    (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'https',
    /^(ERR_SSL_[A-Z_]+|EPROTO)$/,
    /^no request was answered, (ERR_SSL_[A-Z_]+|EPROTO)$/,
  ],
]

describe('verification of', () => {
  test.each(strangers)('%s is one error', async (_what, stranger, scheme, byTrial, told) => {
    await using port = await startStranger(stranger)
    const url = `${scheme}://127.0.0.1:${port.number}/token`
    const reasonOf = async (options: Partial<VerifyOptions>) => {
      const error = await errorOf({ url, ...options })
      expect(error).toMatchObject({ name: 'TokenwrightError', code: 'ERR_UNREACHABLE' })
      expect(inspect(error, { depth: 9 })).not.toContain(client.client_secret)
      const [before, after] = [
        `expected a token service at ${url}, received no reply: `,
        '; next: check the URL and that the service runs',
      ]
      expect([error.message.startsWith(before), error.message.endsWith(after)]).toEqual([true, true])
      return error.message.slice(before.length, -after.length)
    }
    expect(await reasonOf({})).toMatch(byTrial)
    expect(
      await reasonOf({ authentication: 'client_secret_post', exchanges: ['client_credentials'] }),
    ).toMatch(told)
  })

  test('a URL that cannot be one of a token endpoint is refused', async () => {
    for (const url of ['', 'as.example/token', 'ftp://as.example/token', 'file:///token']) {
      expect(await errorOf({ url })).toMatchObject({
        code: 'ERR_OPTION_INVALID',
        message:
          'expected url to be the http or https URL of a token endpoint, such as https://as.example/token, received another text',
      })
    }
    expect(await errorOf({ url: 'https://user:canary@as.example/token' })).toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message:
        'expected url to be without credentials, received some in it; next: name where they are, as in --client-id env:NAME',
    })
  })

  test('a service that nothing can be asked of connects to nothing', async () => {
    await using service = await startRecording((response) => response.end())
    const error = await errorOf({
      url: `${service.origin}/token`,
      credentials: {},
      service: 'rfc6749/password',
    })
    expect(error).toMatchObject({
      code: 'ERR_CREDENTIAL_MISSING',
      message:
        'no interaction can be replayed: needs --client-id and --client-secret and --password and --username',
    })
    expect(service.asked).toEqual([])
  })

  test('a contract that is not there, or not one of ours, is refused before anything is sent', async () => {
    await using service = await listen((_request, response) => response.end())
    const url = `${service.origin}/token`
    expect(await errorOf({ url, contracts: '/nowhere' })).toMatchObject({
      code: 'ERR_CONTRACT_INVALID',
      message:
        'expected the contract of rfc6749/client_credentials at /nowhere/rfc6749/client_credentials.json, found none; next: tokenwright contracts --service rfc6749/client_credentials --out /nowhere',
    })
    expect(await errorOf({ url, exchanges: ['client_credentials.nonsense'] })).toMatchObject({
      code: 'ERR_EXCHANGE_UNKNOWN',
      message: expect.stringMatching(
        /^expected an exchange of rfc6749, got "client_credentials\.nonsense"; known ids: /,
      ),
    })
  })
})

/** A listener that is no token service, or the number of a port on which nobody listens any more. */
async function startStranger(stranger: Stranger | 'closed'): Promise<{ number: number } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    // Whatever is sent has come before the answer.
    if (stranger !== 'closed') socket.once('data', () => stranger(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const number = typeof address === 'object' ? (address?.port ?? 0) : 0
  const close = async () => {
    server.close()
  }
  if (stranger === 'closed') await close()
  return { number, [Symbol.asyncDispose]: close }
}

async function errorOf(options: Partial<VerifyOptions>): Promise<Error & { code?: string }> {
  const outcome = verifyTokenService({
    url: '',
    service: 'rfc6749/client_credentials',
    credentials: client,
    timeoutMs: 300,
    ...options,
  })
  return outcome.then(
    () => new Error('it was verified'),
    (error: Error) => error,
  )
}
