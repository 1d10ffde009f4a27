// Rules, one after the other: what each needs, its requests, and its verdict, which holds only while the service goes on
// granting what it is known to grant.
import type { Redactor } from '../verify/redactor.ts'
import type { Run } from '../verify/run.ts'
import { type Asker, type Attempt, type Exchanged, grantIn, newAttempt } from './asking.ts'
import {
  hang,
  isAnnounced,
  isGranted,
  isThrottled,
  judgeEvery,
  judgeOutcome,
  type Sight,
  shownReply,
  togetherOf,
} from './judge.ts'
import type { JudgedRule, ProbedExchange, Verdict } from './probed.ts'
import { redactedBegin } from './redacted-begin.ts'
import { filledPattern, isTrialOf, type ProbeGrant, type Values } from './requests.ts'
import type { Capability, ConformanceRule, Expected, ProbeRequest } from './rule.ts'

/** What rules are judged with. */
export interface Judging {
  readonly asker: Asker
  readonly capabilities: Readonly<Record<Capability, boolean>>
  /** What the service offers at another host, which is never asked. */
  readonly elsewhere: readonly Capability[]
  /** What could not be found out, and why. */
  readonly undetermined: ReadonlyMap<Capability, string>
  readonly run: Run
  readonly redactor: Redactor
  readonly onProgress?: ((done: number, total: number, rule: JudgedRule) => void) | undefined
}

/** Verdicts wait for a granted request after them; so many may. */
const mostWaiting = 10
/** After as many requests in a row that were not answered, or not yet, it is looked whether the service is there at all. */
const mostSilencesInRow = 3
/** After as many hanging ones in all the rest would take too long. */
const mostHangs = 12
const wordsOf: Readonly<Partial<Record<Capability, string>>> = {
  client_secret: 'secret of a client (none was given)',
  confidential_client: 'confidential client (neither a secret nor a key was given)',
  encoded_credentials: 'client id or secret with characters that are encoded (none was given)',
  other_client: 'second client (none was given)',
  scope: 'scope that is granted (none was given, or it was refused)',
  several_scopes: 'scope of two tokens (none was given)',
}

/** Other clients may have other ways to authenticate. */
const ofClient: readonly Capability[] = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']

function lackOf(lack: Capability): string {
  return ofClient.includes(lack)
    ? `this client has no ${lack} here`
    : `the service has no ${wordsOf[lack] ?? lack}`
}

/** A run as it stands. */
interface Standing extends Judging {
  /** The grants that are not granted any more, and why. */
  readonly halted: Map<ProbeGrant, string>
}

interface Waiting {
  readonly rule: ConformanceRule
  readonly grant: ProbeGrant
  /** How much had been heard when it was judged. */
  readonly at: number
}

/** What rules showed. */
export interface Judged {
  /** The verdict on each rule, in their order. */
  readonly rules: readonly JudgedRule[]
  /** The grants that are not granted any more, and why. */
  readonly halted: ReadonlyMap<string, string>
  /** Why the service should be left alone; `undefined` when it goes on granting. */
  readonly stopped: string | undefined
}

/** Asks about one rule after the other, while the service goes on granting. */
export async function judgeRules(judging: Judging, rules: readonly ConformanceRule[]): Promise<Judged> {
  const { asker, onProgress } = judging
  const standing: Standing = { ...judging, halted: new Map() }
  const verdicts = new Map<ConformanceRule, JudgedRule>()
  let waiting: Waiting[] = []
  const settle = async () => {
    for (const grant of new Set(waiting.map((each) => each.grant))) {
      const some = waiting.filter((each) => each.grant === grant)
      const problem = await problemAfter(standing, grant, Math.max(...some.map(({ at }) => at)))
      if (problem === undefined) continue
      for (const { rule } of some) verdicts.set(rule, withdrawn(verdicts.get(rule), problem))
    }
    waiting = []
  }
  for (const rule of rules) {
    const grant = grantOf(rule, judging)
    const isEnd = endsGrant(rule, asker)
    if (isEnd) await settle()
    const judged = await judgeRule(standing, rule)
    verdicts.set(rule, judged)
    onProgress?.(verdicts.size, rules.length, judged)
    if (!('replies' in rule.judgment) || !isAtStake(judged, rule)) continue
    if (isEnd && judged.verdict === 'kept') continue
    waiting.push({ rule, grant, at: asker.heard().length })
    const isUrgent = judged.verdict === 'broken' || rule.requests.some(isTrialOf)
    if (isUrgent || waiting.length >= mostWaiting) await settle()
  }
  await settle()
  const { halted } = standing
  return {
    rules: rules.map((rule) => judgedByAll(judging, rule, verdicts.get(rule))),
    halted,
    stopped: halted.get(asker.setting().way.grant) ?? hangsOf(asker),
  }
}

