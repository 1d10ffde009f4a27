// The mock with signed access tokens, as a server of its own. Argument: the algorithm.
const imported = new URL('../../dist/src/host/server.js', import.meta.url).href
const { startTokenServer } = await import(imported)
const [, , alg] = process.argv
const { url } = await startTokenServer({ services: ['rfc6749'], accessTokens: { format: 'jwt', alg } })
process.stdout.write(`${JSON.stringify({ url })}\n`)
