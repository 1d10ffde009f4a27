// Every rule has services that break it alone, and verification reports that rule of the exchange in question and no other.
import { describe, expect, test } from 'vitest'
import { verificationRules } from '../../src/verify/rules.ts'
import { allMutants, detect, verified, verifyService } from './detection.ts'
import { mutants } from './mutants.ts'

/** Where nothing else can be told: one finding, whatever else follows from it. */
const atOnce = new Set([
  'reply-received',
  'reply-whole',
  'documented-request-granted',
  'documented-refusal',
  'rfc6749-5.1-json',
  'rfc6749-5.2-json',
])

/** What happens to one reply says nothing of the others, which are asked for all the same. */
const goesOn = new Set(['reply-received', 'reply-whole', 'rfc6749-5.1-json', 'rfc6749-5.2-json'])

describe('a correct service', () => {
  test.each(verified)('keeps all of %s', async (verifies) => {
    const { interactions, skipped } = await verifyService({ verifies })
    expect(interactions.flatMap(({ differences }) => differences)).toEqual([])
    expect([interactions.length > 0, skipped]).toEqual([true, 0])
  })
})

describe('verification finds a service that', () => {
  test.each(allMutants.map((mutant) => [mutant.breaks, mutant] as const))('%s', async (_breaks, mutant) => {
    const { reported, broken, skipped, differences, isFound } = await detect(mutant)
    expect([reported, broken]).toEqual([[mutant.rule], [...(mutant.broken ?? ['client_credentials'])].sort()])
    if (atOnce.has(mutant.rule)) expect(differences).toBe(1)
    if (goesOn.has(mutant.rule)) expect(skipped).toEqual([])
    expect(isFound).toBe(true)
  })
})

test('every rule has a service that breaks it', () => {
  const without = Object.keys(verificationRules).filter(
    (rule) => (mutants as Readonly<Record<string, readonly unknown[]>>)[rule]?.length === 0,
  )
  expect(without).toEqual([])
})

test('no two broken services are told by the same sentence', () => {
  const sentences = allMutants.map(({ breaks }) => breaks)
  expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([])
})
