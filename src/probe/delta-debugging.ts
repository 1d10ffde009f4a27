// Delta debugging: of a set of changes that together turn failure into success, a subset of which none can be left out.

/** What was found. */
export interface MinimalSubset<T> {
  readonly subset: readonly T[]
  /** Whether every change in it was shown to be needed: without any single one of them it fails. */
  readonly isMinimal: boolean
}

/**
 * Zeller's ddmin: halves, then smaller parts, and what remains without each of them.
 *
 * @param passes whether these changes are enough; `undefined` when it can be asked no more. It is known of all of them,
 *   and of none it is known that they are not
 * @see Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, 2002, §3
 */
export async function minimalSubset<T>(
  changes: readonly T[],
  passes: (subset: readonly T[]) => Promise<boolean | undefined>,
): Promise<MinimalSubset<T>> {
  let subset = changes
  let parts = 2
  while (subset.length > 1) {
    const found = await smallerSubset(subset, parts, passes)
    if (found === undefined) return { subset, isMinimal: false }
    if (found === 'none') {
      if (parts >= subset.length) break
      parts = Math.min(2 * parts, subset.length)
    } else {
      parts = found.isPart ? 2 : Math.max(parts - 1, 2)
      subset = found.subset
    }
  }
  return { subset, isMinimal: true }
}

/** One part that is enough, or what is left without one; `undefined` when it can be asked no more. */
async function smallerSubset<T>(
  subset: readonly T[],
  parts: number,
  passes: (subset: readonly T[]) => Promise<boolean | undefined>,
): Promise<{ readonly subset: readonly T[]; readonly isPart: boolean } | 'none' | undefined> {
  const ranges = rangesOf(subset.length, parts)
  const candidates = [
    ...ranges.map(([from, to]) => ({ subset: subset.slice(from, to), isPart: true })),
    // Of two parts, what is left without one is the other.
    ...(parts === 2
      ? []
      : ranges.map(([from, to]) => ({
          subset: [...subset.slice(0, from), ...subset.slice(to)],
          isPart: false,
        }))),
  ]
  for (const candidate of candidates) {
    const isEnough = await passes(candidate.subset)
    if (isEnough === undefined) return undefined
    if (isEnough) return candidate
  }
  return 'none'
}

function rangesOf(length: number, parts: number): ReadonlyArray<readonly [from: number, to: number]> {
  return Array.from({ length: parts }, (_, index) => [
    Math.floor((index * length) / parts),
    Math.floor(((index + 1) * length) / parts),
  ])
}
