// The engine: a request in, the vendor's reply out. It knows neither node:http nor MSW, neither the time nor chance.
import type { HttpReply, HttpRequest } from '../oauth/message.ts'
import type { ClientMetadata, User } from '../oauth/words.ts'
import type { ProtectedRoute } from '../service/config.ts'
import type { Service } from '../service/service.ts'
import type { Clock } from './clock.ts'
import { type DeskState, openDesk } from './desk.ts'
import type { Hearing } from './hearing.ts'
import type { AccessTokenOptions } from './issuing.ts'
import { createJournal, type Journal } from './journal.ts'
import { type Court, judge } from './judge.ts'
import { createMounts, type Mounts } from './mounts.ts'
import { createOutcomeControl, type OutcomeControl } from './outcome-control.ts'
import { createRandomStrings, type RandomSource } from './random.ts'
import { createRecorder } from './recording.ts'
import { formatReply } from './reply.ts'
import type { Verdict } from './verdict.ts'

/** What an engine is made of. */
export interface EngineOptions {
  readonly services: readonly Service[]
  /** Known to every service, beside its documented example. */
  readonly clients: readonly ClientMetadata[]
  readonly users: readonly User[]
  readonly clock: Clock
  readonly random: RandomSource
  /** Default: opaque. */
  readonly accessTokens?: AccessTokenOptions
  /** Default: none. */
  readonly protect?: readonly ProtectedRoute[]
  /** Sequences of outcomes, by name. */
  readonly scenarios: Readonly<Record<string, string>>
  /** An engine whose tokens and journal this one goes on with. */
  readonly after?: Engine | undefined
}

/** Services that answer. */
export interface Engine {
  /** Never throws for anything a client can send; waits only for signatures that the host cannot make at once. */
  readonly answer: (request: HttpRequest) => HttpReply | Promise<HttpReply>
  readonly journal: Journal
  readonly outcomes: OutcomeControl
  readonly mounts: Mounts
  /** The largest body that any service reads; a host need not pass more than one byte beyond. */
  readonly maxBodyBytes: number
  /** What the services have issued, by service id. */
  readonly states: ReadonlyMap<string, DeskState>
}

const journalCapacity = 1000

/** Makes an engine of services. */
export function createEngine(options: EngineOptions): Engine {
  const {
    services,
    clients,
    users,
    clock,
    random,
    accessTokens = {},
    protect = [],
    scenarios,
    after,
  } = options
  const outcomes = createOutcomeControl(services, scenarios)
  const { isSequence } = outcomes
  const desks = services.map((service) =>
    openDesk(service, {
      clients,
      users,
      isSequence,
      isProtecting: protect.length > 0,
      state: after?.states.get(service.id),
    }),
  )
  const mounts = createMounts(desks)
  const pathParts = new Set([...mounts.all, ...protect].flatMap(({ path }) => path.split('/')))
  const record = createRecorder(pathParts)
  const journal = after?.journal ?? createJournal(journalCapacity)
  const strings = createRandomStrings(random)
  const court: Court = { desks, mounts, outcomes, protect, issuing: { random: strings, accessTokens } }
  const serviceOf = ({ place, request }: Hearing) =>
    place === undefined ? mounts.ownerOf(request.path)?.service : place.mount.desk.service
  const finish = (hearing: Hearing, verdict: Verdict): HttpReply => {
    const service = serviceOf(hearing)
    const reply = formatReply(hearing, verdict, service, strings)
    journal.add(record(journal.nextId(), hearing, verdict, service, reply))
    return reply
  }
  return {
    answer: (request) => {
      const place = mounts.find(request.path)
      const hearing: Hearing = { request, now: clock.now(), ...(place && { place }) }
      const verdict = judge(court, hearing)
      return verdict instanceof Promise
        ? verdict.then((kept) => finish(hearing, kept))
        : finish(hearing, verdict)
    },
    journal,
    outcomes,
    mounts,
    maxBodyBytes: Math.max(0, ...services.map(({ limits }) => limits.maxBodyBytes)),
    states: new Map(desks.map((desk) => [desk.service.id, desk])),
  }
}
