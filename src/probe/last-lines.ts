// The last that a client said, fit to be shown: a few lines, without secrets, and without what differs from run to run.
import { stripVTControlCharacters } from 'node:util'
import type { Redactor } from '../verify/redactor.ts'

/** How much is shown. */
const mostLines = 8
const longestLine = 300

/** What looks like a token of the mock: opaque, or a JWT. */
const tokenLike = /eyJ[\w-]{10,}\.[\w-]+\.[\w-]*|(?<![\w-])[\w-]{43}(?![\w-])/g

/** What a terminal could take for a command, and what changes how the text beside it is seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** The last lines of a text that are not blank; the mock's port, another one in each run, is `{port}`. */
export function lastLinesOf(
  text: string,
  { url }: { readonly url: string },
  redactor: Redactor,
): readonly string[] {
  const shown = redactor
    .redact(stripVTControlCharacters(text).replace(tokenLike, '****'))
    .replaceAll(`:${new URL(url).port}`, ':{port}')
  const lines = shown.split(/\r\n|[\r\n]/).map((line) => line.replace(unseen, ' ').trimEnd())
  return lines
    .filter((line) => line !== '')
    .slice(-mostLines)
    .map((line) => (line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`))
}
