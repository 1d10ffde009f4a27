// How large a document may be. What is read takes time in proportion, so that a limit on size is one on time.
import { invalidDocument } from './document-error.ts'

const bytesPerMebibyte = 1024 * 1024

/** The largest document that is read at all, in bytes: the largest OpenAPI documents of vendors have 8 MB. */
export const maxDocumentBytes = 10 * bytesPerMebibyte

/** The largest Markdown page, in bytes: some two thousand tables, which take a few seconds. */
export const maxPageBytes = 2 * bytesPerMebibyte

/**
 * To be asked before a file is read, with its size, and of its text after that.
 * @throws ERR_DOCUMENT_INVALID
 */
export function requireDocumentSize(file: string, bytes: number, maxBytes: number = maxDocumentBytes): void {
  if (bytes <= maxBytes) return
  const limit = `${maxBytes / bytesPerMebibyte} MiB`
  throw invalidDocument(
    file,
    1,
    `expected a document of at most ${limit}, received ${(bytes / bytesPerMebibyte).toFixed(1)} MiB; import the part with the token request alone`,
  )
}
