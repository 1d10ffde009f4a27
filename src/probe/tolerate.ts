// A team's real client against the mock, once per case: what it survives, what it tries again, how often it calls, and
// whether it ever sends a secret in a URL.

import type { ProtectedRoute } from '../service/config.ts'
import { TokenwrightError } from '../service/error.ts'
import { findService } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import { services } from '../services/services.ts'
import { type Redactor, secretsOf } from '../verify/redactor.ts'
import { createHexRedactor } from './hex-secrets.ts'
import { lastLinesOf } from './last-lines.ts'
import { withoutBeginnings, withoutHalfAtEnd } from './partial-secrets.ts'
import type { NamedSecret } from './secrets-in-urls.ts'
import type { Tolerance, ToleratedCase } from './tolerance.ts'
import { type ToleranceCase, toleranceCases } from './tolerance-cases.ts'
import { type CaseMock, type GivenCredentials, type MockSetup, startCaseMock } from './tolerance-mock.ts'
import { type Ending, judgeTolerance, restsOnStatus, untried } from './tolerance-verdict.ts'

export type { ClientRun, Tolerance, ToleranceVerdict, ToleratedCase } from './tolerance.ts'
export { type ToleranceCase, toleranceCases } from './tolerance-cases.ts'
export type { GivenCredentials } from './tolerance-mock.ts'

/** What a client is given for one case. */
export interface ToleranceTarget {
  /** The mock, without a final slash: the base URL of vendors' SDKs. */
  readonly url: string
  readonly tokenEndpoint: string
  readonly credentials: GivenCredentials
  /** A route that asks for an access token; what is under it does, too. */
  readonly apiUrl: string
  /** The case's id; `baseline` for the first run. */
  readonly case: string
  /** How many calls of the API to make with one client. */
  readonly calls: number
  /** How many of them at once. */
  readonly concurrency: number
  /** Aborts when the time of the case is over. */
  readonly signal: AbortSignal
}

/** Options of {@link toleranceTest}. */
export interface ToleranceOptions {
  /** The id of a built-in service or of one of its variants, or a service of your own. Default: `rfc6749`. */
  readonly service?: string | Service
  /** The cases to try, by their ids. Default: all. */
  readonly cases?: readonly string[]
  /** Routes that ask for an access token, beside `/api` and what is under it. */
  readonly protect?: ReadonlyArray<string | ProtectedRoute>
  /** What the client is given in place of made-up ones, such as an id of the shape that it checks. */
  readonly credentials?: Partial<GivenCredentials>
  /** The longest time of a case, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number
  /** Ends the run early; what was done is reported. */
  readonly signal?: AbortSignal
  /** Called with each case once it has its verdict. */
  readonly onProgress?: (done: number, total: number, tolerated: ToleratedCase) => void
}

/** A client as the runner knows it: it never throws. */
export interface RunClient {
  /** The name in reports. */
  readonly name: string
  readonly run: (target: ToleranceTarget, redactor: Redactor) => Promise<Ending>
}

/** What is run when nothing is in the client's way. */
const baselineId = 'baseline'
const defaultTimeoutMs = 30_000
/** The longest time that a case may have, in milliseconds. */
export const longestTimeoutMs = 600_000

/** Made up, and like nothing else that a URL or a message might have in it. */
const madeUp: GivenCredentials = {
  client_id: 'tolerance-client',
  client_secret: 'example-tolerance-secret',
  username: 'tolerance-user',
  password: 'example-tolerance-password',
}

/**
 * Runs a client in this process: it calls the API, and by that asks for tokens; it fails by throwing.
 *
 * @throws {TokenwrightError} `ERR_CLIENT_FAILED` when the client fails with nothing in its way, `ERR_OPTION_INVALID`, or
 *   `ERR_SERVICE_UNKNOWN`
 */
export async function toleranceTest(
  options: ToleranceOptions,
  client: (target: ToleranceTarget) => Promise<unknown>,
): Promise<Tolerance> {
  requireArguments(options, client)
  return await runTolerance(options, {
    name: client.name === '' ? 'client' : client.name,
    run: async (target, redactor) => {
      if (target.signal.aborted) return endedAtOnce
      const ended = new Promise<'ended'>((resolve) =>
        target.signal.addEventListener('abort', () => resolve('ended'), { once: true }),
      )
      try {
        const first = await Promise.race([Promise.resolve(client(target)), ended])
        return first === 'ended' && target.signal.aborted
          ? endedAtOnce
          : { exitStatus: 0, timedOut: false, lastWords: [] }
      } catch (error) {
        return { exitStatus: 1, timedOut: false, lastWords: wordsOf(error, target, redactor) }
      }
    },
  })
}

const endedAtOnce: Ending = { exitStatus: null, timedOut: true, lastWords: [] }

/**
 * Runs a client once with nothing in its way, and once per case.
 *
 * @throws {TokenwrightError} as {@link toleranceTest} does
 */
