// The pacts that a broker wants to be verified: what is asked for, and each pact with where its result belongs.
import { parseJson } from '../oauth/json.ts'
import { TokenwrightError } from '../service/error.ts'
import { type Contract, isContract } from './contracts.ts'
import { ask, type Broker, hrefOf, indexOf, linkOf, type Resource } from './hal.ts'

/**
 * Which versions of a consumer's pacts are verified; names are those of the wire.
 * @see https://docs.pact.io/pact_broker/advanced_topics/consumer_version_selectors
 */
export type ConsumerVersionSelector = Readonly<Record<string, string | boolean>>

/** Which pacts to fetch. */
export interface PactsQuery {
  /** The id of the service: the provider of the pacts. */
  readonly provider: string
  /** Default: those of each consumer's main branch, and those that are deployed or released. */
  readonly consumerVersionSelectors?: readonly ConsumerVersionSelector[]
  /** The branch of the provider that results will be published for. */
  readonly providerVersionBranch?: string
  /** Whether pacts that were never kept may break without a failure. Default: when work in progress is included. */
  readonly includePendingStatus?: boolean
  /** From which date on work in progress is included: `2026-01-31`. */
  readonly includeWipPactsSince?: string
}

/** A pact that was fetched. */
export interface FetchedPact {
  /** A Pact V4 file, whose interactions have the broker's `_id` as well. */
  readonly pact: Contract
  readonly url: string
  /** What the broker calls it. */
  readonly name: string
  /** Whether it may break without a failure. */
  readonly pending: boolean
  /** Why it is verified, in the broker's words. */
  readonly notices: readonly string[]
  /** Where its result belongs; absent where the broker takes none. */
  readonly publishUrl?: string
}

/** The selectors that Pact recommends. */
export const defaultSelectors: readonly ConsumerVersionSelector[] = [
  { mainBranch: true },
  { deployedOrReleased: true },
]

const knownSelectors: Readonly<Record<string, 'string' | 'boolean'>> = {
  mainBranch: 'boolean',
  matchingBranch: 'boolean',
  deployedOrReleased: 'boolean',
  deployed: 'boolean',
  released: 'boolean',
  latest: 'boolean',
  fallbackToMainBranch: 'boolean',
  branch: 'string',
  fallbackBranch: 'string',
  tag: 'string',
  fallbackTag: 'string',
  environment: 'string',
  consumer: 'string',
}

/** Reads a selector from JSON. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function parseSelector(text: string): ConsumerVersionSelector {
  const value = parseJson(text)
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const wrong = entries.find(
    ([name, item]) => !Object.hasOwn(knownSelectors, name) || typeof item !== knownSelectors[name],
  )
  if (entries.length > 0 && wrong === undefined && !Array.isArray(value))
    return value as ConsumerVersionSelector
  const received = wrong === undefined ? 'something else' : `${JSON.stringify(wrong[0])} in it`
  const known = Object.entries(knownSelectors).map(([name, type]) => `${name} (${type})`)
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --consumer-version-selector to be JSON such as {"mainBranch":true}, received ${received}; known members: ${known.join(', ')}`,
  )
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function requireDate(text: string): string {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
  if (isDate) return text
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --include-wip-pacts-since to be a date such as 2026-01-31, received ${JSON.stringify(text)}`,
  )
}

/**
 * Fetches the pacts to verify, none or several.
 *
 * @throws {TokenwrightError} `ERR_UNREACHABLE`, `ERR_BROKER_REFUSED`, `ERR_BROKER_INVALID`
 */
export async function fetchPacts(broker: Broker, query: PactsQuery): Promise<readonly FetchedPact[]> {
  const { provider, includeWipPactsSince } = query
  const index = await indexOf(broker)
  const href = linkOf(broker, index, 'pb:provider-pacts-for-verification', { provider })
  const listed = await ask(broker, 'POST', href, {
    consumerVersionSelectors: query.consumerVersionSelectors ?? defaultSelectors,
    ...(query.providerVersionBranch !== undefined && { providerVersionBranch: query.providerVersionBranch }),
    includePendingStatus: query.includePendingStatus ?? includeWipPactsSince !== undefined,
    ...(includeWipPactsSince !== undefined && { includeWipPactsSince }),
  })
  const fetched: FetchedPact[] = []
  for (const entry of entriesOf(broker, listed)) fetched.push(await fetchPact(broker, entry))
  return fetched
}

function entriesOf(broker: Broker, listed: Resource): readonly Resource[] {
  const { pacts } = (listed._embedded ?? {}) as { readonly pacts?: unknown }
  if (Array.isArray(pacts)) return pacts
  throw new TokenwrightError(
    'ERR_BROKER_INVALID',
    `expected the pacts to verify from the broker at ${broker.url.href}, received JSON without them; next: check that the broker is up to date`,
  )
}

async function fetchPact(broker: Broker, entry: Resource): Promise<FetchedPact> {
  const url = linkOf(broker, entry, 'self')
  const { _links, createdAt: _createdAt, ...pact } = await ask(broker, 'GET', url)
  if (!isContract(pact)) {
    throw new TokenwrightError(
      'ERR_BROKER_INVALID',
      `expected a pact at ${url}, received other JSON; next: look at it in the broker`,
    )
  }
  const links = { _links }
  const { pending, notices } = (entry.verificationProperties ?? {}) as Resource
  const isOpen = hrefOf(links, 'pb:publish-verification-results') !== undefined
  return {
    pact,
    url,
    name: nameOf(entry) ?? `${pact.consumer.name} and ${pact.provider.name}`,
    pending: pending === true,
    notices: textsOf(notices),
    ...(isOpen && { publishUrl: linkOf(broker, links, 'pb:publish-verification-results') }),
  }
}

function nameOf({ _links }: Resource): string | undefined {
  const { self } = (_links ?? {}) as { readonly self?: { readonly name?: unknown } }
  return typeof self?.name === 'string' ? self.name : undefined
}

function textsOf(notices: unknown): readonly string[] {
  if (!Array.isArray(notices)) return []
  return notices
    .map((notice) => (notice as { text?: unknown } | null)?.text)
    .filter((text) => typeof text === 'string')
}
