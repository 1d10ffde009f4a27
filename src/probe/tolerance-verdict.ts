// What a client's run says of a case: whether it was survived, and in words why not.

import type { ClientRun, ToleranceVerdict, ToleratedCase } from './tolerance.ts'
import type { ToleranceCase } from './tolerance-cases.ts'
import type { Observed } from './tolerance-mock.ts'

/** How a client's run ended. */
export type Ending = Pick<ClientRun, 'exitStatus' | 'timedOut' | 'lastWords'>

/** A case with what was seen. */
interface Evidence {
  readonly given: ToleranceCase
  readonly run: Observed & Ending
  /** The client where nothing is in its way. */
  readonly baseline: Observed
}

const mostTokenCalls = 50

/** A case and what became of the client in it. */
export function judgeTolerance(
  given: ToleranceCase,
  observed: Observed,
  ending: Ending,
  baseline: Observed,
): ToleratedCase {
  const { id, sentence, source } = given
  const { heededRetryAfter, signs: _, ...run } = { ...observed, ...ending }
  const evidence: Evidence = { given, run: { ...observed, ...ending }, baseline }
  const failure = isUntouched(evidence) ? undefined : failureOf(evidence)
  const missing = failure === undefined ? missingOf(evidence) : undefined
  const verdict: ToleranceVerdict =
    failure !== undefined ? 'failed' : missing !== undefined ? 'not_tried' : 'survived'
  const retried = retriedIn(evidence)
  return {
    id,
    sentence,
    source,
    verdict,
    reason: failure ?? missing ?? '',
    ...run,
    retried,
    heededRetryAfter,
  }
}

/** A case that was not tried, and cost no run. */
export function untried({ id, sentence, source }: ToleranceCase, reason: string): ToleratedCase {
  return {
    id,
    sentence,
    source,
    verdict: 'not_tried',
    reason,
    tokenCalls: 0,
    refreshCalls: 0,
    apiCalls: 0,
    apiCallsAnswered: 0,
    strayCalls: 0,
    clientAuthentication: [],
    secretsInUrls: [],
    exitStatus: null,
    timedOut: false,
    lastWords: [],
    retried: null,
    heededRetryAfter: null,
  }
}

/** All went well without a single request for a token. */
function isUntouched({ run }: Evidence): boolean {
  return run.exitStatus === 0 && run.tokenCalls === 0
}

/** Why a client did not survive; the first reason alone. */
function failureOf(evidence: Evidence): string | undefined {
  const { given, run } = evidence
  const { mostTokenCalls: most = mostTokenCalls } = given
  if (run.timedOut) return 'it did not end in its time'
  if (run.tokenCalls > most) return `it made ${run.tokenCalls} token calls, more than ${most}`
  return given.survivedWhen === 'fails' ? hiddenFailure(run) : openFailure(evidence)
}

function openFailure(evidence: Evidence): string | undefined {
  const { run, baseline } = evidence
  if (run.exitStatus !== 0) return `it failed${statusOf(run)}${afterCalls(run)}`
  const failure = (baseline.apiCalls === 0 ? undefined : apiFailure(evidence)) ?? tokenFailure(evidence)
  return failure === undefined ? undefined : `it ended as if all were well, and ${failure}`
}

function apiFailure({ given: { calls = 1 }, run, baseline }: Evidence): string | undefined {
  if (run.apiCallsAnswered === 0) return `the API answered none of its calls${afterCalls(run)}`
  // A client that makes as many calls as it is asked for has to have as many answered.
  const asked = run.apiCalls >= calls ? calls : 0
  const needed = Math.max(baseline.apiCallsAnswered, asked)
  if (run.apiCallsAnswered < needed || run.signs.givenUp > baseline.signs.givenUp)
    return `the API answered ${run.apiCallsAnswered} of its ${run.apiCalls} calls`
  return undefined
}

/** What came of the token calls: all there is to go by for a client that calls no API, or that refreshes after its calls. */
function tokenFailure({ given: { refreshes = 0 }, run, baseline }: Evidence): string | undefined {
  const { granted, refreshLost } = run.signs
  if (granted === 0) return `was granted no token${afterCalls(run)}`
  if (baseline.apiCalls === 0 && granted < baseline.signs.granted)
    return `was granted ${tokens(granted)} of ${baseline.signs.granted}${afterCalls(run)}`
  if (refreshes > 0 && refreshLost) return `got no other token when its refresh was refused${afterCalls(run)}`
  return undefined
}

/**
 * Whether a client's exit status alone says that it took a reply as it came: it calls no API, and the case has no token
 * call that has to be made again.
 */
export function restsOnStatus(given: ToleranceCase, baseline: Observed): boolean {
  return baseline.apiCalls === 0 && given.survivedWhen !== 'fails' && given.fails === undefined
}

/** What fails has to be told, and must not go on to the API. */
function hiddenFailure(run: Observed & Ending): string | undefined {
  if (run.apiCalls > 0) return `it called the API without a token ${timesOf(run.apiCalls)}`
  if (run.exitStatus === 0) return 'it ended as if all were well'
  return undefined
}

/** What the client would have had to do for the case to be one. */
function missingOf(evidence: Evidence): string | undefined {
  const { given, run, baseline } = evidence
  const { calls = 1, concurrency = 1, fails, refreshes = 0, outcomes } = given
  if (isUntouched(evidence)) return 'it made no token call: does it keep tokens between runs?'
  if (baseline.apiCalls === 0 && (calls > 1 || fails === 'api_call')) return 'it calls no API'
  if (given.survivedWhen !== 'fails' && run.apiCalls < calls && calls > 1)
    return `it called the API ${timesOf(run.apiCalls)} of ${calls}: let it make TOKENWRIGHT_CALLS calls`
  if (concurrency > 1 && run.signs.mostAtOnce < 2)
    return 'it made its calls one after the other: let it make TOKENWRIGHT_CONCURRENCY at once'
  if (run.refreshCalls < refreshes)
    return run.refreshCalls === 0
      ? 'it uses no refresh token'
      : `it used a refresh token ${timesOf(run.refreshCalls)} of ${refreshes}`
  if (outcomes !== undefined && !run.signs.metOutcome) return 'none of its token calls came to the outcome'
  return undefined
}

/** By more calls than it makes with nothing in its way. */
function retriedIn({ given: { fails, calls = 1, survivedWhen }, run, baseline }: Evidence): boolean | null {
  if (fails === 'token_call' || survivedWhen === 'fails')
    return run.tokenCalls === 0 ? null : run.tokenCalls > Math.max(1, baseline.tokenCalls)
  if (fails === 'api_call')
    return run.apiCalls === run.apiCallsAnswered ? null : run.apiCalls > Math.max(calls, baseline.apiCalls)
  return null
}

function statusOf({ exitStatus }: Ending): string {
  return exitStatus === null ? '' : ` with status ${exitStatus}`
}

function afterCalls({ tokenCalls, apiCalls }: Observed): string {
  const token = tokenCalls === 1 ? '1 token call' : `${tokenCalls} token calls`
  const api = apiCalls === 1 ? '1 call' : `${apiCalls} calls`
  return `, after ${token} and ${api} of the API`
}

function tokens(count: number): string {
  return count === 1 ? '1 token' : `${count} tokens`
}

function timesOf(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
