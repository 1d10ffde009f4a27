// A probe as Markdown, for the summary of a job.
import type { JudgedRule } from '../probe/probed.ts'
import { fitting, markdownCode, markdownProse, markdownTable } from './markdown-text.ts'
import { escapeMarkup } from './markup.ts'
import { capitalized } from './page.ts'
import {
  brokenWord,
  type Counted,
  capabilitiesOf,
  cellMark,
  changesHeadline,
  changeText,
  columnTitle,
  findingsOf,
  gridOf,
  headlineOf,
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
  weightOf,
} from './probe.ts'

/** The sum, the scores, what changed and what is broken, the grid, and why the rest was not judged; of a long one, what fits. */
export function formatProbeMarkdown(probe: ReportedProbe): string {
  const shown = shownProbe(probe)
  const blocks = [
    `## ${capitalized(headlineOf(shown))}\n\n${markdownCode(shown.url)}: ${markdownProse(sumOf(shown))}`,
    ...(shown.ended === undefined
      ? []
      : [`> [!WARNING]\n> The run ended early: ${markdownProse(shown.ended)}`]),
    scoreTable(shown),
    ...changeBlocks(shown),
    ...findingsOf(shown, 'worst_first').map(findingBlock),
    ...gridBlocks(shown),
    capabilityBlock(shown),
    ...unjudgedBlocks(shown),
  ]
  return `${fitting(blocks).join('\n\n')}\n`
}

function scoreTable(probe: ReportedProbe): string {
  return markdownTable(
    scoreHeadings.map((heading) => (heading === '' ? 'Document' : heading)),
    scoreRowsOf(probe).map(({ of, scores }) => [markdownProse(of), ...scores]),
  )
}

function changeBlocks({ changes }: ReportedProbe): readonly string[] {
  if (changes === undefined) return []
  const lines = changes.map(
    (change) => `- ${change.isWorse ? '**worse** ' : ''}${markdownCode(changeText(change))}`,
  )
  return [
    [`### ${capitalized(changesHeadline(changes))}`, ...(lines.length === 0 ? [] : ['', ...lines])].join(
      '\n',
    ),
  ]
}

function findingBlock(rule: JudgedRule): string {
  const { id, level, sentence, source, reason, requests } = rule
  return [
    // Only what is wrong for sure is open. Up to the empty line it is HTML, not Markdown.
    `<details${weightOf(rule) === 'broken' ? ' open' : ''}>`,
    `<summary><b>${brokenWord(rule)}</b> ${level} <code>${escapeMarkup(id)}</code></summary>`,
    '',
    `${markdownProse(sentence)} (${markdownProse(source)})`,
    '',
    `- ${markdownProse(reason)}`,
    ...requests.flatMap(({ request, received }) => ['', fenced(`${request}\n→ ${received}`)]),
    '',
    '</details>',
  ].join('\n')
}

function gridBlocks({ matrix }: ReportedProbe): readonly string[] {
  if (matrix.length === 0) return []
  const { columns, rows, leftOut } = telling(gridOf(matrix))
  const table = markdownTable(
    ['Grant', 'Spelling', 'Variants', ...columns.map(columnTitle)],
    rows.map((row) => [
      markdownCode(row.grantType),
      ...rowTitle(row).map(markdownProse),
      ...row.cells.map((cell) => (cell?.outcome === 'accepted' ? '**yes**' : cellMark(cell))),
    ]),
  )
  return [
    '### Documented requests',
    ...(rows.length === 0 ? [] : [table, `${legend}${leftOut === 0 ? '' : `; ${leftOutText(leftOut)}`}`]),
    ...reasonTable('Refused with', refusalsOf(matrix)),
    ...reasonTable('Not tried', untriedOf(matrix)),
  ]
}

function reasonTable(heading: string, reasons: readonly Counted[]): readonly string[] {
  if (reasons.length === 0) return []
  return [
    markdownTable(
      [heading, 'Requests'],
      reasons.map(({ count, text }) => [markdownProse(text), String(count)]),
    ),
  ]
}

function capabilityBlock(probe: ReportedProbe): string {
  const { offered, missing, unknown } = capabilitiesOf(probe)
  return [
    '### What the service offers',
    '',
    `- offers ${offered.map(markdownCode).join(', ') || 'nothing'}`,
    ...(missing.length === 0 ? [] : [`- without ${missing.map(markdownCode).join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`- unknown ${unknown.map(markdownCode).join(', ')}`]),
  ].join('\n')
}

function unjudgedBlocks(probe: ReportedProbe): readonly string[] {
  const rows = (['not_applicable', 'not_tried'] as const).flatMap((verdict) =>
    unjudgedOf(probe, verdict).map(({ reason, rules }) => [
      verdict.replace('_', ' '),
      markdownProse(reason),
      rules.map(({ id }) => markdownCode(id)).join('<br>'),
    ]),
  )
  return rows.length === 0
    ? []
    : ['### Rules without a verdict', markdownTable(['Verdict', 'Reason', 'Rules'], rows)]
}

/** A fence is longer than any run of backticks within it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}console\n${text}\n${fence}`
}
