// `tokenwright probe`: which documented requests a live token service accepts, and how well it keeps the RFCs.
import { systemTime } from '../host/ambient.ts'
import {
  compareProbes,
  type LockedProbe,
  lockedProbeAt,
  lockedProbeOf,
  type ProbeChange,
  type ProbeExtent,
  probeLockFileName,
  readProbeLock,
  updateProbeLock,
} from '../probe/lock.ts'
import type { JudgedRule, MatrixCell, Probe } from '../probe/probed.ts'
import {
  ownParameters,
  type ProbeOptions,
  planTokenServiceProbe,
  probeTokenService,
} from '../probe/probing.ts'
import type { ClientPair } from '../probe/requests.ts'
import type { ConformanceRule } from '../probe/rule.ts'
import { conformanceRules } from '../probe/rules.ts'
import { toJsonLine } from '../report/json.ts'
import { mustOf, type ReportedProbe } from '../report/probe.ts'
import { formatProbeJson, probeFormats } from '../report/probe-formats.ts'
import { formatProbePlan } from '../report/probe-plan.ts'
import { formatProbeTerminal } from '../report/probe-terminal.ts'
import { createProgressOf, type ProgressWords } from '../report/progress.ts'
import { hasColor } from '../report/terminal.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Service } from '../service/service.ts'
import { createRedactor, type Redactor } from '../verify/redactor.ts'
import { parseTarget } from '../verify/target.ts'
import { credentialsAt } from './credential-flags.ts'
import { type Arguments, listOf, type Verb } from './flags.ts'
import { interruptibly } from './interrupt.ts'
import { configFlag, findNamed, knownServices } from './known-services.ts'
import { filesAt, requireWritableFiles, writeEach } from './report-files.ts'
import {
  clientKeyFlag,
  clientKeyOf,
  credentialFlags,
  credentialsOf,
  definedOnly,
  paceFlags,
  paceOf,
  parametersOf,
  required,
  tlsFlags,
  tlsOf,
} from './target-flags.ts'

const authentications: Readonly<Record<string, NonNullable<ProbeOptions['authentication']>>> = {
  basic: 'client_secret_basic',
  post: 'client_secret_post',
  private_key_jwt: 'private_key_jwt',
  none: 'none',
}

/** Whether a run fails, by the value of `--fail-on`. */
const failing: Readonly<Record<string, (probe: ReportedProbe) => boolean>> = {
  broken: (probe) => {
    const { kept, judged } = mustOf(probe)
    return kept < judged || isSilent(probe)
  },
  change: ({ changes = [] }) => changes.some(isOfService),
  none: () => false,
}

/** A run in which nothing could be told has shown nothing. */
function isSilent({ rules, matrix }: Probe): boolean {
  return (
    rules.every(({ verdict }) => verdict === 'not_applicable' || verdict === 'not_tried') &&
    matrix.every(({ outcome }) => outcome === 'not_tried')
  )
}

/** What was not looked at, now or then, has not changed. */
function isOfService({ before, after }: ProbeChange): boolean {
  return ![before, after].some((word) => word === 'none' || word === 'not_tried')
}

const words: ProgressWords<JudgedRule | MatrixCell> = {
  finding: 'broken',
  isFinding: (item) => 'verdict' in item && item.verdict === 'broken' && item.level === 'MUST',
  labelOf: (item) => ('verdict' in item ? item.id : `${item.variants[0] ?? ''} ${item.grantType}`),
}

