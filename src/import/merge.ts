// Three texts to one: what was generated last, what a person made of it, and what is generated now. Lines that both changed
// stay the person's, and are told.
import { diff3Merge } from 'node-diff3'

/** Lines that a person and the page both changed. */
export interface MergeConflict {
  /** Of the first of the person's lines in the merged text, from 1. */
  readonly line: number
  /** The person's, which stay. */
  readonly yours: readonly string[]
  /** What is generated now. */
  readonly generated: readonly string[]
}

/** A merged text. */
export interface Merged {
  readonly text: string
  readonly conflicts: readonly MergeConflict[]
}

/** A place in a page, at the head of a comment: its line changes with every line above it. */
const citation = /^(\s*\/\/ (?:\S.*)?:)\d+(: ".*")$/

/** Takes what changed from `base` to `generated` into `yours`. */
export function mergeText(base: string, yours: string, generated: string): Merged {
  const now = generated.split('\n')
  const renumber = renumbering(base.split('\n'), now)
  const known = new Set(base.split('\n'))
  const before = base.split('\n').map(renumber)
  const own = yours.split('\n').map((line) => (known.has(line) ? renumber(line) : line))
  // The library keeps lines as keys of an object, where some names are taken.
  const marked = (lines: readonly string[]) => lines.map((line) => `=${line}`)
  const merged: string[] = []
  const conflicts: MergeConflict[] = []
  for (const { ok, conflict } of diff3Merge(marked(own), marked(before), marked(now))) {
    const kept = (ok ?? conflict?.a ?? []).map((line) => line.slice(1))
    if (conflict !== undefined)
      conflicts.push({
        line: merged.length + 1,
        yours: kept,
        generated: conflict.b.map((line) => line.slice(1)),
      })
    merged.push(...kept)
  }
  return { text: merged.join('\n'), conflicts }
}

/** A moved citation is no change: each that stands once on both sides is given the place that it has now. */
function renumbering(base: readonly string[], generated: readonly string[]): (line: string) => string {
  const [before, now] = [citationsIn(base), citationsIn(generated)]
  return (line) => {
    const key = keyOf(line)
    if (key === undefined || before.get(key)?.length !== 1) return line
    const [moved, ...others] = now.get(key) ?? []
    return moved === undefined || others.length > 0 ? line : moved
  }
}

function citationsIn(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const line of lines) {
    const key = keyOf(line)
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), line])
  }
  return found
}

function keyOf(line: string): string | undefined {
  const [, before, after] = citation.exec(line) ?? []
  return before === undefined ? undefined : `${before}${after}`
}
