// What the vendors' SDKs and general OAuth clients survive: findings, each of them run.
import { Moov } from '@moovio/sdk'
import { Proveapi } from '@prove-identity/prove-api'
import * as openid from 'openid-client'
import { ClientCredentials } from 'simple-oauth2'
import { describe, test } from 'vitest'
import { type Tolerance, toleranceCases, toleranceTest } from '../../src/probe/tolerate.ts'
import { inBatches } from './tolerance-clients.ts'

/** Each case that was tried, as `verdict: token calls, API calls`. */
function foundIn({ cases }: Tolerance): Readonly<Record<string, string>> {
  return Object.fromEntries(
    cases.map(({ id, verdict, tokenCalls, apiCalls }) => [id, `${verdict} ${tokenCalls} ${apiCalls}`]),
  )
}

/** What every case is expected to come to, some aside. */
function expected(usual: string, others: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(toleranceCases.map(({ id }) => [id, others[id] ?? usual]))
}

const startRoute = {
  path: '/v3/start',
  body: { authToken: 'example-auth-token', correlationId: 'example-correlation-id', next: {} },
}

/** A call of the API by one instance of the SDK, whose own retries are on. */
function startCallOf({ url, credentials }: Target): () => Promise<unknown> {
  const { v3 } = new Proveapi({
    serverURL: url,
    security: { clientID: credentials.client_id, clientSecret: credentials.client_secret },
    retryConfig: {
      strategy: 'backoff',
      backoff: { initialInterval: 1, maxInterval: 1, exponent: 1, maxElapsedTime: 1000 },
      // Of all that a token call may come to, these alone would be tried again.
      retryConnectionErrors: false,
    },
  })
  return () => v3.v3StartRequest({ flowType: 'mobile', phoneNumber: '2001001695' })
}

const givesUp = 'failed 1 0'

/** Of clients that leave it at one token call. */
const afterOneFailure = Object.fromEntries(
  toleranceCases.filter(({ fails }) => fails === 'token_call').map(({ id }) => [id, givesUp]),
)

