// A probe of a live token service: how well it keeps the RFCs, by rules that are sent to it and judged, and which documented
// requests it accepts, by sending them in every form.
import type { Credentials } from '../fixture/message.ts'
import type { Wait } from '../host/ambient.ts'
import type { JsonWebKey } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import { findService } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import { services as builtIn } from '../services/services.ts'
import type { TlsOptions } from '../verify/connection.ts'
import { createRedactor, type Redactor, secretsOf } from '../verify/redactor.ts'
import { type Run, startRun } from '../verify/run.ts'
import { requireChecked, runChecks } from '../verify/run-options.ts'
import { isProxied, parseTarget, requireListening } from '../verify/target.ts'
import { type Asker, createAsker, newAttempt } from './asking.ts'
import { findCapabilities, type Means, plannedDiscovery } from './capabilities.ts'
import { type Judged, judgeRules } from './conformance.ts'
import { isGranted } from './judge.ts'
import { type MatrixOptions, type PlannedCell, planMatrix, tryMatrix } from './matrix.ts'
import { documentOf, type JudgedRule, type MatrixCell, type Probe, type Score } from './probed.ts'
import { requestLineOf } from './request-line.ts'
import { type ClientPair, type Setting, wrong } from './requests.ts'
import type { Capability, ConformanceRule, Level, ProbeAuthentication } from './rule.ts'
import { conformanceRules } from './rules.ts'
import { shownRequest } from './shown-request.ts'
import { type ClientKey, clientAssertion, makeClientKey, readClientKey } from './signed-jwt.ts'
import { createAsker as createTokenAsker } from './token-asking.ts'
import { returnTokens } from './token-return.ts'
import { openTransport, type Transport } from './transport.ts'

/** Options of {@link probeTokenService}. */
export interface ProbeOptions {
  /** The token endpoint; its origin is the only one that is contacted. */
  readonly url: string
  /** The path of the token endpoint, in place of that of `url`. */
  readonly path?: string
  /** Real credentials: never written anywhere. A refresh token is used up: rules show it twice, and revoke it. */
  readonly credentials: Credentials
  /** A second client, to see that nothing of the one is good for the other. */
  readonly otherCredentials?: ClientPair
  /** The client's private key, for private_key_jwt. */
  readonly key?: JsonWebKey
  /** What the service grants to the client; of two tokens or more, their order and case are tried, too. */
  readonly scope?: string
  /** What every request for a token has beside the usual, such as `audience`; nothing secret. Default: nothing. */
  readonly parameters?: Readonly<Record<string, string>>
  /** How the client authenticates. Default: found by asking. */
  readonly authentication?: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'
  /** Of the same origin. Default: looked for beside the token endpoint. */
  readonly metadataUrl?: string
  /** Of the same origin. Default: that of the metadata. */
  readonly introspectionUrl?: string
  /** Of the same origin. Default: that of the metadata. */
  readonly revocationUrl?: string
  /** Default: every one. */
  readonly rules?: readonly ConformanceRule[]
  /**
   * Whose documented requests are tried in every form: services of your own, and the ids of built-in ones and of their
   * variants. Default: every built-in service.
   */
  readonly services?: ReadonlyArray<string | Service>
  /** Longest wait for each reply, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number
  /** Longest time for the whole run, in milliseconds; what is left then is not tried. Default: 600,000. */
  readonly deadlineMs?: number
  /** Most requests in a second. Default: 5; on a loopback address, any number. */
  readonly ratePerSecond?: number
  /** Whether wrong secrets and passwords may be sent. Default: yes. */
  readonly refusals?: boolean
  /** How many wrong secrets or passwords of one account may be sent, each followed by the right one. Default: 5. */
  readonly maxRefusals?: number
  readonly tls?: TlsOptions
  /** Ends the run; what is left then is not tried. */
  readonly signal?: AbortSignal
  /** Called with each rule once it was asked about; rules over all replies have their verdict at the end. */
  readonly onProgress?: (done: number, total: number, rule: JudgedRule) => void
  /** Called with each form of a documented request once it has its outcome, after all rules. */
  readonly onMatrixProgress?: (done: number, total: number, cell: MatrixCell) => void
  /** Learns every token that is received. Default: one of the run's own. */
  readonly redactor?: Redactor
  /** Proxies by the names of environment variables; none is asked for a loopback address. Default: the process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Waits between requests. Default: by the machine's time. */
  readonly wait?: Wait
}

