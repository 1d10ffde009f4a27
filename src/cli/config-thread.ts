// The thread that loads the configuration once, under --watch: says what came of it and which files it read.
import { parentPort, workerData } from 'node:worker_threads'
import { TokenwrightError } from '../service/error.ts'
import { loadConfig } from './config.ts'
import { type Reading, stateOf, type WatchedSources } from './watch.ts'

const sources = workerData as WatchedSources
const files = new Map<string, string>()

try {
  post({ files, config: await loadConfig({ ...sources, onRead }) })
} catch (error) {
  if (!(error instanceof TokenwrightError)) throw error
  const { code, message } = error
  post({ files, problem: { code, message } })
}

function onRead(path: string): void {
  if (!path.includes('/node_modules/') && !files.has(path)) files.set(path, stateOf(path))
}

function post(reading: Reading): void {
  try {
    parentPort?.postMessage(reading)
  } catch {
    // The message of what is thrown here quotes the value.
    throw new TokenwrightError(
      'ERR_CONFIG_INVALID',
      'expected the configuration to be data alone, which --watch hands from thread to thread; received a function or the like',
    )
  }
}
