// The fields of an OpenAPI schema: parameters of a request, members of a reply, and header fields.
import type { ImportedField, Provenance } from './imported.ts'
import { conditionsOf, reviewOfWhole, type StatedCondition } from './openapi-conditions.ts'
import {
  type Facts,
  factsOf,
  flagOf,
  ignoredBeside,
  refuseOwnRequired,
  type Stated,
  unreadOf,
} from './openapi-facts.ts'
import { childOf, type Place, provenanceOf } from './openapi-place.ts'
import { withProse } from './openapi-prose.ts'
import {
  type Alternative,
  combined,
  modelNameOf,
  propertiesOf,
  requiredIn,
  statedIn,
} from './openapi-schema.ts'

/** The way that a message goes: what is `readOnly` is in no request, and what is `writeOnly` in no reply. */
export type Direction = 'request' | 'reply'

/** The fields of one alternative of a schema, and what they leave open. */
export interface Fields {
  readonly fields: readonly ImportedField[]
  readonly needsReview: readonly string[]
}

/** The fields of an alternative, in documented order. @throws `ERR_DOCUMENT_INVALID` */
export function fieldsOf(alternative: Alternative, direction: Direction): Fields {
  const properties = [...propertiesOf(alternative.layers)]
  const isSent = ([, schemas]: readonly [string, readonly Place[]]) =>
    !isMarked(schemas, direction === 'request' ? 'readOnly' : 'writeOnly')
  const fields = [
    ...describedFields(alternative, properties.filter(isSent)),
    ...undescribedFields(alternative, new Set(properties.map(([name]) => name))),
  ]
  const unsent = properties
    .filter((property) => !isSent(property))
    .map(([name]) => `\`${name}\` is left out, because a ${direction} does not have it`)
  return { fields: fields.map(withProse), needsReview: [...unsent, ...reviewOfWhole(alternative.layers)] }
}

function describedFields(
  { layers, discriminated }: Alternative,
  properties: readonly (readonly [name: string, schemas: readonly Place[]])[],
): readonly ImportedField[] {
  const required = requiredIn(layers)
  const conditions = conditionsOf(layers)
  // That a property is not required is said by the list that does not have it, or by there being no list.
  const otherwise = statedIn(layers, 'required')[0] ?? layers[0]?.place
  return properties.map(([name, schemas]) => {
    const stated = required.get(name)
    const place = stated ?? otherwise
    const field = fieldOf(name, schemas, {
      required: place === undefined ? null : { value: stated !== undefined, place },
      conditions: stated === undefined ? (conditions.get(name) ?? []) : [],
    })
    return discriminated?.property === name ? withDiscriminator(field, discriminated) : field
  })
}

/** What is required, or chooses the alternative, and has no schema. */
function undescribedFields(
  { layers, discriminated }: Alternative,
  described: ReadonlySet<string>,
): readonly ImportedField[] {
  const bare = [...requiredIn(layers)]
    .filter(([name]) => !described.has(name) && name !== discriminated?.property)
    .map(([name, place]) => bareField(name, place))
  const required = requiredIn(layers)
  const conditional = [...conditionsOf(layers)]
    .filter(([name]) => !described.has(name) && !required.has(name))
    .map(([name, conditions]) => ({
      ...fieldOf(name, [], { required: null, conditions }),
      needsReview: ['is required under a condition, and nothing else is said of it'],
    }))
  const isChosenHere = discriminated !== null && !described.has(discriminated.property)
  return [...(isChosenHere ? [discriminatorField(discriminated)] : []), ...bare, ...conditional]
}

/** What is said of a field by what is around it. */
export interface Surroundings {
  readonly required: Stated<boolean> | null
  /** The values of other fields with which it is required; where there are several, one alone can be said. */
  readonly conditions: readonly StatedCondition[]
}

/** A field by its schemas, all of which hold. @throws `ERR_DOCUMENT_INVALID` */
export function fieldOf(name: string, schemas: readonly Place[], around: Surroundings): ImportedField {
  const alternatives = combined(schemas)
  const { facts, needsReview } = sharedFacts(alternatives)
  const model = modelOf(schemas)
  const [schema] = schemas
  const [condition, ...furtherConditions] = around.conditions
  return {
    ...emptyField(name),
    type: facts.type?.value ?? 'unknown',
    notation: facts.notation?.value ?? null,
    items: facts.items?.value ?? null,
    model: model?.value ?? null,
    required: condition === undefined ? (around.required?.value ?? null) : false,
    requiredWhen: condition?.condition ?? null,
    allowedValues: facts.allowedValues?.value ?? null,
    example: facts.example?.value ?? null,
    default: facts.default?.value ?? null,
    description: facts.description?.value ?? null,
    pattern: facts.pattern?.value ?? null,
    minLength: facts.minLength?.value ?? null,
    maxLength: facts.maxLength?.value ?? null,
    deprecated: facts.deprecated !== null,
    provenance: {
      ...(schema === undefined ? {} : named(schema)),
      ...provenanceOfFacts({ ...facts, model, required: around.required }),
      ...(condition === undefined ? {} : { requiredWhen: provenanceOf(condition.place) }),
    },
    needsReview: [
      ...new Set([
        ...needsReview,
        ...schemas.flatMap(ignoredBeside),
        ...furtherConditions.map(reviewOfCondition),
      ]),
    ],
  }
}

