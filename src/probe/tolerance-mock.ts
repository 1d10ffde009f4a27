// The mock that a client is put to, set up for one case, and what it sees of the client.

import type { JournalEntry } from '../engine/journal.ts'
import type { Credentials } from '../fixture/message.ts'
import { systemTime } from '../host/ambient.ts'
import { startTokenServer, type TokenServer } from '../host/server.ts'
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import type { ProtectedRoute } from '../service/config.ts'
import type { Service } from '../service/service.ts'
import type { Redactor } from '../verify/redactor.ts'
import { type Arrival, type Arrivals, watchArrivals } from './arrivals.ts'
import { type Leak, leaksIn, learnShownTokens, type NamedSecret, pathOf } from './secrets-in-urls.ts'
import type { ClientRun } from './tolerance.ts'
import type { ToleranceCase } from './tolerance-cases.ts'

/** The credentials that a client is given. */
export type GivenCredentials = Required<
  Pick<Credentials, 'client_id' | 'client_secret' | 'username' | 'password'>
>

/** What every mock of a run is set up with. */
export interface MockSetup {
  readonly service: Service
  readonly credentials: GivenCredentials
  /** Beside the API's own route. */
  readonly protect: ReadonlyArray<string | ProtectedRoute>
}

/** A case as far as the mock depends on it. */
export type MockCase = Pick<
  ToleranceCase,
  'outcomes' | 'tokens' | 'clockAheadSeconds' | 'endsFirstToken' | 'concurrency'
>

/** A mock for one case. */
export interface CaseMock {
  readonly url: string
  readonly tokenEndpoint: string
  readonly apiUrl: string
  readonly observed: () => Observed
  readonly close: () => Promise<void>
}

/** What the mock saw of a client. */
export interface Observed extends Omit<ClientRun, 'exitStatus' | 'timedOut' | 'lastWords'> {
  /** `null` where no Retry-After was sent, or the client did not ask again. */
  readonly heededRetryAfter: boolean | null
  readonly signs: Signs
}

/** What counts for the verdict alone. */
export interface Signs {
  /** Whether a token call was answered otherwise than usual. */
  readonly metOutcome: boolean
  /** How many requests there were at most that had no reply yet. */
  readonly mostAtOnce: number
  /** How many calls of the API were refused for their token and never made again. */
  readonly givenUp: number
  /** How many token calls were granted, with a whole reply that has a token in it. */
  readonly granted: number
  /** Whether a refresh was refused, and no token call after it granted. */
  readonly refreshLost: boolean
  /** The secrets in URLs, each with its request. */
  readonly leaks: readonly Leak[]
  /** Why the last token call was refused, in the mock's own words; absent when it was not. */
  readonly refusal?: string
}

/** Who learns the tokens that the mock issues. */
export interface MockWitness {
  readonly redactor: Redactor
  /** The credentials that are secret, each by itself. */
  readonly named: readonly NamedSecret[]
  readonly onToken: (token: string) => void
}

/** The route that stands for the API. */
const apiPath = '/api'

/** Longer than any client keeps a token without asking. */
const aDaySeconds = 86_400

/** How long replies take where calls at once are to be told from calls one after the other, in milliseconds. */
const holdMs = 100

/** What timers of clients may be early by, in milliseconds. */
const timerSlackMs = 50

/** Starts a mock for a case; without a case, one with nothing in the client's way. */
export async function startCaseMock(
  setup: MockSetup,
  given: MockCase,
  { redactor, named, onToken }: MockWitness,
): Promise<CaseMock> {
  const { service, credentials, protect } = setup
  const { client_id, client_secret, username, password } = credentials
  const startedAt = systemTime()
  const server = await startTokenServer({
    services: [withTokens(service, given.tokens)],
    clients: [{ client_id, client_secret }],
    users: [{ username, password }],
    protect: [...protect, apiPath, `${apiPath}/*`],
    // Tokens that live for a second by their word are good for as long as the case takes.
    ...(given.tokens?.accessTokenLifetimeSeconds !== undefined && { now: () => startedAt }),
    ...(given.clockAheadSeconds !== undefined && { accessTokens: { format: 'jwt' } }),
  })
  if (given.outcomes !== undefined) server.respondNext(given.outcomes, { client_id })
  if (given.clockAheadSeconds !== undefined)
    server.clock.set(server.clock.now() + given.clockAheadSeconds * 1000)
  const isAtOnce = (given.concurrency ?? 1) > 1
  const arrivals = watchArrivals(Number(new URL(server.url).port), {
    onToken,
    ...(isAtOnce && { holdMs }),
  })
  const entries = noteEntries(server, given.endsFirstToken === true)
  return {
    url: server.url,
    tokenEndpoint: tokenEndpointOf(server),
    apiUrl: `${server.url}${apiPath}`,
    observed: () => {
      learnShownTokens(redactor, arrivals.all())
      return observedIn(server, entries, arrivals, { redactor, named })
    },
    close: async () => {
      arrivals.close()
      await server.close()
    },
  }
}

/** A service that issues no refresh tokens goes on issuing none. */
function withTokens(service: Service, tokens: MockCase['tokens']): Service {
  if (tokens === undefined) return service
  const { refreshTokens, ...lifetimes } = tokens
  const issues = service.tokens.refreshTokens !== 'none' && refreshTokens !== undefined
  return {
    ...service,
    tokens: { ...service.tokens, ...lifetimes, ...(issues && { refreshTokens }) },
  }
}

