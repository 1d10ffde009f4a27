// Signing by WebCrypto, for runtimes without node:crypto.
import type { Signer } from '../engine/issuing.ts'
import type { JsonWebKey, SigningAlgorithm } from '../oauth/words.ts'

/** Signs with a given key, or with one of its own. */
export function createWebSigner(alg: SigningAlgorithm, given: JsonWebKey | undefined): Signer {
  let made: ReturnType<typeof prepare> | undefined
  const signingKey = () => {
    made ??= prepare(alg, given)
    return made
  }
  return {
    sign: async (claims) => {
      const { jose, privateKey, kid } = await signingKey()
      return await new jose.SignJWT({ ...claims })
        .setProtectedHeader({ alg, typ: 'at+jwt', kid })
        .sign(privateKey)
    },
    publicKeys: async () => [(await signingKey()).publicJwk],
  }
}

async function prepare(alg: SigningAlgorithm, given: JsonWebKey | undefined) {
  const jose = await import('jose')
  const pair = given === undefined ? await jose.generateKeyPair(alg, { extractable: true }) : undefined
  const privateJwk = given ?? (await jose.exportJWK(pair?.privateKey as Parameters<typeof jose.exportJWK>[0]))
  const { kty, crv, x, y, n, e } = privateJwk as JsonWebKey
  const members = JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })) as JsonWebKey
  const kid = given?.kid ?? (await jose.calculateJwkThumbprint(members))
  const privateKey = pair?.privateKey ?? (await jose.importJWK({ ...privateJwk, kty }, alg))
  return { jose, privateKey, kid, publicJwk: { ...members, alg, use: 'sig', kid } }
}
