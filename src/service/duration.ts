// Durations as people write them: `1h`, `90s`, `1h30m`, `250ms`.
import { TokenwrightError } from './error.ts'

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const duration = /^(?:\d{1,9}(?:ms|[smhd]))+$/
const parts = /(\d+)(ms|[smhd])/g

/** A duration in milliseconds; `undefined` when the text is none. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 40 || !duration.test(text)) return undefined
  return [...text.matchAll(parts)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitsMs[unit as keyof typeof unitsMs],
    0,
  )
}

/**
 * Seconds as a number, or a duration in words, in milliseconds; never below zero.
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`
 */
export function requireDuration(given: number | string): number {
  const milliseconds = typeof given === 'number' ? given * 1000 : parseDuration(String(given))
  if (milliseconds !== undefined && milliseconds >= 0 && Number.isFinite(milliseconds)) return milliseconds
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected a number of seconds from 0 or a duration such as "1h30m", received ${JSON.stringify(String(given))}`,
  )
}
