// What each documented request is called: by its SDK's language and version, or by its model.
import { TokenwrightError } from '../service/error.ts'
import type { LocatedDocument } from './reply-draft.ts'
import type { ReadSource } from './stated.ts'

/** A request with its name behind the service's id. */
export type NamedDocument = LocatedDocument & { readonly name: string }

const symbols: ReadonlyArray<readonly [symbol: string, word: string]> = [
  ['#', 'sharp'],
  ['+', 'p'],
]

/**
 * Names, each once. Where two files describe one model under one name, the later stands: it is a newer page of the same.
 * Another model of the same name gets its own behind it; the one that was there before keeps what it is called.
 *
 * @param given what is imported now: of two pages that are given together, neither is the newer one
 * @throws {TokenwrightError} `ERR_OPTION_INVALID` when one name is to be that of several requests
 */
export function nameVariants(
  requests: readonly LocatedDocument[],
  given: ReadonlySet<ReadSource> = new Set(),
): readonly NamedDocument[] {
  const named = new Map<string, NamedDocument>()
  for (const request of requests) {
    const siblings = requests.filter(({ source }) => source === request.source)
    requireOne(request, siblings)
    const name = nameAmong(named, request, siblings.length === 1)
    const known = named.get(name)
    if (known !== undefined && given.has(known.source) && given.has(request.source))
      throw givenTwice(name, known, request)
    named.set(name, { ...request, name })
  }
  return [...named.values()]
}

/** The name of the same request as it is known, or one that is free. */
function nameAmong(
  named: ReadonlyMap<string, NamedDocument>,
  request: LocatedDocument,
  isAlone: boolean,
): string {
  const names = [nameOf(request, isAlone), nameOf(request, false)]
  const own = names.find((name) => {
    const known = named.get(name)
    return known === undefined || (known.source !== request.source && isSameRequest(known, request))
  })
  return own ?? freeName(nameOf(request, false), named)
}

/** A person who names two variants alike has said that they are the same. */
function isSameRequest(known: LocatedDocument, { source, document }: LocatedDocument): boolean {
  if (source.stated.variant !== undefined) return true
  return known.document.model === document.model && known.document.operation === document.operation
}

function givenTwice(name: string, one: LocatedDocument, other: LocatedDocument): TokenwrightError {
  const places = [one, other].map(({ source, document }) => `${document.model} in ${source.file}`)
  return new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected one request for the variant "${name}", received ${places.join(' and ')}; next: import them one by one, each with its --sdk-version or --variant`,
  )
}

function requireOne({ source }: LocatedDocument, siblings: readonly LocatedDocument[]): void {
  if (source.stated.variant === undefined || siblings.length === 1) return
  const models = siblings.map(({ document }) => document.model).join(', ')
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected one request for the variant "${source.stated.variant}", received ${siblings.length} in ${source.file}: ${models}`,
  )
}

function nameOf({ source, document }: LocatedDocument, isAlone: boolean): string {
  const { variant, version, language = document.language ?? undefined } = source.stated
  if (variant !== undefined) return toName(variant)
  // TypeScript is one word.
  const facts = [language?.toLowerCase(), version].filter((word) => word !== undefined)
  const { operation, model } = document
  const usual = facts.length === 0 ? [operation ?? model] : isAlone ? facts : [...facts, model]
  return toName(usual.join('-'))
}

/** Part of an id and the name of a file: lower case, words with hyphens. `service` is the file of the service itself. */
function toName(text: string): string {
  const spelled = symbols.reduce((each, [symbol, word]) => each.replaceAll(symbol, word), text)
  const name = spelled
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
  return name === '' || name === 'service' ? `${name}-request`.replace(/^-/, '') : name
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let count = 2
  while (taken.has(`${name}-${count}`)) count += 1
  return `${name}-${count}`
}
