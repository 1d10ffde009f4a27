// Which interactions of a service's contracts can be replayed at an endpoint with the credentials at hand, and why others cannot.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { InteractionLabel } from '../contract/contract.ts'
import { interactionsOf, isCredentialName, type StateValue, stateOf } from '../contract/interaction.ts'
import { authenticationsOf, type CredentialName, type Credentials } from '../fixture/message.ts'
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import { type Exchange, exchangesOf } from '../service/exchanges.ts'
import type { LocatedVariant } from '../service/lookup.ts'
import {
  clientAuthenticationOf,
  grantTypeOf,
  type Service,
  standardNameOf,
  type Variant,
} from '../service/service.ts'

/** An interaction as it stands in a Pact V4 file, as far as it is read here. */
export interface PactInteraction {
  readonly key: string
  readonly description: string
  readonly providerStates?: ReadonlyArray<{ readonly name: string }>
  readonly request: {
    readonly path: string
    readonly headers?: Readonly<Record<string, readonly string[]>>
    readonly generators?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  }
  readonly response: PactResponse
  readonly comments: { readonly tokenwright: InteractionLabel }
}

/** The reply that an interaction expects. */
export interface PactResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, readonly string[]>>
  readonly body?: { readonly content: Readonly<Record<string, unknown>> }
  readonly matchingRules?: {
    readonly status?: { readonly $: MatchingRule }
    /** By field name. */
    readonly header?: Readonly<Record<string, MatchingRule>>
    /** By JSON path. */
    readonly body?: Readonly<Record<string, MatchingRule>>
  }
}

/** How a value is compared. */
export interface MatchingRule {
  readonly matchers: ReadonlyArray<{
    readonly match: string
    readonly regex?: string
    readonly status?: readonly number[]
  }>
}

/** A Pact V4 file. */
export interface PactFile {
  readonly consumer: { readonly name: string }
  readonly provider: { readonly name: string }
  readonly interactions: readonly PactInteraction[]
  readonly metadata: unknown
}

/** One interaction, and the reason why it will not be replayed, if there is one. */
export interface PlannedInteraction {
  readonly pact: PactFile
  readonly interaction: PactInteraction
  readonly exchange: Exchange
  readonly variant: Variant
  readonly skipped?: string
}

/** What a plan is made for. */
export interface PlanOptions {
  readonly service: Service
  /** The folder of contracts; `undefined` for the package's own. */
  readonly contracts?: string | undefined
  /** The path of the token endpoint under test. */
  readonly path: string
  readonly credentials: Credentials
  /** The one method that the client is registered for; `undefined` for any. */
  readonly authentication?: ClientAuthenticationMethod | undefined
  /** The exchanges to replay. Default: all. */
  readonly exchanges?: readonly string[] | undefined
}

/**
 * Plans a verification, in the order of the service's exchanges. Interactions of a method that the client does not use
 * are no part of it; a grant that the credentials cannot obtain is skipped with all its refusals.
 *
 * @throws {TokenwrightError} `ERR_CONTRACT_INVALID`, `ERR_EXCHANGE_UNKNOWN`
 */
export function planVerification(options: PlanOptions): readonly PlannedInteraction[] {
  const { service, exchanges } = options
  requireKnownExchanges(service, exchanges)
  const endpoint = endpointAt(service, options.path)
  return service.variants.flatMap((variant) => {
    const pact = readContract({ service, variant }, options.contracts)
    const usable = pact.interactions.filter((interaction) => isByMethod(options, variant, interaction))
    return exchangesOf(service, variant).flatMap((exchange) => {
      if (exchanges !== undefined && !exchanges.includes(exchange.id)) return []
      const granted = usable.find(({ comments }) => comments.tokenwright.exchange === exchange.grantType)
      return usable
        .filter(({ comments }) => comments.tokenwright.exchange === exchange.id)
        .map((interaction): PlannedInteraction => {
          const skipped = reasonToSkip(options, endpoint, variant, granted ?? interaction)
          return { pact, interaction, exchange, variant, ...(skipped !== undefined && { skipped }) }
        })
    })
  })
}

function isByMethod(
  { service, authentication }: PlanOptions,
  variant: Variant,
  { comments }: PactInteraction,
): boolean {
  if (authentication === undefined || clientAuthenticationOf(service, variant).chosenBy === 'request')
    return true
  return comments.tokenwright.client_authentication === authentication
}

function requireKnownExchanges(service: Service, exchanges: readonly string[] = []): void {
  const known = [
    ...new Set(service.variants.flatMap((variant) => exchangesOf(service, variant).map(({ id }) => id))),
  ]
  const unknown = exchanges.find((id) => !known.includes(id))
  if (unknown === undefined) return
  throw new TokenwrightError(
    'ERR_EXCHANGE_UNKNOWN',
    `expected an exchange of ${service.id}, got "${unknown}"; known ids: ${known.join(', ')}`,
  )
}

/** The token endpoint whose documented path ends the given one, the longest first; the service's first otherwise. */
function endpointAt(service: Service, path: string): string {
  const [first, ...others] = Object.entries(service.endpoints)
    .filter(([, endpoint]) => endpoint.kind === 'token')
    .sort(([, one], [, other]) => other.path.length - one.path.length)
  const named = [first, ...others].find((entry) => entry !== undefined && path.endsWith(entry[1].path))
  return named?.[0] ?? Object.keys(service.endpoints)[0] ?? ''
}

