// The ways in which a text can be read: as it is, with its escapes undone, with its Base64 decoded, one within the other.
// Each reading says where in the text its characters came from, so that what is found in it can be masked there.

/** A text that was read out of another. */
export interface Reading {
  readonly text: string
  /** Where each UTF-16 unit of `text` begins in the text that was read. */
  readonly starts: Int32Array
  /** Where each unit ends there. */
  readonly ends: Int32Array
}

/** How many transports a secret is looked for in, one within the other: a form value in Basic in a JSON string is three. */
const deepest = 3
/** Base64 is read at each of its alignments, so that each level of it multiplies the work. */
const deepestBase64 = 2
/** A secret of four characters has six of Base64. */
const base64Run = /[A-Za-z0-9+/_-]{6,}/g
const alignments = [0, 1, 2, 3] as const
const base64Alphabet = new Map(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((character, value) => [
    character.charCodeAt(0),
    value,
  ]),
)
base64Alphabet.set('-'.charCodeAt(0), 62)
base64Alphabet.set('_'.charCodeAt(0), 63)

/** Every reading of a text up to three transports deep, the text itself first. */
export function* readingsOf(text: string): Generator<Reading> {
  yield* readingsWithin(identity(text), deepest, deepestBase64, new Set([text]))
}

function* readingsWithin(
  reading: Reading,
  depth: number,
  base64Depth: number,
  seen: Set<string>,
): Generator<Reading> {
  yield reading
  if (depth === 0) return
  for (const { pattern, decode } of escapes) {
    const inner = undoEscapes(reading, pattern, decode)
    if (inner === undefined || seen.has(inner.text)) continue
    seen.add(inner.text)
    yield* readingsWithin(inner, depth - 1, base64Depth, seen)
  }
  if (base64Depth === 0) return
  for (const alignment of alignments) {
    const inner = decodeBase64(reading, alignment)
    if (inner !== undefined) yield* readingsWithin(inner, depth - 1, base64Depth - 1, seen)
  }
}

function identity(text: string): Reading {
  const starts = Int32Array.from({ length: text.length }, (_, index) => index)
  return { text, starts, ends: starts.map((index) => index + 1) }
}

/** A piece of decoded text, and how many characters stood for it. */
type Piece = readonly [text: string, length: number]

/** What escapes one character, and what is behind it; nothing where it is no escape after all. */
interface Escape {
  readonly pattern: RegExp
  readonly decode: (escaped: string) => readonly Piece[]
}

/** The spaces of forms need no undoing: where secrets are compared, `+` counts as a space. */
const escapes: readonly Escape[] = [
  { pattern: /(?:%[0-9a-f]{2})+/gi, decode: decodePercent },
  // Those of JSON, and those that are JavaScript's alone, which util.inspect writes.
  { pattern: /\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|["'\\/bfnrt])/g, decode: decodeBackslash },
  { pattern: /&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);/g, decode: decodeEntity },
]

function decodePercent(escaped: string): readonly Piece[] {
  const bytes = escaped
    .slice(1)
    .split('%')
    .map((hex) => Number.parseInt(hex, 16))
  return charactersOf(bytes).map(([text, length]) => [text, length * 3])
}

const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function decodeBackslash(escaped: string): readonly Piece[] {
  const named = escaped.charAt(1)
  const isHex = escaped.length > 2
  const text = isHex
    ? String.fromCharCode(Number.parseInt(escaped.slice(2), 16))
    : (shortEscapes[named] ?? named)
  return [[text, escaped.length]]
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decodeEntity(escaped: string): readonly Piece[] {
  const name = escaped.slice(1, -1)
  const named = entities[name]
  if (named !== undefined) return [[named, escaped.length]]
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return [[code > 0x10ffff ? escaped : String.fromCodePoint(code), escaped.length]]
}

/** A text that is put together piece by piece, never longer than the one it is read out of. */
function startReading(within: Reading) {
  const starts = new Int32Array(within.text.length)
  const ends = new Int32Array(within.text.length)
  const parts: string[] = []
  let size = 0
  return {
    /** A piece that stands for the characters of `within` from `from` to before `to`. */
    add: (text: string, from: number, to: number) => {
      parts.push(text)
      starts.fill(within.starts[from] ?? 0, size, size + text.length)
      ends.fill(within.ends[to - 1] ?? 0, size, size + text.length)
      size += text.length
    },
    /** Characters that stand for themselves. */
    copy: (from: number, to: number) => {
      parts.push(within.text.slice(from, to))
      starts.set(within.starts.subarray(from, to), size)
      ends.set(within.ends.subarray(from, to), size)
      size += to - from
    },
    end: (): Reading => ({
      text: parts.join(''),
      starts: starts.subarray(0, size),
      ends: ends.subarray(0, size),
    }),
  }
}

function undoEscapes(within: Reading, pattern: RegExp, decode: Escape['decode']): Reading | undefined {
  if (within.text.search(pattern) < 0) return undefined
  const reading = startReading(within)
  let at = 0
  for (const { 0: escaped, index } of within.text.matchAll(pattern)) {
    reading.copy(at, index)
    at = index
    for (const [text, length] of decode(escaped)) {
      reading.add(text, at, at + length)
      at += length
    }
  }
  reading.copy(at, within.text.length)
  return reading.end()
}

/**
 * What the Base64 in a text says, at one alignment; each decoded character stands for the whole run that it is in. So
 * a run with a secret in it is masked whole: no bits of the secret are left at its ends, and nothing of its length.
 */
function decodeBase64(within: Reading, alignment: number): Reading | undefined {
  if (within.text.search(base64Run) < 0) return undefined
  const reading = startReading(within)
  for (const { 0: run, index } of within.text.matchAll(base64Run)) {
    const padding = /^={0,2}/.exec(within.text.slice(index + run.length, index + run.length + 2))?.[0] ?? ''
    const decoded = charactersOf(bytesOf(run, alignment))
      .map(([text]) => text)
      .join('')
    // What is in two runs is not one secret.
    reading.add(`${decoded}\0`, index, index + run.length + padding.length)
  }
  return reading.end()
}

function bytesOf(run: string, alignment: number): readonly number[] {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (let index = alignment; index < run.length; index += 1) {
    held = ((held << 6) | (base64Alphabet.get(run.charCodeAt(index)) ?? 0)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return bytes
}

/** Bytes as UTF-8, and as Latin-1 where they are no UTF-8: some clients write Basic so. */
function charactersOf(bytes: readonly number[]): readonly Piece[] {
  const pieces: Piece[] = []
  for (let index = 0; index < bytes.length; ) {
    const piece = characterAt(bytes, index)
    pieces.push(piece)
    index += piece[1]
  }
  return pieces
}

function characterAt(bytes: readonly number[], index: number): Piece {
  const lead = bytes[index] ?? 0
  const length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1
  const following = bytes.slice(index + 1, index + length)
  const isUtf8 = following.length === length - 1 && following.every((byte) => byte >> 6 === 0b10)
  if (length === 1 || lead >= 0xf5 || !isUtf8) return [String.fromCharCode(lead), 1]
  const code = following.reduce((sum, byte) => (sum << 6) | (byte & 0x3f), lead & (0xff >> (length + 1)))
  return [code > 0x10ffff ? String.fromCharCode(lead) : String.fromCodePoint(code), length]
}
