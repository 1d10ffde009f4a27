// Whether an example keeps to a documented pattern, which anybody may have written.
import { plainRegExp } from '../schema/pattern.ts'

/** What is tried takes a moment: a pattern may try each of its repetitions at each place of a text. */
const maxSteps = 10_000_000

/** The most steps that V8 may take, where it has not been told to match in linear time as `tokenwright import` tells it. */
function stepsOf(text: string, pattern: string): number {
  // Groups that repeat may hold what repeats, as in `(a+)+`.
  if (/\)(?:[*+]|\{\d+,)/.test(pattern)) return 2 ** text.length
  const repetitions = pattern.match(/[*+]|\{\d+,|(?<!\()\?/g) ?? []
  return text.length ** repetitions.length
}

/** Whether a text surely breaks a pattern; what cannot be tried in a moment breaks none. */
export function breaksPattern(text: string, pattern: string): boolean {
  if (stepsOf(text, pattern) > maxSteps) return false
  try {
    return !plainRegExp(pattern).test(text)
  } catch {
    return false
  }
}
