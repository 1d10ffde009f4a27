// Verification: a service's contracts, replayed against the real token service with real credentials.
import { isCredentialName } from '../contract/interaction.ts'
import { pactManifest } from '../contract/pact-core.ts'
import { authenticationsOf, type Credentials } from '../fixture/message.ts'
import { isLoopback } from '../host/admin-access.ts'
import { systemChance, type Wait } from '../host/ambient.ts'
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import { findService, servedOf } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import { services as builtIn } from '../services/services.ts'
import { ConnectionFailure, openConnection, type TlsOptions } from './connection.ts'
import type { ContractSource } from './contracts.ts'
import type { PactFile } from './pact-interaction.ts'
import {
  contractsFor,
  obtainableGrants,
  type PlannedInteraction,
  type PlanOptions,
  planVerification,
} from './plan.ts'
import { findProfile, type Profile } from './profiles.ts'
import { createRedactor, type Redactor, secretsOf } from './redactor.ts'
import { startReplayer } from './replay.ts'
import { type Label, labelOf, replayPlan, type Verifier } from './replaying.ts'
import { startRun } from './run.ts'
import { requireChecked, runChecks } from './run-options.ts'
import {
  isProxied,
  learnTokens,
  parseTarget,
  requestGrant,
  requireListening,
  type Target,
  unreachable,
} from './target.ts'
import type { Verification, VerifiedInteraction } from './verification.ts'

/** Options of {@link verifyTokenService}. */
export interface VerifyOptions {
  /** The token endpoint of the real service; the only address that is contacted. Of a bare origin, the profile has the path. */
  readonly url: string
  /** The id of a built-in service or of one of its variants, or a service of your own. */
  readonly service: string | Service
  /** Real credentials: never written anywhere. */
  readonly credentials: Credentials
  /** The id of a profile, or one of your own: what is known of the product under test. Default: none. */
  readonly profile?: string | Profile
  /** The path of the token endpoint, in place of that of `url`. */
  readonly path?: string
  /** The media type of the requests. Default: the contract's. */
  readonly contentType?: ContentType
  /** What every request has beside the contract's parameters, such as `scope` or `audience`; nothing secret. Default: nothing. */
  readonly parameters?: Readonly<Record<string, string>>
  /**
   * How the client authenticates, for a service where each client keeps to one method. Default: found by asking for a
   * token with each documented method until one is granted.
   */
  readonly authentication?: ClientAuthenticationMethod
  /** The exchanges to replay. Default: all. */
  readonly exchanges?: readonly string[]
  /** Files and folders of contracts, and pacts at hand. Default: the package's own. */
  readonly contracts?: string | readonly ContractSource[]
  /** Longest wait for each reply, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number
  /** Longest time for the whole run, in milliseconds; what is left then is skipped. Default: 600,000. */
  readonly deadlineMs?: number
  /** Most requests in a second. Default: 5; on a loopback address, any number. */
  readonly ratePerSecond?: number
  /** How many wrong secrets and passwords of real accounts may be tried; further ones are skipped. Default: 3. */
  readonly maxRefusals?: number
  readonly tls?: TlsOptions
  /** Ends the run; what is left then is skipped. */
  readonly signal?: AbortSignal
  /** Called with each interaction once it has its verdict. */
  readonly onProgress?: (done: number, total: number, interaction: VerifiedInteraction) => void
  /** Learns every token that is received. Default: one of the run's own. */
  readonly redactor?: Redactor
  /** Proxies by the names of environment variables; none is asked for a loopback address. Default: the process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Waits between requests. Default: by the machine's time. */
  readonly wait?: Wait
}

/** What would be sent, and what would not. */
export interface VerificationPlan {
  readonly url: string
  readonly service: string
  readonly profile?: string
  readonly interactions: ReadonlyArray<Label & { readonly skipped?: string }>
}

const defaultTimeoutMs = 10_000
const defaultDeadlineMs = 600_000
const defaultRatePerSecond = 5
const defaultMaxRefusals = 3

