// Clients that others wrote agree: discovery, every grant and client authentication, and access tokens that are JWTs.
import { createRemoteJWKSet, type GenerateKeyPairResult, jwtVerify } from 'jose'
import * as openid from 'openid-client'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer, type TokenServerOptions } from '../../src/host/server.ts'
import { type ClientMetadata, type SigningAlgorithm, signingAlgorithms } from '../../src/oauth/words.ts'
import { startOfTime } from '../host/hosts.ts'
import { type ClientKeys, createClientKeys } from './conversation.ts'

const opaque = expect.stringMatching(/^[\w-]{43}$/)
// openid-client gives token types in lower case.
const bearer = { access_token: opaque, token_type: 'bearer', expires_in: 3600 }
const user = { username: 'example-user', password: 'example-password' }
const now = startOfTime / 1000

let keys: ClientKeys
let clients: readonly ClientMetadata[]
beforeAll(async () => {
  keys = await createClientKeys()
  clients = [{ client_id: 'key-client', jwks: { keys: keys.published } }]
})

/** How each client shows itself; openid-client calls the third algorithm `Ed25519`. */
const authentications: ReadonlyArray<
  [method: string, client_id: string, authentication: () => openid.ClientAuth]
> = [
  ['client_secret_basic', 'example-client', () => openid.ClientSecretBasic('example-secret')],
  ['client_secret_post', 'example-client', () => openid.ClientSecretPost('example-secret')],
  ...signingAlgorithms.map((alg): [string, string, () => openid.ClientAuth] => [
    `private_key_jwt, ${alg}`,
    'key-client',
    () => assertedBy(keys.own[alg]),
  ]),
]

const metadataForms: ReadonlyArray<[form: string, algorithm: 'oidc' | 'oauth2', base: string, path: string]> =
  [
    ['OpenID Connect, at the root', 'oidc', '', '/.well-known/openid-configuration'],
    ['RFC 8414, at the root', 'oauth2', '', '/.well-known/oauth-authorization-server'],
    ['OpenID Connect, under a path', 'oidc', '/rfc6749', '/rfc6749/.well-known/openid-configuration'],
    ['RFC 8414, under a path', 'oauth2', '/rfc6749', '/.well-known/oauth-authorization-server/rfc6749'],
  ]

describe('openid-client', () => {
  test.each(metadataForms)('discovers the server: %s', async (_form, algorithm, base, path) => {
    await using server = await start()
    const configuration = await discover(server, base, algorithm)
    const [found] = server.journal.entries()
    expect(found?.path).toBe(path)
    expect(configuration.serverMetadata()).toMatchObject({
      issuer: server.url + base,
      token_endpoint: `${server.url}${base}/token`,
      jwks_uri: `${server.url}${base}/jwks`,
    })
    expect(await openid.clientCredentialsGrant(configuration)).toEqual(bearer)
  })

  test('discovers the server beside others, under its own path alone', async () => {
    await using server = await start({ services: ['prove', 'moov', 'rfc6749'] })
    const configuration = await discover(server, '/rfc6749', 'oauth2')
    expect(await openid.clientCredentialsGrant(configuration)).toEqual(bearer)
    await expect(discover(server, '', 'oauth2')).rejects.toMatchObject({
      code: 'OAUTH_RESPONSE_IS_NOT_CONFORM',
    })
  })

  describe.each(authentications)('with %s', (_method, client_id, authentication) => {
    test.each(['', '/rfc6749'])('is given every grant at "%s"', async (base) => {
      await using server = await start()
      const configuration = await discover(server, base, 'oauth2', client_id, authentication())
      expect(await openid.clientCredentialsGrant(configuration, { scope: 'read' })).toEqual({
        ...bearer,
        scope: 'read',
      })
      const first = await openid.genericGrantRequest(configuration, 'password', user)
      expect(first).toEqual({ ...bearer, refresh_token: opaque })
      const second = await openid.refreshTokenGrant(configuration, first.refresh_token ?? '')
      expect(second).toEqual({ ...bearer, refresh_token: opaque })
      expect(second.access_token).not.toBe(first.access_token)
    })

    test('is told of a token until it revokes it', async () => {
      await using server = await start()
      const configuration = await discover(server, '', 'oidc', client_id, authentication())
      const { access_token } = await openid.genericGrantRequest(configuration, 'password', user)
      expect(await openid.tokenIntrospection(configuration, access_token)).toEqual({
        active: true,
        token_type: 'Bearer',
        username: 'example-user',
        iss: server.url,
        aud: server.url,
        sub: 'example-user',
        client_id,
        iat: now,
        exp: now + 3600,
      })
      await openid.tokenRevocation(configuration, access_token)
      expect(await openid.tokenIntrospection(configuration, access_token)).toEqual({ active: false })
    })

    test('understands that its token has expired', async () => {
      await using server = await start()
      // Each time anew, so that assertions go by the server's time.
      const discovered = () => discover(server, '', 'oidc', client_id, authentication())
      const { access_token } = await openid.clientCredentialsGrant(await discovered())
      server.clock.advance('59m59s')
      expect(await openid.tokenIntrospection(await discovered(), access_token)).toMatchObject({
        active: true,
      })
      server.clock.advance('1s')
      expect(await openid.tokenIntrospection(await discovered(), access_token)).toEqual({ active: false })
    })
  })

  test('understands that an assertion by the key of another is refused', async () => {
    await using server = await start()
    const configuration = await discover(server, '', 'oauth2', 'key-client', assertedBy(keys.another))
    await expect(openid.clientCredentialsGrant(configuration)).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: 'token endpoint' } }],
    })
  })

  test('needs no secret as a public client, which acts for users alone', async () => {
    await using server = await start({ clients: [{ client_id: 'public-client' }] })
    const configuration = await discover(server, '', 'oauth2', 'public-client', openid.None())
    const { refresh_token } = await openid.genericGrantRequest(configuration, 'password', user)
    expect(await openid.refreshTokenGrant(configuration, refresh_token ?? '')).toEqual({
      ...bearer,
      refresh_token: opaque,
    })
    await expect(openid.clientCredentialsGrant(configuration)).rejects.toMatchObject({
      status: 400,
      error: 'unauthorized_client',
    })
  })
})

