// How long ten thousand diffs of five-field models take.
import { compiled } from './compiled.ts'
import { median, type Row } from './table.ts'

const rounds = 5
const count = 10_000

/** Two services' models of five fields each: more differs than between two releases of one. */
const ids = ['prove/typescript-0.3.1', 'moov/ruby'] as const

/** Compares both ways in turn; the first round only warms up. */
export async function measureDiffs(): Promise<readonly Row[]> {
  const { services } = await compiled<typeof import('../src/services/services.ts')>('services/services.js')
  const { findVariant } = await compiled<typeof import('../src/service/lookup.ts')>('service/lookup.js')
  const { compare, subjectOfVariant } = await compiled<typeof import('../src/diff/diff.ts')>('diff/diff.js')
  const [one, other] = ids.map((id) => {
    const { service, variant } = findVariant(services, id)
    return subjectOfVariant(service, variant)
  })
  if (one === undefined || other === undefined) throw new Error('expected two variants')
  const took = Array.from({ length: rounds + 1 }, () => {
    const begin = performance.now()
    for (let made = 0; made < count; made += 2) {
      compare(one, other)
      compare(other, one)
    }
    return (performance.now() - begin) / 1000
  }).slice(1)
  return [
    {
      what: `${count.toLocaleString('en-US')} diffs of five-field models`,
      value: median(took),
      unit: 's',
      details: { lowest: Math.min(...took), highest: Math.max(...took) },
      budget: { atMost: 5 },
    },
  ]
}
