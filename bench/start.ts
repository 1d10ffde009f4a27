// How long it takes until there is a token: from the command line, and inside a running process.
import { resultOf, visitServer } from './child.ts'
import { firstReply, rfc6749, type Subject } from './subjects.ts'
import { formatTable, median } from './table.ts'

/** What one run of `in-process-start.mjs` prints. */
interface InProcessStart {
  readonly importMs: number
  readonly startMs: number
}

const runs = 7
const underOwnName: Subject = { ...rfc6749, path: '/rfc6749/token' }

/** Starts the command and a bare script in turn; the first of each only warms the caches. */
export async function measureStart(): Promise<string> {
  const bareMs: number[] = []
  const mockMs: number[] = []
  const inProcess: InProcessStart[] = []
  for (let run = 0; run <= runs; run += 1) {
    const bare = await spawnToReply('bare-server.mjs', underOwnName.contentType, '{"access_token":"example"}')
    const mock = await spawnToReply('../bin/tokenwright.js', 'mock', '--port', '0', '--json')
    const started = await resultOf<InProcessStart>('in-process-start.mjs')
    if (run === 0) continue
    bareMs.push(bare)
    mockMs.push(mock)
    inProcess.push(started)
  }
  return formatTable(
    'start',
    ['ms'],
    [
      { what: 'bare script, spawn to reply', details: [median(bareMs).toFixed(0)], value: 1, unit: '× bare' },
      {
        what: 'tokenwright mock, spawn to token',
        details: [median(mockMs).toFixed(0)],
        value: median(mockMs.map((ms, run) => ms / (bareMs[run] ?? Number.NaN))),
        unit: '× bare',
        budget: { atMost: 2 },
      },
      { what: 'import', details: [''], value: median(inProcess.map(({ importMs }) => importMs)), unit: 'ms' },
      {
        what: 'startTokenServer()',
        details: [''],
        value: median(inProcess.map(({ startMs }) => startMs)),
        unit: 'ms',
        budget: { atMost: 50 },
      },
    ],
  )
}

async function spawnToReply(script: string, ...args: readonly string[]): Promise<number> {
  const begin = performance.now()
  return await visitServer(script, args, async (url) => {
    await firstReply(url, underOwnName)
    return performance.now() - begin
  })
}
