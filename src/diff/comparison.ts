// Two sides of several models each: which is which, what differs between them, and what one side has alone.
import type { Difference, SemanticVersion } from './change.ts'
import { compare } from './compare.ts'
import type { Side, SideSubject } from './side.ts'
import { highestVerdict } from './version-order.ts'

/** Two sides, model by model. */
export interface Comparison {
  readonly before: string
  readonly after: string
  /** In the order of the first side. */
  readonly differences: readonly Difference[]
  /** Labels of the models that the first side has alone. Each breaks whoever uses it. */
  readonly removed: readonly string[]
  /** Labels of those that the second side has alone. */
  readonly added: readonly string[]
  /** The highest of all; `null` where nothing changed. */
  readonly verdict: SemanticVersion | null
}

type Pair = readonly [before: SideSubject, after: SideSubject]
type KeyOf = (subject: SideSubject) => string

/** What models are matched by, one after the other: the surest first. */
const keys: readonly KeyOf[] = [
  ({ name, subject: { language } }) => JSON.stringify([name, language]),
  ({ name }) => name,
  ({ subject: { language, model } }) => JSON.stringify([language, model]),
  ({ subject: { model } }) => model,
]

/** All that differs between two sides. Of one model each, these are compared, whatever they are called. */
export function compareSides(before: Side, after: Side): Comparison {
  const pairs = pairsOf(before.subjects, after.subjects)
  const differences = pairs.map(([a, b]) => compare(a.subject, b.subject))
  const removed = labelsWithout(before, new Set(pairs.map(([a]) => a)))
  const added = labelsWithout(after, new Set(pairs.map(([, b]) => b)))
  return {
    before: before.label,
    after: after.label,
    differences,
    removed,
    added,
    verdict: highestVerdict([
      ...differences.map(({ verdict }) => verdict),
      removed.length > 0 ? 'major' : null,
      added.length > 0 ? 'minor' : null,
    ]),
  }
}

function pairsOf(before: readonly SideSubject[], after: readonly SideSubject[]): readonly Pair[] {
  const [one, other] = [before[0], after[0]]
  if (before.length === 1 && after.length === 1 && one !== undefined && other !== undefined)
    return [[one, other]]
  const partners = new Map<SideSubject, SideSubject>()
  for (const keyOf of keys) {
    const taken = new Set(partners.values())
    const left = Map.groupBy(
      before.filter((each) => !partners.has(each)),
      keyOf,
    )
    const right = Map.groupBy(
      after.filter((each) => !taken.has(each)),
      keyOf,
    )
    for (const [key, mine] of left) {
      const theirs = right.get(key) ?? []
      // Where there are more on one side, any choice would be a guess.
      if (mine.length === theirs.length)
        for (const [index, a] of mine.entries()) setPartner(partners, a, theirs[index])
    }
  }
  return before.flatMap((a) => {
    const b = partners.get(a)
    return b === undefined ? [] : [[a, b] as const]
  })
}

function setPartner(
  partners: Map<SideSubject, SideSubject>,
  a: SideSubject,
  b: SideSubject | undefined,
): void {
  if (b !== undefined) partners.set(a, b)
}

function labelsWithout({ subjects }: Side, paired: ReadonlySet<SideSubject>): readonly string[] {
  return subjects.filter((each) => !paired.has(each)).map(({ subject }) => subject.label)
}
