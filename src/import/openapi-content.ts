// The bodies of a request or a reply: what each media type carries, with its examples.
import { isJsonObject } from '../oauth/json.ts'
import type { ContentType } from '../oauth/words.ts'
import type { Fact, FieldType, ImportedField, Provenance, Usage } from './imported.ts'
import { ignoredBeside, wireText } from './openapi-facts.ts'
import { type Direction, emptyField, fieldsOf } from './openapi-fields.ts'
import {
  childOf,
  follow,
  itemsOf,
  membersOf,
  type Place,
  provenanceOf,
  requireObject,
} from './openapi-place.ts'
import { type Alternative, alternativesOf, modelNameOf, requireAcyclic } from './openapi-schema.ts'
import { isPlaceholder } from './snippet-tokens.ts'
import { typedValue } from './table-field.ts'

/** One body, and the media types that carry it. */
export interface Body {
  readonly model: string | null
  readonly description: string | null
  readonly fields: readonly ImportedField[]
  readonly contentTypes: Fact<readonly ContentType[]> | null
  readonly usage: readonly Usage[]
  readonly provenance: Provenance
  readonly needsReview: readonly string[]
}

/** A media type with its schema, and one of the alternatives that this has. */
interface Carried {
  readonly media: string
  readonly place: Place
  readonly body: Body
}

/** The bodies of a `content`: one per distinct schema, and per alternative of it. @throws `ERR_DOCUMENT_INVALID` */
export function bodiesOf(content: Place, direction: Direction): readonly Body[] {
  const carried = membersOf(requireObject(content, '`content`')).flatMap(([media, place]) =>
    carriedBy(media, requireObject(follow(place), 'a media type'), content, direction),
  )
  const known = carried.filter(({ media }) => contentTypeOf(media, direction) !== null)
  const unknown = [...new Set(carried.filter((one) => !known.includes(one)).map(({ media }) => media))]
  const review = unknown.map((media) => `the media type \`${media}\` is not imported`)
  const bodies = known.length > 0 ? together(known) : together(carried)
  return bodies.map(withExamples).map((body) => ({ ...body, needsReview: [...body.needsReview, ...review] }))
}

/** The media type as it is known here. Of replies JSON alone is read. */
function contentTypeOf(media: string, direction: Direction): ContentType | null {
  const type = (media.split(';')[0] ?? '').trim().toLowerCase()
  if (type === 'application/json') return type
  return type === 'application/x-www-form-urlencoded' && direction === 'request' ? type : null
}

function carriedBy(media: string, place: Place, content: Place, direction: Direction): readonly Carried[] {
  const schema = childOf(place, 'schema')
  const contentType = contentTypeOf(media, direction)
  const contentTypes =
    contentType === null
      ? null
      : { value: [contentType], provenance: provenanceOf(childOf(content, media) ?? place, 'key') }
  const examples = examplesOf(place, schema)
  if (schema === null) {
    const fields = fieldsOfExample(examples[0])
    const needsReview = [
      fields.length === 0
        ? 'the body has no schema'
        : 'the body has no schema: its fields are those of its example',
    ]
    const bare = {
      model: null,
      description: null,
      fields,
      usage: examples,
      provenance: provenanceOf(place),
    }
    return [{ media, place, body: { ...bare, contentTypes, needsReview } }]
  }
  if (direction === 'request') requireAcyclic(schema)
  return withOwnUsage(
    alternativesOf(schema).map((alternative) => {
      const { fields, needsReview } = fieldsOf(alternative, direction)
      return {
        media,
        place,
        body: {
          model: alternative.name ?? modelNameOf(schema),
          description: descriptionOf(alternative),
          fields: fields.map((field) => withEncoding(field, place)),
          contentTypes,
          usage: examples,
          provenance: provenanceOf(schemaPlaceOf(alternative, schema)),
          needsReview: [...new Set([...needsReview, ...ignoredBeside(schema)])],
        },
      }
    }),
  )
}

/** Of several alternatives, an example is one of those that it keeps to; of all, where it keeps to none. */
function withOwnUsage(carried: readonly Carried[]): readonly Carried[] {
  const isFree = (usage: Usage) => !carried.some(({ body }) => keepsTo(usage, body.fields))
  return carried.map((one) => ({
    ...one,
    body: {
      ...one.body,
      usage: one.body.usage.filter((usage) => keepsTo(usage, one.body.fields) || isFree(usage)),
    },
  }))
}

function keepsTo({ values }: Usage, fields: readonly ImportedField[]): boolean {
  return fields.every(({ wireName, required, allowedValues }) => {
    const value = Object.hasOwn(values, wireName) ? values[wireName] : undefined
    return value === undefined ? required !== true : (allowedValues?.includes(value) ?? true)
  })
}

