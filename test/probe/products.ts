// More token servers that are not ours: oauth2orize, as its README shows it, and oidc-provider with the endpoints that it
// has beside the token endpoint.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'
import { text } from 'node:stream/consumers'
import oauth2orize from 'oauth2orize'
import { Provider } from 'oidc-provider'
import { known, type RunningProduct, refreshTokenOf } from '../verify/products.ts'
import { listen } from '../verify/service.ts'

/** A second client that every product here knows. */
export const secondClient = { client_id: 'second-client', client_secret: 'second-secret' } as const

const secrets: ReadonlyMap<string, string> = new Map([
  [known.client_id, known.client_secret],
  [secondClient.client_id, secondClient.client_secret],
])

/** oauth2orize, behind the client authentication of Basic and of the body that its README asks for. */
export async function startOauth2orize(): Promise<RunningProduct> {
  const server = oauth2orize.createServer()
  const refreshTokens = new Map<string, { readonly client: string; readonly scope: readonly string[] }>()
  const tokenOf = () => randomBytes(32).toString('base64url')
  const issue = (client: string, scope: readonly string[] = ['read']) => {
    const refreshToken = tokenOf()
    refreshTokens.set(refreshToken, { client, scope })
    return [tokenOf(), refreshToken, { scope: scope.join(' '), expires_in: 3600 }] as const
  }
  server.exchange(
    oauth2orize.exchange.clientCredentials((_client, asked, done) => {
      // An empty scope comes as it is.
      const scope = asked || undefined
      if (!isKnown(scope)) return done(new oauth2orize.TokenError('unknown scope', 'invalid_scope'))
      done(null, tokenOf(), null, { scope: (scope ?? ['read']).join(' '), expires_in: 3600 })
    }),
  )
  server.exchange(
    oauth2orize.exchange.password((client, username, password, asked, done) => {
      const scope = asked || undefined
      if (username !== known.username || password !== known.password) return done(null, false)
      if (!isKnown(scope)) return done(new oauth2orize.TokenError('unknown scope', 'invalid_scope'))
      done(null, ...issue(client.id, scope))
    }),
  )
  server.exchange(
    oauth2orize.exchange.refreshToken((client, refreshToken, _scope, done) => {
      const granted = refreshTokens.get(refreshToken)
      if (granted === undefined || granted.client !== client.id) return done(null, false)
      refreshTokens.delete(refreshToken)
      done(null, ...issue(client.id, granted.scope))
    }),
  )
  const token = server.token()
  const refuse = server.errorHandler()
  const running = await listen(async (request, response) => {
    const body = await bodyOf(request)
    if (request.method !== 'POST' || request.url?.split('?')[0] !== '/token') {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<pre>Cannot do that</pre>')
      return
    }
    const client = clientOf(request, body)
    if (client === undefined) {
      // What passport answers where none of its strategies knows the client.
      response.writeHead(401, { 'www-authenticate': 'Basic realm="Users"' }).end('Unauthorized')
      return
    }
    token(Object.assign(request, { body, user: { id: client } }), response, (error) =>
      refuse(error, request, response, () => response.destroy()),
    )
  })
  return { ...running, credentials: known }
}

function isKnown(scope: readonly string[] | undefined): boolean {
  return scope?.every((each) => ['read', 'write'].includes(each)) ?? true
}

/** What a parser for forms leaves: parameters that are repeated are lists, and what is no form has none. */
async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await text(request)
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
  return type === 'application/x-www-form-urlencoded' ? { ...parse(body) } : {}
}

/** By Basic or by the body, as the strategies of passport read them. */
function clientOf({ headers }: IncomingMessage, body: Record<string, unknown>): string | undefined {
  const [, basic = ''] = /^basic (.*)$/i.exec(headers.authorization ?? '') ?? []
  const [id = '', ...rest] = Buffer.from(basic, 'base64').toString().split(':')
  const pairs = [
    [id, rest.join(':')],
    [body.client_id, body.client_secret],
  ]
  const [client] = pairs.find(([id, secret]) => secret && secrets.get(String(id)) === secret) ?? []
  return client === undefined ? undefined : String(client)
}

/** oidc-provider with introspection, revocation and proofs of possession; clients use Basic. */
export async function startWholeOidcProvider(): Promise<RunningProduct> {
  let answer: ReturnType<Provider['callback']> | undefined
  const server = await listen((request, response) => answer?.(request, response))
  const provider = new Provider(server.origin, {
    clients: [known, secondClient].map(({ client_id, client_secret }) => ({
      client_id,
      client_secret,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
      redirect_uris: ['https://client.example/callback'],
      response_types: ['code'],
    })),
    scopes: ['read', 'write', 'offline_access'],
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      dPoP: { enabled: true },
      devInteractions: { enabled: false },
    },
  })
  answer = provider.callback()
  const { client_id, client_secret } = known
  return {
    ...server,
    credentials: { client_id, client_secret, refresh_token: await refreshTokenOf(provider) },
  }
}
