// Verifies Pact files with the compiled package, and prints how many interactions were kept. Arguments: the token endpoint, and
// the files.
const imported = new URL('../dist/src/verify/verify.js', import.meta.url).href
const { verifyTokenService } = await import(imported)
const [, , url = '', ...files] = process.argv
const { kept } = await verifyTokenService({
  url,
  service: 'rfc6749',
  contracts: files,
  authentication: 'client_secret_basic',
  maxRefusals: 1000,
  credentials: {
    client_id: 'example-client',
    client_secret: 'example-secret',
    username: 'example-user',
    password: 'example-password',
  },
})
process.stdout.write(`${JSON.stringify({ kept })}\n`)
