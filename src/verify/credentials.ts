// Credentials of the real service: the command line names where each is, and they are read from there. Never are they
// written there themselves, and no message holds one, nor a command, which may hold another.
import { TokenwrightError } from '../service/error.ts'

/** What credentials are read from; `machineSources` are the real ones. */
export interface CredentialSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The beginning of a file, up to so many bytes. Rejects with an error of Node.js. */
  readonly readFile: (path: string, mostBytes: number) => Promise<CredentialFile>
  /** Runs a line of shell, and takes so many bytes of its stdout at most. */
  readonly runCommand: (command: string, mostBytes: number) => Promise<CommandResult>
  /** Asks a person; rejects with `ERR_CREDENTIAL_MISSING` where there is none. */
  readonly prompt: (label: string) => Promise<string>
  /** Takes one line for the person who runs this. */
  readonly warn: (message: string) => void
}

/** What was found in a file. */
export interface CredentialFile {
  readonly bytes: Uint8Array
  /** Whether others than its owner may read it; false where that cannot be told. */
  readonly isShared: boolean
}

/** What came of a command. */
export interface CommandResult {
  readonly stdout: Uint8Array
  /** How it ended, if not well: `with status 1`. */
  readonly failure?: string
}

/** More than any credential has, and less than what a wrong file may bring. */
const mostBytes = 65_536

/**
 * Reads credentials, one after the other, as two of them may ask the same person. All references are looked at before
 * any is followed, and a file or a command that is named twice is read once; a prompt asks for each.
 *
 * @param references by flag, without its dashes
 * @throws {TokenwrightError} `ERR_CREDENTIAL_MISSING`
 */
export async function readCredentials(
  references: ReadonlyMap<string, string>,
  sources: CredentialSources,
): Promise<ReadonlyMap<string, string>> {
  for (const [flag, reference] of references) parseReference(flag, reference)
  const read = new Map<string, string>()
  const values = new Map<string, string>()
  for (const [flag, reference] of references) {
    const value = read.get(reference) ?? (await readCredential(flag, reference, sources))
    if (reference !== 'prompt') read.set(reference, value)
    values.set(flag, value)
  }
  return values
}

/**
 * Reads `env:NAME`, `file:PATH`, `cmd:COMMAND` or `prompt`. A variable and an answer are taken as they are. Of a file and
 * of a command's stdout a byte order mark and one line end are dropped, and one line has to be left.
 *
 * @throws {TokenwrightError} `ERR_CREDENTIAL_MISSING`
 */
export async function readCredential(
  flag: string,
  reference: string,
  sources: CredentialSources,
): Promise<string> {
  const { kind, name } = parseReference(flag, reference)
  return await readers[kind](flag, name, sources)
}

/**
 * Reads `env:NAME` alone, at once.
 *
 * @throws {TokenwrightError} `ERR_CREDENTIAL_MISSING` when the variable is unset or empty, or when the value looks like
 *   the credential itself
 */
export function readVariable(
  flag: string,
  reference: string,
  environment: CredentialSources['environment'],
): string {
  const { kind, name } = /^env:/.test(reference)
    ? parseReference(flag, reference, 'env:NAME')
    : refusePlain(flag, 'env:NAME')
  if (kind !== 'env') return refusePlain(flag, 'env:NAME')
  const value = environment[name] ?? ''
  if (value !== '') return value
  throw missing(`expected the environment variable ${name} of --${flag} to be set, received nothing`)
}

type SourceKind = 'env' | 'file' | 'cmd' | 'prompt'

interface CredentialReference {
  readonly kind: SourceKind
  readonly name: string
}

const patterns: ReadonlyArray<readonly [SourceKind, RegExp]> = [
  ['env', /^env:([A-Za-z_][A-Za-z0-9_]*)$/],
  ['file', /^file:([^\0]+)$/],
  ['cmd', /^cmd:(?=[\s\S]*\S)([^\0]+)$/],
  ['prompt', /^prompt()$/],
]

function parseReference(
  flag: string,
  reference: string,
  expected = 'env:NAME, file:PATH, cmd:COMMAND or prompt',
): CredentialReference {
  for (const [kind, pattern] of patterns) {
    const name = pattern.exec(reference)?.[1]
    if (name !== undefined) return { kind, name }
  }
  return refusePlain(flag, expected)
}

function refusePlain(flag: string, expected: string): never {
  throw missing(
    `expected --${flag} ${expected}, received something else; a credential on the command line can be read by every process and in the shell's history: put it into an environment variable and name that`,
  )
}

type Reader = (flag: string, name: string, sources: CredentialSources) => string | Promise<string>

const readers: Readonly<Record<SourceKind, Reader>> = {
  env: (flag, name, { environment }) => readVariable(flag, `env:${name}`, environment),
  file: readFromFile,
  cmd: readFromCommand,
  prompt: async (flag, _name, { prompt }) => {
    const value = await prompt(flag)
    if (value !== '') return value
    throw missing(`expected --${flag} to be entered, received nothing`)
  },
}

const fileFailures: Readonly<Record<string, string>> = {
  ENOENT: 'there is none',
  ENOTDIR: 'there is none',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
}

async function readFromFile(flag: string, path: string, sources: CredentialSources): Promise<string> {
  const place = `the file ${path} of --${flag}`
  const { bytes, isShared } = await sources.readFile(path, mostBytes + 1).catch((cause) => {
    const code = String(cause.code ?? 'an error without a code')
    throw missing(`expected ${place}, received nothing: ${fileFailures[code] ?? code}`)
  })
  const value = lineOf(bytes, place)
  if (isShared)
    sources.warn(
      `${place} can be read by others than its owner; next: chmod 600, or keep it where others have no access`,
    )
  return value
}

async function readFromCommand(flag: string, command: string, sources: CredentialSources): Promise<string> {
  const place = `the command of --${flag}`
  const { stdout, failure } = await sources.runCommand(command, mostBytes + 1)
  if (failure === undefined) return lineOf(stdout, place)
  throw missing(
    `expected ${place} to print it, received no success: it ended ${failure}; what it said is not shown, as that may be a secret; next: run it by itself`,
  )
}

/** The one line of text that is there; files of Windows begin with a byte order mark and end with two characters. */
function lineOf(bytes: Uint8Array, place: string): string {
  if (bytes.length > mostBytes)
    throw missing(`expected ${place} to have at most ${mostBytes} bytes, received more`)
  const text = textOf(bytes)
  if (text === undefined || text.includes('\0'))
    throw missing(`expected ${place} to be text in UTF-8, received something else`)
  const line = text.replace(/\r?\n$/, '')
  if (line === '') throw missing(`expected a credential in ${place}, received nothing`)
  // RFC 6749 appendix A knows none with line ends, and a chatty command, or the wrong file, has several.
  if (/[\r\n]/.test(line))
    throw missing(`expected ${place} to have the credential alone, received several lines`)
  return line
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function missing(message: string): TokenwrightError {
  return new TokenwrightError('ERR_CREDENTIAL_MISSING', message)
}
