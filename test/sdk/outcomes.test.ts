// What the vendors' own SDKs make of outcomes that their client ids ask for: the reason why there are such outcomes.
import { Moov } from '@moovio/sdk'
import { Proveapi } from '@prove-identity/prove-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'

const started = { authToken: 'example-auth-token', correlationId: 'example-correlation-id', next: {} }
const call = { flowType: 'mobile', phoneNumber: '2001001695' }
const token = expect.stringMatching(/^[\w-]{43}$/)
/** Does not wait, whatever Retry-After says. */
const retryConfig = {
  strategy: 'backoff',
  backoff: { initialInterval: 1, maxInterval: 1, exponent: 1, maxElapsedTime: 10_000 },
  retryConnectionErrors: true,
} as const
const retried = { retryConfig }

/** What came of a call: its value, or the class and message of its error with that of its cause. */
type Came = unknown
type Row = readonly [outcome: string, came: Came, traffic: readonly string[]]

let server: TokenServer

beforeEach(async () => {
  server = await startTokenServer({ protect: [{ path: '/v3/start', body: started }] })
})
afterEach(() => server.close())

const whatCameOf = (value: Promise<unknown>): Promise<Came> => value.catch(describeError)
const traffic = () => server.journal.entries().map(({ path, status }) => `${path} ${status}`)

describe('the hook of @prove-identity/prove-api 0.9.6, in two calls of the API', () => {
  const granted = [started, started]
  const cached = ['/token 200', '/v3/start 200', '/v3/start 200']
  const fetchedEachTime = ['/token 200', '/v3/start 200', '/token 200', '/v3/start 200']
  const twice = (error: string) => [error, error]
  const unexpected = 'UnexpectedClientError: Unexpected HTTP client error: Error: Unexpected'
  const rows: readonly Row[] = [
    ['granted', granted, cached],
    ['charset', granted, cached],
    ['string_expires_in', granted, cached],
    ['wrong_content_type', granted, cached],
    ['null_refresh_token', granted, cached],
    ['no_expires_in', granted, fetchedEachTime],
    ['zero_expires_in', granted, fetchedEachTime],
    ['short', granted, fetchedEachTime],
    ['lowercase_bearer', twice(`${unexpected} token type`), ['/token 200', '/token 200']],
    ['429x2', twice(`${unexpected} status code`), ['/token 429', '/token 429']],
    ['429x1', [`${unexpected} status code`, started], ['/token 429', '/token 200', '/v3/start 200']],
    ['oauth_error', twice(`${unexpected} status code`), ['/token 400', '/token 400']],
    ['500', twice(`${unexpected} status code`), ['/token 500', '/token 500']],
    [
      'html',
      twice(
        'UnexpectedClientError: Unexpected HTTP client error: SyntaxError: Unexpected token \'<\', "<!doctype "... is not valid JSON',
      ),
      ['/token 200', '/token 200'],
    ],
    [
      'reset',
      twice('ConnectionError: Unable to make request: TypeError: fetch failed (ECONNRESET)'),
      ['/token 200', '/token 200'],
    ],
    // The API is asked with "Bearer undefined".
    [
      'no_access_token',
      twice('Error401: {"code":8002,"message":"not authorized"}'),
      ['/token 200', '/v3/start 401', '/token 200', '/v3/start 401'],
    ],
    // The token is good for the SDK, which drops it when the API refuses it, and does not try again by itself.
    [
      'expired.granted',
      ['Error401: {"code":8002,"message":"not authorized"}', started],
      ['/token 200', '/v3/start 401', '/token 200', '/v3/start 200'],
    ],
  ]

  test.each(rows)('%s', async (outcome, came, seen) => {
    const security = { clientID: `customer_id.${outcome}`, clientSecret: 'secret' }
    // The retries of the SDK do not reach a refusal of its own token request.
    const onRefusal = { retryConfig: { ...retryConfig, retryConnectionErrors: false } }
    const { v3 } = new Proveapi({ serverURL: server.url, security, ...onRefusal })
    const ask = async () => (await v3.v3StartRequest(call)).v3StartResponse
    expect([await whatCameOf(ask()), await whatCameOf(ask())]).toEqual(came)
    expect(traffic()).toEqual(seen)
  })
})

test('the hook of @prove-identity/prove-api 0.9.6 is tried again after a reset, with retries of connection errors on', async () => {
  const security = { clientID: 'customer_id.resetx1', clientSecret: 'secret' }
  const { v3 } = new Proveapi({ serverURL: server.url, security, ...retried })
  expect((await v3.v3StartRequest(call)).v3StartResponse).toEqual(started)
  expect(traffic()).toEqual(['/token 200', '/token 200', '/v3/start 200'])
})

