// Markdown to the plain blocks that an import looks at. The one file that knows the Markdown parser.
import type { Node, Nodes, PhrasingContent, RootContent, TableCell } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { toString as textOf } from 'mdast-util-to-string'
import { gfmTable } from 'micromark-extension-gfm-table'

/** A link inside a cell. */
export interface CellLink {
  readonly text: string
  readonly url: string
}

/** One cell of a table. */
export interface Cell {
  /** Plain text; `<br/>` is a line break, and an HTML list a line with `- ` per item. */
  readonly text: string
  /** As it stands in the source. */
  readonly words: string
  /** The code spans. */
  readonly codes: readonly string[]
  readonly links: readonly CellLink[]
}

/** A row of a table, with as many cells as it has, not as many as there are heads. */
export interface Row {
  readonly line: number
  readonly cells: readonly Cell[]
}

/** A table with its heads. */
export interface Table {
  readonly kind: 'table'
  readonly line: number
  readonly heads: readonly Cell[]
  readonly rows: readonly Row[]
}

/** A heading of any level. */
export interface Heading {
  readonly kind: 'heading'
  readonly line: number
  readonly depth: number
  readonly text: string
  readonly words: string
}

/** A paragraph, or one item of a list. */
export interface Paragraph {
  readonly kind: 'paragraph'
  readonly line: number
  readonly text: string
  readonly words: string
}

/** A code block. */
export interface CodeBlock {
  readonly kind: 'code'
  /** Of the fence; the code begins one line below. */
  readonly line: number
  /** The first word behind the fence. */
  readonly language: string | null
  readonly text: string
}

/** A block of HTML, as it stands. */
export interface HtmlBlock {
  readonly kind: 'html'
  readonly line: number
  readonly text: string
}

/** What a page consists of, in order; lists and quotes are flattened. */
export type Block = Table | Heading | Paragraph | CodeBlock | HtmlBlock

/** The line from which on a page has more markup in one paragraph or cell than can be parsed in a moment. */
export class TooMuchMarkup extends Error {
  readonly line: number

  constructor(line: number) {
    super(`too much markup at line ${line}`)
    this.line = line
  }
}

/**
 * Parses a page. Anything is Markdown, so that this refuses nothing but what would take too long.
 * @throws {TooMuchMarkup}
 */
export function parseMarkdown(source: string): readonly Block[] {
  const root = fromMarkdown(source, {
    extensions: [gfmTable(), boundedMarkup()],
    mdastExtensions: [gfmTableFromMarkdown()],
  })
  const blocks: Block[] = []
  for (const child of root.children) addBlocks(child, source, blocks)
  return blocks
}

type SyntaxExtension = ReturnType<typeof gfmTable>
type Construct = Exclude<NonNullable<SyntaxExtension['text']>[string], readonly unknown[] | undefined>

/** Brackets, stars and underscores, by which links and emphasis begin and end. */
const markers = ['!', '[', ']', '*', '_'].map((marker) => marker.charCodeAt(0))

/** The parser holds each marker of a paragraph against the others: 3,000 in one take it half a second. */
const maxComparisons = 10_000_000

/** Counts markers as the parser comes to them, and reads none of them itself. */
function boundedMarkup(): SyntaxExtension {
  const counts = new WeakMap<object, number>()
  let comparisons = 0
  const construct: Construct = {
    tokenize(_, __, otherwise) {
      return (code) => {
        const count = counts.get(this) ?? 0
        counts.set(this, count + 1)
        comparisons += 2 * count + 1
        if (comparisons > maxComparisons) throw new TooMuchMarkup(this.now().line)
        return otherwise(code)
      }
    },
  }
  return { text: Object.fromEntries(markers.map((marker) => [marker, construct])) }
}

function addBlocks(node: RootContent, source: string, blocks: Block[]): void {
  const line = node.position?.start.line ?? 1
  switch (node.type) {
    case 'heading':
      blocks.push({
        kind: 'heading',
        line,
        depth: node.depth,
        text: textOf(node),
        words: wordsOf(node, source),
      })
      return
    case 'paragraph':
      blocks.push({ kind: 'paragraph', line, text: tidy(plain(node)), words: wordsOf(node, source) })
      return
    case 'code':
      blocks.push({ kind: 'code', line, language: languageOf(node.lang), text: node.value })
      return
    case 'html':
      blocks.push({ kind: 'html', line, text: node.value })
      return
    case 'table': {
      const [heads, ...rows] = node.children.map((row) => ({
        line: row.position?.start.line ?? line,
        cells: row.children.map((cell) => cellOf(cell, source)),
      }))
      blocks.push({ kind: 'table', line, heads: heads?.cells ?? [], rows })
      return
    }
    case 'list':
    case 'listItem':
    case 'blockquote':
      for (const child of node.children) addBlocks(child, source, blocks)
  }
}

function languageOf(info: string | null | undefined): string | null {
  const word = /^[{.]*([\w#+-]+)/.exec(info ?? '')?.[1]
  return word?.toLowerCase() ?? null
}

function wordsOf(node: Node, source: string): string {
  return source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0)
}

function cellOf(cell: TableCell, source: string): Cell {
  const first = cell.children[0]?.position?.start.offset
  const last = cell.children.at(-1)?.position?.end.offset
  const codes: string[] = []
  const links: CellLink[] = []
  for (const child of cell.children) collect(child, codes, links)
  return {
    text: tidy(plain(cell)),
    words: first === undefined || last === undefined ? '' : source.slice(first, last),
    codes,
    links,
  }
}

function collect(node: PhrasingContent, codes: string[], links: CellLink[]): void {
  if (node.type === 'inlineCode') codes.push(node.value)
  if (node.type === 'link') links.push({ text: textOf(node), url: node.url })
  if ('children' in node) for (const child of node.children) collect(child, codes, links)
}

const formatting = /^<\/?(?:a|b|code|em|i|kbd|p|small|span|strong|sub|sup|u|ul|ol|nobr|div)(?:\s[^>]*)?\/?>$/i

function plain(node: Nodes): string {
  switch (node.type) {
    case 'text':
    case 'inlineCode':
      return node.value
    case 'break':
      return '\n'
    case 'image':
      return node.alt ?? ''
    case 'html':
      return htmlText(node.value)
  }
  return 'children' in node ? node.children.map(plain).join('') : ''
}

function htmlText(tag: string): string {
  if (/^<br\s*\/?>$/i.test(tag) || /^<\/(?:p|ul|ol|div)>$/i.test(tag)) return '\n'
  if (/^<li(?:\s[^>]*)?>$/i.test(tag)) return '\n- '
  if (/^<\/li>$/i.test(tag) || tag.startsWith('<!--') || formatting.test(tag)) return ''
  // What is no tag that anyone knows is a word of the page: `<client_id>`.
  return tag
}

function tidy(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/[ \t\u00a0]+/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
