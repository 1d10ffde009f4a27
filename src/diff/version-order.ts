// The order of versions, and of verdicts.
import type { SemanticVersion } from './change.ts'
import type { SideSubject } from './side.ts'

const severities: readonly SemanticVersion[] = ['patch', 'minor', 'major']

/** The highest of verdicts; `null` where there is none. */
export function highestVerdict(verdicts: ReadonlyArray<SemanticVersion | null>): SemanticVersion | null {
  return severities.findLast((each) => verdicts.includes(each)) ?? null
}

/** Negative where the first is the older one. What is no version comes first, by its text. @see https://semver.org */
export function compareVersions(one: string | null, other: string | null): number {
  const [a, b] = [partsOf(one), partsOf(other)]
  for (let index = 0; index < 3; index += 1) {
    const order = (a.numbers[index] ?? -1) - (b.numbers[index] ?? -1)
    if (order !== 0) return order
  }
  // A version with a pre-release is older than the same without.
  if (a.preRelease === '' || b.preRelease === '')
    return (a.preRelease === '' ? 1 : 0) - (b.preRelease === '' ? 1 : 0)
  return comparePreReleases(a.preRelease.split('.'), b.preRelease.split('.'))
}

/** The newest of several; one that has to be named is taken where there is no other. */
export function newestOf(members: readonly SideSubject[]): SideSubject | undefined {
  const served = members.filter(({ isServed }) => isServed)
  const candidates = served.length > 0 ? served : members
  return candidates.toSorted((a, b) => compareVersions(a.subject.version, b.subject.version)).at(-1)
}

function partsOf(version: string | null): {
  readonly numbers: readonly number[]
  readonly preRelease: string
} {
  const [, numbers = '', preRelease = ''] = /^v?(\d+(?:\.\d+)*)(?:-([^+]+))?/.exec(version ?? '') ?? []
  return { numbers: numbers === '' ? [] : [...numbers.split('.'), '0', '0'].map(Number), preRelease }
}

function comparePreReleases(one: readonly string[], other: readonly string[]): number {
  for (const [index, a] of one.entries()) {
    const b = other[index]
    if (b === undefined) return 1
    if (a !== b) return compareIdentifiers(a, b)
  }
  return one.length - other.length
}

/** Numbers are older than words. */
function compareIdentifiers(one: string, other: string): number {
  const [a, b] = [/^\d+$/.test(one), /^\d+$/.test(other)]
  if (a && b) return Number(one) - Number(other)
  if (a !== b) return a ? -1 : 1
  return one < other ? -1 : 1
}
