// Exchanges to Pact interactions: what a client sends, which provider state it needs, and what it may rely on in the reply.

import { authenticationsOf, type CredentialName, type Message, messageOf } from '../fixture/message.ts'
import { formatBasic } from '../oauth/basic.ts'
import type { ClientAuthenticationMethod, TokenMember } from '../oauth/words.ts'
import { type Exchange, exchangesOf, wrongValue } from '../service/exchanges.ts'
import type { ParameterSchema } from '../service/json-schema.ts'
import type { LocatedVariant } from '../service/lookup.ts'
import { clientAuthenticationOf, type Refusal, standardNameOf, type Variant } from '../service/service.ts'

/** Names of provider states: what must be true of the real service before the request. */
export const providerStates = {
  client: 'a registered client',
  user: 'a registered user',
  refreshToken: 'a live refresh token of the client',
} as const

/** A value that the provider state supplies when the contract is verified. */
export type StateValue = CredentialName | 'authorization' | 'authorization_with_wrong_secret'

/** A literal, or Pact's integration JSON: an example with its matching rule and, for credentials, its generator. */
export type Matched = string | number | { readonly 'pact:matcher:type': string; readonly value?: unknown }

/** One interaction, before Pact writes it. */
export interface Interaction {
  /** `<variant>#<exchange>#<client authentication>`, unique among all contracts. */
  readonly key: string
  readonly description: string
  readonly located: LocatedVariant
  readonly exchange: Exchange
  readonly authentication: ClientAuthenticationMethod
  readonly states: readonly string[]
  /** The request with the documented examples. */
  readonly message: Message
  readonly request: {
    readonly headers: Readonly<Record<string, Matched>>
    readonly body: Readonly<Record<string, Matched>>
  }
  readonly reply: {
    readonly status: number | Readonly<Record<string, unknown>>
    readonly headers: Readonly<Record<string, Matched>>
    readonly body?: Readonly<Record<string, Matched>>
  }
}

/** Every interaction of a variant: its exchanges, by each of its client authentication methods. */
export function interactionsOf(located: LocatedVariant): readonly Interaction[] {
  const { service, variant } = located
  return exchangesOf(service, variant)
    .filter(({ isDocumented }) => isDocumented)
    .flatMap((exchange) =>
      authenticationsOf(service, variant).map((authentication) =>
        interactionOf(located, exchange, authentication),
      ),
    )
}

function interactionOf(
  located: LocatedVariant,
  exchange: Exchange,
  authentication: ClientAuthenticationMethod,
): Interaction {
  const message = messageOf(located, exchange, { authentication })
  const by = authentication === 'none' ? 'without client authentication' : `by ${authentication}`
  return {
    key: `${located.variant.id}#${exchange.id}#${authentication}`,
    description: `${exchange.sentence}, ${by}`,
    located,
    exchange,
    authentication,
    states: statesOf(located.variant, message),
    message,
    request: { headers: requestHeaders(located, message), body: requestBody(located.variant, message) },
    reply:
      exchange.refusal === undefined
        ? grantedReply(located, exchange)
        : refusedReply(located, exchange.refusal),
  }
}

/** The provider state that supplies a value. */
export function stateOf(value: StateValue): string {
  if (value === 'refresh_token') return providerStates.refreshToken
  return value === 'username' || value === 'password' ? providerStates.user : providerStates.client
}

function statesOf(variant: Variant, { parameters, basic }: Message): readonly string[] {
  const values = Object.keys(parameters)
    .filter((wireName) => parameters[wireName] !== wrongValue)
    .map((wireName) => standardNameOf(variant, wireName))
    .filter(isCredentialName)
  const needed = new Set(values.map(stateOf))
  if (basic !== undefined) needed.add(stateOf('authorization'))
  return Object.values(providerStates).filter((state) => needed.has(state))
}

function requestHeaders(
  { service, variant }: LocatedVariant,
  { contentType, basic }: Message,
): Interaction['request']['headers'] {
  if (basic === undefined) return { 'Content-Type': contentType }
  const { basicSpelling } = clientAuthenticationOf(service, variant)
  const value: StateValue =
    basic.client_secret === wrongValue ? 'authorization_with_wrong_secret' : 'authorization'
  return { 'Content-Type': contentType, Authorization: fromState(value, formatBasic(basic, basicSpelling)) }
}

