// Token servers that are not ours, each on a free port with the same client, user and refresh tokens as far as it has them.
import { buffer } from 'node:stream/consumers'
import { AuthorizationServer, type OAuthToken } from '@jmondi/oauth2-server'
import { handleVanillaError, requestFromVanilla, responseToVanilla } from '@jmondi/oauth2-server/vanilla'
import OAuth2Server from '@node-oauth/oauth2-server'
import { type ClientAuthMethod, Provider } from 'oidc-provider'
import type { Credentials } from '../../src/fixture/message.ts'
import { listen, type RecordingServer, type RunningServer, startRecording } from './service.ts'

/** What every product is told to know. */
export const known = {
  client_id: 'product-client',
  client_secret: 'product-secret',
  username: 'product-user',
  password: 'product-password',
} as const satisfies Credentials

const form = 'application/x-www-form-urlencoded'

/** A product that listens. */
export interface RunningProduct extends RunningServer {
  /** With a refresh token where the product gives one out of band. */
  readonly credentials: Credentials
}

/** oidc-provider: no password grant, and refresh tokens by a user's consent alone, which is put into its store here. */
export async function startOidcProvider(method: ClientAuthMethod): Promise<RunningProduct> {
  let answer: ReturnType<Provider['callback']> | undefined
  const server = await listen((request, response) => answer?.(request, response))
  const provider = new Provider(server.origin, {
    clients: [
      {
        client_id: known.client_id,
        client_secret: known.client_secret,
        token_endpoint_auth_method: method,
        grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
        redirect_uris: ['https://client.example/callback'],
        response_types: ['code'],
      },
    ],
    scopes: ['read', 'write', 'offline_access'],
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  })
  answer = provider.callback()
  return { ...server, credentials: { ...known, refresh_token: await refreshTokenOf(provider) } }
}

/** A refresh token that a user has consented to, put into the provider's store. */
export async function refreshTokenOf(provider: Provider): Promise<string> {
  const client = await provider.Client.find(known.client_id)
  if (client === undefined) throw new Error('expected oidc-provider to know its client')
  const scope = 'openid offline_access read write'
  const grant = new provider.Grant({ accountId: known.username, clientId: known.client_id })
  grant.addOIDCScope(scope)
  const grantId = await grant.save()
  const token = new provider.RefreshToken({
    client,
    accountId: known.username,
    grantId,
    scope,
    gty: 'authorization_code',
    rotations: 0,
  } as ConstructorParameters<Provider['RefreshToken']>[0])
  return await token.save()
}

/** `@node-oauth/oauth2-server`, the way its own adapters use it. */
export async function startNodeOauth(): Promise<RunningProduct> {
  const refreshTokens = new Map<string, OAuth2Server.RefreshToken>()
  const client = { id: known.client_id, grants: ['client_credentials', 'password', 'refresh_token'] }
  const product = new OAuth2Server({
    model: {
      getClient: async (id, secret) =>
        id === known.client_id && secret === known.client_secret ? client : false,
      getUser: async (username, password) =>
        username === known.username && password === known.password ? { username } : false,
      getUserFromClient: async ({ id }) => ({ username: id }),
      validateScope: async (_user, _client, scope) => scope ?? ['read'],
      saveToken: async (token, client, user) => {
        const saved = { ...token, client, user }
        if (token.refreshToken !== undefined)
          refreshTokens.set(token.refreshToken, saved as OAuth2Server.RefreshToken)
        return saved
      },
      getAccessToken: async () => false,
      getRefreshToken: async (token) => refreshTokens.get(token) ?? false,
      revokeToken: async ({ refreshToken }) => refreshTokens.delete(refreshToken),
    },
  } as OAuth2Server.ServerOptions)
  const server = await listen(async (request, outgoing) => {
    const text = (await buffer(request)).toString()
    const response = new OAuth2Server.Response()
    const incoming = new OAuth2Server.Request({
      method: request.method ?? '',
      query: {},
      headers: request.headers as Record<string, string>,
      body: Object.fromEntries(new URLSearchParams(text)),
    })
    // Its error is in the response too, other than for a request that it does not even take up.
    const error = await product.token(incoming, response).then(
      () => undefined,
      (error: OAuth2Server.OAuthError) => error,
    )
    const status = error?.code ?? response.status ?? 200
    outgoing.writeHead(status, { ...response.headers, 'content-type': 'application/json' })
    outgoing.end(
      JSON.stringify(
        error === undefined ? response.body : { error: error.name, error_description: error.message },
      ),
    )
  })
  return { ...server, credentials: known }
}

