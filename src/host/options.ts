// What every host is given: which services to serve, and to whom.
import { type Clock, createClock } from '../engine/clock.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { RandomSource } from '../engine/random.ts'
import type { ClientMetadata, User } from '../oauth/words.ts'
import { requireSoundRegistrations } from '../schema/registrations.ts'
import { requireSoundService } from '../schema/sound-service.ts'
import { TokenwrightError } from '../service/error.ts'
import { selectServices } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import { services as builtIn } from '../services/services.ts'
import { systemRandom, systemTime } from './ambient.ts'

/** Options that all hosts share. */
export interface MockOptions {
  /** Ids of built-in services or of single variants, or services of your own. Default: every built-in service. */
  readonly services?: ReadonlyArray<string | Service>
  /** Clients beside the documented examples, known to every service. */
  readonly clients?: readonly ClientMetadata[]
  /** Resource owners of the password grant, beside the documented examples. */
  readonly users?: readonly User[]
  /** The time in milliseconds since 1970. Default: the machine's. */
  readonly now?: () => number
  /** Fills an array with random bytes. Default: the machine's cryptographic source. */
  readonly random?: RandomSource
}

/**
 * The engine for a host's options, with its clock.
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`, `ERR_SERVICE_INVALID`, or `ERR_OPTION_INVALID` for services of equal id
 */
export function engineFor(options: MockOptions): { readonly engine: Engine; readonly clock: Clock } {
  const { services = builtIn, clients = [], users = [], now = systemTime, random = systemRandom } = options
  const clock = createClock(now)
  const resolved = resolveServices(services)
  requireDistinct(resolved)
  requireSoundRegistrations(clients, users)
  return { engine: createEngine({ services: resolved, clients, users, clock, random }), clock }
}

function resolveServices(given: ReadonlyArray<string | Service>): readonly Service[] {
  const ids = given.filter((service) => typeof service === 'string')
  const own = given.filter((service) => typeof service !== 'string')
  const isBuiltIn = (service: Service) => builtIn.some((known) => known === service)
  return [
    ...selectServices(builtIn, ids),
    ...own.map((service) => (isBuiltIn(service) ? service : requireSoundService(service))),
  ]
}

function requireDistinct(services: readonly Service[]): void {
  const ids = services.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (services.length === 0) {
    throw new TokenwrightError('ERR_OPTION_INVALID', 'expected at least one service, received none')
  }
  if (twice !== undefined) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected services of distinct ids, received "${twice}" twice`,
    )
  }
}
