// Delta debugging by itself: the subset is enough, nothing in it can be left out, and how often it asks is bounded.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minimalSubset } from '../../src/probe/delta-debugging.ts'

const changes = fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 14 })

describe('the minimal subset', () => {
  test('is exactly what is needed, where there is one such subset', async () => {
    const cases = changes.chain((all) => fc.tuple(fc.constant(all), fc.subarray(all, { minLength: 1 })))
    await fc.assert(
      fc.asyncProperty(cases, async ([all, needed]) => {
        let asked = 0
        const found = await minimalSubset(all, async (subset) => {
          asked += 1
          return needed.every((each) => subset.includes(each))
        })
        expect(found).toEqual({ subset: all.filter((each) => needed.includes(each)), isMinimal: true })
        // The bound of the paper.
        expect(asked).toBeLessThanOrEqual(all.length ** 2 + 3 * all.length)
      }),
      { seed: 20261, numRuns: 300 },
    )
  })

  test('cannot be made smaller by one, where several are enough', async () => {
    const cases = changes.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.array(fc.subarray(all, { minLength: 1 }), { minLength: 1, maxLength: 4 }),
      ),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ([all, ways]) => {
        const isEnough = (subset: readonly number[]) =>
          ways.some((way) => way.every((each) => subset.includes(each)))
        const { subset, isMinimal } = await minimalSubset(all, async (each) => isEnough(each))
        const smaller = subset.map((one) => subset.filter((each) => each !== one))
        expect([isMinimal, isEnough(subset), smaller.some(isEnough)]).toEqual([true, true, false])
      }),
      { seed: 20262, numRuns: 300 },
    )
  })

  test('is what is known to be enough when it can be asked no more, and not said to be minimal', async () => {
    const answers: Array<boolean | undefined> = [false, true, undefined]
    const found = await minimalSubset([1, 2, 3, 4], async () => answers.shift())
    expect(found).toEqual({ subset: [3, 4], isMinimal: false })
  })
})
