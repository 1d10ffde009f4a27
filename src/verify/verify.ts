// Verification: a service's contracts, replayed against the real token service with real credentials.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pactManifest } from '../contract/pact-core.ts'
import { authenticationsOf, type Credentials } from '../fixture/message.ts'
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import { findService, servedOf } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import { services as builtIn } from '../services/services.ts'
import { type Context, type Difference, differencesOf, noReply } from './differences.ts'
import { obtainableGrants, type PactFile, type PlannedInteraction, planVerification } from './plan.ts'
import { brokenPromises } from './promises.ts'
import { createRedactor, type Redactor } from './redactor.ts'
import { interactionField, type RelayedReply, startRelay } from './relay.ts'
import { type ReplayResult, replay } from './replay.ts'
import { startStateServer } from './state-server.ts'
import { stateValues } from './states.ts'
import { membersOf, parseTarget, requestGrant, requireListening, type Target, unreachable } from './target.ts'

/** Options of {@link verifyTokenService}. */
export interface VerifyOptions {
  /** The token endpoint of the real service; the only address that is contacted. */
  readonly url: string
  /** The id of a built-in service or of one of its variants, or a service of your own. */
  readonly service: string | Service
  /** Real credentials: never written anywhere. */
  readonly credentials: Credentials
  /**
   * How the client authenticates, for a service where each client keeps to one method. Default: found by asking for a
   * token with each documented method until one is granted.
   */
  readonly authentication?: ClientAuthenticationMethod
  /** The exchanges to replay. Default: all. */
  readonly exchanges?: readonly string[]
  /** The folder of contracts. Default: the package's own. */
  readonly contracts?: string
  /** Longest wait for each reply, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number
}

/** What became of one interaction. */
export interface VerifiedInteraction {
  readonly variant: string
  readonly exchange: string
  readonly client_authentication: string
  /** Skipped interactions were not sent; they count neither as kept nor as broken. */
  readonly verdict: 'kept' | 'broken' | 'skipped'
  /** What differed; empty unless broken. */
  readonly differences: readonly Difference[]
  /** Why it was skipped. */
  readonly reason?: string
}

/** The outcome of a verification. */
export interface Verification {
  readonly url: string
  readonly service: string
  /** The one method that the client was taken to use; absent where the service lets each request choose. */
  readonly client_authentication?: ClientAuthenticationMethod
  readonly interactions: readonly VerifiedInteraction[]
  readonly kept: number
  readonly broken: number
  readonly skipped: number
}

const defaultTimeoutMs = 10_000

/**
 * Replays a service's contracts against a real token service.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`, `ERR_SERVICE_UNKNOWN`, `ERR_EXCHANGE_UNKNOWN`, `ERR_CONTRACT_INVALID`,
 *   `ERR_CREDENTIAL_MISSING` when nothing can be replayed for want of credentials, `ERR_UNREACHABLE`, `ERR_PEER_MISSING`
 */
export async function verifyTokenService(options: VerifyOptions): Promise<Verification> {
  const { credentials, exchanges, contracts } = options
  const service =
    typeof options.service === 'string' ? findService(builtIn, options.service) : servedOf(options.service)
  const target = { url: parseTarget(options.url), timeoutMs: options.timeoutMs ?? defaultTimeoutMs }
  const redactor = createRedactor(Object.values(credentials))
  const path = target.url.pathname
  requireSomething(planVerification({ service, contracts, path, credentials, exchanges }))
  pactManifest()
  await requireListening(target)
  const authentication = options.authentication ?? (await findAuthentication(target, service, credentials))
  const plan = planVerification({ service, contracts, path, credentials, exchanges, authentication })
  requireSomething(plan)
  const { verdicts, failures } = await replayPlan(target, service, plan, credentials, redactor)
  const interactions = plan.map((planned) => verifiedInteraction(planned, verdicts, redactor))
  requireReplies(target, interactions, failures)
  const count = (verdict: VerifiedInteraction['verdict']) =>
    interactions.filter((each) => each.verdict === verdict).length
  return {
    url: target.url.origin + path,
    service: service.id,
    ...(authentication !== undefined && { client_authentication: authentication }),
    interactions,
    kept: count('kept'),
    broken: count('broken'),
    skipped: count('skipped'),
  }
}

function requireSomething(plan: readonly PlannedInteraction[]): void {
  if (plan.some(({ skipped }) => skipped === undefined)) return
  const reasons = [...new Set(plan.map(({ skipped }) => skipped))]
  throw new TokenwrightError(
    'ERR_CREDENTIAL_MISSING',
    `no interaction can be replayed: ${reasons.join('; ') || 'the contracts have none of these exchanges'}`,
  )
}

/** A run in which nothing was ever answered says something of the connection, not of the contract. */
function requireReplies(
  { url }: Target,
  interactions: readonly VerifiedInteraction[],
  failures: ReadonlySet<string>,
): void {
  const sent = interactions.filter(({ verdict }) => verdict !== 'skipped')
  const isUnanswered = ({ differences }: VerifiedInteraction) =>
    differences.some(({ problem }) => problem === noReply)
  if (!sent.every(isUnanswered)) return
  throw unreachable(url, `no request was answered, ${[...failures].join(', ')}`)
}

/** For a service where each client keeps to one method: the first by which a token is granted. */
async function findAuthentication(
  target: Target,
  service: Service,
  credentials: Credentials,
): Promise<ClientAuthenticationMethod | undefined> {
  const { client_id, client_secret } = credentials
  if (
    service.clientAuthentication.chosenBy !== 'client' ||
    client_id === undefined ||
    client_secret === undefined
  )
    return undefined
  const [grant] = obtainableGrants(service, credentials)
  if (grant === undefined) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected the method by which the client authenticates, because asking for a token would use up the refresh token; next: --auth basic or --auth post',
    )
  }
  const methods = authenticationsOf(service, grant.variant)
  for (const authentication of methods) {
    const { status } = await requestGrant(target, service, grant, { credentials, authentication })
    if (status === 200) return authentication
  }
  return methods[0]
}

