// The files of an OpenAPI document: the first is given, and others are read when the reading comes to a `$ref` into them. So
// what a token operation does not need is neither read nor fetched, and may be missing.
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { TokenwrightError } from '../service/error.ts'
import type { SourceFile } from './imported.ts'
import { isJson, readJson } from './json.ts'
import { FileWanted, type OpenApiFile, type OpenApiFiles } from './openapi-place.ts'
import { parseYaml } from './yaml.ts'

/** More files than any document has whose files are written by people. */
const maxFiles = 2_000

/**
 * Parses a document's first file.
 * @throws `ERR_DOCUMENT_INVALID`
 */
export function openFile(source: SourceFile, mayFetch: boolean): OpenApiFile {
  const url = pathToFileURL(resolve(source.file)).href
  const files: OpenApiFiles = { byUrl: new Map(), version: '3.0', mayFetch, root: rootOf(url) }
  const entry = { ...parseYaml(source.file, source.text), url, name: source.file, files }
  files.byUrl.set(url, entry)
  return entry
}

/** The folder above the document's own, in which others are beside it; on top of a disk, its own alone. */
function rootOf(url: string): string {
  const above = new URL('..', url)
  return /^\/(?:[a-z]:\/)?$/i.test(above.pathname) ? new URL('.', url).href : above.href
}

/** What a reading gives once every file is there that it comes to. It begins anew with each. */
export async function readWithFiles<T>(entry: OpenApiFile, read: () => T): Promise<T> {
  for (let count = 0; ; count += 1) {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof FileWanted)) throw error
      if (count >= maxFiles) throw tooManyFiles(entry.name, { cause: error })
      entry.files.byUrl.set(error.url, await loaded(entry, error.url))
    }
  }
}

async function loaded(entry: OpenApiFile, url: string): Promise<OpenApiFile | string> {
  // Most documents are one file, and need not wait for the library.
  const { readReferenced } = await import('./references.ts')
  try {
    const name = nameOf(entry, url)
    const text = await readReferenced(url)
    if (isJson({ file: name, text })) readJson({ file: name, text })
    return { ...parseYaml(name, text), url, name, files: entry.files }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A file's name in the way that the first file was named: relative or absolute. */
function nameOf(entry: OpenApiFile, url: string): string {
  if (!url.startsWith('file:')) return url
  const path = fileURLToPath(url)
  if (isAbsolute(entry.name)) return path
  const beside = relative(dirname(fileURLToPath(entry.url)), path)
  return join(dirname(entry.name), beside).replaceAll('\\', '/')
}

function tooManyFiles(name: string, options: ErrorOptions): TokenwrightError {
  return new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${name}:1: expected a document of at most ${maxFiles} files; import the file of the token operation alone`,
    options,
  )
}
