// How far a long verification has come: on a terminal one line that changes, elsewhere a line now and then.
import type { VerifiedInteraction } from '../verify/verification.ts'
import { labelOf, outcomeOf } from './findings.ts'
import { visible } from './shown.ts'

/** Where progress is told; a stream such as stderr. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => unknown
}

/** Options of {@link createProgress}. */
export interface ProgressOptions {
  /** Milliseconds since any moment. */
  readonly now: () => number
  /** How long a run is silent, in milliseconds. Default: 2,000. */
  readonly afterMs?: number
  /** Time between two lines where they are not one, in milliseconds. Default: 10,000. */
  readonly intervalMs?: number
}

/** A run's progress. */
export interface Progress {
  /** To be called with each interaction once it has its verdict. */
  readonly tell: (done: number, total: number, interaction: VerifiedInteraction) => void
  /** Removes the line from the terminal; to be called before anything else is printed. */
  readonly end: () => void
}

const clearLine = '\r\u001b[2K'
const defaultColumns = 80

/** The time begins to run. */
export function createProgress(stream: ProgressStream, options: ProgressOptions): Progress {
  const { now, afterMs = 2000, intervalMs = 10_000 } = options
  let nextAt = now() + afterMs
  let broken = 0
  let isShown = false
  return {
    tell: (done, total, interaction) => {
      if (outcomeOf(interaction) === 'broken') broken += 1
      if (now() < nextAt) return
      const line = lineOf(done, total, broken, interaction)
      if (stream.isTTY !== true) {
        nextAt = now() + intervalMs
        stream.write(`${line}\n`)
        return
      }
      isShown = true
      // A line that wraps could not be cleared as one.
      stream.write(clearLine + [...line].slice(0, (stream.columns ?? defaultColumns) - 1).join(''))
    },
    end: () => {
      if (isShown) stream.write(clearLine)
      isShown = false
    },
  }
}

function lineOf(done: number, total: number, broken: number, interaction: VerifiedInteraction): string {
  const found = broken === 0 ? '' : `, ${broken} broken`
  return `${done} of ${total}${found}: ${visible(`${interaction.variant} ${labelOf(interaction)}`)}`
}
