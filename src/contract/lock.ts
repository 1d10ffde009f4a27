// A lock between processes and threads: a file that only one of them can create, with the name of its holder.
import { closeSync, mkdirSync, openSync, readFileSync, rmdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { systemTime } from '../host/ambient.ts'
import { TokenwrightError } from '../service/error.ts'

/** What the lock asks of the machine. */
export interface Machine {
  readonly host: string
  readonly pid: number
  /** Whether a process of this host runs. */
  readonly isAlive: (pid: number) => boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>
}

const thisMachine: Machine = {
  host: hostname(),
  pid: process.pid,
  isAlive: (pid) => {
    try {
      process.kill(pid, 0)
      return true
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ESRCH'
    }
  },
  now: systemTime,
  // A test may have replaced the global timers; these are not.
  wait,
}

/** A lock is held for a few milliseconds; one of this age, in milliseconds, is nobody's, whoever its holder was. */
const longestHold = 60_000
/** How long a lock is waited for, in milliseconds. */
const longestWait = 10_000
const [firstPause, longestPause] = [2, 32]

/**
 * Runs an action, which must not wait for anything, while nobody else holds the lock. A lock whose holder is no more is
 * taken away from it.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID` when the lock cannot be had
 */
export async function withLock<T>(lock: string, action: () => T, machine: Machine = thisMachine): Promise<T> {
  const deadline = machine.now() + longestWait
  for (let pause = firstPause; !tryToLock(lock, machine); pause = Math.min(2 * pause, longestPause)) {
    if (machine.now() > deadline) {
      throw new TokenwrightError(
        'ERR_OPTION_INVALID',
        `expected the lock ${lock} within ${longestWait} ms, but another process holds it; next: if none is running, remove it`,
      )
    }
    if (!tryToClear(lock, machine)) await machine.wait(pause)
  }
  try {
    return action()
  } finally {
    rmSync(lock, { force: true })
  }
}

function tryToLock(lock: string, { host, pid }: Machine): boolean {
  try {
    const descriptor = openSync(lock, 'wx')
    writeSync(descriptor, JSON.stringify({ host, pid }))
    closeSync(descriptor)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Whether a stale lock was there, and is gone. Two that did this at once could take away each other's new lock. */
function tryToClear(lock: string, machine: Machine): boolean {
  if (!isStale(lock, machine)) return false
  const guard = `${lock}.stale`
  try {
    mkdirSync(guard)
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
  try {
    if (isStale(lock, machine)) rmSync(lock, { force: true })
  } finally {
    rmdirSync(guard)
  }
  return true
}

function isStale(lock: string, { host, isAlive, now }: Machine): boolean {
  try {
    if (now() - statSync(lock).mtimeMs > longestHold) return true
    const holder = JSON.parse(readFileSync(lock, 'utf8')) as { host: string; pid: number }
    return holder.host === host && !isAlive(holder.pid)
  } catch {
    // It is gone, or its holder is just writing its name.
    return false
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code
}
