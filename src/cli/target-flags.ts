// Flags about a real token service: who asks, how fast, how long, and by which certificates. The verbs that ask one share them.
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { CredentialName, Credentials } from '../fixture/message.ts'
import { parseJson } from '../oauth/json.ts'
import type { JsonWebKey } from '../oauth/words.ts'
import { parseDuration } from '../service/duration.ts'
import { TokenwrightError } from '../service/error.ts'
import type { TlsOptions } from '../verify/connection.ts'
import { type Redactor, secretsOf } from '../verify/redactor.ts'
import { credentialsAt } from './credential-flags.ts'
import type { Arguments, Flag } from './flags.ts'
import { redactOutputBy, requireSilentRuntime } from './last-words.ts'

const credentialNames: ReadonlyArray<readonly [flag: string, name: CredentialName]> = [
  ['client-id', 'client_id'],
  ['client-secret', 'client_secret'],
  ['username', 'username'],
  ['password', 'password'],
  ['refresh-token', 'refresh_token'],
]

/** Where the credentials are. */
export const credentialFlags: Readonly<Record<string, Flag>> = {
  'client-id': {
    value: 'SOURCE',
    sentence: 'Where the client id is: env:NAME, file:PATH, cmd:COMMAND or prompt.',
  },
  'client-secret': { value: 'SOURCE', sentence: 'Where the client secret is, likewise.' },
  username: { value: 'SOURCE', sentence: 'Where the user name of the password grant is.' },
  password: { value: 'SOURCE', sentence: 'Where the password of the password grant is.' },
  'refresh-token': { value: 'SOURCE', sentence: 'Where a refresh token is, if none can be asked for.' },
}

/** What a client signs its assertions with. */
export const clientKeyFlag: Readonly<Record<string, Flag>> = {
  'client-key': {
    value: 'FILE',
    sentence: "The client's private key, a JWK or PEM, for private_key_jwt.",
  },
}

/** How much may be asked of the service. */
export const paceFlags: Readonly<Record<string, Flag>> = {
  rate: { value: 'N', sentence: 'Most requests in a second. Default: 5; any, on a loopback address.' },
  'max-refusals': {
    value: 'N',
    sentence: 'How many wrong secrets and passwords may be tried. Default: 3.',
  },
  timeout: { value: 'MS', sentence: 'Longest wait for each reply. Default: 10000.' },
  deadline: { value: '10m', sentence: 'Longest time for the whole run. Default: 10m.' },
}

/** Certificates of both sides. */
export const tlsFlags: Readonly<Record<string, Flag>> = {
  ca: { value: 'FILE', sentence: 'PEM of certificates to trust beside the usual ones.' },
  cert: { value: 'FILE', sentence: "PEM of the client's certificate." },
  key: { value: 'FILE', sentence: 'PEM of its key.' },
}

/** The values of {@link paceFlags} that were given. */
export interface Pace {
  readonly ratePerSecond?: number
  readonly maxRefusals?: number
  readonly timeoutMs?: number
  readonly deadlineMs?: number
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function paceOf(input: Arguments): Pace {
  return definedOnly({
    ratePerSecond: input.integer('rate', 1, 1000),
    maxRefusals: input.integer('max-refusals', 0, 1000),
    timeoutMs: input.integer('timeout', 1, 600_000),
    deadlineMs: durationOf(input, 'deadline'),
  })
}

/** Reads the credentials: from here on nothing is written that has one of them in it. @throws {TokenwrightError} `ERR_CREDENTIAL_MISSING` */
export async function credentialsOf(input: Arguments, redactor: Redactor): Promise<Credentials> {
  requireSilentRuntime(process.env)
  redactOutputBy(redactor)
  const flags = credentialNames.map(([flag]) => flag)
  const values = await credentialsAt(input, flags, process.env)
  const credentials: Credentials = Object.fromEntries(
    credentialNames.flatMap(([flag, name]) => {
      const value = values.get(flag)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  for (const secret of secretsOf(credentials)) redactor.add(secret)
  return credentials
}

/** The value of a flag that has to be there. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function required(verb: string, input: Arguments, flag: string): string {
  const value = input.one(flag)
  if (value !== undefined) return value
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --${flag}, received none; tokenwright ${verb} --help lists the flags`,
  )
}

/** The values of `--parameter NAME=VALUE`. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function parametersOf(input: Arguments): Readonly<Record<string, string>> | undefined {
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

/** The certificates and the key, read. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function tlsOf(input: Arguments): TlsOptions | undefined {
  if (input.has('cert') !== input.has('key'))
    throw new TokenwrightError('ERR_OPTION_INVALID', 'expected --cert and --key together, received one alone')
  const entries = Object.keys(tlsFlags).flatMap((flag) => {
    const file = input.one(flag)
    return file === undefined ? [] : [[flag, readText(flag, file)]]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** The key of private_key_jwt. What Node.js says of a key may quote it, and is left out. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function clientKeyOf(input: Arguments): JsonWebKey | undefined {
  if (input.has('key') && !input.has('cert'))
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected --cert with --key, received --key alone: it is for TLS; the key of private_key_jwt is --client-key',
    )
  const file = input.one('client-key')
  if (file === undefined) return undefined
  const text = readText('client-key', file)
  const jwk = parseJson(text)
  if (typeof jwk === 'object' && jwk !== null) return jwk as JsonWebKey
  try {
    return createPrivateKey(text).export({ format: 'jwk' }) as JsonWebKey
  } catch {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected --client-key to be a private key as a JWK or PEM, received another file',
    )
  }
}

/** The text of a file that a flag names. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function readText(flag: string, file: string): string {
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

type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> }

/** The members that have a value. */
export function definedOnly<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
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
