// Measures what the design sets budgets for, in one run beside bare node:http and other servers. Prints Markdown tables
// and fails nothing: a busy machine is no regression. Needs the compiled package: `npm run bench`.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { measureDiffs } from './diffs.ts'
import { measureFixtures } from './fixtures.ts'
import { measureImports } from './imports.ts'
import { measureMemory } from './memory.ts'
import { measureStart } from './start.ts'
import { type Column, formatBudget, formatDetail, formatNumber, formatTable, type Row } from './table.ts'
import { measureThroughput } from './throughput.ts'
import { measureVerification } from './verification.ts'

const usage = `usage: npm run bench -- [flags]

  --rounds N     Rounds of load, all servers in turn. Default: 9.
  --seconds N    Length of one load. Default: 0.6.
  --only PART,…  Of load, start, memory, fixtures, verification, diffs and
                 imports. Default: all.
  --json         Print one line of JSON, with more details.`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '0.6' },
    only: { type: 'string', default: 'load,start,memory,fixtures,verification,diffs,imports' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const parts = values.only.split(',')

/** What is no load: each part alone with the machine. */
const measurements: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  start: measureStart,
  memory: measureMemory,
  fixtures: measureFixtures,
  verification: measureVerification,
  diffs: measureDiffs,
  imports: measureImports,
}

/** Columns of the servers under load. */
const loadColumns: readonly Column[] = [
  ['server', ({ what }) => what],
  ['replies per CPU second', ({ value }) => `${value.toFixed(2)} ×`],
  ['compared with', ({ reference = '' }) => reference],
  ['over the rounds', formatRange],
  ['p50 ms', (row) => formatDetail(row, 'p50Ms')],
  ['p99 ms', (row) => formatDetail(row, 'p99Ms')],
  ['budget', formatBudget],
]

/** Columns of all else. */
const columns: readonly Column[] = [
  ['what', ({ what }) => what],
  ['measured', ({ value, unit }) => `${formatNumber(value)} ${unit}`],
  ['budget', formatBudget],
]

if (values.help) print(usage)
else if (!(Number.isInteger(rounds) && rounds > 0 && seconds > 0)) {
  say('expected --rounds to be a whole number and --seconds to be a number, both above 0')
  process.exitCode = 2
} else if (parts.some((part) => part !== 'load' && !Object.hasOwn(measurements, part))) {
  say('expected --only to be a list of load, start, memory, fixtures, verification, diffs and imports')
  process.exitCode = 2
} else {
  const machine = { node: process.versions.node, processors: availableParallelism() }
  const others: Row[] = []
  for (const [part, measure] of Object.entries(measurements)) {
    if (parts.includes(part)) others.push(...(await measure()))
  }
  const loads = parts.includes('load') ? await measureThroughput(rounds, seconds, say) : []
  print(values.json ? JSON.stringify({ machine, rounds, seconds, loads, others }) : formatAll(loads, others))
}

function formatRange({ reference, details }: Row): string {
  if (reference === undefined) return ''
  return `${details?.lowest?.toFixed(2)}–${details?.highest?.toFixed(2)}`
}

function formatAll(loads: readonly Row[], others: readonly Row[]): string {
  const machine = `Node.js ${process.versions.node}, ${availableParallelism()} processors`
  const measured = `${rounds} rounds of ${seconds} s, interleaved, 32 connections; medians`
  const tables = [
    loads.length > 0 ? formatTable(loadColumns, loads) : '',
    others.length > 0 ? formatTable(columns, others) : '',
  ]
  return [`${machine}; ${measured}.`, ...tables.filter((table) => table !== '')].join('\n\n')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
