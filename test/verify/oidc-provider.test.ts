// Verification against oidc-provider, a real OAuth server that is not ours.
import type { ClientAuthMethod } from 'oidc-provider'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type VerifyOptions, verifyTokenService } from '../../src/verify/verify.ts'
import { listen, type RunningServer, told } from './service.ts'

/** Every printable character of ASCII, which is what RFC 6749 appendix A allows in a secret. */
const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 0x20 + index))

const clients: ReadonlyArray<
  [method: ClientAuthMethod & VerifyOptions['authentication'], client_id: string]
> = [
  ['client_secret_post', 'a client & its = + / % ?'],
  ['client_secret_basic', 'client:with+a colon/%20'],
]
const exchanges = [
  'client_credentials',
  'client_credentials.wrong_secret',
  'client_credentials.missing_grant_type',
  'client_credentials.unsupported_grant_type',
]
let server: RunningServer

beforeAll(async () => {
  // oidc-provider warns of what is meant for development.
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'info').mockImplementation(() => {})
  let answer: ReturnType<Provider['callback']> | undefined
  server = await listen((request, response) => answer?.(request, response))
  const provider = new Provider(server.origin, {
    clients: clients.map(([method, client_id]) => ({
      client_id,
      client_secret: printable,
      token_endpoint_auth_method: method,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  })
  answer = provider.callback()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  vi.restoreAllMocks()
})

describe('oidc-provider', () => {
  // It takes either method of every client, so the first that is tried is granted.
  test.each(clients)(
    'keeps the whole client_credentials contract by trial, for a client of %s',
    async (_method, client_id) => {
      expect(await verify({ service: 'rfc6749/client_credentials', client_id })).toEqual(
        keptBy('client_secret_basic'),
      )
    },
  )

  test.each(clients)(
    'keeps the whole client_credentials contract by %s, as it was told',
    async (method, client_id) => {
      expect(
        await verify({ service: 'rfc6749/client_credentials', client_id, authentication: method }),
      ).toEqual(keptBy(method))
    },
  )

  test("keeps Prove's granted exchange, and breaks its refusals with what differs", async () => {
    const { interactions, ...sum } = await verify({
      service: 'prove/typescript-0.9.6',
      client_id: clients[0]?.[1] ?? '',
    })
    expect(sum).toEqual({ url: `${server.origin}/token`, service: 'prove', kept: 1, broken: 3, skipped: 0 })
    const withoutProvesMembers = [
      { where: 'body $.code', problem: 'expected a whole number, received nothing' },
      { where: 'body $.message', problem: 'expected a string, received nothing' },
    ]
    expect(
      interactions.map(({ exchange, verdict, differences }) => [exchange, verdict, differences.map(told)]),
    ).toEqual([
      ['client_credentials', 'kept', []],
      ['client_credentials.wrong_secret', 'broken', withoutProvesMembers],
      ['client_credentials.missing_grant_type', 'broken', withoutProvesMembers],
      ['client_credentials.unsupported_grant_type', 'broken', withoutProvesMembers],
    ])
  })
})

function keptBy(method: string): unknown {
  return {
    url: `${server.origin}/token`,
    service: 'rfc6749',
    client_authentication: method as 'client_secret_post',
    interactions: exchanges.map((exchange) => ({
      consumer: 'RFC 6749 4.4',
      variant: 'rfc6749/client_credentials',
      contract: 'contracts/rfc6749/client_credentials.json',
      document: 'RFC 6749 §4.4.2',
      request: expect.stringMatching(/^curl --include http:\S+ /),
      exchange,
      client_authentication: method,
      verdict: 'kept',
      differences: [],
    })),
    kept: 4,
    broken: 0,
    skipped: 0,
  }
}

function verify({
  client_id,
  ...options
}: Pick<VerifyOptions, 'service' | 'authentication'> & { client_id: string }) {
  return verifyTokenService({
    url: `${server.origin}/token`,
    credentials: { client_id, client_secret: printable },
    ...options,
  })
}
