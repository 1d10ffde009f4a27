// The begin of what a service wrote, redacted before anything else is done to it: of a secret that was changed or cut first, a
// part would be shown.
import type { Redactor } from '../verify/redactor.ts'

/** Redacting more takes more time than it is worth. */
const longestRead = 40_000
/** At the end of what was read there may be a part of a secret, which is not found: no secret is longer. */
const longestSecret = 20_000

/** A text, redacted; of a long one its begin, which is longer than what any report shows. */
export function redactedBegin(text: string, redactor: Pick<Redactor, 'redact'>): string {
  if (text.length <= longestRead) return redactor.redact(text)
  return redactor.redact(text.slice(0, longestRead)).slice(0, -longestSecret)
}
