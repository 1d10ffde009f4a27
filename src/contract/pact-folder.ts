// A folder of pact files that tests write at the same time: each reads what is there, adds its interactions, and puts the
// whole in place, while it holds the file's lock.
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { TokenwrightError } from '../service/error.ts'
import { type Machine, withLock } from './lock.ts'
import { formatPact, type PactDocument, type Parties, type WrittenInteraction } from './pact-file.ts'
import { writeWhole } from './whole-file.ts'

/** The file of a contract between two, by Pact's convention; what no file system takes in a name is a `-`. */
export function pactFileOf({ consumer, provider }: Parties): string {
  const name = `${consumer}-${provider}`.replace(/[\p{C}\s/\\:*?"<>|]+/gu, '-').replace(/^[.-]+/, '')
  return `${name}.json`
}

/** What this process has written, by file and key: two tests of one run must not contradict each other. */
const written = new Map<string, string>()

/**
 * Adds interactions to the contract in a folder, in place of earlier ones of the same keys, and gives the file.
 * @throws {TokenwrightError} `ERR_CONTRACT_INVALID` when the file is another's, or when an interaction contradicts one of
 *   the same key that this process has written; `ERR_OPTION_INVALID` when the folder cannot be written to
 */
export async function mergeContract(
  directory: string,
  contract: PactDocument,
  machine?: Machine,
): Promise<string> {
  const parties = { consumer: contract.consumer.name, provider: contract.provider.name }
  const file = join(directory, pactFileOf(parties))
  requireAgreement(resolve(file), contract.interactions)
  await inWritableFolder(async () => {
    mkdirSync(dirname(file), { recursive: true })
    await withLock(`${file}.lock`, () => writeWhole(file, formatPact(merged(file, contract))), machine)
  })
  return file
}

function idOf(file: string, { key }: WrittenInteraction): string {
  return `${file}#${key}`
}

function requireAgreement(file: string, interactions: readonly WrittenInteraction[]): void {
  const other = interactions.find((interaction) => {
    const earlier = written.get(idOf(file, interaction))
    return earlier !== undefined && earlier !== JSON.stringify(interaction)
  })
  if (other === undefined) {
    for (const interaction of interactions) written.set(idOf(file, interaction), JSON.stringify(interaction))
    return
  }
  throw new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected the same content of ${other.key} in ${file} from every test of this run, received two; next: test one client with one set of options, or give each a consumer name of its own`,
  )
}

function merged(file: string, contract: PactDocument): PactDocument {
  const interactions = new Map(
    [...interactionsIn(file, contract), ...contract.interactions].map((interaction) => [
      interaction.key,
      interaction,
    ]),
  )
  const keys = [...interactions.keys()].sort()
  return { ...contract, interactions: keys.flatMap((key) => interactions.get(key) ?? []) }
}

/** What is in the file already. A file that this could lose something of is left as it is. */
function interactionsIn(file: string, contract: PactDocument): readonly WrittenInteraction[] {
  const text = textOf(file)
  if (text === undefined) return []
  const found = parse(file, text)
  const parties = [found.consumer?.name, found.provider?.name]
  const interactions = found.interactions ?? []
  const isOurs =
    Array.isArray(interactions) &&
    interactions.every(
      ({ key, comments }) => typeof key === 'string' && typeof comments?.tokenwright === 'object',
    )
  if (isOurs && parties.join('\n') === [contract.consumer.name, contract.provider.name].join('\n'))
    return interactions
  throw foreign(file, 'received one of other origin')
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parse(file: string, text: string): Partial<PactDocument> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<PactDocument>
  } catch (cause) {
    throw foreign(file, 'received text that is not JSON', cause)
  }
}

function foreign(file: string, received: string, cause?: unknown): TokenwrightError {
  return new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected ${file} to be a contract of this consumer with this service that contractTest has written, ${received}; next: remove it, or choose another directory`,
    { cause },
  )
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export async function inWritableFolder(action: () => void | Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    throw error instanceof TokenwrightError ? error : unwritable(error)
  }
}

function unwritable(cause: unknown): TokenwrightError {
  return new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected a folder that contracts can be written to: ${(cause as Error).message}`,
    { cause },
  )
}
