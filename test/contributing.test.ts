// "Add a token service" of CONTRIBUTING.md, followed to the letter in a copy of the project.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './source-files.ts'

const copied = [
  'src',
  'mocks',
  'test',
  'tools',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  '.gitignore',
]
let checkout: string

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'tokenwright-contributing-'))
  for (const path of copied) cpSync(join(root, path), join(checkout, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'), 'junction')
})
afterAll(() => rmSync(checkout, { recursive: true, force: true }))

describe('adding a token service', () => {
  test('the steps give a service with schemas, fixtures, contracts and a passing matrix, and no test is edited', () => {
    for (const [file, text] of codeBlocks()) {
      if (file === 'src/services/services.ts') addLines(join(checkout, file), text)
      else writeNew(join(checkout, file), text)
    }
    run('tools/generate.ts')
    // What goes through every service; the other tests of hosts name theirs.
    const ofHosts = [
      'matrix',
      'outcomes',
      'msw',
      'server',
      'paths',
      'clients',
      'bad-input',
      'service-options',
    ]
    const suite = [
      ...['test/services.test.ts', 'test/generated.test.ts', 'test/fixture'],
      ...ofHosts.map((name) => `test/host/${name}.test.ts`),
    ]
    const report = run(
      'node_modules/vitest/vitest.mjs',
      'run',
      ...['--project', 'suite', '--project', 'pure'],
      '--reporter',
      'verbose',
      ...suite,
    )
    expect(run('node_modules/typescript/bin/tsc', '-p', '.', '--noEmit')).toBe('')
    expect(report).toContain('globex/login')
    const contract = JSON.parse(readFileSync(join(checkout, 'contracts/globex/login.json'), 'utf8'))
    expect(contract.interactions.map((each: { description: string }) => each.description)).toEqual([
      'a client_credentials request is granted, by client_secret_basic',
      'a client_credentials request under an unsupported grant_type is refused, by client_secret_basic',
      'a client_credentials request with a wrong secret is refused, by client_secret_basic',
      'a client_credentials request without grant_type is refused, by client_secret_basic',
      'a client_credentials request without region is refused, by client_secret_basic',
    ])
  }, 120_000)
})

/** The blocks that begin with the path of their file. */
function codeBlocks(): ReadonlyArray<readonly [file: string, text: string]> {
  const blocks = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(
    /^ {3}```ts\n {3}\/\/ (\S+)\n([\s\S]*?)^ {3}```$/gm,
  )
  return [...blocks].map(([, file = '', text = '']) => [file, text.replace(/^ {3}/gm, '')])
}

function writeNew(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** The list's new import and its new line in place of the old. */
function addLines(file: string, text: string): void {
  const [importLine = '', listLine = ''] = text.trim().split('\n')
  const list = readFileSync(file, 'utf8').replace(/^export const services = .*$/m, listLine)
  writeFileSync(file, list.replace(/^import /m, `${importLine}\nimport `))
}

function run(...args: readonly string[]): string {
  const env = { ...process.env, NO_COLOR: '1', VITEST: undefined, NODE_OPTIONS: '' }
  return execFileSync(process.execPath, args, {
    cwd: checkout,
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
