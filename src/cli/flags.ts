// Command lines to values: every verb's flags are one table, from which parsing, errors and --help follow.
import { parseArgs } from 'node:util'
import { TokenwrightError } from '../service/error.ts'

/** One flag of a verb. */
export interface Flag {
  /** What stands for the value in `--help`; absent for a switch. In brackets: without one, the value is `-`. */
  readonly value?: string
  /** Whether the flag may be given several times. */
  readonly isRepeatable?: boolean
  readonly sentence: string
}

/** What a verb is given. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** Every value of a flag, in order; empty when it was not given. */
  readonly all: (flag: string) => readonly string[]
  /** The value of a flag; `undefined` when it was not given. */
  readonly one: (flag: string) => string | undefined
  readonly has: (flag: string) => boolean
  /** What the flag's value was given by: `--port`, or the variable `TOKENWRIGHT_PORT`. */
  readonly nameOf: (flag: string) => string
  /** A whole number from `least` to `most`. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
  readonly integer: (flag: string, least: number, most: number) => number | undefined
}

/** A verb of the command line. */
export interface Verb {
  readonly name: string
  readonly summary: string
  /** Names of the arguments that are no flags, all required; the last one, ending in `…`, may be given several times. */
  readonly positionals: readonly string[]
  /** How the arguments are written, where it is not names and flags. */
  readonly usage?: string
  /** What `--help` says after the flags. */
  readonly notes?: readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
  /** Whether each flag may also be given as an environment variable, {@link variableOf} it; a flag stands above it. */
  readonly hasVariables?: boolean
  /** Gives the exit status. */
  readonly run: (input: Arguments) => Promise<number>
}

/** What a flag was given, and by what name. */
interface Given {
  readonly name: string
  readonly values: readonly string[]
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` with the flags that are known */
export function parseFlags(
  verb: Verb,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Arguments {
  const options = Object.fromEntries(
    Object.entries(verb.flags).map(([name, flag]) => [
      name,
      { type: flag.value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  )
  const { values, positionals } = parseStrictly(verb, () => {
    return parseArgs({ args: withOptionalValues(verb, argv), options, allowPositionals: true, strict: true })
  })
  requirePositionals(verb, positionals)
  const given = new Map(
    Object.keys(verb.flags).map((flag) => {
      const ofArgv = [values[flag] ?? []].flat().map(String)
      const isVariable = ofArgv.length === 0 && verb.hasVariables === true
      return [
        flag,
        isVariable ? variableGiven(verb, flag, environment) : { name: `--${flag}`, values: ofArgv },
      ]
    }),
  )
  for (const [flag, received] of given) requireSoundFlag(verb, flag, received)
  const all = (flag: string) => given.get(flag)?.values ?? []
  const nameOf = (flag: string) => given.get(flag)?.name ?? `--${flag}`
  return {
    positionals,
    all,
    one: (flag) => all(flag)[0],
    has: (flag) => all(flag).length > 0,
    nameOf,
    integer: (flag, least, most) => integerOf(verb, nameOf(flag), all(flag)[0], least, most),
  }
}

/** `--html` before another flag, or at the end, is `--html=-`, where a flag may go without its value. */
function withOptionalValues(verb: Verb, argv: readonly string[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  return argv.map((each, index) => {
    const isOptional = verb.flags[each.replace(/^--/, '')]?.value?.startsWith('[') === true
    const next = argv[index + 1]
    if (index >= end || !each.startsWith('--') || !isOptional) return each
    return next === undefined || (next.startsWith('-') && next !== '-') ? `${each}=-` : each
  })
}

/** The environment variable of a flag. */
export function variableOf(flag: string): string {
  return `TOKENWRIGHT_${flag.toUpperCase().replaceAll('-', '_')}`
}

/** An empty variable counts as unset: that is how a shell, a compose file or a pipeline passes on nothing. */
function variableGiven(
  verb: Verb,
  flag: string,
  environment: Readonly<Record<string, string | undefined>>,
): Given {
  const name = variableOf(flag)
  const value = environment[name] ?? ''
  if (value === '') return { name, values: [] }
  if (verb.flags[flag]?.value !== undefined) return { name, values: [value] }
  if (value === '1' || value === 'true') return { name, values: [value] }
  if (value === '0' || value === 'false') return { name, values: [] }
  throw wrongUse(verb, name, `expected ${name} to be 1, true, 0 or false, received another value`)
}

function requireSoundFlag(verb: Verb, flag: string, { name, values }: Given): void {
  const { value, isRepeatable } = verb.flags[flag] ?? {}
  // What an unset variable leaves behind would silently be the default, which may do more than was meant.
  if (value !== undefined && values.some((each) => each.split(',').every((part) => part.trim() === '')))
    throw wrongUse(verb, name, `expected ${name} ${value}, received an empty value`)
  if (!isRepeatable && values.length > 1)
    throw wrongUse(verb, name, `expected ${name} once, received it ${values.length} times`)
}

function parseStrictly<T>(verb: Verb, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    // Node's message goes on with advice about positionals after the first sentence, and has line breaks in others.
    const [sentence = ''] = (cause as Error).message.split('. ')
    throw wrongUse(verb, '--', sentence.replaceAll('\n', ' ').replace(/\.$/, ''))
  }
}

function requirePositionals(verb: Verb, received: readonly string[]): void {
  const isOpen = verb.positionals.at(-1)?.endsWith('…') === true
  const [least, most] = [verb.positionals.length, isOpen ? Number.POSITIVE_INFINITY : verb.positionals.length]
  if (received.length >= least && received.length <= most) return
  const expected =
    verb.positionals.length === 0 ? 'no arguments' : verb.positionals.map((name) => `<${name}>`).join(' ')
  // How many, not which: a credential may be among them.
  throw wrongUse(verb, '--', `expected ${expected}, received ${received.length || 'none'}`)
}

function integerOf(
  verb: Verb,
  name: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw wrongUse(
    verb,
    name,
    `expected ${name} to be a whole number from ${least} to ${most}, received ${JSON.stringify(text)}`,
  )
}

/** The flags are pointed to unless `name`, by which the wrong value was given, is that of a variable. */
function wrongUse(verb: Verb, name: string, problem: string): TokenwrightError {
  const next = name.startsWith('--') ? `; tokenwright ${verb.name} --help lists the flags` : ''
  return new TokenwrightError('ERR_OPTION_INVALID', `${problem}${next}`)
}

/** A verb's part of the help text. */
export function formatVerb(verb: Verb): string {
  const written = verb.usage ?? [...verb.positionals.map((name) => `<${name}>`), '[flags]'].join(' ')
  const usage = `tokenwright ${verb.name} ${written}`
  const rows = Object.entries(verb.flags).map(([name, { value, sentence }]) => {
    return `  ${`--${name}${value === undefined ? '' : ` ${value}`}`.padEnd(36)} ${sentence}`
  })
  const [example = ''] = Object.keys(verb.flags)
  const variables = [
    '',
    `  Each flag is also a variable, as ${variableOf(example)} for --${example}; flags stand above variables, variables above the file.`,
  ]
  const notes = verb.notes === undefined ? [] : ['', ...verb.notes.map((note) => `  ${note}`.trimEnd())]
  return [usage, `  ${verb.summary}`, '', ...rows, ...notes, ...(verb.hasVariables ? variables : [])].join(
    '\n',
  )
}

/** Values of a flag that takes comma-separated lists and may be repeated. */
export function listOf(values: readonly string[]): readonly string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
}
