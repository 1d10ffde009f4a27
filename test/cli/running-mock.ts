// `tokenwright mock` as a process that listens.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type CommandOptions, startCommand } from './command.ts'

interface Listening {
  readonly url: string
  readonly certificate?: string
  readonly services: ReadonlyArray<{ readonly id: string; readonly token_endpoint: string }>
}

/** A mock that listens, and is stopped when its scope ends. */
export interface RunningMock extends AsyncDisposable {
  readonly listening: Listening
  readonly lines: readonly string[]
  /** The next line on stderr that was not asked for before. */
  readonly complaint: () => Promise<string>
  readonly end: (
    signal: NodeJS.Signals,
  ) => Promise<{ status: number | null; signal: NodeJS.Signals | null; stderr: string }>
}

/** Starts the command on a free port, and waits until it listens. */
export async function startMock(args: readonly string[], options: CommandOptions): Promise<RunningMock> {
  const child = startCommand(['mock', '--port', '0', '--json', ...args], options)
  const closed = new Promise<{ status: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal })),
  )
  const lines: string[] = []
  const complaints: string[] = []
  const stderr = createInterface(child.stderr).on('line', (line) => complaints.push(line))
  const listening = await new Promise<Listening>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      resolve(JSON.parse(line))
    })
    closed.then(() => reject(new Error(complaints.join('\n'))))
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return { ...(await closed), stderr: complaints.map((line) => `${line}\n`).join('') }
  }
  let heard = 0
  const complaint = async () => {
    if (complaints.length === heard) await once(stderr, 'line')
    heard += 1
    return complaints[heard - 1] ?? ''
  }
  return { listening, lines, complaint, end, [Symbol.asyncDispose]: async () => void (await end('SIGTERM')) }
}

/** The status of the reply to a client_credentials request in a form. */
export async function statusOf(
  { listening }: RunningMock,
  parameters: Readonly<Record<string, string>>,
  path = '/token',
): Promise<number> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...parameters })
  const response = await fetch(listening.url + path, { method: 'POST', body })
  await response.arrayBuffer()
  return response.status
}
