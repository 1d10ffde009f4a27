// The programs of the README and the reference, run as they stand; only the package's name is turned into its sources.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './source-files.ts'

const readme = [
  'README.md',
  'docs/mock.md',
  'docs/contracts.md',
  'docs/import.md',
  'docs/diff.md',
  'docs/probe.md',
]
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')
const entries: Readonly<Record<string, string>> = {
  tokenwright: 'src/tokenwright.ts',
  'tokenwright/fixtures': 'src/fixture/fixture.ts',
  'tokenwright/server': 'src/host/server.ts',
  'tokenwright/fetch': 'src/host/fetch.ts',
  'tokenwright/msw': 'mocks/handlers.ts',
  'tokenwright/vitest': 'src/testing/vitest.ts',
  'tokenwright/pact': 'src/verify/pact.ts',
  'tokenwright/import': 'src/import/import.ts',
  'tokenwright/diff': 'src/diff/diff.ts',
  'tokenwright/probe': 'src/probe/probe.ts',
}
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenwright-readme-'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const printed: ReadonlyArray<[program: string, output: RegExp]> = [
  ['startTokenServer({', /^200 \{[\s\S]*access_token[\s\S]*variant: 'rfc6749\/client_credentials'/],
  ['accessTokens: {', /^60 \{[\s\S]*active: true[\s\S]*tenant: 'acme'[\s\S]*\}\n\{ active: false \}$/],
  ['setupServer(', /^200$/],
  ['tokenFetch({', /^400$/],
  [
    'invalidRequests(',
    /refresh_token[\s\S]*Username: 'ada'[\s\S]*without client_id is refused[\s\S]*"scope": expected/,
  ],
  ['verifyTokenService({', /^4 0$/],
  ['importDocument(', /^clientId client_id high null\ngrantType grant_type high \[ 'client_credentials' \]$/],
  ['diffVariants(', /^major \[\s+'request-parameter-renamed: client_id',/],
  ['probeTokenService({', /^0\n\[ 'client_secret_basic', 'client_secret_post' \]$/],
  ["from 'node:test'", /pacts\/sign-up-prove\.json[\s\S]*pass 1\n/],
]

describe('the README', () => {
  test.each(printed)('has a program with %s that runs and prints what it says', (mark, output) => {
    const program = blocks('ts').find((block) => block.includes(mark)) ?? ''
    expect(run(write('program.ts', program)).trim()).toMatch(output)
  })

  test('has a test for every program', () => {
    const tested = blocks('ts').filter((block) => printed.some(([mark]) => block.includes(mark)))
    expect(tested.length).toBe(blocks('ts').length - testFiles().length - 1)
  })

  test('has tests for Vitest that pass', () => {
    for (const [index, block] of testFiles().entries()) {
      write(`program-${index}.test.ts`, block)
      expect(run(join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder)).toMatch(/ passed/)
    }
  })

  test('has a configuration that the mock serves', () => {
    const config = blocks('ts').find((block) => block.startsWith('// tokenwright.config.ts')) ?? ''
    const main = join(root, 'src/cli/main.ts')
    const probe = `import { loadConfig } from '${pathToFileURL(join(root, 'src/cli/config.ts')).href}'
      const { services, clients, users } = await loadConfig({ file: '${write('tokenwright.config.ts', config)}', directory: '/', environment: {} })
      console.log(services.join(), clients.length, users.length)`
    expect(run(write('probe.ts', probe)).trim()).toBe('moov,rfc6749 2 1')
    expect(run(main, 'mock', '--help')).toContain('--config')
  })

  test('has a fixtures command that prints three lines', () => {
    const [command = ''] = /npx tokenwright fixtures .*/.exec(readme) ?? []
    const lines = run(join(root, 'src/cli/main.ts'), ...command.split(' ').slice(2))
      .trim()
      .split('\n')
    expect(lines.map((line) => Object.keys(JSON.parse(line)).includes('scope'))).toEqual([
      false,
      false,
      false,
    ])
  })

  test.each([
    ['with its service', 'variant', 'with_service'],
    ['only when it is named', 'variant, when named', 'when_named'],
  ])('lists every variant that is served %s', (_served, column, serving) => {
    const [, rows = ''] = readme.split(`| ${column} |`)[1]?.match(/^.*\n.*\n((?:\|.*\n)+)/) ?? []
    const cells = rows.split('\n').map((row) => row.split('|')[1] ?? '')
    const listed = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, id]) => id))
    const known = run(
      write(
        'known.ts',
        `import { services } from 'tokenwright'
        for (const { variants } of services)
          for (const { id, serving = 'with_service' } of variants as { id: string; serving?: string }[])
            if (serving === '${serving}') console.log(id)`,
      ),
    )
    expect(listed.sort()).toEqual(known.trim().split('\n').sort())
  })
})

function blocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  )
}

function testFiles(): readonly string[] {
  return blocks('ts').filter((block) => /from '(tokenwright\/)?vitest'/.test(block))
}

function write(name: string, program: string): string {
  const file = join(folder, name)
  const text = program.replace(/'(tokenwright[a-z/]*)'/g, (whole, name: string) => {
    const entry = entries[name]
    return entry === undefined ? whole : `'${pathToFileURL(join(root, entry)).href}'`
  })
  writeFileSync(file, text)
  return file
}

/** Without the mark by which a test of `node:test` takes itself for a part of another's. */
const { NODE_TEST_CONTEXT, ...environment } = process.env

function run(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...environment, NO_COLOR: '1' },
  })
}
