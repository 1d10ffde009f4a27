// contractTest() with clients that teams really use, and what they wrote replayed against the mock.
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Moov } from '@moovio/sdk'
import { Proveapi } from '@prove-identity/prove-api'
import * as openid from 'openid-client'
import { ClientCredentials, type ModuleOptions, ResourceOwnerPassword } from 'simple-oauth2'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type ContractCall,
  type ContractTestOptions,
  contractTest,
} from '../../src/contract/contract-test.ts'
import { startTokenServer } from '../../src/host/server.ts'
import { verifyTokenService } from '../../src/verify/verify.ts'
import { send, teamClient } from './team-client.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'contract-test-clients-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const prove = ({ url, credentials, parameters }: ContractCall) =>
  new Proveapi({ serverURL: url }).v3.v3TokenRequest({
    clientId: credentials.client_id,
    clientSecret: credentials.client_secret,
    grantType: parameters.grant_type ?? '',
  })

const moov = ({ url, credentials, scope, grantType, authentication }: ContractCall) => {
  const { client_id, client_secret, refresh_token } = credentials
  const isBasic = authentication === 'client_secret_basic'
  const security = { username: client_id, password: client_secret }
  const { authentication: api } = new Moov({ serverURL: url, ...(isBasic && { security }) })
  const inBody = isBasic ? {} : { clientId: client_id, clientSecret: client_secret }
  return grantType === 'refresh_token'
    ? api.createAccessToken({ grantType, refreshToken: refresh_token, ...inBody })
    : api.createAccessToken({
        grantType: 'client_credentials',
        ...(scope !== undefined && { scope }),
        ...inBody,
      })
}

const openidClient = (call: ContractCall) => {
  const { client_id, client_secret, username, password, refresh_token } = call.credentials
  const isBasic = call.authentication === 'client_secret_basic'
  const authentication = (isBasic ? openid.ClientSecretBasic : openid.ClientSecretPost)(client_secret)
  const metadata = { issuer: call.url, token_endpoint: call.tokenEndpoint }
  const configuration = new openid.Configuration(metadata, client_id, undefined, authentication)
  openid.allowInsecureRequests(configuration)
  if (call.grantType === 'refresh_token') return openid.refreshTokenGrant(configuration, refresh_token)
  if (call.grantType === 'password')
    return openid.genericGrantRequest(configuration, 'password', { username, password })
  return openid.clientCredentialsGrant(configuration, call.scope === undefined ? {} : { scope: call.scope })
}

const simpleOauth2 = ({ url, credentials, grantType, authentication }: ContractCall) => {
  const { client_id: id, client_secret: secret, username, password } = credentials
  const options: ModuleOptions = {
    client: { id, secret },
    auth: { tokenHost: url, tokenPath: '/token' },
    options: { authorizationMethod: authentication === 'client_secret_basic' ? 'header' : 'body' },
  }
  return grantType === 'password'
    ? new ResourceOwnerPassword(options).getToken({ username, password })
    : new ClientCredentials(options).getToken({})
}

type Chosen = Omit<ContractTestOptions, 'consumer' | 'directory'>
const basic = 'client_secret_basic'
const post = 'client_secret_post'
const everyMember = ['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope'] as const

const clients: ReadonlyArray<
  [client: string, call: (call: ContractCall) => unknown, chosen: Chosen, exchanges: readonly string[]]