/** `@jmondi/oauth2-server`, by its adapter for the Fetch API. */
export async function startJmondi(): Promise<RunningProduct> {
  const tokens = new Map<string, OAuthToken>()
  const revoked = new Set<string>()
  const client = {
    id: known.client_id,
    name: 'product',
    secret: known.client_secret,
    redirectUris: [],
    allowedGrants: ['client_credentials' as const, 'password' as const, 'refresh_token' as const],
    scopes: [{ name: 'read' }, { name: 'write' }],
  }
  let issued = 0
  const product = new AuthorizationServer(
    {
      getByIdentifier: async (id) => {
        // Its contract lets a repository give nothing for an unknown client, though its type does not say so.
        return (id === client.id ? client : undefined) as typeof client
      },
      isClientValid: async (_grant, { secret }, presented) => secret === presented,
    },
    {
      issueToken: async (client, scopes, user) => {
        issued += 1
        return {
          accessToken: `access-${issued}`,
          accessTokenExpiresAt: new Date(0),
          client,
          scopes,
          user: user ?? null,
        }
      },
      issueRefreshToken: async (token) => {
        token.refreshToken = `refresh-${issued}`
        tokens.set(token.refreshToken, token)
        return token
      },
      persist: async () => {},
      revoke: async ({ refreshToken }) => {
        revoked.add(refreshToken ?? '')
      },
      isRefreshTokenRevoked: async ({ refreshToken }) => revoked.has(refreshToken ?? ''),
      getByRefreshToken: async (id) => {
        const token = tokens.get(id)
        if (token === undefined) throw new Error('no such refresh token')
        return token
      },
    },
    {
      getAllByIdentifiers: async (names) => client.scopes.filter(({ name }) => names.includes(name)),
      finalize: async (scopes) => scopes,
    },
    'a key that signs its tokens, long enough for HMAC',
  )
  product.enableGrantTypes('client_credentials', 'refresh_token', {
    grant: 'password',
    userRepository: {
      getUserByCredentials: async (id, password) =>
        id === known.username && password === known.password ? { id } : undefined,
    },
  })
  const server = await listen(async (request, outgoing) => {
    const { method = '' } = request
    const body = await buffer(request)
    const incoming = new Request(`http://127.0.0.1${request.url}`, {
      method,
      headers: request.headers as Record<string, string>,
      ...(method !== 'GET' && method !== 'HEAD' && { body }),
    })
    // It throws before it promises where it knows no such grant.
    const response = await requestFromVanilla(incoming)
      .then((parsed) => product.respondToAccessTokenRequest(parsed))
      .catch(handleVanillaError)
      .then(responseToVanilla)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(await response.text())
  })
  return { ...server, credentials: known }
}

/** A server that passes on to a product what comes to one path in one media type, and knows nothing else. */
export async function startBefore(
  product: RunningProduct,
  { path = '/token', contentType = form }: { readonly path?: string; readonly contentType?: string } = {},
): Promise<RecordingServer> {
  return await startRecording(async (response, { url, headers, body }) => {
    if (url !== path || headers['content-type'] !== contentType) {
      response.writeHead(url === path ? 415 : 404).end()
      return
    }
    const parameters = contentType === form ? body : new URLSearchParams(JSON.parse(body))
    const { authorization } = headers
    const reply = await fetch(`${product.origin}/token`, {
      method: 'POST',
      headers: { 'content-type': form, ...(authorization && { authorization }) },
      body: String(parameters),
    })
    const text = await reply.text()
    response.writeHead(reply.status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
    response.end(text)
  })
}
