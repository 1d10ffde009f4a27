// `tokenwright verify`: a service's contracts against the real token service.
import { readFileSync } from 'node:fs'
import type { CredentialName, Credentials } from '../fixture/message.ts'
import { systemTime } from '../host/ambient.ts'
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { formatPlan } from '../report/plan.ts'
import { createProgress } from '../report/progress.ts'
import { parseDuration } from '../service/duration.ts'
import { TokenwrightError } from '../service/error.ts'
import type { TlsOptions } from '../verify/connection.ts'
import { createRedactor, type Redactor, secretsOf } from '../verify/redactor.ts'
import type { Verification } from '../verify/verification.ts'
import {
  contractsToVerify,
  planTokenServiceVerification,
  type VerifyOptions,
  verifyTokenService,
} from '../verify/verify.ts'
import { credentialsAt } from './credential-flags.ts'
import { type Arguments, listOf, type Verb } from './flags.ts'
import { interruptibly } from './interrupt.ts'
import { configFlag, findNamed, isDocumentedHere, knownServices } from './known-services.ts'
import { redactOutputBy, requireSilentRuntime } from './last-words.ts'
import { reportFlags, requireWritableReports, writeReports } from './report-files.ts'
import { sharedContracts, sharingFlags } from './shared-contracts.ts'

const credentialFlags: ReadonlyArray<readonly [flag: string, name: CredentialName]> = [
  ['client-id', 'client_id'],
  ['client-secret', 'client_secret'],
  ['username', 'username'],
  ['password', 'password'],
  ['refresh-token', 'refresh_token'],
]

const authentications: Readonly<Record<string, ClientAuthenticationMethod>> = {
  basic: 'client_secret_basic',
  post: 'client_secret_post',
}

const contentTypes: Readonly<Record<string, ContentType>> = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
}

/** Nobody pastes a certificate of more. */
const tlsFlags: ReadonlyArray<readonly [flag: string, name: keyof TlsOptions]> = [
  ['ca', 'ca'],
  ['cert', 'cert'],
  ['key', 'key'],
]

export const verify: Verb = {
  name: 'verify',
  summary: "Replays a service's contracts against the real token service, with real credentials.",
  positionals: [],
  flags: {
    url: { value: 'URL', sentence: 'The token endpoint of the real service. Required.' },
    service: {
      value: 'ID',
      sentence:
        'The service, one of its variants, or the path of your own, whose contracts to replay. Required.',
    },
    'client-id': {
      value: 'SOURCE',
      sentence: 'Where the client id is: env:NAME, file:PATH, cmd:COMMAND or prompt.',
    },
    'client-secret': { value: 'SOURCE', sentence: 'Where the client secret is, likewise.' },
    username: { value: 'SOURCE', sentence: 'Where the user name of the password grant is.' },
    password: { value: 'SOURCE', sentence: 'Where the password of the password grant is.' },
    'refresh-token': { value: 'SOURCE', sentence: 'Where a refresh token is, if none can be asked for.' },
    profile: { value: 'ID', sentence: 'The product that answers, as far as it is known. Default: none.' },
    path: { value: 'PATH', sentence: 'The path of the token endpoint, in place of that of the URL.' },
    auth: {
      value: 'basic|post',
      sentence: "How the client authenticates. Default: the profile's, or found by asking for a token.",
    },
    'content-type': {
      value: 'form|json',
      sentence: "The media type of the requests. Default: the contract's.",
    },
    parameter: {
      value: 'NAME=VALUE',
      isRepeatable: true,
      sentence: "A parameter that the product wants beside the contract's, such as scope or audience.",
    },
    exchange: { value: 'ID,…', isRepeatable: true, sentence: 'The exchanges to replay. Default: all.' },
    contracts: {
      value: 'PATH,…',
      isRepeatable: true,
      sentence:
        "Files and folders of contracts. Default: the package's; contracts, for a service of your own.",
    },
    config: configFlag,
    'dry-run': { sentence: 'List what would be sent, and send nothing.' },
    rate: { value: 'N', sentence: 'Most requests in a second. Default: 5; any, on a loopback address.' },
    'max-refusals': {
      value: 'N',
      sentence: 'How many wrong secrets and passwords may be tried. Default: 3.',
    },
    timeout: { value: 'MS', sentence: 'Longest wait for each reply. Default: 10000.' },
    deadline: { value: '10m', sentence: 'Longest time for the whole run. Default: 10m.' },
    ca: { value: 'FILE', sentence: 'PEM of certificates to trust beside the usual ones.' },
    cert: { value: 'FILE', sentence: "PEM of the client's certificate." },
    key: { value: 'FILE', sentence: 'PEM of its key.' },
    ...sharingFlags,
    ...reportFlags,
  },
  run: async (input) => {
    const url = required(input, 'url')
    const known = await knownServices(input)
    const service = await findNamed(known, required(input, 'service'))
    requireWritableReports(input)
    const shared = await sharedContracts(input, service, process.env)
    const given = listOf(input.all('contracts'))
    const usual = isDocumentedHere(service) ? undefined : ['contracts']
    const redactor = createRedactor([])
    const options: VerifyOptions = {
      url,
      service,
      redactor,
      ...definedOnly({
        profile: input.one('profile'),
        path: input.one('path'),
        authentication: choiceOf(input, 'auth', authentications),
        contentType: choiceOf(input, 'content-type', contentTypes),
        parameters: parametersOf(input),
        exchanges: input.has('exchange') ? listOf(input.all('exchange')) : undefined,
        contracts: shared.pacts ?? (given.length > 0 ? given : usual),
        ratePerSecond: input.integer('rate', 1, 1000),
        maxRefusals: input.integer('max-refusals', 0, 1000),
        timeoutMs: input.integer('timeout', 1, 600_000),
        deadlineMs: durationOf(input, 'deadline'),
        tls: tlsOf(input),
      }),
      credentials: await credentialsOf(input, redactor),
    }
    if (input.has('dry-run')) {
      const plan = planTokenServiceVerification(options)
      process.stdout.write(`${input.has('json') ? JSON.stringify(plan) : formatPlan(plan)}\n`)
      return 0
    }
    return await interruptibly(async (signal) => {
      const progress = createProgress(process.stderr, { now: systemTime })
      const verification = await verifyTokenService({
        ...options,
        signal,
        onProgress: progress.tell,
      }).finally(progress.end)
      writeReports(input, verification, process.env)
      await shared.tell(verification, contractsToVerify(options))
      return statusOf(verification)
    })
  },
}

