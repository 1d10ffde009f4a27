// @pact-foundation/pact-cli, the optional peer: its native program, run without a shell, with credentials in its
// environment alone, and with nothing of what it says passed on unmasked.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { TokenwrightError } from '../service/error.ts'
import { type Broker, isLoopback, unreachable } from './hal.ts'

/** What came of a run. */
export interface PactCliOutcome {
  /** `null` where a signal ended it. */
  readonly status: number | null
  /** All that it said, masked; its program writes findings, errors and logs to one stream. */
  readonly output: string
}

/** How to run it. */
export interface PactCliOptions {
  /** The longest a run may take, in milliseconds. */
  readonly deadlineMs: number
  /** Whether it logs; what is logged is masked like everything else. */
  readonly logLevel?: 'debug' | 'trace'
}

const install = 'npm install --save-dev @pact-foundation/pact-cli@18.1'
/** Of what is kept of its output, in characters. */
const longestOutput = 4_000_000
/** No header field, and so no secret in one, is longer. */
const longestSecret = 65_536
/** Three repetitions, 3.5 seconds in all: its own default is eight, which are two minutes. */
const retries = '3'
/** What a network needs; nothing else of the surroundings is handed on. */
const passedOn = [
  'HOME',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'TMPDIR',
  'USERPROFILE',
]

/** The path of the program. @throws {TokenwrightError} `ERR_PEER_MISSING` */
export function pactCliProgram(
  resolve: (request: string, from?: string) => string = resolveFrom,
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'> = process,
): string {
  const manifest = found(
    () => resolve('@pact-foundation/pact-cli/package.json'),
    `the Pact Broker needs the package @pact-foundation/pact-cli, which is not installed; next: ${install}`,
  )
  const system = platform === 'win32' ? 'windows' : platform
  const native = `@pact-foundation/pact-cli-${system}-${arch}`
  const missing = `expected ${native}, the program of @pact-foundation/pact-cli for this machine, found none; next: ${install}, with optional dependencies`
  const nativeManifest = found(() => resolve(`${native}/package.json`, manifest), missing)
  const program = join(dirname(nativeManifest), 'standalone', platform === 'win32' ? 'pact.exe' : 'pact')
  if (existsSync(program)) return program
  throw new TokenwrightError('ERR_PEER_MISSING', missing)
}

function resolveFrom(request: string, from: string = import.meta.url): string {
  return createRequire(from).resolve(request)
}

function found(resolve: () => string, missing: string): string {
  try {
    return resolve()
  } catch (cause) {
    throw new TokenwrightError('ERR_PEER_MISSING', missing, { cause })
  }
}

/**
 * Runs `pact broker …` to its end.
 *
 * @throws {TokenwrightError} `ERR_PEER_MISSING`; `ERR_UNREACHABLE` when it takes too long
 */
export async function runPactCli(
  broker: Broker,
  args: readonly string[],
  { deadlineMs, logLevel }: PactCliOptions,
): Promise<PactCliOutcome> {
  const logging = logLevel === undefined ? [] : ['--log-level', logLevel]
  const child = spawn(pactCliProgram(), ['broker', ...args, ...logging], {
    env: environmentFor(broker),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  })
  const chunks: string[] = []
  let length = 0
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      length += chunk.length
      if (length <= longestOutput) chunks.push(chunk)
    })
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  // A secret may be split between two chunks, so that nothing is masked, or shown, before all of it is there.
  const masked = broker.redact(stripVTControlCharacters(chunks.join('')))
  // Where the output was cut off, so may a secret have been.
  const output = length > longestOutput ? masked.slice(0, -longestSecret) : masked
  if (status === null && child.killed) throw unreachable(broker, `nothing whole within ${deadlineMs} ms`)
  return { status, output }
}

/** The environment of the program: what a network needs, the broker, and its credentials. */
export function environmentFor(broker: Broker): Record<string, string> {
  const { url, environment } = broker
  const { token, username, password } = broker.credentials
  const seen = new Map<string, string>()
  for (const [name, value] of Object.entries(environment)) {
    const key = name.toUpperCase()
    const isOfUse = passedOn.includes(key) && !(isLoopback(url) && key.endsWith('_PROXY'))
    if (isOfUse && value !== undefined) seen.set(key, value)
  }
  const { NODE_EXTRA_CA_CERTS: certificates } = environment
  return {
    // One variable for both: the program trusts the file's certificates beside the machine's.
    ...(certificates !== undefined && { SSL_CERT_FILE: certificates }),
    ...Object.fromEntries(seen),
    PACT_DO_NOT_TRACK: 'true',
    PACT_BROKER_HTTP_RETRIES: retries,
    // Without its last slash, which the program would double.
    PACT_BROKER_BASE_URL: url.href.replace(/\/$/, ''),
    ...(token !== undefined && { PACT_BROKER_TOKEN: token }),
    ...(username !== undefined && { PACT_BROKER_USERNAME: username }),
    ...(password !== undefined && { PACT_BROKER_PASSWORD: password }),
  }
}

/** The error of a run that did not succeed, with what the program said last. */
export function refusedBy(outcome: PactCliOutcome, what: string): TokenwrightError {
  const said = outcome.output
    .split('\n')
    .map((line) => line.replace(/^(?:\s|❌|📨)+/u, '').trim())
    .filter((line) => line !== '')
  return new TokenwrightError(
    'ERR_BROKER_REFUSED',
    `expected the broker to ${what}, received: ${(said.at(-1) ?? 'nothing').slice(0, 500)}`,
  )
}
