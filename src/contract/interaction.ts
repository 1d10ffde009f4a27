// Exchanges to Pact interactions: what a client sends, which provider state it needs, and what it may rely on in the reply.

import { authenticationsOf, type CredentialName, type Message, messageOf } from '../fixture/message.ts'
import { formatBasic } from '../oauth/basic.ts'
import type { ClientAuthenticationMethod, ContentType, TokenMember } from '../oauth/words.ts'
import {
  type Exchange,
  exchangesOf,
  type RefreshTokenState,
  type WireParameters,
  wrongValue,
} from '../service/exchanges.ts'
import type { ParameterSchema } from '../service/json-schema.ts'
import type { LocatedVariant } from '../service/lookup.ts'
import { clientAuthenticationOf, type Refusal, standardNameOf, type Variant } from '../service/service.ts'

/** Names of provider states: what must be true of the real service before the request. */
export const providerStates = {
  client: 'a registered client',
  user: 'a registered user',
  refreshToken: 'a live refresh token of the client',
  freshRefreshToken: 'a fresh refresh token of the client',
  usedRefreshToken: 'a used refresh token of the client',
} as const

/** A value that the provider state supplies when the contract is verified. */
export type StateValue =
  | CredentialName
  | `${RefreshTokenState}_refresh_token`
  | 'authorization'
  | 'authorization_with_wrong_secret'

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

/** What a client needs of a granted reply, and no more. */
export interface ReplyNeeds {
  /** The members; by default the token, its type and its lifetime, as far as the document promises them. */
  readonly members?: readonly TokenMember[] | undefined
  /** How `token_type` is compared. Default: exactly where the document has one spelling of it, else in any case. */
  readonly tokenType?: 'any_case' | 'exact' | undefined
}

/** How interactions depart from the documented examples. */
export interface InteractionOptions {
  /** Default: the media type that the document's SDK sends. */
  readonly contentType?: ContentType | undefined
  /** Documented parameters with values of a client's own, by wire name. Default: none. */
  readonly parameters?: WireParameters | undefined
  /** Default: everything that the document promises. */
  readonly needs?: ReplyNeeds | undefined
}

/** Every interaction of a variant: its exchanges, by each of its client authentication methods. */
export function interactionsOf(
  located: LocatedVariant,
  options: InteractionOptions = {},
): readonly Interaction[] {
  const { service, variant } = located
  return exchangesOf(service, variant)
    .filter(({ isDocumented }) => isDocumented)
    .flatMap((exchange) =>
      authenticationsOf(service, variant).map((authentication) =>
        interactionOf(located, exchange, authentication, options),
      ),
    )
}

function interactionOf(
  located: LocatedVariant,
  exchange: Exchange,
  authentication: ClientAuthenticationMethod,
  { contentType, parameters, needs }: InteractionOptions,
): Interaction {
  const message = messageOf(located, exchange, {
    authentication,
    ...(contentType !== undefined && { contentType }),
    ...(parameters !== undefined && { parameters }),
  })
  const by = authentication === 'none' ? 'without client authentication' : `by ${authentication}`
  return {
    key: `${located.variant.id}#${exchange.id}#${authentication}`,
    description: `${exchange.sentence}, ${by}`,
    located,
    exchange,
    authentication,
    states: statesOf(located.variant, exchange, message),
    message,
    request: {
      headers: requestHeaders(located, message),
      body: requestBody(located.variant, exchange, message),
    },
    reply:
      exchange.refusal === undefined
        ? grantedReply(located, exchange, needs)
        : refusedReply(located, exchange.refusal),
  }
}

/** The provider state that supplies a value. */
export function stateOf(value: StateValue): string {
  if (value === 'refresh_token') return providerStates.refreshToken
  if (value === 'fresh_refresh_token') return providerStates.freshRefreshToken
  if (value === 'used_refresh_token') return providerStates.usedRefreshToken
  return value === 'username' || value === 'password' ? providerStates.user : providerStates.client
}