/** What would be sent. */
export interface ProbePlan {
  readonly url: string
  /** What is asked first, to find out what the service offers; some of it only where what comes before is granted or refused. */
  readonly discovery: readonly string[]
  readonly rules: ReadonlyArray<{
    readonly id: string
    readonly level: Level
    readonly needs: readonly Capability[]
    readonly requests: readonly string[]
  }>
  /** Each form of a documented request; `reason` is why it would not be sent. */
  readonly matrix: ReadonlyArray<
    PlannedCell['cell'] & { readonly request: string; readonly reason?: string | undefined }
  >
}

const defaultTimeoutMs = 10_000
const defaultDeadlineMs = 600_000
const defaultMaxRefusals = 5
/** Of documented requests. */
const mostSilencesInRow = 3
const mostSilences = 12

/**
 * Finds out how well a live token service keeps the RFCs.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`, `ERR_UNREACHABLE` where nothing answers, `ERR_NOT_GRANTED` where no
 *   request is granted a token
 */
export async function probeTokenService(options: ProbeOptions): Promise<Probe> {
  requireSoundOptions(options)
  const { environment = process.env, timeoutMs = defaultTimeoutMs, rules = conformanceRules } = options
  const setting = settingOf(options)
  const { url } = setting
  const { redactor = createRedactor([]) } = options
  for (const secret of allSecretsOf(options)) redactor.add(secret)
  const given = meansOf(options, url)
  const key = options.key && readClientKey(options.key)
  const run = startRun(options.deadlineMs ?? defaultDeadlineMs, options.signal)
  const means: Means = { ...given, ended: run.ended }
  // What is wrong with the services should be said before anything is sent.
  planOf(options, setting, { isScoped: true })
  const openBy = (one: Run) => openTransport({ ...options, url, run: one, timeoutMs, environment })
  const askerBy = (own: Setting, transport: Transport) =>
    createAsker({
      setting: own,
      transport,
      redactor,
      sent: createRedactor(sentSecretsOf(options)),
      key,
      proofKey: makeClientKey(),
      maxRefusals: options.maxRefusals ?? defaultMaxRefusals,
      areRefusalsOff: means.areRefusalsOff,
    })
  const transport = openBy(run)
  const asker = askerBy(setting, transport)
  const again = (grace: Run) => {
    const last = openBy(grace)
    return { transport: last, asker: askerBy(asker.setting(), last) }
  }
  const giveBack = (issued: readonly string[]) => returnTokens({ asker, transport, run, again }, issued)
  try {
    if (!isProxied(url, environment)) await requireListening({ url, timeoutMs })
    const found = await findOut(options, rules, { asker, transport, run, redactor, key, means })
    const { issued, ...probed } = found
    const sentLater =
      probed.capabilities.revocation || probed.undetermined?.revocation ? await giveBack(issued) : 0
    return { url: url.origin + url.pathname, ...probed, sent: transport.sent() + sentLater }
  } catch (error) {
    if (asker.setting().revocationUrl !== undefined) await giveBack([])
    throw redactor.redactError(error)
  } finally {
    transport.close()
    run.close()
  }
}

interface FindingOut {
  readonly asker: Asker
  readonly transport: Transport
  readonly run: Run
  readonly redactor: Redactor
  readonly key: ClientKey | undefined
  readonly means: Means
}

