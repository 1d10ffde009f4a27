// The last that a client said, fit to be shown: a few lines, without secrets, and without what differs from run to run.
import { stripVTControlCharacters } from 'node:util'
import type { Redactor } from '../verify/redactor.ts'

/** How much is shown. */
const mostLines = 8
const longestLine = 300

/** A line of a trace that says where, below the one that says what: of Node.js, Java, .NET, Ruby, PHP and Go. */
const stackFrame = /^\s+(?:at |\.{3} \d+ more$|from \S+:\d+|\S+\.go:\d+)|^#\d+ (?:\S+\(\d+\):|\{main\})/

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

/**
 * The last lines of a text that are not blank; where they are too many, the frames of traces are left out first, so that what a
 * trace is about stays. The mock's port, another one in each run, is `{port}`.
 */
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
  return lastOf(lines.filter((line) => line !== '')).map((line) =>
    line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`,
  )
}

/** The line that begins the last trace is among them; of the frames, the upper ones are the nearest to what failed. */
function lastOf(lines: readonly string[]): readonly string[] {
  const isFrame = lines.map((line) => stackFrame.test(line))
  const numbers = [...lines.keys()]
  const told = numbers.filter((number) => !isFrame[number])
  const head = told.findLast((number) => isFrame[number + 1])
  const last = told.slice(-mostLines)
  const kept = head === undefined || last.includes(head) ? last : [head, ...last.slice(1)]
  const frames = numbers.filter((number) => isFrame[number]).slice(0, mostLines - kept.length)
  return [...kept, ...frames].sort((one, other) => one - other).flatMap((number) => lines[number] ?? [])
}

/** Redacted by then: what is left out is no part of a whole secret. */
function withoutHalfAtStart(text: string): string {
  const lineEnd = text.search(/[\r\n]/)
  return lineEnd < 0 ? text.slice(longestHalf) : text.slice(lineEnd + 1)
}
