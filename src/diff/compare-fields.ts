// Parameters of two requests, or members of two bodies: paired, and each fact of a pair compared on its own. No judgment
// here: a finding names its rule.
import type { Confidence } from '../import/imported.ts'
import { scopePattern } from '../oauth/scope.ts'
import { isSameByLetters, type Pair, pairFields } from './pairs.ts'
import { formatRequirement, isOnParameter, presenceOf, requirementKind } from './requirement.ts'
import type { FieldKind, FieldPlace } from './rules.ts'
import {
  type Both,
  type Finding,
  isGrantType,
  isLimitStated,
  isStatedTwice,
  leaveOut,
  originOf,
  type Sides,
} from './sides.ts'
import type { ComparedField, Requirement, Subject } from './subject.ts'

/** Where the fields stand, and how they are called there. */
export interface Place {
  readonly rules: FieldPlace
  readonly subjectOf: (wireName: string) => string
  readonly whatOf: (wireName: string) => string
}

/** A field on both sides. */
type FieldPair = Both<ComparedField>

/** A change of one fact. */
interface FactChange {
  readonly kind: FieldKind
  readonly fact: keyof ComparedField
  readonly before: string | null
  readonly after: string | null
}

type FactComparison = (sides: Sides, pair: FieldPair, name: string) => FactChange | null

/** All that differs between two lists of fields. */
export function compareFields(
  sides: Sides,
  place: Place,
  before: readonly ComparedField[],
  after: readonly ComparedField[],
): readonly Finding[] {
  return pairFields(sides, before, after).flatMap((pair) => {
    if (pair.before === null || pair.after === null) return comparePresence(sides, place, pair)
    return compareFacts(sides, place, pair)
  })
}

function comparePresence(sides: Sides, place: Place, pair: Pair): readonly Finding[] {
  const field = pair.before ?? pair.after
  if (isBeyondVariants(sides, place, pair)) return []
  const isAdded = pair.before === null
  const verb = isAdded ? 'added' : 'removed'
  const [own, other] = isAdded ? (['after', 'before'] as const) : (['before', 'after'] as const)
  const presence = presenceOf(field.required, sides.grants[own], sides.grants[other])
  const note = originOf(sides[other]) === 'page' ? '' : undoneNote(field)
  const found = (kind: FieldKind, text: string): Finding => ({
    rule: `${place.rules}-${kind}`,
    subject: place.subjectOf(field.wireName),
    what: place.whatOf(field.wireName),
    before: isAdded ? null : text,
    after: isAdded ? text : null,
    provenance: { before: pair.before?.provenance ?? null, after: pair.after?.provenance ?? null },
    note,
  })
  const wire = found(`${verb}-${presence}`, formatRequirement(field.required))
  if (!sides.isSameSdk || field.sdkName === null) return [wire]
  return [wire, found(`sdk-name-${verb}`, field.sdkName)]
}

/** Of header fields and refusals a variant has only what is always there. */
function isBeyondVariants(sides: Sides, place: Place, pair: Pair): boolean {
  const [field, speaking, silent] =
    pair.before === null ? [pair.after, sides.after, sides.before] : [pair.before, sides.before, sides.after]
  const isOptional = field.required !== 'always' && ['reply-header', 'refusal-member'].includes(place.rules)
  if (!isOptional || !isVariantBeside(silent, speaking)) return false
  leaveOut(sides, silent, 'what is not always there', place.whatOf(field.wireName))
  return true
}

/** Whether a variant stands beside a document, which may say what no variant holds. */
function isVariantBeside(silent: Subject, speaking: Subject): boolean {
  return originOf(silent) === 'variant' && originOf(speaking) !== 'variant'
}

function compareFacts(sides: Sides, place: Place, pair: FieldPair): readonly Finding[] {
  const name = place.whatOf(pair.before.wireName)
  const findings: Finding[] = []
  for (const compareFact of factComparisons) {
    const change = compareFact(sides, pair, name)
    if (change !== null) findings.push(findingOf(place, pair, change))
  }
  return findings
}

