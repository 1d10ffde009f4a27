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
import { escapeMarkup } from './markup.ts'
import { shownVerification } from './shown.ts'

/** 1 MiB, less what other commands of the same step may write. */
const mostBytes = 1_000_000

/** What is kept free for the sentence about what is left out. */
const reservedBytes = 200

/** The sum, a table by variant, what is broken, and why the rest was skipped; of a very long one, what fits. */
export function formatMarkdown(verification: Verification): string {
  const shown = shownVerification(verification)
  const blocks = [
    heading(shown),
    ...(shown.ended === undefined ? [] : [`> [!WARNING]\n> The run ended early: ${prose(shown.ended)}`]),
    groupTable(shown),
    ...brokenOf(shown).map(brokenBlock),
    ...skippedBlocks(shown),
  ]
  return `${fitting(blocks).join('\n\n')}\n`
}

function heading(verification: Verification): string {
  return `## ${verdictOf(verification)}\n\n${code(subjectOf(verification))}: ${sumOf(verification)}`
}

function brokenBlock(interaction: VerifiedInteraction): string {
  const { variant, consumer, document, request } = interaction
  const findings = findingsOf(interaction)
  return [
    // Only what is broken is open: of pending ones the titles are enough. Up to the empty line it is HTML, not Markdown.
    `<details${outcomeOf(interaction) === 'broken' ? ' open' : ''}>`,
    `<summary><b>${outcomeOf(interaction)}</b> <code>${escapeMarkup(`${variant} ${labelOf(interaction)}`)}</code></summary>`,
    '',
    table(['Rule', 'Where', 'Expected', 'Received'], findings.flatMap(rowsOf)),
    '',
    ...findings.map(({ rule, next }) => `- ${code(rule)} Next: ${prose(next)}.`),
    `- Document: ${linked(document)}; contract of ${code(consumer)}`,
    '',
    fenced(request),
    '',
    '</details>',
  ].join('\n')
}

function rowsOf({ rule, sentence, source, differences }: Finding): ReadonlyArray<readonly string[]> {
  return differences.map(({ where, expected, received }) => [
    `${code(rule)}<br>${prose(sentence)} (${prose(source)})`,
    code(where),
    code(expected),
    code(received),
  ])
}

function skippedBlocks(verification: Verification): readonly string[] {
  const rows = [...skippedByReason(verification)].map(([reason, skipped]) => [
    prose(reason),
    String(skipped.length),
    [...new Set(skipped.map(({ variant }) => variant))].map(code).join('<br>'),
  ])
  return rows.length === 0 ? [] : [`### Skipped\n\n${table(['Reason', 'Interactions', 'Variants'], rows)}`]
}

function groupTable(verification: Verification): string {
  const outcomes: readonly Outcome[] = ['kept', 'broken', 'pending', 'skipped']
  const rows = groupsOf(verification).map(({ title, interactions }) => [
    code(title),
    ...outcomes.map((outcome) => String(countOf(interactions, outcome))),
  ])
  return table(['Contract', ...outcomes], rows)
}

/** As many blocks as there is room for, and a sentence where that is not all; the first one always fits. */
function fitting(blocks: readonly string[]): readonly string[] {
  let bytes = reservedBytes
  const fit = blocks.filter((block) => {
    const size = Buffer.byteLength(block) + 2
    if (bytes + size > mostBytes) return false
    bytes += size
    return true
  })
  const leftOut = blocks.length - fit.length
  if (leftOut === 0) return fit
  return [...fit, `${leftOut} more parts do not fit a job summary; the JSON and HTML reports have them all.`]
}

function table(headings: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A text that is nothing but text: neither Markdown nor HTML, no link, mention, emoji or formula. */
function prose(text: string): string {
  return escapeMarkup(text.replace(/[\\`*_[\]()#!|~:@$]/g, '\\$&'))
}

/** `<code>` rather than backticks, in which a table would still end its cell at a pipe, and a text could end the code. */
function code(text: string): string {
  return `<code>${prose(text)}</code>`
}

/** Only a whole address of the web becomes a link. */
function linked(text: string): string {
  return /^https?:\/\/[^\s<>|\\`]+$/.test(text) && URL.canParse(text) ? `<${text}>` : code(text)
}

/** A fence is longer than any run of backticks within it. */
function fenced(line: string): string {
  const longest = Math.max(2, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}bash\n${line}\n${fence}`
}
