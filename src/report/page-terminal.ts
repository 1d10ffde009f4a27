// A page as text for a terminal: the answer last, nearest to the prompt.
import { styleText } from 'node:util'
import type { Change, SemanticVersion } from '../diff/change.ts'
import {
  type Block,
  type Cell,
  type Page,
  placesOf,
  type Section,
  type Span,
  spansOf,
  type Table,
  type Text,
  verdictTones,
  verdictWord,
} from './page.ts'
import { visible } from './shown.ts'
import { type TerminalOptions, withoutCommands } from './terminal.ts'

type Paint = (verdict: SemanticVersion | null, text: string) => string
type Tone = (typeof verdictTones)[keyof typeof verdictTones]

/** No column is padded beyond this width. */
const widestColumn = 60

const colors: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  kept: 'green',
  broken: ['red', 'bold'],
  pending: 'yellow',
  skipped: 'dim',
}

/** The page without a line end. */
export function formatPageTerminal(page: Page, { hasColor = false }: TerminalOptions = {}): string {
  const paint: Paint = (verdict, text) =>
    hasColor ? styleText(colors[verdictTones[verdict ?? 'same']], text, { validateStream: false }) : text
  const lines = [
    ...page.sections.flatMap((section) => [...sectionLines(section, paint), '']),
    `${page.headline}: ${plain(page.subject)}`,
  ]
  return withoutCommands(lines.join('\n'))
}

function sectionLines({ title, blocks }: Section, paint: Paint): readonly string[] {
  return [
    plain(title, paint),
    ...blocks.flatMap((block) => blockLines(block, paint)).map((line) => (line === '' ? '' : `  ${line}`)),
  ]
}

function blockLines(block: Block, paint: Paint): readonly string[] {
  if (block.kind === 'paragraph') return ['', plain(block.text, paint)]
  if (block.kind === 'list') return block.items.map((item) => `- ${plain(item, paint)}`)
  if (block.kind === 'table') return ['', ...tableLines(block, paint)]
  if (block.kind === 'changes')
    return ['', `${block.title}:`, ...block.changes.flatMap((change) => changeLines(change, paint))]
  return ['', ...timelineLines(block, paint)]
}

function changeLines(change: Change, paint: Paint): readonly string[] {
  const { verdict, area, subject, before, after, sentence, reason, rule } = change
  const values = [before, after].map((value) => (value === null ? 'not there' : visible(value)))
  const details = [sentence, reason, ...placesOf(change).map((place) => plain(place))]
  return [
    `  ${paint(verdict, verdict)}  ${area} ${visible(subject)}: ${values.join(' → ')} (${visible(rule)})`,
    ...details.map((detail) => `         ${visible(detail)}`),
  ]
}

/** A line through the versions, as git draws one through commits. */
function timelineLines(
  { points, steps }: Extract<Block, { kind: 'timeline' }>,
  paint: Paint,
): readonly string[] {
  return points.flatMap((point, index) => {
    const step = steps[index]
    const head = `●  ${plain(point)}`
    if (step === undefined) return [head]
    const { verdict, counts, sentences } = step
    return [
      head,
      `│    ${paint(verdict, verdictWord(verdict).padEnd(5))}  ${counts}`,
      ...sentences.map((sentence) => `│           ${visible(sentence)}`),
    ]
  })
}

function tableLines(
  { caption, headings: titles, rows, isSeries = false }: Table,
  paint: Paint,
): readonly string[] {
  const headings = titles.map((title) => visible(title))
  const body = rows.map((row) => row.map(cellText)).map(isSeries ? withoutRepetition : (row) => row)
  const cells = [headings, ...body]
  const widths = headings.map((_heading, column) =>
    Math.min(widestColumn, Math.max(...cells.map((row) => row[column]?.length ?? 0))),
  )
  const padded = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  const verdicts = rows.map((row) =>
    row.flat(2).find((span) => typeof span === 'object' && 'verdict' in span),
  )
  return [
    `${visible(caption)}${isSeries ? ' (· as before)' : ''}:`,
    padded(headings),
    ...body.map((row, index) => {
      const line = padded(row)
      const span = verdicts[index]
      return typeof span === 'object' && 'verdict' in span ? paint(span.verdict, line) : line
    }),
  ]
}

/** A dot for each value that is that of the column before: lines stay short, and changes are seen. */
function withoutRepetition(row: readonly string[]): readonly string[] {
  return row.map((cell, column) => (column > 1 && cell === row[column - 1] ? '·' : cell))
}

function cellText(cell: Cell): string {
  return cell.map((text) => plain(text)).join('; ')
}

function plain(text: Text, paint: Paint = (_verdict, word) => word): string {
  return spansOf(text)
    .map((span) => plainSpan(span, paint))
    .join('')
}

function plainSpan(span: Span, paint: Paint): string {
  if (typeof span === 'string') return visible(span)
  return 'code' in span ? visible(span.code) : paint(span.verdict, verdictWord(span.verdict))
}
