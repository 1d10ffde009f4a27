// How long a verification takes beside pact-core's own run of the same files: both from the start of a process to its end,
// against the mock, which is the same for both.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resultOf, visitServer } from './child.ts'
import { mockCommand } from './commands.ts'
import { median, type Row } from './table.ts'

/** A Pact file, as far as it is made here. */
interface Pact {
  readonly provider: unknown
  readonly interactions: ReadonlyArray<{ readonly key: string }>
}

/** What both scripts print. */
interface Verified {
  /** Interactions that were kept. */
  readonly kept: number
}

const runs = 5
const consumers = 5
const perConsumer = 10
const count = consumers * perConsumer
const contracts = ['rfc6749/client_credentials', 'rfc6749/password']

/** Runs both in turn; the first run of each only warms the caches. */
export async function measureVerification(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenwright-bench-'))
  try {
    const files = writePacts(folder)
    const took = await visitServer(mockCommand('--service', 'rfc6749'), async (url) => {
      const all: Array<readonly [oursMs: number, theirsMs: number]> = []
      for (let run = 0; run <= runs; run += 1)
        all.push([
          await timed('verification.mjs', url, files),
          await timed('verification-pact-core.mjs', url, files),
        ])
      return all.slice(1)
    })
    const ratios = took.map(([oursMs, theirsMs]) => oursMs / theirsMs)
    return [
      {
        what: `verification of ${count} interactions`,
        value: median(ratios),
        unit: "× pact-core's own run",
        details: {
          lowest: Math.min(...ratios),
          highest: Math.max(...ratios),
          ms: median(took.map(([oursMs]) => oursMs)),
          pactCoreMs: median(took.map(([, theirsMs]) => theirsMs)),
        },
        budget: { atMost: 1.5 },
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readContract(id: string): Pact {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../contracts/${id}.json`, import.meta.url)), 'utf8'))
}

/** Files as teams would have them: the same interactions, all by one method, as a client has one. */
function writePacts(folder: string): readonly string[] {
  const read = contracts.map(readContract)
  const interactions = read
    .flatMap(({ interactions }) => interactions)
    .filter(({ key }) => key.endsWith('#client_secret_basic'))
    .slice(0, perConsumer)
  return Array.from({ length: consumers }, (_, index) => {
    const file = join(folder, `consumer-${index}.json`)
    const consumer = { name: `consumer ${index}` }
    const metadata = { pactSpecification: { version: '4.0' } }
    writeFileSync(file, JSON.stringify({ consumer, provider: read[0]?.provider, interactions, metadata }))
    return file
  })
}

async function timed(script: string, url: string, files: readonly string[]): Promise<number> {
  const begin = performance.now()
  const { kept } = await resultOf<Verified>(script, `${url}/token`, ...files)
  if (kept !== count)
    throw new Error(`expected ${count} interactions to be kept by ${script}, received ${kept}`)
  return performance.now() - begin
}
