// What every run against a real service checks of its options before anything is sent.
import { TokenwrightError } from '../service/error.ts'

/** A statement about options, and what is expected where it does not hold. */
export type OptionCheck = readonly [isSound: boolean, expected: string]

/** The options that runs have in common. */
interface RunOptions {
  readonly ratePerSecond?: number | undefined
  readonly maxRefusals?: number | undefined
  readonly timeoutMs?: number | undefined
  readonly deadlineMs?: number | undefined
}

/** The checks of pace and time. */
export function runChecks(options: RunOptions): readonly OptionCheck[] {
  const { ratePerSecond: rate = 1, maxRefusals = 0, timeoutMs = 1, deadlineMs = 1 } = options
  const isTime = (value: number) => Number.isInteger(value) && value >= 1
  return [
    [Number.isFinite(rate) && rate > 0, 'ratePerSecond to be a number above 0'],
    [Number.isInteger(maxRefusals) && maxRefusals >= 0, 'maxRefusals to be a whole number from 0'],
    [
      isTime(timeoutMs) && timeoutMs <= 2_147_483_647,
      'timeoutMs to be a whole number of milliseconds from 1',
    ],
    [isTime(deadlineMs), 'deadlineMs to be a whole number of milliseconds from 1'],
  ]
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` for the first check that fails */
export function requireChecked(checks: readonly OptionCheck[]): void {
  const [, problem] = checks.find(([isSound]) => !isSound) ?? []
  if (problem !== undefined)
    throw new TokenwrightError('ERR_OPTION_INVALID', `expected ${problem}, received another value`)
}
