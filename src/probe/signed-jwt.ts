// JWTs that a client signs: assertions of private_key_jwt, proofs of DPoP, and how either differs from a good one.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  type JsonWebKey as NodeJsonWebKey,
  sign,
} from 'node:crypto'
import { systemRandom, systemTime } from '../host/ambient.ts'
import type { JsonWebKey } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import type { ProbeAssertion, ProbeProof } from './rule.ts'

/** What a client signs with. */
export interface ClientKey {
  readonly alg: string
  readonly kid?: string | undefined
  readonly key: KeyObject
}

const curves: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }

/** Reads a private JWK. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function readClientKey(jwk: JsonWebKey): ClientKey {
  const { kty, crv } = jwk
  const usual = kty === 'EC' ? curves[String(crv)] : kty === 'OKP' ? 'EdDSA' : 'RS256'
  try {
    const key = createPrivateKey({ key: jwk as NodeJsonWebKey, format: 'jwk' })
    return { alg: jwk.alg ?? usual ?? 'RS256', kid: jwk.kid, key }
  } catch {
    // Not the cause: what Node.js says of a key may quote it.
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected key to be a private JWK of a client, received another value',
    )
  }
}

/** A key that nobody has registered. */
export function makeClientKey(): ClientKey {
  return { alg: 'ES256', key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }
}

/** A client assertion. @see RFC 7523 §3 */
export function clientAssertion(
  key: ClientKey,
  clientId: string,
  audience: string,
  { alg, isByAnother, claims = {} }: ProbeAssertion,
): string {
  const now = Math.floor(systemTime() / 1000)
  const good = { iss: clientId, sub: clientId, aud: audience, jti: unique(), iat: now, exp: now + 60 }
  const header = { alg: alg ?? key.alg, kid: key.kid }
  return signed(isByAnother ? makeClientKey() : key, header, { ...good, ...timed(claims, now) })
}

/** A proof of possession. @see RFC 9449 §4.2 */
export function dpopProof(key: ClientKey, url: URL, difference: ProbeProof): string {
  const { alg, typ = 'dpop+jwt', claims = {}, hasPrivateKey = false, isByAnother } = difference
  const now = Math.floor(systemTime() / 1000)
  const good = { jti: unique(), htm: 'POST', htu: url.origin + url.pathname, iat: now }
  const shown = hasPrivateKey ? key.key : createPublicKey(key.key as unknown as string)
  const header = { typ, alg: alg ?? key.alg, jwk: shown.export({ format: 'jwk' }) }
  return signed(isByAnother ? makeClientKey() : key, header, { ...good, ...timed(claims, now) })
}

const times = ['exp', 'iat', 'nbf']

function timed(claims: object, now: number): object {
  const entries = Object.entries(claims).map(([name, value]) => [
    name,
    times.includes(name) && typeof value === 'number' ? now + value : value,
  ])
  return Object.fromEntries(entries)
}

function signed(key: ClientKey, header: { readonly alg: string }, claims: object): string {
  const input = [header, withoutNull(claims)]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${header.alg === 'none' ? '' : signatureOf(input, key)}`
}

function withoutNull(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}

function signatureOf(input: string, { alg, key }: ClientKey): string {
  const digest = /\d{3}$/.exec(alg)?.[0]
  const pss = alg.startsWith('PS') ? { padding: 6, saltLength: -1 } : {}
  return sign(digest === undefined ? null : `sha${digest}`, Buffer.from(input), {
    key,
    dsaEncoding: 'ieee-p1363',
    ...pss,
  }).toString('base64url')
}

function unique(): string {
  const bytes = new Uint8Array(16)
  systemRandom(bytes)
  return Buffer.from(bytes).toString('base64url')
}
