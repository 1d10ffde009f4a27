// `tokenwright explain`: why a request to a real token service fails, and the least that has to change.
import { readFileSync } from 'node:fs'
import type { Credentials } from '../fixture/message.ts'
import { isLoopback } from '../host/admin-access.ts'
import { systemChance } from '../host/ambient.ts'
import { type ExplainOptions, type Explanation, explainRequest, planExplanation } from '../probe/explain.ts'
import { type RequestSource, readFailingRequest } from '../probe/failing-request.ts'
import { readClientKey } from '../probe/signed-jwt.ts'
import {
  formatExplanation,
  formatExplanationJson,
  formatExplanationMarkdown,
  formatExplanationPlan,
} from '../report/explanation.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Service } from '../service/service.ts'
import { openConnection, type TlsOptions } from '../verify/connection.ts'
import { createRedactor } from '../verify/redactor.ts'
import { startRun } from '../verify/run.ts'
import { isProxied, parseTarget, requireListening, unreachable } from '../verify/target.ts'
import { type Arguments, listOf, type Verb } from './flags.ts'
import { interruptibly } from './interrupt.ts'
import { configFlag, findNamed, knownServices } from './known-services.ts'
import { filesAt, requireWritableFiles, writeEach } from './report-files.ts'
import {
  clientKeyFlag,
  clientKeyOf,
  credentialFlags,
  credentialsOf,
  type Pace,
  paceFlags,
  paceOf,
  parametersOf,
  readText,
  required,
  tlsFlags,
  tlsOf,
} from './target-flags.ts'

const sources: ReadonlyArray<RequestSource['kind'] & string> = ['har', 'curl']

const formats = { markdown: { format: formatExplanationMarkdown } }

const defaultTimeoutMs = 10_000
const defaultDeadlineMs = 600_000
const defaultRatePerSecond = 5

export const explain: Verb = {
  name: 'explain',
  summary: 'Finds the least that has to change in a request that a real token service refuses.',
  positionals: [],
  flags: {
    url: { value: 'URL', sentence: 'The token endpoint; its host alone is asked. Required.' },
    request: { value: 'FILE', sentence: 'The failing request as text of HTTP; - for stdin.' },
    har: { value: 'FILE', sentence: 'The failing request in a HAR file, as browsers save it.' },
    entry: {
      value: 'N',
      sentence: 'Which entry of the HAR file, from 1. Default: the only one that goes to a token endpoint.',
    },
    curl: { value: 'FILE', sentence: 'The failing request as a line of curl; - for stdin.' },
    service: {
      value: 'ID,…',
      isRepeatable: true,
      sentence: 'Services, variants and paths of your own whose requests to compare with. Default: all.',
    },
    ...credentialFlags,
    ...clientKeyFlag,
    parameter: {
      value: 'NAME=VALUE',
      isRepeatable: true,
      sentence: 'A parameter that every documented request has, too, such as scope or audience.',
    },
    config: configFlag,
    'max-requests': { value: 'N', sentence: 'Most requests in all. Default: 40.' },
    'no-refusals': {
      sentence:
        'Send nothing with another secret or password than the given one, not even the failing request.',
    },
    'dry-run': { sentence: 'List what would be sent, and send nothing.' },
    ...paceFlags,
    ...tlsFlags,
    json: { sentence: 'Print the explanation as one line of JSON.' },
    markdown: { value: 'FILE', sentence: 'Write the explanation as Markdown, too.' },
  },
  run: async (input) => {
    const url = parseTarget(required('explain', input, 'url'))
    requireWritableFiles(filesAt(input, Object.keys(formats)))
    const services = await servicesOf(input)
    const redactor = createRedactor([])
    const [maxRequests, parameters] = [input.integer('max-requests', 4, 1000), parametersOf(input)]
    const jwk = clientKeyOf(input)
    const key = jwk && readClientKey(jwk)
    const [pace, tls, source] = [paceOf(input), tlsOf(input), sourceOf(input)]
    const credentials = await credentialsOf(input, redactor)
    requireCredentials(credentials)
    const request = readFailingRequest(source(), url, { redactor, credentials })
    const maxRefusals = input.has('no-refusals') ? 0 : pace.maxRefusals
    const options = {
      url,
      services,
      request,
      credentials,
      key,
      redactor,
      maxRequests,
      parameters,
      maxRefusals,
    }
    if (input.has('dry-run')) {
      const plan = planExplanation(options)
      process.stdout.write(`${input.has('json') ? JSON.stringify(plan) : formatExplanationPlan(plan)}\n`)
      return 0
    }
    return await interruptibly(async (signal) => {
      const explanation = await askService(options, pace, tls, signal)
      write(input, explanation)
      return statuses[explanation.outcome]
    })
  },
}