/** What the verifier said of an interaction, and the reply it was about. */
interface Verdict {
  readonly result: ReplayResult
  readonly reply: RelayedReply | undefined
}

interface Replayed {
  readonly verdicts: ReadonlyMap<string, Verdict>
  readonly failures: ReadonlySet<string>
}

async function replayPlan(
  target: Target,
  service: Service,
  plan: readonly PlannedInteraction[],
  credentials: Credentials,
  redactor: Redactor,
): Promise<Replayed> {
  const stateFailures: string[] = []
  const states = await startStateServer(
    (state) => stateValues(target, service, state, credentials, redactor),
    ({ message }) => stateFailures.push(message),
  )
  const relay = await startRelay(target)
  const directory = mkdtempSync(join(tmpdir(), 'tokenwright-verify-'))
  try {
    const results = await replay({
      provider: service.id,
      baseUrl: relay.url,
      pactFiles: writePlan(directory, plan),
      stateUrl: states.url,
      timeoutMs: target.timeoutMs,
    })
    const verdicts = results.map(({ interactionKey = '', ...result }): [string, Verdict] => [
      interactionKey,
      { result: withStateFailures(result, stateFailures), reply: relay.replyTo(interactionKey) },
    ])
    for (const [, { reply }] of verdicts) learnTokens(redactor, reply)
    return { verdicts: new Map(verdicts), failures: relay.failures }
  } finally {
    states.close()
    relay.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** No received value of such a length is ever shown. */
const longestToken = 65_536

/** A service may show in one reply a token that it gave in another. */
function learnTokens(redactor: Redactor, reply: RelayedReply | undefined): void {
  for (const [name, value] of Object.entries(membersOf(reply?.body ?? ''))) {
    const isToken = name.endsWith('_token') && typeof value === 'string' && value.length <= longestToken
    if (isToken) redactor.add(value)
  }
}

/** The contracts' planned interactions alone, each told by a field of the request; no credential is in them. */
function writePlan(directory: string, plan: readonly PlannedInteraction[]): readonly string[] {
  const pacts = new Map<PactFile, PlannedInteraction[]>()
  for (const planned of plan) {
    if (planned.skipped === undefined) pacts.set(planned.pact, [...(pacts.get(planned.pact) ?? []), planned])
  }
  return [...pacts].map(([pact, chosen], index) => {
    const interactions = chosen.map(({ interaction }) => ({
      ...interaction,
      request: {
        ...interaction.request,
        headers: { ...interaction.request.headers, [interactionField]: [interaction.key] },
      },
    }))
    const file = join(directory, `${index}.json`)
    writeFileSync(file, JSON.stringify({ ...pact, interactions }))
    return file
  })
}

function withStateFailures(result: ReplayResult, failures: readonly string[]): ReplayResult {
  const isStateFailure = result.mismatch?.message?.includes('state change handlers') ?? false
  if (!isStateFailure) return result
  return { ...result, mismatch: { type: 'error', message: [...new Set(failures)].join('; ') } }
}

function verifiedInteraction(
  planned: PlannedInteraction,
  verdicts: ReadonlyMap<string, Verdict>,
  redactor: Redactor,
): VerifiedInteraction {
  const { interaction, skipped } = planned
  const { variant, exchange, client_authentication } = interaction.comments.tokenwright
  const label = { variant, exchange, client_authentication }
  if (skipped !== undefined) return { ...label, verdict: 'skipped', differences: [], reason: skipped }
  const verdict = verdicts.get(interaction.key)
  if (verdict === undefined) {
    return {
      ...label,
      verdict: 'broken',
      differences: [{ where: 'reply', problem: 'the verifier did not replay it' }],
    }
  }
  const context = {
    expected: interaction.response,
    isClean: (text: string) => redactor.redact(text) === text,
  }
  const differences = differencesIn(planned, verdict, context)
  return { ...label, verdict: differences.length === 0 ? 'kept' : 'broken', differences }
}

function differencesIn(
  { exchange, variant }: PlannedInteraction,
  { result, reply }: Verdict,
  context: Context,
): readonly Difference[] {
  if (result.result !== 'OK') return differencesOf(result, context)
  return exchange.refusal === undefined && reply !== undefined ? brokenPromises(variant, reply, context) : []
}
