// A page as one HTML file: nothing is fetched, nothing runs, and it is well-formed XML besides.
import { htmlCode, htmlPage, htmlTable } from './html-elements.ts'
import { escapeMarkup } from './markup.ts'
import {
  type Block,
  type Cell,
  capitalized,
  type Page,
  type Section,
  type Span,
  spansOf,
  type Table,
  type Text,
  tableOfChanges,
  verdictTones,
  verdictWord,
} from './page.ts'
import { visible } from './shown.ts'

/** What every page has in it, so that a file can be told to be one. */
export const htmlMark = '<main class="tokenwright-diff">'

/** The page with a line end. */
export function formatPageHtml({ headline, subject, sections }: Page): string {
  return htmlPage(`${headline}: ${visible(plainText(subject))}`, [
    '<header>',
    `<h1>${escapeMarkup(capitalized(headline))}</h1>`,
    `<p>${inline(subject)}</p>`,
    '</header>',
    htmlMark,
    ...sections.flatMap(sectionLines),
    '</main>',
  ])
}

function sectionLines({ title, blocks }: Section): readonly string[] {
  return ['<section>', `<h2>${inline(title)}</h2>`, ...blocks.map(blockText), '</section>']
}

function blockText(block: Block): string {
  if (block.kind === 'paragraph') return `<p>${inline(block.text)}</p>`
  if (block.kind === 'list')
    return ['<ul>', ...block.items.map((item) => `<li>${inline(item)}</li>`), '</ul>'].join('\n')
  if (block.kind === 'table') return tableText(block)
  if (block.kind === 'changes') return tableText(tableOfChanges(block.title, block.changes))
  return timelineText(block)
}

/** The steps stand between the points, on one line through all of them. */
function timelineText({ points, steps }: Extract<Block, { kind: 'timeline' }>): string {
  const items = points.flatMap((point, index) => {
    const step = steps[index]
    const head = `<li class="point">${inline(point)}</li>`
    if (step === undefined) return [head]
    const { verdict, counts, sentences } = step
    return [
      head,
      `<li class="${verdictTones[verdict ?? 'same']} step">${inlineSpan({ verdict })} ${escapeMarkup(counts)}`,
      ...(sentences.length === 0
        ? []
        : ['<ul>', ...sentences.map((each) => `<li>${inline(each)}</li>`), '</ul>']),
      '</li>',
    ]
  })
  return ['<ol class="timeline">', ...items, '</ol>'].join('\n')
}

function tableText({ caption, headings, rows, isSeries = false }: Table): string {
  const cells = rows.map((row) => row.map(cellText)).map(isSeries ? withEmphasis : (row) => row)
  return htmlTable(
    escapeMarkup(visible(caption)),
    headings.map((each) => escapeMarkup(visible(each))),
    cells,
  )
}

/** What is other than in the column before stands out. */
function withEmphasis(row: readonly string[]): readonly string[] {
  return row.map((cell, column) =>
    column > 1 && cell !== row[column - 1] ? `<strong>${cell}</strong>` : cell,
  )
}

function cellText(cell: Cell): string {
  return cell.map(inline).join('<br/>')
}

function inline(text: Text): string {
  return spansOf(text).map(inlineSpan).join('')
}

function inlineSpan(span: Span): string {
  if (typeof span === 'string') return escapeMarkup(visible(span))
  if ('code' in span) return htmlCode(visible(span.code))
  const word = verdictWord(span.verdict)
  return `<b class="${verdictTones[span.verdict ?? 'same']}">${word}</b>`
}

function plainText(text: Text): string {
  return spansOf(text)
    .map((span) => (typeof span === 'string' ? span : 'code' in span ? span.code : verdictWord(span.verdict)))
    .join('')
}
