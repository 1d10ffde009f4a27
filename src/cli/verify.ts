// `tokenwright verify`: a service's contracts against the real token service.
import { systemTime } from '../host/ambient.ts'
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { formatPlan } from '../report/plan.ts'
import { createProgress } from '../report/progress.ts'
import { TokenwrightError } from '../service/error.ts'
import { createRedactor } from '../verify/redactor.ts'
import type { Verification } from '../verify/verification.ts'
import {
  contractsToVerify,
  planTokenServiceVerification,
  type VerifyOptions,
  verifyTokenService,
} from '../verify/verify.ts'
import { type Arguments, listOf, type Verb } from './flags.ts'
import { interruptibly } from './interrupt.ts'
import { configFlag, findNamed, isDocumentedHere, knownServices } from './known-services.ts'
import { reportFlags, requireWritableReports, writeReports } from './report-files.ts'
import { sharedContracts, sharingFlags } from './shared-contracts.ts'
import {
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

const authentications: Readonly<Record<string, ClientAuthenticationMethod>> = {
  basic: 'client_secret_basic',
  post: 'client_secret_post',
}

const contentTypes: Readonly<Record<string, ContentType>> = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
}

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
    ...credentialFlags,
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
    ...paceFlags,
    ...tlsFlags,
    ...sharingFlags,
    ...reportFlags,
  },
  run: async (input) => {
    const url = required('verify', input, 'url')
    const known = await knownServices(input)
    const service = await findNamed(known, required('verify', input, 'service'))
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
        tls: tlsOf(input),
      }),
      ...paceOf(input),
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

function choiceOf<T>(input: Arguments, flag: string, choices: Readonly<Record<string, T>>): T | undefined {
  const name = input.one(flag)
  if (name === undefined) return undefined
  if (Object.hasOwn(choices, name)) return choices[name]
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --${flag} to be ${Object.keys(choices).join(' or ')}, received ${JSON.stringify(name)}`,
  )
}