> = [
  [
    '@prove-identity/prove-api',
    prove,
    { service: 'prove', variant: 'typescript-0.9.6' },
    ['client_credentials', 'client_credentials.wrong_secret'],
  ],
  [
    '@prove-identity/prove-api',
    prove,
    {
      service: 'prove',
      variant: 'typescript-0.9.6',
      exchanges: ['client_credentials.unsupported_grant_type'],
    },
    ['client_credentials.unsupported_grant_type'],
  ],
  ...([post, basic] as const).map((authentication): [string, typeof moov, Chosen, string[]] => [
    '@moovio/sdk',
    moov,
    { service: 'moov', variant: 'ruby', authentication, needs: everyMember },
    [
      'client_credentials',
      'client_credentials.wrong_secret',
      'refresh_token',
      'refresh_token.wrong_secret',
      'refresh_token.unknown_refresh_token',
    ],
  ]),
  ...([post, basic] as const).flatMap((authentication): [string, typeof openidClient, Chosen, string[]][] => [
    [
      'openid-client',
      openidClient,
      {
        service: 'rfc6749',
        variant: 'client_credentials',
        authentication,
        parameters: { scope: 'read write' },
      },
      ['client_credentials', 'client_credentials.wrong_secret'],
    ],
    [
      'openid-client',
      openidClient,
      { service: 'rfc6749', variant: 'refresh_token', authentication },
      ['refresh_token', 'refresh_token.wrong_secret', 'refresh_token.unknown_refresh_token'],
    ],
  ]),
  ...([post, basic] as const).flatMap((authentication): [string, typeof simpleOauth2, Chosen, string[]][] => [
    [
      'simple-oauth2',
      simpleOauth2,
      { service: 'rfc6749', variant: 'client_credentials', authentication },
      ['client_credentials', 'client_credentials.wrong_secret'],
    ],
    [
      'simple-oauth2',
      simpleOauth2,
      { service: 'rfc6749', variant: 'password', authentication },
      ['password', 'password.wrong_secret', 'password.wrong_password'],
    ],
  ]),
  [
    'fetch',
    (call) => send(call),
    { service: 'moov', variant: 'ruby', contentType: 'application/x-www-form-urlencoded' },
    [
      'client_credentials',
      'client_credentials.wrong_secret',
      'refresh_token',
      'refresh_token.wrong_secret',
      'refresh_token.unknown_refresh_token',
    ],
  ],
]

let consumers = 0

describe('clients that teams use', () => {
  test.each(clients)('%s keeps its contract', async (client, call, chosen, exchanges) => {
    consumers += 1
    const kept = await contractTest({ consumer: `${client} ${consumers}`, directory, ...chosen }, call)
    expect(kept.interactions.map((key) => key.split('#')[1])).toEqual(exchanges)
  })

  test("Prove's hook goes on to the API, and the message says so", async () => {
    const call = ({ url, credentials: { client_id, client_secret } }: ContractCall) =>
      new Proveapi({
        serverURL: url,
        security: { clientID: client_id, clientSecret: client_secret },
      }).v3.v3StartRequest({ flowType: 'mobile', phoneNumber: '2001001695' })
    const chosen = {
      service: 'prove',
      variant: 'typescript-0.9.6',
      exchanges: ['client_credentials'],
    }
    const error = await contractTest({ consumer: 'hook', directory, ...chosen }, call).catch(
      (error: unknown) => error,
    )
    expect((error as Error).message).toContain(
      'requests: expected POST /token once, received 2: POST /token, POST /v3/****',
    )
  })
})

describe('a contract of a client', () => {
  const whole: ReadonlyArray<[variant: string, authentications: readonly (typeof basic | typeof post)[]]> = [
    ['rfc6749/client_credentials', [basic, post]],
    ['prove/typescript-0.9.6', [post]],
  ]

  test.each(whole)('of %s is kept by the mock', async (variant, authentications) => {
    const [service = '', name = ''] = variant.split('/')
    const faults = ['', '.wrong_secret', '.missing_grant_type', '.unsupported_grant_type']
    const exchanges = faults.map((fault) => `client_credentials${fault}`)
    const chosen = { consumer: `replayed ${name}`, service, variant, exchanges, directory }
    const files = new Set<string>()
    for (const authentication of authentications)
      files.add((await contractTest({ ...chosen, authentication }, teamClient())).file)
    mkdirSync(join(directory, service))
    for (const file of files) renameSync(file, join(directory, `${variant}.json`))
    const credentials = { client_id: 'real-client', client_secret: 'real secret+/%&=' }
    const server = await startTokenServer({ services: [service], clients: [credentials] })
    try {
      const target = { url: `${server.url}/token`, service: variant, contracts: directory }
      // Each by its own method; where the client is said to be registered for one, others are counted as skipped.
      const { interactions } = await verifyTokenService({ ...target, credentials })
      expect(interactions.map(({ exchange, verdict }) => [exchange, verdict])).toEqual(
        exchanges.flatMap((id) => authentications.map(() => [id, 'kept'])),
      )
      for (const authentication of authentications) {
        const { kept, broken, skipped } = await verifyTokenService({ ...target, credentials, authentication })
        const others = authentications.length - 1
        expect([kept, broken, skipped]).toEqual([exchanges.length, 0, others * exchanges.length])
      }
    } finally {
      await server.close()
    }
  })
})
