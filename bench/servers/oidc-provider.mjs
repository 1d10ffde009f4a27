// oidc-provider as a user sets it up for client credentials, with everything else as it comes: opaque tokens, kept in
// memory. Arguments: the client's id and secret, and the scopes it may have.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

// It warns that what it keeps in memory is lost at the end, at each of many starts.
console.warn = () => undefined

const [, , client_id = '', client_secret = '', scope = ''] = process.argv
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const server = createServer()
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
const url = `http://127.0.0.1:${port}`
const provider = new Provider(url, {
  clients: [
    {
      client_id,
      client_secret,
      scope,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  scopes: scope.split(' '),
  cookies: { keys: ['example'] },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
})
server.on('request', provider.callback())
process.stdout.write(`${JSON.stringify({ url })}\n`)