function findingOf(place: Place, pair: FieldPair, { kind, fact, before, after }: FactChange): Finding {
  const { wireName } = pair.before
  return {
    rule: `${place.rules}-${kind}`,
    subject: place.subjectOf(wireName),
    what: place.whatOf(wireName),
    before,
    after,
    provenance: { before: provenanceOf(pair.before, fact), after: provenanceOf(pair.after, fact) },
    ...(kind === 'renamed' && { note: undoneNote(pair.before) + undoneNote(pair.after) }),
  }
}

function provenanceOf(field: ComparedField, fact: keyof ComparedField) {
  return field.factProvenance?.[fact] ?? field.provenance
}

const confidences: Readonly<Record<Exclude<Confidence, 'certain'>, string>> = {
  high: 'high confidence',
  medium: 'medium confidence',
  low: 'low confidence',
}

/** A wire name that no document states is no fact, and the reader has to know. */
function undoneNote({ wireName, sdkName, confidence = 'certain' }: ComparedField): string {
  if (confidence === 'certain') return ''
  return ` The page's wire name ${wireName} is undone from ${sdkName ?? 'its name'}, with ${confidences[confidence]}.`
}

const factComparisons: readonly FactComparison[] = [
  compareWireName,
  compareRequirement,
  compareValues,
  compareType,
  compareItems,
  compareNullable,
  comparePattern,
  compareLength,
  compareSupport,
  compareDeprecation,
  compareSdkName,
  compareSdkType,
  compareDefault,
  compareExample,
  compareDescription,
]

function compareWireName(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  if (before.wireName === after.wireName) return null
  if (!isSameByLetters(before, after)) {
    return { kind: 'renamed', fact: 'wireName', before: before.wireName, after: after.wireName }
  }
  if (before.confidence === 'low') leaveOut(sides, sides.before, 'the words of the wire name', name)
  if (after.confidence === 'low') leaveOut(sides, sides.after, 'the words of the wire name', name)
  return null
}

function compareRequirement(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  const required = { before: before.required, after: after.required }
  if (!isStatedTwice(sides, 'the requirement', name, required)) return null
  const kind = requirementKind(required, sides.grants)
  if (kind === null || isConditionBeyondVariant(sides, required, name)) return null
  return {
    kind,
    fact: 'required',
    before: formatRequirement(required.before),
    after: formatRequirement(required.after),
  }
}

/** A variant requires a parameter for grants, and not for values of other parameters. */
function isConditionBeyondVariant(sides: Sides, required: Both<Requirement>, name: string): boolean {
  const { before, after } = sides
  const [speaking, silent, other] = isOnParameter(required.before)
    ? [before, after, required.after]
    : [after, before, required.before]
  const isOne = isOnParameter(required.before) !== isOnParameter(required.after)
  if (!isOne || other !== 'never' || !isVariantBeside(silent, speaking)) return false
  leaveOut(sides, silent, 'conditions on other parameters than the grant', name)
  return true
}

function compareValues(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  const [values, others] = [before.allowedValues, after.allowedValues]
  if (isGrantOpen(sides, before, after, name)) return null
  if (!isLimitStated(sides, 'the allowed values', name, { before: values, after: others })) return null
  const lost = others !== null && (values?.some((value) => !others.includes(value)) ?? true)
  const won = values !== null && (others?.some((value) => !values.includes(value)) ?? true)
  if (!lost && !won) return null
  const kind = lost && won ? 'values-replaced' : lost ? 'values-narrowed' : 'values-widened'
  return { kind, fact: 'allowedValues', before: formatValues(values), after: formatValues(others) }
}

/** A variant lists its grants, and a document that lists none does not admit all there are. */
function isGrantOpen(sides: Sides, before: ComparedField, after: ComparedField, name: string): boolean {
  const [silent, speaking] =
    before.allowedValues === null ? [sides.before, sides.after] : [sides.after, sides.before]
  const isOne = (before.allowedValues === null) !== (after.allowedValues === null)
  if (!isOne || !isGrantType(before) || !isVariantBeside(speaking, silent)) return false
  leaveOut(sides, silent, 'the allowed values', name)
  return true
}

