// Why a request fails: the nearest documented request that the service accepts, and of what differs the least that has to change.

import type { Credentials } from '../fixture/message.ts'
import { foldName } from '../schema/request.ts'
import type { WireParameters } from '../service/exchanges.ts'
import type { Service } from '../service/service.ts'
import type { Incoming, Outgoing } from '../verify/connection.ts'
import type { Redactor } from '../verify/redactor.ts'
import { minimalSubset } from './delta-debugging.ts'
import { shownWords } from './foreign-words.ts'
import { type PlannedCell, planMatrix } from './matrix.ts'
import type { MatrixCell, ProbedExchange } from './probed.ts'
import { differencesBetween, type RequestDifference, withDifferences } from './request-differences.ts'
import { requestLineOf } from './request-line.ts'
import { type ClientKey, clientAssertion } from './signed-jwt.ts'
import { type Answer, type Asker, createAsker, freshRefreshToken } from './token-asking.ts'
import {
  credentialIn,
  isTrial,
  outgoingOf,
  type TokenRequest,
  textOf,
  tidied,
  withValues,
} from './token-request.ts'
import { revokeTokens } from './token-revocation.ts'

/** What is asked. */
export interface ExplainOptions {
  /** The token endpoint that the request should have gone to. */
  readonly url: URL
  /** Whose documented requests are tried. */
  readonly services: readonly Service[]
  readonly request: TokenRequest
  readonly credentials: Credentials
  /** The client's private key, for private_key_jwt. Default: none. */
  readonly key?: ClientKey | undefined
  readonly redactor: Redactor
  /** @throws {ConnectionFailure} */
  readonly send: (request: Outgoing) => Promise<Incoming>
  /** What every documented request has beside its parameters. Default: nothing. */
  readonly parameters?: WireParameters | undefined
  /** Most requests in all. Default: 40. */
  readonly maxRequests?: number | undefined
  /** How many requests with another secret or password than the given one may be sent. Default: 3. */
  readonly maxRefusals?: number | undefined
  /** Why nothing more should be sent; `undefined` while there is no reason. Default: none. */
  readonly held?: () => string | undefined
}

/** A change that turns refusal into success, in words. */
export interface ExplainedChange {
  readonly what: string
  readonly sent: string
  readonly accepted: string
}

/** A documented request, and what came of it. */
export interface TriedVariant
  extends Pick<
    MatrixCell,
    'variants' | 'grantType' | 'contentType' | 'authentication' | 'outcome' | 'status' | 'error' | 'reason'
  > {
  /** In how many single changes the failing request differs from it. */
  readonly differences: number
}

/** The answer, without a secret in it. */
export interface Explanation {
  readonly url: string
  /**
   * `accepted`: the request does not fail. `explained`: what has to change is known. `no_variant`: nothing that is documented
   * is accepted either. `ended`: it could not be found out.
   */
  readonly outcome: 'accepted' | 'explained' | 'no_variant' | 'ended'
  /** The request as it was given, as a line of curl. */
  readonly failing: ProbedExchange
  /** Whether it was refused at first, and accepted when it was sent again. */
  readonly isUnsteady: boolean
  /** The documented requests that were tried, the nearest first. */
  readonly tried: readonly TriedVariant[]
  /** Ids of the variants whose request was accepted. */
  readonly variants: readonly string[]
  /** The changes, none of which can be left out if `isMinimal`. */
  readonly changes: readonly ExplainedChange[]
  /** Whether the request was shown to be refused when any single one of the changes is left out. */
  readonly isMinimal: boolean
  /** The request with the changes, as a line of curl; absent where there are none. */
  readonly mended?: string
  /** What is to be known beside; why something was not found out. */
  readonly notes: readonly string[]
  /** How many requests were sent, but for those by which tokens were revoked. */
  readonly sent: number
  /** How many of the tokens that were granted the service took back. */
  readonly revoked: number
}

