// What could lock an account, or be believed though it says nothing: none of it happens.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { type VerifyOptions, verifyTokenService } from '../../src/verify/verify.ts'
import { root } from '../source-files.ts'
import { client, reply, startRecording, startSmallService } from './service.ts'

const registered = { client_id: 'web', client_secret: 'a secret' }
const user = { username: 'ada', password: 'pass word' }
let server: TokenServer

beforeAll(async () => {
  server = await startTokenServer({ services: ['rfc6749'], clients: [registered], users: [user] })
})
afterAll(() => server.close())

describe('credentials that were mistyped', () => {
  const mistyped: ReadonlyArray<[what: string, wrong: object, rule: string, most: number]> = [
    ['a password', { password: 'mistyped' }, 'rfc6749-4.3.2-resource-owner-credentials', 2],
    ['a client secret', { client_secret: 'mistyped' }, 'rfc6749-2.3.1-client-secret', 3],
  ]
  test.each(mistyped)('%s is shown a few times and no more', async (_what, wrong, rule, most) => {
    server.journal.clear()
    const { kept, broken } = await verifyTokenService({
      url: `${server.url}/token`,
      service: 'rfc6749',
      credentials: { ...registered, ...user, ...wrong },
      maxRefusals: 0,
    })
    expect(server.journal.find({ rule }).length).toBeLessThanOrEqual(most)
    expect([kept > 0, broken]).toEqual(['password' in wrong, 1])
  })

  test('a wrong secret is not sent again where the service answers 429', async () => {
    await using service = await startSmallService({
      'client_credentials.wrong_secret': reply(429, {}, { 'retry-after': '0' }),
    })
    const { interactions } = await verifyTokenService({
      url: `${service.origin}/token`,
      service: 'rfc6749/client_credentials',
      credentials: client,
      authentication: 'client_secret_post',
    })
    expect(interactions.map(({ exchange, reason }) => [exchange, reason])[1]).toEqual([
      'client_credentials.wrong_secret',
      'the service answers 429, too many requests: lower --rate, or verify later',
    ])
    expect(service.asked.filter(({ body }) => body.includes('tokenwright-wrong-value')).length).toBe(2)
  })
})

describe('a verification is refused before a connection', () => {
  const wrongOptions: ReadonlyArray<[what: string, options: object, problem: string]> = [
    ['no rate', { ratePerSecond: 0 }, 'ratePerSecond to be a number above 0'],
    ['a rate that is none', { ratePerSecond: Number.NaN }, 'ratePerSecond to be a number above 0'],
    ['fewer than no refusals', { maxRefusals: -1 }, 'maxRefusals to be a whole number from 0'],
    ['a fraction of time', { timeoutMs: 1.5 }, 'timeoutMs to be a whole number of milliseconds from 1'],
    ['no time', { deadlineMs: 0 }, 'deadlineMs to be a whole number of milliseconds from 1'],
    ['one exchange as a text', { exchanges: 'client_credentials' }, 'exchanges to be a list of ids'],
    ['no credentials', { credentials: undefined }, 'credentials to be an object'],
    [
      'another media type',
      { contentType: 'text/plain' },
      'contentType to be application/json or application/x-www-form-urlencoded',
    ],
  ]
  test.each(wrongOptions)('with %s', async (_what, options, problem) => {
    await using service = await startRecording((response) => response.end())
    await expect(
      verifyTokenService({
        url: service.origin,
        service: 'rfc6749',
        credentials: client,
        ...options,
      } as VerifyOptions),
    ).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message: `expected ${problem}, received another value`,
    })
    expect(service.asked).toEqual([])
  })

  test('with a contract of another version of Pact, whose members say something else', async () => {
    const text = readFileSync(join(root, 'contracts/rfc6749/client_credentials.json'), 'utf8')
    const pact = { ...JSON.parse(text), metadata: { pactSpecification: { version: '3.0.0' } } }
    await expect(
      verifyTokenService({
        url: `${server.url}/token`,
        service: 'rfc6749',
        credentials: registered,
        contracts: [{ pact, name: 'old.json' }],
      }),
    ).rejects.toMatchObject({
      code: 'ERR_CONTRACT_INVALID',
      message: expect.stringMatching(/^old\.json is not/),
    })
  })
})

test('a run that was interrupted before it began reports that all was skipped', async () => {
  const { interactions, ended } = await verifyTokenService({
    url: `${server.url}/token`,
    service: 'rfc6749/client_credentials',
    credentials: registered,
    signal: AbortSignal.abort(),
  })
  expect([...new Set(interactions.map(({ reason }) => reason)), ended]).toEqual([
    'it was interrupted',
    'it was interrupted',
  ])
})
