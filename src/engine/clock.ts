// The engine's time: injected, and movable in tests.

/** A clock in whole and fractional milliseconds since 1970. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Moves the clock forward by so many seconds. */
  readonly advance: (seconds: number) => void
}

/** A clock that runs with `source` and can be moved ahead of it. */
export function createClock(source: () => number): Clock {
  let aheadMs = 0
  return {
    now: () => source() + aheadMs,
    advance: (seconds) => {
      aheadMs += seconds * 1000
    },
  }
}