/** What {@link explainRequest} would send. */
export interface ExplanationPlan {
  readonly url: string
  /** Most requests in all: beside the ones below, some with a part of the changes between two of them. */
  readonly maxRequests: number
  /** The failing request as a line of curl, and why it would not be sent; then documented ones, the nearest first. */
  readonly requests: ReadonlyArray<{
    readonly what: string
    readonly request: string
    readonly skipped?: string
  }>
}

const defaultMaxRequests = 40
const defaultMaxRefusals = 3

/**
 * Explains a failing request. Token requests are sent to the one origin, and nothing else but what revokes the tokens that
 * were granted, where the service offers it.
 */
export async function explainRequest(options: ExplainOptions): Promise<Explanation> {
  const { url, credentials, key, send, held = () => undefined } = options
  const { client_id = '' } = credentials
  // RFC 7523 §3: the token endpoint is an audience that a service knows without its metadata.
  const signed = key && (() => clientAssertion(key, client_id, url.href, {}))
  const asker = createAsker({ ...options, clientAssertion: signed })
  const explanation = await findExplanation(options, asker)
  // At many services a revoked access token ends the refresh token that it came by.
  const tokens = credentials.refresh_token === undefined ? asker.issued() : []
  const revoked = await revokeTokens({ url, credentials, clientAssertion: signed, send, held }, tokens)
  return { ...explanation, revoked }
}

/** What {@link explainRequest} would send at most; nothing is sent. */
export function planExplanation(options: Omit<ExplainOptions, 'send'>): ExplanationPlan {
  const {
    url,
    credentials,
    redactor,
    maxRequests = defaultMaxRequests,
    maxRefusals = defaultMaxRefusals,
  } = options
  const failing = withFreshToken(options.request, credentials)
  const line = (request: TokenRequest) =>
    requestLineOf(request, { origin: url.origin, credentials, redactor })
  const isHeldBack = maxRefusals === 0 && isTrial(failing, credentials)
  return {
    url: url.origin + url.pathname,
    maxRequests,
    requests: [
      {
        what: 'the failing request',
        request: line(failing),
        ...(isHeldBack && { skipped: 'it has another secret or password than the given one' }),
      },
      ...candidatesFor(options, failing)
        .slice(0, maxRequests - 1)
        .map(({ planned, request }) => ({ what: planned.cell.variants[0] ?? '', request: line(request) })),
    ],
  }
}

async function findExplanation(options: ExplainOptions, asker: Asker): Promise<Omit<Explanation, 'revoked'>> {
  const { url, credentials, redactor } = options
  const failing = withFreshToken(options.request, credentials)
  const questions = createQuestions(options, failing, asker)
  const line = (request: TokenRequest, isRaw = false) =>
    requestLineOf(request, { origin: url.origin, credentials, redactor, isRaw })
  const finish = (found: Partial<Explanation>): Omit<Explanation, 'revoked'> => ({
    url: url.origin + url.pathname,
    outcome: 'ended',
    failing: exchangeOf(line(failing), questions.first()),
    isUnsteady: false,
    tried: [],
    variants: [],
    changes: [],
    isMinimal: false,
    ...found,
    notes: [...hostNotes(failing, url), ...(found.notes ?? []), ...questions.notes()].map((note) =>
      redactor.redact(note),
    ),
    sent: questions.sent(),
  })
  const first = await questions.isAccepted(failing)
  const second = first === false ? await questions.isAccepted(failing, { again: true }) : first
  if (second === true)
    return finish({ outcome: 'accepted', isUnsteady: questions.first()?.outcome !== 'accepted' })
  // Whether it is refused at all is not known: there is nothing to explain.
  const shown = questions.first()
  if (second === undefined && shown !== undefined && !isDecided(shown)) return finish({})
  const { tried, found } = await nearestAccepted(options, failing, questions)
  if (found === undefined) return finish({ outcome: questions.ended() ? 'ended' : 'no_variant', tried })
  const { changes, isMinimal, notes } = await leastChanges(failing, found.request, questions)
  const result = { tried, variants: found.cell.variants, notes }
  if (changes.length === 0) return finish({ ...result, outcome: 'ended' })
  const mended = withDifferences(failing, changes)
  const isConfirmed = await questions.isAccepted(mended, { again: true, isLast: true })
  if (isConfirmed === false) return finish({ ...result, outcome: 'ended', notes: [...notes, unsteady] })
  const lines = { sent: line(failing), mended: line(mended) }
  return finish({
    ...result,
    // Percent-encoding shows where the flags of curl leave it to curl.
    ...(lines.sent === lines.mended && { failing: exchangeOf(line(failing, true), questions.first()) }),
    isMinimal: isMinimal && isConfirmed === true,
    outcome: 'explained',
    changes: changes.map(({ what, sent, accepted }) => ({
      what: shownWords(what, redactor),
      sent: shownWords(sent, redactor),
      accepted: shownWords(accepted, redactor),
    })),
    mended: lines.mended,
  })
}

