// What one schema says of one value: type, allowed values, example, lengths and prose, each with its place.
import { isJsonObject } from '../oauth/json.ts'
import type { FieldType } from './imported.ts'
import {
  childOf,
  isReference,
  itemsOf,
  membersOf,
  type Place,
  refuse,
  refuseKind,
  requireList,
  requireText,
} from './openapi-place.ts'
import { alternativesOf, hasSiblings, itemsSchemaOf, type Layer, statedIn } from './openapi-schema.ts'

/** A fact, and where it is stated. */
export interface Stated<T> {
  readonly value: T
  readonly place: Place
}

/** What is said of a value; `null` where nothing is. */
export interface Facts {
  readonly type: Stated<FieldType> | null
  readonly notation: Stated<string> | null
  readonly items: Stated<FieldType> | null
  readonly allowedValues: Stated<readonly string[]> | null
  readonly example: Stated<Scalar> | null
  readonly default: Stated<Scalar> | null
  readonly description: Stated<string> | null
  readonly pattern: Stated<string> | null
  readonly minLength: Stated<number> | null
  readonly maxLength: Stated<number> | null
  readonly deprecated: Stated<true> | null
}

/** A value that a form can carry. */
export type Scalar = string | number | boolean

/** The facts of a schema's layers. @throws `ERR_DOCUMENT_INVALID` for a keyword of the wrong type */
export function factsOf(layers: readonly Layer[]): Facts {
  const allowedValues = allowedValuesOf(layers)
  const type = typeOf(layers, allowedValues)
  return {
    type,
    notation: notationOf(layers),
    items: type?.value === 'array' ? itemsTypeOf(layers) : null,
    allowedValues,
    example: exampleOf(layers),
    default: scalarOf(statedIn(layers, 'default')[0]),
    description: textOf(layers, 'description'),
    pattern: textOf(layers, 'pattern'),
    minLength: lengthOf(layers, 'minLength', (one, other) => one > other),
    maxLength: lengthOf(layers, 'maxLength', (one, other) => one < other),
    deprecated: flagOf(layers, 'deprecated'),
  }
}

/**
 * Refuses `required: true` in a property itself, as JSON Schema had it before OpenAPI 3.
 * @throws `ERR_DOCUMENT_INVALID`
 */
export function refuseOwnRequired(layers: readonly Layer[]): void {
  const [required] = statedIn(layers, 'required')
  if (typeof required?.value === 'boolean')
    refuse(
      required,
      `expected \`required\` to be a list of names, in the schema that has the property; received ${required.value}`,
    )
}

const fieldTypes: ReadonlySet<string> = new Set(['string', 'integer', 'number', 'boolean', 'array', 'object'])

function typeOf(layers: readonly Layer[], allowedValues: Facts['allowedValues']): Facts['type'] {
  const [place] = statedIn(layers, 'type')
  if (place !== undefined) {
    const [type, ...others] = typeNamesOf(place).filter((name) => name !== 'null')
    const isKnown = type !== undefined && others.length === 0 && fieldTypes.has(type)
    return { value: isKnown ? (type as FieldType) : 'unknown', place }
  }
  return typeOfValues(layers, allowedValues) ?? typeOfStructure(layers)
}

function typeNamesOf(place: Place): readonly string[] {
  if (typeof place.value === 'string') return [place.value]
  if (!Array.isArray(place.value)) refuseKind(place, '`type` to be a name or a list of names')
  return itemsOf(place).map((item) => requireText(item, 'the name of a type'))
}

/** Values that are all text make the type text, without its being said. */
function typeOfValues(layers: readonly Layer[], allowed: Facts['allowedValues']): Facts['type'] {
  if (allowed === null) return null
  const types = new Set(valuesIn(layers).map(({ value }) => typeof value))
  return types.size === 1 && types.has('string') ? { value: 'string', place: allowed.place } : null
}

function typeOfStructure(layers: readonly Layer[]): Facts['type'] {
  const [properties] = statedIn(layers, 'properties')
  if (properties !== undefined) return { value: 'object', place: properties }
  const [items] = statedIn(layers, 'items')
  return items === undefined ? null : { value: 'array', place: items }
}

function itemsTypeOf(layers: readonly Layer[]): Facts['items'] {
  const items = itemsSchemaOf(layers)
  const [only, ...others] = items === null ? [] : alternativesOf(items)
  return only === undefined || others.length > 0 ? null : factsOf(only.layers).type
}

