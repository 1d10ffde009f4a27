// The configuration under --watch: loaded in a thread of its own, and again when a file of it has changed.
import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { setInterval } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Config } from '../service/config.ts'
import { TokenwrightError, type TokenwrightErrorCode } from '../service/error.ts'
import type { ConfigSources } from './config.ts'

/** What a thread is given. */
export type WatchedSources = Omit<ConfigSources, 'onRead'>

/** The state of each file that was read or looked for, from before it was read: no change in between is lost. */
export type FileStates = ReadonlyMap<string, string>

/** What a thread says before it ends. */
export interface Reading {
  readonly files: FileStates
  readonly config?: Config
  /** Why there is no `config`. */
  readonly problem?: { readonly code: TokenwrightErrorCode; readonly message: string }
}

/** Is told what came of a change. */
export interface Follower {
  /** May refuse the configuration by throwing. */
  readonly apply: (config: Config) => void
  readonly report: (error: unknown) => void
}

/** A configuration that can be followed. */
export interface WatchedConfig {
  readonly config: Config
  /** Follows the configuration until the process ends, which this does not hold up. */
  readonly follow: (follower: Follower) => Promise<void>
}

/** How often the files are looked at. A look costs a system call per file, and unlike events it is the same everywhere. */
const lookEveryMs = 100

/** How long a configuration may take to load, in milliseconds; one that waits for ever would never be loaded again. */
const longestLoadMs = 10_000

/** @throws {TokenwrightError} what `loadConfig` throws */
export async function watchConfig(sources: WatchedSources): Promise<WatchedConfig> {
  const reading = await loadInThread(sources, true)
  return { config: configOf(reading), follow: (follower) => follow(sources, reading.files, follower) }
}

/** What differs when a file does; empty while there is none. */
export function stateOf(path: string): string {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs}`
  } catch {
    return ''
  }
}

async function follow(sources: WatchedSources, files: FileStates, follower: Follower): Promise<void> {
  let read = files
  let seen = files
  for await (const _ of setInterval(lookEveryMs, undefined, { ref: false })) {
    const now: FileStates = new Map([...read.keys()].map((path) => [path, stateOf(path)]))
    // Twice the same: whoever is writing has finished.
    const isSettled = [...now].every(([path, state]) => seen.get(path) === state)
    seen = now
    if (!isSettled || !hasChanged(read, now)) continue
    read = now
    try {
      const reading = await loadInThread(sources, false)
      read = reading.files
      follower.apply(configOf(reading))
    } catch (error) {
      follower.report(error)
    }
  }
}

/** A file that is gone is on its way back: some editors replace it. */
function hasChanged(before: FileStates, now: FileStates): boolean {
  return [...now].some(([path, state]) => state !== '' && state !== before.get(path))
}

/** A fresh thread, because Node.js loads a module once per thread; `isAwaited` keeps the process alive meanwhile. */
function loadInThread(sources: WatchedSources, isAwaited: boolean): Promise<Reading> {
  // The same file compiled or not: Node.js strips the types of the latter.
  const file = new URL(`./config-thread${extname(import.meta.url)}`, import.meta.url)
  const thread = new Worker(file, { workerData: { ...sources, environment: { ...sources.environment } } })
  if (!isAwaited) thread.unref()
  return new Promise((resolve, reject) => {
    const tooLong = setTimeout(() => {
      reject(
        new TokenwrightError(
          'ERR_CONFIG_INVALID',
          `expected a configuration within ${longestLoadMs / 1000} seconds, received none yet`,
        ),
      )
      void thread.terminate()
    }, longestLoadMs)
    if (!isAwaited) tooLong.unref()
    thread.once('exit', () => clearTimeout(tooLong))
    thread.once('message', (reading: Reading) => {
      resolve(reading)
      // A timer or a connection of the configuration's own would keep it going.
      void thread.terminate()
    })
    thread.once('error', reject)
    thread.once('exit', () => {
      reject(
        new TokenwrightError(
          'ERR_CONFIG_INVALID',
          'expected a configuration, received the end of the thread that loads it',
        ),
      )
    })
  })
}

function configOf({ config, problem }: Reading): Config {
  if (config !== undefined) return config
  throw new TokenwrightError(problem?.code ?? 'ERR_CONFIG_INVALID', problem?.message ?? 'no configuration')
}
