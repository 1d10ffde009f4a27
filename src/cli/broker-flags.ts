// The flags by which every verb of the broker finds it and its credentials.
import { type Broker, type BrokerCredentials, createBroker } from '../broker/hal.ts'
import { findRevision, type Revision, systemGit } from '../broker/revision.ts'
import { TokenwrightError } from '../service/error.ts'
import { credentialsAt } from './credential-flags.ts'
import type { Arguments, Flag } from './flags.ts'

/** The flags of a broker's address and credentials. */
export const brokerFlags: Readonly<Record<string, Flag>> = {
  broker: { value: 'URL', sentence: 'The Pact Broker. Default: the variable PACT_BROKER_BASE_URL.' },
  'broker-token': {
    value: 'SOURCE',
    sentence: 'Where its bearer token is, such as env:NAME. Default: PACT_BROKER_TOKEN.',
  },
  'broker-username': {
    value: 'SOURCE',
    sentence: 'Where its user name is. Default: PACT_BROKER_USERNAME.',
  },
  'broker-password': {
    value: 'SOURCE',
    sentence: 'Where its password is. Default: PACT_BROKER_PASSWORD.',
  },
}

/** The flags of a run of Pact's program. */
export const runFlags: Readonly<Record<string, Flag>> = {
  timeout: { value: 'MS', sentence: 'Longest wait for the broker. Default: 60000.' },
  verbose: { sentence: 'Print what the Pact CLI logs, without secrets, on stderr.' },
}

const defaultTimeoutMs = 60_000
const longestTimeoutMs = 3_600_000

/**
 * The broker that the flags and the environment name; `undefined` where they name none.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`, `ERR_CREDENTIAL_MISSING`
 */
export async function findBroker(
  input: Arguments,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Broker | undefined> {
  const url = input.one('broker') ?? set(environment.PACT_BROKER_BASE_URL)
  if (url === undefined) return undefined
  const credentials = await credentialsOf(input, environment)
  return createBroker({ url, credentials, environment, timeoutMs: timeoutOf(input) })
}

/** @throws {TokenwrightError} as {@link findBroker}, and `ERR_OPTION_INVALID` without a broker */
export async function requireBroker(
  input: Arguments,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Broker> {
  const broker = await findBroker(input, environment)
  if (broker !== undefined) return broker
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    'expected the address of a Pact Broker, received none; next: --broker URL, or the variable PACT_BROKER_BASE_URL',
  )
}

/** Flags stand above variables, and a kind of credentials that a flag names above the other kind. */
async function credentialsOf(
  input: Arguments,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<BrokerCredentials> {
  const given = await credentialsAt(
    input,
    ['broker-token', 'broker-username', 'broker-password'],
    environment,
  )
  const token = given.get('broker-token')
  const username = given.get('broker-username')
  const password = given.get('broker-password')
  const isByName = username !== undefined || password !== undefined
  const ofToken = token ?? (isByName ? undefined : set(environment.PACT_BROKER_TOKEN))
  const isByToken = ofToken !== undefined
  const ofUsername = username ?? (isByToken ? undefined : set(environment.PACT_BROKER_USERNAME))
  const ofPassword = password ?? (isByToken ? undefined : set(environment.PACT_BROKER_PASSWORD))
  return {
    ...(ofToken !== undefined && { token: ofToken }),
    ...(ofUsername !== undefined && { username: ofUsername }),
    ...(ofPassword !== undefined && { password: ofPassword }),
  }
}

/** An empty variable counts as unset. */
function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function timeoutOf(input: Arguments): number {
  return input.integer('timeout', 1, longestTimeoutMs) ?? defaultTimeoutMs
}

/** How the verb runs Pact's program. */
export function runOf(input: Arguments) {
  const isVerbose = input.has('verbose')
  return {
    deadlineMs: timeoutOf(input),
    ...(isVerbose && {
      logLevel: 'trace' as const,
      onOutput: (output: string) => void process.stderr.write(`${output.trimEnd()}\n`),
    }),
  }
}

/** The version of the flags, of CI or of git. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function revisionOf(
  input: Arguments,
  environment: Readonly<Record<string, string | undefined>>,
): Revision {
  const given = {
    version: input.one('version'),
    branch: input.one('branch'),
    buildUrl: input.one('build-url'),
  }
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return findRevision({ environment, git: systemGit, given: named })
}

/** The value of a flag that has to be there. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function requiredFlag(input: Arguments, verb: string, flag: string): string {
  const value = input.one(flag)
  if (value === undefined) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected --${flag}, received none; tokenwright ${verb} --help lists the flags`,
    )
  }
  return requirePlain(flag, value)
}

/** What begins with a dash would be a flag to Pact's program. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function requirePlain(flag: string, value: string): string {
  if (!value.startsWith('-')) return value
  throw new TokenwrightError('ERR_OPTION_INVALID', `expected --${flag} not to begin with a dash`)
}
