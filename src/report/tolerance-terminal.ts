// A client's tolerance as text for a terminal: a grid of the cases, what failed, and last, nearest to the prompt, the sum.
import { styleText } from 'node:util'
import type { Tolerance, ToleranceVerdict, ToleratedCase } from '../probe/tolerance.ts'
import { type TerminalOptions, withoutCommands } from './terminal.ts'
import {
  cellsOf,
  tellingCases,
  toleranceDetails,
  toleranceHeadings,
  toleranceRemarks,
  toleranceSum,
} from './tolerance.ts'

const colors: Readonly<Record<ToleranceVerdict, Parameters<typeof styleText>[0]>> = {
  survived: 'green',
  failed: ['red', 'bold'],
  not_tried: 'dim',
}

/** Column of {@link toleranceHeadings} with the verdict. */
const verdictColumn = 1

/** The report without a line end. */
export function formatToleranceTerminal(
  tolerance: Tolerance,
  { hasColor = false }: TerminalOptions = {},
): string {
  const paint = ({ verdict }: ToleratedCase, text: string) =>
    hasColor ? styleText(colors[verdict], text, { validateStream: false }) : text
  const rows = tolerance.cases.map(cellsOf)
  const widths = toleranceHeadings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lineOf = (cells: readonly string[], painted = (text: string) => text) =>
    cells
      .map((cell, column) => {
        const padded = column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)
        return column === verdictColumn ? painted(padded) : padded
      })
      .join('  ')
      .trimEnd()
  const lines = [
    lineOf(toleranceHeadings),
    ...tolerance.cases.map((tolerated, index) => lineOf(rows[index] ?? [], (text) => paint(tolerated, text))),
    ...tellingCases(tolerance).flatMap((tolerated) => [
      '',
      paint(tolerated, tolerated.id),
      ...toleranceDetails(tolerated).map((line) => `  ${line}`),
    ]),
    '',
    ...toleranceRemarks(tolerance),
    toleranceSum(tolerance),
  ]
  return withoutCommands(lines.join('\n'))
}
