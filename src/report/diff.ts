// A comparison of two sides as a page: what breaks the wire, what breaks code, what breaks nobody, and words.
import type { Change, Difference, SemanticVersion } from '../diff/change.ts'
import type { Comparison } from '../diff/comparison.ts'
import { type Block, code, type Page, type Section } from './page.ts'

/** What stands above what was left out. */
export const notComparedTitle = 'Not compared, as one side alone says it:'

/** Whom changes break, the worst first. */
const groups: ReadonlyArray<[title: string, holds: (change: Change) => boolean]> = [
  ['Breaks the wire', ({ layer, verdict }) => layer === 'wire' && verdict === 'major'],
  ['Breaks code', ({ layer, verdict }) => layer === 'sdk' && verdict === 'major'],
  ['Breaks nobody', ({ layer, verdict }) => layer !== 'words' && verdict !== 'major'],
  ['Words only', ({ layer }) => layer === 'words'],
]

/** The page of a comparison. */
export function diffPage(comparison: Comparison): Page {
  const { before, after, differences, removed, added } = comparison
  return {
    headline: headlineOf(comparison),
    subject: [code(before), ' → ', code(after)],
    sections: [
      ...modelSections('Removed', removed),
      ...modelSections('Added', added),
      ...differences.flatMap(differenceSections),
    ],
  }
}

function modelSections(title: string, labels: readonly string[]): readonly Section[] {
  if (labels.length === 0) return []
  return [
    { title: `${title} models`, blocks: [{ kind: 'list', items: labels.map((label) => [code(label)]) }] },
  ]
}

/** A difference without changes says so, where it is not the only one. */
function differenceSections({
  before,
  after,
  changes,
  verdict,
  notCompared,
}: Difference): readonly Section[] {
  const blocks: readonly Block[] = [
    ...(changes.length === 0 ? [{ kind: 'paragraph' as const, text: 'No change.' }] : []),
    ...groups.flatMap(([title, holds]) => {
      const those = changes.filter(holds)
      return those.length === 0 ? [] : [{ kind: 'changes' as const, title, changes: those }]
    }),
    ...(notCompared.length === 0
      ? []
      : [
          { kind: 'paragraph' as const, text: notComparedTitle },
          { kind: 'list' as const, items: notCompared },
        ]),
  ]
  return [{ title: [{ verdict }, ' ', code(before), ' → ', code(after)], blocks }]
}

/** The verdict, and the number of changes by whom they break. */
export function headlineOf({ differences, removed, added, verdict }: Comparison): string {
  if (verdict === null) return 'no change'
  const changes = differences.flatMap((each) => each.changes)
  const [wire = 0, sdk = 0, nobody = 0, words = 0] = groups.map(([, holds]) => changes.filter(holds).length)
  const models = [
    counted(removed.length, 'model removed', 'models removed'),
    counted(added.length, 'model added', 'models added'),
  ]
  const byGroup = [
    [wire, 'breaks the wire', 'break the wire'],
    [sdk, 'breaks code', 'break code'],
    [nobody, 'breaks nobody', 'break nobody'],
    [words, 'is words only', 'are words only'],
  ] as const
  const [first, ...others] = byGroup.filter(([count]) => count > 0)
  const parts = [
    ...models.filter((part) => part !== ''),
    ...(first === undefined ? [] : [counted(first[0], `change ${first[1]}`, `changes ${first[2]}`)]),
    ...others.map(([count, one, many]) => counted(count, one, many)),
  ]
  return `${verdictTitle(verdict)}: ${parts.join(', ')}`
}

function verdictTitle(verdict: SemanticVersion): string {
  return verdict === 'major' ? 'breaking (major)' : `not breaking (${verdict})`
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`
}