/** What the service offers, then the rules, then the matrix. */
async function findOut(
  options: ProbeOptions,
  rules: readonly ConformanceRule[],
  { asker, transport, run, redactor, key, means }: FindingOut,
): Promise<Omit<Probe, 'url' | 'sent'> & Pick<TriedMatrix, 'issued'>> {
  const { capabilities, elsewhere, undetermined } = await findCapabilities(asker, means)
  const { onProgress } = options
  const judging = { asker, capabilities, elsewhere, undetermined, run, redactor, onProgress }
  const judged = await judgeRules(judging, rules)
  const held = () => run.ended() ?? transport.held()
  const basicSpelling = capabilities.client_secret_basic ? asker.setting().way.basicSpelling : 'unknown'
  const plan = planOf(options, asker.setting(), { isScoped: capabilities.scope, basicSpelling })
  const tried = await matrixOf(plan, options, { asker, transport, redactor, key, held, judged })
  const ended = held() ?? judged.stopped ?? tried.stopped
  return {
    capabilities,
    ...(undetermined.size > 0 && {
      undetermined: Object.fromEntries([...undetermined].map(([name, why]) => [name, redactor.redact(why)])),
    }),
    rules: judged.rules,
    scores: scoresOf(judged.rules),
    matrix: tried.matrix,
    issued: tried.issued,
    ...(ended !== undefined && { ended }),
  }
}

/** What {@link probeTokenService} would send to a service that offers everything; nothing is sent. @throws {TokenwrightError} as it does, but for what a connection tells */
export function planTokenServiceProbe(options: ProbeOptions): ProbePlan {
  requireSoundOptions(options)
  const setting = settingOf(options)
  const { url } = setting
  const all: Setting = {
    ...setting,
    introspectionUrl: setting.introspectionUrl ?? new URL('/introspect', url),
    revocationUrl: setting.revocationUrl ?? new URL('/revoke', url),
    metadataUrl: setting.metadataUrl ?? new URL('/.well-known/oauth-authorization-server', url),
  }
  const { rules = conformanceRules, refusals = true } = options
  const isSent = ({ needs, requests }: ConformanceRule) =>
    refusals || (!needs.includes('refusals') && !requests.some(({ isTrial }) => isTrial))
  const discovery = plannedDiscovery(all, meansOf(options, url)).map(({ request, setting: own }) =>
    shownRequest(request, own),
  )
  return {
    url: url.origin + url.pathname,
    discovery: [...new Set(discovery)],
    rules: rules.filter(isSent).map(({ id, level, needs, requests }) => ({
      id,
      level,
      needs,
      requests: requests.map((request) => shownRequest(request, all)),
    })),
    matrix: planOf(options, setting, { isScoped: true }).map(({ cell, request, reason }) => ({
      ...cell,
      request: requestLineOf(request, {
        origin: url.origin,
        credentials: setting.credentials,
        redactor: createRedactor(allSecretsOf(options)),
      }),
      ...(reason !== undefined && { reason }),
    })),
  }
}

/** Every form of every documented request. @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN` */
function planOf(
  options: ProbeOptions,
  { url, credentials }: Setting,
  { isScoped, basicSpelling }: { readonly isScoped: boolean } & Pick<MatrixOptions, 'basicSpelling'>,
): readonly PlannedCell[] {
  const { services = builtIn, key, scope, parameters = {} } = options
  const known: readonly Service[] = builtIn
  return planMatrix({
    services: services.map((each) => (typeof each === 'string' ? findService(known, each) : each)),
    url,
    credentials,
    hasKey: key !== undefined,
    basicSpelling,
    parameters: { ...(isScoped && scope !== undefined && { scope }), ...parameters },
  })
}

/** What the matrix is asked with: the same way to the service as rules have, and the same redactor. */
interface MatrixMeans {
  readonly asker: Asker
  readonly transport: Transport
  readonly redactor: Redactor
  readonly key: ClientKey | undefined
  readonly held: () => string | undefined
  readonly judged: Judged
}

