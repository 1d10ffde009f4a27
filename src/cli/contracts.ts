// `tokenwright contracts`: one Pact V4 file per variant.
import { writeContract } from '../contract/contract.ts'
import { findService } from '../service/lookup.ts'
import { services } from '../services/services.ts'
import { listOf, type Verb } from './flags.ts'

export const contracts: Verb = {
  name: 'contracts',
  summary: 'Writes one Pact V4 contract per documented variant.',
  positionals: [],
  flags: {
    service: { value: 'ID,…', isRepeatable: true, sentence: 'Services or single variants. Default: all.' },
    out: { value: 'DIR', sentence: 'Where to write. Default: contracts.' },
    json: { sentence: 'Print one line of JSON per contract.' },
  },
  run: async (input) => {
    const named = listOf(input.all('service'))
    // A service has a contract for each of its variants, those that are served only when they are named among them.
    const whole = (id: string) => services.find((service) => service.id === id)
    const chosen = named.length > 0 ? named.map((id) => whole(id) ?? findService(services, id)) : services
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
