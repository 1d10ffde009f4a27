// Values of OpenAPI files with the place that each has, the way from one to the next by key and by `$ref`, and refusals that
// say where. Nothing here knows what OpenAPI means by its keys.

import { isJsonObject, type JsonObject } from '../oauth/json.ts'
import { unescapePercent } from '../oauth/text.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Provenance } from './imported.ts'
import type { Parsed, Path } from './yaml.ts'

/** A file, as it was parsed. */
export interface OpenApiFile extends Parsed {
  readonly url: string
  /** As messages and provenance call it. */
  readonly name: string
  readonly files: OpenApiFiles
}

/** The files of one document, as far as they have been read. */
export interface OpenApiFiles {
  /** By URL, without a fragment; a text is the reason why the file cannot be read. */
  readonly byUrl: Map<string, OpenApiFile | string>
  /** In 3.0, what stands beside a `$ref` does not count. */
  version: '3.0' | '3.1'
  readonly mayFetch: boolean
  /** The folder that files of this machine have to be in, as a URL. */
  readonly root: string
}

/** A value, and where it stands. */
export interface Place {
  readonly file: OpenApiFile
  readonly path: Path
  readonly value: unknown
}

/** Thrown at a `$ref` into a file that has not been read yet. It is read, and the reading begins anew. */
export class FileWanted extends Error {
  readonly url: string

  constructor(url: string) {
    super(url)
    this.url = url
  }
}

/** The top of a file. */
export function topOf(file: OpenApiFile): Place {
  return { file, path: [], value: file.value }
}

/** A member of an object or item of an array, as it stands there: a `$ref` is not followed. `null`: there is none. */
export function childOf(place: Place, key: string | number): Place | null {
  const { value } = place
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null
  const child = (value as JsonObject)[key]
  return child === undefined ? null : { file: place.file, path: [...place.path, String(key)], value: child }
}

/** A member of an object that may be elsewhere, and may be elsewhere itself. */
export function memberOf(place: Place, key: string): Place | null {
  const child = childOf(follow(place), key)
  return child === null ? null : follow(child)
}

/** The members of an object. */
export function membersOf(place: Place): readonly (readonly [key: string, place: Place])[] {
  return Object.keys(isJsonObject(place.value) ? place.value : {}).flatMap((key) => {
    const child = childOf(place, key)
    return child === null ? [] : [[key, child] as const]
  })
}

/** The items of an array. */
export function itemsOf(place: Place): readonly Place[] {
  if (!Array.isArray(place.value)) return []
  return place.value.flatMap((_item, index) => childOf(place, index) ?? [])
}

/** JSON Pointer of a place. @see RFC 6901 */
export function pointerOf({ path }: Place): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** A place by the name of its file and as a fragment of it; what two `$ref`s share when they name the same thing. */
export function addressOf(place: Place): string {
  return `${place.file.url}#${pointerOf(place)}`
}

/** Where a fact was read: its value, or the key that has it. */
export function provenanceOf(place: Place, part: 'value' | 'key' = 'value'): Provenance {
  const { line, words } = place.file.positionOf(place.path, part)
  return { file: place.file.name, line, pointer: pointerOf(place), words }
}

/**
 * Refuses what stands at a place.
 * @throws `ERR_DOCUMENT_INVALID`
 */
export function refuse(place: Place, problem: string): never {
  const { line } = place.file.positionOf(place.path, 'value')
  throw new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${place.file.name}:${line}: ${problem} (at #${pointerOf(place)})`,
  )
}

/** The same place, when it holds an object. @throws `ERR_DOCUMENT_INVALID` */
export function requireObject(place: Place, what: string): Place {
  return isJsonObject(place.value) ? place : refuseKind(place, `${what} to be an object`)
}

/** The same place, when it holds an array. @throws `ERR_DOCUMENT_INVALID` */
export function requireList(place: Place, what: string): Place {
  return Array.isArray(place.value) ? place : refuseKind(place, `${what} to be a list`)
}

/** The text at a place. @throws `ERR_DOCUMENT_INVALID` */
export function requireText(place: Place, what: string): string {
  return typeof place.value === 'string' ? place.value : refuseKind(place, `${what} to be text`)
}

/** Refuses a value of the wrong type. @throws `ERR_DOCUMENT_INVALID` */
export function refuseKind(place: Place, expected: string): never {
  return refuse(place, `expected ${expected}, received ${kindOf(place.value)}`)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return 'text'
  return String(value)
}

/** Whether a place holds a `$ref`. */
export function isReference(place: Place): boolean {
  return isJsonObject(place.value) && Object.hasOwn(place.value, '$ref')
}