describe.concurrent('the tolerance of', () => {
  test('the hook of @prove-identity/prove-api 0.9.6: an exact "Bearer", no second try, no single flight', async ({
    expect,
  }) => {
    const found = await toleranceTest({ service: 'prove', protect: [startRoute] }, async (target) => {
      await inBatches(target.calls, target.concurrency, startCallOf(target))
    })
    expect(foundIn(found)).toEqual(
      expected('survived 1 1', {
        lowercase_bearer: givesUp,
        ...afterOneFailure,
        revoked: 'failed 1 1',
        revoked_midway: 'failed 1 2',
        // The hook keeps a minute in reserve, so that these tokens are fetched for each call.
        short: 'survived 2 2',
        one_minute: 'survived 2 2',
        concurrent_calls: 'survived 3 3',
        concurrent_refresh: 'not_tried 6 6',
        rotated_refresh_token: 'not_tried 3 3',
        no_refresh_token: 'not_tried 3 3',
        revoke_all: 'not_tried 2 2',
        client_refused_400: 'survived 1 0',
        // It calls the API with "Bearer undefined".
        no_access_token: 'failed 1 1',
        unavailable: 'survived 1 0',
      }),
    )
    expect(found.baseline.clientAuthentication).toEqual(['client_secret_post'])
    expect(found.cases.filter(({ retried }) => retried)).toEqual([])
    expect(found.leaking).toBe(0)
  })

  test('the hook of @prove-identity/prove-api 0.9.6, whose tokens without a lifetime are fetched for each call', async ({
    expect,
  }) => {
    const cases = ['no_expires_in', 'zero_expires_in']
    const found = await toleranceTest({ service: 'prove', protect: [startRoute], cases }, async (target) => {
      await inBatches(2, 1, startCallOf(target))
    })
    expect(found.baseline.tokenCalls).toBe(1)
    expect(foundIn(found)).toEqual({ no_expires_in: 'survived 2 2', zero_expires_in: 'survived 2 2' })
  })

  test('the token request of @moovio/sdk 26.7.1: an exact "Bearer" and application/json', async ({
    expect,
  }) => {
    const found = await toleranceTest({ service: 'moov' }, async function moov({ url, credentials }) {
      const { authentication } = new Moov({
        serverURL: url,
        security: { username: credentials.client_id, password: credentials.client_secret },
      })
      await authentication.createAccessToken({ grantType: 'client_credentials', scope: '/accounts.read' })
    })
    const once = { survived: 'survived 1 0', failed: 'failed 1 0', untried: 'not_tried 1 0' }
    const failed = [
      ...['lowercase_bearer', 'wrong_content_type', 'truncated', 'empty', 'malformed_json', 'html'],
      ...['429', '500', '502', '503', '504', 'reset', 'closed'],
      // An empty text takes its place, without a word.
      'no_access_token',
    ]
    const untried = toleranceCases.filter(({ calls = 1, fails }) => calls > 1 || fails === 'api_call')
    expect(foundIn(found)).toEqual(
      expected(once.survived, {
        ...Object.fromEntries(failed.map((id) => [id, once.failed])),
        ...Object.fromEntries(untried.map(({ id }) => [id, once.untried])),
      }),
    )
    expect(found.baseline.clientAuthentication).toEqual(['client_secret_basic'])
  })

  const general: ReadonlyArray<[name: string, ask: Ask, others: Readonly<Record<string, string>>]> = [
    [
      'openid-client 6.8.9',
      askOpenidClient,
      // What is null must be a text, or not be there.
      { further_members: givesUp, null_refresh_token: givesUp, no_access_token: 'survived 1 0' },
    ],
    // What it gives without an access token is a token without one.
    ['simple-oauth2 5.1.0', askSimpleOauth2, { wrong_content_type: givesUp, no_access_token: 'failed 1 1' }],
  ]

  test('openid-client 6.8.9 by discovery: the outcome is for the token call, not for the metadata', async ({
    expect,
  }) => {
    const found = await toleranceTest(
      { cases: ['502', 'lowercase_bearer'] },
      async ({ url, credentials }) => {
        const { client_id, client_secret } = credentials
        const configuration = await openid.discovery(new URL(url), client_id, client_secret, undefined, {
          algorithm: 'oauth2',
          execute: [openid.allowInsecureRequests],
        })
        await openid.clientCredentialsGrant(configuration)
      },
    )
    expect(foundIn(found)).toEqual({ 502: 'failed 1 0', lowercase_bearer: 'survived 1 0' })
  })

  test.for(general)('%s, without a try of its own', async ([_name, ask, others], { expect }) => {
    const found = await toleranceTest({}, async ({ apiUrl, calls, concurrency, ...target }) => {
      const token = await ask(target)
      const headers = { authorization: `Bearer ${token}` }
      await inBatches(calls, concurrency, async () => {
        const { ok, status } = await fetch(apiUrl, { headers })
        if (!ok) throw new Error(`the API answers ${status}`)
      })
    })
    expect(foundIn(found)).toEqual(
      expected('survived 1 1', {
        ...afterOneFailure,
        revoked: 'failed 1 1',
        revoked_midway: 'failed 1 2',
        short: 'survived 1 2',
        one_minute: 'survived 1 2',
        concurrent_calls: 'survived 1 3',
        concurrent_refresh: 'not_tried 1 6',
        rotated_refresh_token: 'not_tried 1 3',
        no_refresh_token: 'not_tried 1 3',
        revoke_all: 'not_tried 1 2',
        client_refused_400: 'survived 1 0',
        unavailable: 'survived 1 0',
        ...others,
      }),
    )
  })
})

type Target = Pick<
  Parameters<Parameters<typeof toleranceTest>[1]>[0],
  'url' | 'tokenEndpoint' | 'credentials'
>
type Ask = (target: Target) => Promise<string>

async function askOpenidClient({ url, tokenEndpoint, credentials }: Target): Promise<string> {
  const { client_id, client_secret } = credentials
  const metadata = { issuer: url, token_endpoint: tokenEndpoint }
  const configuration = new openid.Configuration(metadata, client_id, client_secret)
  openid.allowInsecureRequests(configuration)
  return (await openid.clientCredentialsGrant(configuration)).access_token
}

async function askSimpleOauth2({ url, credentials: { client_id, client_secret } }: Target): Promise<string> {
  const client = new ClientCredentials({
    client: { id: client_id, secret: client_secret },
    auth: { tokenHost: url, tokenPath: '/token' },
  })
  return String((await client.getToken({})).token.access_token)
}
