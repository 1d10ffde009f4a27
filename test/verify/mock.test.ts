// Verification against the mock of this package: what it answers is what the contracts promise, for every service.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { interactionsOf } from '../../src/contract/interaction.ts'
import type { Credentials } from '../../src/fixture/message.ts'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { findService, servedOf } from '../../src/service/lookup.ts'
import type { Service } from '../../src/service/service.ts'
import { moov } from '../../src/services/moov/service.ts'
import { services } from '../../src/services/services.ts'
import type { Verification } from '../../src/verify/verification.ts'
import { type VerifyOptions, verifyTokenService } from '../../src/verify/verify.ts'
import { told } from './service.ts'

const all: readonly Service[] = services
const methods = ['client_secret_basic', 'client_secret_post'] as const
const user = { username: 'ada', password: 'pass word +/&=%é' }
/** A service by its id, and by its own each variant that has to be named. */
const served = all.flatMap((service) => [
  { id: service.id, services: undefined, service: servedOf(service) },
  ...service.variants
    .filter(({ serving }) => serving === 'when_named')
    .map(({ id }) => ({ id, services: [id], service: findService(all, id) })),
])
const endpoints = served.flatMap(({ id, services, service }) =>
  Object.entries(service.endpoints)
    .filter(([name]) => service.variants.some(({ endpoint }) => endpoint === name))
    .flatMap(([endpoint, { path }]) =>
      clientsOf(service).map((client_id) => ({
        id,
        path: `/${service.id}${path}`,
        client_id,
        services,
        service,
        endpoint,
      })),
    ),
)
const awkward: ReadonlyArray<[what: string, value: string]> = [
  ['digits', '12345678'],
  ['the spelling of a JSON literal', 'true'],
  ['JSON', '{"client_id":"a"}'],
  ['a reference as Pact writes them', '$' + '{client_id}'],
  ['percent escapes', '%41%2B+%zz'],
  ['quotes and backslashes', '\'"\\\\"\''],
  ['spaces at both ends', ' secret '],
  ['letters beyond ASCII', 'pässwörd€🔑'],
]
const registered = {
  clients: [
    { client_id: 'any', client_secret: 'a secret' },
    ...methods.map((method) => ({
      client_id: method,
      client_secret: 'a secret',
      token_endpoint_auth_method: method,
    })),
    ...awkward.map(([, value], index) => ({ client_id: `awkward-${index}`, client_secret: value })),
  ],
  users: [user],
}
let server: TokenServer

beforeAll(async () => {
  server = await startTokenServer(registered)
})
afterAll(() => server.close())

describe('the mock', () => {
  test.each(endpoints)(
    'keeps every contract of $id at $path, for the client $client_id',
    async ({ id, path, client_id, services, service, endpoint }) => {
      await using running = await startTokenServer({ ...registered, ...(services && { services }) })
      const url = running.url + path
      const { interactions, ...sum } = await verify(url, id, { client_id })
      const method = methods.find((only) => only === client_id)
      const here = service.variants.filter((variant) => variant.endpoint === endpoint)
      const expected = here.flatMap((variant) =>
        interactionsOf({ service, variant })
          .filter(({ authentication }) => method === undefined || authentication === method)
          .map(({ exchange, authentication }) => [variant.id, exchange.id, authentication, 'kept']),
      )
      const verdicts = interactions
        .filter(({ verdict }) => verdict !== 'skipped')
        .map(({ variant, exchange, client_authentication, verdict }) => [
          variant,
          exchange,
          client_authentication,
          verdict,
        ])
      expect(verdicts.sort()).toEqual(expected.sort())
      expect(sum).toEqual({
        url,
        service: service.id,
        ...(method !== undefined && { client_authentication: method }),
        kept: expected.length,
        broken: 0,
        skipped: interactions.length - expected.length,
      })
    },
  )

  test('is asked nothing of a variant that has to be named, when the service is given as it is defined', async () => {
    const { interactions } = await verifyTokenService({
      url: `${server.url}/moov/oauth2/token`,
      service: moov,
      credentials: { client_id: 'any', client_secret: 'a secret' },
      exchanges: ['client_credentials'],
    })
    expect(interactions.map(({ variant, verdict }) => [variant, verdict])).toEqual([
      ['moov/ruby', 'kept'],
      ['moov/ruby', 'kept'],
    ])
  })

  test.each(awkward)(
    'takes a secret of %s as it is, in JSON and in HTTP Basic',
    async (_what, client_secret) => {
      const client_id = `awkward-${awkward.findIndex(([, value]) => value === client_secret)}`
      const { kept, broken } = await verify(
        `${server.url}/moov/oauth2/token`,
        'moov',
        { client_id, client_secret },
        ['client_credentials'],
      )
      expect([kept, broken]).toEqual([2, 0])
    },
  )

  test('is told from a client that it does not know, by the first method, without a token in the report', async () => {
    const { interactions, client_authentication } = await verify(
      `${server.url}/rfc6749/token`,
      'rfc6749/client_credentials',
      {
        client_id: 'nobody',
      },
    )
    expect(client_authentication).toBe('client_secret_basic')
    const untold = 'the client itself was refused; the same credentials again and again could lock it'
    expect(
      interactions.map(({ exchange, differences, reason }) => [exchange, reason ?? differences.map(told)]),
    ).toEqual([
      [
        'client_credentials',
        [{ where: 'status', problem: 'expected 200, received 401 with the error "invalid_client"' }],
      ],
      ['client_credentials.wrong_secret', untold],
      ['client_credentials.missing_grant_type', untold],
      ['client_credentials.unsupported_grant_type', untold],
    ])
  })

  test('is asked with a refresh token that was given, where no other can be had', async () => {
    const refresh_token = await refreshTokenOf('client_secret_post')
    const verification = await verifyTokenService({
      url: `${server.url}/rfc6749/token`,
      service: 'rfc6749/refresh_token',
      credentials: { client_id: 'client_secret_post', client_secret: 'a secret', refresh_token },
      authentication: 'client_secret_post',
    })
    expect([verification.kept, verification.broken, verification.skipped]).toEqual([6, 0, 2])
  })

  test('loses no refresh token to a trial: the method has to be given', async () => {
    const refresh_token = await refreshTokenOf('client_secret_post')
    await expect(
      verifyTokenService({
        url: `${server.url}/rfc6749/token`,
        service: 'rfc6749/refresh_token',
        credentials: { client_id: 'client_secret_post', client_secret: 'a secret', refresh_token },
      }),
    ).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message: expect.stringContaining('--auth basic or --auth post'),
    })
    expect(server.journal.entries().at(-1)?.variant).toBe('rfc6749/password')
  })
})

/** One that keeps to each method, where the service asks for that; otherwise one that uses any. */
function clientsOf({ clientAuthentication }: Service): readonly string[] {
  return clientAuthentication.chosenBy === 'client' ? methods : ['any']
}

function verify(
  url: string,
  service: string,
  credentials: Credentials,
  exchanges?: VerifyOptions['exchanges'],
): Promise<Verification> {
  return verifyTokenService({
    url,
    service,
    maxRefusals: 1000,
    credentials: { client_secret: 'a secret', ...user, ...credentials },
    ...(exchanges !== undefined && { exchanges }),
  })
}

async function refreshTokenOf(client_id: string): Promise<string> {
  const response = await fetch(`${server.url}/rfc6749/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', ...user, client_id, client_secret: 'a secret' }),
  })
  return ((await response.json()) as { refresh_token: string }).refresh_token
}