/** The type in the document's own words: `string(uuid)`, `integer | null`, `array<string>`. */
function notationOf(layers: readonly Layer[]): Facts['notation'] {
  const [place] = statedIn(layers, 'type')
  if (place === undefined) return null
  const [format] = statedIn(layers, 'format')
  const suffix = format === undefined ? '' : `(${requireText(format, '`format`')})`
  const names = typeNamesOf(place).map((name) => {
    if (name === 'null') return name
    return name === 'array' ? `array<${itemsTypeOf(layers)?.value ?? 'unknown'}>` : `${name}${suffix}`
  })
  const isNullable = statedIn(layers, 'nullable').some(({ value }) => value === true)
  return { value: [...names, ...(isNullable && !names.includes('null') ? ['null'] : [])].join(' | '), place }
}

function valuesIn(layers: readonly Layer[]): readonly Place[] {
  const [list] = statedIn(layers, 'enum')
  const values =
    list === undefined ? statedIn(layers, 'const').slice(0, 1) : itemsOf(requireList(list, '`enum`'))
  return values.filter(({ value }) => value !== null)
}

/** What every layer allows, in the order of the nearest. */
function allowedValuesOf(layers: readonly Layer[]): Facts['allowedValues'] {
  const lists = [
    ...statedIn(layers, 'const').map((place) => ({ place, items: [place] })),
    ...statedIn(layers, 'enum').map((place) => ({ place, items: itemsOf(requireList(place, '`enum`')) })),
  ].map(({ place, items }) => ({
    place,
    values: items.filter(({ value }) => value !== null).map(({ value }) => wireText(value)),
  }))
  const [first, ...others] = lists
  if (first === undefined || first.values.length === 0) return null
  const values = first.values.filter((value) => others.every((other) => other.values.includes(value)))
  return { value: [...new Set(values)], place: first.place }
}

/** A value as a form carries it; of an object or list, its JSON. */
export function wireText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The nearest example: `example`, or the first of the `examples` of 3.1. */
function exampleOf(layers: readonly Layer[]): Facts['example'] {
  const [example] = statedIn(layers, 'example')
  if (example !== undefined) return scalarOf(example)
  const [examples] = statedIn(layers, 'examples')
  if (examples === undefined) return null
  // In 3.0, where `examples` has no meaning in a schema, people write it as they do beside a media type.
  const [first] = Array.isArray(examples.value)
    ? itemsOf(examples)
    : membersOf(examples).map(([, place]) => place)
  if (first === undefined) return null
  return scalarOf(isJsonObject(first.value) ? (childOf(first, 'value') ?? undefined) : first)
}

function scalarOf(place: Place | undefined): Stated<Scalar> | null {
  if (place === undefined) return null
  const { value } = place
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? { value, place }
    : null
}

function textOf(layers: readonly Layer[], keyword: string): Stated<string> | null {
  const [place] = statedIn(layers, keyword)
  if (place === undefined) return null
  const text = requireText(place, `\`${keyword}\``)
  return text.trim() === '' ? null : { value: keyword === 'description' ? text.trim() : text, place }
}

function lengthOf(
  layers: readonly Layer[],
  keyword: string,
  isStricter: (one: number, other: number) => boolean,
): Stated<number> | null {
  return statedIn(layers, keyword)
    .map((place) => ({ value: requireLength(place, keyword), place }))
    .reduce<Stated<number> | null>(
      (strictest, stated) =>
        strictest === null || isStricter(stated.value, strictest.value) ? stated : strictest,
      null,
    )
}

function requireLength(place: Place, keyword: string): number {
  const { value } = place
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  return refuseKind(place, `\`${keyword}\` to be a whole number`)
}

/** Where a flag is set, if it is. */
export function flagOf(layers: readonly Layer[], keyword: string): Stated<true> | null {
  const place = statedIn(layers, keyword).find(({ value }) => value === true)
  return place === undefined ? null : { value: true, place }
}

/** Keywords that narrow a value in ways that fields of a service cannot. */
const unreadKeywords = [
  'not',
  'else',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'dependencies',
  'unevaluatedProperties',
  'contentEncoding',
  'contentMediaType',
]

/** A sentence on each keyword that is not read, with its value. */
export function unreadOf(layers: readonly Layer[]): readonly string[] {
  const unread = unreadKeywords.flatMap((keyword) =>
    statedIn(layers, keyword)
      // `unevaluatedProperties: false` says what a service's schema says anyway.
      .filter(({ value }) => value !== false)
      .map((place) => `\`${keyword}\` is not imported: ${place.file.positionOf(place.path, 'value').words}`),
  )
  return [...new Set(unread)]
}

/** A sentence on each keyword beside a `$ref` that does not count, and that the author may have meant. */
export function ignoredBeside(place: Place): readonly string[] {
  if (!isReference(place) || hasSiblings(place)) return []
  return membersOf(place)
    .filter(([key]) => key !== '$ref')
    .map(([key]) => `OpenAPI 3.0 ignores \`${key}\` beside a \`$ref\``)
}