const credentialNames: ReadonlySet<string> = new Set<CredentialName>([
  'client_id',
  'client_secret',
  'username',
  'password',
  'refresh_token',
])

/** Whether a parameter, by its standard name, is a credential, which the real service has another value of. */
export function isCredentialName(name: string): name is CredentialName {
  return credentialNames.has(name)
}

function requestBody(variant: Variant, { parameters }: Message): Interaction['request']['body'] {
  return Object.fromEntries(
    Object.entries(parameters).map(([wireName, example]) => {
      const name = standardNameOf(variant, wireName)
      const isCredential = isCredentialName(name) && example !== wrongValue
      return [wireName, isCredential ? fromState(name, example) : equality(example)]
    }),
  )
}

function grantedReply({ service, variant }: LocatedVariant, { grantType }: Exchange): Interaction['reply'] {
  const { schema, headers = {} } = variant.reply
  const sent = variant.reply.members[grantType] ?? []
  const examples: Readonly<Record<TokenMember, string | number>> = {
    access_token: 'example-access-token',
    token_type: 'Bearer',
    expires_in: service.tokens.accessTokenLifetimeSeconds,
    refresh_token: 'example-refresh-token',
    refresh_expires_in: service.tokens.refreshTokenLifetimeSeconds,
    scope: 'example',
  }
  return {
    status: 200,
    headers: {
      'Content-Type': json,
      ...Object.fromEntries(
        // Pact splits a value at its commas, so only presence is its business; verification looks at the whole value.
        Object.entries(headers).map(([name, { example }]) => [name, type(example)]),
      ),
    },
    body: Object.fromEntries(
      sent
        .filter((member) => schema.required.includes(member))
        .map((member) => {
          const property: ParameterSchema = schema.properties[member] ?? {}
          const [documented] = (property.examples ?? []) as readonly string[]
          return [member, matcherOf(property, documented ?? examples[member])]
        }),
    ),
  }
}

function refusedReply({ service }: LocatedVariant, name: string): Interaction['reply'] {
  const { status, body, contract = {} }: Refusal = service.refusals[name] ?? service.refusals.invalid_request
  const { orStatus = [], exact = [] } = contract
  const matchedStatus =
    orStatus.length === 0
      ? status
      : { 'pact:matcher:type': 'statusCode', status: [status, ...orStatus], value: status }
  if (body === undefined) return { status: matchedStatus, headers: {} }
  return {
    status: matchedStatus,
    headers: { 'Content-Type': json },
    body: Object.fromEntries(
      Object.entries(body).map(([member, value]) => {
        if (exact.includes(member)) return [member, equality(value)]
        return [member, typeof value === 'number' ? { 'pact:matcher:type': 'integer', value } : type(value)]
      }),
    ),
  }
}

/** The media type with any parameters, in any case. */
const json = regex('(?i)application/json(\\s*;.*)?', 'application/json')

/** A schema as the matching rule that real services can satisfy: a constant, a pattern, a whole number, or a type. */
function matcherOf(schema: ParameterSchema, example: string | number): Matched {
  if (schema.const !== undefined) return equality(schema.const)
  if (schema.pattern !== undefined) return regex(schema.pattern.replace(/^\^|\$$/g, ''), String(example))
  return schema.type === 'integer' ? { 'pact:matcher:type': 'integer', value: example } : type(example)
}

function equality(value: unknown): Matched {
  return { 'pact:matcher:type': 'equality', value }
}

function type(value: unknown): Matched {
  return { 'pact:matcher:type': 'type', value }
}

/** Pact matches the whole value. */
function regex(pattern: string, value: string): Matched & { readonly regex: string } {
  return { 'pact:matcher:type': 'regex', regex: pattern, value }
}

function fromState(name: StateValue, value: string): Matched {
  return {
    'pact:matcher:type': 'equality',
    value,
    'pact:generator:type': 'ProviderState',
    expression: `\${${name}}`,
  } as Matched
}