/**
 * The place that a `$ref` leads to at last, or the place itself.
 * @throws `ERR_DOCUMENT_INVALID`
 */
export function follow(place: Place, chain: readonly Place[] = []): Place {
  if (!isReference(place)) return place
  requireNoCycle(chain, place)
  const next = [...chain, place]
  return follow(targetOf(place, next), next)
}

/** No document has so many `$ref`s and schemas one inside of the other. */
const maxChain = 500

/** Refuses a way that comes back to where it has been, or does not end. @throws `ERR_DOCUMENT_INVALID` */
export function requireNoCycle(chain: readonly Place[], next: Place): void {
  if (chain.length > maxChain) refuse(next, `expected at most ${maxChain} schemas one inside of the other`)
  const first = chain.findIndex((place) => addressOf(place) === addressOf(next))
  if (first < 0) return
  const way = [...chain.slice(first), next].map((place) => shownAddress(place, next)).join(' → ')
  const last = chain.at(-1) ?? next
  refuse(isReference(last) ? last : next, `the $refs go round in a circle: ${way}`)
}

function shownAddress(place: Place, from: Place): string {
  return `${place.file === from.file ? '' : place.file.name}#${pointerOf(place)}`
}

/**
 * What a `$ref` names, one step on; the way there may lead through others.
 * @throws `ERR_DOCUMENT_INVALID`
 */
export function targetOf(place: Place, chain: readonly Place[] = [place]): Place {
  const at = childOf(place, '$ref') ?? place
  const reference = requireText(at, '$ref')
  const [address = '', fragment = ''] = reference.split(/#(.*)/s, 2)
  const file = address === '' ? place.file : otherFile(at, reference, address)
  return keysOf(at, reference, fragment).reduce<Place>(
    (parent, key) => childOf(follow(parent, chain), key) ?? refuse(at, missing(reference, key)),
    topOf(file),
  )
}

function missing(reference: string, key: string): string {
  return `expected $ref ${quoted(reference)} to name something, and there is no ${quoted(key)} there`
}

function keysOf(at: Place, reference: string, fragment: string): readonly string[] {
  if (fragment === '') return []
  if (!fragment.startsWith('/'))
    return refuse(
      at,
      `expected $ref ${quoted(reference)} to be a JSON Pointer, such as "#/components/schemas/TokenRequest"`,
    )
  return fragment.slice(1).split('/').map(unescaped)
}

function unescaped(key: string): string {
  return unescapePercent(key).replaceAll('~1', '/').replaceAll('~0', '~')
}

function otherFile(at: Place, reference: string, address: string): OpenApiFile {
  const { files } = at.file
  const url = resolved(at, reference, address)
  const found = files.byUrl.get(url.href)
  if (found === undefined) {
    requireMayRead(at, reference, url)
    requireWithin(at, reference, address, url)
    throw new FileWanted(url.href)
  }
  if (typeof found === 'string') refuse(at, `$ref ${quoted(reference)} cannot be read: ${found}`)
  return found
}

function resolved(at: Place, reference: string, address: string): URL {
  const url = URL.parse(address, at.file.url)
  if (url === null) return refuse(at, `expected $ref ${quoted(reference)} to be a URL or a path`)
  if (url.username !== '' || url.password !== '')
    return refuse(at, `expected the $ref to ${url.host} to hold no credentials`)
  url.hash = ''
  return url
}

function requireMayRead(at: Place, reference: string, url: URL): void {
  const from = new URL(at.file.url)
  const isRemote = url.protocol === 'https:' || url.protocol === 'http:'
  if (!isRemote && url.protocol !== 'file:')
    refuse(at, `$ref ${quoted(reference)}: expected a file, or an address that begins with https: or http:`)
  if (from.protocol !== 'file:' && from.origin !== url.origin)
    refuse(
      at,
      `$ref ${quoted(reference)}: a fetched document leads to its own host alone, and this is another; ` +
        'fetch it yourself and import the files',
    )
  if (isRemote && !at.file.files.mayFetch)
    refuse(at, `$ref ${quoted(reference)} is on the network, which is asked with --fetch alone`)
}

/** A document of someone else may not look around on this machine: it has its own folder, and those beside it. */
function requireWithin(at: Place, reference: string, address: string, url: URL): void {
  if (url.protocol !== 'file:') return
  if (/^(?:[/\\]|file:)/i.test(address))
    refuse(at, `$ref ${quoted(reference)}: expected a path that is relative to the document`)
  if (!url.href.startsWith(at.file.files.root))
    refuse(
      at,
      `$ref ${quoted(reference)} leads out of the folders beside the document's own; import a document that is above them all`,
    )
}

/** A text as a message shows it: on one line, in JSON's escapes, and not endless. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text)
}
