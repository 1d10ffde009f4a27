// A verification as one HTML file: nothing is fetched, nothing runs, and it is well-formed XML besides.
import { createHash } from 'node:crypto'
import type { Verification, VerifiedInteraction } from '../verify/verification.ts'
import {
  brokenOf,
  countOf,
  type Finding,
  findingsOf,
  type Group,
  groupsOf,
  labelOf,
  type Outcome,
  outcomeOf,
  skippedByReason,
  subjectOf,
  sumOf,
  verdictOf,
} from './findings.ts'
import { attributesOf, escapeMarkup } from './markup.ts'
import { shownVerification } from './shown.ts'
import { style } from './style.ts'

/** The style by its digest, and nothing else: no script, image, font or form. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`

const outcomes: readonly Outcome[] = ['kept', 'broken', 'pending', 'skipped']

/** A page with the sum, what is broken, why the rest was skipped, and every interaction. */
export function formatHtml(verification: Verification): string {
  const shown = shownVerification(verification)
  const subject = escapeMarkup(subjectOf(shown))
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8"/>',
    `<meta http-equiv="Content-Security-Policy"${attributesOf({ content: policy })}/>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    '<meta name="color-scheme" content="light dark"/>',
    `<title>${escapeMarkup(sumOf(shown))}: ${subject}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<h1>${escapeMarkup(verdictOf(shown))}</h1>`,
    `<p>${code(subjectOf(shown))}</p>`,
    `<p>${outcomes.map((outcome) => `${countOf(shown.interactions, outcome)} ${verdict(outcome)}`).join(', ')}</p>`,
    '</header>',
    '<main>',
    ...(shown.ended === undefined
      ? []
      : [`<p role="alert">The run ended early: ${escapeMarkup(shown.ended)}</p>`]),
    ...section('Findings', brokenOf(shown).map(article)),
    ...section('Skipped', skippedTable(shown)),
    ...section('Contracts', groupsOf(shown).map(groupDetails)),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function section(title: string, content: readonly string[]): readonly string[] {
  return content.length === 0 ? [] : ['<section>', `<h2>${title}</h2>`, ...content, '</section>']
}

function article(interaction: VerifiedInteraction): string {
  const { variant, document, consumer, request } = interaction
  const outcome = outcomeOf(interaction)
  return [
    `<article${attributesOf({ class: outcome })}>`,
    `<h3>${verdict(outcome)} ${code(variant)} ${code(labelOf(interaction))}</h3>`,
    ...findingsOf(interaction).map(findingTable),
    `<p>Document: ${linked(document)}; contract of ${escapeMarkup(consumer)}</p>`,
    '<p>The request, in which variables of the shell stand for credentials:</p>',
    `<pre>${code(request)}</pre>`,
    '</article>',
  ].join('\n')
}

function findingTable({ rule, sentence, source, next, differences }: Finding): string {
  const caption = `${code(rule)} ${escapeMarkup(sentence)}`
  const rows = differences.map(({ where, expected, received }) => [
    code(where),
    code(expected),
    code(received),
  ])
  return [
    table(caption, ['Where', 'Expected', 'Received'], rows),
    `<p>Next: ${escapeMarkup(next)}.</p>`,
    `<p class="source">Source: ${escapeMarkup(source)}</p>`,
  ].join('\n')
}

function skippedTable(verification: Verification): readonly string[] {
  const rows = [...skippedByReason(verification)].map(([reason, skipped]) => [
    escapeMarkup(reason),
    String(skipped.length),
    [...new Set(skipped.map(({ variant }) => variant))].map(code).join(', '),
  ])
  if (rows.length === 0) return []
  return [table('Interactions that could not be verified', ['Reason', 'Interactions', 'Variants'], rows)]
}

function groupDetails({ title, interactions }: Group): string {
  const counts = outcomes
    .map((outcome) => [countOf(interactions, outcome), outcome] as const)
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${verdict(outcome)}`)
  const rows = interactions.map((each) => [
    code(each.exchange),
    code(each.client_authentication),
    verdict(outcomeOf(each)),
    escapeMarkup(each.reason ?? ''),
  ])
  return [
    '<details>',
    `<summary>${code(title)} ${counts.join(', ')}</summary>`,
    table(
      `Document: ${linked(interactions[0]?.document ?? '')}`,
      ['Exchange', 'Client authentication', 'Verdict', 'Reason'],
      rows,
    ),
    '</details>',
  ].join('\n')
}

/** Captions and cells are markup; the first cell of a row is its heading. */
function table(caption: string, headings: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const head = headings.map((each) => `<th scope="col">${each}</th>`).join('')
  const body = rows.map(([first = '', ...others]) => {
    return `<tr><th scope="row">${first}</th>${others.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  })
  return [
    '<table>',
    `<caption>${caption}</caption>`,
    `<thead><tr>${head}</tr></thead>`,
    '<tbody>',
    ...body,
    '</tbody>',
    '</table>',
  ].join('\n')
}

function verdict(outcome: Outcome): string {
  return `<b class="${outcome}">${outcome}</b>`
}

function code(text: string): string {
  return `<code>${escapeMarkup(text)}</code>`
}

/** Only a whole address of the web becomes a link. */
function linked(text: string): string {
  if (!/^https?:\/\/[^\s]+$/.test(text) || !URL.canParse(text)) return `<bdi>${escapeMarkup(text)}</bdi>`
  return `<a${attributesOf({ href: text, rel: 'noreferrer' })}>${escapeMarkup(text)}</a>`
}