/** A run in which all was skipped has shown nothing. */
function statusOf({ broken, ended, interactions }: Verification): number {
  if (broken > 0) return 1
  if (ended !== undefined) return 2
  return interactions.some(({ verdict }) => verdict !== 'skipped') ? 0 : 1
}

/** From here on nothing is written that has one of them in it. */
async function credentialsOf(input: Arguments, redactor: Redactor): Promise<Credentials> {
  requireSilentRuntime(process.env)
  redactOutputBy(redactor)
  const flags = credentialFlags.map(([flag]) => flag)
  const values = await credentialsAt(input, flags, process.env)
  const credentials: Credentials = Object.fromEntries(
    credentialFlags.flatMap(([flag, name]) => {
      const value = values.get(flag)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  for (const secret of secretsOf(credentials)) redactor.add(secret)
  return credentials
}

type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> }

function definedOnly<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
}

function required(input: Arguments, flag: string): string {
  const value = input.one(flag)
  if (value !== undefined) return value
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --${flag}, received none; tokenwright verify --help lists the flags`,
  )
}

function choiceOf<T>(input: Arguments, flag: string, choices: Readonly<Record<string, T>>): T | undefined {
  const name = input.one(flag)
  if (name === undefined) return undefined
  if (Object.hasOwn(choices, name)) return choices[name]
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --${flag} to be ${Object.keys(choices).join(' or ')}, received ${JSON.stringify(name)}`,
  )
}

function parametersOf(input: Arguments): Readonly<Record<string, string>> | undefined {
  if (!input.has('parameter')) return undefined
  const pairs = input.all('parameter').map((text): [string, string] => {
    const equals = text.indexOf('=')
    if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)]
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected --parameter NAME=VALUE, received no name or no value',
    )
  })
  return Object.fromEntries(pairs)
}

function durationOf(input: Arguments, flag: string): number | undefined {
  const text = input.one(flag)
  const milliseconds = text === undefined ? undefined : parseDuration(text)
  if (text === undefined || (milliseconds !== undefined && milliseconds > 0)) return milliseconds
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --${flag} to be a duration such as 90s or 10m, received ${JSON.stringify(text)}`,
  )
}

function tlsOf(input: Arguments): TlsOptions | undefined {
  if (input.has('cert') !== input.has('key'))
    throw new TokenwrightError('ERR_OPTION_INVALID', 'expected --cert and --key together, received one alone')
  const entries = tlsFlags.flatMap(([flag, name]) => {
    const file = input.one(flag)
    return file === undefined ? [] : [[name, readPem(flag, file)]]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function readPem(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected --${flag} to be a file that can be read: ${(cause as Error).message}`,
      { cause },
    )
  }
}
