// Regenerates what is committed but derived: schemas/, fixtures/ and contracts/.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeContract } from '../src/contract/contract.ts'
import { services } from '../src/services/services.ts'
import { formatConfigSchema, formatFixtures, formatSchema } from './generated.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

for (const folder of ['schemas', 'fixtures', 'contracts'])
  rmSync(join(root, folder), { recursive: true, force: true })
write('schemas/config.json', formatConfigSchema())
for (const service of services) {
  for (const variant of service.variants) {
    write(`schemas/${variant.id}.json`, formatSchema(variant))
    write(`fixtures/${variant.id}.json`, formatFixtures(service, variant))
    await writeContract({ service, variant }, join(root, 'contracts'))
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}
