// Token replies per second of the mock, beside those of a bare server that sends the same number of bytes.
import { type MeasuredServer, startServer } from './child.ts'
import { type Load, loadOn } from './load.ts'
import { firstReply, type Subject, subjects } from './subjects.ts'
import { formatNumber, formatTable, median, type Row } from './table.ts'

/** A mock and its bare counterpart, both under way. */
interface Pair {
  readonly subject: Subject
  readonly mock: MeasuredServer
  readonly bare: MeasuredServer
}

/** What one of the two bore, round by round. */
interface Series {
  readonly name: string
  readonly loads: Load[]
}

const warmUpSeconds = 2

/** Loads mock and bare server in turn, so that whatever slows the machine slows both. */
export async function measureThroughput(rounds: number, seconds: number): Promise<string> {
  const pairs: Pair[] = []
  try {
    for (const subject of subjects) pairs.push(await startPair(subject))
    for (const { subject, mock, bare } of pairs) {
      await loadOn(bare, subject, { duration: warmUpSeconds })
      await loadOn(mock, subject, { duration: warmUpSeconds })
    }
    const series = pairs.map(({ subject }): [bare: Series, mock: Series] => [
      { name: `bare node:http, ${subject.service}'s request`, loads: [] },
      { name: `mock, ${subject.service}`, loads: [] },
    ])
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, { subject, mock, bare }] of pairs.entries()) {
        series[index]?.[0].loads.push(await loadOn(bare, subject, { duration: seconds }))
        series[index]?.[1].loads.push(await loadOn(mock, subject, { duration: seconds }))
      }
    }
    return formatTable('token replies', columns(rounds), series.flatMap(rowsOf))
  } finally {
    await Promise.all(pairs.flatMap(({ mock, bare }) => [mock.stop(), bare.stop()]))
  }
}

async function startPair(subject: Subject): Promise<Pair> {
  const args = ['mock', '--service', subject.service, '--port', '0', '--json']
  const mock = await startServer('../bin/tokenwright.js', ...args)
  const reply = await firstReply(mock.url, subject)
  const bare = await startServer('bare-server.mjs', subject.contentType, reply)
  await firstReply(bare.url, subject)
  return { subject, mock, bare }
}

function columns(rounds: number): readonly string[] {
  return ['requests/s', 'p50 ms', 'p99 ms', ...Array.from({ length: rounds }, (_, at) => `round ${at + 1}`)]
}

/** The ratio counts requests per second of the server's own CPU time. */
function rowsOf([bare, mock]: readonly [Series, Series]): readonly Row[] {
  return [bare, mock].map((series) => {
    const ratios = series.loads.map(({ requestsPerCpuSecond }, round) => {
      return requestsPerCpuSecond / (bare.loads[round]?.requestsPerCpuSecond ?? Number.NaN)
    })
    const middle = (name: keyof Load) => formatNumber(median(series.loads.map((load) => load[name])))
    return {
      what: series.name,
      details: [
        middle('requestsPerSecond'),
        middle('p50Ms'),
        middle('p99Ms'),
        ...ratios.map((ratio) => ratio.toFixed(2)),
      ],
      value: median(ratios),
      unit: '× bare',
      ...(series === mock && { budget: { atLeast: 0.6 } }),
    }
  })
}