/**
 * Replays a service's contracts against a real token service.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`, `ERR_SERVICE_UNKNOWN`, `ERR_EXCHANGE_UNKNOWN`, `ERR_CONTRACT_INVALID`,
 *   `ERR_CREDENTIAL_MISSING` when nothing can be replayed for want of credentials, `ERR_UNREACHABLE`, `ERR_PEER_MISSING`
 */
export async function verifyTokenService(options: VerifyOptions): Promise<Verification> {
  const { profile, ...planOptions } = planOptionsOf(options)
  const { service, url } = planOptions
  const { credentials, redactor = createRedactor([]), environment = process.env } = options
  const { timeoutMs = defaultTimeoutMs } = options
  for (const secret of secretsOf(credentials)) redactor.add(secret)
  const loaded = contractsFor(planOptions)
  // All that can be wrong without a connection is found before there is one.
  requireSomething(planVerification({ ...planOptions, profile }, loaded))
  pactManifest()
  const run = startRun(options.deadlineMs ?? defaultDeadlineMs, options.signal)
  const connection = openConnection({
    url,
    timeoutMs,
    endsAt: run.endsAt,
    signal: run.signal,
    ratePerSecond: rateOf(url, options.ratePerSecond),
    ...(options.tls && { tls: options.tls }),
    environment,
    chance: systemChance,
    ...(options.wait && { wait: options.wait }),
  })
  // Its process takes a while to be ready.
  const replayer = startReplayer()
  try {
    if (!isProxied(url, environment)) await requireListening({ url, timeoutMs })
    const { contentType, parameters } = planOptions
    const target = {
      url,
      timeoutMs,
      connection,
      contentType,
      parameters,
      grants: profile?.grants,
      refused: new Set<string>(),
    }
    const verifier: Verifier = {
      ...{ target, service, credentials, redactor, run, replayer },
      onProgress: options.onProgress,
    }
    // A generated contract has interactions by every method, of which the client uses one.
    const hasGenerated = loaded.contracts.some(({ isGenerated }) => isGenerated)
    const isFound = planOptions.authentication === undefined && hasGenerated
    const authentication = isFound ? await findAuthentication(verifier) : planOptions.authentication
    const plan = planVerification({ ...planOptions, profile, authentication, isFound }, loaded)
    requireSomething(plan)
    const interactions = await replayPlan({ ...verifier, target: { ...target, authentication } }, plan)
    requireReplies(target, interactions)
    return {
      url: shownUrl(url),
      service: service.id,
      ...(authentication !== undefined && { client_authentication: authentication }),
      ...(profile && { profile: profile.id }),
      interactions,
      ...countsOf(interactions),
      ...(run.ended() !== undefined && { ended: run.ended() ?? '' }),
    }
  } finally {
    replayer.close()
    connection.close()
    run.close()
  }
}

/** What {@link verifyTokenService} would send; nothing is sent. @throws {TokenwrightError} as it does, but for what a connection tells */
export function planTokenServiceVerification(options: VerifyOptions): VerificationPlan {
  const planOptions = planOptionsOf(options)
  const { service, url, profile } = planOptions
  return {
    url: shownUrl(url),
    service: service.id,
    ...(profile && { profile: profile.id }),
    interactions: planVerification(planOptions).map((planned) => ({
      ...labelOf(planned),
      ...(planned.skipped !== undefined && { skipped: planned.skipped }),
    })),
  }
}

