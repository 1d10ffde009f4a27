// Verifies Pact files as pact-core does by itself, with the least state server that there can be, and prints how many
// interactions were kept. Arguments: the token endpoint, and the files.
import { createServer } from 'node:http'

process.env.PACT_DO_NOT_TRACK = 'true'
process.env.LOG_LEVEL = 'error'
const { default: pact } = (await import('@pact-foundation/pact-core')).default
const [, , url = '', ...files] = process.argv

/** @param {string} secret */
const basic = (secret) => `Basic ${Buffer.from(`example-client:${secret}`).toString('base64')}`
const values = JSON.stringify({
  client_id: 'example-client',
  client_secret: 'example-secret',
  authorization: basic('example-secret'),
  authorization_with_wrong_secret: basic('tokenwright-wrong-value'),
  username: 'example-user',
  password: 'example-password',
})
const states = createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json' }).end(values)
})
await new Promise((resolve) => states.listen(0, '127.0.0.1', () => resolve(undefined)))
const { port } = /** @type {import('node:net').AddressInfo} */ (states.address())
const output = await pact.verifyPacts({
  provider: 'rfc6749',
  providerBaseUrl: new URL(url).origin,
  pactUrls: files,
  providerStatesSetupUrl: `http://127.0.0.1:${port}/`,
  logLevel: 'error',
})
const { interactionResults = [] } = JSON.parse(output)
const kept = interactionResults.filter(
  (/** @type {{ result: string }} */ { result }) => result === 'OK',
).length
process.stdout.write(`${JSON.stringify({ kept })}\n`)
states.close()