/** Whether it revokes the one refresh token by which tokens are granted: if it is kept, nothing is granted after it. */
function endsGrant({ requests }: ConformanceRule, asker: Asker): boolean {
  const isRevoked = ({ base, authentication, parameters }: ProbeRequest) =>
    base === 'revocation' && authentication === undefined && parameters?.token === '{refresh_token}'
  return asker.setting().way.grant === 'refresh_token' && requests.some(isRevoked)
}

/** Whether a service that had stopped granting anything would have led to the same verdict. */
function isAtStake({ verdict }: JudgedRule, rule: ConformanceRule): boolean {
  if (!isOfGrants(rule)) return false
  if (verdict === 'broken') return true
  const expectsToken = ({ is }: Expected) => is === 'token'
  const isOfTokens =
    'replies' in rule.judgment && rule.judgment.replies.some((each) => each.every(expectsToken))
  return verdict === 'kept' && !isOfTokens
}

/** Whether any of its requests depends on what the service grants; the metadata does not. */
function isOfGrants({ requests }: ConformanceRule): boolean {
  return requests.length === 0 || requests.some(({ base }) => base !== 'metadata')
}

function grantOf({ requests }: ConformanceRule, { asker }: Judging): ProbeGrant {
  const [first] = requests
  return first === undefined ? asker.setting().way.grant : grantIn(first, asker.setting())
}

/** Why nothing more is asked. */
async function stopOf(
  standing: Standing,
  grant: ProbeGrant,
  rule: ConformanceRule,
): Promise<string | undefined> {
  const { run, asker, halted } = standing
  const simplest = asker.setting().way.grant
  const problem = halted.get(grant) ?? halted.get(simplest)
  if (problem !== undefined && isOfGrants(rule)) return problem
  const heard = asker.heard()
  const ended = run.ended()
  if (ended !== undefined) return ended
  const hangs = hangsOf(asker)
  if (hangs !== undefined) return hangs
  const last = heard.slice(-mostSilencesInRow)
  const isSilent = last.every((each) => 'failure' in each.outcome || isThrottledOne(each))
  if (!isSilent || last.length < mostSilencesInRow) return undefined
  return problemAfter(standing, simplest, heard.length)
}

function hangsOf(asker: Asker): string | undefined {
  const hangs = asker
    .heard()
    .filter(({ outcome }) => 'failure' in outcome && outcome.failure.startsWith(hang))
  return hangs.length < mostHangs ? undefined : `the service has left ${mostHangs} requests unanswered`
}

function isThrottledOne({ outcome }: Exchanged): boolean {
  return 'reply' in outcome && isThrottled(outcome.reply)
}

/** Whether what is known to be granted still is, by a reply after so many; `undefined` when it is. */
async function problemAfter(
  { asker, run, halted }: Standing,
  grant: ProbeGrant,
  at: number,
): Promise<string | undefined> {
  const setting = asker.setting()
  const isPlain = ({ request }: Exchanged) =>
    Object.keys(request).every((name) => name === 'base' || name === 'keptAs') &&
    grantIn(request, setting) === grant &&
    ['token', grant].includes(request.base)
  const since = asker.heard().slice(at)
  if (since.some((each) => isPlain(each) && isGranted(each.outcome))) return undefined
  if (await asker.isStillGranted(grant)) return undefined
  const problem = run.ended() ?? `the service does not grant ${grant} any more, which it did before`
  halted.set(grant, problem)
  return problem
}

function withdrawn(judged: JudgedRule | undefined, problem: string): JudgedRule {
  return { ...(judged as JudgedRule), verdict: 'not_tried', reason: `nothing can be told: ${problem}` }
}

async function judgeRule(standing: Standing, rule: ConformanceRule): Promise<JudgedRule> {
  const without = (verdict: Verdict, reason: string) => judgedOf(standing, rule, verdict, reason, [])
  const missing = rule.needs.filter((need) => !standing.capabilities[need])
  const { undetermined } = standing
  const lacks = missing.filter((need) => need !== 'refusals')
  const lack = lacks.find((need) => !undetermined.has(need)) ?? lacks[0]
  const doubt = lack && undetermined.get(lack)
  if (doubt !== undefined)
    return without('not_tried', `whether the service has ${lack} could not be found out: ${doubt}`)
  if (lack !== undefined && standing.elsewhere.includes(lack))
    return without('not_tried', `the metadata has ${lack} at another host, which is not asked`)
  if (lack !== undefined) return without('not_applicable', lackOf(lack))
  if (missing.length > 0) return without('not_tried', 'wrong credentials are not sent')
  const grant = grantOf(rule, standing)
  const stop = await stopOf(standing, grant, rule)
  if (stop !== undefined) return without('not_tried', stop)
  const first = await attemptRule(standing, rule, newAttempt(true), false)
  // Once may be chance; but a wrong secret is not shown again.
  if (!first.sight.isFailure || rule.requests.some(isTrialOf)) return judgedBySight(standing, rule, first)
  const problem = await problemAfter(standing, grant, standing.asker.heard().length)
  if (problem !== undefined) return without('not_tried', problem)
  return judgedBySight(standing, rule, await attemptRule(standing, rule, newAttempt(false), true))
}

