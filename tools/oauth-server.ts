// oidc-provider, a real OAuth server, as a child process of the demo: it sends its token endpoint and ends with its parent.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

const [client_id = '', client_secret = ''] = process.argv.slice(2)
const server = createServer()
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const provider = new Provider(issuer, {
  clients: [
    {
      client_id,
      client_secret,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
})
server.on('request', provider.callback())
process.on('disconnect', () => process.exit())
process.send?.(`${issuer}/token`)
