// A vendor's pages as data, and as a service's folder of one's own.
import { join } from 'node:path'
import { systemDate } from '../host/ambient.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Service } from '../service/service.ts'
import { isBaseUrl, withoutCredentials } from './base-url.ts'
import { writePlanned } from './folder-write.ts'
import { readImportLock } from './import-lock.ts'
import type { Imported, SourceFile } from './imported.ts'
import { sdkLanguageOf } from './sdk-languages.ts'
import { type FolderPlan, type PlannedFile, planFolder } from './service-folder.ts'
import { type ReadingOptions, readDocuments, readSourceFile } from './source-file.ts'
import type { StatedFacts } from './stated.ts'

/** One or several files: paths, or names with their texts. */
export type ImportSource = string | SourceFile | ReadonlyArray<string | SourceFile>

/** Options of {@link importService}. */
export interface ServiceImportOptions extends ReadingOptions, StatedFacts {
  /** The service's id, lower case. */
  readonly service: string
  /** The service's name, as people call it. Default: the id with a capital, or what an earlier import was given. */
  readonly title?: string | undefined
  /** The folder to write: a new one, an empty one, or one of an earlier import. */
  readonly folder: string
  /** The day of reading, `YYYY-MM-DD`, which a page that did not change keeps. Default: today. */
  readonly read?: string | undefined
  /** The module that the files define by. Default: `tokenwright`, or what an earlier import was given. */
  readonly defineFrom?: string | undefined
  /**
   * Whether your lines are right where the page changed them too: such conflicts are told at each import, until the file
   * has the page's lines or you say so. Default: no.
   */
  readonly keepMine?: boolean | undefined
}

/** An imported service. */
export interface ImportedService extends Imported {
  readonly service: Service
  /** What a person has to decide, a sentence each. */
  readonly needsReview: readonly string[]
  readonly folder: string
  /** The folder's files, whether or not they changed. */
  readonly files: readonly PlannedFile[]
}

/**
 * What pages say of a token endpoint, each fact with the words that it was read from. A Markdown page and an OpenAPI document
 * are told apart by their content.
 *
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID` with the file and the line, `ERR_OPTION_INVALID`
 */
export async function importDocument(source: ImportSource, options: ReadingOptions = {}): Promise<Imported> {
  return { documents: (await readDocuments(sourcesOf(source), withKnownLanguage(options))).flat() }
}

/**
 * Writes pages as a service's folder, which `tokenwright mock --service ./folder` serves. Importing anew takes what changed
 * on the pages and keeps what a person changed in the files; where both changed the same lines, the person's stay and are
 * among the `conflicts`. Nothing is written when anything is wrong.
 *
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID`, `ERR_OPTION_INVALID`, `ERR_SERVICE_INVALID`, or `ERR_IMPORT_CONFLICT`
 *   when the folder holds something else
 */
export async function importService(
  source: ImportSource,
  given: ServiceImportOptions,
): Promise<ImportedService> {
  requireOptions(given)
  const options = withKnownLanguage(given)
  const { folder, service: id, title, defineFrom, keepMine } = options
  const { read = systemDate().toISOString().slice(0, 10) } = options
  // A folder of someone else's is told before pages are read for it.
  readImportLock(folder)
  const sources = sourcesOf(source)
  const documents = await readDocuments(sources, options)
  const now = {
    sources: sources.map((each, index) => ({ ...each, documents: documents[index] ?? [] })),
    stated: statedOf(options),
    name: { id, title },
    read,
    defineFrom,
    keepMine,
  }
  const plan = await writePlanned(folder, () => planFolder(folder, readImportLock(folder), now))
  return importedOf(documents.flat(), plan)
}

function importedOf(documents: Imported['documents'], { draft, folder, files }: FolderPlan): ImportedService {
  const conflicts = files.flatMap(({ file, conflicts }) =>
    conflicts.map(
      ({ line }) =>
        `${join(folder, file)}:${line}: you and the page both changed this; yours stays. Write the page's, or confirm yours with --keep-mine.`,
    ),
  )
  const restored = files.flatMap(({ file, state }) =>
    state === 'restored' ? [`${join(folder, file)} was gone and is imported: it was written again.`] : [],
  )
  const needsReview = [...draft.needsReview, ...restored, ...conflicts]
  return { documents, service: draft.service, needsReview, folder, files }
}

function sourcesOf(source: ImportSource): readonly SourceFile[] {
  const list = [source].flat() as ReadonlyArray<string | SourceFile>
  return list.map((each) => (typeof each === 'string' ? readSourceFile(each) : each))
}

function statedOf(options: ServiceImportOptions): StatedFacts {
  const { path, contentTypes, clientAuthentication, grantTypes, servers, language, sdk, version, variant } =
    options
  return { path, contentTypes, clientAuthentication, grantTypes, servers, language, sdk, version, variant }
}

function withKnownLanguage<T extends ReadingOptions>(options: T): T {
  const { language } = options
  return language === undefined ? options : { ...options, language: sdkLanguageOf(language) }
}

function requireOptions({ service, read, servers = [] }: ServiceImportOptions): void {
  const other = servers.find((server) => !isBaseUrl(server))
  if (other !== undefined)
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected --server to be an http or https URL without credentials, query and fragment, received ${JSON.stringify(withoutCredentials(other))}`,
    )
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(service))
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected the service's id in lower case, such as acme, received ${JSON.stringify(service)}`,
    )
  if (read !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(read))
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected read to be YYYY-MM-DD, received ${JSON.stringify(read)}`,
    )
}
