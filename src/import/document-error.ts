// How a document is refused: the file, the line, what was expected and found, and what to do next.
import { TokenwrightError } from '../service/error.ts'

/** A refusal of a document, to be thrown; the code is `ERR_DOCUMENT_INVALID`. */
export function invalidDocument(file: string, line: number, message: string): TokenwrightError {
  return new TokenwrightError('ERR_DOCUMENT_INVALID', `${file}:${line}: ${message}`)
}
