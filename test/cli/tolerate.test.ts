// `tokenwright tolerate` when it is told to stop, and what its help says.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatVerb, parseFlags } from '../../src/cli/flags.ts'
import { tolerate } from '../../src/cli/tolerate.ts'
import { targetVariables } from '../../src/probe/client-command.ts'
import { startCommand } from './command.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tolerate-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Asks for a token; in the second case it says who it is, and never ends. */
const program = `
  import { writeFileSync } from 'node:fs'
  const { TOKENWRIGHT_CLIENT_ID: client_id, TOKENWRIGHT_CLIENT_SECRET: client_secret } = process.env
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret })
  await fetch(process.argv[1], { method: 'POST', body })
  if (process.env.TOKENWRIGHT_CASE === 'no_scope') {
    setInterval(() => {}, 1000)
    writeFileSync(process.argv[2], String(process.pid))
  }
`

describe('tokenwright tolerate', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'reports what was done on %s, and leaves no client behind',
    async (signal) => {
      const file = join(folder, signal)
      const client = [process.execPath, '--input-type=module', '--eval', program, '{token_endpoint}', file]
      const cases = ['--case', 'reordered,no_scope,charset', '--json']
      const command = startCommand(['tolerate', ...cases, '--', ...client], {})
      const closed = new Promise<number | null>((resolve) => command.on('close', resolve))
      const output = Promise.all([text(command.stdout), text(command.stderr)])
      await expect
        .poll(() => existsSync(file) && readFileSync(file, 'utf8'), { timeout: 10_000 })
        .toMatch(/^\d+$/)
      command.kill(signal)
      const [status, [stdout, stderr]] = [await closed, await output]
      const found = JSON.parse(stdout)
      expect([status, found.ended, found.cases.map(({ id }: { id: string }) => id)]).toEqual([
        2,
        'it was interrupted',
        ['reordered'],
      ])
      expect(stderr).toBe('tokenwright: interrupted, reporting what was done; once more ends at once\n')
      const pid = Number(readFileSync(file, 'utf8'))
      await expect.poll(() => isRunning(pid)).toBe(false)
    },
  )

  test('lists every variable in its help', () => {
    const help = formatVerb(tolerate)
    for (const [name, { sentence }] of Object.entries(targetVariables))
      expect(help).toMatch(new RegExp(`^    ${name} +\\{\\w+\\} +${sentence.replaceAll('.', '\\.')}$`, 'm'))
  })

  test('leaves the flags of the command to the command', () => {
    const input = parseFlags(tolerate, ['--json', '--', 'client', '--json', '--case', '-h'])
    expect([input.positionals, input.all('case')]).toEqual([['client', '--json', '--case', '-h'], []])
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
