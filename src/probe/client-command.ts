// A team's client as a command: started with the mock in its environment, and ended with all that it started.
import { type ChildProcess, spawn } from 'node:child_process'
import { basename } from 'node:path'
import { TokenwrightError } from '../service/error.ts'
import type { Redactor } from '../verify/redactor.ts'
import { type KeptText, lastLinesOf } from './last-lines.ts'
import type { Ending } from './tolerance-verdict.ts'
import type { RunClient, ToleranceTarget } from './tolerate.ts'

/** What a command is given in its environment, each also as a placeholder in its arguments: `{url}` for `TOKENWRIGHT_URL`. */
export const targetVariables = {
  TOKENWRIGHT_URL: { sentence: 'The mock: the base URL of an SDK.', value: ({ url }) => url },
  TOKENWRIGHT_TOKEN_ENDPOINT: {
    sentence: 'The token endpoint.',
    value: ({ tokenEndpoint }) => tokenEndpoint,
  },
  TOKENWRIGHT_API_URL: {
    sentence: 'A route that asks for an access token, and so does all that is under it.',
    value: ({ apiUrl }) => apiUrl,
  },
  TOKENWRIGHT_CLIENT_ID: { sentence: 'The client id.', value: ({ credentials }) => credentials.client_id },
  TOKENWRIGHT_CLIENT_SECRET: {
    sentence: 'The client secret.',
    value: ({ credentials }) => credentials.client_secret,
  },
  TOKENWRIGHT_USERNAME: {
    sentence: 'The user of the password grant.',
    value: ({ credentials }) => credentials.username,
  },
  TOKENWRIGHT_PASSWORD: {
    sentence: "The user's password.",
    value: ({ credentials }) => credentials.password,
  },
  TOKENWRIGHT_CASE: { sentence: 'The id of the case; baseline at first.', value: (target) => target.case },
  TOKENWRIGHT_CALLS: {
    sentence: 'How many calls of the API to make with one client.',
    value: ({ calls }) => String(calls),
  },
  TOKENWRIGHT_CONCURRENCY: {
    sentence: 'How many of them at once.',
    value: ({ concurrency }) => String(concurrency),
  },
} as const satisfies Readonly<Record<string, TargetVariable>>

interface TargetVariable {
  readonly sentence: string
  readonly value: (target: ToleranceTarget) => string
}

/** What is kept of each stream, in characters. */
const longestTail = 16_384

/** How long the streams of a command that has ended are waited for: what has left its group may hold them. */
const drainMs = 500

/** Processes that a run has started; each is the leader of its group. */
const running = new Set<ChildProcess>()
let isEndingAll = false

/**
 * A command as a client. It is run without a shell; `environment` is what it gets beside the mock's variables.
 */
export function commandClient(
  command: readonly [program: string, ...args: string[]],
  environment: Readonly<Record<string, string | undefined>>,
): RunClient {
  endAllAtExit()
  const [program, ...args] = command
  return {
    name: basename(program),
    run: (target, redactor) =>
      runCommand(
        program,
        args.map((arg) => filled(arg, target)),
        {
          environment: { ...environment, ...withoutProxy(environment), ...variablesFor(target) },
          target,
          redactor,
        },
      ),
  }
}

/** The placeholder of a variable: `{client_id}`. */
export function placeholderOf(variable: string): string {
  return `{${variable.replace(/^TOKENWRIGHT_/, '').toLowerCase()}}`
}

function variablesFor(target: ToleranceTarget): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(targetVariables).map(([name, { value }]): [string, string] => [name, value(target)]),
  )
}

function filled(arg: string, target: ToleranceTarget): string {
  const values = new Map(
    Object.entries(variablesFor(target)).map(([name, value]) => [placeholderOf(name), value]),
  )
  // Once: what was filled in may look like a placeholder.
  return arg.replace(/\{\w+\}/g, (placeholder) => values.get(placeholder) ?? placeholder)
}

/** The mock is on this machine, where no proxy can reach it. */
function withoutProxy(environment: Readonly<Record<string, string | undefined>>) {
  const direct = '127.0.0.1,localhost'
  const names = ['NO_PROXY', 'no_proxy'] as const
  return Object.fromEntries(
    names.map((name) => [name, environment[name] ? `${environment[name]},${direct}` : direct]),
  )
}

interface CommandRun {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly target: ToleranceTarget
  readonly redactor: Redactor
}

async function runCommand(
  program: string,
  args: readonly string[],
  { environment, target, redactor }: CommandRun,
): Promise<Ending> {
  // An interrupt that came before tells nobody any more.
  if (target.signal.aborted) return { exitStatus: null, timedOut: true, lastWords: [] }
  const child = spawn(program, args, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, by which all that it starts is ended, too.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  running.add(child)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const end = () => endGroup(child)
  target.signal.addEventListener('abort', end, { once: true })
  const [stdout, stderr] = [tailOf(child.stdout), tailOf(child.stderr)]
  try {
    const exitStatus = await exitOf(child, program)
    const timedOut = target.signal.aborted
    end()
    await drained(child, closed)
    const words = stderr().text.trim() === '' ? stdout() : stderr()
    const lastWords = lastLinesOf(words, target, redactor)
    return { exitStatus: timedOut ? null : exitStatus, timedOut, lastWords }
  } finally {
    target.signal.removeEventListener('abort', end)
    running.delete(child)
  }
}

/** `null` for a command that a signal ended. @throws {TokenwrightError} `ERR_OPTION_INVALID` for one that cannot be started */
function exitOf(child: ChildProcess, program: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'ENOENT' ? 'there is none of that name' : (cause.code ?? cause.message)
      reject(
        new TokenwrightError(
          'ERR_OPTION_INVALID',
          `expected a command that can be started, received ${JSON.stringify(program)}: ${why}; next: a program on the PATH, or sh -c '…' for a line of shell`,
          { cause },
        ),
      )
    })
  })
}

/** What was written last; the rest is read and forgotten. */
function tailOf(stream: NodeJS.ReadableStream): () => KeptText {
  let text = ''
  let isCut = false
  stream.setEncoding('utf8')
  stream.on('data', (more: string) => {
    text += more
    isCut ||= text.length > longestTail
    text = text.slice(-longestTail)
  })
  return () => ({ text, isCut })
}

/** Reads what is left to be read. */
async function drained(child: ChildProcess, closed: Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    child.stdout?.destroy()
    child.stderr?.destroy()
  }, drainMs)
  await closed
  clearTimeout(timer)
}

/** Ends a command with all that is in its group; one that has ended may have left others behind. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody is left.
  }
}

/** Also where this process ends at once. */
function endAllAtExit(): void {
  if (isEndingAll) return
  isEndingAll = true
  process.on('exit', () => {
    for (const child of running) endGroup(child)
  })
}
