// Pact files replayed by pact-core's verifier, in a process of its own.
import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TokenwrightError } from '../service/error.ts'

/** One mismatch, as the verifier tells it. */
export interface Mismatch {
  readonly type: string
  readonly path?: string
  readonly key?: string
  readonly expected?: unknown
  readonly actual?: unknown
  readonly mismatch?: string
}

/** What the verifier says of one interaction. */
export interface ReplayResult {
  readonly interactionKey?: string
  readonly result: string
  readonly mismatch?: {
    readonly type: string
    readonly message?: string
    readonly mismatches?: readonly Mismatch[]
  }
}

/** What is replayed, and against what. */
export interface ReplayOptions {
  readonly provider: string
  readonly baseUrl: string
  readonly pactFiles: readonly string[]
  readonly stateUrl: string
  /** Longest wait for each reply, in milliseconds. */
  readonly timeoutMs: number
}

/** @throws {TokenwrightError} `ERR_CONTRACT_INVALID` when the verifier gives no result */
export async function replay(options: ReplayOptions): Promise<readonly ReplayResult[]> {
  const results = await runChild({
    provider: options.provider,
    providerBaseUrl: options.baseUrl,
    pactUrls: options.pactFiles,
    providerStatesSetupUrl: options.stateUrl,
    timeout: options.timeoutMs,
    followRedirects: false,
    logLevel: 'error',
  })
  if (results !== null) return results
  throw new TokenwrightError('ERR_CONTRACT_INVALID', 'the Pact verifier ended without a result')
}

function runChild(options: object): Promise<readonly ReplayResult[] | null> {
  // The same file compiled or not: Node.js strips the types of the latter.
  const file = fileURLToPath(new URL(`./replay-child${extname(import.meta.url)}`, import.meta.url))
  const child = fork(file, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: environment(),
    execArgv: [],
  })
  return new Promise((resolve, reject) => {
    let results: readonly ReplayResult[] | null = null
    child.on('message', (message) => {
      results = message as readonly ReplayResult[] | null
    })
    child.on('error', reject)
    child.on('close', () => resolve(results))
    child.send(options)
  })
}

/** The verifier takes filters and brokers from PACT_ variables, and would send even loopback requests to a proxy. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PACT_'))
  const direct = [process.env.NO_PROXY ?? process.env.no_proxy ?? '', '127.0.0.1', 'localhost', '::1']
  const noProxy = direct.filter((host) => host !== '').join(',')
  return {
    ...Object.fromEntries(kept),
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    LOG_LEVEL: 'error',
    PACT_DO_NOT_TRACK: 'true',
  }
}
