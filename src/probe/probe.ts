// A probe of a live token service: how well it keeps the RFCs, by rules that are sent to it and judged.
import type { Credentials } from '../fixture/message.ts'
import type { Wait } from '../host/ambient.ts'
import type { JsonWebKey } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import type { TlsOptions } from '../verify/connection.ts'
import { createRedactor, type Redactor, secretsOf } from '../verify/redactor.ts'
import { type Run, startRun } from '../verify/run.ts'
import { isProxied, parseTarget, requireListening } from '../verify/target.ts'
import { type Asker, createAsker, newAttempt } from './asking.ts'
import { findCapabilities, type Means } from './capabilities.ts'
import { judgeRules } from './conformance.ts'
import type { JudgedRule, MatrixCell, Probe, Score } from './probed.ts'
import { type ClientPair, type Setting, wrong } from './requests.ts'
import type { Capability, ConformanceRule, Level, ProbeAuthentication } from './rule.ts'
import { conformanceRules } from './rules.ts'
import { shownRequest } from './shown-request.ts'
import { makeClientKey, readClientKey } from './signed-jwt.ts'
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
  readonly rules: ReadonlyArray<{
    readonly id: string
    readonly level: Level
    readonly needs: readonly Capability[]
    readonly requests: readonly string[]
  }>
}

const defaultTimeoutMs = 10_000
const defaultDeadlineMs = 600_000
const defaultMaxRefusals = 5
/** Of as many tokens at most the service is told at the end that they are not needed any more. */
const mostRevocations = 200

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
  const means = meansOf(options, url)
  const key = options.key && readClientKey(options.key)
  const run = startRun(options.deadlineMs ?? defaultDeadlineMs, options.signal)
  const transport = openTransport({ ...options, url, run, timeoutMs, environment })
  try {
    if (!isProxied(url, environment)) await requireListening({ url, timeoutMs })
    const asker = createAsker({
      setting,
      transport,
      redactor,
      sent: createRedactor(sentSecretsOf(options)),
      key,
      proofKey: makeClientKey(),
      maxRefusals: options.maxRefusals ?? defaultMaxRefusals,
      areRefusalsOff: means.areRefusalsOff,
    })
    const { capabilities, elsewhere } = await findCapabilities(asker, means)
    const { onProgress } = options
    const judged = await judgeRules({ asker, capabilities, elsewhere, run, redactor, onProgress }, rules)
    // The matrix of documented variants joins here: it asks with the same transport, run and redactor.
    const matrix: readonly MatrixCell[] = []
    const ended = run.ended() ?? transport.held()
    if (capabilities.revocation) await revokeAll(asker, run, transport)
    return {
      url: url.origin + url.pathname,
      capabilities,
      rules: judged,
      scores: scoresOf(judged),
      matrix,
      sent: transport.sent(),
      ...(ended !== undefined && { ended }),
    }
  } catch (error) {
    throw redactor.redactError(error)
  } finally {
    transport.close()
    run.close()
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
  return {
    url: url.origin + url.pathname,
    rules: rules.filter(isSent).map(({ id, level, needs, requests }) => ({
      id,
      level,
      needs,
      requests: requests.map((request) => shownRequest(request, all)),
    })),
  }
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
function requireSoundOptions(options: ProbeOptions): void {
  const { ratePerSecond: rate = 1, maxRefusals = 0, timeoutMs = 1, deadlineMs = 1, credentials } = options
  const isTime = (value: number) => Number.isInteger(value) && value >= 1
  const problems: ReadonlyArray<readonly [isSound: boolean, problem: string]> = [
    [typeof credentials === 'object' && credentials !== null, 'credentials to be an object'],
    [Number.isFinite(rate) && rate > 0, 'ratePerSecond to be a number above 0'],
    [Number.isInteger(maxRefusals) && maxRefusals >= 0, 'maxRefusals to be a whole number from 0'],
    [
      isTime(timeoutMs) && timeoutMs <= 2_147_483_647,
      'timeoutMs to be a whole number of milliseconds from 1',
    ],
    [isTime(deadlineMs), 'deadlineMs to be a whole number of milliseconds from 1'],
  ]
  const [, problem] = problems.find(([isSound]) => !isSound) ?? []
  if (problem !== undefined)
    throw new TokenwrightError('ERR_OPTION_INVALID', `expected ${problem}, received another value`)
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

function meansOf({ metadataUrl, authentication, key, refusals = true }: ProbeOptions, url: URL): Means {
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

/** Tokens of no use any more: those that refresh first, as others end with them. */
async function revokeAll(asker: Asker, run: Run, transport: Transport): Promise<void> {
  const tokens = [...asker.tokens()].sort(([, one], [, other]) => other.localeCompare(one))
  const given = asker.setting().credentials.refresh_token
  for (const [token, kind] of tokens.filter(([each]) => each !== given).slice(0, mostRevocations)) {
    if (run.ended() !== undefined || transport.held() !== undefined) return
    await asker.ask({ base: 'revocation', parameters: { token, token_type_hint: kind } }, newAttempt(false))
  }
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

function documentOf({ source }: JudgedRule): string {
  return (/^RFC \d+/.exec(source)?.[0] ?? source.split(/[§,;]/)[0] ?? source).trim()
}
