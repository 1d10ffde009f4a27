// What the process says when nobody asked it to: no secret that a verb has named is in it.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requireSilentRuntime } from '../../src/cli/last-words.ts'
import { root } from '../source-files.ts'

const secret = 'canary+secret/é'
const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'last-words-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const words: ReadonlyArray<[what: string, statement: string, status: number, stderr: RegExp]> = [
  [
    'an exception that nobody caught',
    'setImmediate(() => { throw new Error(all) })',
    2,
    /^tokenwright: unexpected error: Error: \*{4} \*{4} \*{4}\n {4}at /,
  ],
  [
    'a rejection that nobody handled',
    'void Promise.reject(new Error(all))',
    2,
    /^tokenwright: unexpected error: Error: \*{4} \*{4} \*{4}\n {4}at /,
  ],
  [
    'a text that was thrown',
    'setImmediate(() => { throw all })',
    2,
    /^tokenwright: unexpected error: \*{4} \*{4} \*{4}\n$/,
  ],
  ['a rejection with an object', 'void Promise.reject({ all })', 2, /^tokenwright: unexpected error: /],
  [
    'a warning',
    "process.emitWarning(all, { detail: all, code: 'A' })",
    0,
    /\[A\] Warning: \*{4} \*{4} \*{4}/,
  ],
  [
    'a deprecation',
    "process.emitWarning(all, 'DeprecationWarning')",
    0,
    /DeprecationWarning: \*{4} \*{4} \*{4}/,
  ],
  [
    'a failure',
    'process.stderr.write(formatFailure(new Error(all)))',
    0,
    /^tokenwright: unexpected error: \*{4} \*{4} \*{4}$/,
  ],
  [
    'a diagnostic report',
    'process.stderr.write(JSON.stringify(process.report.getReport()))',
    0,
    /^\{"header"/,
  ],
]
const runtimes = [
  '',
  '--trace-warnings',
  '--trace-uncaught --unhandled-rejections=strict',
  '--unhandled-rejections=warn',
]
const runs = runtimes.flatMap((options) => words.map((word) => [options, ...word] as const))

describe('nothing of a secret is in', () => {
  test.concurrent.each(runs)('under "%s": %s', async (options, _what, statement, status, expected) => {
    const { code, stderr } = await run(statement, options)
    const isWarning = options.endsWith('=warn') && statement.includes('reject')
    expect([code, stderr]).toEqual(
      isWarning
        ? [0, expect.stringContaining('UnhandledPromiseRejectionWarning')]
        : [status, expect.stringMatching(expected)],
    )
    expect(spellings.filter((spelling) => stderr.includes(spelling))).toEqual([])
  })
})

describe('the runtime', () => {
  test.each(['NODE_DEBUG', 'NODE_DEBUG_NATIVE'])('has no %s where there are secrets', (name) => {
    expect(() => requireSilentRuntime({ [name]: 'http' })).toThrow(
      `expected ${name} to be unset, received a value`,
    )
    expect(() => requireSilentRuntime({ [name]: '', DEBUG: '*' })).not.toThrow()
  })
})

/** Runs a statement in a process that holds the secret. */
function run(statement: string, options: string): Promise<{ code: number; stderr: string }> {
  const importOf = (file: string) => JSON.stringify(pathToFileURL(join(root, 'src', file)).href)
  const file = join(folder, `${statement.replace(/\W/g, '')}${options.replace(/\W/g, '')}.ts`)
  writeFileSync(
    file,
    `import { formatFailure } from ${importOf('cli/failure.ts')}
     import { redactOutputBy } from ${importOf('cli/last-words.ts')}
     import { createRedactor } from ${importOf('verify/redactor.ts')}
     const secret = String(process.env.SECRET)
     const all = [secret, encodeURIComponent(secret), btoa(String.fromCharCode(...new TextEncoder().encode(secret)))].join(' ')
     redactOutputBy(createRedactor([secret]))
     void formatFailure
     ${statement}`,
  )
  const environment = { PATH: process.env.PATH, NODE_OPTIONS: options, SECRET: secret }
  return new Promise((resolve) => {
    execFile(process.execPath, [file], { env: environment }, (error, _stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    )
  })
}
