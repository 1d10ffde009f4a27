// Which model of one side is which of the other: by name, then by what both ask for. A document beside a whole service is
// compared with the variant that is nearest to it.
import { compare } from './compare.ts'
import type { Side, SideSubject } from './side.ts'
import { isGrantType, originOf } from './sides.ts'
import { newestOf } from './version-order.ts'
import { likenessOf, wordsOf } from './words.ts'

/** A model on both sides. */
export type ModelPair = readonly [before: SideSubject, after: SideSubject]

type KeyOf = (subject: SideSubject) => string

/** What models are matched by, one after the other: the surest first. */
const keys: readonly KeyOf[] = [
  ({ name, subject: { language, contentTypes } }) => {
    return JSON.stringify([name, language, contentTypes?.values ?? null])
  },
  ({ name, subject: { language } }) => JSON.stringify([name, language]),
  ({ name }) => name,
  ({ subject: { language, model } }) => JSON.stringify([language, model]),
  ({ subject: { model } }) => model,
]

/** More models of one side than anyone documents are matched by name alone. */
const mostAlike = 50

/** The models that belong together. Of one model each, these do, whatever they are called. */
export function pairModels(before: Side, after: Side): readonly ModelPair[] {
  const [one, other] = [before.subjects[0], after.subjects[0]]
  if (before.subjects.length === 1 && after.subjects.length === 1 && one !== undefined && other !== undefined)
    return [[one, other]]
  const partners = new Map<SideSubject, SideSubject>()
  for (const keyOf of keys) pairByKey(partners, before, after, keyOf)
  if (isServiceBeside(after, before)) pairByNearness(partners, before, after, false)
  else if (isServiceBeside(before, after)) pairByNearness(partners, after, before, true)
  else pairByLikeness(partners, before, after)
  return before.subjects.flatMap((a) => {
    const b = partners.get(a)
    return b === undefined ? [] : [[a, b] as const]
  })
}

/** Whether a side is all variants of a service, and the other one of documents, which describe some of them. */
export function isServiceBeside({ subjects }: Side, documents: Side): boolean {
  return (
    subjects.length > 1 &&
    subjects.every(({ subject }) => originOf(subject) === 'variant') &&
    documents.subjects.every(({ subject }) => originOf(subject) !== 'variant')
  )
}

function leftOf({ subjects }: Side, taken: Iterable<SideSubject>): readonly SideSubject[] {
  const all = new Set(taken)
  return subjects.filter((each) => !all.has(each))
}

function pairByKey(partners: Map<SideSubject, SideSubject>, before: Side, after: Side, keyOf: KeyOf): void {
  const left = Map.groupBy(leftOf(before, partners.keys()), keyOf)
  const right = Map.groupBy(leftOf(after, partners.values()), keyOf)
  for (const [key, mine] of left) {
    const theirs = right.get(key) ?? []
    // Where there are more on one side, any choice would be a guess.
    if (mine.length === theirs.length)
      for (const [index, a] of mine.entries()) setPartner(partners, a, theirs[index])
  }
}

function pairByNearness(
  partners: Map<SideSubject, SideSubject>,
  documents: Side,
  service: Side,
  isServiceFirst: boolean,
): void {
  const known = isServiceFirst ? partners.values() : partners.keys()
  for (const document of leftOf(documents, known)) {
    const taken = isServiceFirst ? partners.keys() : partners.values()
    const variant = nearestOf(document, leftOf(service, taken))
    if (isServiceFirst) {
      if (variant !== undefined) partners.set(variant, document)
    } else setPartner(partners, document, variant)
  }
}

/** Of one model and language the newest, and else the one that differs least. */
function nearestOf(document: SideSubject, variants: readonly SideSubject[]): SideSubject | undefined {
  const { model, language } = document.subject
  const ofModel = variants.filter(({ subject }) => subject.model === model)
  const ofBoth = ofModel.filter(({ subject }) => subject.language === language)
  if (ofBoth.length > 0) return newestOf(ofBoth)
  const candidates = (ofModel.length > 0 ? ofModel : variants).map((variant) => ({
    variant,
    distance: distanceOf(document, variant),
  }))
  return candidates.sort((one, other) => one.distance - other.distance)[0]?.variant
}

const distances = { major: 100, minor: 10, patch: 1 } as const

function distanceOf(one: SideSubject, other: SideSubject): number {
  const { changes } = compare(one.subject, other.subject)
  return changes.reduce((sum, { verdict }) => sum + distances[verdict], 0)
}

/** Models that have most of their parameters in common are one under another name. */
function pairByLikeness(partners: Map<SideSubject, SideSubject>, before: Side, after: Side): void {
  const [left, right] = [leftOf(before, partners.keys()), leftOf(after, partners.values())]
  if (left.length > mostAlike || right.length > mostAlike) return
  const candidates = left.flatMap((a) =>
    right.map((b) => ({ a, b, likeness: likenessOfModels(a, b), key: [a.name, b.name].sort().join('\n') })),
  )
  const alike = candidates
    .filter(({ likeness }) => likeness >= 0.5)
    .sort((one, other) => other.likeness - one.likeness || (one.key < other.key ? -1 : 1))
  const taken = new Set<SideSubject>()
  for (const { a, b } of alike) {
    if (taken.has(a) || taken.has(b)) continue
    taken.add(a).add(b)
    partners.set(a, b)
  }
}

/** Of those that ask for the same, one of the same media type is nearer. */
function likenessOfModels({ subject: one }: SideSubject, { subject: other }: SideSubject): number {
  if (one.language !== null && other.language !== null && one.language !== other.language) return 0
  const [names, others] = [namesIn(one.request), namesIn(other.request)]
  const hasSameType = one.contentTypes?.values.join() === other.contentTypes?.values.join()
  const likeness = likenessOf(names, others)
  return likeness >= 0.5 && hasSameType ? likeness + 1 : likeness
}

/** Every token request has a grant type, so that it tells nothing. */
function namesIn(fields: SideSubject['subject']['request']): readonly string[] {
  return fields.filter((field) => !isGrantType(field)).map(({ wireName }) => wordsOf(wireName).join(' '))
}

function setPartner(
  partners: Map<SideSubject, SideSubject>,
  a: SideSubject,
  b: SideSubject | undefined,
): void {
  if (b !== undefined) partners.set(a, b)
}
