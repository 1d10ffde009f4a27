// Interactions replayed by pact-core's verifier, in a process of its own.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PactFile, PactInteraction } from './pact-interaction.ts'

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
  readonly result: string
  readonly mismatch?: {
    readonly type: string
    readonly message?: string
    readonly mismatches?: readonly Mismatch[]
  }
}

/** What every replay is made with. */
export interface ReplayOptions {
  readonly provider: string
  readonly baseUrl: string
  readonly stateUrl: string
  /** Longest wait for a reply, in milliseconds: the relay's own are shorter. */
  readonly timeoutMs: number
}

/** Replays interactions, one after the other. */
export interface Replayer {
  /** `null` when the verifier gives no result, or was ended. */
  readonly replay: (
    pact: PactFile,
    interaction: PactInteraction,
    options: ReplayOptions,
  ) => Promise<ReplayResult | null>
  /** Ends the verifier, also in the middle of a run. */
  readonly close: () => void
}

/** Starts a process with Pact's verifier in it. */
export function startReplayer(): Replayer {
  // The same file compiled or not: Node.js strips the types of the latter.
  const file = fileURLToPath(new URL(`./replay-child${extname(import.meta.url)}`, import.meta.url))
  const child = fork(file, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: environment(),
    execArgv: [],
    // A terminal sends its interrupt to every process of the group; this one ends when its parent says so.
    detached: true,
  })
  const directory = mkdtempSync(join(tmpdir(), 'tokenwright-verify-'))
  const pactFile = join(directory, 'pact.json')
  let answer: (result: ReplayResult | null) => void = () => {}
  child.on('message', (result) => answer(result as ReplayResult | null))
  child.on('error', () => answer(null))
  child.on('exit', () => answer(null))
  return {
    replay: (pact, interaction, { provider, baseUrl, stateUrl, timeoutMs }) =>
      new Promise((resolve) => {
        answer = resolve
        // Without its credentials, which the state server supplies.
        writeFileSync(pactFile, JSON.stringify({ ...pact, interactions: [interaction] }))
        if (!child.connected) return resolve(null)
        child.send({
          provider,
          providerBaseUrl: baseUrl,
          pactUrls: [pactFile],
          providerStatesSetupUrl: stateUrl,
          timeout: timeoutMs,
          followRedirects: false,
          logLevel: 'error',
        })
      }),
    close: () => {
      child.kill('SIGKILL')
      rmSync(directory, { recursive: true, force: true })
    },
  }
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
