// Planned interactions, replayed one after the other: the states that each needs, the replay, and the verdict.
import type { Credentials } from '../fixture/message.ts'
import { systemTime } from '../host/ambient.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Service } from '../service/service.ts'
import type { Incoming } from './connection.ts'
import { type Context, differencesOf, failureDifference } from './differences.ts'
import { type PactInteraction, statesOf, stateValuesOf } from './pact-interaction.ts'
import type { PlannedInteraction } from './plan.ts'
import { brokenPromises } from './promises.ts'
import type { Redactor } from './redactor.ts'
import { type Relay, startRelay } from './relay.ts'
import type { Replayer } from './replay.ts'
import type { Run } from './run.ts'
import { type StateServer, startStateServer } from './state-server.ts'
import { stateValues } from './states.ts'
import { learnTokens, membersOf, type Target } from './target.ts'
import type { Difference, VerifiedInteraction } from './verification.ts'

/** What is known of an interaction before it is replayed. */
export type Label = Omit<VerifiedInteraction, 'verdict' | 'differences' | 'reason'>

/** What every interaction is replayed with. */
export interface Verifier {
  readonly target: Target
  readonly service: Service
  readonly credentials: Credentials
  readonly redactor: Redactor
  readonly run: Run
  readonly replayer: Replayer
  /** Called with each interaction once it has its verdict. */
  readonly onProgress?: ((done: number, total: number, interaction: VerifiedInteraction) => void) | undefined
}

/** The servers that Pact needs. */
interface Stage {
  readonly relay: Relay
  readonly states: StateServer
}

/** The verdict on every planned interaction, in their order; what the end of the run comes before is skipped. */
export async function replayPlan(
  verifier: Verifier,
  plan: readonly PlannedInteraction[],
): Promise<readonly VerifiedInteraction[]> {
  const { target, onProgress } = verifier
  const states = await startStateServer()
  const relay = await startRelay(target.connection)
  const verified: VerifiedInteraction[] = []
  const refusedGrants = new Set<string>()
  try {
    for (const planned of plan) {
      const interaction = await verifyOne(verifier, { relay, states }, planned, refusedGrants)
      verified.push(interaction)
      onProgress?.(verified.length, plan.length, interaction)
    }
    return verified
  } finally {
    states.close()
    relay.close()
  }
}

async function verifyOne(
  verifier: Verifier,
  stage: Stage,
  planned: PlannedInteraction,
  refusedGrants: Set<string>,
): Promise<VerifiedInteraction> {
  const label = labelOf(planned)
  const skip = (reason: string): VerifiedInteraction => ({
    ...label,
    verdict: 'skipped',
    differences: [],
    reason,
  })
  const { skipped, exchange } = planned
  const { run } = verifier
  if (skipped !== undefined) return skip(skipped)
  const grant = `${label.contract} ${label.variant} ${exchange.grantType} ${label.client_authentication}`
  if (refusedGrants.has(label.client_authentication))
    return skip('the client itself was refused; the same credentials again and again could lock it')
  if (exchange.refusal !== undefined && refusedGrants.has(grant))
    return skip(`${exchange.grantType} itself was not granted, so that nothing can be told of its refusals`)
  const early = run.ended() ?? verifier.target.connection.held()
  if (early !== undefined) return skip(early)
  const values = await produceStates(verifier, planned.interaction)
  if (typeof values === 'string') return skip(run.ended() ?? values)
  const differences = await replayOne(verifier, stage, planned, values)
  if (typeof differences === 'string') return skip(run.ended() ?? differences)
  const ended = run.ended()
  // What was under way when the run ended has no verdict.
  if (ended !== undefined && differences.some(({ where }) => where === 'reply')) return skip(ended)
  if (differences.some(isRefusedGrant)) {
    refusedGrants.add(grant)
    verifier.target.refused.add(exchange.grantType)
  }
  if (differences.some(isRefusedClient)) refusedGrants.add(label.client_authentication)
  return { ...label, verdict: differences.length === 0 ? 'kept' : 'broken', differences }
}

/** What is granted by another status, or not answered by the service itself, says nothing of its refusals. */
function isRefusedGrant({ rule, received }: Difference): boolean {
  return rule === 'documented-request-granted' && /^[34]\d\d\b/.test(received)
}

function isRefusedClient(difference: Difference): boolean {
  return isRefusedGrant(difference) && difference.received.includes('"invalid_client"')
}

/** What is known of an interaction before it is replayed. */
export function labelOf({
  pact,
  contract,
  interaction,
  variant,
  request,
  isPending,
}: PlannedInteraction): Label {
  const { exchange, client_authentication } = interaction.comments.tokenwright
  return {
    consumer: pact.consumer.name,
    variant: variant.id,
    exchange,
    client_authentication,
    ...(isPending && { pending: true as const }),
    contract,
    document: variant.document.source.document,
    request,
  }
}

/** The values of every state that an interaction needs, or why there are none. */
async function produceStates(
  { target, service, credentials, redactor }: Verifier,
  interaction: PactInteraction,
): Promise<Readonly<Record<string, string>> | string> {
  const values: Record<string, string> = {}
  for (const state of statesOf(interaction)) {
    try {
      Object.assign(values, await stateValues(target, service, state, credentials, redactor))
    } catch (error) {
      return `the state "${state}" could not be produced: ${(error as Error).message}`
    }
  }
  // The verifier would send the contract's example of what is missing.
  const missing = stateValuesOf(interaction).find((name) => values[name] === undefined)
  return missing === undefined ? values : `no state supplies ${missing}`
}

async function replayOne(
  { redactor, run, replayer, service }: Verifier,
  { relay, states }: Stage,
  { pact, interaction, exchange, variant, isTrial }: PlannedInteraction,
  values: Readonly<Record<string, string>>,
): Promise<readonly Difference[] | string> {
  states.supply(values)
  relay.expect({ isTrial })
  const ending = () => replayer.close()
  run.signal.addEventListener('abort', ending, { once: true })
  const result = await replayer.replay(pact, interaction, {
    provider: service.id,
    baseUrl: relay.url,
    stateUrl: states.url,
    // The relay's own waits are shorter.
    timeoutMs: Math.max(1, run.endsAt - systemTime()),
  })
  run.signal.removeEventListener('abort', ending)
  states.supply({})
  const relayed = relay.relayed()
  if (relayed !== undefined && 'failure' in relayed) return [failureDifference(relayed.failure)]
  if (relayed !== undefined && isThrottled(relayed.reply))
    return `the service answers ${relayed.reply.status}, too many requests: lower --rate, or verify later`
  if (relayed === undefined || result === null) {
    if (run.ended() !== undefined) return 'the run ended'
    throw new TokenwrightError(
      'ERR_CONTRACT_INVALID',
      'the Pact verifier ended without a result; next: try again',
    )
  }
  const members = membersOf(relayed.reply.body)
  learnTokens(redactor, members)
  const context: Context = {
    expected: interaction.response,
    isGranted: exchange.refusal === undefined,
    error: members.error,
    isClean: redactor.isClean,
  }
  if (result.result !== 'OK') return differencesOf(result, context)
  return context.isGranted ? brokenPromises(variant, relayed.reply, context) : []
}

/** Says nothing of what the request is answered otherwise. */
function isThrottled(reply: Incoming): boolean {
  return reply.status === 429 || (reply.status === 503 && reply.headers['retry-after'] !== undefined)
}
