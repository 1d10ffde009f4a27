// What a verification must never do to a live service: leave its host, hurry it, lock an account, or run without an end.
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { generate } from 'selfsigned'
import { describe, expect, test } from 'vitest'
import { wrongValue } from '../../src/service/exchanges.ts'
import type { Verification } from '../../src/verify/verification.ts'
import {
  planTokenServiceVerification,
  type VerifyOptions,
  verifyTokenService,
} from '../../src/verify/verify.ts'
import { known, startBefore, startNodeOauth } from './products.ts'
import {
  type Answer,
  client,
  exchangeOf,
  grantedBody,
  keptAnswers,
  type RunningServer,
  reply,
  startRecording,
  startSmallService,
} from './service.ts'

const exchanges = Object.keys(keptAnswers)

describe('only the given host is contacted', () => {
  const statuses = [301, 302, 303, 307, 308]
  test.each(statuses)('a redirect by %i elsewhere is a finding, and is not followed', async (status) => {
    await using other = await startRecording(reply(200, grantedBody))
    const away: Answer = (response) =>
      response.writeHead(status, { location: `${other.origin}/token` }).end('moved')
    await using service = await startSmallService({ client_credentials: away })
    const verification = await verify({ url: `${service.origin}/token` })
    expect(told(verification)[0]).toEqual(['client_credentials', 'broken', 'documented-request-granted'])
    expect(other.asked).toEqual([])
    expect(service.asked.map(({ url }) => url)).toEqual(['/token'])
  })

  test.each(statuses)('nor is one by %i to the service itself', async (status) => {
    await using service = await startSmallService({
      client_credentials: (response) => response.writeHead(status, { location: '/token' }).end(),
    })
    await verify({ url: `${service.origin}/token` })
    expect(service.asked.map(exchangeOf)).toEqual(['client_credentials'])
  })
})

describe('wrong credentials are bounded', () => {
  const trials = [
    'client_credentials.wrong_secret',
    'password.wrong_secret',
    'password.wrong_password',
    'refresh_token.wrong_secret',
  ]
  test.each([
    [0, 0],
    [1, 1],
    [3, 3],
    [undefined, 3],
    [4, 4],
  ])('with at most %s allowed, %i are shown', async (maxRefusals, most) => {
    await using product = await startNodeOauth()
    await using service = await startBefore(product)
    const { interactions } = await verifyTokenService({
      url: `${service.origin}/token`,
      service: 'rfc6749',
      credentials: known,
      authentication: 'client_secret_post',
      ...(maxRefusals !== undefined && { maxRefusals }),
    })
    const skipped = interactions.filter(({ verdict }) => verdict === 'skipped')
    const reason = `further wrong credentials could lock the account: --max-refusals ${most}`
    expect(skipped.map(({ exchange, reason }) => [exchange, reason])).toEqual(
      trials.slice(most).map((exchange) => [exchange, reason]),
    )
    const shown = service.asked.map(({ body }) => new URLSearchParams(body))
    const isWrong = (form: URLSearchParams) =>
      form.get('client_secret') === wrongValue || form.get('password') === wrongValue
    expect(shown.filter(isWrong).length).toBe(most)
  })
})

describe('a service in trouble', () => {
  test('that asks for time once is given it, and keeps its contract', async () => {
    await using service = await startHurried('7', 1)
    const { waits, verification } = await patiently(`${service.origin}/token`)
    expect(told(verification)).toEqual(exchanges.map((exchange) => [exchange, 'kept', undefined]))
    expect(waits).toEqual([7000])
    expect(service.asked.length).toBe(exchanges.length + 1)
  })

  test('that asks for more time than there is is told of at once', async () => {
    await using service = await startHurried('3600', Number.POSITIVE_INFINITY)
    const { waits, verification } = await patiently(`${service.origin}/token`, { deadlineMs: 60_000 })
    expect(waits).toEqual([])
    const [first, ...others] = verification.interactions.map(({ reason }) => reason)
    expect(first).toBe('the service answers 429, too many requests: lower --rate, or verify later')
    expect(new Set(others)).toEqual(new Set(['the service asks to come back in 3600 s, beyond the deadline']))
    expect([verification.kept, verification.broken]).toEqual([0, 0])
    expect(service.asked.length).toBe(1)
  })

  test('on another machine is asked at a pace, without being told to', async () => {
    await using service = await startSmallService()
    // An address of this machine too, but not one that says so.
    const url = `${service.origin.replace('127.0.0.1', '0.0.0.0')}/token`
    const { waits } = await patiently(url, { environment: {} })
    expect(waits.length).toBe(exchanges.length - 1)
    // A fifth of a second, and another fifth at most before wrong credentials.
    expect(waits.filter((milliseconds) => milliseconds <= 0 || milliseconds > 400)).toEqual([])
  })
})