describe('jose', () => {
  test.each(signingAlgorithms)('verifies access tokens by the published key, %s', async (alg) => {
    await using server = await start({ accessTokens: { format: 'jwt', alg } })
    const { payload, protectedHeader, keySet } = await obtainJwt(server)
    expect(protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: opaque })
    expect(keySet?.keys).toEqual([publicKey(alg)])
    expect(payload).toEqual({
      iss: server.url,
      aud: server.url,
      sub: 'example-client',
      client_id: 'example-client',
      iat: now,
      exp: now + 3600,
      scope: 'read write',
      jti: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    })
  })

  test.each(signingAlgorithms)(
    "refuses an access token once the server's time is past it, %s",
    async (alg) => {
      await using server = await start({
        accessTokens: { format: 'jwt', alg, audience: 'https://api.example' },
      })
      const { jwt, verify } = await obtainJwt(server, 'https://api.example')
      server.clock.advance('59m59s')
      await expect(verify(jwt)).resolves.toMatchObject({ payload: { aud: 'https://api.example' } })
      server.clock.advance('1s')
      await expect(verify(jwt)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
    },
  )

  test('refuses an access token of another server', async () => {
    await using server = await start({ accessTokens: { format: 'jwt' } })
    await using another = await start({ accessTokens: { format: 'jwt' } })
    const { jwt } = await obtainJwt(server)
    const { verify } = await obtainJwt(another)
    await expect(verify(jwt)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
  })
})

function start(options: TokenServerOptions = {}): Promise<TokenServer> {
  return startTokenServer({ services: ['rfc6749'], clients, now: () => startOfTime, ...options })
}

/** openid-client signs by the machine's time, which is corrected to the server's; half a minute less, as only one of them runs. */
async function discover(
  server: TokenServer,
  base: string,
  algorithm: 'oidc' | 'oauth2',
  client_id = 'example-client',
  authentication = openid.ClientSecretBasic('example-secret'),
): Promise<openid.Configuration> {
  return await openid.discovery(
    new URL(server.url + base),
    client_id,
    { [openid.clockSkew]: Math.floor((server.clock.now() - Date.now()) / 1000) - 30 },
    authentication,
    { algorithm, execute: [openid.allowInsecureRequests] },
  )
}

function assertedBy({ privateKey }: GenerateKeyPairResult): openid.ClientAuth {
  return openid.PrivateKeyJwt(privateKey)
}

async function obtainJwt(server: TokenServer, audience = server.url) {
  const configuration = await discover(server, '', 'oauth2')
  const { jwks_uri = '', issuer } = configuration.serverMetadata()
  const keySource = createRemoteJWKSet(new URL(jwks_uri))
  const verify = (jwt: string) =>
    jwtVerify(jwt, keySource, {
      issuer,
      audience,
      typ: 'at+jwt',
      currentDate: new Date(server.clock.now()),
    })
  const { access_token: jwt } = await openid.clientCredentialsGrant(configuration, { scope: 'read write' })
  return { ...(await verify(jwt)), jwt, verify, keySet: keySource.jwks() }
}

function publicKey(alg: SigningAlgorithm): Readonly<Record<string, unknown>> {
  const part = expect.stringMatching(/^[\w-]+$/)
  const members = {
    ES256: { kty: 'EC', crv: 'P-256', x: part, y: part },
    RS256: { kty: 'RSA', n: part, e: 'AQAB' },
    EdDSA: { kty: 'OKP', crv: 'Ed25519', x: part },
  }
  return { ...members[alg], alg, use: 'sig', kid: opaque }
}
