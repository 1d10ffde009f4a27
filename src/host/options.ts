// What every host is given: which services to serve, to whom, and how.
import { type Clock, createClock } from '../engine/clock.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { Signer } from '../engine/issuing.ts'
import type { RandomSource } from '../engine/random.ts'
import type { ClientMetadata, User } from '../oauth/words.ts'
import { requireSoundOptions } from '../schema/mock-options.ts'
import { requireSoundRegistrations } from '../schema/registrations.ts'
import { requireSoundService } from '../schema/sound-service.ts'
import type { AccessTokens, JwtOptions, ProtectedRoute } from '../service/config.ts'
import { TokenwrightError } from '../service/error.ts'
import { selectServices, servedOf } from '../service/lookup.ts'
import { type ChosenOptions, chooseOptions } from '../service/options.ts'
import { scenarios as builtInScenarios, outcomeGrammar, parseSequence } from '../service/outcomes.ts'
import type { Service } from '../service/service.ts'
import { services as builtIn } from '../services/services.ts'
import { systemRandom, systemTime, systemWait, type Wait } from './ambient.ts'
import { createSigner } from './signing.ts'

/** Options that all hosts share. */
export interface MockOptions {
  /** Ids of built-in services or of single variants, or services of your own. Default: every built-in service. */
  readonly services?: ReadonlyArray<string | Service>
  /** Clients beside the documented examples, known to every service. */
  readonly clients?: readonly ClientMetadata[]
  /** Resource owners of the password grant, beside the documented examples. */
  readonly users?: readonly User[]
  /** Choices that a service's documents leave open: `{ moov: { expires_in: 'unix_time' } }`. Default: each service's. */
  readonly options?: ChosenOptions
  /** Default: opaque, 43 random characters. */
  readonly accessTokens?: AccessTokens
  /** Stub routes behind a bearer token, as paths with `*`, or with a scope and a reply. Default: none. */
  readonly protect?: ReadonlyArray<string | ProtectedRoute>
  /** Sequences of outcomes by name, beside the built-in ones: `{ flaky: '429x2.granted' }`. */
  readonly scenarios?: Readonly<Record<string, string>>
  /** The time in milliseconds since 1970. Default: the machine's. */
  readonly now?: () => number
  /** Fills an array with random bytes. Default: the machine's cryptographic source. */
  readonly random?: RandomSource
  /**
   * Waits for an outcome that takes its time (`slow2s`, `drip`): resolves after so many milliseconds, or sooner once
   * `signal` aborts, because the client is gone. Default: the machine's time.
   */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** An engine with the clock that it goes by, and what its replies wait with. */
export interface TimedEngine {
  readonly engine: Engine
  readonly clock: Clock
  readonly wait: Wait
  /** What signs its access tokens, with the options that it was made of; absent while they are opaque. */
  readonly signing?: { readonly of: string; readonly signer: Signer } | undefined
}

/**
 * The engine for a host's options, with its clock; one that follows another keeps its clock, waiting, tokens and journal,
 * and its key unless another is asked for: what it signed goes on being verified by what is published.
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`, `ERR_SERVICE_INVALID`, or `ERR_OPTION_INVALID`
 */
export function engineFor(options: MockOptions, after?: TimedEngine): TimedEngine {
  const { services = builtIn.map(({ id }) => id), clients = [], users = [] } = options
  const { now = systemTime, random = systemRandom, protect = [] } = options
  const clock = after?.clock ?? createClock(now)
  const wait = options.wait ?? after?.wait ?? systemWait
  requireFunctions(options)
  const resolved = resolveServices(services)
  requireDistinct(resolved)
  requireSoundRegistrations(clients, users)
  requireSoundOptions(options)
  const chosen = chooseOptions(resolved, options.options ?? {})
  const { format = 'opaque', audience, claims, ...jwt } = options.accessTokens ?? { format: 'opaque' }
  const signing = format === 'jwt' ? signingFor(jwt, after) : undefined
  const scenarios = { ...builtInScenarios, ...options.scenarios }
  requireSequences(chosen, scenarios)
  const engine = createEngine({
    services: chosen,
    clients,
    users,
    clock,
    random,
    accessTokens: { signer: signing?.signer, audience, claims },
    protect: protect.map((route) => (typeof route === 'string' ? { path: route } : route)),
    scenarios,
    after: after?.engine,
  })
  return { engine, clock, wait, signing }
}

function signingFor(jwt: JwtOptions, after: TimedEngine | undefined): NonNullable<TimedEngine['signing']> {
  const of = JSON.stringify([jwt.alg, jwt.key, jwt.seed])
  return after?.signing?.of === of ? after.signing : { of, signer: createSigner(jwt) }
}

function requireFunctions(options: MockOptions): void {
  for (const name of ['now', 'random', 'wait'] as const) {
    if (options[name] === undefined || typeof options[name] === 'function') continue
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected ${name} to be a function, received another value`,
    )
  }
  if (options.services === undefined || Array.isArray(options.services)) return
  throw new TokenwrightError('ERR_OPTION_INVALID', 'expected services to be a list, received another value')
}

function resolveServices(given: ReadonlyArray<string | Service>): readonly Service[] {
  const ids = given.filter((service) => typeof service === 'string')
  const own = given.filter((service) => typeof service !== 'string')
  const isBuiltIn = (service: Service) => builtIn.some((known) => known === service)
  return [
    ...selectServices(builtIn, ids),
    ...own.map((service) => servedOf(isBuiltIn(service) ? service : requireSoundService(service))),
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

function requireSequences(services: readonly Service[], scenarios: Readonly<Record<string, string>>): void {
  for (const [name, sequence] of Object.entries(scenarios)) {
    // Not a name again: a sequence that names others could go round.
    if (services.some((service) => parseSequence(sequence, service, {}) !== undefined)) continue
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `scenarios/${name}: expected ${outcomeGrammar}, received another sequence`,
    )
  }
}
