// Each rule finds the services that break it, and no other rule is broken by them.
import { describe, expect, test } from 'vitest'
import { probeTokenService } from '../../src/probe/probe.ts'
import { conformanceRules } from '../../src/probe/rules.ts'
import { startBroken } from './broken-service.ts'
import { mutants, withoutMutant } from './mutants.ts'

const rows = Object.entries(mutants).flatMap(([id, some]) =>
  some.map((one) => [id, one.breaks, one] as const),
)

/** Told of every service, and counting for none. */
const countable = conformanceRules.filter(({ level }) => level !== 'observed').map(({ id }) => id)

async function brokenBy(options: Parameters<typeof startBroken>[0]): Promise<readonly string[]> {
  await using service = await startBroken(options)
  const { rules } = await probeTokenService({ ...service, services: [] })
  return rules
    .filter(({ verdict, level }) => verdict === 'broken' && level !== 'observed')
    .map(({ id }) => id)
}

describe('a service that', () => {
  test('is correct breaks nothing', async () => {
    expect(await brokenBy({ answer: (asked, correct) => correct(asked) })).toEqual([])
  })

  test.each(rows)('breaks %s: %s', async (id, _breaks, { answer, also = [], options, server }) => {
    const broken = await brokenBy({ answer: answer(), options, server })
    expect([...broken].sort()).toEqual([id, ...also].sort())
  })

  test('every rule has one, or it is said why not', () => {
    const missing = countable.filter((id) => mutants[id] === undefined)
    expect(missing.sort()).toEqual(Object.keys(withoutMutant).sort())
  })
})
