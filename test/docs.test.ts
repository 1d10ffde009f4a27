// The reference in docs/ says what the data says.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { outcomes, scenarios } from '../src/service/outcomes.ts'
import type { Service } from '../src/service/service.ts'
import { services } from '../src/services/services.ts'
import { tableIn } from './markdown-table.ts'
import { root } from './source-files.ts'

const reference = readFileSync(join(root, 'docs/mock.md'), 'utf8')
const all: readonly Service[] = services

describe('the reference of the mock', () => {
  test('lists every outcome with what happens', () => {
    const rows = Object.entries(outcomes).map(([name, { sentence }]) => [`\`${name}\``, sentence])
    expect(tableIn(reference, 'outcome')).toEqual(rows)
  })

  test('lists every option with its values, the default first', () => {
    const rows = all.flatMap(({ id, options = {} }) =>
      Object.entries(options).map(([name, { sentence, values }]) => {
        const [first, ...others] = Object.keys(values).map((value) => `\`${value}\``)
        return [`\`${id}.${name}\``, [`**${first}**`, ...others].join(', '), sentence]
      }),
    )
    expect(tableIn(reference, 'option')).toEqual(rows)
  })

  test.each(Object.entries(scenarios))('names the sequence %s', (name, sequence) => {
    expect(reference.replace(/\s+/g, ' ')).toContain(`\`${name}\` (\`${sequence}\`)`)
  })
})
