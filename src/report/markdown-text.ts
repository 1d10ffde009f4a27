// What every Markdown report is made of, as a job's summary on GitHub takes it: 1 MiB of a step, and nothing is shown of more.
import { escapeMarkup } from './markup.ts'

/** 1 MiB, less what other commands of the same step may write. */
const mostBytes = 1_000_000

/** What is kept free for the sentence about what is left out. */
const reservedBytes = 200

/** As many blocks as there is room for, and a sentence where that is not all; the first one always fits. */
export function fitting(blocks: readonly string[]): readonly string[] {
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

/** Headings and cells are Markdown. */
export function markdownTable(headings: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A text that is nothing but text: neither Markdown nor HTML, no link, mention, emoji or formula. */
export function markdownProse(text: string): string {
  const escaped = escapeMarkup(text.replace(/[\\`*_[\]()#!|~:@$]/g, '\\$&'))
  // GitHub makes links of `www.` and of addresses in what is text by then: an empty comment takes them apart.
  return escaped.replaceAll('@', '@<!-- -->').replace(/www(?=\.)/gi, '$&<!-- -->')
}

/** `<code>` rather than backticks, in which a table would still end its cell at a pipe, and a text could end the code. */
export function markdownCode(text: string): string {
  return `<code>${markdownProse(text)}</code>`
}

/** Only a whole address of the web becomes a link. */
export function markdownLink(text: string): string {
  return /^https?:\/\/[^\s<>|\\`]+$/.test(text) && URL.canParse(text) ? `<${text}>` : markdownCode(text)
}
