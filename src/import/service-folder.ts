// A service's folder as it will be: new texts merged into what is there, planned as a whole before anything is written.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { TokenwrightError } from '../service/error.ts'
import { formatImportLock, type ImportLock, importLockName, type LockedSource } from './import-lock.ts'
import type { ImportedDocument, SourceFile } from './imported.ts'
import { type MergeConflict, mergeText } from './merge.ts'
import { draftService, type ServiceDraft, type ServiceName } from './service-draft.ts'
import { type SourceText, sourceTextOf } from './source-text.ts'
import type { StatedFacts } from './stated.ts'
import { nameVariants } from './variant-name.ts'

/** A file of the folder, as the import leaves it. */
export interface PlannedFile {
  /** Its name in the folder. */
  readonly file: string
  /**
   * `kept`: a person changed it, and nothing new came. `removed`: the page is gone, or the person removed the file and its
   * import, which stays so. `restored`: it was gone, and `service.ts` imports it.
   */
  readonly state: 'created' | 'updated' | 'unchanged' | 'kept' | 'removed' | 'restored'
  /**
   * Where a person and the page changed the same lines; the person's stay. They are told at each import, until the file has
   * the page's lines or the person confirms their own.
   */
  readonly conflicts: readonly MergeConflict[]
}

/** A folder that can be written. */
export interface FolderPlan {
  readonly folder: string
  readonly draft: ServiceDraft
  readonly files: readonly PlannedFile[]
  /** Whether the folder is a new one. */
  readonly isNew: boolean
  /** By file name, the text to write, or `null` to remove the file. */
  readonly writes: ReadonlyMap<string, string | null>
}

/** What is imported now. */
export interface NewImport {
  readonly sources: ReadonlyArray<SourceFile & { readonly documents: readonly ImportedDocument[] }>
  readonly stated: StatedFacts
  readonly name: ServiceName
  /** Today, `YYYY-MM-DD`. */
  readonly read: string
  readonly defineFrom?: string | undefined
  /** Whether the person confirms their lines where the page changed them too. Default: no. */
  readonly keepMine?: boolean | undefined
}

/**
 * What the folder will hold.
 *
 * @throws {TokenwrightError} `ERR_IMPORT_CONFLICT` when the folder holds another service; what drafting a service throws
 */
export function planFolder(folder: string, lock: ImportLock | undefined, given: NewImport): FolderPlan {
  if (lock !== undefined && lock.service.id !== given.name.id)
    throw new TokenwrightError(
      'ERR_IMPORT_CONFLICT',
      `expected ${folder} to hold the service "${given.name.id}", received "${lock.service.id}"; next: name another folder with --out`,
    )
  const name = { id: given.name.id, title: given.name.title ?? lock?.service.title }
  const defineFrom = given.defineFrom ?? lock?.defineFrom ?? 'tokenwright'
  const sources = withoutReplaced(mergeSources(folder, lock?.sources ?? [], given))
  const draft = draftService(sources, name)
  const texts = sourceTextOf(draft, { defineFrom })
  const changes = changesOf(folder, lock, texts).map((change) =>
    given.keepMine === true ? { ...change, conflicts: [] } : change,
  )
  const next: ImportLock = {
    version: 1,
    service: name,
    defineFrom,
    sources: sources.map((source) => relativeTo(folder, source)),
    files: basesOf(lock, texts, changes),
  }
  return {
    folder,
    isNew: lock === undefined,
    draft,
    files: changes.map(({ file, state, conflicts }) => ({ file, state, conflicts })),
    writes: new Map([
      ...changes.flatMap(({ file, write }) => (write === undefined ? [] : [[file, write] as const])),
      ...lockWrite(lock, next),
    ]),
  }
}

function changesOf(
  folder: string,
  lock: ImportLock | undefined,
  texts: readonly SourceText[],
): readonly Change[] {
  const [own, ...others] = texts.map((text) => planFile(folder, lock, text))
  if (own === undefined) return []
  return [
    own,
    ...others.map((change, index) => restored(own, change, texts[index + 1]?.text ?? '')),
    ...goneFiles(folder, lock, texts),
  ]
}

/** A file that is gone, while the service imports it, would leave a folder that cannot be loaded. */
function restored({ found: service = '' }: Change, change: Change, text: string): Change {
  const isImported = [`'./${change.file}'`, `"./${change.file}"`].some((name) => service.includes(name))
  if (change.state !== 'removed' || !isImported) return change
  return { file: change.file, state: 'restored', conflicts: [], write: text }
}

/** What was generated last; of files with conflicts, what the person has seen of it, so that they are told again. */
function basesOf(
  lock: ImportLock | undefined,
  texts: readonly SourceText[],
  changes: readonly Change[],
): ImportLock['files'] {
  const pending = changes.filter(({ conflicts }) => conflicts.length > 0).map(({ file }) => file)
  return Object.fromEntries([
    ...texts.map(({ file, text }) => [file, text]),
    ...Object.entries(lock?.files ?? {}).filter(([file]) => pending.includes(file)),
  ])
}

function lockWrite(lock: ImportLock | undefined, next: ImportLock): ReadonlyArray<readonly [string, string]> {
  const text = formatImportLock(next)
  return lock !== undefined && formatImportLock(lock) === text ? [] : [[importLockName, text]]
}