describe('a run ends early with a report', () => {
  test('when its deadline is over', async () => {
    await using service = await startSmallService({ 'client_credentials.missing_grant_type': () => {} })
    const verification = await verify({ url: `${service.origin}/token`, deadlineMs: 2000 })
    const over = 'its deadline of 2000 ms was over'
    expect(told(verification)).toEqual([
      ['client_credentials', 'kept', undefined],
      ['client_credentials.wrong_secret', 'kept', undefined],
      ['client_credentials.missing_grant_type', 'skipped', over],
      ['client_credentials.unsupported_grant_type', 'skipped', over],
    ])
    expect([verification.kept, verification.skipped, verification.ended]).toEqual([2, 2, over])
  })

  test('when it is interrupted', async () => {
    await using service = await startSmallService()
    const interrupt = new AbortController()
    const seen: Array<readonly [done: number, total: number]> = []
    const verification = await verify({
      url: `${service.origin}/token`,
      signal: interrupt.signal,
      onProgress: (done, total) => {
        seen.push([done, total])
        if (done === 2) interrupt.abort()
      },
    })
    const interrupted = 'it was interrupted'
    expect(told(verification)).toEqual([
      ['client_credentials', 'kept', undefined],
      ['client_credentials.wrong_secret', 'kept', undefined],
      ['client_credentials.missing_grant_type', 'skipped', interrupted],
      ['client_credentials.unsupported_grant_type', 'skipped', interrupted],
    ])
    expect(verification.ended).toBe(interrupted)
    expect(seen).toEqual([1, 2, 3, 4].map((done) => [done, 4]))
    expect(service.asked.map(exchangeOf)).toEqual(exchanges.slice(0, 2))
  })
})

test('a plan sends nothing', async () => {
  await using service = await startSmallService()
  const plan = planTokenServiceVerification({
    url: `${service.origin}/token`,
    service: 'rfc6749/client_credentials',
    credentials: client,
    authentication: 'client_secret_post',
    maxRefusals: 0,
  })
  expect(plan.interactions.map(({ exchange, skipped }) => [exchange, skipped])).toEqual([
    ['client_credentials', undefined],
    ['client_credentials.wrong_secret', 'further wrong credentials could lock the account: --max-refusals 0'],
    ['client_credentials.missing_grant_type', undefined],
    ['client_credentials.unsupported_grant_type', undefined],
  ])
  expect(JSON.stringify(plan)).not.toContain(client.client_secret)
  expect(service.asked).toEqual([])
})

describe('TLS', () => {
  test('with a certificate authority of the own', async () => {
    const own = await certificate()
    await using service = await startSecure({ ...own })
    const verification = await verify({ url: `${service.origin}/token`, tls: { ca: own.cert } })
    expect(told(verification)).toEqual(exchanges.map((exchange) => [exchange, 'kept', undefined]))
  })

  test('with another, or with none, is one error', async () => {
    const [own, other] = [await certificate(), await certificate()]
    await using service = await startSecure({ ...own })
    const url = `${service.origin}/token`
    const untrusted = {
      code: 'ERR_UNREACHABLE',
      message: `expected a token service at ${url}, received no reply: no request was answered, its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT); is there a --ca for it?; next: check the URL and that the service runs`,
    }
    await expect(verify({ url, tls: { ca: other.cert } })).rejects.toMatchObject(untrusted)
    await expect(verify({ url })).rejects.toMatchObject(untrusted)
  })

  test('with a certificate of the client', async () => {
    const [own, ofClient] = [await certificate(), await certificate()]
    await using service = await startSecure({ ...own, ca: ofClient.cert, requestCert: true })
    const url = `${service.origin}/token`
    const verification = await verify({ url, tls: { ca: own.cert, ...ofClient } })
    expect(told(verification)).toEqual(exchanges.map((exchange) => [exchange, 'kept', undefined]))
    await expect(verify({ url, tls: { ca: own.cert } })).rejects.toMatchObject({
      code: 'ERR_UNREACHABLE',
      message: expect.stringMatching(/ECONNRESET|EPIPE|CERTIFICATE_REQUIRED/),
    })
  })

  test('with something that is no certificate is refused before anything is sent', async () => {
    await using service = await startSmallService()
    const url = `${service.origin.replace('http:', 'https:')}/token`
    for (const tls of [{ ca: 'nonsense' }, { cert: 'nonsense', key: 'nonsense' }])
      await expect(verify({ url, tls })).rejects.toMatchObject({
        code: 'ERR_OPTION_INVALID',
        message: 'expected the certificates and the key of TLS as PEM, received something else',
      })
    expect(service.asked).toEqual([])
  })
})