function statesOf(variant: Variant, exchange: Exchange, { parameters, basic }: Message): readonly string[] {
  const values = Object.keys(parameters)
    .filter((wireName) => parameters[wireName] !== wrongValue)
    .map((wireName) => standardNameOf(variant, wireName))
    .filter(isCredentialName)
    .map((name) => stateValueOf(name, exchange))
  const needed = new Set(values.map(stateOf))
  if (basic !== undefined) needed.add(stateOf('authorization'))
  return Object.values(providerStates).filter((state) => needed.has(state))
}

function stateValueOf(name: CredentialName, { refreshToken }: Exchange): StateValue {
  return name === 'refresh_token' && refreshToken !== undefined ? `${refreshToken}_${name}` : name
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

function requestBody(
  variant: Variant,
  exchange: Exchange,
  { parameters }: Message,
): Interaction['request']['body'] {
  return Object.fromEntries(
    Object.entries(parameters).map(([wireName, example]) => {
      const name = standardNameOf(variant, wireName)
      const isCredential = isCredentialName(name) && example !== wrongValue
      return [wireName, isCredential ? fromState(stateValueOf(name, exchange), example) : equality(example)]
    }),
  )
}

function grantedReply(
  located: LocatedVariant,
  { grantType }: Exchange,
  needs: ReplyNeeds | undefined,
): Interaction['reply'] {
  const { headers = {} } = located.variant.reply
  const promised = promisedMembers(located.variant, grantType)
  if (needs !== undefined) {
    const members = needs.members ?? promised.filter((member) => usuallyNeeded.has(member))
    return { status: 200, headers: { 'Content-Type': json }, body: neededBody(located, members, needs) }
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
      promised.map((member) => [member, matcherOf(schemaOf(located, member), exampleOf(located, member))]),
    ),
  }
}

const usuallyNeeded: ReadonlySet<TokenMember> = new Set(['access_token', 'token_type', 'expires_in'])

function promisedMembers({ reply }: Variant, grantType: string): readonly TokenMember[] {
  return (reply.members[grantType] ?? []).filter((member) => reply.schema.required.includes(member))
}

function schemaOf({ variant }: LocatedVariant, member: TokenMember): ParameterSchema {
  return variant.reply.schema.properties[member] ?? {}
}

function exampleOf(located: LocatedVariant, member: TokenMember): string | number {
  const { accessTokenLifetimeSeconds, refreshTokenLifetimeSeconds } = located.service.tokens
  const examples: Readonly<Record<TokenMember, string | number>> = {
    access_token: 'example-access-token',
    token_type: 'Bearer',
    expires_in: accessTokenLifetimeSeconds,
    refresh_token: 'example-refresh-token',
    refresh_expires_in: refreshTokenLifetimeSeconds,
    scope: 'example',
  }
  const [documented] = (schemaOf(located, member).examples ?? []) as readonly string[]
  return documented ?? examples[member]
}

function neededBody(
  located: LocatedVariant,
  members: readonly TokenMember[],
  { tokenType }: ReplyNeeds,
): Readonly<Record<string, Matched>> {
  return Object.fromEntries(
    members.map((member) => {
      const schema = schemaOf(located, member)
      const example = exampleOf(located, member)
      if (member === 'token_type') return [member, tokenTypeMatcher(schema, String(example), tokenType)]
      const isLifetime = member === 'expires_in' || member === 'refresh_expires_in'
      return [
        member,
        matcherOf(isLifetime && schema.type === undefined ? { type: 'integer' } : schema, example),
      ]
    }),
  )
}

/** RFC 6749 §5.1: the type is compared without regard to case. */
function tokenTypeMatcher(
  { const: only, enum: several, pattern }: ParameterSchema,
  example: string,
  comparison: ReplyNeeds['tokenType'] = only === undefined ? 'any_case' : 'exact',
): Matched {
  const documented = only === undefined ? (several ?? [example]) : [only]
  if (comparison === 'exact') {
    return documented.length === 1 ? equality(documented[0]) : regex(anyOf(documented), example)
  }
  if (pattern !== undefined) return matcherOf({ pattern }, example)
  return regex(`(?i)${anyOf(documented).toLowerCase()}`, String(only ?? example))
}

function anyOf(values: readonly unknown[]): string {
  const literals = values.map((value) => String(value).replace(/[^\w]/g, '\\$&'))
  return literals.length === 1 ? (literals[0] ?? '') : `(${literals.join('|')})`
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
