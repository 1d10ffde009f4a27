// Every scenario: what it says is what comes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../source-files.ts'
import { expectedOf, parseScenario, runScenario } from './scenario.ts'

const folder = join(root, 'test', 'cli', 'scenarios')
const scenarios = readdirSync(folder).map((file): [string, ReturnType<typeof parseScenario>] => [
  file,
  parseScenario(readFileSync(join(folder, file), 'utf8')),
])

describe('the command', () => {
  test.concurrent.each(scenarios)('%s', async (_file, scenario) => {
    const outcome = await runScenario(scenario)
    expect(outcome).toEqual(expectedOf(scenario, outcome))
    expect(outcome.stdout + outcome.stderr).not.toMatch(/hunter2|424242/)
  })

  test('has a sentence for every scenario', () => {
    expect(scenarios.filter(([, { sentence }]) => !/^[A-Z].+\.$/.test(sentence))).toEqual([])
  })
})
