// Where the secrets of a run stand in a text, in one pass over it, however many secrets there are.

/** A search for secrets, as they are. */
export interface SecretSearch {
  readonly add: (secret: string) => void
  /** From where to before where, in no order; of a long secret, each of its parts. */
  readonly find: (text: string) => ReadonlyArray<readonly [from: number, to: number]>
}

/** A secret of fewer characters is found as a whole word alone: each text has such characters in it. */
export const shortestWithinWords = 4
/**
 * A longer secret is found by its parts of this length, the last of which overlaps the one before. So the work is the
 * same for each character of a text whatever a service gives out, and a part of a token that was cut off is found, too.
 */
const partLength = 32
const wordCharacter = /[\p{L}\p{N}]/u

/** Starts without a secret. */
export function createSecretSearch(): SecretSearch {
  const words = new Set<string>()
  const parts = new Set<string>()
  /** By the hash of how a part begins: a bit for each length that a part so begun has. */
  const lengths = new Uint32Array(65_536)
  const add = (secret: string): void => {
    if (secret.length < shortestWithinWords) {
      words.add(secret)
      return
    }
    for (const part of partsOf(canonical(secret))) {
      parts.add(part)
      const hash = hashAt(part, 0)
      lengths[hash] = (lengths[hash] ?? 0) | (1 << (part.length - 1))
    }
  }
  return {
    add,
    find: (text) => [
      ...findParts(canonical(text), parts, lengths),
      ...[...words].flatMap((word) => findWord(text, word)),
    ],
  }
}

/** In a form a space is a plus sign, and what was decoded from one may still have them. */
function canonical(text: string): string {
  return text.replaceAll('+', ' ')
}

function partsOf(secret: string): readonly string[] {
  if (secret.length <= partLength) return [secret]
  const whole = Math.floor(secret.length / partLength)
  const parts = Array.from({ length: whole }, (_, index) => secret.substr(index * partLength, partLength))
  return [...parts, secret.slice(-partLength)]
}

/** Of the first four characters. */
function hashAt(text: string, index: number): number {
  let hash = 0
  for (let offset = 0; offset < shortestWithinWords; offset += 1)
    hash = (hash * 31 + text.charCodeAt(index + offset)) | 0
  return hash & 0xffff
}

function findParts(
  text: string,
  parts: ReadonlySet<string>,
  lengths: Uint32Array,
): ReadonlyArray<readonly [number, number]> {
  const found: Array<readonly [number, number]> = []
  for (let index = 0; index + shortestWithinWords <= text.length; index += 1) {
    const bits = lengths[hashAt(text, index)] ?? 0
    const longest = Math.min(partLength, text.length - index)
    for (let length = longest; bits !== 0 && length >= shortestWithinWords; length -= 1) {
      const isPart = (bits & (1 << (length - 1))) !== 0 && parts.has(text.substr(index, length))
      if (!isPart) continue
      found.push([index, index + length])
      break
    }
  }
  return found
}

function findWord(text: string, word: string): ReadonlyArray<readonly [number, number]> {
  const found: Array<readonly [number, number]> = []
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length
    const isWhole = !wordCharacter.test(text.charAt(at - 1)) && !wordCharacter.test(text.charAt(end))
    if (isWhole) found.push([at, end])
  }
  return found
}
