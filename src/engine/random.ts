// Unguessable strings from an injected source of random bytes.

/** Fills the array with random bytes. */
export type RandomSource = (bytes: Uint8Array) => void

/** Strings of random characters. */
export interface RandomStrings {
  /** 43 characters of Base64url, which is RFC 6750's b64token: 258 bits. @see RFC 6749 §10.10 */
  readonly token: () => string
  /** A UUID, version 4. @see RFC 9562 §5.4 */
  readonly uuid: () => string
}

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const hex = '0123456789abcdef'
const poolBytes = 4096
const ascii = new TextDecoder()

/** Draws from the source a pool at a time, because one large draw costs as much as a small one. */
export function createRandomStrings(source: RandomSource): RandomStrings {
  const draw = createDraw(source, base64url)
  const drawHex = createDraw(source, hex)
  return { token: () => draw(43), uuid: () => formatUuid(drawHex(32)) }
}

/** Draws characters of an alphabet whose size is a power of two up to 256, so that each is as likely as any other. */
function createDraw(source: RandomSource, alphabet: string): (length: number) => string {
  const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0))
  const mask = codes.length - 1
  const pool = new Uint8Array(poolBytes)
  let characters = ''
  let used = 0
  return (length) => {
    if (used + length > characters.length) {
      source(pool)
      for (let index = 0; index < poolBytes; index += 1) pool[index] = codes[(pool[index] ?? 0) & mask] ?? 0
      characters = ascii.decode(pool)
      used = 0
    }
    used += length
    return characters.slice(used - length, used)
  }
}

/** Sets the version, and the two bits of the variant. */
function formatUuid(digits: string): string {
  const variant = '89ab'[digits.charCodeAt(16) % 4]
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
}
