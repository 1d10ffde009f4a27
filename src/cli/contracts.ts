// `tokenwright contracts`: one Pact V4 file per variant.
import { writeContract } from '../contract/contract.ts'
import { listOf, type Verb } from './flags.ts'
import { configFlag, findNamed, knownServices } from './known-services.ts'

export const contracts: Verb = {
  name: 'contracts',
  summary: 'Writes one Pact V4 contract per documented variant.',
  positionals: [],
  flags: {
    service: {
      value: 'ID,…',
      isRepeatable: true,
      sentence: 'Services or single variants, or paths of your own. Default: all.',
    },
    out: { value: 'DIR', sentence: 'Where to write. Default: contracts.' },
    config: configFlag,
    json: { sentence: 'Print one line of JSON per contract.' },
  },
  run: async (input) => {
    const known = await knownServices(input)
    // A service has a contract for each of its variants, those that are served only when they are named among them.
    const whole = (name: string) => known.all.find(({ id }) => id === name)
    const named = await Promise.all(
      listOf(input.all('service')).map(async (name) => whole(name) ?? (await findNamed(known, name))),
    )
    const chosen = named.length > 0 ? named : known.byDefault
    for (const service of chosen) {
      for (const variant of service.variants) {
        const written = await writeContract({ service, variant }, input.one('out') ?? 'contracts')
        const { file, interactions, sentBy } = written
        const line = input.has('json')
          ? JSON.stringify(written)
          : `${file}  ${interactions} interactions, sent by ${sentBy.join(' and ')}`
        process.stdout.write(`${line}\n`)
      }
    }
    return 0
  },
}
