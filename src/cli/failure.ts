// What the command says of an error.
import { TokenwrightError } from '../service/error.ts'
import { redactOutput } from './last-words.ts'

/** A line for stderr, without any secret that is known by now. */
export function formatFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return redactOutput(
    `tokenwright: ${error instanceof TokenwrightError ? '' : 'unexpected error: '}${message}`,
  )
}
