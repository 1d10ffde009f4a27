// Two sides of several models each: which is which, what differs between them, and what one side has alone.
import type { Difference, SemanticVersion } from './change.ts'
import { compare } from './compare.ts'
import { isServiceBeside, pairModels } from './model-pairs.ts'
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

/** All that differs between two sides. Of one model each, these are compared, whatever they are called. */
export function compareSides(before: Side, after: Side): Comparison {
  const pairs = pairModels(before, after)
  const differences = pairs.map(([a, b]) => compare(a.subject, b.subject))
  // Of a service a document describes some variants; the others are neither new nor gone.
  const removed = isServiceBeside(before, after) ? [] : labelsWithout(before, new Set(pairs.map(([a]) => a)))
  const added = isServiceBeside(after, before) ? [] : labelsWithout(after, new Set(pairs.map(([, b]) => b)))
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

function labelsWithout({ subjects }: Side, paired: ReadonlySet<SideSubject>): readonly string[] {
  return subjects.filter((each) => !paired.has(each)).map(({ subject }) => subject.label)
}
