// What a verification shares with others: contracts that a broker gives and results that it is told, and the lock file.
import { createRequire } from 'node:module'
import type { Broker } from '../broker/hal.ts'
import { lockFileName, readLock, updateLock } from '../broker/lock.ts'
import { type FetchedPact, fetchPacts, parseSelector, requireDate } from '../broker/pacts.ts'
import { publishResults } from '../broker/results.ts'
import { findRevision } from '../broker/revision.ts'
import { systemDate } from '../host/ambient.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Service } from '../service/service.ts'
import type { GivenPact } from '../verify/contracts.ts'
import type { PactFile } from '../verify/pact-interaction.ts'
import type { Verification } from '../verify/verification.ts'
import { brokerFlags, findBroker } from './broker-flags.ts'
import type { Arguments, Flag } from './flags.ts'

/** The flags of contracts that are shared. */
export const sharingFlags: Readonly<Record<string, Flag>> = {
  ...brokerFlags,
  'consumer-version-selector': {
    value: 'JSON',
    isRepeatable: true,
    sentence: 'Which pacts of the broker. Default: of main branches, and deployed or released.',
  },
  'enable-pending': { sentence: 'Let pacts that were never kept break without a failure.' },
  'include-wip-pacts-since': {
    value: 'DATE',
    sentence: 'Take work in progress from this date on, such as 2026-01-31.',
  },
  publish: { sentence: 'Tell the broker the results.' },
  'provider-version': {
    value: 'VERSION',
    sentence: 'The version of the real service. Required with --publish.',
  },
  'provider-branch': { value: 'NAME', sentence: 'The branch of that version. Default: none.' },
  lock: { sentence: `Keep what was verified in the lock file.` },
  'lock-file': { value: 'FILE', sentence: `The lock file. Default: ${lockFileName}.` },
}

/** The flags that say nothing without a broker. */
const ofBroker = [
  'publish',
  'consumer-version-selector',
  'enable-pending',
  'include-wip-pacts-since',
  'provider-branch',
  'broker-token',
  'broker-username',
  'broker-password',
]

/** Contracts to verify, and who is told the outcome. */
export interface SharedContracts {
  /** Those of the broker; `undefined` where none is asked. */
  readonly pacts: readonly GivenPact[] | undefined
  /** Publishes and keeps the outcome, as far as it was asked for. */
  readonly tell: (verification: Verification, contracts: readonly PactFile[]) => Promise<void>
}

/** What the flags ask to be shared. @throws {TokenwrightError} for flags that miss another, and as the broker's functions do */
export async function sharedContracts(
  input: Arguments,
  service: Service,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SharedContracts> {
  // A variable alone asks for nothing: it may be there for other contracts.
  const isShared = ['broker', ...ofBroker].some((flag) => input.has(flag)) && !input.has('contracts')
  const broker = isShared ? await findBroker(input, environment) : undefined
  requireSoundFlags(input, broker)
  // What is wrong with it is found before anything is sent.
  if (input.has('lock')) readLock(input.one('lock-file') ?? lockFileName)
  const fetched = broker === undefined ? [] : await fetchPactsOf(input, broker, service)
  const say = (line: string) => process.stderr.write(`tokenwright: ${line}\n`)
  for (const { name, notices } of fetched)
    for (const notice of notices) say(`${name}: ${broker?.redact(notice)}`)
  return {
    pacts: broker && fetched.map(({ pact, url, pending }) => ({ pact, name: url, pending })),
    tell: async (verification, contracts) => {
      if (input.has('lock')) keep(input, contracts, verification, say)
      if (broker !== undefined && input.has('publish'))
        await publish(input, broker, fetched, verification, say)
    },
  }
}

function requireSoundFlags(input: Arguments, broker: Broker | undefined): void {
  const stray = broker === undefined ? ['broker', ...ofBroker].find((flag) => input.has(flag)) : undefined
  if (stray !== undefined)
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected a broker with --${stray}, received ${input.has('contracts') ? '--contracts' : 'none'}; next: --broker URL, or the variable PACT_BROKER_BASE_URL`,
    )
  if (input.has('publish') && !input.has('provider-version'))
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected --provider-version with --publish, received none: which version of the service was verified?',
    )
  if (input.has('provider-version') && !input.has('publish') && !input.has('lock'))
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected --publish or --lock with --provider-version, received neither',
    )
  if (input.has('lock-file') && !input.has('lock'))
    throw new TokenwrightError('ERR_OPTION_INVALID', 'expected --lock with --lock-file, received none')
}

async function fetchPactsOf(
  input: Arguments,
  broker: Broker,
  { id }: Service,
): Promise<readonly FetchedPact[]> {
  const selectors = input.all('consumer-version-selector').map(parseSelector)
  const branch = input.one('provider-branch')
  const since = input.one('include-wip-pacts-since')
  const fetched = await fetchPacts(broker, {
    provider: id,
    ...(selectors.length > 0 && { consumerVersionSelectors: selectors }),
    ...(branch !== undefined && { providerVersionBranch: branch }),
    ...(input.has('enable-pending') && { includePendingStatus: true }),
    ...(since !== undefined && { includeWipPactsSince: requireDate(since) }),
  })
  if (fetched.length > 0) return fetched
  throw new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected pacts of the provider ${id} from the broker, received none; next: tokenwright publish, or another --consumer-version-selector`,
  )
}

async function publish(
  input: Arguments,
  broker: Broker,
  fetched: readonly FetchedPact[],
  verification: Verification,
  say: (line: string) => void,
): Promise<void> {
  const providerVersion = input.one('provider-version') ?? ''
  const branch = input.one('provider-branch')
  const { buildUrl } = findRevision({
    environment: process.env,
    git: () => undefined,
    given: { version: providerVersion },
  })
  const manifest = createRequire(import.meta.url)('tokenwright/package.json') as { version: string }
  const published = await publishResults(broker, fetched, verification, {
    providerVersion,
    ...(branch !== undefined && { branch }),
    ...(buildUrl !== undefined && { buildUrl }),
    version: manifest.version,
  })
  for (const { name, success, reason } of published)
    say(
      `${name}: ${reason === undefined ? `published as ${success ? 'kept' : 'broken'}` : `not published: ${reason}`}`,
    )
}

function keep(
  input: Arguments,
  contracts: readonly PactFile[],
  verification: Verification,
  say: (line: string) => void,
): void {
  const file = input.one('lock-file') ?? lockFileName
  const updates = updateLock(file, verification, contracts, systemDate(), input.one('provider-version'))
  for (const { consumer, variant, reason } of updates)
    if (reason !== undefined) say(`${file}: no entry of ${consumer}, ${variant}: ${reason}`)
}
