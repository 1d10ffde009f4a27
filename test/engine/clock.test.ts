// The clock of the mock: moved ahead by durations, set by numbers and dates, and never back by anything else.
import { describe, expect, test } from 'vitest'
import { createClock } from '../../src/engine/clock.ts'
import { TokenwrightError } from '../../src/service/error.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 10, 21)

const durations: ReadonlyArray<[given: number | string, milliseconds: number]> = [
  [0, 0],
  [1, second],
  [0.25, 250],
  [3600, hour],
  ['0s', 0],
  ['250ms', 250],
  ['90s', 90 * second],
  ['15m', 15 * minute],
  ['1h', hour],
  ['14d', 14 * day],
  ['1h30m', hour + 30 * minute],
  ['1d2h3m4s5ms', day + 2 * hour + 3 * minute + 4 * second + 5],
  ['30m1h', hour + 30 * minute],
  ['1m1ms', minute + 1],
  ['007s', 7 * second],
]

const noDurations: ReadonlyArray<[given: unknown]> = [
  [-1],
  [-0.001],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [Number.MAX_VALUE],
  [''],
  ['1'],
  ['-1h'],
  ['+1h'],
  ['1.5h'],
  ['1e3s'],
  ['1 h'],
  [' 1h'],
  ['1h '],
  ['1H'],
  ['1w'],
  ['h'],
  ['1hour'],
  ['1h,30m'],
  ['1h30'],
  ['PT1H'],
  ['1234567890s'],
  ['999999999d'],
  ['1s'.repeat(21)],
  [undefined],
  [null],
  [{}],
]

const times: ReadonlyArray<[given: number | string, milliseconds: number]> = [
  [0, 0],
  [-1, -1],
  [start, start],
  [start + 0.5, start + 0.5],
  [253_402_300_799_999, 253_402_300_799_999],
  ['2026-11-21', start],
  ['2026-11-21T00:00:00Z', start],
  ['2026-11-21T00:00:00.250Z', start + 250],
  ['2026-11-21T00:00Z', start],
  ['2026-11-21T02:00:00+02:00', start],
  ['2026-11-20T19:00:00-05:00', start],
  ['2024-02-29T12:00:00Z', Date.UTC(2024, 1, 29, 12)],
]

const noTimes: ReadonlyArray<[given: unknown]> = [
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [253_402_300_800_000],
  [''],
  ['1h'],
  ['now'],
  ['1'],
  ['2026'],
  ['1795219200000'],
  ['21 November 2026'],
  // Without an offset it would be another moment on every machine.
  ['2026-11-21T00:00:00'],
  ['2026-13-01'],
  ['2026-11-21T25:00:00Z'],
  ['2026-11-21T00:00:00Z '],
  [undefined],
  [null],
]

describe('the clock', () => {
  test.each(durations)('advanced by %j is %d ms ahead', (given, milliseconds) => {
    const clock = createClock(() => start)
    clock.advance(given)
    expect(clock.now()).toBe(start + milliseconds)
  })

  test.each(noDurations)('is not advanced by %j', (given) => {
    const clock = createClock(() => start)
    expect(() => clock.advance(given as string)).toThrow(TokenwrightError)
    expect(() => clock.advance(given as string)).toThrow(/^expected /)
    expect(clock.now()).toBe(start)
  })

  test.each(times)('set to %j is at %d', (given, milliseconds) => {
    const clock = createClock(() => start)
    clock.set(given)
    expect(clock.now()).toBe(milliseconds)
  })

  test.each(noTimes)('is not set to %j', (given) => {
    const clock = createClock(() => start)
    expect(() => clock.set(given as string)).toThrow(
      new TokenwrightError(
        'ERR_OPTION_INVALID',
        'expected a time in milliseconds since 1970 or a date such as "2026-11-21T00:00:00Z", received another value',
      ),
    )
    expect(clock.now()).toBe(start)
  })

  test('runs on from where it was moved to, and each move counts from there', () => {
    let source = start
    const clock = createClock(() => source)
    clock.advance('1h')
    source += 10
    clock.advance('1h')
    expect(clock.now()).toBe(start + 2 * hour + 10)
    clock.set('2020-01-01')
    source += 5
    expect(clock.now()).toBe(Date.UTC(2020, 0, 1) + 5)
    clock.advance(1)
    expect(clock.now()).toBe(Date.UTC(2020, 0, 1) + 5 + second)
    clock.reset()
    expect(clock.now()).toBe(start + 15)
  })

  test('says what is wrong with a duration', () => {
    const clock = createClock(() => start)
    expect(() => clock.advance('1 hour')).toThrow(
      new TokenwrightError(
        'ERR_OPTION_INVALID',
        'expected a number of seconds from 0 or a duration such as "1h30m", received "1 hour"',
      ),
    )
  })
})
