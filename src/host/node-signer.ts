// Signing by node:crypto: at once, because a signature takes less time than a turn of the event loop costs others.
import type { KeyObject, JsonWebKey as NodeJsonWebKey } from 'node:crypto'
import type { Signer } from '../engine/issuing.ts'
import type { JsonWebKey, SigningAlgorithm } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import { seededKey } from './seeded-key.ts'

type NodeCrypto = typeof import('node:crypto')

interface SigningKey {
  readonly key: KeyObject
  readonly header: string
  readonly publicKey: JsonWebKey
}

/** Signs with a given key, one made from a seed, or one of its own. */
export function createNodeSigner(
  crypto: NodeCrypto,
  alg: SigningAlgorithm,
  given: JsonWebKey | undefined,
  seed: string | undefined,
): Signer {
  let made: SigningKey | undefined
  const signingKey = () => {
    made ??= prepare(crypto, alg, privateKeyOf(crypto, alg, given, seed), given?.kid)
    return made
  }
  const digest = digestOf(alg)
  // A given key is looked at once, before anything is served.
  if (given !== undefined) signingKey()
  return {
    sign: (claims) => {
      const { key, header } = signingKey()
      const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
      const signature = crypto.sign(digest, Buffer.from(input), key)
      return `${input}.${(alg === 'ES256' ? joinedSignature(signature) : signature).toString('base64url')}`
    },
    publicKeys: () => [signingKey().publicKey],
  }
}

function privateKeyOf(
  crypto: NodeCrypto,
  alg: SigningAlgorithm,
  given: JsonWebKey | undefined,
  seed: string | undefined,
): KeyObject {
  if (seed !== undefined) return crypto.createPrivateKey({ key: seededKey(crypto, alg, seed), format: 'jwk' })
  if (given === undefined) return generateKey(crypto, alg)
  try {
    const key = crypto.createPrivateKey({ key: given as NodeJsonWebKey, format: 'jwk' })
    requireKeyPair(crypto, alg, key)
    return key
  } catch {
    // Not the cause: what Node.js says of a key may quote it.
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `accessTokens: expected key to be a private JWK for ${alg}, received another`,
    )
  }
}

/** The length of each of the two numbers of a signature by P-256, in bytes. */
const numberBytes = 32

/**
 * The two numbers of an ECDSA signature in DER, side by side as RFC 7518 §3.4 has them. Node.js would join them too
 * (`dsaEncoding`), in as much time as it takes to sign.
 */
export function joinedSignature(der: Uint8Array): Buffer {
  const joined = Buffer.alloc(2 * numberBytes)
  // After the tag and length of the sequence; every length here is a single byte.
  let at = 2
  for (const end of [numberBytes, 2 * numberBytes]) {
    const next = at + 2 + (der[at + 1] ?? 0)
    // A number may be shorter, or have a zero before it that keeps it from being negative.
    const number = der.subarray(Math.max(at + 2, next - numberBytes), next)
    joined.set(number, end - number.length)
    at = next
  }
  return joined
}

/** RFC 7518 §3.3: 2048 bits or more, as jose and others verify by no less. */
const leastRsaBits = 2048

/** Node.js takes a private part with a public one that is not its own. */
function requireKeyPair(crypto: NodeCrypto, alg: SigningAlgorithm, key: KeyObject): void {
  const { modulusLength = leastRsaBits } = key.asymmetricKeyDetails ?? {}
  const text = Buffer.from('')
  const digest = digestOf(alg)
  const isPair = crypto.verify(digest, text, publicKeyOf(crypto, key), crypto.sign(digest, text, key))
  if (!isPair || modulusLength < leastRsaBits) throw new Error('no key to sign with')
}

/** Ed25519 has a digest of its own. */
function digestOf(alg: SigningAlgorithm): 'sha256' | null {
  return alg === 'EdDSA' ? null : 'sha256'
}

/** The types of Node.js do not have what it documents: the public key of a private one. */
function publicKeyOf(crypto: NodeCrypto, key: KeyObject): KeyObject {
  return crypto.createPublicKey(key as unknown as string)
}

function generateKey(crypto: NodeCrypto, alg: SigningAlgorithm): KeyObject {
  if (alg === 'ES256') return crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  if (alg === 'EdDSA') return crypto.generateKeyPairSync('ed25519').privateKey
  return crypto.generateKeyPairSync('rsa', { modulusLength: leastRsaBits }).privateKey
}

function prepare(
  crypto: NodeCrypto,
  alg: SigningAlgorithm,
  key: KeyObject,
  given: string | undefined,
): SigningKey {
  const { kty, crv, x, y, n, e } = publicKeyOf(crypto, key).export({ format: 'jwk' })
  // RFC 7638 §3.2: the required members in lexical order.
  const members = { ...(crv !== undefined && { crv }), ...(e !== undefined && { e }), kty, n, x, y }
  const kid = given ?? crypto.createHash('sha256').update(JSON.stringify(members)).digest('base64url')
  const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt', kid })).toString('base64url')
  const publicKey = JSON.parse(JSON.stringify({ ...members, alg, use: 'sig', kid })) as JsonWebKey
  return { key, header, publicKey }
}