function reviewOfCondition({ condition }: StatedCondition): string {
  return `is required when \`${condition.parameter}\` is \`${condition.value}\` as well`
}

/** A field of which nothing is known but its name. */
export function emptyField(name: string): ImportedField {
  return {
    name,
    wireName: name,
    confidence: 'certain',
    type: 'unknown',
    notation: null,
    isOptionalType: false,
    items: null,
    model: null,
    required: null,
    requiredWhen: null,
    allowedValues: null,
    example: null,
    default: null,
    description: null,
    pattern: null,
    minLength: null,
    maxLength: null,
    isSpaceDelimited: false,
    httpBasic: null,
    notSupported: false,
    deprecated: false,
    provenance: {},
    needsReview: [],
  }
}

function named(schema: Place): Readonly<Record<string, Provenance>> {
  const key = provenanceOf(schema, 'key')
  return { name: key, wireName: key }
}

function provenanceOfFacts(
  facts: Readonly<Record<string, Stated<unknown> | null>>,
): Readonly<Record<string, Provenance>> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, stated]) =>
      stated === null ? [] : [[name, provenanceOf(stated.place)]],
    ),
  )
}

function modelOf(schemas: readonly Place[]): Stated<string> | null {
  for (const place of schemas) {
    const items = childOf(place, 'items')
    const value = modelNameOf(place) ?? (items === null ? null : modelNameOf(items))
    if (value !== null) return { value, place }
  }
  return null
}

/** What every alternative of one value says alike; allowed values are put together. */
function sharedFacts(alternatives: readonly Alternative[]): {
  readonly facts: Facts
  readonly needsReview: readonly string[]
} {
  for (const { layers } of alternatives) refuseOwnRequired(layers)
  const each = alternatives.map(({ layers }) => factsOf(layers))
  const unread = alternatives.flatMap(({ layers }) => unreadOf(layers))
  const [first, ...others] = each
  if (first === undefined) return { facts: factsOf([]), needsReview: [] }
  if (others.length === 0) return { facts: first, needsReview: [...unread, ...reviewOfType(first)] }
  const differing = Object.keys(first).filter((name) => !isSharedBy(each, name as keyof Facts))
  const shared = Object.fromEntries(
    Object.entries(first).map(([name, stated]) => [name, differing.includes(name) ? null : stated]),
  ) as unknown as Facts
  const values = each.every(({ allowedValues }) => allowedValues !== null)
    ? [...new Set(each.flatMap(({ allowedValues }) => allowedValues?.value ?? []))]
    : null
  const open = differing.filter(
    (name) => !(name === 'allowedValues' && values !== null) && name !== 'description',
  )
  return {
    facts: {
      ...shared,
      allowedValues:
        values === null || first.allowedValues === null
          ? null
          : { value: values, place: first.allowedValues.place },
    },
    needsReview: [
      ...unread,
      ...(open.length === 0 ? [] : [`has ${each.length} alternatives, which differ in ${open.join(', ')}`]),
    ],
  }
}

function isSharedBy(each: readonly Facts[], name: keyof Facts): boolean {
  const [first] = each
  return each.every((facts) => JSON.stringify(facts[name]?.value) === JSON.stringify(first?.[name]?.value))
}

function reviewOfType({ type, notation }: Facts): readonly string[] {
  if (type?.value === 'unknown' && notation !== null)
    return [`its type \`${notation.value}\` is none of those that a field can have`]
  return notation?.value.endsWith(' | null') ? ['may be null as well, which is not imported'] : []
}

function isMarked(schemas: readonly Place[], keyword: string): boolean {
  return combined(schemas).every(({ layers }) => flagOf(layers, keyword) !== null)
}

/** A name that is required and has no schema. */
function bareField(name: string, place: Place): ImportedField {
  const provenance = provenanceOf(place)
  return {
    ...emptyField(name),
    required: true,
    provenance: { name: provenance, wireName: provenance, required: provenance },
    needsReview: ['is required, and nothing else is said of it'],
  }
}

type DiscriminatedBy = NonNullable<Alternative['discriminated']>

function discriminatorField({ property, value, place }: DiscriminatedBy): ImportedField {
  const provenance = provenanceOf(place)
  return {
    ...emptyField(property),
    type: 'string',
    required: true,
    allowedValues: [value],
    provenance: {
      name: provenance,
      wireName: provenance,
      type: provenance,
      required: provenance,
      allowedValues: provenance,
    },
  }
}

/** The discriminator's value is the only one that leads to this alternative, and has to be there. */
function withDiscriminator(field: ImportedField, { value, place }: DiscriminatedBy): ImportedField {
  const provenance = provenanceOf(place)
  const required = field.required === true ? {} : { required: provenance }
  const isConstant = field.allowedValues?.length === 1
  return {
    ...field,
    required: true,
    requiredWhen: null,
    allowedValues: isConstant ? field.allowedValues : [value],
    provenance: { ...field.provenance, ...required, ...(isConstant ? {} : { allowedValues: provenance }) },
  }
}