function formatValues(values: readonly string[] | null): string {
  return values === null ? 'any value' : values.join(', ')
}

function compareType(sides: Sides, pair: FieldPair, name: string): FactChange | null {
  const types = { before: knownTypeOf(pair.before), after: knownTypeOf(pair.after) }
  if (areTypesInCode(sides, pair) && (types.before === null || types.after === null)) return null
  if (!isStatedTwice(sides, typeWords(pair), name, types) || types.before === types.after) return null
  const { before, after } = types
  if (isFormText(sides, pair)) {
    leaveOut(
      sides,
      originOf(sides.before) === 'variant' ? sides.before : sides.after,
      'the type behind the text of a form',
      name,
    )
    return null
  }
  const isWhole = (one: string, other: string) => one === 'integer' && other === 'number'
  const kind = isWhole(after, before)
    ? 'type-narrowed'
    : isWhole(before, after)
      ? 'type-widened'
      : 'type-changed'
  return { kind, fact: 'type', before, after }
}

function knownTypeOf({ type }: ComparedField) {
  return type === 'unknown' ? null : type
}

/** A form has text alone, and a variant says what it has: a document's number is a number all the same. */
function isFormText(sides: Sides, { before, after }: FieldPair): boolean {
  const [variant, field, document] =
    originOf(sides.before) === 'variant'
      ? [sides.before, before, sides.after]
      : [sides.after, after, sides.before]
  const isForm = variant.contentTypes?.values.includes('application/x-www-form-urlencoded') === true
  return (
    isForm && field.type === 'string' && variant.request.includes(field) && isVariantBeside(variant, document)
  )
}

/** Types in code of one language are compared as such, whether or not the type of JSON behind them is known. */
function areTypesInCode({ isSameSdk }: Sides, { before, after }: FieldPair): boolean {
  return isSameSdk && before.notation !== null && after.notation !== null
}

/** Who says a type of its own, such as a model, says no type of JSON. */
function typeWords({ before, after }: FieldPair): string {
  const saysAnother = [before, after].some(({ type, notation }) => type === 'unknown' && notation !== null)
  return saysAnother ? 'the type of JSON behind its own type' : 'the type'
}

function compareItems(_sides: Sides, { before, after }: FieldPair): FactChange | null {
  const [items, others] = [knownItemsOf(before), knownItemsOf(after)]
  // Silence is no note: an array without a type of its items is an array all the same.
  if (items === null || others === null || items === others) return null
  return { kind: 'items-changed', fact: 'items', before: items, after: others }
}

function knownItemsOf({ items = null }: ComparedField) {
  return items === 'unknown' ? null : items
}

function compareNullable(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  if (before.nullable === after.nullable) return null
  if (before.nullable === undefined || after.nullable === undefined) {
    const silent = before.nullable === undefined ? sides.before : sides.after
    if (before.nullable === true || after.nullable === true) leaveOut(sides, silent, 'the nullability', name)
    return null
  }
  const [silent, speaking] = before.nullable ? [sides.after, sides.before] : [sides.before, sides.after]
  if (isVariantBeside(silent, speaking)) {
    leaveOut(sides, silent, 'the nullability', name)
    return null
  }
  const formatted = (isNullable: boolean) => (isNullable ? 'nullable' : 'never null')
  return {
    kind: after.nullable ? 'now-nullable' : 'no-longer-nullable',
    fact: 'nullable',
    before: formatted(before.nullable),
    after: formatted(after.nullable),
  }
}