interface TriedMatrix {
  readonly matrix: readonly MatrixCell[]
  /** Tokens of either kind. */
  readonly issued: readonly string[]
  /** Why the service was left alone; `undefined` when it was not. */
  readonly stopped: string | undefined
}

const usedUp = 'the rules have used the refresh token up'

async function matrixOf(
  plan: readonly PlannedCell[],
  { onMatrixProgress: onProgress }: ProbeOptions,
  { asker: rulesAsker, transport, redactor, key, held, judged }: MatrixMeans,
): Promise<TriedMatrix> {
  if (plan.length === 0) return { matrix: [], issued: [], stopped: undefined }
  const setting = rulesAsker.setting()
  const { url, metadata } = setting
  const credentials = { ...setting.credentials }
  const heldOrStopped = () => held() ?? judged.stopped
  const refreshToken = await refreshTokenLeft(rulesAsker, heldOrStopped)
  if (refreshToken === undefined) delete credentials.refresh_token
  else credentials.refresh_token = refreshToken
  const audience = String(metadata.issuer ?? url.href)
  const { client_id = '' } = credentials
  const silence = createSilence()
  // Where nothing else is granted, that nothing is any more is no lock.
  const isAllUsedUp = refreshToken === undefined && setting.way.grant === 'refresh_token'
  const asker = createTokenAsker({
    url,
    send: (request) => silence.heeding(transport.exchange(request)),
    credentials,
    redactor,
    clientAssertion: key && (() => clientAssertion(key, client_id, audience, {})),
  })
  const { cells, stopped } = await tryMatrix(plan, {
    asker,
    held: () => heldOrStopped() ?? silence.reason() ?? (isAllUsedUp ? usedUp : undefined),
    halted: judged.halted,
    isStillGranted: () => rulesAsker.isStillGranted(setting.way.grant),
    onProgress,
  })
  const matrix = cells.map((cell, index) => {
    const { request } = plan[index] as PlannedCell
    const line = requestLineOf(request, { origin: url.origin, credentials, redactor })
    const isUsedUp =
      cell.reason === 'needs --refresh-token' && setting.credentials.refresh_token !== undefined
    return { ...cell, request: line, ...(isUsedUp && { reason: usedUp }) }
  })
  return { matrix, issued: asker.issued(), stopped: stopped ?? silence.reason() }
}

/** Counts what is not answered: so many in a row, or in all, and the rest would take too long. */
function createSilence() {
  let inRow = 0
  let inAll = 0
  return {
    heeding: async <T>(reply: Promise<T>): Promise<T> => {
      try {
        const came = await reply
        inRow = 0
        return came
      } catch (error) {
        inRow += 1
        inAll += 1
        throw error
      }
    },
    reason: () =>
      inRow >= mostSilencesInRow || inAll >= mostSilences
        ? `the service has left ${inAll} requests unanswered`
        : undefined,
  }
}

/** One that is still good after all that the rules did with those before. */
async function refreshTokenLeft(asker: Asker, held: () => string | undefined): Promise<string | undefined> {
  if (held() !== undefined) return undefined
  const attempt = newAttempt(false)
  const asked = await asker.ask({ base: 'refresh_token' }, attempt)
  const outcome = 'exchanged' in asked ? asked.exchanged[0]?.outcome : undefined
  if (!isGranted(outcome)) return undefined
  const { refresh_token: next } = outcome.reply.members
  return typeof next === 'string' && next !== '' ? next : attempt.fresh.refresh_token
}

/** What a run sends of its own: another value would be taken for what the service grants, or for a secret that is none. */
export const ownParameters: ReadonlySet<string> = new Set([
  ...['grant_type', 'client_id', 'client_secret', 'username', 'password', 'refresh_token'],
  ...['client_assertion', 'client_assertion_type'],
])

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
function requireSoundOptions(options: ProbeOptions): void {
  const { credentials, authentication = 'none', key, parameters = {} } = options
  const isSecretShown = authentication === 'client_secret_basic' || authentication === 'client_secret_post'
  const own = Object.keys(parameters).find((name) => ownParameters.has(name))
  requireChecked([
    [typeof credentials === 'object' && credentials !== null, 'credentials to be an object'],
    ...runChecks(options),
    [
      authentication !== 'private_key_jwt' || key !== undefined,
      `a private key of the client for authentication ${authentication}`,
    ],
    [
      !isSecretShown || typeof credentials?.client_secret === 'string',
      `a client secret for authentication ${authentication}`,
    ],
    [own === undefined, `parameters without ${own}, which requests have of their own`],
  ])
}

