// Base64 of text, with web-standard functions only: the engine also runs in browsers.

const utf8 = new TextDecoder('utf-8', { fatal: true })
const bytesOf = new TextEncoder()

/** Base64 of the UTF-8 form of a text. @see RFC 4648 §4 */
export function formatBase64(text: string): string {
  return btoa(String.fromCharCode(...bytesOf.encode(text)))
}

/** The UTF-8 text behind Base64; `undefined` when it is not Base64 or not UTF-8. */
export function parseBase64(encoded: string): string | undefined {
  try {
    return utf8.decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}
