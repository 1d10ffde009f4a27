// The last that a client said, fit to be shown: a few lines, without secrets, and without what differs from run to run.
import { stripVTControlCharacters } from 'node:util'
import type { Redactor } from '../verify/redactor.ts'

/** How much is shown. */
const mostLines = 8
const longestLine = 300

/** What looks like a token of the mock: opaque, or a JWT. */
const tokenLike = /eyJ[\w-]{10,}\.[\w-]+\.[\w-]*|(?<![\w-])[\w-]{43}(?![\w-])/g

/** What stands where a token is said to be, whole or not; its name may be escaped along with it. */
const namedToken =
  /((?:access|refresh|id)_?token\\*["']?\s*[:=]\s*\\*["']?)(?!null\b|undefined\b)[\w.~+/%-]+=*/gi

/**
 * Of a text without its beginning, what is left out where it has one line alone: no secret is longer that the cut could have
 * halved.
 */
const longestHalf = 2048

/** What a terminal could take for a command, and what changes how the text beside it is seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A text, or what is kept of one. */
export interface KeptText {
  readonly text: string
  /** Whether its beginning was cut off, maybe in the middle of a secret. */
  readonly isCut: boolean
}

/** The last lines of a text that are not blank; the mock's port, another one in each run, is `{port}`. */
export function lastLinesOf(
  { text, isCut }: KeptText,
  { url }: { readonly url: string },
  redactor: Redactor,
): readonly string[] {
  const plain = stripVTControlCharacters(text).replace(namedToken, '$1****').replace(tokenLike, '****')
  const redacted = redactor.redact(plain)
  const shown = (isCut ? withoutHalfAtStart(redacted) : redacted).replaceAll(
    `:${new URL(url).port}`,
    ':{port}',
  )
  const lines = shown.split(/\r\n|[\r\n]/).map((line) => line.replace(unseen, ' ').trimEnd())
  return lines
    .filter((line) => line !== '')
    .slice(-mostLines)
    .map((line) => (line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`))
}

/** Redacted by then: what is left out is no part of a whole secret. */
function withoutHalfAtStart(text: string): string {
  const lineEnd = text.search(/[\r\n]/)
  return lineEnd < 0 ? text.slice(longestHalf) : text.slice(lineEnd + 1)
}
