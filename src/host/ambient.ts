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

/** Resolves after so many milliseconds. */
export function systemWait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
