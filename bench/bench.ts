// Measures what the design sets budgets for, in one run beside bare node:http. Prints tables and fails nothing: a
// busy machine is no regression. Needs the compiled package: `npm run bench`.
import { parseArgs } from 'node:util'
import { measureFixtures } from './fixtures.ts'
import { measureMemory } from './memory.ts'
import { measureStart } from './start.ts'
import { measureThroughput } from './throughput.ts'

const usage = `usage: npm run bench -- [flags]

  --rounds N     Rounds of load, mock and bare server in turn. Default: 3.
  --seconds N    Length of one load. Default: 1.5.
  --memory       Also measure memory, over 500,000 tokens.`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1.5' },
    memory: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)

if (values.help) print(usage)
else if (!(Number.isInteger(rounds) && rounds > 0 && seconds > 0)) {
  process.stderr.write(`expected --rounds to be a whole number and --seconds to be a number, both above 0\n`)
  process.exitCode = 2
} else {
  print(await measureStart())
  print(await measureFixtures())
  print(await measureThroughput(rounds, seconds))
  if (values.memory) print(await measureMemory())
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`)
}
