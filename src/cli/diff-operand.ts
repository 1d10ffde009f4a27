// What may stand on a side of a diff: a variant or a service by its id, or by its path a page, an OpenAPI document, a
// service's folder or file; each path also as it was at a git revision, behind an `@`.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import type { Side, SideSubject } from '../diff/side.ts'
import type { Subject } from '../diff/subject.ts'
import { subjectsOfDocuments } from '../diff/subject-of-document.ts'
import { subjectOfVariant } from '../diff/subject-of-variant.ts'
import type { ImportedDocument } from '../import/imported.ts'
import { visible } from '../report/shown.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Service } from '../service/service.ts'
import {
  type Exported,
  exportRevision,
  parseRevisedPath,
  type RevisedPath,
  withModulesOf,
} from './git-revision.ts'
import type { KnownServices } from './known-services.ts'
import { isPath, loadOwnService } from './own-service.ts'

/** What is asked for of each side. */
export interface OperandOptions {
  readonly known: KnownServices
  readonly directory: string
  /** Of several models or variants the one of this name. */
  readonly model?: string
  /** Of several languages this one; it is also that of a page that does not say its own. */
  readonly language?: string
  /** The operation of an OpenAPI document. */
  readonly operation?: string
  /** Whether remote references are followed. */
  readonly fetch?: boolean
}

const moduleExtensions = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'])

/**
 * A side by what people call it.
 *
 * @throws {TokenwrightError} `ERR_DIFF_INVALID` where it is nothing that can be compared; what reading it throws
 */
export async function readOperand(operand: string, options: OperandOptions): Promise<Side> {
  const subjects = (await subjectsOf(operand, options)).filter((each) => isAskedFor(each, options))
  if (subjects.length > 0) return { label: operand, subjects }
  const asked = [options.model, options.language].flatMap((each) =>
    each === undefined ? [] : [visible(each)],
  )
  throw invalid(
    `expected a token request${asked.length === 0 ? '' : ` of ${asked.join(' in ')}`} in ${visible(operand)}, found none`,
  )
}

function isAskedFor({ name, subject }: SideSubject, { model, language }: OperandOptions): boolean {
  const isModel = model === undefined || name === model || subject.model === model
  const isLanguage =
    language === undefined ||
    subject.language === null ||
    subject.language.toLowerCase() === language.toLowerCase()
  return isModel && isLanguage
}

async function subjectsOf(operand: string, options: OperandOptions): Promise<readonly SideSubject[]> {
  const ofId = subjectsOfId(operand, options.known)
  if (ofId !== undefined) return ofId
  const revised = parseRevisedPath(operand, options.directory)
  if (revised.revision !== null) return await subjectsAtRevision(operand, revised, options)
  const path = resolve(options.directory, operand)
  if (!existsSync(path)) throw unknownOperand(operand, options.known)
  if (isServicePath(path))
    return ofService(await loadOwnService(operand, options.directory, () => {}), operand)
  return ofDocuments(await readDocuments(operand, options), path)
}

/** A path in the shape of an id is written with `./` before it, as for every verb. */
function subjectsOfId(id: string, { all }: KnownServices): readonly SideSubject[] | undefined {
  if (isPath(id)) return undefined
  for (const service of all) {
    const variants =
      service.id === id ? service.variants : service.variants.filter((variant) => variant.id === id)
    if (variants.length > 0) return ofService({ ...service, variants: variants as typeof service.variants })
  }
  return undefined
}

function ofService(service: Service, path?: string): readonly SideSubject[] {
  return service.variants.map((variant) => {
    const subject = subjectOfVariant(service, variant)
    return {
      name: variant.id.slice(variant.id.indexOf('/') + 1),
      isServed: (variant.serving ?? 'with_service') === 'with_service',
      // Of two states of one folder each says which it is.
      subject: path === undefined ? subject : { ...subject, label: `${path} ${variant.id}` },
    }
  })
}

/** Of a file at any revision the page is the same. */
function ofDocuments(documents: readonly ImportedDocument[], page: string): readonly SideSubject[] {
  return subjectsOfDocuments(documents).map((subject: Subject) => ({
    name: subject.model,
    isServed: true,
    subject: { ...subject, page },
  }))
}

/** The readers of documents are loaded where there is one to read. */
async function readDocuments(file: string, options: OperandOptions): Promise<readonly ImportedDocument[]> {
  const reader = await import('../import/source-file.ts')
  const { language, operation, fetch } = options
  const documents = await reader.readDocuments([reader.readSourceFile(file)], { language, operation, fetch })
  return documents.flat()
}

