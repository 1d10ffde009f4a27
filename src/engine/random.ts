// Unguessable strings from an injected source of random bytes.
import { formatBase64url } from '../oauth/base64.ts'

/** Fills the array with random bytes. */
export type RandomSource = (bytes: Uint8Array) => void

/** Strings of random bytes. */
export interface RandomStrings {
  /** 256 bits in Base64url: 43 characters of RFC 6750's b64token. @see RFC 6749 §10.10 */
  readonly token: () => string
  /** A UUID, version 4. @see RFC 9562 §5.4 */
  readonly uuid: () => string
}

const poolBytes = 4096

/** Draws bytes from the source a pool at a time, because one large draw costs as much as a small one. */
export function createRandomStrings(source: RandomSource): RandomStrings {
  const pool = new Uint8Array(poolBytes)
  let used = poolBytes
  const take = (count: number): Uint8Array => {
    if (used + count > poolBytes) {
      source(pool)
      used = 0
    }
    used += count
    return pool.subarray(used - count, used)
  }
  return { token: () => formatBase64url(take(32)), uuid: () => formatUuid(take(16)) }
}

function formatUuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, index) => {
    if (index === 6) return ((byte & 0x0f) | 0x40).toString(16).padStart(2, '0')
    if (index === 8) return ((byte & 0x3f) | 0x80).toString(16).padStart(2, '0')
    return byte.toString(16).padStart(2, '0')
  }).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
