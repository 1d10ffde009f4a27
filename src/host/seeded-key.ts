// Keys that follow from a seed, so that a test's tokens and key set are the same each time. No secret for anything else.
import type { JsonWebKey } from 'node:crypto'
import type { SigningAlgorithm } from '../oauth/words.ts'

type NodeCrypto = typeof import('node:crypto')

/** The private key of a seed. The same seed gives the same key on every machine. */
export function seededKey(crypto: NodeCrypto, alg: SigningAlgorithm, seed: string): JsonWebKey {
  const stream = createStream(crypto, `${alg} ${seed}`)
  if (alg === 'ES256') return seededP256(crypto, stream)
  return alg === 'EdDSA' ? seededEd25519(crypto, stream) : seededRsa(crypto, stream)
}

type Stream = (length: number) => Buffer

/** Bytes without end: SHA-256 of the seed and a counter. */
function createStream(crypto: NodeCrypto, seed: string): Stream {
  let counter = 0
  return (length) => {
    const blocks: Buffer[] = []
    for (let size = 0; size < length; size += 32) {
      blocks.push(crypto.createHash('sha256').update(`${counter} ${seed}`).digest())
      counter += 1
    }
    return Buffer.concat(blocks).subarray(0, length)
  }
}

function seededP256(crypto: NodeCrypto, stream: Stream): JsonWebKey {
  const exchange = crypto.createECDH('prime256v1')
  const d = stream(32)
  // Below 2^255, and so below the order of the curve.
  d[0] = (d[0] ?? 0) & 0x7f
  exchange.setPrivateKey(d)
  const point = exchange.getPublicKey()
  return {
    kty: 'EC',
    crv: 'P-256',
    d: d.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
}

/** PKCS #8 of an Ed25519 key, up to its 32 bytes. @see RFC 8410 §7 */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

function seededEd25519(crypto: NodeCrypto, stream: Stream): JsonWebKey {
  const key = Buffer.concat([ed25519Prefix, stream(32)])
  return crypto.createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
}

const publicExponent = 65_537n

function seededRsa(crypto: NodeCrypto, stream: Stream): JsonWebKey {
  const p = seededPrime(crypto, stream)
  let q = seededPrime(crypto, stream)
  while (q === p) q = seededPrime(crypto, stream)
  const d = inverse(publicExponent, (p - 1n) * (q - 1n))
  return {
    kty: 'RSA',
    n: encode(p * q),
    e: encode(publicExponent),
    d: encode(d),
    p: encode(p),
    q: encode(q),
    dp: encode(d % (p - 1n)),
    dq: encode(d % (q - 1n)),
    qi: encode(inverse(q, p)),
  }
}

/** A prime of 1024 bits, the upper two of them set, so that the product of two has 2048. */
function seededPrime(crypto: NodeCrypto, stream: Stream): bigint {
  const bytes = stream(128)
  bytes[0] = (bytes[0] ?? 0) | 0xc0
  let candidate = BigInt(`0x${bytes.toString('hex')}`) | 1n
  while ((candidate - 1n) % publicExponent === 0n || !crypto.checkPrimeSync(candidate)) candidate += 2n
  return candidate
}

/** The number that, times `value`, leaves 1 of `modulus`: the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [0n, 1n]
  let [dividend, divisor] = [modulus, value % modulus]
  while (divisor > 0n) {
    const quotient = dividend / divisor
    ;[previous, current] = [current, previous - quotient * current]
    ;[dividend, divisor] = [divisor, dividend - quotient * divisor]
  }
  return ((previous % modulus) + modulus) % modulus
}

function encode(value: bigint): string {
  const digits = value.toString(16)
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex').toString('base64url')
}
