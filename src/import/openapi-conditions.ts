// What a schema says of several properties together: conditions that a field can have, and those that it cannot.
import { isJsonObject } from '../oauth/json.ts'
import type { Condition } from './imported.ts'
import { factsOf, unreadOf, wireText } from './openapi-facts.ts'
import {
  childOf,
  isReference,
  itemsOf,
  membersOf,
  type Place,
  requireList,
  requireText,
} from './openapi-place.ts'
import { isNullType, isRestriction, type Layer, statedIn } from './openapi-schema.ts'

/** What makes a field conditional, and where that is stated. */
export interface StatedCondition {
  readonly condition: Condition
  readonly place: Place
}

/** What `if` and `then` make required, where the condition is one value of one property. */
export function conditionsOf(layers: readonly Layer[]): ReadonlyMap<string, readonly StatedCondition[]> {
  const conditions = new Map<string, readonly StatedCondition[]>()
  for (const { place } of layers) {
    const condition = conditionOf(place)
    if (condition === null) continue
    for (const item of requiredThen(place)) {
      const name = requireText(item, 'the name of a required property')
      conditions.set(name, [...(conditions.get(name) ?? []), { condition, place: item }])
    }
  }
  return conditions
}

function requiredThen(place: Place): readonly Place[] {
  const then = childOf(place, 'then')
  const required = then === null ? null : childOf(then, 'required')
  return required === null ? [] : itemsOf(requireList(required, '`required`'))
}

function conditionOf(place: Place): Condition | null {
  const when = childOf(place, 'if')
  const properties = when === null ? null : childOf(when, 'properties')
  const [only, ...others] = properties === null ? [] : membersOf(properties)
  if (only === undefined || others.length > 0) return null
  const [parameter, schema] = only
  if (isReference(schema) || !isJsonObject(schema.value)) return null
  const values = factsOf([{ place: schema, depth: 0 }]).allowedValues?.value ?? []
  const [value] = values
  return value !== undefined && values.length === 1 ? { parameter, value } : null
}

const readOfThen = new Set(['required'])

/** What is said of the fields together, and is not read. */
export function reviewOfWhole(layers: readonly Layer[]): readonly string[] {
  const unreadConditions = layers
    .filter(({ place }) => childOf(place, 'if') !== null && !isReadCondition(place))
    .map(() => '`if` and `then` are not imported: their condition is more than one value of one property')
  const additional = statedIn(layers, 'additionalProperties').filter(({ value }) => value !== false)
  const restricted = layers.flatMap(({ place }) => restrictionsOf(place))
  return [
    ...new Set([
      ...unreadConditions,
      ...restricted,
      ...additional.map(
        () => 'the schema allows further members (`additionalProperties`), which are not imported',
      ),
      ...unreadOf(layers),
    ]),
  ]
}

function isReadCondition(place: Place): boolean {
  const then = childOf(place, 'then')
  return (
    conditionOf(place) !== null &&
    then !== null &&
    membersOf(then).every(([keyword]) => readOfThen.has(keyword))
  )
}

function restrictionsOf(place: Place): readonly string[] {
  return ['oneOf', 'anyOf'].flatMap((keyword) => {
    const list = childOf(place, keyword)
    const members = list === null ? [] : itemsOf(list).filter((member) => !isNullType(member))
    if (members.length === 0 || !members.every(isRestriction)) return []
    const choices = members.map((member) => {
      const required = childOf(member, 'required')
      return required === null
        ? 'nothing'
        : itemsOf(required)
            .map(({ value }) => wireText(value))
            .join(' and ')
    })
    return [`\`${keyword}\` is not imported: it requires ${choices.join(', or ')}`]
  })
}
