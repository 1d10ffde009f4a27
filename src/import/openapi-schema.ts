// A schema as OpenAPI has it, with `$ref`, `allOf`, `oneOf` and `anyOf`, to the alternatives that it admits; each is a list
// of plain schema objects that all hold at once.
import { isJsonObject } from '../oauth/json.ts'
import {
  addressOf,
  childOf,
  follow,
  isReference,
  itemsOf,
  membersOf,
  type Place,
  refuse,
  requireList,
  requireNoCycle,
  requireObject,
  requireText,
  targetOf,
} from './openapi-place.ts'

/** A schema object as written. */
export interface Layer {
  readonly place: Place
  /** How many `$ref`s lead to it: what is said nearer is said for this very use. */
  readonly depth: number
}

/** One of the alternatives that a schema admits. */
export interface Alternative {
  /** In documented order. */
  readonly layers: readonly Layer[]
  /** What the document calls it: the last key of the `$ref`, or its `title`. */
  readonly name: string | null
  /** The value of the discriminator that chooses it. */
  readonly discriminated: Discriminated | null
}

/** A property whose value says which alternative is meant. */
export interface Discriminated {
  readonly property: string
  readonly value: string
  readonly place: Place
}

/** More than a person writes; each is a document of its own. */
const maxAlternatives = 64

/** `allOf` of `allOf` doubles with each level. */
const maxLayers = 1_000

interface Way {
  readonly chain: readonly Place[]
  readonly depth: number
}

/**
 * The alternatives of a schema: one, but for `oneOf` and `anyOf` whose members have properties or a type.
 * @throws `ERR_DOCUMENT_INVALID` for a schema that is made of itself
 */
export function alternativesOf(schema: Place): readonly Alternative[] {
  return alternatives(schema, { chain: [], depth: 0 })
}

function alternatives(place: Place, way: Way): readonly Alternative[] {
  // `true` is the schema that says nothing. @see JSON Schema 2020-12 §4.3.2
  if (place.value === true) return [{ layers: [], name: null, discriminated: null }]
  requireObject(place, 'a schema')
  requireNoCycle(way.chain, place)
  const chain = [...way.chain, place]
  if (!isReference(place)) return ownAlternatives(place, { ...way, chain })
  const target = targetOf(place)
  const name = target.path.at(-1) ?? null
  const named = alternatives(target, { chain, depth: way.depth + 1 }).map((alternative) => ({
    ...alternative,
    name: alternative.name ?? name,
  }))
  if (!hasSiblings(place)) return named
  return every([ownAlternatives(place, { ...way, chain }), named], place)
}

/** Whether what stands beside a `$ref` counts. @see OpenAPI 3.0.4 §4.8.23, which ignores it; OpenAPI 3.1 §4.8.24.4 */
export function hasSiblings(place: Place): boolean {
  return place.file.files.version === '3.1' && membersOf(place).length > 1
}

function ownAlternatives(place: Place, way: Way): readonly Alternative[] {
  const title = childOf(place, 'title')
  const own: Alternative = {
    layers: [{ place, depth: way.depth }],
    name: isReference(place) || title === null ? null : requireText(title, '`title`'),
    discriminated: null,
  }
  const parts = listOf(place, 'allOf').map((part) => alternatives(part, way))
  const choices = ['oneOf', 'anyOf'].flatMap((keyword) => choicesOf(place, keyword, way))
  // A name is that of the whole: what it is made of has other names.
  const nameless = parts.map((part) => part.map((alternative) => ({ ...alternative, name: null })))
  return every([[own], ...nameless, ...choices], place)
}

function listOf(place: Place, keyword: string): readonly Place[] {
  const list = childOf(place, keyword)
  return list === null ? [] : itemsOf(requireList(list, `\`${keyword}\``))
}

/** A `oneOf` as a list of alternatives; none when its members only say what is required, which splits nothing. */
function choicesOf(place: Place, keyword: string, way: Way): readonly (readonly Alternative[])[] {
  const members = listOf(place, keyword).filter((member) => !isNullType(member))
  if (members.length === 0 || members.every(isRestriction)) return []
  return [
    members.flatMap((member) => {
      const discriminated = discriminatedBy(place, member)
      return alternatives(member, way).map((alternative) => ({
        ...alternative,
        discriminated: alternative.discriminated ?? discriminated,
      }))
    }),
  ]
}

/** Whether a schema admits `null` alone: beside it stands what the value is otherwise. */
export function isNullType({ value }: Place): boolean {
  return isJsonObject(value) && (value.type === 'null' || value.const === null)
}

const restrictions = new Set(['required', 'title', 'description', 'not'])

/** Whether a member of `anyOf` only narrows the schema around it. */
export function isRestriction(member: Place): boolean {
  return isJsonObject(member.value) && Object.keys(member.value).every((key) => restrictions.has(key))
}

