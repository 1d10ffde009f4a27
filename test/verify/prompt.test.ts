// A credential that is typed: which keys make it, and that the terminal is as before whatever happens.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { askHidden, typedLine } from '../../src/verify/prompt.ts'
import { main, surroundings } from '../cli/command.ts'

/** Of util-linux: it runs a command at a terminal of its own. */
const script = '/usr/bin/script'
const hasTerminals = process.platform === 'linux' && existsSync(script)

const lines: ReadonlyArray<[keys: string, pressed: string, line: string, rest: string]> = [
  ['letters and Enter', 'abc\r', 'abc', ''],
  ['a line as a program sends it', 'abc\n', 'abc', ''],
  ['a line of Windows', 'abc\r\nd', 'abc', 'd'],
  ['Enter alone', '\r', '', ''],
  ['spaces, tabs and letters of every plane', ' a\té€😀 \r', ' a\té€😀 ', ''],
  ['Backspace', 'ab\x7fc\b\bd\r', 'd', ''],
  ['Backspace behind a letter of two units', 'a😀\x7fb\r', 'ab', ''],
  ['Backspace at the beginning', '\x7f\x7fab\r', 'ab', ''],
  ['Ctrl-U', 'wrong\x15right\r', 'right', ''],
  ['Ctrl-D', 'abc\x04', 'abc', ''],
  ['arrows and function keys', 'a\x1b[D\x1bOPb\x1b[1;5Cc\x1b[15~\r', 'abc', ''],
  ['a letter with Alt', 'a\x1bxb\r', 'ab', ''],
  ['a paste between brackets', '\x1b[200~abc\x1b[201~\r', 'abc', ''],
  ['a paste of several lines', 'one\ntwo\nthree', 'one', 'two\nthree'],
  ['control characters that write nothing', 'a\0\x01\x07b\r', 'ab', ''],
]

const unfinished: ReadonlyArray<[keys: string, pressed: string]> = [
  ['nothing', ''],
  ['letters', 'abc'],
  ['the beginning of an arrow', 'abc\x1b'],
  ['more of an arrow', 'abc\x1b[1;'],
]

/** A terminal at which chunks are typed, and what became of it. */
function terminalWith(...chunks: readonly string[]) {
  const left = [...chunks]
  const done: string[] = []
  return {
    done,
    write: (text: string) => done.push(text),
    setRaw: (isRaw: boolean) => done.push(isRaw ? 'raw' : 'as before'),
    read: async () => left.shift(),
    interrupt: () => done.push('SIGINT'),
  }
}

describe('a line', () => {
  test.each(lines)('is made by %s', (_keys, pressed, line, rest) => {
    expect(typedLine(pressed)).toEqual({ state: 'entered', line, rest })
  })

  test.each(unfinished)('is not yet made by %s', (_keys, pressed) => {
    expect(typedLine(pressed)).toEqual({ state: 'unfinished' })
  })

  test('is cancelled by Ctrl-C', () => {
    expect(typedLine('abc\x03\r')).toEqual({ state: 'cancelled' })
  })
})

describe('a question', () => {
  test('is answered key by key, and nothing of it is shown', async () => {
    const terminal = terminalWith('a', 'b', '\x7f', '\x1b', '[D', 'c', '\r')
    expect(await askHidden(terminal, 'client-secret')).toMatchObject({ line: 'ac', rest: '' })
    expect(terminal.done).toEqual(['raw', 'client-secret (not shown): ', 'as before', '\n'])
  })

  test('is answered by what was pasted ahead', async () => {
    const { rest } = await askHidden(terminalWith('one\ntwo\n'), 'username')
    expect(await askHidden(terminalWith(), 'password', rest)).toMatchObject({ line: 'two', rest: '' })
  })

  test('ends the process on Ctrl-C, once the terminal is as before', async () => {
    const terminal = terminalWith('abc', '\x03')
    await expect(askHidden(terminal, 'password')).rejects.toThrow(
      'expected --password to be entered, received Ctrl-C',
    )
    expect(terminal.done).toEqual(['raw', 'password (not shown): ', 'as before', '\n', 'SIGINT'])
  })

  const unanswered: ReadonlyArray<[by: string, chunks: readonly string[], received: string]> = [
    ['the end of the terminal', ['abc'], 'the end of the terminal'],
    ['a flood', ['x'.repeat(65_537)], 'more than 65536 characters'],
  ]
  test.each(unanswered)('is not answered by %s', async (_by, chunks, received) => {
    const terminal = terminalWith(...chunks)
    await expect(askHidden(terminal, 'password')).rejects.toMatchObject({
      code: 'ERR_CREDENTIAL_MISSING',
      message: `expected --password to be entered, received ${received}`,
    })
    expect(terminal.done).toContain('as before')
  })
})

describe('at a terminal', () => {
  test.skipIf(!hasTerminals)('what is typed is read, and not shown', async () => {
    const { shown, status } = await typeAtTerminal(['hunter1\r', 'hunterx\x7f2\r'])
    expect(shown).toMatch(
      /^client-id \(not shown\): \r\nclient-secret \(not shown\): \r\ntokenwright: [^\n]+ECONNREFUSED[^\n]+\n$/,
    )
    expect([status, shown.includes('hunter')]).toEqual([2, false])
  })

  test.skipIf(!hasTerminals)('Ctrl-C ends the command', async () => {
    const { shown, status } = await typeAtTerminal(['hunter\x03'])
    expect([shown.includes('hunter'), shown.startsWith('client-id (not shown): \r\n'), status]).toEqual([
      false,
      true,
      130,
    ])
  })
})

/** Answers one question after the other, once it is asked. */
async function typeAtTerminal(answers: readonly string[]): Promise<{ shown: string; status: number | null }> {
  const target = '--url http://127.0.0.1:1/token --service prove --client-id prompt --client-secret prompt'
  const child = spawn(script, ['-qec', `'${process.execPath}' '${main}' verify ${target}`, '/dev/null'], {
    env: { ...surroundings, SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 20_000,
  })
  const left = [...answers]
  let shown = ''
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk
    const answer = shown.endsWith('(not shown): ') ? left.shift() : undefined
    if (answer !== undefined) child.stdin.write(answer)
  })
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { shown, status }
}
