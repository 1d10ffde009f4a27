// The life of the Vitest fixture from file to file, in a run of its own where files share one process.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../source-files.ts'

const entry = pathToFileURL(join(root, 'src/testing/vitest.ts')).href
// Both files are the same, as Vitest does not say which is the first.
const file = `
  import { expect } from 'vitest'
  import { test } from '${entry}'
  test('has a server of its own, and that of an earlier file is closed', async ({ tokenServer }) => {
    const { earlier } = globalThis
    globalThis.earlier = tokenServer.url
    expect(tokenServer).toHaveBeenAsked(0)
    expect((await fetch(tokenServer.url)).status).toBe(404)
    expect(tokenServer.url).not.toBe(earlier)
    if (earlier === undefined) return
    await expect(fetch(earlier)).rejects.toThrow('fetch failed')
    console.log('the earlier one is closed')
  })`
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenwright-vitest-'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const name of ['one.test.ts', 'other.test.ts']) writeFileSync(join(folder, name), file)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the fixture', () => {
  test('is a server for each file, closed when the file is done', () => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const flags = ['--root', folder, '--no-isolate', '--no-file-parallelism']
    const report = execFileSync(process.execPath, [vitest, 'run', ...flags], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', VITEST: undefined, NODE_OPTIONS: '' },
    })
    expect(report).toMatch(/the earlier one is closed[\s\S]*Tests +2 passed/)
  })
})
