// Stops a script before it runs on a Node.js that is too old for it, with what to do about it.
// Plain syntax on purpose: it has to parse on the versions it refuses.
import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const expected = /^>=(\d+)\.(\d+)/.exec(manifest.engines.node)
const received = /^v(\d+)\.(\d+)/.exec(process.version)

if (!expected || !received) throw new Error('expected versions of the form ">=22.18" and "v22.18.0"')

const isTooOld =
  Number(received[1]) < Number(expected[1]) ||
  (Number(received[1]) === Number(expected[1]) && Number(received[2]) < Number(expected[2]))

if (isTooOld) {
  console.error(
    `expected Node.js ${manifest.engines.node}, got ${process.version} (${process.execPath})\n` +
      '  next: run `npm ci` without omitting optional or development dependencies; it brings its own Node.js\n' +
      '        for Linux (x64, arm64) and Windows (x64), which `npm run` and `npm test` then use;\n' +
      `        elsewhere install Node.js ${manifest.engines.node} and try again`,
  )
  process.exit(2)
}
