#!/usr/bin/env node
// The command: checks the Node.js version, then hands over to the compiled CLI.
// Plain syntax on purpose: it has to parse on the versions it refuses.
import { existsSync, readFileSync } from 'node:fs'
import module from 'node:module'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const expected = /^>=(\d+)\.(\d+)/.exec(manifest.engines.node) || ['', '0', '0']
const received = /^v(\d+)\.(\d+)/.exec(process.version) || ['', '0', '0']
const isTooOld =
  Number(received[1]) < Number(expected[1]) ||
  (Number(received[1]) === Number(expected[1]) && Number(received[2]) < Number(expected[2]))

if (isTooOld) {
  console.error(
    `tokenwright: expected Node.js ${manifest.engines.node}, got ${process.version} (${process.execPath})\n` +
      `  next: install Node.js ${manifest.engines.node} and run the command again`,
  )
  process.exit(2)
}
if (!existsSync(new URL('../dist/src/cli/main.js', import.meta.url))) {
  console.error(
    'tokenwright: expected the compiled command in dist/, found none\n' +
      '  next: in a checkout run `npm ci`, then `npm run build`; otherwise install tokenwright again',
  )
  process.exit(2)
}

module.enableCompileCache?.()
await import('../dist/src/cli/main.js')
