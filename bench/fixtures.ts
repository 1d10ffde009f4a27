// Fixtures per second, each checked against its variant's schema before it leaves.
import { compiled } from './compiled.ts'
import type { Row } from './table.ts'

const warmUpMs = 150
const measuredMs = 300

/** Makes fixtures of every built-in variant, every one with a seed of its own; the slowest variant counts. */
export async function measureFixtures(): Promise<readonly Row[]> {
  const { fixture } = await compiled<typeof import('../src/fixture/fixture.ts')>('fixture/fixture.js')
  const { services } = await compiled<typeof import('../src/services/services.ts')>('services/services.js')
  const perSecond = services.flatMap(({ variants }) =>
    variants.map(({ id }): [id: string, perSecond: number] => {
      const make = (seed: number) => fixture(id, { seed })
      countIn(warmUpMs, make)
      return [id, countIn(measuredMs, make) / (measuredMs / 1000)]
    }),
  )
  const [slowest = '', value = Number.NaN] = perSecond.toSorted(([, one], [, other]) => one - other)[0] ?? []
  return [
    {
      what: `validated fixtures, slowest variant (${slowest})`,
      value,
      unit: 'per second',
      details: Object.fromEntries(perSecond),
      budget: { atLeast: 10_000 },
    },
  ]
}

function countIn(durationMs: number, make: (seed: number) => unknown): number {
  const end = performance.now() + durationMs
  let count = 0
  while (performance.now() < end) {
    count += 1
    make(count)
  }
  return count
}
