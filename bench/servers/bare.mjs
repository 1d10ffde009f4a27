// The limit of what a mock can reach: node:http that reads and parses the body and sends one fixed reply, or the same
// reply around a token that it signs anew each time. Plain JavaScript, so that its start has no types to strip.
// Arguments: the media type, the reply's body, and `ES256` where it is to sign.
import { createServer } from 'node:http'

const [, , contentType = '', reply = '', algorithm] = process.argv
const grantTypeOf = contentType === 'application/json' ? grantTypeOfJson : grantTypeOfForm
const replyBody = algorithm === 'ES256' ? await signedReply() : () => reply

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
    const isGranted = grantTypeOf(String(body)) === 'client_credentials'
    const text = replyBody()
    response.writeHead(isGranted ? 200 : 400, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(text),
    })
    response.end(text)
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

/** Signs as Node.js documents it for JWTs: synchronously, with a key that is already parsed. */
async function signedReply() {
  // Imported here, so that the script without a signature starts as fast as it can.
  const { generateKeyPairSync, randomUUID, sign } = await import('node:crypto')
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const members = JSON.parse(reply)
  const header = encode({ alg: 'ES256', typ: 'at+jwt', kid: 'example' })
  const claims = { iss: 'http://127.0.0.1', client_id: 'example-client', scope: members.scope }
  return () => {
    const iat = Math.floor(Date.now() / 1000)
    const signed = `${header}.${encode({ ...claims, iat, exp: iat + 3600, jti: randomUUID() })}`
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
    return JSON.stringify({ ...members, access_token: `${signed}.${signature.toString('base64url')}` })
  }
}

/** @param {object} part */
function encode(part) {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
