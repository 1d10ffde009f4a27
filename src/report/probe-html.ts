// A probe as one HTML page, which needs no other file: each cell of the grid opens, and nothing runs.
import type { JudgedRule, MatrixCell, ProbedExchange } from '../probe/probed.ts'
import { htmlCode, htmlPage, htmlTable } from './html-elements.ts'
import { attributesOf, escapeMarkup } from './markup.ts'
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
  type GridRow,
  gridOf,
  headlineOf,
  legend,
  type ReportedProbe,
  refusalOf,
  refusalsOf,
  rowTitle,
  rulesByDocument,
  scoreHeadings,
  scoreRowsOf,
  shownProbe,
  sumOf,
  unjudgedOf,
  untriedOf,
  weightClasses,
  weightOf,
} from './probe.ts'

/** What a cell opens lies above the page, as wide as the page, so that the grid keeps its shape. */
const gridStyle = `
main { position: relative; }
section.grid table { width: auto; } section.grid td, section.grid th { overflow-wrap: normal; }
section.grid td summary { padding: 0; }
section.grid td div { position: absolute; left: 0; right: 0; z-index: 1; padding: 0.5rem 1rem;
  background: var(--background); border: 0.125rem solid var(--line); overflow-wrap: anywhere; }
section.grid { overflow-x: auto; }
`

/** The sum, scores, changes, the grid, what is broken, and every rule. */
export function formatProbeHtml(probe: ReportedProbe): string {
  const shown = shownProbe(probe)
  const headline = headlineOf(shown)
  return htmlPage(
    `${headline}: ${shown.url}`,
    [
      '<header>',
      `<h1>${escapeMarkup(capitalized(headline))}</h1>`,
      `<p>${htmlCode(shown.url)}: ${escapeMarkup(sumOf(shown))}</p>`,
      '</header>',
      '<main>',
      ...(shown.ended === undefined
        ? []
        : [`<p role="alert">The run ended early: ${escapeMarkup(shown.ended)}</p>`]),
      ...section('Conformance', [scoreTable(shown)]),
      ...changeSection(shown),
      ...gridSection(shown),
      ...section('Findings', findingsOf(shown, 'worst_first').map(article)),
      ...section('What the service offers', capabilityList(shown)),
      ...section('Rules without a verdict', unjudgedTables(shown)),
      ...section('Every rule', [...rulesByDocument(shown)].map(documentDetails)),
      '</main>',
    ],
    gridStyle,
  )
}

function section(title: string, content: readonly string[], name?: string): readonly string[] {
  if (content.length === 0) return []
  return [
    `<section${attributesOf({ class: name })}>`,
    `<h2>${escapeMarkup(title)}</h2>`,
    ...content,
    '</section>',
  ]
}

function scoreTable(probe: ReportedProbe): string {
  return htmlTable(
    'Rules kept, of those that could be judged',
    scoreHeadings.map((heading) => (heading === '' ? 'Document' : heading)),
    scoreRowsOf(probe).map(({ of, scores }) => [escapeMarkup(of), ...scores]),
  )
}

function changeSection({ changes }: ReportedProbe): readonly string[] {
  if (changes === undefined) return []
  const items = changes.map(
    (change) =>
      `<li>${change.isWorse ? '<b class="broken">worse</b> ' : ''}${htmlCode(changeText(change))}</li>`,
  )
  const list = items.length === 0 ? ['<p>Two probes found the same.</p>'] : ['<ul>', ...items, '</ul>']
  return section(capitalized(changesHeadline(changes)), list)
}

function gridSection({ matrix }: ReportedProbe): readonly string[] {
  if (matrix.length === 0) return []
  const { columns, rows } = gridOf(matrix)
  const headings = ['Grant and spelling', 'Variants', ...columns.map(columnTitle)]
  const content = [
    ...(rows.length === 0
      ? []
      : [
          htmlTable(
            'Which form of which documented request is accepted',
            headings.map(escapeMarkup),
            rows.map(rowOf),
          ),
          `<p class="source">${escapeMarkup(legend)}</p>`,
        ]),
    ...reasonTable('Refused with', refusalsOf(matrix)),
    ...reasonTable('Not tried, as', untriedOf(matrix)),
  ]
  return section('Documented requests', content, 'grid')
}

function rowOf(row: GridRow): readonly string[] {
  const [spelling, variants] = rowTitle(row)
  return [
    `${htmlCode(row.grantType)} ${escapeMarkup(spelling)}`,
    row.variants.length > 1
      ? `<details name="cell"><summary>${escapeMarkup(variants)}</summary><div>${row.variants.map(htmlCode).join(', ')}</div></details>`
      : htmlCode(variants),
    ...row.cells.map(cellDetails),
  ]
}