function settingOf(options: ProbeOptions): Setting {
  const { credentials, otherCredentials, scope, parameters = {} } = options
  const url = parseTarget(options.url, options.path)
  return {
    url,
    introspectionUrl: endpointOf('introspectionUrl', options.introspectionUrl, url),
    revocationUrl: endpointOf('revocationUrl', options.revocationUrl, url),
    metadata: {},
    credentials: Object.fromEntries(Object.entries(credentials).filter(([, value]) => value !== undefined)),
    other: otherCredentials,
    scope,
    parameters,
    way: {
      grant: 'client_credentials',
      authentication: credentials.client_secret === undefined ? 'client_id' : 'client_secret_basic',
      contentType: 'application/x-www-form-urlencoded',
      isScoped: false,
      basicSpelling: 'form',
    },
  }
}

/** Secrets are for one host. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
function endpointOf(option: string, given: string | undefined, { origin }: URL): URL | undefined {
  if (given === undefined) return undefined
  const url = URL.parse(given, origin)
  if (url?.origin === origin) return url
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected ${option} to be a URL at ${origin}, received another: a run asks one host alone`,
  )
}

function meansOf(
  { metadataUrl, authentication, key, refusals = true }: ProbeOptions,
  url: URL,
): Omit<Means, 'ended'> {
  const method: ProbeAuthentication | undefined = authentication === 'none' ? 'client_id' : authentication
  return {
    metadataUrl: endpointOf('metadataUrl', metadataUrl, url),
    authentication: method,
    hasKey: key !== undefined,
    areRefusalsOff: !refusals,
  }
}

function allSecretsOf({ credentials, otherCredentials, key }: ProbeOptions): readonly string[] {
  const privateParts = Object.entries(key ?? {}).filter(([name]) =>
    ['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name),
  )
  return [
    ...secretsOf(credentials),
    ...secretsOf(otherCredentials ?? {}),
    ...privateParts.map(([, value]) => String(value)),
    ...mixedPairs(credentials, otherCredentials),
  ]
}

/** As Basic has them, with one half of another. */
function mixedPairs({ client_id }: Credentials, other: ClientPair | undefined): readonly string[] {
  if (client_id === undefined) return []
  return [`${client_id}:${wrong}`, ...(other === undefined ? [] : [`${client_id}:${other.client_secret}`])]
}

/** What must not come back; ids and names may. */
function sentSecretsOf({ credentials, otherCredentials }: ProbeOptions): readonly string[] {
  const { client_secret, password, refresh_token } = credentials
  return [client_secret, password, refresh_token, otherCredentials?.client_secret].filter(
    (secret) => secret !== undefined,
  )
}

const levels: readonly Level[] = ['MUST', 'SHOULD', 'MAY', 'observed']

/** In all, and by the first document that each rule names. */
function scoresOf(judged: readonly JudgedRule[]): readonly Score[] {
  const documents = [...new Set(judged.map(documentOf))].sort()
  return ['all', ...documents].flatMap((of) =>
    levels.flatMap((level): readonly Score[] => {
      const some = judged.filter((rule) => rule.level === level && (of === 'all' || documentOf(rule) === of))
      const count = (verdict: JudgedRule['verdict']) => some.filter((rule) => rule.verdict === verdict).length
      const kept = count('kept')
      return some.length === 0 ? [] : [{ of, level, kept, judged: kept + count('broken') }]
    }),
  )
}