interface MergedSources {
  readonly sources: readonly LockedSource[]
  /** Those that are imported now. */
  readonly given: ReadonlySet<LockedSource>
}

/** The sources of the lock, those that are given again replaced in their place, and the new ones behind them. */
function mergeSources(folder: string, known: readonly LockedSource[], given: NewImport): MergedSources {
  const sources = [...known]
  const added = new Set<LockedSource>()
  for (const { file, text, documents } of given.sources) {
    const key = toKey(folder, file)
    const index = sources.findLastIndex((source) => isSameSource(source, key, given.stated))
    const old = sources[index]
    const sha256 = createHash('sha256').update(text).digest('hex')
    const source = {
      file: key,
      sha256,
      read: given.read,
      stated: { ...old?.stated, ...definedOnly(given.stated) },
      documents,
    }
    const isUnchanged = known.find((each) => each.sha256 === sha256 && hasSameDocuments(folder, each, source))
    const dated = { ...source, read: isUnchanged?.read ?? given.read }
    if (old === undefined) sources.push(dated)
    else sources[index] = dated
    added.add(dated)
  }
  return { sources, given: added }
}

/** The same file is another source when it is stated to be of another version, language or variant. */
function isSameSource({ file, stated: old }: LockedSource, key: string, stated: StatedFacts): boolean {
  const told = ['version', 'language', 'variant'] as const
  return file === key && told.every((fact) => stated[fact] === undefined || stated[fact] === old[fact])
}

function hasSameDocuments(folder: string, one: LockedSource, other: LockedSource): boolean {
  const documentsOf = (source: LockedSource) => JSON.stringify(relativeTo(folder, source).documents)
  return documentsOf(one) === documentsOf(other)
}

/** A source whose every request another one describes anew is of no more use. */
function withoutReplaced({ sources, given }: MergedSources): readonly LockedSource[] {
  const requests = sources.flatMap((source) =>
    source.documents.filter(({ role }) => role === 'request').map((document) => ({ source, document })),
  )
  const alive = new Set(nameVariants(requests, given).map(({ document }) => document))
  const isOfUse = ({ documents }: LockedSource) => {
    const own = documents.filter(({ role }) => role === 'request')
    return own.length === 0 || own.some((document) => alive.has(document))
  }
  return sources.filter(isOfUse)
}

/** Paths as they are from the folder on: the lock is the same on every machine. */
function relativeTo(folder: string, source: LockedSource): LockedSource {
  const replace = (key: string, value: unknown) =>
    key === 'file' && typeof value === 'string' ? toKey(folder, value) : value
  return { ...source, documents: JSON.parse(JSON.stringify(source.documents, replace)) }
}

/** A name that is of a file here already keeps its form. */
function toKey(folder: string, file: string): string {
  return existsSync(resolve(file)) ? relative(resolve(folder), resolve(file)).split(sep).join('/') : file
}

interface Change extends PlannedFile {
  /** The file as it will be; absent: nobody asks. */
  readonly found?: string
  /** Absent: the file stays as it is. */
  readonly write?: string | null
}

function planFile(folder: string, lock: ImportLock | undefined, { file, text }: SourceText): Change {
  const path = join(folder, file)
  const base = lock?.files[file]
  const found = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  if (found === undefined && base !== undefined && file !== 'service.ts')
    return removedByPerson(file, base, text)
  if (found === undefined) {
    const state = base === undefined ? 'created' : 'restored'
    return { file, state, conflicts: [], found: text, write: text }
  }
  if (base === undefined)
    throw new TokenwrightError(
      'ERR_IMPORT_CONFLICT',
      `${path}: expected no such file, received one that no import wrote; next: rename it, or the variant with --variant`,
    )
  // Version control may have given the file another system's line ends.
  const hasCarriageReturns = !/(^|[^\r])\n/.test(found)
  const own = hasCarriageReturns ? found.replaceAll('\r\n', '\n') : found
  const { text: merged, conflicts } = mergeText(base, own, text)
  if (merged === own) return { file, state: own === text ? 'unchanged' : 'kept', conflicts, found: own }
  return {
    file,
    state: 'updated',
    conflicts,
    found: merged,
    write: hasCarriageReturns ? merged.replaceAll('\n', '\r\n') : merged,
  }
}

function removedByPerson(file: string, base: string, text: string): Change {
  if (base === text) return { file, state: 'removed', conflicts: [] }
  return { file, state: 'removed', conflicts: [{ line: 1, yours: [], generated: text.split('\n') }] }
}

/** Files of variants that no page has any more: one that a person changed stays, and is told. */
function goneFiles(
  folder: string,
  lock: ImportLock | undefined,
  texts: readonly SourceText[],
): readonly Change[] {
  const current = new Set(texts.map(({ file }) => file))
  return Object.entries(lock?.files ?? {})
    .filter(([file]) => !current.has(file) && existsSync(join(folder, file)))
    .map(([file, base]) => {
      const found = readFileSync(join(folder, file), 'utf8')
      if (found.replaceAll('\r\n', '\n') === base)
        return { file, state: 'removed', conflicts: [], write: null }
      return { file, state: 'kept', conflicts: [{ line: 1, yours: found.split('\n'), generated: [] }] }
    })
}

function definedOnly(facts: StatedFacts): StatedFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}
