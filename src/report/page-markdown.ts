// A page as Markdown, for the summary of a job or a comment.
import { fitting, markdownCode, markdownProse, markdownTable } from './markdown-text.ts'
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
  verdictWord,
} from './page.ts'
import { visible } from './shown.ts'

/** Ends every page, so that a file can be told to be one. */
export const markdownMark = '<!-- tokenwright diff -->'

/** The page with a line end. */
export function formatPageMarkdown({ headline, subject, sections }: Page): string {
  const blocks = [
    `## ${markdownProse(capitalized(headline))}\n\n${inline(subject)}`,
    ...sections.flatMap(sectionBlocks),
  ]
  return `${[...fitting(blocks), markdownMark].join('\n\n')}\n`
}

function sectionBlocks({ title, blocks }: Section): readonly string[] {
  return [`### ${inline(title)}`, ...blocks.map(blockText)]
}

function blockText(block: Block): string {
  if (block.kind === 'paragraph') return inline(block.text)
  if (block.kind === 'list') return block.items.map((item) => `- ${inline(item)}`).join('\n')
  if (block.kind === 'table') return tableText(block)
  if (block.kind === 'changes') return tableText(tableOfChanges(block.title, block.changes))
  return tableText(tableOfTimeline(block))
}

/** A row for each step. */
function tableOfTimeline({ points, steps }: Extract<Block, { kind: 'timeline' }>): Table {
  return {
    kind: 'table',
    caption: 'Steps',
    headings: ['From', 'To', 'Verdict', 'Changes', 'The most severe'],
    rows: steps.map(({ verdict, counts, sentences }, index) => [
      [points[index] ?? ''],
      [points[index + 1] ?? ''],
      [[{ verdict }]],
      [counts],
      sentences,
    ]),
  }
}

function tableText({ caption, headings, rows }: Table): string {
  const table = markdownTable(
    headings.map((each) => markdownProse(visible(each))),
    rows.map((row) => row.map(cellText)),
  )
  return `**${markdownProse(visible(caption))}**\n\n${table}`
}

function cellText(cell: Cell): string {
  return cell.map(inline).join('<br>')
}

function inline(text: Text): string {
  return spansOf(text).map(inlineSpan).join('')
}

function inlineSpan(span: Span): string {
  if (typeof span === 'string') return markdownProse(visible(span))
  return 'code' in span ? markdownCode(visible(span.code)) : `**${verdictWord(span.verdict)}**`
}
