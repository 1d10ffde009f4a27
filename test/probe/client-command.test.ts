// A client as a command: what it is given, what is kept of it, and that nothing of it outlives its case.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandClient, placeholderOf, targetVariables } from '../../src/probe/client-command.ts'
import { runTolerance, type ToleranceOptions } from '../../src/probe/tolerate.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tolerance-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const askForToken = `
  const { TOKENWRIGHT_CLIENT_ID: client_id, TOKENWRIGHT_CLIENT_SECRET: client_secret } = process.env
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret })
  const response = await fetch(process.env.TOKENWRIGHT_TOKEN_ENDPOINT, { method: 'POST', body })
  if (!response.ok) throw new Error('status ' + response.status)
`

/** A program of Node.js as a client, put to one case. */
async function runProgram(
  program: string,
  options: ToleranceOptions & { readonly args?: readonly string[] } = {},
) {
  const { args = [], ...others } = options
  const command = [process.execPath, '--input-type=module', '--eval', program, ...args] as const
  const { cases } = await runTolerance({ cases: ['500'], ...others }, commandClient(command, process.env))
  const [first] = cases
  if (first === undefined) throw new Error('expected a case')
  return first
}

describe.concurrent('a command', () => {
  test('is given the mock by its environment and by placeholders', async () => {
    const file = join(folder, 'given.json')
    const names = Object.keys(targetVariables)
    const program = `
      import { writeFileSync } from 'node:fs'
      ${askForToken}
      const given = ${JSON.stringify(names)}.map((name) => process.env[name])
      writeFileSync(${JSON.stringify(file)}, JSON.stringify([given, process.argv.slice(1), process.env.NO_PROXY]))
    `
    await runProgram(program, { cases: ['concurrent_refresh'], args: names.map(placeholderOf) })
    const [given, filled, direct] = JSON.parse(readFileSync(file, 'utf8'))
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(given).toEqual([
      url,
      `${given[0]}/token`,
      `${given[0]}/api`,
      'tolerance-client',
      'example-tolerance-secret',
      'tolerance-user',
      'example-tolerance-password',
      'concurrent_refresh',
      '6',
      '3',
    ])
    expect(filled).toEqual(given)
    expect(direct).toMatch(/127\.0\.0\.1,localhost$/)
  })

  test('that fails is told of by its status and its last lines, without secrets', async () => {
    const found = await runProgram(`
      const url = process.env.TOKENWRIGHT_URL
      try { ${askForToken} } catch (error) {
        for (let line = 1; line <= 20; line += 1) console.error('line ' + line)
        console.error('\\u001b[31m' + error.message + '\\u001b[39m at ' + url + ' with ' + process.env.TOKENWRIGHT_CLIENT_SECRET)
        process.exitCode = 7
      }
    `)
    const lines = [14, 15, 16, 17, 18, 19, 20].map((line) => `line ${line}`)
    expect([found.verdict, found.reason, found.exitStatus, found.lastWords]).toEqual([
      'failed',
      'it failed with status 7, after 1 token call and 0 calls of the API',
      7,
      [...lines, 'status 500 at http://127.0.0.1:{port} with ****'],
    ])
  })

  test('that fails deep down is told of by its error, not by its stack alone', async () => {
    const found = await runProgram(`
      const ask = async () => { ${askForToken} }
      const fail = (error, depth) => { if (depth === 0) throw new Error('no orders: ' + error.message); fail(error, depth - 1) }
      await ask().catch((error) => fail(error, 9))
    `)
    expect(found.lastWords).toContain('Error: no orders: status 500')
    expect(found.lastWords.length).toBe(8)
  })

  test('that says nothing on stderr is told of by what it prints', async () => {
    const found = await runProgram(`
      try { ${askForToken} } catch (error) { console.log('1 failed'); process.exitCode = 1 }
    `)
    expect(found.lastWords).toEqual(['1 failed'])
  })

  test('that prints without an end is read to its end, and ended', async () => {
    const found = await runProgram(
      `if (process.env.TOKENWRIGHT_CASE === 'baseline') { ${askForToken} }
       else for (;;) await new Promise((done) => process.stderr.write('more and more\\n'.repeat(10_000), done))`,
      { timeoutMs: 2000 },
    )
    expect([found.timedOut, found.exitStatus, found.lastWords[0]]).toEqual([true, null, 'more and more'])
  })

  const leftovers: ReadonlyArray<[how: string, then: string, verdict: string]> = [
    ['ends without it', '', 'survived'],
    ['never ends', 'setInterval(() => {}, 1000); await new Promise(() => {})', 'failed'],
    [
      'does not listen to signals',
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); await new Promise(() => {})",
      'failed',
    ],
  ]
  test.for(leftovers)(
    'that starts another process and %s leaves none behind',
    async ([how, then, verdict], { expect }) => {
      const file = join(folder, `pid-${how.replaceAll(' ', '-')}`)
      const found = await runProgram(
        `import { spawn } from 'node:child_process'
       import { writeFileSync } from 'node:fs'
       ${askForToken}
       if (process.env.TOKENWRIGHT_CASE !== 'baseline') {
         const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
         writeFileSync(${JSON.stringify(file)}, String(child.pid))
         child.unref()
         ${then}
       }`,
        { cases: ['charset'], timeoutMs: 2000 },
      )
      expect(found.verdict).toBe(verdict)
      await expect.poll(() => isRunning(Number(readFileSync(file, 'utf8')))).toBe(false)
    },
  )

  test('that writes one long line shows no half of a secret where it is cut', async () => {
    const found = await runProgram(
      `
      ${askForToken}
      const secret = process.env.TOKENWRIGHT_CLIENT_SECRET
      if (process.env.TOKENWRIGHT_CASE !== 'baseline') {
        // What is kept begins within the first secret.
        process.stderr.write('x'.repeat(500) + secret + 'y'.repeat(16_384 - 12))
        process.exitCode = 1
      }
    `,
      { cases: ['charset'] },
    )
    expect(found.lastWords).toEqual([`${'y'.repeat(300)}…`])
  })

  test('that is ended while it writes shows no half of a secret at the end', async () => {
    const found = await runProgram(
      `
      ${askForToken}
      if (process.env.TOKENWRIGHT_CASE !== 'baseline') {
        process.stderr.write('with ' + process.env.TOKENWRIGHT_CLIENT_SECRET.slice(0, 12))
        process.exitCode = 1
      }
    `,
      { cases: ['charset'] },
    )
    expect(found.lastWords).toEqual(['with ****'])
  })

  test('gets what looks like a placeholder as it is', async () => {
    const file = join(folder, 'placeholder')
    const program = `
      import { writeFileSync } from 'node:fs'
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: process.env.TOKENWRIGHT_CLIENT_ID, client_secret: process.env.TOKENWRIGHT_CLIENT_SECRET })
      await fetch(process.env.TOKENWRIGHT_TOKEN_ENDPOINT, { method: 'POST', body })
      writeFileSync(${JSON.stringify(file)}, process.argv[1])
    `
    const command = [
      process.execPath,
      '--input-type=module',
      '--eval',
      program,
      '{client_id} {other}',
    ] as const
    const credentials = { client_id: '{client_secret}', client_secret: '{client_id}' }
    await runTolerance({ cases: ['charset'], credentials }, commandClient(command, process.env))
    expect(readFileSync(file, 'utf8')).toBe('{client_secret} {other}')
  })

  test('is not started once the run is over', async () => {
    const file = join(folder, 'late')
    const client = commandClient(
      [process.execPath, '--eval', `require('fs').writeFileSync(${JSON.stringify(file)}, '')`],
      process.env,
    )
    const { ended } = await runTolerance({ signal: AbortSignal.abort() }, client)
    expect([ended, existsSync(file)]).toEqual(['it was interrupted', false])
  })

  test('that is no program is told so', async () => {
    const client = commandClient(['no-such-program-here'], process.env)
    await expect(runTolerance({}, client)).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message:
        'expected a command that can be started, received "no-such-program-here": there is none of that name; next: a program on the PATH, or sh -c \'…\' for a line of shell',
    })
  })

  test('gets its arguments as they are: no shell reads them', async () => {
    const file = join(folder, 'never')
    await runProgram(askForToken, { args: [`; touch ${file}`, `$(touch ${file})`], cases: ['charset'] })
    expect(existsSync(file)).toBe(false)
  })
})

/** A process that has ended and that nobody has asked for yet runs no more. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return /^[^Z\s]/.test(stdout.trim())
}
