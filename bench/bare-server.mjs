// The limit of what the mock can reach: node:http that reads and parses the body and sends one fixed reply.
// Plain JavaScript, so that its start has no types to strip. Arguments: the media type, the reply's body.
import { createServer } from 'node:http'

const [, , contentType = '', reply = ''] = process.argv
const grantTypeOf = contentType === 'application/json' ? grantTypeOfJson : grantTypeOfForm

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
    response.writeHead(grantTypeOf(String(body)) === 'client_credentials' ? 200 : 400, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(reply),
    })
    response.end(reply)
  })
})

server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})

/** @param {string} text */
function grantTypeOfForm(text) {
  return new URLSearchParams(text).get('grant_type')
}

/** @param {string} text */
function grantTypeOfJson(text) {
  return JSON.parse(text).grant_type
}
