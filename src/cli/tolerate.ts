// `tokenwright tolerate`: a team's own client, as a command, against the mock, once per case.
import { systemTime } from '../host/ambient.ts'
import { commandClient, placeholderOf, targetVariables } from '../probe/client-command.ts'
import type { Tolerance, ToleratedCase } from '../probe/tolerance.ts'
import { longestTimeoutMs, runTolerance, type ToleranceOptions } from '../probe/tolerate.ts'
import { toJsonLine } from '../report/json.ts'
import { createProgressOf, type ProgressWords } from '../report/progress.ts'
import { hasColor } from '../report/terminal.ts'
import { toleranceFormats } from '../report/tolerance-formats.ts'
import { formatToleranceTerminal } from '../report/tolerance-terminal.ts'
import { parseDuration } from '../service/duration.ts'
import { TokenwrightError } from '../service/error.ts'
import { loadConfig } from './config.ts'
import { type Arguments, listOf, type Verb } from './flags.ts'
import { interruptibly } from './interrupt.ts'
import { configFlag, findNamed, knownServices } from './known-services.ts'
import { filesAt, requireWritableFiles, writeEach } from './report-files.ts'

/** Whether a run fails, by the value of `--fail-on`. */
const failing: Readonly<Record<string, (tolerance: Tolerance) => boolean>> = {
  // Where nothing was survived, nothing is known to be well. One that was interrupted has a status of its own.
  any: ({ survived, failed, leaking, ended }) =>
    failed > 0 || leaking > 0 || (survived === 0 && ended === undefined),
  none: () => false,
}

const words: ProgressWords<ToleratedCase> = {
  finding: 'failed',
  isFinding: ({ verdict }) => verdict === 'failed',
  labelOf: ({ id }) => id,
}

export const tolerate: Verb = {
  name: 'tolerate',
  summary: "Runs a team's own client against the mock, once per case, and says what it survives.",
  positionals: ['command…'],
  usage: '[flags] -- COMMAND ARGS…',
  flags: {
    service: {
      value: 'ID',
      sentence: 'The service, one of its variants, or the path of your own, to be mocked. Default: rfc6749.',
    },
    case: { value: 'ID,…', isRepeatable: true, sentence: 'The cases to try. Default: all.' },
    client: {
      value: 'ID:SECRET',
      sentence: 'What the client is given, where it checks the shape. Default: made up.',
    },
    protect: {
      value: 'PATH,…',
      isRepeatable: true,
      sentence: 'Stub routes that ask for an access token, beside /api/*, such as /v3/*.',
    },
    config: {
      ...configFlag,
      sentence: 'Configuration whose services and protected routes are known, too. Default: as for the mock.',
    },
    timeout: { value: '30s', sentence: 'Longest time of a case; then the command is ended. Default: 30s.' },
    'fail-on': {
      value: 'any|none',
      sentence: 'Exit with 1 when a case fails, none is survived, or a secret leaks. Default: any.',
    },
    json: { sentence: 'Print one line of JSON.' },
    ...Object.fromEntries(
      Object.entries(toleranceFormats).map(([flag, { sentence }]) => [flag, { value: 'FILE', sentence }]),
    ),
  },
  notes: [
    'The command runs without a shell, and ends with status 0 when all went well. It finds the mock by its environment,',
    'or by placeholders in its arguments:',
    '',
    ...Object.entries(targetVariables).map(
      ([name, { sentence }]) => `  ${name.padEnd(28)} ${placeholderOf(name).padEnd(18)} ${sentence}`,
    ),
  ],
  run: async (input) => {
    const hasFailed = failOnOf(input)
    requireWritableFiles(filesAt(input, Object.keys(toleranceFormats)))
    const options = await optionsOf(input)
    const [program = '', ...args] = input.positionals
    if (program === '') throw wrongUse('expected a command after --, received an empty one')
    const client = commandClient([program, ...args], process.env)
    return await interruptibly(async (signal) => {
      // In a log a line is worth it for a long run alone.
      const afterMs = process.stderr.isTTY ? 2000 : 10_000
      const progress = createProgressOf(process.stderr, { now: systemTime, afterMs }, words)
      const tolerance = await runTolerance({ ...options, signal, onProgress: progress.tell }, client).finally(
        progress.end,
      )
      print(input, tolerance)
      if (hasFailed(tolerance)) return 1
      return tolerance.ended === undefined ? 0 : 2
    })
  },
}

async function optionsOf(input: Arguments): Promise<ToleranceOptions> {
  const { protect = [] } = await loadConfig({
    file: input.one('config'),
    directory: process.cwd(),
    environment: process.env,
    keys: ['protect'],
  })
  const timeoutMs = timeoutOf(input)
  const credentials = clientOf(input)
  return {
    service: await findNamed(await knownServices(input), input.one('service') ?? 'rfc6749'),
    protect: [...protect, ...listOf(input.all('protect'))],
    ...(input.has('case') && { cases: listOf(input.all('case')) }),
    ...(credentials !== undefined && { credentials }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
}

function timeoutOf(input: Arguments): number | undefined {
  const text = input.one('timeout')
  const milliseconds = text === undefined ? undefined : parseDuration(text)
  const isSound = milliseconds !== undefined && milliseconds > 0 && milliseconds <= longestTimeoutMs
  if (text === undefined || isSound) return milliseconds
  throw wrongUse(
    `expected --timeout to be a duration such as 5s or 1m, of 10m at most, received ${JSON.stringify(text)}`,
  )
}

function clientOf(input: Arguments): ToleranceOptions['credentials'] {
  const text = input.one('client')
  if (text === undefined) return undefined
  const [, client_id, client_secret] = /^([^:]+):(.+)$/s.exec(text) ?? []
  if (client_id !== undefined && client_secret !== undefined) return { client_id, client_secret }
  throw wrongUse('expected --client to be ID:SECRET, received it without an id, a colon or a secret')
}

function failOnOf(input: Arguments): (tolerance: Tolerance) => boolean {
  const kind = input.one('fail-on') ?? 'any'
  const found = Object.hasOwn(failing, kind) ? failing[kind] : undefined
  if (found !== undefined) return found
  throw wrongUse(
    `expected --fail-on to be ${Object.keys(failing).join(' or ')}, received ${JSON.stringify(kind)}`,
  )
}

function print(input: Arguments, tolerance: Tolerance): void {
  const text = input.has('json')
    ? toJsonLine(tolerance)
    : formatToleranceTerminal(tolerance, { hasColor: hasColor(process.stdout, process.env) })
  process.stdout.write(`${text}\n`)
  writeEach(input, toleranceFormats, tolerance)
}

function wrongUse(message: string): TokenwrightError {
  return new TokenwrightError('ERR_OPTION_INVALID', `${message}; tokenwright tolerate --help lists the flags`)
}
