// Command lines to values: every verb's flags are one table, from which parsing, errors and --help follow.
import { parseArgs } from 'node:util'
import { TokenwrightError } from '../service/error.ts'

/** One flag of a verb. */
export interface Flag {
  /** What stands for the value in `--help`; absent for a switch. */
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
  /** A whole number from `least` to `most`. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
  readonly integer: (flag: string, least: number, most: number) => number | undefined
}

/** A verb of the command line. */
export interface Verb {
  readonly name: string
  readonly summary: string
  /** Names of the arguments that are no flags, all required. */
  readonly positionals: readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
  /** Gives the exit status. */
  readonly run: (input: Arguments) => Promise<number>
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` with the flags that are known */
export function parseFlags(verb: Verb, argv: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(verb.flags).map(([name, flag]) => [
      name,
      { type: flag.value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  )
  const { values, positionals } = parseStrictly(verb, () => {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  })
  requirePositionals(verb, positionals)
  const all = (flag: string): readonly string[] => [values[flag] ?? []].flat().map(String)
  for (const [name, { isRepeatable, value }] of Object.entries(verb.flags)) {
    // What an unset variable leaves behind would silently be the default, which may do more than was meant.
    if (
      value !== undefined &&
      all(name).some((given) => given.split(',').every((part) => part.trim() === ''))
    )
      throw wrongUse(verb, `expected --${name} ${value}, received an empty value`)
    if (!isRepeatable && all(name).length > 1)
      throw wrongUse(verb, `expected --${name} once, received it ${all(name).length} times`)
  }
  return {
    positionals,
    all,
    one: (flag) => all(flag)[0],
    has: (flag) => all(flag).length > 0,
    integer: (flag, least, most) => integerOf(verb, flag, all(flag)[0], least, most),
  }
}

function parseStrictly<T>(verb: Verb, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    // Node's message goes on with advice about positionals after the first sentence, and has line breaks in others.
    const [sentence = ''] = (cause as Error).message.split('. ')
    throw wrongUse(verb, sentence.replaceAll('\n', ' ').replace(/\.$/, ''))
  }
}

function requirePositionals(verb: Verb, received: readonly string[]): void {
  if (received.length === verb.positionals.length) return
  const expected =
    verb.positionals.length === 0 ? 'no arguments' : verb.positionals.map((name) => `<${name}>`).join(' ')
  // How many, not which: a credential may be among them.
  throw wrongUse(verb, `expected ${expected}, received ${received.length || 'none'}`)
}

function integerOf(
  verb: Verb,
  flag: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw wrongUse(
    verb,
    `expected --${flag} to be a whole number from ${least} to ${most}, received ${JSON.stringify(text)}`,
  )
}

function wrongUse(verb: Verb, problem: string): TokenwrightError {
  const known = Object.keys(verb.flags).map((name) => `--${name}`)
  return new TokenwrightError('ERR_OPTION_INVALID', `${problem}; flags of ${verb.name}: ${known.join(', ')}`)
}

/** A verb's part of the help text. */
export function formatVerb(verb: Verb): string {
  const usage = ['tokenwright', verb.name, ...verb.positionals.map((name) => `<${name}>`), '[flags]'].join(
    ' ',
  )
  const rows = Object.entries(verb.flags).map(([name, { value, sentence }]) => {
    return `  ${`--${name}${value === undefined ? '' : ` ${value}`}`.padEnd(30)} ${sentence}`
  })
  return [`${usage}`, `  ${verb.summary}`, '', ...rows].join('\n')
}

/** Values of a flag that takes comma-separated lists and may be repeated. */
export function listOf(values: readonly string[]): readonly string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
}