const statuses: Readonly<Record<Explanation['outcome'], number>> = {
  accepted: 0,
  explained: 1,
  no_variant: 1,
  ended: 2,
}

async function servicesOf(input: Arguments): Promise<readonly Service[]> {
  const known = await knownServices(input)
  if (!input.has('service')) return known.all
  return await Promise.all(listOf(input.all('service')).map((name) => findNamed(known, name)))
}

/** Nothing is read yet: what may be secret in the request has to be learnt by then. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
function sourceOf(input: Arguments): () => RequestSource {
  const given = ['request', 'har', 'curl'].filter((flag) => input.has(flag))
  const [flag = ''] = given
  const file = input.one(flag) ?? ''
  if (given.length !== 1)
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected one of --request, --har and --curl, received ${given.length === 0 ? 'none' : 'several'}; tokenwright explain --help lists the flags`,
    )
  if (input.has('entry') && flag !== 'har')
    throw new TokenwrightError('ERR_OPTION_INVALID', 'expected --entry with --har, received it alone')
  const entry = input.integer('entry', 1, 1_000_000)
  const kind = sources.find((each) => each === flag) ?? 'http'
  return () => ({
    kind,
    where: file === '-' ? 'stdin' : file,
    text: file === '-' ? readFileSync(0, 'utf8') : readText(flag, file),
    entry,
  })
}

/** The request's own may be what is wrong with it, and to guess with them could lock an account. */
function requireCredentials({ client_id }: Credentials): void {
  if (client_id !== undefined) return
  throw new TokenwrightError(
    'ERR_CREDENTIAL_MISSING',
    'expected --client-id, and what else the grant takes, received none: documented requests are tried with credentials that are known to be right',
  )
}

async function askService(
  options: Omit<ExplainOptions, 'send'>,
  pace: Pace,
  tls: TlsOptions | undefined,
  signal: AbortSignal,
): Promise<Explanation> {
  const { url } = options
  const { timeoutMs = defaultTimeoutMs, deadlineMs = defaultDeadlineMs, ratePerSecond } = pace
  const environment = process.env
  const run = startRun(deadlineMs, signal)
  const connection = openConnection({
    url,
    timeoutMs,
    endsAt: run.endsAt,
    signal: run.signal,
    // What is on this machine has nobody to disturb.
    ratePerSecond: ratePerSecond ?? (isLoopback(url.hostname) ? undefined : defaultRatePerSecond),
    tls,
    environment,
    chance: systemChance,
  })
  try {
    if (!isProxied(url, environment)) await requireListening({ url, timeoutMs })
    const held = () => run.ended() ?? connection.held()
    const explanation = await explainRequest({ ...options, send: connection.send, held })
    if (held() === undefined) requireReplies(explanation, url)
    return explanation
  } finally {
    connection.close()
    run.close()
  }
}

/** A run in which nothing was ever answered says something of the connection, not of the request. */
function requireReplies({ failing, tried, sent }: Explanation, url: URL): void {
  const isAnswered = failing.status !== null || tried.some(({ status }) => status !== null)
  if (isAnswered || sent === 0) return
  throw unreachable(url, `no request was answered, ${failing.received}`)
}

function write(input: Arguments, explanation: Explanation): void {
  writeEach(input, formats, explanation)
  const text = input.has('json') ? formatExplanationJson(explanation) : formatExplanation(explanation)
  process.stdout.write(`${text}\n`)
}
