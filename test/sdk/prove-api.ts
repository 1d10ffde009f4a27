// Prove's own SDK, unmodified, wherever its requests end: explicit token requests, and calls whose hook fetches the token.
import { Proveapi } from '@prove-identity/prove-api'
import { HTTPClient } from '@prove-identity/prove-api/lib/http.js'
import { UnexpectedClientError } from '@prove-identity/prove-api/models/errors/httpclienterrors.js'
import { Error401, ErrorT } from '@prove-identity/prove-api/models/errors/index.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** Where the SDK's requests end: Prove's token service, and beside it an API that the test answers for. */
export interface ProveOrigin {
  /** Absent for the SDK's default server. */
  readonly serverURL?: string
  readonly close: () => Promise<void>
}

/** The API's side of `POST /v3/start`: takes the Authorization field, gives status and body. */
export type StartApi = (authorization: string | null) => readonly [status: number, body: unknown]

const token = expect.stringMatching(/^[\w-]{43}$/)
const right = { clientId: 'customer_id', clientSecret: 'secret', grantType: 'client_credentials' }
const security = { clientID: 'customer_id', clientSecret: 'secret' }
const start = { flowType: 'mobile', phoneNumber: '2001001695' }
const started = { authToken: 'example-auth-token', correlationId: 'example-correlation-id', next: {} }

/** The suite, once per kind of origin. */
export function testProveApi(name: string, startOrigin: (api: StartApi) => Promise<ProveOrigin>): void {
  describe(`@prove-identity/prove-api and ${name}`, () => {
    let origin: ProveOrigin
    let traffic: string[]
    let issued: string[]
    let isApiForgetful: boolean

    beforeEach(async () => {
      traffic = []
      issued = []
      isApiForgetful = false
      origin = await startOrigin((authorization) => {
        const isIssued = issued.some((accessToken) => authorization === `Bearer ${accessToken}`)
        if (isApiForgetful || !isIssued) return [401, { code: 8002, message: 'not authorized' }]
        return [200, started]
      })
    })
    afterEach(() => origin.close())

    const sdk = (credentials?: { clientID: string; clientSecret: string }) => {
      const httpClient = new HTTPClient().addHook('response', async (response, request) => {
        const { pathname } = new URL(request.url)
        traffic.push(`${request.method} ${pathname} ${response.status}`)
        if (pathname !== '/token' || !response.ok) return
        const { access_token } = (await response.clone().json()) as { access_token: string }
        issued.push(access_token)
      })
      const { serverURL } = origin
      return new Proveapi({
        httpClient,
        ...(serverURL !== undefined && { serverURL }),
        ...(credentials && { security: credentials }),
      })
    }

    test('v3TokenRequest is granted a token', async () => {
      const { v3TokenResponse } = await sdk().v3.v3TokenRequest(right)
      expect(v3TokenResponse).toEqual({ accessToken: token, expiresIn: 3600, tokenType: 'Bearer' })
    })

    const refusals: ReadonlyArray<
      [given: string, request: typeof right | undefined, type: typeof Error401 | typeof ErrorT, body: unknown]
    > = [
      [
        'a wrong secret',
        { ...right, clientSecret: 'wrong' },
        Error401,
        { code: 8002, message: 'not authorized' },
      ],
      [
        'an unknown client',
        { ...right, clientId: 'unknown' },
        Error401,
        { code: 8002, message: 'not authorized' },
      ],
      ['no argument', undefined, Error401, { code: 8002, message: 'not authorized' }],
      [
        'another grant',
        { ...right, grantType: 'password' },
        ErrorT,
        { code: 1001, message: 'invalid request' },
      ],
      ['an empty grant', { ...right, grantType: '' }, ErrorT, { code: 1001, message: 'invalid request' }],
    ]

    test.each(refusals)(
      'v3TokenRequest understands the refusal of %s',
      async (_given, request, type, body) => {
        const error = await sdk()
          .v3.v3TokenRequest(request)
          .catch((error: unknown) => error)
        expect(error).toBeInstanceOf(type)
        expect((error as Error401).data$).toEqual(body)
      },
    )

    test('an API call fetches one token, and the next call uses it again', async () => {
      const { v3 } = sdk(security)
      for (const _call of ['first', 'second']) {
        expect((await v3.v3StartRequest(start)).v3StartResponse).toEqual(started)
      }
      expect(traffic).toEqual(['POST /token 200', 'POST /v3/start 200', 'POST /v3/start 200'])
    })

    test('an API call after a 401 of the API fetches a new token', async () => {
      const { v3 } = sdk(security)
      await v3.v3StartRequest(start)
      isApiForgetful = true
      await expect(v3.v3StartRequest(start)).rejects.toBeInstanceOf(Error401)
      isApiForgetful = false
      expect((await v3.v3StartRequest(start)).v3StartResponse).toEqual(started)
      expect(traffic).toEqual([
        'POST /token 200',
        'POST /v3/start 200',
        'POST /v3/start 401',
        'POST /token 200',
        'POST /v3/start 200',
      ])
      expect(new Set(issued).size).toBe(2)
    })

    test('an API call with a wrong secret gets no token and does not reach the API', async () => {
      const { v3 } = sdk({ ...security, clientSecret: 'wrong' })
      const error = await v3.v3StartRequest(start).catch((error: unknown) => error)
      expect(error).toBeInstanceOf(UnexpectedClientError)
      expect((error as Error).message).toBe('Unexpected HTTP client error: Error: Unexpected status code')
      expect(traffic).toEqual(['POST /token 401'])
    })
  })
}
