// Child processes: scripts that print one line of JSON, and servers that are measured while they run.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What a process has used since it began. */
interface Usage {
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** A script, given relative to this folder, and its arguments. */
export type Command = readonly [script: string, ...args: string[]]

/** A server in a process of its own. */
export interface MeasuredServer {
  readonly url: string
  readonly usage: () => Promise<Usage>
  readonly stop: () => Promise<void>
}

/** Starts a server, and waits for the line that tells its URL. */
export async function startServer([script, ...args]: Command): Promise<MeasuredServer> {
  const meter = new URL('usage.mjs', import.meta.url).href
  const child = run(['--import', meter, pathOf(script), ...args], 'ipc')
  const { url } = await firstLine<{ url: string }>(child)
  return { url, usage: () => usageOf(child), stop: () => stop(child) }
}

/** Runs a server just until `visit` is through with it; nothing but the server is in the process. */
export async function visitServer<T>(
  [script, ...args]: Command,
  visit: (url: string) => Promise<T>,
): Promise<T> {
  const child = run([pathOf(script), ...args], 'ignore')
  try {
    const { url } = await firstLine<{ url: string }>(child)
    return await visit(url)
  } finally {
    await stop(child)
  }
}

/** Runs a script to its end, for the last line it prints. */
export async function resultOf<T>(...[script, ...args]: Command): Promise<T> {
  const child = run([pathOf(script), ...args], 'ignore')
  const ended = once(child, 'exit')
  if (child.stdout === null) throw new Error('expected the child to have a standard output')
  let last = ''
  for await (const line of createInterface({ input: child.stdout })) last = line
  await ended
  return JSON.parse(last) as T
}

function pathOf(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url))
}

function run(argv: readonly string[], channel: 'ipc' | 'ignore'): ChildProcess {
  return spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit', channel] })
}

async function firstLine<T>(child: ChildProcess): Promise<T> {
  if (child.stdout === null) throw new Error('expected the child to have a standard output')
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as T
  throw new Error(`expected a line of JSON from ${child.spawnargs.join(' ')}, received none`)
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  const answer = once(child, 'message')
  child.send('usage')
  const [{ user, system, rssBytes }] = await answer
  return { cpuSeconds: (user + system) / 1e6, rssBytes }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