function readContract(located: LocatedVariant, directory: string | undefined): PactFile {
  const variantId = located.variant.id
  const file = join(directory ?? packagedContracts(), `${variantId}.json`)
  if (!existsSync(file)) {
    throw new TokenwrightError(
      'ERR_CONTRACT_INVALID',
      `expected the contract of ${variantId} at ${file}, found none; next: tokenwright contracts --service ${variantId} --out ${directory ?? 'contracts'}`,
    )
  }
  const pact = parseContract(file)
  if (isOurs(pact)) {
    requireComplete(file, located, pact)
    return pact
  }
  throw new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `${file} is not a contract that tokenwright has written; next: tokenwright contracts`,
  )
}

function parseContract(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new TokenwrightError('ERR_CONTRACT_INVALID', `${file} is not JSON: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function isOurs(value: unknown): value is PactFile {
  const { interactions } = (value ?? {}) as Partial<PactFile>
  return Array.isArray(interactions) && interactions.every(isWhole) && interactions.every(isSupplied)
}

function isWhole(interaction: Partial<PactInteraction> | null): boolean {
  const { key, request, response, comments } = interaction ?? {}
  return typeof key === 'string' && isObject(request) && isObject(response) && isObject(comments?.tokenwright)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** Whether each value has a state that supplies it: the verifier would send the example of one that has none. */
function isSupplied(interaction: PactInteraction): boolean {
  const states = new Set(interaction.providerStates?.map(({ name }) => name))
  return stateValuesOf(interaction).every((value) => states.has(stateOf(value)))
}

/** What a contract has lost, or never had, would count neither as kept nor as broken. */
function requireComplete(file: string, located: LocatedVariant, { interactions }: PactFile): void {
  const labelled = interactions.map(({ key, comments: { tokenwright: label } }) => {
    return key === `${label.variant}#${label.exchange}#${label.client_authentication}` ? key : ''
  })
  const lost = interactionsOf(located).find(({ key }) => labelled.filter((each) => each === key).length !== 1)
  if (lost === undefined) return
  throw new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected ${file} to have "${lost.key}" once; next: tokenwright contracts`,
  )
}

function packagedContracts(): string {
  return join(dirname(createRequire(import.meta.url).resolve('tokenwright/package.json')), 'contracts')
}

function reasonToSkip(
  { service, credentials }: PlanOptions,
  endpoint: string,
  variant: Variant,
  interaction: PactInteraction,
): string | undefined {
  if (variant.endpoint !== endpoint) {
    return `documented at ${service.endpoints[variant.endpoint]?.path}; give the URL of that endpoint`
  }
  const isAtHand = (name: CredentialName) =>
    credentials[name] !== undefined ||
    (name === 'refresh_token' && sourceOfRefreshToken(service, credentials) !== undefined)
  const missing = new Set(
    stateValuesOf(interaction)
      .flatMap(credentialsIn)
      .filter((name) => !isAtHand(name)),
  )
  if (missing.size === 0) return undefined
  return `needs ${[...missing]
    .map((name) => `--${name.replaceAll('_', '-')}`)
    .sort()
    .join(' and ')}`
}

/** The state values that an interaction's generators ask for. */
export function stateValuesOf({ request }: PactInteraction): readonly StateValue[] {
  const expressions = JSON.stringify(request.generators ?? {}).matchAll(/\$\{([a-z_]+)\}/g)
  return [...expressions].map(([, name]) => name as StateValue)
}

/** The credentials that a state value is made of. */
function credentialsIn(value: StateValue): readonly CredentialName[] {
  if (value === 'authorization') return ['client_id', 'client_secret']
  return value === 'authorization_with_wrong_secret' ? ['client_id'] : [value]
}

/** A grant that can be asked for. */
export interface ObtainableGrant {
  readonly variant: Variant
  readonly grantType: string
}

/** The grants that the credentials at hand can obtain, those aside that would use up a refresh token. */
export function obtainableGrants(service: Service, credentials: Credentials): readonly ObtainableGrant[] {
  return service.variants.flatMap((variant) => {
    const isPublic = authenticationsOf(service, variant).includes('none')
    const ofClient = isPublic ? ['client_id'] : ['client_id', 'client_secret']
    return variant.request.oneOf
      .map((grant) => ({
        grantType: grantTypeOf(variant, grant),
        needed: new Set([...grant.required.map((name) => standardNameOf(variant, name)), ...ofClient]),
      }))
      .filter(({ needed }) => !needed.has('refresh_token'))
      .filter(({ needed }) =>
        [...needed].filter(isCredentialName).every((name) => credentials[name] !== undefined),
      )
      .map(({ grantType }) => ({ variant, grantType }))
  })
}

/** The grant by which a refresh token can be had from the service itself. */
export function sourceOfRefreshToken(
  service: Service,
  credentials: Credentials,
): ObtainableGrant | undefined {
  return obtainableGrants(service, credentials).find(({ variant, grantType }) =>
    variant.reply.members[grantType]?.includes('refresh_token'),
  )
}