export const probe: Verb = {
  name: 'probe',
  summary:
    'Finds out which documented requests a live token service accepts, and how well it keeps the RFCs.',
  positionals: [],
  flags: {
    url: { value: 'URL', sentence: 'The token endpoint; its origin alone is asked. Required.' },
    service: {
      value: 'ID,…',
      isRepeatable: true,
      sentence:
        'Services, variants and paths of your own whose requests to try. Default: all; none, with --rule.',
    },
    rule: {
      value: 'ID,…',
      isRepeatable: true,
      sentence: 'Rules to judge, or what their ids begin with, such as rfc6749-5.2. Default: all.',
    },
    ...credentialFlags,
    'other-client-id': {
      value: 'SOURCE',
      sentence: 'Where the id of a second client is, to see that clients are kept apart.',
    },
    'other-client-secret': { value: 'SOURCE', sentence: 'Where the secret of the second client is.' },
    ...clientKeyFlag,
    scope: { value: 'SCOPE', sentence: 'What the service grants to the client; best two words or more.' },
    parameter: {
      value: 'NAME=VALUE',
      isRepeatable: true,
      sentence: 'A parameter that the service wants of every request for a token, such as audience.',
    },
    path: { value: 'PATH', sentence: 'The path of the token endpoint, in place of that of the URL.' },
    'metadata-url': {
      value: 'URL',
      sentence: 'The metadata. Default: looked for beside the token endpoint.',
    },
    'introspection-url': {
      value: 'URL',
      sentence: 'The introspection endpoint. Default: that of the metadata.',
    },
    'revocation-url': { value: 'URL', sentence: 'The revocation endpoint. Default: that of the metadata.' },
    auth: {
      value: 'basic|post|private_key_jwt|none',
      sentence: 'How the client authenticates. Default: found by asking for a token.',
    },
    config: configFlag,
    'dry-run': { sentence: 'List what would be sent, and send nothing.' },
    'no-refusals': { sentence: 'Send no wrong secret and no wrong password.' },
    ...paceFlags,
    'max-refusals': {
      value: 'N',
      sentence: 'How many wrong secrets or passwords of one account may be tried. Default: 5.',
    },
    ...tlsFlags,
    lock: {
      value: 'FILE',
      sentence: `Where the last probe is, to say what changed, and where this one goes. Default: ${probeLockFileName}.`,
    },
    'no-lock': { sentence: 'Compare with no earlier probe, and save none.' },
    'fail-on': {
      value: 'broken|change|none',
      sentence:
        'Exit with 1 when a MUST is broken, or when the service changed, which then is not saved. Default: broken.',
    },
    json: { sentence: 'Print one line of JSON.' },
    ...Object.fromEntries(
      Object.entries(probeFormats).map(([flag, { sentence }]) => [flag, { value: 'FILE', sentence }]),
    ),
  },
  run: async (input) => {
    const hasFailed = failOnOf(input)
    const url = parseTarget(required('probe', input, 'url'), input.one('path'))
    const target = url.origin + url.pathname
    const lock = lockOf(input, target)
    requireWritableFiles([
      ...filesAt(input, Object.keys(probeFormats)),
      ...(lock.isSaved ? [{ flag: `lock ${lock.file} (or --no-lock)`, file: lock.file }] : []),
    ])
    requireSound(input, url)
    const redactor = createRedactor([])
    const options = await optionsOf(input, redactor)
    if (input.has('dry-run')) {
      const plan = planTokenServiceProbe(options)
      process.stdout.write(`${input.has('json') ? toJsonLine(plan) : formatProbePlan(plan)}\n`)
      return 0
    }
    return await interruptibly(async (signal) => {
      const progress = createProgressOf(process.stderr, { now: systemTime }, words)
      const found = await probeTokenService({
        ...options,
        signal,
        onProgress: progress.tell,
        onMatrixProgress: progress.tell,
      }).finally(progress.end)
      const reported = comparedTo(lock, found)
      print(input, reported)
      if (lock.isSaved) await save(lock, found)
      if (found.ended !== undefined) return 2
      return hasFailed(reported) ? 1 : 0
    })
  },
}

async function optionsOf(input: Arguments, redactor: Redactor): Promise<ProbeOptions> {
  const key = clientKeyOf(input)
  const services = await servicesOf(input)
  const given = definedOnly({
    rules: rulesOf(input),
    path: input.one('path'),
    scope: input.one('scope'),
    parameters: parametersOf(input),
    metadataUrl: input.one('metadata-url'),
    introspectionUrl: input.one('introspection-url'),
    revocationUrl: input.one('revocation-url'),
    authentication: authenticationOf(input),
    tls: tlsOf(input),
  })
  return {
    url: input.one('url') ?? '',
    services,
    redactor,
    refusals: !input.has('no-refusals'),
    ...given,
    ...paceOf(input),
    credentials: await credentialsOf(input, redactor),
    ...definedOnly({ otherCredentials: await otherClientOf(input, redactor), key }),
  }
}

const endpointFlags = ['metadata-url', 'introspection-url', 'revocation-url']

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
function requireSound(input: Arguments, { origin }: URL): void {
  const method = input.one('auth')
  if (method === 'private_key_jwt' && !input.has('client-key'))
    throw wrongUse('expected --client-key with --auth private_key_jwt, received none')
  if ((method === 'basic' || method === 'post') && !input.has('client-secret'))
    throw wrongUse(`expected --client-secret with --auth ${method}, received none`)
  const own = Object.keys(parametersOf(input) ?? {}).find((name) => ownParameters.has(name))
  if (own !== undefined)
    throw wrongUse(
      `expected --parameter to be what the service wants beside the usual, received ${own}, which requests have of their own; next: ${flagOf[own] ?? 'leave it out'}`,
    )
  for (const flag of endpointFlags) {
    const given = input.one(flag)
    if (given !== undefined && URL.parse(given, origin)?.origin !== origin)
      throw wrongUse(
        `expected --${flag} to be a URL at ${origin}, received another: a run asks one host alone`,
      )
  }
}

/** Where a parameter comes from that a run has of its own. */
const flagOf: Readonly<Record<string, string>> = Object.fromEntries(
  ['client_id', 'client_secret', 'username', 'password', 'refresh_token'].map((name) => [
    name,
    `name its source with --${name.replace('_', '-')}`,
  ]),
)

