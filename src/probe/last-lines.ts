// The last that a client said, fit to be shown: a few lines, without secrets, and without what differs from run to run.
import type { Redactor } from '../verify/redactor.ts'

/** How much is shown. */
const mostLines = 8
const longestLine = 300

/** What looks like a token of the mock: opaque, or a JWT. */
const tokenLike = /eyJ[\w-]{10,}\.[\w-]+\.[\w-]*|(?<![\w-])[\w-]{43}(?![\w-])/g

/** The last lines of a text that are not blank; the mock's port, another one in each run, is `{port}`. */
export function lastLinesOf(
  text: string,
  { url }: { readonly url: string },
  redactor: Redactor,
): readonly string[] {
  const shown = redactor
    .redact(text.replace(tokenLike, '****'))
    .replaceAll(`:${new URL(url).port}`, ':{port}')
  const lines = shown.split(/\r\n|[\r\n]/).map((line) => line.trimEnd())
  return lines
    .filter((line) => line !== '')
    .slice(-mostLines)
    .map((line) => (line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`))
}