/** A field without an example of its own has the one that a whole body shows, where that keeps to the schema. */
function withExamples(body: Body): Body {
  const usage = body.usage.find((candidate) => keepsTo(candidate, body.fields))
  if (usage === undefined) return body
  const fields = body.fields.map((field) => {
    const shown = Object.hasOwn(usage.values, field.wireName) ? usage.values[field.wireName] : undefined
    const isScalar = field.type !== 'array' && field.type !== 'object'
    if (
      field.example !== null ||
      field.allowedValues?.length === 1 ||
      shown === undefined ||
      !isScalar ||
      isPlaceholder(shown)
    )
      return field
    return {
      ...field,
      example: typedValue(shown, field.type),
      provenance: { ...field.provenance, example: usage.provenance },
    }
  })
  return { ...body, fields }
}

/** What a body shows that has no schema: names, and types as far as one example tells. */
function fieldsOfExample(usage: Usage | undefined): readonly ImportedField[] {
  if (usage?.language !== 'json') return []
  const shown = Object.entries(JSON.parse(usage.code) as Record<string, unknown>)
  const { provenance } = usage
  return shown.map(([name, value]) => ({
    ...emptyField(name),
    type: typeOfExample(value),
    provenance: { name: provenance, wireName: provenance, type: provenance },
    needsReview: ['is known by an example alone: decide whether it is always there'],
  }))
}

function typeOfExample(value: unknown): FieldType {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value as 'string' | 'boolean'
  return isJsonObject(value) ? 'object' : 'unknown'
}

/** The schema itself, of several layers the last: in `oneOf`, the alternative's own. */
function schemaPlaceOf({ layers, discriminated }: Alternative, schema: Place): Place {
  const [first] = layers
  const last = layers.at(-1)
  return (discriminated === null ? first : last)?.place ?? schema
}

function descriptionOf({ layers }: Alternative): string | null {
  for (const { place } of layers) {
    const description = childOf(place, 'description')?.value
    if (typeof description === 'string' && description.trim() !== '') return description.trim()
  }
  return null
}

/** How a form carries an array. @see OpenAPI 3.1 §4.8.15 */
function withEncoding(field: ImportedField, media: Place): ImportedField {
  const encoding = childOf(media, 'encoding')
  const own = encoding === null ? null : childOf(encoding, field.name)
  const style = own === null ? null : childOf(own, 'style')
  if (style?.value !== 'spaceDelimited') return field
  return {
    ...field,
    isSpaceDelimited: true,
    provenance: { ...field.provenance, isSpaceDelimited: provenanceOf(style) },
  }
}

/** Bodies with equal facts are one, with the media types of all. */
function together(carried: readonly Carried[]): readonly Body[] {
  const bodies = new Map<string, Body>()
  for (const { body } of carried) {
    const key = JSON.stringify([body.model, body.fields], (name, value) =>
      name === 'provenance' ? undefined : value,
    )
    const before = bodies.get(key)
    bodies.set(key, before === undefined ? body : joined(before, body))
  }
  return [...bodies.values()]
}

function joined(before: Body, body: Body): Body {
  const types = [...(before.contentTypes?.value ?? []), ...(body.contentTypes?.value ?? [])]
  const provenance = before.contentTypes?.provenance ?? body.contentTypes?.provenance
  const known = new Set(before.usage.map(({ provenance }) => JSON.stringify(provenance)))
  return {
    ...before,
    contentTypes: provenance === undefined ? null : { value: [...new Set(types)], provenance },
    usage: [...before.usage, ...body.usage.filter((usage) => !known.has(JSON.stringify(usage.provenance)))],
    needsReview: [...new Set([...before.needsReview, ...body.needsReview])],
  }
}

/** Whole bodies that a document shows, beside the media type or in its schema. */
function examplesOf(media: Place, schema: Place | null): readonly Usage[] {
  const beside = childOf(media, 'example')
  const named = childOf(media, 'examples')
  const places = [
    ...(beside === null ? [] : [beside]),
    ...(named === null ? [] : membersOf(named)).flatMap(
      ([, example]) => childOf(follow(example), 'value') ?? [],
    ),
    ...(schema === null ? [] : schemaExamples(schema)),
  ]
  return places.flatMap(usageOf)
}

function schemaExamples(schema: Place): readonly Place[] {
  const target = follow(schema)
  const example = childOf(target, 'example')
  const examples = childOf(target, 'examples')
  return [...(example === null ? [] : [example]), ...(examples === null ? [] : itemsOf(examples))]
}

function usageOf(place: Place): readonly Usage[] {
  const { value } = place
  const provenance = provenanceOf(place)
  if (isJsonObject(value)) {
    const values = Object.entries(value).map(([name, member]) => [name, wireText(member)] as const)
    return [
      {
        language: 'json',
        code: JSON.stringify(value, null, 2),
        values: Object.fromEntries(values),
        provenance,
      },
    ]
  }
  if (typeof value !== 'string') return []
  // An example of a form may be the form itself.
  const values = value.includes('=') ? Object.fromEntries(new URLSearchParams(value)) : {}
  return [{ language: null, code: value, values, provenance }]
}
