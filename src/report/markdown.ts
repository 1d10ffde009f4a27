// A verification as Markdown for the summary of a job on GitHub, which takes 1 MiB of a step and shows nothing of more.
import type { Verification, VerifiedInteraction } from '../verify/verification.ts'
import {
  brokenOf,
  countOf,
  type Finding,
  findingsOf,
  groupsOf,
  labelOf,
  type Outcome,
  outcomeOf,
  skippedByReason,
  subjectOf,
  sumOf,
  verdictOf,
} from './findings.ts'
import { fitting, markdownCode, markdownLink, markdownProse, markdownTable } from './markdown-text.ts'
import { escapeMarkup } from './markup.ts'
import { shownVerification } from './shown.ts'

/** The sum, a table by variant, what is broken, and why the rest was skipped; of a very long one, what fits. */
export function formatMarkdown(verification: Verification): string {
  const shown = shownVerification(verification)
  const blocks = [
    heading(shown),
    ...(shown.ended === undefined
      ? []
      : [`> [!WARNING]\n> The run ended early: ${markdownProse(shown.ended)}`]),
    groupTable(shown),
    ...brokenOf(shown).map(brokenBlock),
    ...skippedBlocks(shown),
  ]
  return `${fitting(blocks).join('\n\n')}\n`
}

function heading(verification: Verification): string {
  return `## ${verdictOf(verification)}\n\n${markdownCode(subjectOf(verification))}: ${sumOf(verification)}`
}

function brokenBlock(interaction: VerifiedInteraction): string {
  const { variant, consumer, document, request } = interaction
  const findings = findingsOf(interaction)
  return [
    // Only what is broken is open: of pending ones the titles are enough. Up to the empty line it is HTML, not Markdown.
    `<details${outcomeOf(interaction) === 'broken' ? ' open' : ''}>`,
    `<summary><b>${outcomeOf(interaction)}</b> <code>${escapeMarkup(`${variant} ${labelOf(interaction)}`)}</code></summary>`,
    '',
    markdownTable(['Rule', 'Where', 'Expected', 'Received'], findings.flatMap(rowsOf)),
    '',
    ...findings.map(({ rule, next }) => `- ${markdownCode(rule)} Next: ${markdownProse(next)}.`),
    `- Document: ${markdownLink(document)}; contract of ${markdownCode(consumer)}`,
    '',
    fenced(request),
    '',
    '</details>',
  ].join('\n')
}

function rowsOf({ rule, sentence, source, differences }: Finding): ReadonlyArray<readonly string[]> {
  return differences.map(({ where, expected, received }) => [
    `${markdownCode(rule)}<br>${markdownProse(sentence)} (${markdownProse(source)})`,
    markdownCode(where),
    markdownCode(expected),
    markdownCode(received),
  ])
}

function skippedBlocks(verification: Verification): readonly string[] {
  const rows = [...skippedByReason(verification)].map(([reason, skipped]) => [
    markdownProse(reason),
    String(skipped.length),
    [...new Set(skipped.map(({ variant }) => variant))].map(markdownCode).join('<br>'),
  ])
  return rows.length === 0
    ? []
    : [`### Skipped\n\n${markdownTable(['Reason', 'Interactions', 'Variants'], rows)}`]
}

function groupTable(verification: Verification): string {
  const outcomes: readonly Outcome[] = ['kept', 'broken', 'pending', 'skipped']
  const rows = groupsOf(verification).map(({ title, interactions }) => [
    markdownCode(title),
    ...outcomes.map((outcome) => String(countOf(interactions, outcome))),
  ])
  return markdownTable(['Contract', ...outcomes], rows)
}

/** A fence is longer than any run of backticks within it. */
function fenced(line: string): string {
  const longest = Math.max(2, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}bash\n${line}\n${fence}`
}
