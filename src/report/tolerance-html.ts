// A client's tolerance as one HTML page, which needs no other file.
import type { Tolerance, ToleranceVerdict, ToleratedCase } from '../probe/tolerance.ts'
import { htmlCode, htmlPage, htmlTable } from './html-elements.ts'
import { escapeMarkup } from './markup.ts'
import {
  cellsOf,
  toleranceDetails,
  toleranceHeadings,
  toleranceHeadline,
  toleranceRemarks,
  toleranceSum,
} from './tolerance.ts'

/** The classes of the style, by which verdicts have their colours. */
const classes: Readonly<Record<ToleranceVerdict, string>> = {
  survived: 'kept',
  failed: 'broken',
  not_tried: 'skipped',
}

/** The sum, a row for each case, and below it what is to be told of each. */
export function formatToleranceHtml(tolerance: Tolerance): string {
  const { cases } = tolerance
  return htmlPage('Client tolerance', [
    '<main>',
    `<h1>${toleranceHeadline(tolerance)}</h1>`,
    `<p>${escapeMarkup(toleranceSum(tolerance))}</p>`,
    '<ul>',
    ...toleranceRemarks(tolerance).map((remark) => `<li>${escapeMarkup(remark)}</li>`),
    '</ul>',
    htmlTable('Cases', toleranceHeadings.map(escapeMarkup), cases.map(rowOf)),
    '<h2>Each case</h2>',
    ...cases.map(detailsBlock),
    '</main>',
  ])
}

function rowOf(tolerated: ToleratedCase): readonly string[] {
  const [id = '', verdict = '', ...others] = cellsOf(tolerated)
  return [
    htmlCode(id),
    `<b class="${classes[tolerated.verdict]}">${escapeMarkup(verdict)}</b>`,
    ...others.map(escapeMarkup),
  ]
}

/** What failed is open. */
function detailsBlock(tolerated: ToleratedCase): string {
  const [sentence = '', ...others] = toleranceDetails(tolerated)
  return [
    tolerated.verdict === 'failed' ? '<details open="">' : '<details>',
    `<summary>${htmlCode(tolerated.id)}</summary>`,
    `<p>${escapeMarkup(sentence)}</p>`,
    ...(others.length === 0 ? [] : [`<pre>${escapeMarkup(others.join('\n'))}</pre>`]),
    '</details>',
  ].join('\n')
}