function comparePattern(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  const patterns = { before: before.pattern, after: after.pattern }
  if (isUsualOfSchemas(sides, patterns, usualPatterns)) return null
  // A format is a pattern by its name: which one is not said.
  const open = before.pattern === null ? before : after
  if (open.pattern === null && open.format !== undefined && before.pattern !== after.pattern) {
    leaveOut(sides, open === before ? sides.before : sides.after, 'the pattern of its format', name)
    return null
  }
  if (before.pattern === after.pattern || !isLimitStated(sides, 'the pattern', name, patterns)) return null
  const free = 'free of a pattern'
  if (before.pattern === null)
    return { kind: 'pattern-added', fact: 'pattern', before: free, after: after.pattern }
  if (after.pattern === null)
    return { kind: 'pattern-removed', fact: 'pattern', before: before.pattern, after: free }
  return { kind: 'pattern-changed', fact: 'pattern', ...patterns }
}

/** What schemas of services have whether or not a document says it: no document denies it. */
const usualPatterns: ReadonlySet<unknown> = new Set([scopePattern, '.'])
const usualLeastLengths: ReadonlySet<unknown> = new Set([1])

function isUsualOfSchemas(sides: Sides, values: Both<unknown>, usual: ReadonlySet<unknown>): boolean {
  if ((values.before === null) === (values.after === null)) return false
  const [speaking, silent] =
    values.before === null ? [sides.after, sides.before] : [sides.before, sides.after]
  if (originOf(speaking) !== 'variant' || originOf(silent) === 'variant') return false
  return usual.has(values.before ?? values.after)
}

interface Length {
  readonly min: number
  readonly max: number
}

function compareLength(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  if (before.minLength === after.minLength && before.maxLength === after.maxLength) return null
  const mins = { before: before.minLength, after: after.minLength }
  const maxes = { before: before.maxLength, after: after.maxLength }
  const isUsual = isUsualOfSchemas(sides, mins, usualLeastLengths)
  const hasMins = !isUsual && isLimitStated(sides, 'the least length', name, mins)
  const hasMaxes = isLimitStated(sides, 'the greatest length', name, maxes)
  const lengthOf = (side: 'before' | 'after'): Length => ({
    min: (hasMins ? mins[side] : null) ?? 0,
    max: (hasMaxes ? maxes[side] : null) ?? Number.POSITIVE_INFINITY,
  })
  const [had, has] = [lengthOf('before'), lengthOf('after')]
  const isNarrower = has.min > had.min || has.max < had.max
  const isWider = has.min < had.min || has.max > had.max
  if (!isNarrower && !isWider) return null
  const kind = isNarrower && isWider ? 'length-changed' : isNarrower ? 'length-narrowed' : 'length-widened'
  return { kind, fact: 'maxLength', before: formatLength(had), after: formatLength(has) }
}

function formatLength({ min, max }: Length): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? 'any length' : `at least ${characters(min)}`
  return min === 0 ? `at most ${characters(max)}` : `${min} to ${characters(max)}`
}

function characters(count: number): string {
  return `${count} ${count === 1 ? 'character' : 'characters'}`
}

function compareSupport(sides: Sides, pair: FieldPair, name: string): FactChange | null {
  if (!isFlagComparable(sides, pair, 'notSupported', 'whether it is supported', name)) return null
  const formatted = ({ notSupported }: ComparedField) => (notSupported ? 'not supported' : 'supported')
  return {
    kind: pair.after.notSupported ? 'now-not-supported' : 'now-supported',
    fact: 'notSupported',
    before: formatted(pair.before),
    after: formatted(pair.after),
  }
}

function compareDeprecation(sides: Sides, pair: FieldPair, name: string): FactChange | null {
  if (!isFlagComparable(sides, pair, 'deprecated', 'whether it is deprecated', name)) return null
  const formatted = ({ deprecated }: ComparedField) => (deprecated ? 'deprecated' : 'not deprecated')
  return {
    kind: pair.after.deprecated ? 'now-deprecated' : 'no-longer-deprecated',
    fact: 'deprecated',
    before: formatted(pair.before),
    after: formatted(pair.after),
  }
}

