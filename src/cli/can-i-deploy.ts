// `tokenwright can-i-deploy`: whether a version works with what is deployed, by a Pact Broker or by the lock file.

import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Contract, readContracts } from '../broker/contracts.ts'
import { canIDeploy as askBroker } from '../broker/deployment.ts'
import { addressOf, askLock, lockFileName, readLock } from '../broker/lock.ts'
import { systemDate } from '../host/ambient.ts'
import { formatDeployment, formatLockAnswers } from '../report/deployment.ts'
import { parseDuration } from '../service/duration.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Service } from '../service/service.ts'
import {
  brokerFlags,
  requireBroker,
  requiredFlag,
  requirePlain,
  revisionOf,
  runFlags,
  runOf,
} from './broker-flags.ts'
import { type Arguments, listOf, type Verb } from './flags.ts'
import { configFlag, findNamed, isDocumentedHere, knownServices } from './known-services.ts'

const name = 'can-i-deploy'
const ofBroker = [
  'pacticipant',
  'version',
  'to-environment',
  'retry-while-unknown',
  'retry-interval',
  ...Object.keys(brokerFlags),
  ...Object.keys(runFlags),
]
const ofLock = ['lock-file', 'service', 'url', 'contracts', 'max-age', 'config']

export const canIDeploy: Verb = {
  name,
  summary: 'Says whether a version works with what is deployed: 0 for yes, 1 for no.',
  positionals: [],
  flags: {
    pacticipant: { value: 'NAME', sentence: 'The application: a consumer, or the id of a service.' },
    version: { value: 'VERSION', sentence: 'Its version. Default: the commit, by CI or git.' },
    'to-environment': { value: 'NAME', sentence: "One of the broker's environments." },
    'retry-while-unknown': {
      value: 'TIMES',
      sentence: 'How often to ask again while a result is missing. Default: 0.',
    },
    'retry-interval': { value: 'SECONDS', sentence: 'How long to wait in between. Default: 10.' },
    ...brokerFlags,
    ...runFlags,
    lock: { sentence: 'Ask the lock file and no broker.' },
    'lock-file': { value: 'FILE', sentence: `The lock file. Default: ${lockFileName}.` },
    service: {
      value: 'ID',
      sentence:
        'With --lock: the service, one of its variants, or the path of your own. Default: those of the contracts.',
    },
    url: { value: 'URL', sentence: 'With --lock: the token endpoint. Default: each that was verified.' },
    contracts: {
      value: 'PATH,…',
      isRepeatable: true,
      sentence: "With --lock: the contracts. Default: the package's with --service; contracts, otherwise.",
    },
    'max-age': { value: '30d', sentence: 'With --lock: how long a verification holds. Default: for ever.' },
    config: configFlag,
    json: { sentence: 'Print one line of JSON.' },
  },
  run: async (input) => {
    requireOneKind(input)
    return input.has('lock') ? await byLock(input) : await byBroker(input)
  },
}

/** A flag that does nothing would let one believe that it was asked for. */
function requireOneKind(input: Arguments): void {
  const isLock = input.has('lock')
  const stray = (isLock ? ofBroker : ofLock).find((flag) => input.has(flag))
  if (stray === undefined) return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    isLock
      ? `expected --${stray} without --lock, which asks no broker`
      : `expected --${stray} beside --lock, received it without`,
  )
}

async function byBroker(input: Arguments): Promise<number> {
  const broker = await requireBroker(input, process.env)
  const pacticipant = requiredFlag(input, name, 'pacticipant')
  const environment = requiredFlag(input, name, 'to-environment')
  const version = requirePlain('version', revisionOf(input, process.env).version)
  const times = input.integer('retry-while-unknown', 1, 1000)
  const intervalSeconds = input.integer('retry-interval', 1, 3600) ?? 10
  const patience = times === undefined ? undefined : { times, intervalSeconds }
  const answer = await askBroker(broker, { pacticipant, version }, environment, runOf(input), patience)
  const text = input.has('json') ? JSON.stringify(answer) : formatDeployment(answer)
  process.stdout.write(`${broker.redact(text)}\n`)
  return answer.isDeployable ? 0 : 1
}

async function byLock(input: Arguments): Promise<number> {
  const url = input.one('url')
  if (url !== undefined && addressOf(url) === '')
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected --url to be the http or https URL of a token endpoint',
    )
  const maxAgeMs = maxAgeOf(input)
  const contracts = await contractsOf(input)
  const answers = askLock(readLock(input.one('lock-file') ?? lockFileName), {
    contracts,
    ...(url !== undefined && { url }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    now: systemDate(),
  })
  const isDeployable = answers.every(({ reason }) => reason === undefined)
  const text = input.has('json') ? JSON.stringify({ isDeployable, answers }) : formatLockAnswers(answers)
  process.stdout.write(`${text}\n`)
  return isDeployable ? 0 : 1
}

function maxAgeOf(input: Arguments): number | undefined {
  const text = input.one('max-age')
  const milliseconds = text === undefined ? undefined : parseDuration(text)
  if (text === undefined || milliseconds !== undefined) return milliseconds
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --max-age to be a duration such as 30d or 12h, received ${JSON.stringify(text)}`,
  )
}

/** The contracts as they are now, of the one service where one is named. */
async function contractsOf(input: Arguments): Promise<readonly Contract[]> {
  const known = await knownServices(input)
  const named = input.one('service')
  const given = listOf(input.all('contracts'))
  const paths = given.length > 0 ? given : ['contracts']
  if (named === undefined) return readContracts(paths).map(({ contract }) => contract)
  const service = await findNamed(known, named)
  if (given.length === 0 && isDocumentedHere(service)) return packagedContracts(service)
  const whole = known.all.find(({ id }) => id === service.id)
  const contracts = readContracts(paths).flatMap(({ contract }) => partOf(contract, service, whole))
  if (contracts.length > 0) return contracts
  throw new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected contracts of ${service.id} at ${paths.join(', ')}, found none; next: --contracts with where they are`,
  )
}

/** The interactions of a service, those aside of its variants that were not asked for. */
function partOf(contract: Contract, service: Service, whole: Service | undefined): readonly Contract[] {
  if (contract.provider.name !== service.id) return []
  const chosen = new Set<string>(service.variants.map(({ id }) => id))
  const left = new Set<string>((whole?.variants ?? []).map(({ id }) => id).filter((id) => !chosen.has(id)))
  const interactions = contract.interactions.filter(
    ({ comments }) => !left.has(comments?.tokenwright?.variant ?? ''),
  )
  return interactions.length === 0 ? [] : [{ ...contract, interactions }]
}

/** Those that the package has of a service's variants, which may be those of another service. */
function packagedContracts({ id, variants }: Service): readonly Contract[] {
  const directory = join(
    dirname(createRequire(import.meta.url).resolve('tokenwright/package.json')),
    'contracts',
  )
  return readContracts(variants.map((variant) => join(directory, `${variant.id}.json`))).map(
    ({ contract }) => ({ ...contract, provider: { name: id } }),
  )
}
