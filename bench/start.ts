// How long it takes until there is a token: from the command line, and inside a running process.
import { type Command, resultOf, visitServer } from './child.ts'
import { mockCommand, oauth2MockServerCommand, oidcProviderCommand } from './commands.ts'
import { firstReply, rfc6749, type Subject } from './subjects.ts'
import { median, type Row } from './table.ts'

/** What one run of `in-process-start.mjs` prints. */
interface InProcessStart {
  readonly importMs: number
  readonly startMs: number
}

/** A command with the request that its first token answers. */
interface Starter {
  readonly name: string
  readonly command: Command
  readonly subject: Subject
}

const runs = 7
const bare: Starter = {
  name: 'bare script',
  command: ['servers/bare.mjs', rfc6749.contentType, '{"access_token":"example"}'],
  subject: rfc6749,
}
const mock: Starter = {
  name: '`tokenwright mock`',
  command: mockCommand(),
  subject: { ...rfc6749, path: '/rfc6749/token' },
}
const others: readonly Starter[] = [
  { name: 'oidc-provider', command: oidcProviderCommand(), subject: rfc6749 },
  { name: 'oauth2-mock-server', command: oauth2MockServerCommand('RS256'), subject: rfc6749 },
]

/** Starts all in turn; the first run of each only warms the caches. */
export async function measureStart(): Promise<readonly Row[]> {
  const starters = [bare, mock, ...others]
  const spawns: Array<readonly number[]> = []
  const inProcess: InProcessStart[] = []
  for (let run = 0; run <= runs; run += 1) {
    const took: number[] = []
    for (const starter of starters) took.push(await spawnToToken(starter))
    const started = await resultOf<InProcessStart>('in-process-start.mjs')
    if (run === 0) continue
    spawns.push(took)
    inProcess.push(started)
  }
  return [
    ...starters.slice(1).map(({ name }, index): Row => {
      const ratios = spawns.map(([bareMs = Number.NaN, ...ms]) => (ms[index] ?? Number.NaN) / bareMs)
      return {
        what: `${name}, spawn to first token`,
        value: median(ratios),
        unit: '× bare `node:http`',
        details: {
          lowest: Math.min(...ratios),
          highest: Math.max(...ratios),
          ms: median(spawns.map((ms) => ms[index + 1] ?? Number.NaN)),
          bareMs: median(spawns.map(([bareMs = Number.NaN]) => bareMs)),
        },
        ...(name === mock.name && { budget: { atMost: 2 } }),
      }
    }),
    {
      what: 'import of tokenwright/server',
      value: median(inProcess.map(({ importMs }) => importMs)),
      unit: 'ms',
    },
    {
      what: '`startTokenServer()`',
      value: median(inProcess.map(({ startMs }) => startMs)),
      unit: 'ms',
      budget: { atMost: 50 },
    },
  ]
}

async function spawnToToken({ command, subject }: Starter): Promise<number> {
  const begin = performance.now()
  return await visitServer(command, async (url) => {
    await firstReply(url, subject)
    return performance.now() - begin
  })
}
