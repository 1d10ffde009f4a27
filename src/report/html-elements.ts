// What every HTML page of a report is made of: one file, nothing is fetched, nothing runs, well-formed XML besides.
import { createHash } from 'node:crypto'
import { attributesOf, escapeMarkup } from './markup.ts'
import { style } from './style.ts'

/** The style by its digest, and nothing else: no script, image, font or form. */
function policyFor(sheet: string): string {
  return `default-src 'none'; style-src 'sha256-${createHash('sha256').update(sheet).digest('base64')}'; base-uri 'none'; form-action 'none'`
}

/** A whole page around the lines of its body; the title is text, and the page may have rules of style beside the usual ones. */
export function htmlPage(title: string, body: readonly string[], ownStyle = ''): string {
  const sheet = style + ownStyle
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8"/>',
    `<meta http-equiv="Content-Security-Policy"${attributesOf({ content: policyFor(sheet) })}/>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    '<meta name="color-scheme" content="light dark"/>',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${sheet}</style>`,
    '</head>',
    '<body>',
    ...body,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

/** Captions and cells are markup; the first cell of a row is its heading. */
export function htmlTable(
  caption: string,
  headings: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
): string {
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

/** Text as code. */
export function htmlCode(text: string): string {
  return `<code>${escapeMarkup(text)}</code>`
}

/** Text as a link. Only a whole address of the web becomes a link. */
export function htmlLink(text: string): string {
  if (!/^https?:\/\/[^\s]+$/.test(text) || !URL.canParse(text)) return `<bdi>${escapeMarkup(text)}</bdi>`
  return `<a${attributesOf({ href: text, rel: 'noreferrer' })}>${escapeMarkup(text)}</a>`
}