/** A variant has no prose, where such marks stand: its silence is no denial, but beside another variant. */
function isFlagComparable(
  sides: Sides,
  { before, after }: FieldPair,
  flag: 'notSupported' | 'deprecated',
  fact: string,
  name: string,
): boolean {
  if (before[flag] === after[flag]) return false
  const [silent, speaking] = before[flag] ? [sides.after, sides.before] : [sides.before, sides.after]
  if (originOf(silent) !== 'variant' || originOf(speaking) === 'variant') return true
  leaveOut(sides, silent, fact, name)
  return false
}

function compareSdkName({ isSameSdk }: Sides, { before, after }: FieldPair): FactChange | null {
  if (!isSameSdk || before.sdkName === null || after.sdkName === null) return null
  if (before.sdkName === after.sdkName) return null
  return { kind: 'sdk-name-changed', fact: 'sdkName', before: before.sdkName, after: after.sdkName }
}

function compareSdkType(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  if (!sides.isSameSdk) return null
  const notations = { before: before.notation, after: after.notation }
  if (!isStatedTwice(sides, 'the type in code', name, notations)) return null
  const kind = sdkTypeKind(before, after, notations)
  return kind === null ? null : { kind, fact: 'notation', ...notations }
}

function sdkTypeKind(before: ComparedField, after: ComparedField, notations: Both<string>): FieldKind | null {
  const [wasOptional, isOptional] = [before.isOptionalType, after.isOptionalType]
  if (wasOptional !== undefined && isOptional !== undefined && wasOptional !== isOptional) {
    return isOptional ? 'sdk-type-now-optional' : 'sdk-type-no-longer-optional'
  }
  if (notations.before === notations.after) return null
  if (typeNameOf(notations.before) === typeNameOf(notations.after)) return 'notation-changed'
  // Another type of JSON is a change of the wire, and told as such.
  const isToldOfTheWire = areApart(knownTypeOf(before), knownTypeOf(after))
  return isToldOfTheWire || areApart(knownItemsOf(before), knownItemsOf(after)) ? null : 'sdk-type-changed'
}

function areApart<T>(one: T | null, other: T | null): boolean {
  return one !== null && other !== null && one !== other
}

const optionalWords = new Set([
  'T',
  'nilable',
  'Optional',
  'OptionalNullable',
  'JsonNullable',
  'Nullable',
  'Option',
  'extends',
])

/** What is left of a notation without its markup, the target of its link, and the words for an optional type. */
function typeNameOf(notation: string): string {
  const words = notation.replace(/\]\([^)]*\)/g, ']').match(/[\p{L}\p{Nd}_]+/gu) ?? []
  return words.filter((word) => !optionalWords.has(word)).join(' ')
}

function compareDefault(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  const defaults = { before: before.default ?? null, after: after.default ?? null }
  if (!isStatedTwice(sides, 'the default', name, defaults)) return null
  return defaults.before === defaults.after ? null : { kind: 'default-changed', fact: 'default', ...defaults }
}

function compareExample(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  if (before.hasSeveralExamples === true || after.hasSeveralExamples === true) return null
  const examples = { before: before.example, after: after.example }
  if (!isStatedTwice(sides, 'the example', name, examples) || before.example === after.example) return null
  return { kind: exampleKind(before, after), fact: 'example', ...examples }
}

function exampleKind(before: ComparedField, after: ComparedField): FieldKind {
  const [wasOutside, isOutside] = [hasExampleOutside(before), hasExampleOutside(after)]
  if (wasOutside === isOutside) return 'example-changed'
  return isOutside ? 'example-outside-values' : 'example-inside-values'
}

function hasExampleOutside({ example, allowedValues, isSpaceDelimited, wireName }: ComparedField): boolean {
  if (example === null || allowedValues === null) return false
  const isList = isSpaceDelimited === true || wireName === 'scope'
  const values = isList ? example.split(' ') : [example]
  return !values.every((value) => allowedValues.includes(value))
}

function compareDescription(sides: Sides, { before, after }: FieldPair, name: string): FactChange | null {
  const descriptions = { before: before.description, after: after.description }
  if (!isStatedTwice(sides, 'the description', name, descriptions)) return null
  if (before.description === after.description) return null
  return { kind: 'description-changed', fact: 'description', ...descriptions }
}
