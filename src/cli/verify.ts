// `tokenwright verify`: a service's contracts against the real token service.
import type { CredentialName, Credentials } from '../fixture/message.ts'
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import { formatVerification } from '../report/verification.ts'
import { TokenwrightError } from '../service/error.ts'
import { credentialReference, readCredentials } from '../verify/credentials.ts'
import { machineSources } from '../verify/machine-sources.ts'
import { createRedactor, secretsOf } from '../verify/redactor.ts'
import { verifyTokenService } from '../verify/verify.ts'
import { type Arguments, listOf, type Verb } from './flags.ts'
import { configFlag, findNamed, isDocumentedHere, knownServices } from './known-services.ts'
import { redactOutputBy, requireSilentRuntime } from './last-words.ts'

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
    'client-id': { value: credentialReference, sentence: 'The client id.' },
    'client-secret': { value: credentialReference, sentence: 'The client secret.' },
    username: { value: credentialReference, sentence: 'The user name of the password grant.' },
    password: { value: credentialReference, sentence: 'The password of the password grant.' },
    'refresh-token': {
      value: credentialReference,
      sentence: 'A refresh token, where none can be asked for.',
    },
    auth: {
      value: 'basic|post',
      sentence: 'How the client authenticates. Default: found by asking for a token.',
    },
    exchange: { value: 'ID,…', isRepeatable: true, sentence: 'The exchanges to replay. Default: all.' },
    contracts: {
      value: 'DIR',
      sentence: "The folder of contracts. Default: the package's; contracts, for a service of your own.",
    },
    config: configFlag,
    timeout: { value: 'MS', sentence: 'Longest wait for each reply. Default: 10000.' },
    json: { sentence: 'Print one line of JSON.' },
  },
  run: async (input) => {
    const exchanges = listOf(input.all('exchange'))
    const authentication = authenticationOf(input)
    const url = required(input, 'url')
    const known = await knownServices(input)
    const service = await findNamed(known, required(input, 'service'))
    const contracts = input.one('contracts') ?? (isDocumentedHere(service) ? undefined : 'contracts')
    const timeoutMs = input.integer('timeout', 1, 600_000)
    const credentials = await credentialsOf(input)
    const verification = await verifyTokenService({
      url,
      service,
      credentials,
      ...(authentication !== undefined && { authentication }),
      ...(exchanges.length > 0 && { exchanges }),
      ...(contracts !== undefined && { contracts }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
    process.stdout.write(
      `${input.has('json') ? JSON.stringify(verification) : formatVerification(verification)}\n`,
    )
    return verification.broken === 0 ? 0 : 1
  },
}

/** From here on nothing is written that has one of them in it. */
async function credentialsOf(input: Arguments): Promise<Credentials> {
  requireSilentRuntime(process.env)
  const references = credentialFlags.flatMap(([flag]): [string, string][] => {
    const reference = input.one(flag)
    return reference === undefined ? [] : [[flag, reference]]
  })
  const warn = (message: string) => process.stderr.write(`tokenwright: warning: ${message}\n`)
  const values = await readCredentials(new Map(references), machineSources(process.env, warn))
  const credentials: Credentials = Object.fromEntries(
    credentialFlags.flatMap(([flag, name]) => {
      const value = values.get(flag)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  redactOutputBy(createRedactor(secretsOf(credentials)))
  return credentials
}

function required(input: Arguments, flag: string): string {
  const value = input.one(flag)
  if (value !== undefined) return value
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --${flag}, received none; tokenwright verify --help lists the flags`,
  )
}

function authenticationOf(input: Arguments): ClientAuthenticationMethod | undefined {
  const name = input.one('auth')
  if (name === undefined) return undefined
  const authentication = authentications[name]
  if (authentication !== undefined) return authentication
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --auth to be basic or post, received ${JSON.stringify(name)}`,
  )
}
