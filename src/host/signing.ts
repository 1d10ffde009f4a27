// Signers of JWT access tokens: by node:crypto where it is there, which needs no waiting, and by WebCrypto elsewhere.
import type { Signer } from '../engine/issuing.ts'
import { type JsonWebKey, type SigningAlgorithm, signingAlgorithms } from '../oauth/words.ts'
import type { JwtOptions } from '../service/config.ts'
import { TokenwrightError } from '../service/error.ts'
import { createNodeSigner } from './node-signer.ts'
import { createWebSigner } from './web-signer.ts'

/** The keys that each algorithm signs with. @see RFC 7518 §6, RFC 8037 §2 */
const keyTypes: Readonly<Record<SigningAlgorithm, { readonly kty: string; readonly crv?: string }>> = {
  ES256: { kty: 'EC', crv: 'P-256' },
  RS256: { kty: 'RSA' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
}

/**
 * A signer for the options, which makes its key when it first signs.
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`
 */
export function createSigner({ alg = 'ES256', key, seed }: JwtOptions): Signer {
  if (!signingAlgorithms.includes(alg)) {
    throw invalid(`expected alg to be ${signingAlgorithms.join(', ')}, received another`)
  }
  if (key !== undefined && seed !== undefined) throw invalid('expected a key or a seed, received both')
  if (key !== undefined && typeof key.d !== 'string')
    throw invalid('expected key to be a private JWK, received one without "d"')
  if (key !== undefined && !isFor(alg, key))
    throw invalid(`expected key to be a private JWK for signatures by ${alg}, received another`)
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')
  if (crypto !== undefined) return createNodeSigner(crypto, alg, key, seed)
  if (seed !== undefined)
    throw invalid('expected a key in place of a seed, which this runtime cannot make a key of')
  return createWebSigner(alg, key)
}

/** By what the key says of itself. @see RFC 7517 §4.2, §4.4 */
function isFor(alg: SigningAlgorithm, key: JsonWebKey): boolean {
  const { kty, crv } = keyTypes[alg]
  const { alg: ownAlg = alg, use = 'sig' } = key
  return key.kty === kty && key.crv === crv && ownAlg === alg && use === 'sig'
}

function invalid(problem: string): TokenwrightError {
  return new TokenwrightError('ERR_OPTION_INVALID', `accessTokens: ${problem}`)
}
