// Services that break one thing: verification reports that and nothing else, and goes on to the rest of the contract.
import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Verification } from '../../src/verify/verification.ts'
import { type VerifyOptions, verifyTokenService } from '../../src/verify/verify.ts'
import {
  type Answer,
  client,
  grantedBody,
  keptAnswers,
  reply,
  type SmallExchange,
  startRecording,
  startSmallService,
  told,
} from './service.ts'

type Finding = readonly [where: string, problem: string]

const noStore = 'expected a value matching (^|,)\\s*no-store\\s*(,|$), received'
const present = 'expected a string, received'
const { access_token, expires_in, token_type } = grantedBody

const services: ReadonlyArray<
  [breaks: string, exchange: SmallExchange, answer: Answer, findings: readonly Finding[]]
> = [
  [
    'sends expires_in as a string',
    'client_credentials',
    reply(200, { ...grantedBody, expires_in: '3600' }),
    [['body $.expires_in', 'expected a whole number, received "3600"']],
  ],
  [
    'sends expires_in with a fraction',
    'client_credentials',
    reply(200, { ...grantedBody, expires_in: 3599.5 }),
    [['body $.expires_in', 'expected a whole number, received 3599.5']],
  ],
  [
    'sends no token_type',
    'client_credentials',
    reply(200, { access_token, expires_in }),
    [['body $.token_type', 'expected a text matching [Bb][Ee][Aa][Rr][Ee][Rr], received nothing']],
  ],
  [
    'sends another token_type',
    'client_credentials',
    reply(200, { ...grantedBody, token_type: 'mac' }),
    [['body $.token_type', 'expected a text matching [Bb][Ee][Aa][Rr][Ee][Rr], received "mac"']],
  ],
  [
    'sends the token in an object',
    'client_credentials',
    reply(200, { token_type, expires_in, access_token: { jwt: access_token } }),
    [['body $.access_token', 'expected a string, received an object']],
  ],
  [
    'sends a token that a cache may keep',
    'client_credentials',
    reply(200, grantedBody, { 'cache-control': 'public, max-age=3600' }),
    [['header cache-control', `${noStore} "public, max-age=3600"`]],
  ],
  [
    'keeps its token private, but does not forbid to store it',
    'client_credentials',
    reply(200, grantedBody, { 'cache-control': 'private' }),
    [['header cache-control', `${noStore} "private"`]],
  ],
  [
    'says nothing of caches',
    'client_credentials',
    (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(grantedBody)),
    [['header cache-control', `${present} none`]],
  ],
  [
    'sends an empty token',
    'client_credentials',
    reply(200, { ...grantedBody, access_token: '' }),
    [['body $.access_token', 'expected a string, received an empty one']],
  ],
  [
    'sends a token that expired before it came',
    'client_credentials',
    reply(200, { ...grantedBody, expires_in: -5 }),
    [['body $.expires_in', 'expected an integer of at least 0, received -5']],
  ],
  [
    'grants by another status',
    'client_credentials',
    reply(201, grantedBody),
    [['status', 'expected 200, received 201']],
  ],
  [
    'grants a token to a wrong secret',
    'client_credentials.wrong_secret',
    reply(200, grantedBody),
    [['status', 'expected 401 or 400, received 200']],
  ],
  [
    'refuses with the errors of another vendor',
    'client_credentials.missing_grant_type',
    reply(400, { errorCode: 'E0000021', errorSummary: 'Bad request.' }),
    [['body $.error', 'expected "invalid_request", received nothing']],
  ],
  [
    'refuses an unsupported grant as an invalid one',
    'client_credentials.unsupported_grant_type',
    reply(400, { error: 'invalid_grant' }),
    [['body $.error', 'expected "unsupported_grant_type", received "invalid_grant"']],
  ],
  [
    'answers in HTML from a gateway',
    'client_credentials',
    (response) =>
      response
        .writeHead(502, { 'content-type': 'text/html' })
        .end(`<title>Bad gateway ${access_token}</title>`),
    [['status', 'expected 200, received 502']],
  ],
  [
    'sends text that is said to be JSON',
    'client_credentials',
    (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        .end(`access_token=${access_token}`),
    [['body $', 'expected a JSON object, received text']],
  ],
  [
    'sends a list',
    'client_credentials',
    reply(200, [access_token]),
    [['body $', 'expected a JSON object, received an array']],
  ],
  [
    'sends an empty body',
    'client_credentials',
    (response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(),
    [['body $', 'expected a JSON object, received nothing']],
  ],
  [
    'sends a million bytes where there should be two words',
    'client_credentials',
    reply(200, { ...grantedBody, token_type: 'x'.repeat(1_000_000) }),
    [['body $.token_type', 'expected a text matching [Bb][Ee][Aa][Rr][Ee][Rr], received a string']],
  ],
  [
    'resets the connection',
    'client_credentials',
    (response) => response.socket?.resetAndDestroy(),
    [['reply', 'expected a reply, received none, ECONNRESET']],
  ],
  [
    'closes half-way through its reply',
    'client_credentials.wrong_secret',
    (response) => {
      response.writeHead(401, { 'content-type': 'application/json', 'content-length': '500' })
      response.write('{"error":"invalid_cl', () => response.destroy())
    },
    [['reply', 'expected a whole reply, received a part of one, ECONNRESET']],
  ],
  [
    'never answers',
    'client_credentials.missing_grant_type',
    () => {},
    [['reply', 'expected a reply, received none, nothing within 2000 ms']],
  ],
]

describe('a service is reported that', () => {
  test.each(services)('%s', async (_breaks, exchange, answer, findings) => {
    await using service = await startSmallService({ [exchange]: answer })
    const { interactions, kept, broken, skipped } = await verify(service.origin)
    const differences = findings.map(([where, problem]) => ({ where, problem }))
    expect(
      interactions.map(({ exchange, verdict, differences }) => [exchange, verdict, differences.map(told)]),
    ).toEqual(
      Object.keys(keptAnswers).map((id) =>
        id === exchange ? [id, 'broken', differences] : [id, 'kept', []],
      ),
    )
    expect([kept, broken, skipped]).toEqual([3, 1, 0])
  })

  test('redirects, to where nothing is sent', async () => {
    await using elsewhere = await startRecording(reply(200, grantedBody))
    await using service = await startSmallService({
      client_credentials: (response) =>
        response.writeHead(307, { location: `${elsewhere.origin}/token` }).end(),
    })
    const { interactions } = await verify(service.origin)
    expect(interactions[0]?.differences.map(told)).toEqual([
      { where: 'status', problem: 'expected 200, received 307' },
    ])
    const byTrial = await verify(service.origin, { authentication: undefined })
    expect(byTrial.client_authentication).toBe('client_secret_basic')
    expect(elsewhere.asked).toEqual([])
  })
})

test('a token of one reply is not shown when another reply holds it', async () => {
  await using service = await startSmallService({
    client_credentials: reply(200, { ...grantedBody, access_token: 'canary' }),
    'client_credentials.wrong_secret': reply(401, { error: 'canary' }),
  })
  const { interactions } = await verify(service.origin)
  expect(interactions.flatMap(({ differences }) => differences.map(told))).toEqual([
    { where: 'body $.error', problem: 'expected "invalid_client", received a string' },
  ])
})

describe('a service is not reported that', () => {
  test('sends ten million bytes beside what was promised', async () => {
    await using service = await startSmallService({
      client_credentials: reply(200, { ...grantedBody, id_token: 'x'.repeat(10_000_000) }),
    })
    expect((await verify(service.origin)).broken).toBe(0)
  })

  test.each([
    'no-store, no-transform',
    'no-cache, no-store, max-age=0, must-revalidate',
    'No-Store',
    'private,no-store',
  ])('forbids to store its tokens by "%s"', async (directives) => {
    await using service = await startSmallService({
      client_credentials: reply(200, grantedBody, { 'cache-control': directives }),
    })
    expect((await verify(service.origin)).broken).toBe(0)
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('compresses its replies by %s', async (coding, compress) => {
    await using service = await startSmallService({
      client_credentials: (response) => {
        const fields = {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          'content-encoding': coding,
        }
        response.writeHead(200, fields).end(compress(JSON.stringify(grantedBody)))
      },
    })
    expect((await verify(service.origin)).broken).toBe(0)
  })

  test.each(['Bearer', 'bearer', 'BEARER'])('spells its token_type "%s"', async (token_type) => {
    await using service = await startSmallService({
      client_credentials: reply(200, { ...grantedBody, token_type }),
    })
    expect((await verify(service.origin)).broken).toBe(0)
  })

  test('has its path and a query of its own, which are kept and asked at', async () => {
    await using service = await startSmallService()
    const { kept, url } = await verify(service.origin, {
      url: `${service.origin}/a/b/token?tenant=1&tenant=2&key=x%20y`,
    })
    expect([kept, url]).toEqual([4, `${service.origin}/a/b/token`])
    expect(
      new Set(service.asked.map(({ url }) => new URL(url, service.origin).searchParams.toString())),
    ).toEqual(new Set(['tenant=1&tenant=2&key=x+y']))
  })
})

function verify(
  origin: string,
  options: Partial<Record<keyof VerifyOptions, unknown>> = {},
): Promise<Verification> {
  return verifyTokenService({
    url: `${origin}/token`,
    service: 'rfc6749/client_credentials',
    credentials: client,
    authentication: 'client_secret_post',
    timeoutMs: 2000,
    ...options,
  } as VerifyOptions)
}
