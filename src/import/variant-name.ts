// What each documented request is called: by its SDK's language and version, or by its model.
import { TokenwrightError } from '../service/error.ts'
import type { LocatedDocument } from './reply-draft.ts'

/** A request with its name behind the service's id. */
export type NamedDocument = LocatedDocument & { readonly name: string }

const symbols: ReadonlyArray<readonly [symbol: string, word: string]> = [
  ['#', 'sharp'],
  ['+', 'p'],
]

/**
 * Names, each once. Of two requests with one name in different files the later stands: it is a newer page of the same.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID` when one stated name is to be that of several requests
 */
export function nameVariants(requests: readonly LocatedDocument[]): readonly NamedDocument[] {
  const named = new Map<string, NamedDocument>()
  for (const request of requests) {
    const siblings = requests.filter(({ source }) => source === request.source)
    requireOne(request, siblings)
    const name = nameOf(request, siblings.length === 1)
    const known = named.get(name)
    const isSibling = known !== undefined && known.source === request.source
    const own = isSibling ? freeName(name, named) : name
    named.set(own, { ...request, name: own })
  }
  return [...named.values()]
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
  const words = [language?.toLowerCase(), version, ...(isAlone ? [] : [document.model])]
  const known = words.filter((word) => word !== undefined)
  const usual = known.length > 0 ? known : [document.operation ?? document.model]
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
