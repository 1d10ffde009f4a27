// Pact V4 files as far as they are read here, and whether one is a contract that can be replayed with real credentials.
import type { InteractionLabel } from '../contract/contract.ts'
import { providerStates, type StateValue, stateOf } from '../contract/interaction.ts'

/** An interaction as it stands in a Pact V4 file, as far as it is read here. */
export interface PactInteraction {
  readonly key: string
  readonly description: string
  readonly pending?: boolean
  readonly providerStates?: ReadonlyArray<{ readonly name: string }>
  readonly request: PactRequest
  readonly response: PactResponse
  readonly comments: { readonly tokenwright: InteractionLabel }
}

/** The request that an interaction asks to be sent. */
export interface PactRequest {
  readonly path: string
  readonly headers?: Readonly<Record<string, readonly string[]>>
  readonly body?: PactBody
  readonly generators?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly matchingRules?: Readonly<Record<string, unknown>>
}

/** Content as Pact keeps it: text, or a JSON value. */
export interface PactBody {
  readonly content: unknown
  readonly contentType?: string
  readonly encoded?: boolean | string
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
  readonly combine?: 'AND' | 'OR'
  readonly matchers: ReadonlyArray<{
    readonly match: string
    readonly regex?: string
    readonly status?: readonly number[]
    readonly value?: unknown
  }>
}

/** A Pact V4 file. */
export interface PactFile {
  readonly consumer: { readonly name: string }
  readonly provider: { readonly name: string }
  readonly interactions: readonly PactInteraction[]
  readonly metadata: unknown
}

/** Whether a value is a Pact whose interactions all are labelled, and can be supplied with real credentials. */
export function isPactFile(value: unknown): value is PactFile {
  const { interactions, consumer, provider, metadata } = (value ?? {}) as Partial<PactFile>
  return (
    isVersionFour(metadata) &&
    isObject(consumer) &&
    isObject(provider) &&
    Array.isArray(interactions) &&
    interactions.every(isWhole) &&
    interactions.every(isSupplied)
  )
}

/** Of another version, the same members say something else. */
function isVersionFour(metadata: unknown): boolean {
  const { pactSpecification } = (metadata ?? {}) as {
    readonly pactSpecification?: { readonly version?: unknown }
  }
  return /^4\b/.test(String(pactSpecification?.version ?? '4'))
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

/** The state values that an interaction's generators ask for. */
export function stateValuesOf({ request }: PactInteraction): readonly StateValue[] {
  const expressions = JSON.stringify(request.generators ?? {}).matchAll(/\$\{([a-z_]+)\}/g)
  return [...expressions].map(([, name]) => name as StateValue)
}

/** The states that an interaction needs, those that no verification can produce among them. */
export function statesOf({ providerStates: needed = [] }: PactInteraction): readonly string[] {
  return needed.map(({ name }) => name)
}

/** Whether a state is one that verifications know how to produce. */
export function isKnownState(name: string): boolean {
  return Object.values<string>(providerStates).includes(name)
}
