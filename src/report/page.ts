// What the reports of diffs say, before any format: headings, texts, tables, changes, timelines. Each format is one
// renderer of these; every text in them is made visible there, whoever wrote it.

import type { Change, SemanticVersion } from '../diff/change.ts'
import type { Provenance } from '../import/imported.ts'

/** A part of a text. */
export type Span = string | { readonly code: string } | { readonly verdict: SemanticVersion | null }

/** A text in one line. */
export type Text = string | readonly Span[]

/** Texts below each other. */
export type Cell = readonly Text[]

/** Rows of cells, the first of a row being its heading. */
export interface Table {
  readonly kind: 'table'
  readonly caption: string
  readonly headings: readonly string[]
  readonly rows: ReadonlyArray<readonly Cell[]>
  /** Whether each column follows the one before it, so that what stays the same may be left out. Default: no. */
  readonly isSeries?: boolean
}

/** One step of a drawn timeline. */
export interface DrawnStep {
  readonly verdict: SemanticVersion | null
  readonly counts: string
  readonly sentences: readonly string[]
}

/** What a section is made of. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | { readonly kind: 'changes'; readonly title: string; readonly changes: readonly Change[] }
  /** One more point than steps. */
  | { readonly kind: 'timeline'; readonly points: readonly Text[]; readonly steps: readonly DrawnStep[] }
  | Table

/** A part of a page with a heading of its own. */
export interface Section {
  readonly title: Text
  readonly blocks: readonly Block[]
}

/** One report. */
export interface Page {
  /** The answer, in one line of our own words. */
  readonly headline: string
  /** What was looked at. */
  readonly subject: Text
  readonly sections: readonly Section[]
}

/** Text as code. */
export function code(text: string): Span {
  return { code: text }
}

/** The parts of a text. */
export function spansOf(text: Text): readonly Span[] {
  return typeof text === 'string' ? [text] : text
}

/** A headline as a heading. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What a verdict is called. */
export function verdictWord(verdict: SemanticVersion | null): string {
  return verdict ?? 'same'
}

/** The colour of a verdict, by its role in the palettes of `style.ts`. */
export const verdictTones = { major: 'broken', minor: 'pending', patch: 'kept', same: 'skipped' } as const

/** Where a side was read: the file with its line, and the pointer where there is one. */
export function placeOf(provenance: Provenance | null): string {
  if (provenance === null) return ''
  const { file, line, pointer } = provenance
  const place = line === undefined ? file : `${file}:${line}`
  return pointer === undefined ? place : `${place}#${pointer}`
}

/** The changes as a table, for formats that have room for one. */
export function tableOfChanges(caption: string, changes: readonly Change[]): Table {
  return {
    kind: 'table',
    caption,
    headings: ['Where', 'Verdict', 'Before', 'After', 'What and why', 'Read in'],
    rows: changes.map((change) => [
      [[`${change.area} `, code(change.subject)]],
      [[{ verdict: change.verdict }]],
      [change.before === null ? 'not there' : [code(change.before)]],
      [change.after === null ? 'not there' : [code(change.after)]],
      [change.sentence, change.reason, ['Rule: ', code(change.rule)]],
      placesOf(change),
    ]),
  }
}

/** Both sides of a change, each that is there. */
export function placesOf({ provenance }: Change): Cell {
  const sides = [
    ['before: ', placeOf(provenance.before)],
    ['after: ', placeOf(provenance.after)],
  ] as const
  return sides.flatMap(([side, place]) => (place === '' ? [] : [[side, code(place)]]))
}