/** Credentials that are good for one host are refused at another, or sent where they were never meant to be. */
function hostNotes({ origin }: TokenRequest, url: URL): readonly string[] {
  return origin === undefined || origin === url.origin
    ? []
    : [`the request was given for ${origin}; what is sent goes to ${url.origin} instead`]
}

const unsteady =
  'the changes were accepted one way and refused another: the service does not answer alike each time'

function exchangeOf(request: string, answer: Answer | undefined): ProbedExchange {
  const { status = null, error = null, reason = 'not sent' } = answer ?? {}
  return { request, status, error, received: reason }
}

/** A refresh token is good for once at many services: the request goes with the latest that is at hand. */
function withFreshToken(request: TokenRequest, { refresh_token }: Credentials): TokenRequest {
  return refresh_token === undefined
    ? request
    : withValues(request, new Map([[refresh_token, freshRefreshToken]]))
}

/** Whether requests are accepted, each asked once, as long as there may be more of them. */
interface Questions {
  /** `undefined`: it could not be asked, or was answered with neither yes nor no each time. */
  readonly isAccepted: (
    request: TokenRequest,
    options?: { readonly again?: boolean; readonly isLast?: boolean },
  ) => Promise<boolean | undefined>
  readonly answerOf: (request: TokenRequest) => Answer | undefined
  readonly first: () => Answer | undefined
  readonly sent: () => number
  /** Whether what is left is for finding the least changes, once something is accepted. */
  readonly isScarce: () => boolean
  /** Whether something was not asked. */
  readonly ended: () => boolean
  readonly notes: () => readonly string[]
}

function createQuestions(options: ExplainOptions, failing: TokenRequest, asker: Asker): Questions {
  const { credentials, maxRequests = defaultMaxRequests, maxRefusals = defaultMaxRefusals } = options
  const { held = () => undefined } = options
  const answers = new Map<string, Answer>()
  const notes = new Set<string>()
  const failingKey = keyOf(failing)
  let sent = 0
  let trials = 0
  const reasonNotToAsk = (request: TokenRequest, isLast: boolean): string | undefined => {
    // One is kept for the last question: whether what was found is so.
    if (sent >= maxRequests - (isLast ? 0 : 1))
      return `no more than ${maxRequests} requests were to be sent: --max-requests`
    if (isTrial(request, credentials) && trials >= maxRefusals)
      return `further requests with another secret or password than the given one could lock the account: --max-refusals ${maxRefusals}`
    return held()
  }
  /** `undefined`: nothing was sent, or the run ended by then. */
  const askOnce = async (request: TokenRequest, isLast: boolean): Promise<Answer | undefined> => {
    const reason = reasonNotToAsk(request, isLast)
    if (reason !== undefined) {
      notes.add(reason)
      return undefined
    }
    sent += 1
    if (isTrial(request, credentials)) trials += 1
    const answer = await asker.ask(request)
    const late = answer.outcome === 'no_reply' ? held() : undefined
    if (late !== undefined) notes.add(late)
    return late === undefined ? answer : undefined
  }
  /** The last of some answers, the first of which decides. */
  const askUntilDecided = async (
    request: TokenRequest,
    isLast: boolean,
    keep: (answer: Answer) => void,
  ): Promise<Answer | undefined> => {
    for (let asked = 1; ; asked += 1) {
      const answer = await askOnce(request, isLast)
      if (answer === undefined) return undefined
      keep(answer)
      if (isDecided(answer)) return answer
      if (asked < mostAsked) continue
      const shown = answer.status === null ? 'not answered' : `answered ${answer.status}`
      notes.add(`a request was ${shown} ${mostAsked} times, which is neither yes nor no`)
      return answer
    }
  }
  return {
    isAccepted: async (request, { again = false, isLast = false } = {}) => {
      const key = keyOf(request)
      const known = again ? undefined : answers.get(key)
      const isNew = !answers.has(key)
      const keep = (answer: Answer) => {
        // Of the request itself the first answer is what is shown, and a refusal rather than none.
        const before = answers.get(key)
        const isBetter =
          isNew &&
          before !== undefined &&
          !isDecided(before) &&
          (key !== failingKey || answer.outcome === 'refused')
        if (before === undefined || isBetter) answers.set(key, answer)
      }
      const answer = known ?? (await askUntilDecided(request, isLast, keep))
      return answer === undefined || !isDecided(answer) ? undefined : answer.outcome === 'accepted'
    },
    answerOf: (request) => answers.get(keyOf(request)),
    first: () => answers.get(failingKey),
    sent: () => sent,
    isScarce: () => {
      const isScarce = maxRequests - sent <= Math.min(10, maxRequests / 2)
      if (isScarce) notes.add(`not every documented request was tried: --max-requests ${maxRequests}`)
      return isScarce
    },
    ended: () => notes.size > 0,
    notes: () => [...notes],
  }
}

