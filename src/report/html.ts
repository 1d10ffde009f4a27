// A verification as one HTML file: nothing is fetched, nothing runs, and it is well-formed XML besides.
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
import { htmlCode, htmlLink, htmlPage, htmlTable } from './html-elements.ts'
import { attributesOf, escapeMarkup } from './markup.ts'
import { shownVerification } from './shown.ts'

const outcomes: readonly Outcome[] = ['kept', 'broken', 'pending', 'skipped']

/** A page with the sum, what is broken, why the rest was skipped, and every interaction. */
export function formatHtml(verification: Verification): string {
  const shown = shownVerification(verification)
  return htmlPage(`${sumOf(shown)}: ${subjectOf(shown)}`, [
    '<header>',
    `<h1>${escapeMarkup(verdictOf(shown))}</h1>`,
    `<p>${htmlCode(subjectOf(shown))}</p>`,
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
  ])
}

function section(title: string, content: readonly string[]): readonly string[] {
  return content.length === 0 ? [] : ['<section>', `<h2>${title}</h2>`, ...content, '</section>']
}

function article(interaction: VerifiedInteraction): string {
  const { variant, document, consumer, request } = interaction
  const outcome = outcomeOf(interaction)
  return [
    `<article${attributesOf({ class: outcome })}>`,
    `<h3>${verdict(outcome)} ${htmlCode(variant)} ${htmlCode(labelOf(interaction))}</h3>`,
    ...findingsOf(interaction).map(findingTable),
    `<p>Document: ${htmlLink(document)}; contract of ${escapeMarkup(consumer)}</p>`,
    '<p>The request, in which variables of the shell stand for credentials:</p>',
    `<pre>${htmlCode(request)}</pre>`,
    '</article>',
  ].join('\n')
}

function findingTable({ rule, sentence, source, next, differences }: Finding): string {
  const caption = `${htmlCode(rule)} ${escapeMarkup(sentence)}`
  const rows = differences.map(({ where, expected, received }) => [
    htmlCode(where),
    htmlCode(expected),
    htmlCode(received),
  ])
  return [
    htmlTable(caption, ['Where', 'Expected', 'Received'], rows),
    `<p>Next: ${escapeMarkup(next)}.</p>`,
    `<p class="source">Source: ${escapeMarkup(source)}</p>`,
  ].join('\n')
}

function skippedTable(verification: Verification): readonly string[] {
  const rows = [...skippedByReason(verification)].map(([reason, skipped]) => [
    escapeMarkup(reason),
    String(skipped.length),
    [...new Set(skipped.map(({ variant }) => variant))].map(htmlCode).join(', '),
  ])
  if (rows.length === 0) return []
  return [htmlTable('Interactions that could not be verified', ['Reason', 'Interactions', 'Variants'], rows)]
}

function groupDetails({ title, interactions }: Group): string {
  const counts = outcomes
    .map((outcome) => [countOf(interactions, outcome), outcome] as const)
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${verdict(outcome)}`)
  const rows = interactions.map((each) => [
    htmlCode(each.exchange),
    htmlCode(each.client_authentication),
    verdict(outcomeOf(each)),
    escapeMarkup(each.reason ?? ''),
  ])
  return [
    '<details>',
    `<summary>${htmlCode(title)} ${counts.join(', ')}</summary>`,
    htmlTable(
      `Document: ${htmlLink(interactions[0]?.document ?? '')}`,
      ['Exchange', 'Client authentication', 'Verdict', 'Reason'],
      rows,
    ),
    '</details>',
  ].join('\n')
}

function verdict(outcome: Outcome): string {
  return `<b class="${outcome}">${outcome}</b>`
}
