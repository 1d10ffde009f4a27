// The time of a verification: how long it may take, and why it ended before its end.
import { systemTime } from '../host/ambient.ts'

/** A run that can end before its end. */
export interface Run {
  readonly signal: AbortSignal
  readonly endsAt: number
  /** Why it ended early; `undefined` while it has not. */
  readonly ended: () => string | undefined
  readonly close: () => void
}

/** Starts the time of a run. */
export function startRun(deadlineMs: number, signal?: AbortSignal): Run {
  const deadline = new AbortController()
  // Node.js takes a longer time for none.
  const timer = setTimeout(() => deadline.abort(), Math.min(deadlineMs, 2_147_483_647))
  return {
    signal: AbortSignal.any([deadline.signal, ...(signal ? [signal] : [])]),
    endsAt: systemTime() + deadlineMs,
    ended: () => {
      if (signal?.aborted) return 'it was interrupted'
      return deadline.signal.aborted ? `its deadline of ${deadlineMs} ms was over` : undefined
    },
    close: () => clearTimeout(timer),
  }
}
