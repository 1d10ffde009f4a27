// What the command says of an error.
import { TokenwrightError } from '../service/error.ts'

/** A line for stderr. */
export function formatFailure(error: unknown): string {
  const { message } = error as Error
  return `tokenwright: ${error instanceof TokenwrightError ? '' : 'unexpected error: '}${message}`
}
