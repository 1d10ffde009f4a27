// The reference in docs/ says what the data says.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { placeholderOf, targetVariables } from '../src/probe/client-command.ts'
import { toleranceCases } from '../src/probe/tolerance-cases.ts'
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

describe('the guide to tolerance', () => {
  const guide = readFileSync(join(root, 'docs/tolerance.md'), 'utf8')

  test('lists every case with what happens, what the client has to do, and the source', () => {
    const rows = toleranceCases.map(({ id, sentence, survivedWhen, source }) => [
      `\`${id}\``,
      sentence,
      survivedWhen === 'fails' ? 'fails, and says so' : 'succeeds',
      source,
    ])
    expect(tableIn(guide, 'case')).toEqual(rows)
  })

  test('lists every variable with its placeholder', () => {
    const rows = Object.entries(targetVariables).map(([name, { sentence }]) => [
      `\`${name}\``,
      `\`${placeholderOf(name)}\``,
      sentence,
    ])
    expect(tableIn(guide, 'variable')).toEqual(rows)
  })
})