/** The most recent entries are too few where a client asks without an end; so the counts go by all of them. */
function noteEntries(server: TokenServer, endsFirstToken: boolean): readonly JournalEntry[] {
  const { journal, clock } = server
  const paths = pathsOf(server)
  const entries: JournalEntry[] = []
  let hasEnded = !endsFirstToken
  journal.subscribe((entry) => {
    if (entries.length < mostEntries) entries.push(entry)
    if (hasEnded || !isApiCall(paths, entry) || entry.refused !== undefined) return
    hasEnded = true
    clock.advance(aDaySeconds)
  })
  return entries
}

const mostEntries = 100_000

/** Every path of the endpoints: of one kind, or of all. */
function pathsOf({ services }: TokenServer, only?: 'token'): ReadonlySet<string> {
  const endpoints = services
    .flatMap((service) => service.endpoints)
    .filter(({ kind }) => only === undefined || kind === only)
  const urls = endpoints.flatMap(({ url, root_url }) => [url, ...(root_url === undefined ? [] : [root_url])])
  return new Set(urls.map((url) => new URL(url).pathname))
}

/** At the root of the server, as the service itself has it; vendors' SDKs know no other place. */
function tokenEndpointOf({ services, url }: TokenServer): string {
  const endpoint = services[0]?.endpoints.find(({ kind }) => kind === 'token')
  return endpoint?.root_url ?? endpoint?.url ?? url
}

function observedIn(
  server: TokenServer,
  entries: readonly JournalEntry[],
  { all, mostAtOnce }: Arrivals,
  { redactor, named }: Pick<MockWitness, 'redactor' | 'named'>,
): Observed {
  const arrivals = all()
  const leaks = leaksIn(arrivals, redactor, named)
  const tokenPaths = pathsOf(server, 'token')
  const endpointPaths = pathsOf(server)
  const tokenCalls = entries.filter(({ path }) => tokenPaths.has(path))
  const apiCalls = entries.filter((entry) => isApiCall(endpointPaths, entry))
  const methods = tokenCalls.flatMap(({ clientAuthentication = [] }) => clientAuthentication)
  return {
    tokenCalls: tokenCalls.length,
    refreshCalls: tokenCalls.filter(({ grantType }) => grantType === 'refresh_token').length,
    apiCalls: apiCalls.length,
    apiCallsAnswered: apiCalls.filter(({ refused }) => refused === undefined).length,
    strayCalls: entries.filter(({ refused }) => refused?.rule === 'documented-path').length,
    clientAuthentication: [...new Set<ClientAuthenticationMethod>(methods)],
    secretsInUrls: [...new Set(leaks.map(({ request }) => request))],
    signs: {
      metOutcome: tokenCalls.some(({ outcome = 'granted' }) => outcome !== 'granted'),
      mostAtOnce: mostAtOnce(),
      givenUp: givenUpIn(arrivals),
      granted: tokenCalls.filter(isGranted).length,
      refreshLost: tokenCalls
        .slice(tokenCalls.findLastIndex(isGranted) + 1)
        .some(({ grantType }) => grantType === 'refresh_token'),
      leaks,
      ...refusalIn(tokenCalls, redactor),
    },
    heededRetryAfter: heededRetryAfter(
      tokenCalls,
      arrivals.filter(({ target }) => tokenPaths.has(pathOf(target))),
    ),
  }
}

/** A reply that is spoilt, or never arrives whole, issues nothing. */
function isGranted({ issued }: JournalEntry): boolean {
  return issued !== undefined
}

function refusalIn(tokenCalls: readonly JournalEntry[], redactor: Redactor): Pick<Signs, 'refusal'> {
  const { status, refused } = tokenCalls.at(-1) ?? {}
  if (refused === undefined) return {}
  const { rule, detail, sentence, source } = refused
  const because = `${rule}: ${detail}; ${sentence.replace(/\.$/, '')} (${source})`
  return { refusal: redactor.redact(`with ${status} by ${because}`) }
}

/** What no endpoint has, and is no unknown path, is a route that asks for an access token. */
function isApiCall(endpointPaths: ReadonlySet<string>, { refused, path }: JournalEntry): boolean {
  const isEndpoint = endpointPaths.has(path) || path.startsWith('/.well-known/')
  return !isEndpoint && refused?.rule !== 'documented-path'
}

/** Calls that were refused for their token and never made again; the journal keeps no path of a client's own. */
function givenUpIn(arrivals: readonly Arrival[]): number {
  const last = new Map(
    arrivals.map(({ method, target, status }) => [`${method} ${pathOf(target)}`, status()]),
  )
  return [...last.values()].filter((status) => status === 401).length
}

/** By the machine's time, as the client's own waiting is. */
function heededRetryAfter(calls: readonly JournalEntry[], arrivals: readonly Arrival[]): boolean | null {
  const told = calls.findIndex(({ reply }) => reply.headers['retry-after'] !== undefined)
  const [first, next] = [arrivals[told], arrivals[told + 1]]
  const seconds = Number(calls[told]?.reply.headers['retry-after'])
  if (first === undefined || next === undefined || !Number.isFinite(seconds)) return null
  return next.at - first.at >= seconds * 1000 - timerSlackMs
}
