// Files to documents: read whole, by their size first, and handed to the reader that their content asks for.

import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { isJsonObject } from '../oauth/json.ts'
import { TokenwrightError } from '../service/error.ts'
import { invalidDocument } from './document-error.ts'
import type { ImportedDocument, SourceFile } from './imported.ts'
import { isJson, readJson } from './json.ts'
import { resolveLinkedValues } from './linked-values.ts'
import { readMarkdown } from './markdown.ts'
import { isOpenApi, readOpenApi } from './openapi.ts'

/** How files are read. */
export interface ReadingOptions {
  /** The SDK's language, as people write it. Default: what each page shows. */
  readonly language?: string | undefined
  /** Of an OpenAPI document, the `operationId`, or method and path, of the token request. Default: found by what it is. */
  readonly operation?: string | undefined
  /** Whether a `$ref` to a remote file may be fetched. Default: no. */
  readonly fetch?: boolean | undefined
}

/** The most that is read of a file, in bytes: nobody documents a token endpoint in more, and that would be read for minutes. */
export const maxSourceBytes = 10 * 1024 * 1024

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * A file as text.
 *
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID` when it cannot be read, is too large, or is no text
 */
export function readSourceFile(file: string): SourceFile {
  if (file === '') throw invalid('expected the name of a file, received an empty one')
  try {
    const found = statSync(resolve(file))
    if (found.isDirectory())
      throw invalid(`${file}: expected a file, received a folder; next: name the pages in it`)
    if (!found.isFile())
      throw invalid(
        `${file}: expected a file, received a pipe or a device; next: give it as standard input, and name -`,
      )
    requireSize(file, found.size)
    return sourceFileOf(file, readFileSync(resolve(file)))
  } catch (cause) {
    if (cause instanceof TokenwrightError) throw cause
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new TokenwrightError('ERR_DOCUMENT_INVALID', `cannot read ${file}: ${why}`, { cause })
  }
}

/**
 * Bytes as text, under a name.
 *
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID` when they are too many, or no text
 */
export function sourceFileOf(file: string, bytes: Uint8Array): SourceFile {
  requireSize(file, bytes.length)
  return { file, text: textOf(file, bytes) }
}

function requireSize(file: string, size: number): void {
  if (size <= maxSourceBytes) return
  throw invalid(
    `${file}: expected at most ${maxSourceBytes / 1024 / 1024} MB, received ${(size / 1024 / 1024).toFixed(1)} MB; next: give the page of the token request alone`,
  )
}

function textOf(file: string, bytes: Uint8Array): string {
  const encoding = utf16Of(bytes)
  if (encoding !== null)
    throw invalid(`${file}: expected UTF-8, received ${encoding}; next: save the page as UTF-8`)
  const end = bytes.indexOf(0)
  if (end >= 0) throw invalid(`${file}: expected text, received a NUL at byte ${end}`)
  try {
    return utf8.decode(bytes)
  } catch {
    throw invalid(`${file}: expected UTF-8, received other bytes; next: save the page as UTF-8`)
  }
}

/** By the byte order mark, or by every other byte of the first letters being a NUL. */
function utf16Of(bytes: Uint8Array): string | null {
  const start = [...bytes.subarray(0, 8)]
  const [first, second] = start
  const hasZeros = (from: number) =>
    start.length >= 4 && start.every((byte, index) => (byte === 0) === (index % 2 === from))
  if ((first === 0xff && second === 0xfe) || hasZeros(1)) return 'UTF-16 (little-endian)'
  return (first === 0xfe && second === 0xff) || hasZeros(0) ? 'UTF-16 (big-endian)' : null
}

/** What each file says, in the order of the files; values that one of them lists for another's field are put there. */
export async function readDocuments(
  sources: readonly SourceFile[],
  { language, operation, fetch }: ReadingOptions = {},
): Promise<ReadonlyArray<readonly ImportedDocument[]>> {
  const read: Array<readonly ImportedDocument[]> = []
  for (const source of sources) {
    read.push(
      isOpenApiDocument(source)
        ? await readOpenApi(source, {
            ...(operation !== undefined && { operation }),
            ...(fetch !== undefined && { fetch }),
          })
        : readMarkdown(source, { ...(language !== undefined && { language }) }),
    )
  }
  requireUse(read.flat(), { operation, fetch })
  const resolved = resolveLinkedValues(read.flat())
  let from = 0
  return read.map(({ length }) => {
    from += length
    return resolved.slice(from - length, from)
  })
}

/**
 * Whether a document is OpenAPI; what is neither that nor a page is refused.
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID` for JSON that is broken, or something else
 */
function isOpenApiDocument(source: SourceFile): boolean {
  if (!isJson(source)) return isOpenApi(source.text)
  const value = readJson(source)
  if (isJsonObject(value) && ('openapi' in value || 'swagger' in value)) return true
  throw invalidDocument(
    source.file,
    1,
    'expected a page in Markdown or an OpenAPI document, received JSON without `openapi` at its top',
  )
}

/** What only an OpenAPI document has. */
function requireUse(documents: readonly ImportedDocument[], { operation, fetch }: ReadingOptions): void {
  const flag = operation !== undefined ? '--operation' : fetch === true ? '--fetch' : undefined
  if (flag === undefined || documents.some(({ format }) => format === 'openapi')) return
  const files = [...new Set(documents.map(({ file }) => file))].join(', ')
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected an OpenAPI document with ${flag}, received pages in Markdown alone: ${files}; next: leave ${flag} out`,
  )
}

function invalid(message: string): TokenwrightError {
  return new TokenwrightError('ERR_DOCUMENT_INVALID', message)
}
