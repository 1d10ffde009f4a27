// Which field of one side is which of the other: by wire name, and else by meaning. What two fields of different names have
// in common is weighed; the pairs that have most in common are taken first, and none below a threshold.
import { leaveOut, type Sides } from './sides.ts'
import type { ComparedField, Subject } from './subject.ts'
import { lettersOf, likenessOf, wordsOf } from './words.ts'

/** A field on both sides, or on one. */
export type Pair =
  | { readonly before: ComparedField; readonly after: ComparedField }
  | { readonly before: ComparedField; readonly after: null }
  | { readonly before: null; readonly after: ComparedField }

/** A field without a partner of its own name, and its place in the list. */
interface Single {
  readonly field: ComparedField
  /** Of its name. */
  readonly words: readonly string[]
  /** The words of its description. */
  readonly prose: readonly string[]
  /** The field before it that has a partner, and the number of fields without one in between. */
  readonly place: string
}

interface Candidate {
  readonly before: ComparedField
  readonly after: ComparedField
  readonly weight: number
  /** The same in both directions. */
  readonly key: string
}

/** What may speak for one meaning, in hundredths. Words of a name alone suffice when all are equal. */
const weights = { words: 50, place: 20, description: 20, example: 15, sdkName: 50 } as const
const enough = 50

/** Names that RFC 6749 and its family give a meaning: two of them are never one renamed. */
const registered = new Set(
  [
    'access_token assertion audience client_assertion client_assertion_type client_id client_secret code code_verifier',
    'device_code error error_description error_uri expires_in grant_type id_token password redirect_uri refresh_token',
    'resource scope state token token_type token_type_hint username',
  ]
    .join(' ')
    .split(' ')
    .map((name) => wordsOf(name).join(' ')),
)

/** Every field of both lists once, with its partner where it has one. */
export function pairFields(
  sides: Sides,
  before: readonly ComparedField[],
  after: readonly ComparedField[],
): readonly Pair[] {
  const ours = byWireName(sides, sides.before, before)
  const theirs = byWireName(sides, sides.after, after)
  const pairs: Pair[] = []
  for (const [wireName, field] of ours) {
    const partner = theirs.get(wireName)
    if (partner !== undefined) pairs.push({ before: field, after: partner })
  }
  if (pairs.length === ours.size && pairs.length === theirs.size) return pairs
  pairs.push(...pairByMeaning(sides, singlesOf(ours, theirs), singlesOf(theirs, ours)))
  return pairs
}

/** Whether two wire names may be one, since one of them was undone from letters that leave its words open. */
export function isSameByLetters(before: ComparedField, after: ComparedField): boolean {
  const isOpen = before.confidence === 'low' || after.confidence === 'low'
  const letters = lettersOf(before.wireName)
  return isOpen && letters !== '' && letters === lettersOf(after.wireName)
}

function byWireName(
  sides: Sides,
  side: Subject,
  fields: readonly ComparedField[],
): Map<string, ComparedField> {
  const found = new Map<string, ComparedField>()
  for (const field of fields) {
    if (found.has(field.wireName))
      leaveOut(sides, side, 'which of several fields counts (the first was compared)', field.wireName)
    else found.set(field.wireName, field)
  }
  return found
}

function singlesOf(
  fields: ReadonlyMap<string, ComparedField>,
  others: ReadonlyMap<string, ComparedField>,
): readonly Single[] {
  const singles: Single[] = []
  let last = ''
  let between = 0
  for (const [wireName, field] of fields) {
    if (others.has(wireName)) {
      last = wireName
      between = 0
    } else {
      singles.push({
        field,
        words: wordsOf(wireName),
        prose: proseOf(field),
        place: `${between} after ${last}`,
      })
      between += 1
    }
  }
  return singles
}

function pairByMeaning(sides: Sides, before: readonly Single[], after: readonly Single[]): readonly Pair[] {
  const taken = new Set<ComparedField>()
  const pairs: Pair[] = []
  for (const candidate of candidatesOf(sides, before, after)) {
    if (taken.has(candidate.before) || taken.has(candidate.after)) continue
    taken.add(candidate.before).add(candidate.after)
    pairs.push({ before: candidate.before, after: candidate.after })
  }
  for (const { field } of before) if (!taken.has(field)) pairs.push({ before: field, after: null })
  for (const { field } of after) if (!taken.has(field)) pairs.push({ before: null, after: field })
  return pairs
}