const cellClasses = { accepted: 'kept', refused: 'pending', not_tried: 'skipped' } as const

/** Of cells that share a name, one is open at a time. */
function cellDetails(cell: MatrixCell | undefined): string {
  if (cell === undefined) return ''
  const { outcome, grantType, spelling, variants, request, reason } = cell
  const what = outcome === 'refused' ? refusalOf(cell) : reason
  return [
    `<details name="cell"><summary><b class="${cellClasses[outcome]}">${escapeMarkup(cellMark(cell))}</b></summary><div>`,
    `<p><b class="${cellClasses[outcome]}">${outcome.replace('_', ' ')}</b> ${escapeMarkup(what)}</p>`,
    `<p>${htmlCode(grantType)} by ${escapeMarkup(columnTitle(cell))}, ${escapeMarkup(spelling)}: ${variants.map(htmlCode).join(', ')}</p>`,
    ...(request === undefined ? [] : [`<pre>${htmlCode(request)}</pre>`]),
    '</div></details>',
  ].join('')
}

function reasonTable(heading: string, reasons: readonly Counted[]): readonly string[] {
  if (reasons.length === 0) return []
  return [
    htmlTable(
      `${heading}:`,
      ['What', 'Requests'],
      reasons.map(({ count, text }) => [escapeMarkup(text), String(count)]),
    ),
  ]
}

function article(rule: JudgedRule): string {
  const { id, level, sentence, source, reason, requests } = rule
  const name = weightClasses[weightOf(rule)]
  return [
    `<article${attributesOf({ class: name })}>`,
    `<h3><b${attributesOf({ class: name })}>${brokenWord(rule)}</b> ${level} ${htmlCode(id)}</h3>`,
    `<p>${escapeMarkup(sentence)}</p>`,
    `<p>${escapeMarkup(capitalized(reason))}.</p>`,
    ...exchanges(requests),
    `<p class="source">Source: ${escapeMarkup(source)}</p>`,
    '</article>',
  ].join('\n')
}

function exchanges(requests: readonly ProbedExchange[]): readonly string[] {
  return requests.map(({ request, received }) => `<pre>${htmlCode(`${request}\n→ ${received}`)}</pre>`)
}

function capabilityList(probe: ReportedProbe): readonly string[] {
  const { offered, missing, unknown } = capabilitiesOf(probe)
  return [
    `<p>Offers ${offered.map(htmlCode).join(', ') || 'nothing'}.</p>`,
    ...(missing.length === 0 ? [] : [`<p>Without ${missing.map(htmlCode).join(', ')}.</p>`]),
    ...(unknown.length === 0 ? [] : [`<p>Unknown ${unknown.map(htmlCode).join(', ')}.</p>`]),
  ]
}

function unjudgedTables(probe: ReportedProbe): readonly string[] {
  return (['not_applicable', 'not_tried'] as const).flatMap((verdict) => {
    const rows = unjudgedOf(probe, verdict).map(({ reason, rules }) => [
      escapeMarkup(reason),
      rules.map(({ id }) => htmlCode(id)).join(', '),
    ])
    return rows.length === 0
      ? []
      : [htmlTable(capitalized(verdict.replace('_', ' ')), ['Reason', 'Rules'], rows)]
  })
}

function documentDetails([document, rules]: readonly [string, readonly JudgedRule[]]): string {
  const rows = rules.map((rule) => [
    htmlCode(rule.id),
    rule.level,
    verdictWord(rule),
    escapeMarkup(rule.sentence),
    escapeMarkup(rule.source),
  ])
  const kept = rules.filter(({ verdict }) => verdict === 'kept').length
  return [
    '<details>',
    `<summary>${escapeMarkup(document)}: ${kept} of ${rules.length} kept</summary>`,
    htmlTable(escapeMarkup(document), ['Rule', 'Level', 'Verdict', 'Sentence', 'Source'], rows),
    '</details>',
  ].join('\n')
}

function verdictWord(rule: JudgedRule): string {
  const { verdict } = rule
  if (verdict === 'broken') return `<b class="${weightClasses[weightOf(rule)]}">${brokenWord(rule)}</b>`
  return `<b class="${verdict === 'kept' ? 'kept' : 'skipped'}">${verdict.replace('_', ' ')}</b>`
}