async function servicesOf(input: Arguments): Promise<readonly Service[]> {
  if (input.has('rule') && !input.has('service')) return []
  const known = await knownServices(input)
  if (!input.has('service')) return known.byDefault
  return await Promise.all(listOf(input.all('service')).map((name) => findNamed(known, name)))
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
function rulesOf(input: Arguments): readonly ConformanceRule[] | undefined {
  if (!input.has('rule')) return undefined
  const names = listOf(input.all('rule'))
  const isNamed = (id: string, name: string) => id === name || id.startsWith(`${name}-`)
  const unknown = names.find((name) => !conformanceRules.some(({ id }) => isNamed(id, name)))
  if (unknown !== undefined)
    throw wrongUse(
      `expected --rule to be an id or what ids begin with, received ${JSON.stringify(unknown)}; known beginnings: ${beginnings().join(', ')}`,
    )
  return conformanceRules.filter(({ id }) => names.some((name) => isNamed(id, name)))
}

function beginnings(): readonly string[] {
  return [...new Set(conformanceRules.map(({ id }) => id.split('-')[0] ?? ''))].sort()
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID`, `ERR_CREDENTIAL_MISSING` */
async function otherClientOf(input: Arguments, redactor: Redactor): Promise<ClientPair | undefined> {
  const flags = ['other-client-id', 'other-client-secret']
  const given = flags.filter((flag) => input.has(flag))
  if (given.length === 0) return undefined
  if (given.length === 1)
    throw wrongUse('expected --other-client-id and --other-client-secret together, received one alone')
  const values = await credentialsAt(input, flags, process.env)
  const [client_id = '', client_secret = ''] = flags.map((flag) => values.get(flag))
  redactor.add(client_id)
  redactor.add(client_secret)
  return { client_id, client_secret }
}

function authenticationOf(input: Arguments): ProbeOptions['authentication'] {
  const name = input.one('auth')
  if (name === undefined || Object.hasOwn(authentications, name)) return authentications[name ?? '']
  throw wrongUse(`expected --auth to be ${choicesOf(authentications)}, received ${JSON.stringify(name)}`)
}

function failOnOf(input: Arguments): (probe: ReportedProbe) => boolean {
  const kind = input.one('fail-on') ?? 'broken'
  const found = Object.hasOwn(failing, kind) ? failing[kind] : undefined
  if (found !== undefined) return found
  throw wrongUse(`expected --fail-on to be ${choicesOf(failing)}, received ${JSON.stringify(kind)}`)
}

interface Lock {
  readonly file: string
  readonly isSaved: boolean
  readonly before: LockedProbe | undefined
  readonly extent: ProbeExtent
}

/**
 * Read before anything is sent. A run that fails on a change leaves the file as it is: run again, it fails again.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`, `ERR_LOCK_INVALID`
 */
function lockOf(input: Arguments, target: string): Lock {
  const file = input.one('lock') ?? probeLockFileName
  const isCompared = input.one('fail-on') === 'change'
  const extent = input.has('rule') || input.has('service') ? 'part' : 'whole'
  const other = isCompared ? '--fail-on change' : '--lock'
  if (input.has('no-lock') && (isCompared || input.has('lock')))
    throw wrongUse(`expected ${other} or --no-lock, received both`)
  if (input.has('no-lock')) return { file, isSaved: false, before: undefined, extent }
  const before = lockedProbeAt(readProbeLock(file), target)
  if (before === undefined && isCompared)
    throw wrongUse(
      `expected ${file} to have a probe of ${target} to compare with, received none; next: save one, without --fail-on change`,
    )
  if (before !== undefined && isCompared) requireBaseline(before, file, rulesOf(input) ?? conformanceRules)
  return { file, isSaved: !isCompared && !input.has('dry-run'), before, extent }
}

/** Of a run that ended early, what was not reached has not changed. */
function comparedTo({ before, extent }: Lock, found: Probe): ReportedProbe {
  if (before === undefined) return found
  const changes = compareProbes(before, lockedProbeOf(found, before, extent))
  return { ...found, changes: found.ended === undefined ? changes : changes.filter(isOfService) }
}

/** A check against what was saved of a few rules finds next to nothing. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
function requireBaseline(
  { rules = {} }: LockedProbe,
  file: string,
  judged: readonly ConformanceRule[],
): void {
  const known = judged.filter(({ id }) => Object.hasOwn(rules, id)).length
  // A newer tokenwright has further rules.
  if (known * 2 >= judged.length) return
  throw wrongUse(
    `expected ${file} to have a probe of the ${judged.length} rules that are judged, received one of ${known} of them; next: save a whole one, without --rule and --fail-on change`,
  )
}

async function save({ file, extent }: Lock, found: Probe): Promise<void> {
  const isWritten = await updateProbeLock(file, found, extent)
  process.stderr.write(
    `tokenwright: ${isWritten ? `${file} has this probe` : `${file} stays as it was: the run ended early`}\n`,
  )
}

function print(input: Arguments, reported: ReportedProbe): void {
  const text = input.has('json')
    ? formatProbeJson(reported)
    : formatProbeTerminal(reported, { hasColor: hasColor(process.stdout, process.env) })
  process.stdout.write(`${text}\n`)
  writeEach(input, probeFormats, reported)
}

function choicesOf(choices: object): string {
  const names = Object.keys(choices)
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

function wrongUse(message: string): TokenwrightError {
  return new TokenwrightError('ERR_OPTION_INVALID', message)
}