export async function runTolerance(options: ToleranceOptions, client: RunClient): Promise<Tolerance> {
  const { timeoutMs = defaultTimeoutMs, signal } = options
  requireTimeout(timeoutMs)
  const chosen = chooseCases(options.cases)
  const setup = setupOf(options)
  const trial: Trial = {
    setup,
    client,
    redactor: createHexRedactor(secretsToHide(setup.credentials)),
    named: namedSecrets(setup.credentials),
    issued: new Set(),
    timeoutMs,
    signal,
  }
  const baseline = await tryOnce(trial, { id: baselineId })
  if (isOver(trial)) return summaryOf(trial, baseline, [])
  requireSoundBaseline(client, baseline)
  const usual: Usual = { baseline, refused: refusedOnce(trial) }
  const cases: ToleratedCase[] = []
  for (const given of chosen) {
    const tolerated = await tryCase(trial, given, usual)
    // What was under way when the run ended has no verdict.
    if (isOver(trial)) break
    cases.push(tolerated)
    options.onProgress?.(cases.length, chosen.length, tolerated)
  }
  return summaryOf(trial, baseline, cases)
}

/** What every case of a run is tried with. */
interface Trial {
  readonly setup: MockSetup
  readonly client: RunClient
  readonly redactor: Redactor
  /** The credentials that are secret, each by itself. */
  readonly named: readonly NamedSecret[]
  /** The tokens that the mocks issued, or what a reply that broke off had of them. */
  readonly issued: Set<string>
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

function isOver({ signal }: Trial): boolean {
  return signal?.aborted === true
}

type Run = ReturnType<CaseMock['observed']> & Ending

/** What the client is known to do, by which its cases are judged. */
interface Usual {
  readonly baseline: Run
  /** Where it gets no token: what its exit status is worth. */
  readonly refused: () => Promise<Run>
}

async function tryCase(
  trial: Trial,
  given: ToleranceCase,
  { baseline, refused }: Usual,
): Promise<ToleratedCase> {
  const { tokens } = trial.setup.service
  if ((given.refreshes ?? 0) > 0 && tokens.refreshTokens === 'none')
    return untried(given, 'the service issues no refresh tokens')
  const run = given.id === refusedId ? await refused() : await tryOnce(trial, given)
  const judged = judgeTolerance(given, run, run, baseline)
  if (judged.verdict !== 'survived' || !restsOnStatus(given, baseline)) return judged
  const { exitStatus } = await refused()
  return exitStatus === 0 ? { ...judged, verdict: 'not_tried', reason: tellsNothing } : judged
}

/** The case in which the client gets no token, whatever it does. */
const refusedId = 'client_refused_400'

const tellsNothing = 'it calls no API, and ends well without a token, too: let it end with another status'

/** The client where it is refused each time: run when it is first asked for, and once. */
function refusedOnce(trial: Trial): () => Promise<Run> {
  let run: Promise<Run> | undefined
  return () => {
    const given = toleranceCases.find(({ id }) => id === refusedId) ?? { id: refusedId }
    run ??= tryOnce(trial, given)
    return run
  }
}

async function tryOnce(trial: Trial, given: Partial<ToleranceCase> & { readonly id: string }): Promise<Run> {
  const { setup, client, redactor, timeoutMs, signal } = trial
  const mock = await startCaseMock(setup, given, {
    redactor,
    named: trial.named,
    onToken: (token) => learn(trial, token),
  })
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  try {
    const ending = await client.run(
      {
        url: mock.url,
        tokenEndpoint: mock.tokenEndpoint,
        apiUrl: mock.apiUrl,
        credentials: setup.credentials,
        case: given.id,
        calls: given.calls ?? 1,
        concurrency: given.concurrency ?? 1,
        signal: AbortSignal.any([timeout.signal, ...(signal ? [signal] : [])]),
      },
      withoutParts(trial),
    )
    return { ...mock.observed(), ...ending, timedOut: ending.timedOut && timeout.signal.aborted }
  } finally {
    clearTimeout(timer)
    await mock.close()
  }
}

/** The newest tokens alone are looked for in parts. */
const mostIssued = 1000

function learn({ redactor, issued }: Trial, token: string): void {
  redactor.add(token)
  issued.add(token)
  if (issued.size > mostIssued) issued.delete(issued.values().next().value ?? '')
}

/** A redactor that finds what a broken reply has of a token, and what is left of a secret at the end of a text. */
function withoutParts({ redactor, issued, setup: { credentials } }: Trial): Redactor {
  const { client_secret, password } = credentials
  return {
    ...redactor,
    redact: (text) =>
      withoutHalfAtEnd(withoutBeginnings(redactor.redact(text), issued), [client_secret, password]),
  }
}

function summaryOf(trial: Trial, baseline: Run, cases: readonly ToleratedCase[]): Tolerance {
  const { setup, client } = trial
  const countOf = (verdict: ToleratedCase['verdict']) =>
    cases.filter((tolerated) => tolerated.verdict === verdict).length
  const { heededRetryAfter: _, signs: __, ...first } = baseline
  return {
    service: setup.service.id,
    client: client.name,
    baseline: first,
    cases,
    survived: countOf('survived'),
    failed: countOf('failed'),
    notTried: countOf('not_tried'),
    leaking: [first, ...cases].filter(({ secretsInUrls }) => secretsInUrls.length > 0).length,
    ...(isOver(trial) && { ended: 'it was interrupted' }),
  }
}

/** A client that fails by itself, or asks someone else, would fail every case for no fault of the case. */
function requireSoundBaseline({ name }: RunClient, run: Run): void {
  const problem = baselineProblem(run)
  if (problem === undefined) return
  const words = run.lastWords.length === 0 ? '' : `; its last words: ${run.lastWords.join(' | ')}`
  throw new TokenwrightError(
    'ERR_CLIENT_FAILED',
    `expected ${name} to get a token with nothing in its way, but ${problem}${leakWords(run)}${words}`,
  )
}

function baselineProblem(run: Run): string | undefined {
  const { tokenCalls, apiCalls, apiCallsAnswered } = run
  const refusal = refusalProblem(run)
  const besides = `${refusal === undefined ? '' : `; ${refusal}`}${strayWords(run)}`
  if (run.timedOut) return `it did not end in its time${besides}`
  if (run.exitStatus !== 0)
    return `it failed${run.exitStatus === null ? '' : ` with status ${run.exitStatus}`}${besides}`
  if (tokenCalls === 0)
    return `it never called the token endpoint${besides}; next: let it take its URLs from what it is given, a command from TOKENWRIGHT_TOKEN_ENDPOINT`
  if (refusal !== undefined)
    return `${refusal}${strayWords(run)}; next: let it ask with what it is given, a command with TOKENWRIGHT_CLIENT_ID and TOKENWRIGHT_CLIENT_SECRET`
  if (apiCalls > 0 && apiCallsAnswered === 0)
    return `the API answered none of its calls, ${apiCalls} in all${besides}`
  return undefined
}

function strayWords({ strayCalls }: Run): string {
  if (strayCalls === 0) return ''
  const paths = strayCalls === 1 ? '1 path' : `${strayCalls} paths`
  return `; it asked for ${paths} that the mock does not have`
}

/** A run that goes no further has no report to tell of it. */
function leakWords({ signs: { leaks } }: Run): string {
  if (leaks.length === 0) return ''
  const each = leaks.map(({ what, request }) => `${what} in that of ${request}`)
  return `; no secret should stand in a URL, and there was ${each.join(', ')}`
}

/** A client may be refused and mend that itself: what counts is whether any of its token calls was granted. */
function refusalProblem({ tokenCalls, signs: { granted, refusal } }: Run): string | undefined {
  if (tokenCalls === 0 || granted > 0) return undefined
  const calls =
    tokenCalls === 1 ? 'its token call was' : `none of its ${tokenCalls} token calls was granted, the last`
  return refusal === undefined ? `${calls} answered without a token` : `${calls} refused ${refusal}`
}

function setupOf({ service = 'rfc6749', credentials, protect = [] }: ToleranceOptions): MockSetup {
  return {
    service: typeof service === 'string' ? findService(services, service) : service,
    credentials: { ...madeUp, ...credentials },
    protect,
  }
}

/** The client id is none. */
function secretsToHide({ client_id, client_secret, password }: GivenCredentials): readonly string[] {
  return secretsOf({ client_id, client_secret, password }).filter((secret) => secret !== client_id)
}

function namedSecrets({ client_secret, password }: GivenCredentials): readonly NamedSecret[] {
  return [
    ['the client secret', createHexRedactor([client_secret])],
    ['the password', createHexRedactor([password])],
  ]
}

function chooseCases(ids: readonly string[] | undefined): readonly ToleranceCase[] {
  const known = toleranceCases.map(({ id }) => id)
  for (const id of ids ?? []) {
    if (known.includes(id)) continue
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected the id of a case, received ${JSON.stringify(id)}; known: ${known.join(', ')}`,
    )
  }
  return ids === undefined ? toleranceCases : toleranceCases.filter(({ id }) => ids.includes(id))
}

function requireArguments(options: unknown, client: unknown): void {
  const isOptions = typeof options === 'object' && options !== null
  if (isOptions && typeof client === 'function') return
  const [what, received] = isOptions
    ? ['the client to be a function', client]
    : ['options to be an object', options]
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected ${what}, received ${received === null ? 'null' : typeof received}; next: toleranceTest({}, async ({ tokenEndpoint, apiUrl, credentials }) => { … })`,
  )
}

function requireTimeout(timeoutMs: number): void {
  if (Number.isInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= longestTimeoutMs) return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected timeoutMs to be a whole number from 1 to ${longestTimeoutMs}, received ${timeoutMs}`,
  )
}

/** An error's own message, and those of what caused it. */
function wordsOf(error: unknown, target: ToleranceTarget, redactor: Redactor): readonly string[] {
  const words: string[] = []
  for (let cause: unknown = error; cause !== undefined && words.length < deepestCause; ) {
    words.push(cause instanceof Error ? `${cause.name}: ${cause.message}` : textOf(cause))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  const text = words.map((word) => word.replace(/\s*\n\s*/g, ' ')).join('\n')
  return lastLinesOf({ text, isCut: false }, target, redactor)
}

/** Whatever was thrown: not everything can be made a text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'an object without a text'
  }
}

const deepestCause = 4
