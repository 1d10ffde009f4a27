// From a vendor's page to a service that is served, tested and verified, in one command and no edit.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../cli/command.ts'
import { startMock } from '../cli/running-mock.ts'
import { root } from '../source-files.ts'

const page = join(root, 'test/import/whole-way/initech-token-request.md')
const stated = [
  '--path',
  '/oauth/token',
  '--content-type',
  'form',
  '--auth',
  'post',
  '--sdk-version',
  '1.2.0',
]

describe('an imported page', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tokenwright-whole-way-'))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  test('is a service of a team: it is served, and has fixtures and contracts', async () => {
    const imported = await runCommand(
      ['import', page, '--service', 'initech', '--out', 'initech', ...stated],
      {
        directory,
      },
    )
    expect([imported.status, imported.stderr]).toEqual([0, ''])
    writeFileSync(join(directory, 'tokenwright.config.json'), '{ "services": ["./initech"] }')
    const fixture = await runCommand(['fixtures', 'initech/go-1.2.0'], { directory })
    expect(JSON.parse(fixture.stdout)).toMatchObject({ grant_type: 'client_credentials' })
    const contracts = await runCommand(['contracts', '--service', './initech'], { directory })
    expect(contracts.stdout).toMatch(/^contracts\/initech\/go-1\.2\.0\.json {2}\d+ interactions, /)
    await using mock = await startMock(['--service', './initech'], { directory })
    const ask = async (client_secret: string) => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'stapler-7',
        client_secret,
      })
      const response = await fetch(`${mock.listening.url}/oauth/token`, { method: 'POST', body })
      return [response.status, Object.keys((await response.json()) as object)]
    }
    expect(await ask('red-swingline')).toEqual([200, ['access_token', 'token_type', 'expires_in']])
    expect(await ask('blue')).toEqual([401, ['error']])
  }, 60_000)

  test('is a service of this package: it builds and passes the suite at once', () => {
    const checkout = join(directory, 'checkout')
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
    for (const path of copied) cpSync(join(root, path), join(checkout, path), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'), 'junction')
    const run = (...args: readonly string[]) =>
      execFileSync(process.execPath, args, {
        cwd: checkout,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', VITEST: undefined, NODE_OPTIONS: '' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
    const out = ['--out', 'src/services/initech', '--define-from', '../../service/service.ts']
    run('src/cli/main.ts', 'import', page, '--service', 'initech', ...out, ...stated)
    const list = join(checkout, 'src/services/services.ts')
    const text = readFileSync(list, 'utf8').replace(
      '[prove, moov, rfc6749]',
      '[prove, moov, initech, rfc6749]',
    )
    writeFileSync(list, text.replace(/^import /m, "import { initech } from './initech/service.ts'\nimport "))
    run('tools/generate.ts')
    const suite = [
      'test/services.test.ts',
      'test/generated.test.ts',
      'test/fixture',
      'test/host/matrix.test.ts',
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
    expect(report).toContain('initech/go-1.2.0')
  }, 120_000)
})
