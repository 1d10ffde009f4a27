// Publishing contracts, asking whether a version can be deployed, and recording that it was: by Pact's own program, after
// a look at the broker that tells what is wrong with it.
import { TokenwrightError } from '../service/error.ts'
import type { ContractFile } from './contracts.ts'
import { ask, type Broker, indexOf, linkOf, parseObject, type Resource } from './hal.ts'
import {
  type PactCliOptions,
  type PactCliOutcome,
  pactCliProgram,
  refusedBy,
  runPactCli,
} from './pact-cli.ts'
import type { Revision } from './revision.ts'

/** A version of an application. */
export interface Deployable {
  readonly pacticipant: string
  readonly version: string
}

/** What the broker says of a deployment. */
export interface DeploymentAnswer {
  readonly isDeployable: boolean
  /** In the broker's words. */
  readonly reasons: readonly string[]
  readonly matrix: readonly MatrixRow[]
}

/** One consumer's version with one of a provider. */
export interface MatrixRow {
  readonly consumer: string
  readonly consumerVersion?: string
  readonly provider: string
  readonly providerVersion?: string
  /** Absent where there is no result. */
  readonly success?: boolean
}

/** How Pact's program is run, and where its log goes. */
export interface Run extends PactCliOptions {
  /** Given all that the program says, masked. */
  readonly onOutput?: (output: string) => void
}

/** How to wait for results that are not there yet. */
export interface Patience {
  readonly times: number
  readonly intervalSeconds: number
}

/**
 * Publishes contracts as those of a version of their consumers.
 *
 * @throws {TokenwrightError} `ERR_PEER_MISSING`, `ERR_UNREACHABLE`, `ERR_BROKER_REFUSED`, `ERR_BROKER_INVALID`
 */
export async function publishContracts(
  broker: Broker,
  files: readonly ContractFile[],
  { version, branch, buildUrl }: Revision,
  run: Run,
): Promise<void> {
  // It takes patterns, too; a path that exists means itself.
  const paths = files.map(({ path }) => path)
  const revision = [
    ...['--consumer-app-version', version],
    ...(branch === undefined ? [] : ['--branch', branch]),
    ...(buildUrl === undefined ? [] : ['--build-url', buildUrl]),
  ]
  const outcome = await runAfterALook(broker, 'pb:publish-contracts', ['publish', ...paths, ...revision], run)
  if (outcome.status !== 0) throw refusedBy(outcome, 'take the contracts')
}

/**
 * Whether a version works with all that is deployed to an environment.
 *
 * @throws {TokenwrightError} `ERR_PEER_MISSING`, `ERR_UNREACHABLE`, `ERR_BROKER_REFUSED`, `ERR_BROKER_INVALID`
 */
export async function canIDeploy(
  broker: Broker,
  { pacticipant, version }: Deployable,
  environment: string,
  run: Run,
  patience?: Patience,
): Promise<DeploymentAnswer> {
  const args = [
    'can-i-deploy',
    ...['--pacticipant', pacticipant, '--version', version, '--to-environment', environment],
    ...(patience === undefined
      ? []
      : ['--retry-while-unknown', `${patience.times}`, '--retry-interval', `${patience.intervalSeconds}`]),
    // As a table it would be no data; as JSON the exit status is 0 whatever the answer.
    ...['--output', 'json'],
  ]
  const deadlineMs =
    run.deadlineMs + (patience === undefined ? 0 : patience.times * patience.intervalSeconds * 1000)
  const outcome = await runAfterALook(broker, undefined, args, { ...run, deadlineMs })
  const answer = outcome.output
    .split('\n')
    .map(parseObject)
    .findLast((value) => value !== undefined)
  if (outcome.status !== 0 || answer === undefined) throw refusedBy(outcome, 'say whether it can be deployed')
  return answerOf(answer)
}

/** Only a plain yes is one: what is not known is no. */
function answerOf({ summary, notices, matrix }: Resource): DeploymentAnswer {
  const { deployable, reason } = (summary ?? {}) as {
    readonly deployable?: unknown
    readonly reason?: unknown
  }
  const texts = listOf(notices).flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
  return {
    isDeployable: deployable === true,
    reasons: texts.length > 0 ? texts : [typeof reason === 'string' ? reason : 'the broker gives no reason'],
    matrix: listOf(matrix).map(rowOf),
  }
}

function rowOf({ consumer, provider, verificationResult }: Resource): MatrixRow {
  const nameOf = (value: unknown) => String((value as { name?: unknown } | null)?.name ?? 'unknown')
  const versionOf = (value: unknown) =>
    (value as { version?: { number?: string } | null } | null)?.version?.number
  const success = (verificationResult as { success?: boolean } | null)?.success
  const [consumerVersion, providerVersion] = [versionOf(consumer), versionOf(provider)]
  return {
    consumer: nameOf(consumer),
    ...(consumerVersion !== undefined && { consumerVersion }),
    provider: nameOf(provider),
    ...(providerVersion !== undefined && { providerVersion }),
    ...(typeof success === 'boolean' && { success }),
  }
}

function listOf(value: unknown): readonly Resource[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : []
}

/**
 * Records that a version was deployed.
 *
 * @throws {TokenwrightError} `ERR_PEER_MISSING`, `ERR_UNREACHABLE`, `ERR_BROKER_REFUSED`, `ERR_BROKER_INVALID`
 */
export async function recordDeployment(
  broker: Broker,
  deployable: Deployable,
  environment: string,
  run: Run,
  applicationInstance?: string,
): Promise<void> {
  const { pacticipant, version } = deployable
  await requireEnvironment(broker, deployable, environment)
  const args = [
    'record-deployment',
    // The program puts both into a path as they are.
    ...['--pacticipant', encodeURIComponent(pacticipant), '--version', encodeURIComponent(version)],
    ...['--environment', environment],
    ...(applicationInstance === undefined ? [] : ['--application-instance', applicationInstance]),
  ]
  const outcome = await runPactCli(broker, args, run)
  run.onOutput?.(outcome.output)
  if (outcome.status !== 0) throw refusedBy(outcome, 'record the deployment')
}

/** What the program would say of it names neither the version nor the environments there are. */
async function requireEnvironment(
  broker: Broker,
  { pacticipant, version }: Deployable,
  environment: string,
): Promise<void> {
  pactCliProgram()
  const index = await indexOf(broker)
  const href = linkOf(broker, index, 'pb:pacticipant-version', { pacticipant, version })
  const resource = await ask(broker, 'GET', href)
  const { 'pb:record-deployment': links } = (resource._links ?? {}) as Resource
  const names = listOf(links).map(({ name }) => String(name))
  const chosen = listOf(links).find(({ name }) => name === environment)
  if (chosen === undefined) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected --environment to be one of the broker's, received ${JSON.stringify(environment)}; known environments: ${names.join(', ') || 'none'}`,
    )
  }
  linkOf(broker, { _links: { 'pb:record-deployment': chosen } }, 'pb:record-deployment')
}

/** The program says of most failures only that there was one, and follows links and redirects without looking. */
async function runAfterALook(
  broker: Broker,
  relation: string | undefined,
  args: readonly string[],
  run: Run,
): Promise<PactCliOutcome> {
  pactCliProgram()
  const index = await indexOf(broker)
  if (relation !== undefined) linkOf(broker, index, relation)
  const outcome = await runPactCli(broker, args, run)
  run.onOutput?.(outcome.output)
  return outcome
}