describe('the token request of @prove-identity/prove-api 0.9.6', () => {
  const reply = { accessToken: token, expiresIn: 3600, tokenType: 'Bearer' }
  const invalid = (member: string) => `SDKValidationError: Response validation failed: ${member}`
  const unexpected = 'SDKError: Unexpected API response status or content-type: Status 200 Content-Type'
  const rows: readonly Row[] = [
    ['granted', reply, ['/token 200']],
    ['charset', reply, ['/token 200']],
    ['lowercase_bearer', { ...reply, tokenType: 'bearer' }, ['/token 200']],
    ['zero_expires_in', { ...reply, expiresIn: 0 }, ['/token 200']],
    ['further_members', reply, ['/token 200']],
    ['string_expires_in', invalid('V3TokenResponse.expires_in'), ['/token 200']],
    ['no_expires_in', invalid('V3TokenResponse.expires_in'), ['/token 200']],
    ['no_access_token', invalid('V3TokenResponse.access_token'), ['/token 200']],
    ['null_refresh_token', invalid('V3TokenResponse.refresh_token'), ['/token 200']],
    ['oauth_error', invalid('message'), ['/token 400']],
    ['html', `${unexpected} text/html`, ['/token 200']],
    ['wrong_content_type', `${unexpected} text/plain`, ['/token 200']],
    ['429', 'SDKError: API error occurred: Status 429 Content-Type', ['/token 429']],
    ['500', 'ErrorT: {"code":1000,"message":"error occurred"}', ['/token 500']],
    ['502', 'SDKError: API error occurred: Status 502 Content-Type text/html', ['/token 502']],
    [
      'reset',
      'ConnectionError: Unable to make request: TypeError: fetch failed (ECONNRESET)',
      ['/token 200'],
    ],
  ]

  const ask = (outcome: string, options: object = {}) =>
    new Proveapi({ serverURL: server.url, ...options }).v3
      .v3TokenRequest({
        clientId: `customer_id.${outcome}`,
        clientSecret: 'secret',
        grantType: 'client_credentials',
      })
      .then(({ v3TokenResponse }) => v3TokenResponse)

  test.each(rows)('%s', async (outcome, came, seen) => {
    expect(await whatCameOf(ask(outcome))).toEqual(came)
    expect(traffic()).toEqual(seen)
  })

  const retries: readonly Row[] = [
    ['429x2', reply, ['/token 429', '/token 429', '/token 200']],
    ['503.502.granted', reply, ['/token 503', '/token 502', '/token 200']],
    ['resetx1', reply, ['/token 200', '/token 200']],
    ['400x1', 'ErrorT: {"code":1001,"message":"invalid request"}', ['/token 400']],
  ]
  test.each(retries)('%s, with its retries on', async (outcome, came, seen) => {
    expect(await whatCameOf(ask(outcome, retried))).toEqual(came)
    expect(traffic()).toEqual(seen)
  })
})

describe('the token request of @moovio/sdk 26.7.1', () => {
  const path = '/oauth2/token'
  const reply = {
    tokenType: 'Bearer',
    accessToken: token,
    refreshToken: token,
    expiresIn: 900,
    scope: '/accounts.read',
  }
  const rows: readonly Row[] = [
    ['granted', reply, [`${path} 200`]],
    ['charset', reply, [`${path} 200`]],
    // What is missing or of another type is made to fit, without a word.
    ['string_expires_in', reply, [`${path} 200`]],
    ['no_expires_in', { ...reply, expiresIn: 0 }, [`${path} 200`]],
    ['no_access_token', { ...reply, accessToken: '' }, [`${path} 200`]],
    ['no_refresh_token', { ...reply, refreshToken: '' }, [`${path} 200`]],
    ['no_scope', { ...reply, scope: '' }, [`${path} 200`]],
    [
      'lowercase_bearer',
      'ResponseValidationError: Response validation failed: Result.token_type',
      [`${path} 200`],
    ],
    ['oauth_error', 'GenericError: {"error":"invalid_request"}', [`${path} 400`]],
    [
      'html',
      'APIError: Unexpected Status or Content-Type: Status 200 Content-Type text/html. Body: <!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>',
      [`${path} 200`],
    ],
    ['429x2', 'APIError: API error occurred: Status 429 Content-Type "". Body: ""', [`${path} 429`]],
    ['504', 'APIError: API error occurred: Status 504 Content-Type "". Body: ""', [`${path} 504`]],
    [
      'reset',
      'ConnectionError: Unable to make request: TypeError: fetch failed (ECONNRESET)',
      [`${path} 200`],
    ],
  ]
  const ask = (outcome: string, options: object = {}) =>
    new Moov({
      serverURL: server.url,
      security: {
        username: `5clTR_MdVrrkgxw2.${outcome}`,
        password: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-',
      },
      ...options,
    }).authentication
      .createAccessToken({ grantType: 'client_credentials', scope: '/accounts.read' })
      .then(({ result }) => result)

  test.each(rows)('%s', async (outcome, came, seen) => {
    expect(await whatCameOf(ask(outcome))).toEqual(came)
    expect(traffic()).toEqual(seen)
  })

  const retries: readonly Row[] = [
    ['429x2', reply, [`${path} 429`, `${path} 429`, `${path} 200`]],
    ['resetx1', reply, [`${path} 200`, `${path} 200`]],
  ]
  test.each(retries)('%s, with its retries on', async (outcome, came, seen) => {
    expect(await whatCameOf(ask(outcome, retried))).toEqual(came)
    expect(traffic()).toEqual(seen)
  })
})

interface SdkError extends Error {
  readonly cause?: Error & { readonly issues?: readonly Issue[]; readonly cause?: { readonly code?: string } }
  readonly data$?: { readonly code?: number; readonly message?: string; readonly error?: string }
}
interface Issue {
  readonly path: readonly string[]
}

function describeError(error: SdkError): string {
  const { message, cause, data$ } = error
  const documented = data$ && JSON.stringify(documentedMembers(data$))
  const invalid = cause?.issues?.map(({ path }) => path.join('.')).join(', ')
  const code = cause?.cause?.code
  const said = invalid === undefined ? message.trim() : `Response validation failed: ${invalid}`
  return `${error.constructor.name}: ${documented ?? said}${code === undefined ? '' : ` (${code})`}`
}

function documentedMembers({ code, message, error }: NonNullable<SdkError['data$']>): object {
  return error === undefined ? { code, message } : { error }
}
