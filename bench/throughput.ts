// Token replies per second, round by round, as ratios to a bare server that sends the same number of bytes.
import type { MeasuredServer } from './child.ts'
import { type Contestant, contestants, startContestant } from './contestants.ts'
import { type Load, loadOn } from './load.ts'
import { median, type Row } from './table.ts'

/** A contestant under way, and what it has borne so far. */
interface Series {
  readonly contestant: Contestant
  readonly server: MeasuredServer
  readonly loads: Load[]
}

const warmUpSeconds = 1

/** Loads all servers in turn, so that whatever slows the machine slows all; says which had to be left out, and why. */
export async function measureThroughput(
  rounds: number,
  seconds: number,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const series: Series[] = []
  try {
    for (const contestant of contestants) {
      try {
        series.push({ contestant, server: await startContestant(contestant), loads: [] })
      } catch (error) {
        say(`left out: ${contestant.name}: ${error instanceof Error ? error.message : error}`)
      }
    }
    await loadEach(series, warmUpSeconds)
    for (const { loads } of series) loads.length = 0
    for (let round = 0; round < rounds; round += 1) await loadEach(series, seconds)
  } finally {
    await Promise.all(series.map(({ server }) => server.stop()))
  }
  const loadsOf = new Map(series.map(({ contestant, loads }) => [contestant.name, loads]))
  return series.map((each) => rowOf(each, loadsOf.get(each.contestant.reference) ?? []))
}

async function loadEach(series: readonly Series[], seconds: number): Promise<void> {
  for (const { contestant, server, loads } of series) {
    loads.push(await loadOn(server, contestant.subject, { duration: seconds }))
  }
}

/** The ratio counts requests per second of the server's own CPU time. */
function rowOf({ contestant, loads }: Series, references: readonly Load[]): Row {
  const ratios = loads.map(({ requestsPerCpuSecond }, round) => {
    return requestsPerCpuSecond / (references[round]?.requestsPerCpuSecond ?? Number.NaN)
  })
  const middle = (name: keyof Load) => median(loads.map((load) => load[name]))
  const { name, reference, budget } = contestant
  return {
    what: name,
    value: median(ratios),
    unit: '×',
    ...(reference !== name && { reference }),
    details: {
      lowest: Math.min(...ratios),
      highest: Math.max(...ratios),
      p50Ms: middle('p50Ms'),
      p99Ms: middle('p99Ms'),
      requestsPerSecond: middle('requestsPerSecond'),
    },
    ...(budget && { budget }),
  }
}
