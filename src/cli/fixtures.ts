// `tokenwright fixtures`: fake requests of a variant as JSON lines.
import { once } from 'node:events'
import { fixture } from '../fixture/fixture.ts'
import { TokenwrightError } from '../service/error.ts'
import { findVariant } from '../service/lookup.ts'
import type { Verb } from './flags.ts'
import { configFlag, knownServices } from './known-services.ts'

export const fixtures: Verb = {
  name: 'fixtures',
  summary: 'Prints fake requests of a documented variant, one line of JSON each.',
  positionals: ['variant'],
  flags: {
    exchange: {
      value: 'ID',
      sentence: "The exchange, such as client_credentials.missing_scope. Default: the variant's first grant.",
    },
    shape: { value: 'wire|sdk', sentence: "Names of the wire, or of the document's SDK. Default: wire." },
    seed: { value: 'N', sentence: 'The seed of the first line; each further line has the next. Default: 1.' },
    count: { value: 'N', sentence: 'How many lines. Default: 1.' },
    config: configFlag,
  },
  run: async (input) => {
    const { all } = await knownServices(input)
    const { service, variant } = findVariant(all, input.positionals[0] ?? '')
    const exchange = input.one('exchange')
    const shape = input.one('shape') ?? 'wire'
    if (shape !== 'wire' && shape !== 'sdk') {
      throw new TokenwrightError(
        'ERR_OPTION_INVALID',
        `expected --shape to be wire or sdk, received ${JSON.stringify(shape)}`,
      )
    }
    const first = input.integer('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1
    const count = input.integer('count', 1, 1_000_000) ?? 1
    for (let seed = first; seed < first + count; seed += 1) {
      const message = fixture(variant, { service, shape, seed, ...(exchange !== undefined && { exchange }) })
      // A pause where the pipe is full: else nobody would notice that its reader has gone.
      if (!process.stdout.write(`${JSON.stringify(message)}\n`)) await once(process.stdout, 'drain')
    }
    return 0
  },
}
