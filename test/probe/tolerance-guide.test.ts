// The test that the guide to tolerance shows, run as it stands against a client that copes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toleranceCases } from '../../src/probe/tolerance-cases.ts'
import { root } from '../source-files.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tolerance-guide-'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const client = `
import { callsOf } from '${pathToFileURL(join(root, 'test/probe/tolerance-clients.ts')).href}'
export function createShopClient({ tokenEndpoint, apiUrl, ...credentials }) {
  return { orders: callsOf({ tokenEndpoint, apiUrl, credentials }) }
}
`

test('the test of the guide passes for a client that copes', () => {
  const guide = readFileSync(join(root, 'docs/tolerance.md'), 'utf8')
  const [, program = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(guide) ?? []
  const entry = pathToFileURL(join(root, 'src/probe/tolerate.ts')).href
  writeFileSync(join(folder, 'shop-client.ts'), client)
  writeFileSync(join(folder, 'shop.test.ts'), program.replace("'tokenwright/probe'", `'${entry}'`))
  const output = execFileSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder],
    { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH, NO_COLOR: '1' } },
  )
  expect(output).toMatch(new RegExp(`Tests +${toleranceCases.length} passed`))
})