interface Attempted {
  readonly sight: Sight
  readonly exchanged: readonly Exchanged[]
}

/** Sends the requests of a rule until one leaves nothing to tell by the next. */
async function attemptRule(
  { asker, redactor, capabilities }: Judging,
  rule: ConformanceRule,
  attempt: Attempt,
  isConfirmed: boolean,
): Promise<Attempted> {
  const { judgment, requests } = rule
  const exchanged: Exchanged[] = []
  const sights: Sight[] = []
  const expectations = 'replies' in judgment ? [...judgment.replies] : []
  for (const request of requests) {
    const entries = expectations.splice(0, request.isTwice ? 2 : 1)
    if (!isAnnounced(asker.setting().metadata, request.announced)) continue
    const asked = await asker.ask(request, attempt)
    if ('unsent' in asked) {
      sights.push({ is: 'unclear', reason: asked.unsent })
      break
    }
    exchanged.push(...asked.exchanged)
    const circumstances = {
      kept: attempt.kept,
      metadata: asker.setting().metadata,
      unknownGrant: asker.setting().unknownGrant,
      capabilities,
      patternOf: (pattern: string) => filledPattern(request, asker.setting(), valuesOf(attempt), pattern),
      isConfirmed,
      redactor,
    }
    const seen = asked.exchanged.map(({ outcome }, index) =>
      judgeOutcome(outcome, entries[index] ?? [], rule, circumstances),
    )
    sights.push(...seen.map((sight) => otherwiseOf(request, sight)))
    if (request.otherwise !== undefined && seen.some(({ is }) => is !== 'kept')) break
  }
  if (requests.length > 0 && exchanged.length === 0 && sights.length === 0)
    return { sight: { is: 'inapplicable', reason: 'the metadata does not announce it' }, exchanged }
  return { sight: togetherOf(sights), exchanged }
}

function valuesOf({ fresh, kept }: Attempt): Values {
  return { ...fresh, kept, assertionOf: () => undefined, proofOf: () => undefined }
}

/** A request that only prepares decides nothing. */
function otherwiseOf({ otherwise }: ProbeRequest, sight: Sight): Sight {
  if (otherwise === undefined || sight.is !== 'broken') return sight
  const is = otherwise === 'not_applicable' ? 'inapplicable' : 'unclear'
  return { is, reason: `what the rule is about could not be prepared: ${sight.reason}` }
}

const verdictOf: Readonly<Record<Sight['is'], Verdict>> = {
  kept: 'kept',
  broken: 'broken',
  unclear: 'not_tried',
  inapplicable: 'not_applicable',
}

function judgedBySight(judging: Judging, rule: ConformanceRule, { sight, exchanged }: Attempted): JudgedRule {
  return judgedOf(judging, rule, verdictOf[sight.is], sight.reason, exchanged)
}

/** Of a rule over all replies, the verdict comes at the end. */
function judgedByAll(judging: Judging, rule: ConformanceRule, judged: JudgedRule | undefined): JudgedRule {
  const { judgment } = rule
  const { asker, redactor } = judging
  const before = judged as JudgedRule
  if (!('every' in judgment) || before.verdict === 'not_applicable') return before
  const { sight, culprit } = judgeEvery(judgment.every, asker.heard(), { isClean: asker.isClean, redactor })
  const exchanged = culprit === undefined ? [] : [culprit]
  const shown = judgedOf(judging, rule, verdictOf[sight.is], sight.reason, exchanged)
  return culprit === undefined ? { ...shown, requests: before.requests } : shown
}

function judgedOf(
  { redactor }: Judging,
  { id, level, sentence, source }: ConformanceRule,
  verdict: Verdict,
  reason: string,
  exchanged: readonly Exchanged[],
): JudgedRule {
  return {
    id,
    level,
    sentence,
    source: source.document,
    verdict,
    reason: redactor.redact(reason),
    requests: exchanged.map((each) => probedOf(redactor, each)),
  }
}

function probedOf(redactor: Redactor, { shown, outcome }: Exchanged): ProbedExchange {
  if ('failure' in outcome)
    return {
      request: shown,
      status: null,
      error: null,
      received: redactor.redact(`no reply: ${outcome.failure}`),
    }
  const { reply } = outcome
  const { error } = reply.members
  return {
    request: shown,
    status: reply.status,
    error: typeof error === 'string' ? redactedBegin(error, redactor) : null,
    received: shownReply(reply, redactor),
  }
}
