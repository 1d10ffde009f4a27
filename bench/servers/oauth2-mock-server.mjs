// oauth2-mock-server as its own command starts it, with one new key. Argument: the key's algorithm.
import { OAuth2Server } from 'oauth2-mock-server'

const [, , algorithm = 'RS256'] = process.argv
const server = new OAuth2Server()
await server.issuer.keys.generate(algorithm)
await server.start(0, '127.0.0.1')
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`)
