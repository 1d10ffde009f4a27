// A credential that a person types or pastes at the terminal, which does not show it.
import { closeSync, openSync, writeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { TokenwrightError } from '../service/error.ts'

/** A terminal, as far as a question needs it. */
export interface Terminal {
  readonly write: (text: string) => unknown
  /** Whether keys come as they are typed, and none is shown. */
  readonly setRaw: (isRaw: boolean) => unknown
  /** The next keys; `undefined` when there are no more. */
  readonly read: () => Promise<string | undefined>
  /** Does what Ctrl-C does elsewhere. */
  readonly interrupt: () => unknown
}

/** What was typed so far. */
type Typed =
  | { readonly state: 'unfinished' }
  | { readonly state: 'cancelled' }
  | { readonly state: 'entered'; readonly line: string; readonly rest: string }

const longestLine = 65_536
/** Arrows, function keys, and what a terminal puts around a paste. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what such keys send
const escapeSequence = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|(?![[O])[\s\S])/
/** What may yet become one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what such keys send
const escapeBegun = /^\x1b(?:\[[0-?]*[ -/]*|O)?$/
const keys = {
  interrupt: '\x03',
  end: '\x04',
  backspaces: ['\b', '\x7f'],
  clear: '\x15',
  escape: '\x1b',
} as const

/**
 * What the keys come to. Backspace takes the last character back, Ctrl-U all of them; Ctrl-D ends the line, too. Keys
 * that write nothing are nothing; a tab is a character.
 */
export function typedLine(pressed: string): Typed {
  const line: string[] = []
  for (let at = 0; at < pressed.length; ) {
    const rest = pressed.slice(at)
    const key = String.fromCodePoint(rest.codePointAt(0) ?? 0)
    if (key === keys.interrupt) return { state: 'cancelled' }
    if (key === '\r' || key === '\n' || key === keys.end) {
      const ending = rest.startsWith('\r\n') ? 2 : 1
      return { state: 'entered', line: line.join(''), rest: pressed.slice(at + ending) }
    }
    if (key === keys.escape && escapeBegun.test(rest)) return { state: 'unfinished' }
    at += key === keys.escape ? (escapeSequence.exec(rest)?.[0].length ?? 1) : key.length
    if (keys.backspaces.some((backspace) => backspace === key)) line.pop()
    else if (key === keys.clear) line.length = 0
    else if (key >= ' ' || key === '\t') line.push(key)
  }
  return { state: 'unfinished' }
}

/**
 * Asks at a terminal. What was pasted behind the first line is given back: it answers the next question, and must not
 * reach the shell.
 *
 * @throws {TokenwrightError} `ERR_CREDENTIAL_MISSING` on Ctrl-C, on the terminal's end, and on what cannot be an answer
 */
export async function askHidden(terminal: Terminal, label: string, before = ''): Promise<Answer> {
  const typed = await typedAt(terminal, label, before)
  if (typed.state === 'entered') return typed
  // The terminal shows again what is typed by now: this may be the end of the process.
  terminal.interrupt()
  throw unanswered(label, 'Ctrl-C')
}

/** The line, and what came behind it. */
type Answer = Pick<Extract<Typed, { state: 'entered' }>, 'line' | 'rest'>

async function typedAt(
  terminal: Terminal,
  label: string,
  before: string,
): Promise<Exclude<Typed, { state: 'unfinished' }>> {
  let pressed = before
  terminal.setRaw(true)
  terminal.write(`${label} (not shown): `)
  try {
    for (;;) {
      const typed = typedLine(pressed)
      if (typed.state !== 'unfinished') return typed
      const more = await terminal.read()
      if (more === undefined) throw unanswered(label, 'the end of the terminal')
      pressed += more
      if (pressed.length > longestLine) throw unanswered(label, `more than ${longestLine} characters`)
    }
  } finally {
    terminal.setRaw(false)
    terminal.write('\n')
  }
}

let pastedAhead = ''

/** @throws {TokenwrightError} `ERR_CREDENTIAL_MISSING`, also where there is no terminal */
export async function promptAtTerminal(label: string): Promise<string> {
  const { input, output } = openTerminal(label)
  const chunks = input.setEncoding('utf8')[Symbol.asyncIterator]()
  try {
    const terminal: Terminal = {
      write: (text) => writeSync(output, text),
      setRaw: (isRaw) => input.setRawMode(isRaw),
      read: async () => (await chunks.next()).value,
      interrupt: () => process.kill(process.pid, 'SIGINT'),
    }
    const { line, rest } = await askHidden(terminal, label, pastedAhead)
    pastedAhead = rest
    return line
  } finally {
    input.destroy()
    closeSync(output)
  }
}

/** The terminal itself: stdin may be a pipe, and stderr a file. */
function openTerminal(label: string): { readonly input: ReadStream; readonly output: number } {
  const [from, to] =
    process.platform === 'win32' ? ['\\\\.\\CONIN$', '\\\\.\\CONOUT$'] : ['/dev/tty', '/dev/tty']
  try {
    const input = new ReadStream(openSync(from, 'r+'))
    return { input, output: openSync(to, 'r+') }
  } catch {
    throw new TokenwrightError(
      'ERR_CREDENTIAL_MISSING',
      `expected a terminal at which to ask for --${label}, received none; next: env:NAME, file:PATH or cmd:COMMAND`,
    )
  }
}

function unanswered(label: string, received: string): TokenwrightError {
  return new TokenwrightError(
    'ERR_CREDENTIAL_MISSING',
    `expected --${label} to be entered, received ${received}`,
  )
}
