// Which outcome answers a request: the one that it prefers, the next one that was queued, or the one in its client id.
import { detach } from '../oauth/text.ts'
import { TokenwrightError } from '../service/error.ts'
import {
  findOutcome,
  type Outcome,
  outcomeGrammar,
  outcomes,
  parseSequence,
  type Turn,
} from '../service/outcomes.ts'
import type { Service } from '../service/service.ts'
import type { Refused } from './refused.ts'

/** Whose requests a queued outcome is for; absent members match any. */
export interface OutcomeTarget {
  readonly service?: string
  readonly client_id?: string
}

/** A queued sequence, with what is left of it. */
export interface QueuedOutcome extends OutcomeTarget {
  readonly outcome: string
  /** How many requests it will still answer. */
  readonly requests: number
}

/** A sequence that a client is under way in. */
export interface ScenarioState {
  readonly service: string
  readonly client_id: string
  readonly sequence: string
  /** How many requests it has answered. */
  readonly requests: number
}

/** A request, as far as its outcome depends on it. */
export interface OutcomeRequest {
  readonly service: Service
  /** The `Prefer` field. */
  readonly prefer: string | undefined
  /** The client, without a sequence; absent when it is not known. */
  readonly client_id: string | undefined
  /** The sequence behind the client id; absent when there is none. */
  readonly sequence: string | undefined
}

/** An outcome with its name. */
export interface NamedOutcome {
  readonly name: string
  readonly outcome: Outcome
}

/** Outcomes on demand. */
export interface OutcomeControl {
  /**
   * Answers the next requests with a sequence of outcomes, each of them once or as often as `x<count>` says.
   * @throws {TokenwrightError} `ERR_OPTION_INVALID` for an outcome that does not exist
   */
  readonly respondNext: (sequence: string, target?: OutcomeTarget) => void
  /** The sequences that have a name. */
  readonly named: Readonly<Record<string, string>>
  /** What is queued, the next first. */
  readonly queued: () => readonly QueuedOutcome[]
  readonly scenarios: () => readonly ScenarioState[]
  /** Empties the queue. */
  readonly clearQueue: () => void
  /** Starts every sequence anew. */
  readonly restart: () => void
  /** Whether a sequence behind a client id is one. */
  readonly isSequence: (sequence: string, service: Service) => boolean
  /** The outcome of this request, which is thereby counted; a refusal for a preference that does not exist. */
  readonly take: (request: OutcomeRequest) => NamedOutcome | Refused | undefined
}

interface Queued extends OutcomeTarget {
  readonly name: string
  requests: number
}

const capacity = 10_000
const longestSequence = 200

/** Outcomes for a set of services; `scenarios` are sequences by name. */
export function createOutcomeControl(
  services: readonly Service[],
  scenarios: Readonly<Record<string, string>>,
): OutcomeControl {
  const queue: Queued[] = []
  const states = new Map<string, { readonly state: Omit<ScenarioState, 'requests'>; requests: number }>()
  const turnsOf = (sequence: string, service: Service | undefined) =>
    sequence.length > longestSequence ? undefined : parseSequence(sequence, service, scenarios)

  const takeQueued = (request: OutcomeRequest): NamedOutcome | undefined => {
    const index = queue.findIndex((queued) => isFor(queued, request))
    const queued = queue[index]
    if (queued === undefined) return undefined
    queued.requests -= 1
    if (queued.requests <= 0) queue.splice(index, 1)
    const outcome = findOutcome(queued.name, request.service)
    return outcome && { name: queued.name, outcome }
  }
  const takeTurn = (
    { service, client_id = '' }: OutcomeRequest,
    sequence: string,
  ): NamedOutcome | undefined => {
    const key = JSON.stringify([service.id, client_id, sequence])
    const state = { service: service.id, client_id, sequence: detach(sequence) }
    const known = states.get(key) ?? { state, requests: 0 }
    states.set(key, known)
    if (states.size > capacity) states.delete(states.keys().next().value ?? '')
    known.requests += 1
    return turnAt(turnsOf(sequence, service) ?? [], known.requests)
  }
  return {
    respondNext: (sequence, target = {}) => {
      requireTarget(services, target)
      const targets = services.filter(({ id }) => target.service === undefined || target.service === id)
      const turns = targets.map((each) => turnsOf(sequence, each)).find(Boolean)
      if (turns === undefined) throw unknownOutcome(sequence)
      if (queue.length + turns.length > capacity)
        throw new TokenwrightError(
          'ERR_OPTION_INVALID',
          `expected at most ${capacity} queued outcomes, received more`,
        )
      queue.push(
        ...turns.map(({ name, requests }) => ({
          ...target,
          name,
          requests: requests === Infinity ? 1 : requests,
        })),
      )
    },
    named: scenarios,
    queued: () => queue.map(({ name, ...rest }) => ({ outcome: name, ...rest })),
    scenarios: () => [...states.values()].map(({ state, requests }) => ({ ...state, requests })),
    clearQueue: () => {
      queue.length = 0
    },
    restart: () => states.clear(),
    isSequence: (sequence, service) => turnsOf(sequence, service) !== undefined,
    take: (request) => {
      const preferred = request.prefer === undefined ? undefined : preferenceIn(request.prefer)
      if (preferred !== undefined) {
        if (turnsOf(preferred, request.service) !== undefined) return takeTurn(request, preferred)
        return { rule: 'known-preference', detail: `expected ${outcomeGrammar}, received another preference` }
      }
      const queued = queue.length === 0 ? undefined : takeQueued(request)
      if (queued !== undefined || request.sequence === undefined) return queued
      return takeTurn(request, request.sequence)
    },
  }
}

/** An outcome that not every service has waits for one that has it. */
function isFor({ name, service, client_id }: Queued, request: OutcomeRequest): boolean {
  return (
    findOutcome(name, request.service) !== undefined &&
    (service === undefined || service === request.service.id) &&
    (client_id === undefined || client_id === request.client_id)
  )
}

function turnAt(turns: readonly Turn[], request: number): NamedOutcome | undefined {
  let last = 0
  for (const { name, outcome, requests } of turns) {
    last += requests
    if (request <= last) return { name, outcome }
  }
  return undefined
}

/** `code=503` or `outcome=slow2s` among other preferences. @see RFC 7240 §2 */
function preferenceIn(prefer: string): string | undefined {
  for (const preference of prefer.split(/[,;]/)) {
    const [name = '', ...value] = preference.split('=')
    const isOurs = ['code', 'outcome'].includes(name.trim().toLowerCase())
    if (isOurs)
      return value
        .join('=')
        .trim()
        .replace(/^"(.*)"$/, '$1')
  }
  return undefined
}

function requireTarget(services: readonly Service[], { service }: OutcomeTarget): void {
  if (service === undefined || services.some(({ id }) => id === service)) return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected the id of a service that is served, received another; known: ${services.map(({ id }) => id).join(', ')}`,
  )
}

function unknownOutcome(sequence: string): TokenwrightError {
  return new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected an outcome (${outcomeGrammar}), received ${JSON.stringify(sequence.slice(0, 60))}; known names: ${Object.keys(outcomes).join(', ')}`,
  )
}
