// Prove's own SDK, its token call and its API call both at the mock: a protected route stands for the API.
import { Proveapi } from '@prove-identity/prove-api'
import { Error401, Error403, ErrorT } from '@prove-identity/prove-api/models/errors/index.js'
import { describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer, type TokenServerOptions } from '../../src/host/server.ts'

const security = { clientID: 'customer_id', clientSecret: 'secret' }
const start = { flowType: 'mobile', phoneNumber: '2001001695' }
const started = { authToken: 'example-auth-token', correlationId: 'example-correlation-id', next: {} }
const route = { path: '/v3/*', body: started }

describe('@prove-identity/prove-api at a mock with a protected route', () => {
  test.each([['opaque' as const], ['jwt' as const]])(
    'fetches a token (%s) and calls the API with it',
    async (format) => {
      await using server = await startProve({ protect: [route], accessTokens: { format } })
      const { v3 } = sdkFor(server)
      for (const _call of ['first', 'second']) {
        expect((await v3.v3StartRequest(start)).v3StartResponse).toEqual(started)
      }
      expect(trafficOf(server)).toEqual(['/token 200', '/v3/**** 200', '/v3/**** 200'])
    },
  )

  test('fetches another token when the API refuses the one that has expired', async () => {
    await using server = await startProve({ protect: [route] })
    const { v3 } = sdkFor(server)
    await v3.v3StartRequest(start)
    server.clock.advance('1h')
    const error = await v3.v3StartRequest(start).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error401)
    expect((error as Error401).data$).toEqual({ code: 8002, message: 'not authorized' })
    expect((await v3.v3StartRequest(start)).v3StartResponse).toEqual(started)
    expect(trafficOf(server)).toEqual([
      '/token 200',
      '/v3/**** 200',
      '/v3/**** 401',
      '/token 200',
      '/v3/**** 200',
    ])
  })

  const refusals: ReadonlyArray<
    [what: string, options: TokenServerOptions, type: unknown, traffic: readonly string[]]
  > = [
    [
      'a scope that no token of Prove has',
      { protect: [{ ...route, scope: 'admin' }] },
      Error403,
      ['/token 200', '/v3/**** 403'],
    ],
    [
      'a route that answers with an error',
      { protect: [{ path: '/v3/*', status: 400, body: { code: 1001, message: 'invalid request' } }] },
      ErrorT,
      ['/token 200', '/v3/**** 400'],
    ],
    ['no route', {}, Error403, ['/token 200', '/v3/**** 403']],
  ]

  test.each(refusals)('tells %s', async (_what, options, type, traffic) => {
    await using server = await startProve(options)
    const error = await sdkFor(server)
      .v3.v3StartRequest(start)
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(type)
    expect(trafficOf(server)).toEqual(traffic)
  })
})

function startProve(options: TokenServerOptions): Promise<TokenServer> {
  return startTokenServer({ services: ['prove'], ...options })
}

function sdkFor({ url }: TokenServer): Proveapi {
  return new Proveapi({ serverURL: url, security })
}

function trafficOf({ journal }: TokenServer): readonly string[] {
  return journal.entries().map(({ path, status }) => `${path} ${status}`)
}
