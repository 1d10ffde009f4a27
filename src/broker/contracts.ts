// Contracts on the disk as a broker and a lock file see them: Pact V4 files with their consumer, and the version of each
// variant that they hold.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { TokenwrightError } from '../service/error.ts'

/** A Pact V4 file, as far as it is read here. */
export interface Contract {
  readonly consumer: { readonly name: string }
  readonly provider: { readonly name: string }
  readonly interactions: ReadonlyArray<{
    readonly comments?: {
      /** Absent in a pact that tokenwright has no part in, which it cannot verify. */
      readonly tokenwright?: {
        readonly variant: string
        readonly exchange: string
        readonly client_authentication: string
      }
    }
  }>
}

/** A contract and where it was read. */
export interface ContractFile {
  /** Absolute. */
  readonly path: string
  readonly contract: Contract
}

/** What one consumer expects of one variant. */
export interface ContractVersion {
  readonly consumer: string
  readonly service: string
  /** Empty for what belongs to none. */
  readonly variant: string
  /** SHA-256 of the interactions in one canonical form, in hexadecimal. */
  readonly sha256: string
  /** The ids of the exchanges. */
  readonly exchanges: readonly string[]
}

/**
 * Every contract at the given paths; of a folder, every `.json` file in and below it.
 *
 * @throws {TokenwrightError} `ERR_CONTRACT_INVALID` for a path without contracts, and for a file that is none
 */
export function readContracts(paths: readonly string[]): readonly ContractFile[] {
  const files = [...new Set(paths.flatMap((path) => filesAt(path)))]
  return files.map((path) => ({ path, contract: readContract(path) }))
}

function filesAt(path: string): readonly string[] {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (entry?.isFile()) return [resolve(path)]
  const below = entry?.isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile() && each.name.endsWith('.json'))
        .map((each) => resolve(join(each.parentPath, each.name)))
        .sort()
    : []
  if (below.length > 0) return below
  throw new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected contracts at ${path}, found ${entry === undefined ? 'nothing' : 'none'}; next: tokenwright contracts --out ${path}, or --contracts with where they are`,
  )
}

function readContract(path: string): Contract {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new TokenwrightError(
      'ERR_CONTRACT_INVALID',
      `expected ${path} to be JSON, received something else`,
      {
        cause,
      },
    )
  }
  if (isContract(value)) return value
  throw new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected ${path} to be a Pact file with a consumer, a provider and interactions, received other JSON`,
  )
}

/** Whether a value is a Pact file. */
export function isContract(value: unknown): value is Contract {
  const { consumer, provider, interactions } = (value ?? {}) as Partial<Contract>
  return (
    typeof consumer?.name === 'string' &&
    typeof provider?.name === 'string' &&
    Array.isArray(interactions) &&
    interactions.every((each) => typeof each === 'object' && each !== null)
  )
}

/** The versions that contracts hold, one for each consumer and variant; one file may have several, and several files one. */
export function contractVersions(contracts: readonly Contract[]): readonly ContractVersion[] {
  const labelled = contracts.flatMap(({ consumer, provider, interactions }) =>
    interactions.map((interaction) => {
      const { variant = '', exchange = '' } = interaction.comments?.tokenwright ?? {}
      return { interaction, consumer: consumer.name, service: provider.name, variant, exchange }
    }),
  )
  const groups = Map.groupBy(labelled, ({ consumer, service, variant }) =>
    JSON.stringify([service, consumer, variant]),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { consumer, service, variant } = first
    const canonical = group.map(({ interaction }) => canonicalInteraction(interaction)).sort()
    const sha256 = createHash('sha256').update(`[${canonical.join()}]`).digest('hex')
    const exchanges = [...new Set(group.map(({ exchange }) => exchange))].sort()
    return [{ consumer, service, variant, sha256, exchanges }]
  })
}

/** Without what says nothing of the contract: the broker's own id, and which client happened to send the request. */
function canonicalInteraction(interaction: object): string {
  const { _id, comments, ...rest } = interaction as Record<string, unknown>
  const { tokenwright, ...others } = (comments ?? {}) as Record<string, unknown>
  const { sent_by, ...label } = (tokenwright ?? {}) as Record<string, unknown>
  return canonicalJson({ ...rest, comments: { ...others, tokenwright: label } })
}

/** JSON with the members of every object in the order of their names. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  )
}
