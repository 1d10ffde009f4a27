// Fixtures per second, each checked against its variant's schema before it leaves.
import { formatTable } from './table.ts'

const warmUpMs = 150
const measuredMs = 300

/** Makes fixtures of every built-in variant, every one with a seed of its own. */
export async function measureFixtures(): Promise<string> {
  const { fixture } = await compiled<typeof import('../src/fixture/fixture.ts')>('fixture/fixture.js')
  const { services } = await compiled<typeof import('../src/services/services.ts')>('services/services.js')
  const rows = services.flatMap(({ variants }) =>
    variants.map(({ id }) => {
      const make = (seed: number) => fixture(id, { seed })
      countIn(warmUpMs, make)
      const perSecond = countIn(measuredMs, make) / (measuredMs / 1000)
      return { what: id, value: perSecond, unit: 'per second', budget: { atLeast: 10_000 } }
    }),
  )
  return formatTable('fixtures', [], rows)
}

/** What the package ships, under the types of its source: the types are there before anything is compiled. */
async function compiled<Module>(file: string): Promise<Module> {
  return await import(new URL(`../dist/src/${file}`, import.meta.url).href)
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