/** The contracts that {@link verifyTokenService} replays. @throws {TokenwrightError} `ERR_CONTRACT_INVALID` */
export function contractsToVerify(options: VerifyOptions): readonly PactFile[] {
  return contractsFor(planOptionsOf(options)).contracts.map(({ pact }) => pact)
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
function requireSoundOptions(options: VerifyOptions): void {
  const { contentType = 'application/json', exchanges = [] } = options
  requireChecked([
    ...runChecks(options),
    [Array.isArray(exchanges), 'exchanges to be a list of ids'],
    [typeof options.credentials === 'object' && options.credentials !== null, 'credentials to be an object'],
    [
      ['application/json', 'application/x-www-form-urlencoded'].includes(contentType),
      'contentType to be application/json or application/x-www-form-urlencoded',
    ],
  ])
}

function planOptionsOf(options: VerifyOptions): PlanOptions & { readonly profile: Profile | undefined } {
  requireSoundOptions(options)
  const { credentials, exchanges, contracts, path, maxRefusals = defaultMaxRefusals } = options
  const service =
    typeof options.service === 'string' ? findService(builtIn, options.service) : servedOf(options.service)
  const profile = typeof options.profile === 'string' ? findProfile(options.profile) : options.profile
  return {
    service,
    whole: wholeOf(service),
    contracts: typeof contracts === 'string' ? [contracts] : contracts,
    url: parseTarget(options.url, path, profile?.path),
    credentials,
    profile,
    contentType: options.contentType ?? profile?.contentType,
    parameters: furtherParameters(options.parameters),
    authentication: options.authentication ?? profile?.authentication,
    exchanges,
    maxRefusals,
  }
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` for those that make an exchange what it is */
function furtherParameters(parameters: VerifyOptions['parameters']): VerifyOptions['parameters'] {
  const taken = Object.keys(parameters ?? {}).find((name) => name === 'grant_type' || isCredentialName(name))
  if (taken === undefined) return parameters
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected parameters such as scope or audience, received ${taken}, which the contract and the credentials have`,
  )
}

/** A built-in service has more variants than it is served with, of which a team's contract may be about one. */
function wholeOf(service: Service): Service {
  const ofPackage: Service | undefined = builtIn.find(({ id }) => id === service.id)
  const isPart = service.variants.every((variant) => ofPackage?.variants.includes(variant))
  return ofPackage !== undefined && isPart ? ofPackage : service
}

function shownUrl({ origin, pathname }: URL): string {
  return origin + pathname
}

/** What is on this machine has no account to lock, and nobody to disturb. */
function rateOf({ hostname }: URL, ratePerSecond: number | undefined): number | undefined {
  return ratePerSecond ?? (isLoopback(hostname) ? undefined : defaultRatePerSecond)
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
function requireReplies({ url }: Target, interactions: readonly VerifiedInteraction[]): void {
  const sent = interactions.filter(({ verdict }) => verdict !== 'skipped')
  const failures = sent.map(({ differences: [first] }) =>
    first?.rule === 'reply-received' ? first.received.replace('none, ', '') : undefined,
  )
  if (sent.length === 0 || failures.includes(undefined)) return
  throw unreachable(url, `no request was answered, ${[...new Set(failures)].join(', ')}`)
}

function countsOf(
  interactions: readonly VerifiedInteraction[],
): Pick<Verification, 'kept' | 'broken' | 'skipped'> {
  const count = (verdict: VerifiedInteraction['verdict']) =>
    interactions.filter((each) => each.verdict === verdict && !(verdict === 'broken' && each.pending)).length
  return { kept: count('kept'), broken: count('broken'), skipped: count('skipped') }
}

/** For a service where each client keeps to one method: the first by which a token is granted. */
async function findAuthentication({
  target,
  service,
  credentials,
  redactor,
  run,
}: Verifier): Promise<ClientAuthenticationMethod | undefined> {
  const { client_id, client_secret } = credentials
  if (
    service.clientAuthentication.chosenBy !== 'client' ||
    client_id === undefined ||
    client_secret === undefined
  )
    return undefined
  const [grant] = obtainableGrants(service, credentials, target.grants)
  if (grant === undefined) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected the method by which the client authenticates, because asking for a token would use up the refresh token; next: --auth basic or --auth post',
    )
  }
  const methods = authenticationsOf(service, grant.variant)
  for (const authentication of methods) {
    try {
      const { status, members } = await requestGrant(target, service, grant, { credentials, authentication })
      learnTokens(redactor, members)
      if (status === 200) return authentication
    } catch (error) {
      if (run.ended() !== undefined) return methods[0]
      // The replay will tell of it, and of what else the service answers.
      if (error instanceof ConnectionFailure && error.isPartial) continue
      throw unreachable(target.url, (error as Error).message)
    }
  }
  return methods[0]
}
