// The command line: a verb, its flags, one call, an exit status. 0: kept. 1: findings. 2: wrong use, or unreachable.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { TokenwrightError } from '../service/error.ts'
import { formatFailure } from './failure.ts'
import { formatVerb, parseFlags, type Verb } from './flags.ts'

/** Each verb is loaded when it is asked for, so that what one needs never delays another. */
const verbs: ReadonlyMap<string, () => Promise<Verb>> = new Map([
  ['mock', async () => (await import('./mock.ts')).mock],
  ['fixtures', async () => (await import('./fixtures.ts')).fixtures],
  ['contracts', async () => (await import('./contracts.ts')).contracts],
  ['verify', async () => (await import('./verify.ts')).verify],
  ['publish', async () => (await import('./publish.ts')).publish],
  ['can-i-deploy', async () => (await import('./can-i-deploy.ts')).canIDeploy],
  ['record-deployment', async () => (await import('./record-deployment.ts')).recordDeploymentVerb],
  ['import', async () => (await import('./import.ts')).importVerb],
  ['diff', async () => (await import('./diff.ts')).diff],
  ['probe', async () => (await import('./probe.ts')).probe],
  ['explain', async () => (await import('./explain.ts')).explain],
  ['tolerate', async () => (await import('./tolerate.ts')).tolerate],
])

/** What a stream says of itself once its reader has gone, as in `tokenwright fixtures … | head -1`. */
const readerGone = new Set(['EPIPE', 'ERR_STREAM_DESTROYED'])

/** For what is still being written, in milliseconds. */
const lastWordsMs = 1000

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever left does not want the output; the exit status is still what was found.
    if (readerGone.has(error.code ?? '')) return
    process.on('exit', () => {
      process.exitCode = 2
    })
  })
}
process.exitCode = await run(process.argv.slice(2))
// A configuration may keep a timer or a connection of its own going; what was asked for is done.
setTimeout(() => process.exit(), lastWordsMs).unref()

async function run(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv)
  } catch (error) {
    if (readerGone.has((error as NodeJS.ErrnoException).code ?? '')) return 0
    process.stderr.write(`${formatFailure(error)}\n`)
    return 2
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') return print(version())
  if (name === '--help' || name === '-h' || name === 'help') return print(await help())
  if (name === undefined) {
    process.stderr.write(`${await help()}\n`)
    return 2
  }
  const verb = await verbs.get(name)?.()
  if (verb === undefined) {
    const known = [...verbs.keys()].join(', ')
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected a verb, received ${JSON.stringify(name)}; known verbs: ${known}`,
    )
  }
  // What follows -- is not for us.
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  if (own.includes('--help') || own.includes('-h')) return print(formatVerb(verb))
  return await verb.run(parseFlags(verb, rest, process.env))
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

async function help(): Promise<string> {
  const all = await Promise.all([...verbs.values()].map((load) => load()))
  const rows = all.map(({ name, summary }) => `  ${name.padEnd(17)} ${summary}`)
  return [
    'tokenwright: contract testing and mocking of token endpoints',
    '',
    'usage: tokenwright <verb> [flags]',
    '',
    ...rows,
    '',
    'tokenwright <verb> --help lists the flags of a verb.',
    'Exit status: 0 kept, 1 findings, 2 wrong use or a service that cannot be reached.',
  ].join('\n')
}

function version(): string {
  const manifest = createRequire(import.meta.url).resolve('tokenwright/package.json')
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
