// How large a document may be: what is larger is refused before anything reads it.
import { TokenwrightError } from '../service/error.ts'

/** The largest document that is read, in bytes of UTF-8. The largest OpenAPI documents that vendors publish have 8 MB. */
export const maxDocumentBytes = 10 * 1024 * 1024

/**
 * Refuses a document by its size.
 * @throws `ERR_DOCUMENT_INVALID`
 */
export function requireDocumentSize(file: string, bytes: number): void {
  if (bytes <= maxDocumentBytes) return
  throw new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${file}:1: expected a document of at most ${megabytes(maxDocumentBytes)} MB, received ${megabytes(bytes)} MB; ` +
      'give the part that speaks of the token endpoint',
  )
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}
