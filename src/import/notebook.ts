// What is to be said beside the facts of a draft: where each was read, and what a person has to decide.
import type { Provenance } from './imported.ts'

/** Notes by the JSON Pointer of the fact that they stand beside. @see RFC 6901 */
export type Notes = ReadonlyMap<string, readonly string[]>

/** Gathers notes and open questions. */
export interface Notebook {
  readonly notes: Notes
  /** In the order in which they came up, each once. */
  readonly needsReview: readonly string[]
  /** A remark beside a fact. */
  readonly remark: (pointer: string, text: string) => void
  /** A decision that a person has to take, beside the fact that stands in for it. */
  readonly review: (pointer: string, sentence: string) => void
}

/** No words of a page are quoted beyond this, in UTF-16 code units. */
const longestQuote = 72

/** An empty notebook. */
export function createNotebook(): Notebook {
  const notes = new Map<string, string[]>()
  const needsReview = new Set<string>()
  const remark = (pointer: string, text: string) => {
    const known = notes.get(pointer) ?? []
    if (!known.includes(text)) notes.set(pointer, [...known, text])
  }
  return {
    notes,
    get needsReview() {
      return [...needsReview]
    },
    remark,
    review: (pointer, sentence) => {
      needsReview.add(sentence)
      remark(pointer, `needs review: ${sentence}`)
    },
  }
}

/** A place and its words: `tokenrequest.md:12: "Required when …"`. */
export function cite({ file, line, pointer, words }: Provenance): string {
  const place = pointer === undefined ? (line === undefined ? '' : `:${line}`) : `#${pointer}`
  const quote = words.replace(/\s+/g, ' ').trim()
  const shown = quote.length <= longestQuote ? quote : `${quote.slice(0, longestQuote).trimEnd()}…`
  return `${baseName(file)}${place}: "${shown}"`
}

/** A file without its folders, which differ from machine to machine. */
export function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file
}

/** A key as part of a JSON Pointer. */
export function toPointer(...keys: ReadonlyArray<string | number>): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
