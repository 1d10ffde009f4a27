// What a server bears of its clients: each limit with its default.
import { TokenwrightError } from '../service/error.ts'

/** Limits of a server, each a whole number of at least 1. */
export interface ServerLimits {
  /** Largest header section of a request, in bytes; beyond it the reply is 431. Default: 16384. */
  readonly maxHeaderBytes?: number
  /** Longest time in which a request's header section must have come, in milliseconds; after it the reply is 408. Default: 10000, or `requestTimeoutMs` where that is less. */
  readonly headersTimeoutMs?: number
  /** Longest time in which a whole request must have come, in milliseconds; after it the reply is 408. Default: 30000. */
  readonly requestTimeoutMs?: number
  /** Longest time that a connection is kept without a request, in milliseconds. Default: 5000. */
  readonly keepAliveTimeoutMs?: number
  /** How many connections are served at once; the reply to one more is 503. Default: 1024. */
  readonly maxConnections?: number
}

const defaults: Required<ServerLimits> = {
  maxHeaderBytes: 16_384,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  maxConnections: 1024,
}

/** The longest delay of a timer, 24 days, is the largest limit as well. */
const largest = 2_147_483_647

/**
 * Every limit, those that were not given by their defaults.
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`
 */
export function limitsOf(given: ServerLimits): Required<ServerLimits> {
  const names = Object.keys(defaults) as ReadonlyArray<keyof ServerLimits>
  const limits = Object.fromEntries(
    names.map((name) => [name, requireLimit(name, given[name] ?? defaults[name])]),
  ) as Record<keyof ServerLimits, number>
  const headersTimeoutMs = Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs)
  return { ...limits, headersTimeoutMs }
}

function requireLimit(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= largest) return value
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected ${name} to be a whole number from 1 to ${largest}, got ${value}`,
  )
}