function discriminatedBy(place: Place, member: Place): Discriminated | null {
  const discriminator = childOf(place, 'discriminator')
  const property = discriminator === null ? null : childOf(discriminator, 'propertyName')
  if (discriminator === null || property === null || !isReference(member)) return null
  const target = targetOf(member)
  const entry = mappingOf(discriminator).find((place) => addressOf(mapped(place)) === addressOf(target))
  return {
    property: requireText(property, '`propertyName`'),
    // Without a mapping, the value is the schema's name. @see OpenAPI 3.1 §4.8.25
    value: (entry ?? target).path.at(-1) ?? '',
    place: entry ?? property,
  }
}

/** The `mapping` of a discriminator: by each value, the schema that it means. */
function mappingOf(discriminator: Place): readonly Place[] {
  const mapping = childOf(discriminator, 'mapping')
  return mapping === null ? [] : membersOf(requireObject(mapping, '`mapping`')).map(([, place]) => place)
}

/** A mapping names a schema as a `$ref` does, or by its name alone. */
function mapped(place: Place): Place {
  const target = requireText(place, 'the schema of a discriminator')
  const $ref = /[/#.]/.test(target) ? target : `#/components/schemas/${target}`
  return targetOf({ ...place, value: { $ref } })
}

/** What holds when one alternative of each list holds. */
function every(lists: readonly (readonly Alternative[])[], place: Place): readonly Alternative[] {
  return lists.reduce((all, list) => {
    if (all.length * list.length > maxAlternatives)
      refuse(place, `expected at most ${maxAlternatives} alternatives of one schema`)
    return all.flatMap((one) => list.map((other) => both(one, other, place)))
  })
}

function both(one: Alternative, other: Alternative, place: Place): Alternative {
  if (one.layers.length + other.layers.length > maxLayers)
    refuse(place, `expected a schema that is made of at most ${maxLayers} others`)
  return {
    layers: [...one.layers, ...other.layers],
    name: other.discriminated === null ? (one.name ?? other.name) : (other.name ?? one.name),
    discriminated: one.discriminated ?? other.discriminated,
  }
}

/** What holds for every one of several schemas, as far as they have one alternative each. */
export function combined(schemas: readonly Place[]): readonly Alternative[] {
  const [first] = schemas
  return first === undefined ? [] : every(schemas.map(alternativesOf), first)
}

/** The layers that state a keyword, and where; the nearest first, then in documented order. */
export function statedIn(layers: readonly Layer[], keyword: string): readonly Place[] {
  return layers
    .flatMap(({ place, depth }) => {
      const stated = childOf(place, keyword)
      return stated === null ? [] : [{ stated, depth }]
    })
    .sort((one, other) => one.depth - other.depth)
    .map(({ stated }) => stated)
}

/** Every property with the schemas that it has, in documented order. */
export function propertiesOf(layers: readonly Layer[]): ReadonlyMap<string, readonly Place[]> {
  const properties = new Map<string, readonly Place[]>()
  for (const { place } of layers) {
    const stated = childOf(place, 'properties')
    if (stated === null) continue
    for (const [name, schema] of membersOf(requireObject(stated, '`properties`')))
      properties.set(name, [...(properties.get(name) ?? []), schema])
  }
  return properties
}

/** Every required property, with the place that says so. */
export function requiredIn(layers: readonly Layer[]): ReadonlyMap<string, Place> {
  const required = new Map<string, Place>()
  for (const { place } of layers) {
    const stated = childOf(place, 'required')
    if (stated === null) continue
    for (const item of itemsOf(requireList(stated, '`required`')))
      required.set(requireText(item, 'the name of a required property'), item)
  }
  return required
}

const nested = ['items', 'additionalProperties', 'allOf', 'oneOf', 'anyOf', 'properties', 'not']

/**
 * Refuses a schema that has itself somewhere within: a request of such a kind has no end.
 * @throws `ERR_DOCUMENT_INVALID`
 */
export function requireAcyclic(schema: Place, chain: readonly Place[] = [], seen = new Set<string>()): void {
  if (!isJsonObject(schema.value)) return
  const address = addressOf(schema)
  requireNoCycle(chain, schema)
  if (seen.has(address)) return
  const next = [...chain, schema]
  if (isReference(schema)) requireAcyclic(targetOf(schema), next, seen)
  for (const keyword of nested)
    for (const child of schemasIn(schema, keyword)) requireAcyclic(child, next, seen)
  seen.add(address)
}

function schemasIn(schema: Place, keyword: string): readonly Place[] {
  const child = childOf(schema, keyword)
  if (child === null) return []
  if (keyword === 'properties') return membersOf(child).map(([, property]) => property)
  return Array.isArray(child.value) ? itemsOf(child) : [child]
}

/** The name that a document gives to what a place refers to; `null` for what is written in place. */
export function modelNameOf(schema: Place): string | null {
  if (isReference(schema)) return targetOf(schema).path.at(-1) ?? null
  const parts = ['allOf', 'oneOf', 'anyOf'].flatMap((keyword) => schemasIn(schema, keyword))
  const references = parts.filter(isReference)
  const [only] = references
  return only !== undefined && references.length === 1 ? modelNameOf(only) : null
}

/** The schema of an array's items, where it has one. */
export function itemsSchemaOf(layers: readonly Layer[]): Place | null {
  const [items] = statedIn(layers, 'items')
  return items === undefined ? null : follow(items)
}