/** A module, a folder, or JSON that has variants. */
function isServicePath(path: string): boolean {
  if (statSync(path).isDirectory() || moduleExtensions.has(extname(path))) return true
  // Nobody writes a service of megabytes, and who reads documents says what is too large.
  const isSmall = statSync(path).size < 10_000_000
  return isSmall && extname(path) === '.json' && hasVariants(readFileSync(path, 'utf8'))
}

function hasVariants(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && 'variants' in value
  } catch {
    return false
  }
}

async function subjectsAtRevision(
  operand: string,
  revised: RevisedPath,
  options: OperandOptions,
): Promise<readonly SideSubject[]> {
  if (subjectsOfId(revised.path, options.known) !== undefined)
    throw invalid(
      `expected a path before the @ of ${visible(operand)}, received the id of a built-in service, which has no revisions; next: the id alone`,
    )
  const exported = exportRevision(revised, options.directory)
  const named = (file: string) =>
    file.startsWith(exported.root) ? nameAt(file, exported, revised, options.directory) : file
  try {
    if (exported.isFolder || isServicePath(exported.path)) {
      const [name, folder] = [`./${basename(exported.path)}`, dirname(exported.path)]
      const load = () => loadOwnService(name, folder, () => {})
      return ofService(await withModulesOf(exported, load), operand)
    }
    addReferences(exported, exported.path)
    const page = resolve(options.directory, revised.path)
    return ofDocuments(renamed(await readDocuments(exported.path, options), named), page)
  } catch (cause) {
    if (!(cause instanceof TokenwrightError)) throw cause
    const message = withoutFolder(cause.message, exported, operand)
    throw new TokenwrightError(
      cause.code,
      message.includes(operand) ? message : `${visible(operand)}: ${message}`,
      { cause },
    )
  } finally {
    exported.remove()
  }
}

/** A message names what people named, and no temporary folder, in whatever way it is written. */
function withoutFolder(message: string, { path, root }: Exported, operand: string): string {
  const relativeRoot = relative(process.cwd(), root)
  return message
    .replaceAll(path, operand)
    .replaceAll(`${relativeRoot}/`, '')
    .replaceAll(`${root}/`, '')
    .replaceAll(root, operand)
    .replaceAll(basename(root), operand)
}

/** The name of an exported file: as it was given, or as seen from here; always with the revision. */
function nameAt(
  file: string,
  { path, root, top }: Exported,
  revised: RevisedPath,
  directory: string,
): string {
  const name =
    file === path ? revised.path : relative(realpathSync(directory), join(top, relative(root, file)))
  return `${name}@${revised.revision}`
}

/** The same data, the temporary names of files in it replaced. */
function renamed<T>(value: T, named: (file: string) => string): T {
  return JSON.parse(JSON.stringify(value), (key, member: unknown) => {
    return key === 'file' && typeof member === 'string' ? named(member) : member
  }) as T
}

/** Brings the files that a document's `$ref`s lead to; what is not there is said by whoever follows them. */
function addReferences(exported: Exported, path: string): void {
  // In quotes a name may have a space; without them it ends at one.
  const targets = readFileSync(path, 'utf8').matchAll(
    /\$ref['"]?\s*:\s*(?:"([^"#]+)|'([^'#]+)|([^'"#\s,}][^#\n,}]*))/g,
  )
  for (const [, double, single, plain] of targets) {
    const target = (double ?? single ?? plain ?? '').trim()
    const file = join(dirname(path), decodeTarget(target))
    const isNew = !/^[a-z][a-z+.-]*:/i.test(target) && !existsSync(file)
    if (isNew && exported.add(file)) addReferences(exported, file)
  }
}

function decodeTarget(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}

function unknownOperand(operand: string, { all }: KnownServices): TokenwrightError {
  const ids = all.map(({ id }) => id).join(', ')
  const known = all.find(({ id }) => operand.startsWith(`${id}/`))?.variants.map(({ id }) => id)
  return invalid(
    `expected a variant, a service, or the path of a page, an OpenAPI document or a service, received "${visible(operand)}", which is none; known ${known === undefined ? `services: ${ids}` : `variants: ${known.join(', ')}`}`,
  )
}

function invalid(message: string): TokenwrightError {
  return new TokenwrightError('ERR_DIFF_INVALID', message)
}
