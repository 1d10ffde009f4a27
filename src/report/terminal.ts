// A verification as text for a terminal: what was kept, what was skipped and why, and last, nearest to the prompt, what is broken.
import { styleText } from 'node:util'
import type { Verification, VerifiedInteraction } from '../verify/verification.ts'
import {
  detailsOf,
  groupsOf,
  type Outcome,
  outcomeOf,
  skippedByReason,
  subjectOf,
  sumOf,
} from './findings.ts'
import { shownVerification } from './shown.ts'

/** Options of {@link formatTerminal}. */
export interface TerminalOptions {
  /** Whether verdicts are coloured. Default: false. */
  readonly hasColor?: boolean
}

/** So many skipped interactions of one reason are named; of more, the variants are. */
const longestList = 3

/** No column is padded beyond this width. */
const widestColumn = 48

const margin = ' '.repeat(10)

const colors: Readonly<Record<Outcome, Parameters<typeof styleText>[0]>> = {
  kept: 'green',
  broken: ['red', 'bold'],
  pending: 'yellow',
  skipped: 'dim',
}

/** One line per interaction that was kept or broken, one per reason to skip many; what differed; the sum. */
export function formatTerminal(
  verification: Verification,
  { hasColor = false }: TerminalOptions = {},
): string {
  const shown = shownVerification(verification)
  const paint = (outcome: Outcome, text: string) =>
    hasColor ? styleText(colors[outcome], text, { validateStream: false }) : text
  const lineOf = lineOfTable(shown, paint)
  const ofOutcome = (outcome: Outcome) => shown.interactions.filter((each) => outcomeOf(each) === outcome)
  const lines = [
    ...ofOutcome('kept').map(lineOf),
    ...skippedLines(shown, lineOf, paint),
    ...[...ofOutcome('pending'), ...ofOutcome('broken')].flatMap((each) => [
      '',
      lineOf(each),
      ...detailsOf(each).map((line) => margin + line),
    ]),
    '',
    ...(shown.ended === undefined ? [] : [`ended early: ${shown.ended}`]),
    `${subjectOf(shown)}: ${sumOf(shown)}`,
  ]
  return withoutCommands((lines[0] === '' ? lines.slice(1) : lines).join('\n'))
}

/**
 * Whether a stream is to be given colours: a terminal is, unless NO_COLOR is set; FORCE_COLOR stands above both.
 * @see https://no-color.org and https://force-color.org
 */
export function hasColor(
  { isTTY }: { readonly isTTY?: boolean },
  { FORCE_COLOR, NO_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
): boolean {
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb'
}

type Paint = (outcome: Outcome, text: string) => string
type LineOf = (interaction: VerifiedInteraction) => string

function lineOfTable(verification: Verification, paint: Paint): LineOf {
  const groups = groupsOf(verification)
  const titles = new Map(
    groups.flatMap(({ title, interactions }) => interactions.map((each) => [each, title])),
  )
  const widthOf = (texts: readonly string[]) =>
    Math.min(widestColumn, Math.max(0, ...texts.map(({ length }) => length)))
  const [first, second] = [
    widthOf([...titles.values()]),
    widthOf(verification.interactions.map(({ exchange }) => exchange)),
  ]
  return (each) =>
    [
      paint(outcomeOf(each), outcomeOf(each).padEnd(8)),
      (titles.get(each) ?? '').padEnd(first),
      each.exchange.padEnd(second),
      each.reason ?? each.client_authentication,
    ].join('  ')
}

function skippedLines(verification: Verification, lineOf: LineOf, paint: Paint): readonly string[] {
  return [...skippedByReason(verification)].flatMap(([reason, skipped]) => {
    if (skipped.length <= longestList) return skipped.map(lineOf)
    const variants = [...new Set(skipped.map(({ variant }) => variant))]
    const named = variants.slice(0, longestList).join(', ')
    const others = variants.length > longestList ? ` and ${variants.length - longestList} more variants` : ''
    return `${paint('skipped', 'skipped ')}  ${skipped.length} interactions of ${named}${others}: ${reason}`
  })
}

/** Runners of CI read commands out of what is printed, some of them anywhere in a line. */
export function withoutCommands(text: string): string {
  return text.replaceAll(/##(?=vso\[|\[|teamcity\[)/g, '#\\u0023')
}
