// The words of a difference are ours, but for what came with the request: that alone is redacted before it is shown.
import type { Redactor } from '../verify/redactor.ts'
import { isKnownField, isKnownName, isKnownPath } from './request-secrets.ts'

const [begin, end] = ['\u0001', '\u0002']

/** Marks the one part of a text that came with a request. */
export function foreign(text: string): string {
  return begin + text + end
}

/** A text as it may be shown. Names of the protocol stay: a secret such as `secret` would hide them. */
export function shownWords(text: string, redactor: Redactor): string {
  const from = text.indexOf(begin)
  const to = text.lastIndexOf(end)
  if (from < 0 || to < from) return text
  const part = text.slice(from + 1, to)
  const isKnown = [isKnownName, isKnownField, isKnownPath, isQuotedName].some((is) => is(part))
  return text.slice(0, from) + (isKnown ? part : redactor.redact(part)) + text.slice(to + 1)
}

function isQuotedName(text: string): boolean {
  return /^"[^"]*"$/.test(text) && isKnownName(text.slice(1, -1))
}
