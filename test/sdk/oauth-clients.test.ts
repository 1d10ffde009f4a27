// OAuth clients of general use against the baseline service.
import * as openid from 'openid-client'
import { ClientCredentials, ResourceOwnerPassword } from 'simple-oauth2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'

const token = expect.stringMatching(/^[\w-]{43}$/)
// RFC 6749 §2.3.1 encodes each of these in HTTP Basic.
const client = { client_id: 'acme client', client_secret: "acme: secret/+%&~!'()*" }
const plainClient = { client_id: 'example-client', client_secret: 'example-secret' }
const user = { username: 'example-user', password: 'example-password' }

let server: TokenServer
beforeAll(async () => {
  server = await startTokenServer({ services: ['rfc6749'], clients: [client] })
})
afterAll(() => server.close())

describe('openid-client', () => {
  const authentications: ReadonlyArray<
    [name: string, authentication: (secret: string) => openid.ClientAuth]
  > = [
    ['ClientSecretPost', openid.ClientSecretPost],
    ['ClientSecretBasic', openid.ClientSecretBasic],
  ]
  const configured = (authentication: openid.ClientAuth) => {
    const metadata = {
      issuer: server.url,
      token_endpoint: `${server.url}/token`,
      revocation_endpoint: `${server.url}/revoke`,
    }
    const configuration = new openid.Configuration(metadata, client.client_id, undefined, authentication)
    openid.allowInsecureRequests(configuration)
    return configuration
  }

  test.each(authentications)('is granted a token with %s', async (_name, authentication) => {
    const configuration = configured(authentication(client.client_secret))
    const granted = await openid.clientCredentialsGrant(configuration, { scope: 'read write' })
    expect(granted).toEqual({
      access_token: token,
      token_type: 'bearer',
      expires_in: 3600,
      scope: 'read write',
    })
  })

  test.each(authentications)('refreshes and revokes with %s', async (_name, authentication) => {
    const configuration = configured(authentication(client.client_secret))
    const first = await openid.genericGrantRequest(configuration, 'password', user)
    const second = await openid.refreshTokenGrant(configuration, first.refresh_token ?? '')
    expect(second).toEqual({
      access_token: token,
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: token,
    })
    await openid.tokenRevocation(configuration, second.refresh_token ?? '')
    await expect(openid.refreshTokenGrant(configuration, second.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
      status: 400,
    })
  })

  test.each(authentications)(
    'understands the refusal of a wrong secret with %s',
    async (_name, authentication) => {
      await expect(openid.clientCredentialsGrant(configured(authentication('wrong')))).rejects.toMatchObject({
        cause: [{ scheme: 'basic', parameters: { realm: 'token endpoint' } }],
        status: 401,
      })
    },
  )

  test('understands the refusal of a scope', async () => {
    const configuration = configured(openid.ClientSecretPost(client.client_secret))
    await expect(openid.clientCredentialsGrant(configuration, { scope: '"' })).rejects.toMatchObject({
      error: 'invalid_scope',
      status: 400,
    })
  })
})

describe('simple-oauth2', () => {
  type Options = NonNullable<ConstructorParameters<typeof ClientCredentials>[0]['options']>
  const moduleOptions = (options: Options, { client_id, client_secret }: typeof client) => ({
    client: { id: client_id, secret: client_secret },
    auth: { tokenHost: server.url, tokenPath: '/token', revokePath: '/revoke' },
    options,
  })

  const ways: ReadonlyArray<
    [way: string, options: Options, client: { client_id: string; client_secret: string }]
  > = [
    ['in the header', { authorizationMethod: 'header' }, client],
    ['in the body', { authorizationMethod: 'body' }, client],
    [
      'in the header, unencoded',
      { authorizationMethod: 'header', credentialsEncodingMode: 'loose' },
      plainClient,
    ],
  ]

  test.each(ways)('is granted a token with credentials %s', async (_way, options, client) => {
    const { token: granted } = await new ClientCredentials(moduleOptions(options, client)).getToken({
      scope: ['read', 'write'],
    })
    expect(granted).toEqual({
      access_token: token,
      token_type: 'Bearer',
      expires_in: 3600,
      expires_at: expect.any(Date),
      scope: 'read write',
    })
  })

  test.each(ways)('refreshes, once with each token, with credentials %s', async (_way, options, client) => {
    const first = await new ResourceOwnerPassword(moduleOptions(options, client)).getToken(user)
    const second = await first.refresh()
    expect(second.token).toEqual({
      access_token: token,
      token_type: 'Bearer',
      expires_in: 3600,
      expires_at: expect.any(Date),
      refresh_token: token,
    })
    await expect(first.refresh()).rejects.toMatchObject({
      output: { statusCode: 400 },
      data: { payload: { error: 'invalid_grant' } },
    })
  })

  test('is refused when it leaves what RFC 6749 has encoded unencoded', async () => {
    const options = { authorizationMethod: 'header', credentialsEncodingMode: 'loose' } as const
    const refused = new ClientCredentials(moduleOptions(options, client)).getToken({})
    await expect(refused).rejects.toMatchObject({
      output: { statusCode: 401 },
      data: { payload: { error: 'invalid_client' } },
    })
    expect(server.journal.entries().at(-1)?.refused?.rule).toBe('rfc6749-2.3.1-basic-syntax')
  })
})
