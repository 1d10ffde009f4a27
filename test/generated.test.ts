// Golden files: what is committed under schemas/ and fixtures/ is what the sources give. `npm run generate` writes them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { Service, Variant } from '../src/service/service.ts'
import { services } from '../src/services/services.ts'
import { formatConfigSchema, formatFixtures, formatSchema } from '../tools/generated.ts'
import { root } from './source-files.ts'

const all: readonly Service[] = services
const variants = all.flatMap((service) =>
  service.variants.map((variant): [string, Service, Variant] => [variant.id, service, variant]),
)
const read = (file: string) => readFileSync(join(root, file), 'utf8')

describe('the generated files', () => {
  test.each(variants)('schemas/%s.json is a fresh generation', (id, _service, variant) => {
    expect(read(`schemas/${id}.json`)).toBe(formatSchema(variant))
  })

  test('schemas/config.json is a fresh generation', () => {
    expect(read('schemas/config.json')).toBe(formatConfigSchema())
  })

  test.each(variants)('fixtures/%s.json is a fresh generation', (id, service, variant) => {
    expect(read(`fixtures/${id}.json`)).toBe(formatFixtures(service, variant))
  })

  test.each(variants)(
    'schemas/%s.json admits the fixtures that it should, in a validator of its own',
    (id) => {
      const validate = new Ajv2020({ strict: false }).compile(JSON.parse(read(`schemas/${id}.json`)))
      const fixtures = Object.entries<{ wire: object }>(JSON.parse(read(`fixtures/${id}.json`)))
      const admitted = fixtures.filter(([, { wire }]) => validate(wire)).map(([exchange]) => exchange)
      expect(admitted.length).toBeGreaterThan(0)
      expect(admitted.filter((exchange) => /\.(missing|unsupported)_/.test(exchange))).toEqual([])
    },
  )

  test.each(['schemas', 'fixtures', 'contracts'])(
    '%s holds a file for each variant and, the schema of the configuration aside, no other',
    (folder) => {
      const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile(),
      )
      const ids = files.map(({ parentPath, name }) => `${parentPath.split(/[\\/]/).at(-1)}/${name}`)
      const others = folder === 'schemas' ? ['schemas/config.json'] : []
      expect(ids.sort()).toEqual([...variants.map(([id]) => `${id}.json`), ...others].sort())
    },
  )
})