/** More are matched by what few of them have in common, so that time and memory grow with their number alone. */
const mostCompared = 10_000
const mostOfOneKey = 16

function candidatesOf(
  sides: Sides,
  before: readonly Single[],
  after: readonly Single[],
): readonly Candidate[] {
  const isSmall = before.length * after.length <= mostCompared
  const partnersOf = isSmall ? () => after : partnersByKey(before, after)
  return before
    .flatMap((one) =>
      [...partnersOf(one)].map(
        (other): Candidate => ({
          before: one.field,
          after: other.field,
          weight: weightOf(sides, one, other),
          key: [one.field.wireName, other.field.wireName].sort().join('\n'),
        }),
      ),
    )
    .filter(({ weight }) => weight >= enough)
    .sort((one, other) => other.weight - one.weight || (one.key < other.key ? -1 : 1))
}

/** Of each field the others that it shares something with which few fields have. */
function partnersByKey(
  before: readonly Single[],
  after: readonly Single[],
): (one: Single) => Iterable<Single> {
  const [ours, theirs] = [byKey(before), byKey(after)]
  const isRare = (found: readonly Single[] | undefined) => (found?.length ?? 0) <= mostOfOneKey
  return (one) => {
    const rare = keysOf(one).filter((key) => isRare(ours.get(key)) && isRare(theirs.get(key)))
    return new Set(rare.flatMap((key) => theirs.get(key) ?? []))
  }
}

function byKey(singles: readonly Single[]): ReadonlyMap<string, readonly Single[]> {
  const found = new Map<string, Single[]>()
  for (const single of singles) {
    for (const key of keysOf(single)) {
      const others = found.get(key)
      if (others === undefined) found.set(key, [single])
      else others.push(single)
    }
  }
  return found
}

function keysOf({ field, words, prose, place }: Single): readonly string[] {
  const { wireName, sdkName, example } = field
  return [
    ...new Set([
      ...words.map((word) => `word ${word}`),
      `letters ${lettersOf(wireName)}`,
      `name ${sdkName ?? wireName}`,
      `example ${example}`,
      `place ${place}`,
      `prose ${prose.join(' ')}`,
    ]),
  ]
}

/** How much speaks for two fields having one meaning. */
function weightOf({ isSameSdk }: Sides, one: Single, other: Single): number {
  if (isSameByLetters(one.field, other.field)) return 2 * enough
  if (areDifferentByName(one.words, other.words)) return 0
  const hasOneSdkName = isSameSdk && one.field.sdkName !== null && one.field.sdkName === other.field.sdkName
  const names = likenessOf(one.words, other.words)
  const prose = likenessOf(one.prose, other.prose)
  const hasOneExample = hasSameExample(one.field, other.field)
  // What is described and shown otherwise is another thing, whatever words the names share.
  if (names < 1 && !hasOneSdkName && prose < 1 && areDescribed(one, other) && !hasOneExample) return 0
  const weight =
    weights.words * names +
    (hasOneSdkName ? weights.sdkName : 0) +
    (one.place === other.place ? weights.place : 0) +
    weights.description * prose +
    (hasOneExample ? weights.example : 0)
  // One description with one example is one parameter, wherever it stands.
  return prose === 1 && hasOneExample ? Math.max(weight, enough) : weight
}

/** Whether both have prose and an example of their own. */
function areDescribed(one: Single, other: Single): boolean {
  return [one, other].every(({ field, prose }) => prose.length > 0 && field.example !== null)
}

function areDifferentByName(words: readonly string[], others: readonly string[]): boolean {
  const [name, other] = [words.join(' '), others.join(' ')]
  return name !== other && registered.has(name) && registered.has(other)
}

function proseOf({ description }: ComparedField): readonly string[] {
  return description?.toLowerCase().match(/[\p{L}\p{Nd}_]+/gu) ?? []
}

function hasSameExample(one: ComparedField, other: ComparedField): boolean {
  if (one.example !== null && one.example === other.example) return true
  const [values, others] = [one.allowedValues, other.allowedValues]
  return values !== null && others !== null && values.join('\n') === others.join('\n')
}
