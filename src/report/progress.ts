// How far a long run has come: on a terminal one line that changes, elsewhere a line now and then.
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
export interface Progress<Item = VerifiedInteraction> {
  /** To be called with each item once it has its verdict. */
  readonly tell: (done: number, total: number, item: Item) => void
  /** Removes the line from the terminal; to be called before anything else is printed. */
  readonly end: () => void
}

/** What a line of progress says of an item. */
export interface ProgressWords<Item> {
  /** What counts: `broken`. */
  readonly finding: string
  readonly isFinding: (item: Item) => boolean
  readonly labelOf: (item: Item) => string
}

const clearLine = '\r\u001b[2K'
const defaultColumns = 80

const ofVerification: ProgressWords<VerifiedInteraction> = {
  finding: 'broken',
  isFinding: (interaction) => outcomeOf(interaction) === 'broken',
  labelOf: (interaction) => `${interaction.variant} ${labelOf(interaction)}`,
}

/** The progress of a verification; the time begins to run. */
export function createProgress(stream: ProgressStream, options: ProgressOptions): Progress {
  return createProgressOf(stream, options, ofVerification)
}

/** The progress of a run of any kind; the time begins to run. */
export function createProgressOf<Item>(
  stream: ProgressStream,
  options: ProgressOptions,
  { finding, isFinding, labelOf }: ProgressWords<Item>,
): Progress<Item> {
  const { now, afterMs = 2000, intervalMs = 10_000 } = options
  let nextAt = now() + afterMs
  let findings = 0
  let isShown = false
  return {
    tell: (done, total, item) => {
      if (isFinding(item)) findings += 1
      if (now() < nextAt) return
      const found = findings === 0 ? '' : `, ${findings} ${finding}`
      const line = `${done} of ${total}${found}: ${visible(labelOf(item))}`
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
