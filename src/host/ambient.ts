// The time and chance of the machine, for hosts that were given none.
import type { RandomSource } from '../engine/random.ts'

/** Milliseconds since 1970. */
export function systemTime(): number {
  return Date.now()
}

/** The machine's time, or so many milliseconds ahead of it. */
export function systemDate(aheadMs = 0): Date {
  return new Date(Date.now() + aheadMs)
}

/** Random bytes that cannot be guessed. */
export const systemRandom: RandomSource = (bytes) => {
  crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>)
}

/** Resolves after so many milliseconds; sooner when the signal aborts, because nobody waits for the reply any more. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** Waits by the machine's own time. */
export const systemWait: Wait = (milliseconds, signal) =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, signal.aborted ? 0 : milliseconds)
    signal.addEventListener('abort', end)
  })

/** Resolves when what has been sent within this process has had a chance to be read. */
export function systemTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve)
  })
}

/** A number from 0 to 1. */
export function systemChance(): number {
  return Math.random()
}