/** How often a request is sent until it is answered with yes or no. */
const mostAsked = 3

function isDecided({ outcome }: Answer): boolean {
  return outcome === 'accepted' || outcome === 'refused'
}

/** The bytes of a request but for the order of parameters and fields, which no service minds. */
function keyOf(request: TokenRequest): string {
  const byName = <T extends { readonly name: string }>(items: readonly T[]) =>
    items.toSorted((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
  const ordered = { ...request, parameters: byName(request.parameters), query: byName(request.query) }
  const { url, method, headers = {}, body } = outgoingOf(ordered, 'http://127.0.0.1')
  const fields = Object.entries(headers).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([method, url, fields, String(body)])
}

interface Candidate {
  readonly planned: PlannedCell
  readonly request: TokenRequest
  readonly differences: number
  readonly distance: number
}

/** Documented requests in the order of how little they differ, until one is accepted. */
async function nearestAccepted(
  options: ExplainOptions,
  failing: TokenRequest,
  questions: Questions,
): Promise<{
  readonly tried: readonly TriedVariant[]
  readonly found?: { readonly request: TokenRequest; readonly cell: PlannedCell['cell'] }
}> {
  const tried: TriedVariant[] = []
  for (const { planned, request, differences } of candidatesFor(options, failing)) {
    if (tried.length > 0 && questions.isScarce()) break
    const isAccepted = await questions.isAccepted(request)
    const answer = questions.answerOf(request)
    if (answer === undefined) break
    const { variants, grantType, contentType, authentication } = planned.cell
    const { status, error, reason } = answer
    tried.push({
      ...{ variants, grantType, contentType, authentication, status, error, reason, differences },
      outcome: isAccepted === undefined ? 'not_tried' : isAccepted ? 'accepted' : 'refused',
    })
    if (isAccepted === true) return { tried, found: { request, cell: planned.cell } }
  }
  return { tried }
}

function candidatesFor(options: Omit<ExplainOptions, 'send'>, failing: TokenRequest): readonly Candidate[] {
  const { services, url, credentials, parameters, key } = options
  const grantType = grantTypeIn(failing)
  const plan = planMatrix({ services, url, credentials, parameters, hasKey: key !== undefined })
    .filter(({ isDocumented, reason }) => isDocumented && reason === undefined)
    .filter(({ cell }) => cell.grantType !== 'refresh_token' || credentials.refresh_token !== undefined)
  const all = plan.flatMap((planned) => {
    const requests = [planned.request, likeFailing(planned.request, tidied(failing))].map(tidied)
    return requests.map((request): Candidate => {
      const differences = differencesBetween(failing, request)
      // Credentials that move are two parameters.
      const isMove = differences.some(({ what }) => what === 'client credentials')
      return {
        planned,
        request,
        differences: differences.length,
        // How it is written makes a request no farther from one in another syntax.
        distance: differences.filter(({ isWriting }) => isWriting !== true).length + (isMove ? 1 : 0),
      }
    })
  })
  // Of two of the same bytes the first stays; another grant is no near relative, however little differs.
  const unique = [...Map.groupBy(all, ({ request }) => keyOf(request)).values()].flatMap(
    ([first]) => first ?? [],
  )
  const far = ({ planned, distance }: Candidate) =>
    distance + (grantType === undefined || planned.cell.grantType === grantType ? 0 : 1000)
  return unique.toSorted((one, other) => far(one) - far(other))
}

function grantTypeIn({ parameters, query }: TokenRequest): string | undefined {
  const found = [...parameters, ...query].find(({ name }) => foldName(name) === 'granttype')
  return found === undefined ? undefined : textOf(found.value)
}

/** A documented request with what the failing one has of its own: its scope, an audience, an Origin. */
function likeFailing(documented: TokenRequest, failing: TokenRequest): TokenRequest {
  const isOwn = ({ name }: { readonly name: string }) =>
    credentialIn(name) === undefined && foldName(name) !== 'granttype'
  const own = new Map(
    failing.parameters.filter(isOwn).map((parameter) => [foldName(parameter.name), parameter]),
  )
  const known = new Set(documented.parameters.map(({ name }) => foldName(name)))
  const names = new Set(failing.headers.map(([name]) => name.toLowerCase()))
  return {
    ...documented,
    headers: [...documented.headers.filter(([name]) => !names.has(name.toLowerCase())), ...failing.headers],
    parameters: [
      ...documented.parameters.map((parameter) => ({
        ...parameter,
        value: own.get(foldName(parameter.name))?.value ?? parameter.value,
      })),
      ...[...own].filter(([folded]) => !known.has(folded)).map(([, parameter]) => parameter),
    ],
  }
}

interface LeastChanges {
  readonly changes: readonly RequestDifference[]
  readonly isMinimal: boolean
  readonly notes: readonly string[]
}

/**
 * A secret that is not the given one is shown as seldom as can be: first everything else is found out with the given one,
 * and then it is asked once whether the one that was sent would do.
 */
async function leastChanges(
  failing: TokenRequest,
  accepted: TokenRequest,
  questions: Questions,
): Promise<LeastChanges> {
  const all = differencesBetween(failing, accepted)
  const isWrongSecret = ({ credential }: RequestDifference) =>
    credential === 'client_secret' || credential === 'password'
  const secrets = all.filter(isWrongSecret)
  const rest = all.filter((difference) => !isWrongSecret(difference))
  const inOrder = (chosen: readonly RequestDifference[]) => all.filter((each) => chosen.includes(each))
  const passes = (chosen: readonly RequestDifference[]) =>
    questions.isAccepted(withDifferences(failing, inOrder(chosen)))
  const isWhole = await passes(all)
  if (isWhole !== true) {
    return { changes: [], isMinimal: false, notes: isWhole === undefined ? [] : [unsteady] }
  }
  const isSecretAlone = secrets.length > 0 && rest.length > 0 && (await passes(secrets)) === true
  const { subset, isMinimal } = isSecretAlone
    ? { subset: [], isMinimal: true }
    : await minimalSubset(rest, (chosen) => passes([...chosen, ...secrets]))
  let needed = secrets
  let isChecked = true
  for (const secret of secrets) {
    const others = needed.filter((each) => each !== secret)
    const isEnough = await passes([...subset, ...others])
    if (isEnough === undefined) isChecked = false
    // With another secret, what else was needed may be needed no more.
    if (isEnough === true) {
      needed = others
      isChecked = false
    }
  }
  return { changes: inOrder([...subset, ...needed]), isMinimal: isMinimal && isChecked, notes: [] }
}
