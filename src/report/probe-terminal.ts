// A probe as text for a terminal: what the service offers, the grid, what could not be told, what is broken, and last, nearest
// to the prompt, the scores.
import { styleText } from 'node:util'
import type { JudgedRule, ProbedExchange } from '../probe/probed.ts'
import {
  brokenWord,
  capabilitiesOf,
  cellMark,
  changesHeadline,
  changeText,
  columnTitle,
  findingsOf,
  gridOf,
  leftOutText,
  legend,
  type ReportedProbe,
  refusalsOf,
  rowTitle,
  scoreHeadings,
  scoreRowsOf,
  shownProbe,
  sumOf,
  telling,
  unjudgedOf,
  untriedOf,
  type Weight,
  weightOf,
} from './probe.ts'
import { type TerminalOptions, withoutCommands } from './terminal.ts'

type Tone = Weight | 'kept'
type Paint = (tone: Tone, text: string) => string

const colors: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  kept: 'green',
  broken: ['red', 'bold'],
  warning: 'yellow',
  note: 'dim',
}

/** So many refusals, and so many rules of a reason, are named. */
const mostReasons = 12
const mostNamed = 4
const margin = ' '.repeat(9)

/** The report without a line end. */
export function formatProbeTerminal(
  probe: ReportedProbe,
  { hasColor = false }: TerminalOptions = {},
): string {
  const shown = shownProbe(probe)
  const paint: Paint = (tone, text) =>
    hasColor ? styleText(colors[tone], text, { validateStream: false }) : text
  const blocks = [
    capabilityLines(shown),
    gridLines(shown, paint),
    unjudgedLines(shown, paint),
    ...findingsOf(shown, 'worst_last').map((rule) => findingLines(rule, paint)),
    changeLines(shown, paint),
    scoreLines(shown),
    [...(shown.ended === undefined ? [] : [`ended early: ${shown.ended}`]), `${shown.url}: ${sumOf(shown)}`],
  ]
  return withoutCommands(
    blocks
      .filter(({ length }) => length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
  )
}

function capabilityLines(probe: ReportedProbe): readonly string[] {
  const { offered, missing, unknown } = capabilitiesOf(probe)
  return [
    `offers   ${offered.join(', ') || 'nothing'}`,
    ...(missing.length === 0 ? [] : [`without  ${missing.join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`unknown  ${unknown.join(', ')}`]),
  ]
}

function gridLines({ matrix }: ReportedProbe, paint: Paint): readonly string[] {
  if (matrix.length === 0) return []
  const { columns, rows, leftOut } = telling(gridOf(matrix))
  const headings = ['Grant', 'Spelling', 'Variants', ...columns.map(columnTitle)]
  const labels = rows.map((row) => [row.grantType, ...rowTitle(row)])
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...labels.map((label) => label[column]?.length ?? 0)),
  )
  const lineOf = (cells: readonly string[]) => cells.join('  ').trimEnd()
  const padded = (text: string, column: number) => text.padEnd(widths[column] ?? 0)
  const body = rows.map(({ cells }, index) =>
    lineOf([
      ...(labels[index] ?? []).map(padded),
      ...cells.map((cell, column) => {
        const mark = cellMark(cell)
        const space = padded(mark, column + 3).slice(mark.length)
        return cell === undefined ? space : paint(tones[cell.outcome], mark) + space
      }),
    ]),
  )
  return [
    ...(rows.length === 0 ? [] : [lineOf(headings.map(padded)), ...body, legend]),
    ...(leftOut === 0 ? [] : [leftOutText(leftOut)]),
    ...reasonLines('refused  ', refusalsOf(matrix)),
    ...reasonLines('not tried', untriedOf(matrix)),
  ]
}

const tones = { accepted: 'kept', refused: 'warning', not_tried: 'note' } as const

function reasonLines(
  word: string,
  reasons: ReadonlyArray<{ readonly count: number; readonly text: string }>,
): readonly string[] {
  const others = reasons.slice(mostReasons).reduce((sum, { count }) => sum + count, 0)
  return [
    ...reasons.slice(0, mostReasons).map(({ count, text }) => `${word}  ${count} × ${text}`),
    ...(others === 0 ? [] : [`${word}  ${others} × for other reasons`]),
  ]
}

function unjudgedLines(probe: ReportedProbe, paint: Paint): readonly string[] {
  return (['not_applicable', 'not_tried'] as const).flatMap((verdict) =>
    unjudgedOf(probe, verdict).map(({ reason, rules }) => {
      const named = rules.slice(0, mostNamed).map(({ id }) => id)
      const others = rules.length > mostNamed ? ` and ${rules.length - mostNamed} more` : ''
      return `${paint('note', verdict.replace('_', ' ').padEnd(14))}  ${reason}: ${named.join(', ')}${others}`
    }),
  )
}

function findingLines(rule: JudgedRule, paint: Paint): readonly string[] {
  const { id, level, sentence, source, reason, requests } = rule
  return [
    `${paint(weightOf(rule), brokenWord(rule).padEnd(7))}  ${level}  ${id}`,
    `${margin}${sentence} (${source})`,
    `${margin}${reason}`,
    ...requests.flatMap(exchangeLines),
  ]
}

function exchangeLines({ request, received }: ProbedExchange): readonly string[] {
  const [first = '', ...others] = request.split('\n')
  return [`${margin}$ ${first}`, ...others.map((line) => `${margin}  ${line}`), `${margin}→ ${received}`]
}

function changeLines({ changes }: ReportedProbe, paint: Paint): readonly string[] {
  if (changes === undefined) return []
  return [
    changesHeadline(changes),
    ...changes.map((change) => `  ${paint(change.isWorse ? 'broken' : 'note', changeText(change))}`),
  ]
}

function scoreLines(probe: ReportedProbe): readonly string[] {
  const rows = [scoreHeadings, ...scoreRowsOf(probe).map(({ of, scores }) => [of, ...scores])]
  const widths = scoreHeadings.map((_heading, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
