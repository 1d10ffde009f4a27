// The text of a page before it is parsed: what is no Markdown, or would take the parser too long, is refused here.
import { invalidDocument } from './document-error.ts'
import { maxPageBytes, requireDocumentSize } from './document-size.ts'
import type { SourceFile } from './imported.ts'

/** Lists and quotes inside each other. The parser's time grows with the square of this. */
const maxNesting = 100
const maxIndentation = 400
const maxLineLength = 256 * 1024
/** Of all tables together: the pages of a whole API have fewer. */
const maxTableLines = 8_000
const maxColumns = 500

// Every control character that no text has; tab, line feed, form feed and carriage return are left out.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const binary = /[\0-\x08\x0b\x0e-\x1f\x7f]/
const htmlPage = /^\s*(?:<!doctype\s+html|<html[\s>])/i
const nested = new RegExp(`^(?:[ \\t]*(?:[-*+>]|\\d{1,9}[.)])(?=[ \\t>])){${maxNesting},}`)
const indented = new RegExp(`^[ \\t]{${maxIndentation},}`)

/** For each length of a run of backticks, the parser looks through a paragraph for its end. */
const longestBackticks = 40
const manyBackticks = new RegExp(`\`{${longestBackticks + 1}}`)

/** A page's text, ready to parse, and the title that front matter gives it. Lines keep their numbers. */
export interface PageText {
  readonly text: string
  readonly title: string | null
}

/**
 * Checks a page and takes off a byte order mark and front matter.
 * @throws ERR_DOCUMENT_INVALID for binary, HTML, sizes and nesting beyond the limits
 */
export function readPageText({ file, text }: SourceFile): PageText {
  requireDocumentSize(file, Buffer.byteLength(text), maxPageBytes)
  requireMarkdown(file, text)
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) requirePlainLine(file, index + 1, line)
  requireSmallTables(file, lines)
  return withoutFrontMatter(text.startsWith('\uFEFF') ? text.slice(1) : text)
}

function requireMarkdown(file: string, text: string): void {
  const control = binary.exec(text)
  if (control) {
    const found = `a control character (code ${control[0].charCodeAt(0)})`
    throw invalidDocument(
      file,
      lineAt(text, control.index),
      `expected Markdown, received ${found}; is this a binary file?`,
    )
  }
  const replaced = text.indexOf('\uFFFD')
  if (replaced !== -1)
    throw invalidDocument(
      file,
      lineAt(text, replaced),
      'expected UTF-8, received bytes that are none; save the page as UTF-8',
    )
  if (htmlPage.test(text.slice(0, 1024).replace('\uFEFF', '')))
    throw invalidDocument(
      file,
      1,
      'expected Markdown, received an HTML page; import the Markdown source that it is made from',
    )
}

function requirePlainLine(file: string, line: number, text: string): void {
  if (text.length > maxLineLength)
    throw invalidDocument(
      file,
      line,
      `expected lines of at most ${maxLineLength} characters, received ${text.length}; break the line up`,
    )
  if (manyBackticks.test(text))
    throw invalidDocument(
      file,
      line,
      `expected at most ${longestBackticks} backticks in a row, received more; import the part with the table alone`,
    )
  if (nested.test(text) || indented.test(text))
    throw invalidDocument(
      file,
      line,
      `expected lists and quotes at most ${maxNesting} deep, received deeper ones; import the part with the table alone`,
    )
}

function requireSmallTables(file: string, lines: readonly string[]): void {
  let count = 0
  for (const [index, line] of lines.entries()) {
    if (line.includes('|')) count += 1
    if (line.length > maxColumns && line.split('|').length > maxColumns)
      throw invalidDocument(
        file,
        index + 1,
        `expected at most ${maxColumns} columns, received more; import the part with the table alone`,
      )
    if (count > maxTableLines)
      throw invalidDocument(
        file,
        index + 1,
        `expected tables of at most ${maxTableLines} lines together, received more; import the part with the table alone`,
      )
  }
}

/** The line at an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

function withoutFrontMatter(text: string): PageText {
  const opening = /^---[ \t]*\r?\n/.exec(text)
  if (!opening) return { text, title: null }
  const closing = /^(?:---|\.\.\.)[ \t]*\r?$/m.exec(text.slice(opening[0].length))
  if (!closing) return { text, title: null }
  const end = opening[0].length + closing.index + closing[0].length
  const matter = text.slice(0, end)
  const title = /^title:[ \t]*(\S[^\r\n]*)/m.exec(matter)?.[1]?.trim() ?? null
  return {
    // Spaces in its place keep offsets and line numbers.
    text: matter.replace(/[^\r\n]/g, ' ') + text.slice(end),
    title: title?.replace(/^(["'])(.*)\1$/, '$2') ?? null,
  }
}
