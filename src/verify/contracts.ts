// The contracts that a verification replays: from the package, from files and folders, or as a broker gave them.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { interactionsOf } from '../contract/interaction.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Service, Variant } from '../service/service.ts'
import { isPactFile, type PactFile } from './pact-interaction.ts'

/** A pact that was fetched from somewhere. */
export interface GivenPact {
  readonly pact: unknown
  /** What it is called in reports, such as its URL. */
  readonly name: string
  /** Whether it may break without a failure. */
  readonly pending?: boolean
}

/** A file, a folder, or a pact at hand. */
export type ContractSource = string | GivenPact

/** A contract of a service. */
export interface Contract {
  readonly pact: PactFile
  /** Its file or its URL. */
  readonly name: string
  readonly isPending: boolean
  /** Whether it was generated, with an interaction for each method; a team's has those of its own client. */
  readonly isGenerated: boolean
}

/** Contracts with the variants that they are about. */
export interface LoadedContracts {
  readonly contracts: readonly Contract[]
  readonly variants: readonly Variant[]
}

/**
 * Loads the contracts of a service. A folder that is laid out as `tokenwright contracts` writes it has to hold the
 * contract of each variant; of any other folder every Pact file of the service is taken, with the variants it names.
 *
 * @param whole the service with all its variants, also those that have to be named
 * @throws {TokenwrightError} `ERR_CONTRACT_INVALID`
 */
export function loadContracts(
  service: Service,
  whole: Service,
  sources: readonly ContractSource[] | undefined,
): LoadedContracts {
  if (sources === undefined) return fromLayout(service, packagedContracts(), 'contracts')
  const loaded = sources.map((source) => {
    if (typeof source !== 'string') return fromPacts(whole, [requireContract(source)])
    const isFolder = statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? !source.endsWith('.json')
    if (!isFolder) return fromPacts(whole, [readFile(source, service)])
    const found = existsSync(source) ? filesIn(source) : []
    const isLaidOut = service.variants.some(({ id }) => found.includes(join(source, `${id}.json`)))
    const ofService = isLaidOut ? [] : found.flatMap((file) => readIfOf(file, service))
    return isLaidOut || ofService.length === 0
      ? fromLayout(service, source, source)
      : fromPacts(whole, ofService)
  })
  const chosen = new Set(service.variants)
  const variants = [...new Set(loaded.flatMap((each) => each.variants))]
  return {
    contracts: [...new Map(loaded.flatMap(({ contracts }) => contracts).map(named)).values()],
    variants: isNarrowed(service, whole) ? variants.filter((variant) => chosen.has(variant)) : variants,
  }
}

/** A file that is named twice, or beside its folder, is one contract. */
function named(contract: Contract): [string, Contract] {
  return [resolve(contract.name), contract]
}

/** Whether one variant was asked for, and not a service. */
function isNarrowed(service: Service, whole: Service): boolean {
  return service.variants.length === 1 && whole.variants.length > 1
}

function fromLayout(service: Service, directory: string, shown: string): LoadedContracts {
  const contracts = service.variants.map((variant) => {
    const name = `${variant.id}.json`
    const file = join(directory, name)
    if (!existsSync(file)) throw notFound(variant.id, file, shown)
    return readFile(file, service, join(shown, name))
  })
  return { contracts, variants: service.variants }
}

function fromPacts(whole: Service, contracts: readonly Contract[]): LoadedContracts {
  const named = new Set(
    contracts.flatMap(({ pact }) => pact.interactions.map(({ comments }) => comments.tokenwright.variant)),
  )
  const unknown = [...named].find((id) => !whole.variants.some((variant) => variant.id === id))
  if (unknown !== undefined) {
    throw new TokenwrightError(
      'ERR_CONTRACT_INVALID',
      `expected contracts of ${whole.id}, found the variant "${unknown}"; known variants: ${whole.variants.map(({ id }) => id).join(', ')}`,
    )
  }
  return { contracts, variants: whole.variants.filter(({ id }) => named.has(id)) }
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
}

/** None where the file is of another provider, or no Pact at all. */
function readIfOf(file: string, service: Service): readonly Contract[] {
  const value = parse(file) as Partial<PactFile> | null
  return value?.provider?.name === service.id ? [requireContract({ pact: value, name: file }, service)] : []
}

function readFile(file: string, service: Service, name = file): Contract {
  if (!existsSync(file)) throw notFound(service.variants[0].id, file, dirname(file))
  return requireContract({ pact: parse(file), name }, service, file)
}

function notFound(variantId: string, file: string, directory: string): TokenwrightError {
  return new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected the contract of ${variantId} at ${file}, found none; next: tokenwright contracts --service ${variantId} --out ${directory}`,
  )
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new TokenwrightError('ERR_CONTRACT_INVALID', `${file} is not JSON: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function requireContract(
  { pact, name, pending = false }: GivenPact,
  service?: Service,
  file = name,
): Contract {
  if (!isPactFile(pact)) {
    throw new TokenwrightError(
      'ERR_CONTRACT_INVALID',
      `${file} is not a contract that tokenwright has written; next: tokenwright contracts, or contractTest() of tokenwright/pact`,
    )
  }
  requireComplete(file, pact, service)
  const { tokenwright: written } = (pact.metadata ?? {}) as { readonly tokenwright?: { variant?: unknown } }
  return { pact, name, isPending: pending, isGenerated: written?.variant !== undefined }
}

/** What a contract has lost, or never had, would count neither as kept nor as broken. */
function requireComplete(file: string, pact: PactFile, service: Service | undefined): void {
  const keys = pact.interactions.map(({ key, comments: { tokenwright: label } }) =>
    key === `${label.variant}#${label.exchange}#${label.client_authentication}` ? key : '',
  )
  const { tokenwright: written } = (pact.metadata ?? {}) as { readonly tokenwright?: { variant?: unknown } }
  const variant = service?.variants.find(({ id }) => id === written?.variant)
  const expected =
    service === undefined || variant === undefined ? pact.interactions : interactionsOf({ service, variant })
  const lost = expected.find(({ key }) => keys.filter((each) => each === key).length !== 1)
  if (lost === undefined) return
  throw new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected ${file} to have "${lost.key}" once; next: tokenwright contracts`,
  )
}

function packagedContracts(): string {
  return join(dirname(createRequire(import.meta.url).resolve('tokenwright/package.json')), 'contracts')
}
