// The engine's time: injected, and movable in tests.
import { requireDuration } from '../service/duration.ts'
import { TokenwrightError } from '../service/error.ts'

/** A clock in whole and fractional milliseconds since 1970. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /**
   * Moves the clock forward: by seconds, or by a duration such as `1h30m`.
   * @throws {TokenwrightError} `ERR_OPTION_INVALID`
   */
  readonly advance: (duration: number | string) => void
  /**
   * Sets the clock, from where it runs on: milliseconds since 1970, or a date of RFC 3339.
   * @throws {TokenwrightError} `ERR_OPTION_INVALID`
   */
  readonly set: (time: number | string) => void
  /** Undoes all of it. */
  readonly reset: () => void
}

/** The last moment of RFC 3339, in milliseconds since 1970: well before the last that a Date can hold, as the clock runs on. */
const endOfTime = 253_402_300_799_999

/** A day, or a moment with its offset: a time of nowhere in particular would be another one on every machine. @see RFC 3339 §5.6 */
const date = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2}))?$/

/** A clock that runs with `source` and can be moved ahead of it or behind. */
export function createClock(source: () => number): Clock {
  let aheadMs = 0
  const moveTo = (time: number) => {
    if (!(Math.abs(time) <= endOfTime)) {
      throw new TokenwrightError(
        'ERR_OPTION_INVALID',
        'expected a time in milliseconds since 1970 or a date such as "2026-11-21T00:00:00Z", received another value',
      )
    }
    aheadMs = time - source()
  }
  return {
    now: () => source() + aheadMs,
    advance: (duration) => moveTo(source() + aheadMs + requireDuration(duration)),
    set: (time) => moveTo(millisecondsOf(time)),
    reset: () => {
      aheadMs = 0
    },
  }
}

/** Not a number where the text is no date: `Date.parse` alone makes the year 2001 of "1". */
function millisecondsOf(time: number | string): number {
  if (typeof time === 'number') return time
  return date.test(time) ? Date.parse(time) : Number.NaN
}