describe('a proxy', () => {
  test('is used for another machine', async () => {
    await using proxy = await startRecording((response, asked) =>
      keptAnswers[exchangeOf(asked)](response, asked),
    )
    const verification = await verify({
      url: 'http://as.example/token',
      environment: { HTTP_PROXY: proxy.origin },
      ratePerSecond: 1000,
    })
    expect(told(verification)).toEqual(exchanges.map((exchange) => [exchange, 'kept', undefined]))
    expect(proxy.asked.map(({ url }) => url)).toEqual(exchanges.map(() => 'http://as.example/token'))
  })

  test('is asked for a tunnel where there is TLS, so that it sees no secret', async () => {
    const tunnels: string[] = []
    const seen: Buffer[] = []
    await using proxy = await startTunnel((host, socket) => {
      tunnels.push(host)
      socket.on('data', (bytes) => seen.push(bytes))
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    const verified = verify({
      url: 'https://as.example/token',
      environment: { HTTPS_PROXY: proxy.origin },
      ratePerSecond: 1000,
    })
    await expect(verified).rejects.toMatchObject({ code: 'ERR_UNREACHABLE' })
    expect([...new Set(tunnels)]).toEqual(['as.example:443'])
    expect(Buffer.concat(seen).toString()).not.toContain(client.client_id)
  })

  const besides: ReadonlyArray<[what: string, host: string, environment: Record<string, string>]> = [
    ['a loopback address', '127.0.0.1', {}],
    ['localhost', 'localhost', {}],
    ['a host of NO_PROXY', '0.0.0.0', { NO_PROXY: 'as.example,0.0.0.0' }],
    ['a host of no_proxy', '0.0.0.0', { no_proxy: '0.0.0.0' }],
    ['any host where NO_PROXY is *', '0.0.0.0', { NO_PROXY: '*' }],
  ]
  test.each(besides)('is not used for %s', async (_what, host, environment) => {
    await using proxy = await startRecording(reply(502, {}))
    await using service = await startSmallService()
    const verification = await verify({
      url: `${service.origin.replace('127.0.0.1', host)}/token`,
      environment: { HTTP_PROXY: proxy.origin, ...environment },
      ratePerSecond: 1000,
    })
    expect(told(verification)).toEqual(exchanges.map((exchange) => [exchange, 'kept', undefined]))
    expect([proxy.asked, service.asked.length]).toEqual([[], exchanges.length])
  })
})

type Told = readonly [exchange: string, verdict: string, told: string | undefined]

function told({ interactions }: Verification): readonly Told[] {
  return interactions.map(({ exchange, verdict, differences: [first], reason }) => [
    exchange,
    verdict,
    first?.rule ?? reason,
  ])
}

function verify(options: Partial<VerifyOptions> & { readonly url: string }): Promise<Verification> {
  return verifyTokenService({
    service: 'rfc6749/client_credentials',
    credentials: client,
    authentication: 'client_secret_post',
    environment: {},
    ...options,
  })
}

/** Waits are over at once, and are remembered. */
async function patiently(url: string, options: Partial<VerifyOptions> = {}) {
  const waits: number[] = []
  const verification = await verify({
    url,
    ...options,
    wait: async (milliseconds) => {
      waits.push(milliseconds)
    },
  })
  return { waits, verification }
}

/** A service that keeps the contract, after so many requests for which it is too busy. */
async function startHurried(retryAfter: string, times: number) {
  let left = times
  return await startRecording((response, asked) => {
    const answer = left > 0 ? reply(429, {}, { 'retry-after': retryAfter }) : keptAnswers[exchangeOf(asked)]
    left -= 1
    answer(response, asked)
  })
}

async function certificate(): Promise<{ cert: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  })
  return { cert: made.cert, key: made.private }
}

/** The small service over TLS. */
async function startSecure(options: {
  readonly cert: string
  readonly key: string
  readonly ca?: string
  readonly requestCert?: boolean
}): Promise<RunningServer> {
  const server = createSecureServer(options, async (request, response) => {
    const asked = { url: request.url ?? '', headers: request.headers, body: await text(request) }
    keptAnswers[exchangeOf(asked)](response, asked)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A proxy that gives the socket of each tunnel that is asked for to `take`. */
async function startTunnel(take: (host: string, socket: Duplex) => void): Promise<RunningServer> {
  const server = createServer()
  server.on('connect', (request, socket) => {
    socket.on('error', () => {})
    take(request.url ?? '', socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
