// What a contract test can be told, and which interactions follow from it.
import { authenticationsOf } from '../fixture/message.ts'
import type { ClientAuthenticationMethod, ContentType, TokenMember } from '../oauth/words.ts'
import { formatViolation, violationsOf } from '../schema/request.ts'
import { requireSoundService } from '../schema/sound-service.ts'
import { TokenwrightError } from '../service/error.ts'
import { type Exchange, exchangesOf, type WireParameters } from '../service/exchanges.ts'
import { findExchange, findService, findVariant, type LocatedVariant } from '../service/lookup.ts'
import { grantSchemaOf, type Service, standardNameOf, wireNameOf } from '../service/service.ts'
import { services } from '../services/services.ts'
import { type Interaction, interactionsOf, isCredentialName } from './interaction.ts'

/** Options of `contractTest`. */
export interface ContractTestOptions {
  /** The team's client, by the name that the contract has for its consumer. */
  readonly consumer: string
  /** The id of a built-in service, or a service of your own. */
  readonly service: string | Service
  /** The id of one of its variants, such as `rfc6749/client_credentials`, or what follows the slash. */
  readonly variant: string
  /**
   * The exchanges that the client is put through, by id. Default: each granted one, and each with a wrong credential,
   * which are those that any client can be made to send; a missing parameter and an unsupported grant have to be named.
   */
  readonly exchanges?: readonly string[] | undefined
  /** How the client authenticates. Default: the first method of the variant. */
  readonly authentication?: ClientAuthenticationMethod | undefined
  /** The media type that the client sends. Default: the first of the variant. */
  readonly contentType?: ContentType | undefined
  /**
   * Documented parameters with values of the client's own, by wire name: optional ones that it sends, such as `scope`,
   * and others than the documented examples. Never credentials. Default: none.
   */
  readonly parameters?: WireParameters | undefined
  /**
   * The members of a granted reply that the client needs; it is given no others. Default: `access_token`, `token_type`
   * and `expires_in`, as far as the document promises them.
   */
  readonly needs?: readonly TokenMember[] | undefined
  /** How `token_type` is compared. Default: `exact` where the document has one spelling alone, else `any_case`. */
  readonly tokenType?: 'any_case' | 'exact' | undefined
  /**
   * How the call reports a refusal. `thrown`: it rejects, or resolves with what says so itself (a `Response` that is not
   * ok, an object with an `error`); a call that resolves as though a token were granted fails. `any`: it is not looked
   * at. Default: `thrown`.
   */
  readonly refusals?: 'thrown' | 'any' | undefined
  /** The folder of the contract, `<consumer>-<service>.json`. Default: `pacts`. */
  readonly directory?: string | undefined
  /** The longest that each call may take, in milliseconds. Default: 4000, which is less than test runners allow. */
  readonly timeoutMs?: number | undefined
}

/** @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`, `ERR_SERVICE_INVALID`, `ERR_VARIANT_UNKNOWN` */
export function locate({ service, variant }: ContractTestOptions): LocatedVariant {
  const whole =
    typeof service === 'string'
      ? (services.find(({ id }) => id === service) ?? findService(services, service))
      : requireSoundService(service)
  return findVariant([whole], String(variant).includes('/') ? variant : `${whole.id}/${variant}`)
}

/**
 * The interactions that were asked for, each with a description of its own, as one file has those of several variants.
 * @throws {TokenwrightError} `ERR_EXCHANGE_UNKNOWN`, `ERR_OPTION_INVALID`
 */
export function chosenInteractions(
  located: LocatedVariant,
  options: ContractTestOptions,
): readonly Interaction[] {
  const { contentType, needs, tokenType } = options
  requireConsumer(options.consumer)
  const authentication = chosenAuthentication(located, options)
  const ids = chosenExchanges(located, options)
  requireMembers(located, options)
  requireOneOf('contentType', contentType, located.variant.contentTypes)
  requireOneOf('tokenType', tokenType, ['any_case', 'exact'])
  requireOneOf('refusals', options.refusals, ['thrown', 'any'])
  requireParameters(located, ids, options)
  const { parameters } = options
  return interactionsOf(located, { contentType, parameters, needs: { members: needs, tokenType } })
    .filter(
      (interaction) => interaction.authentication === authentication && ids.includes(interaction.exchange.id),
    )
    .map((interaction) => ({
      ...interaction,
      description: `${located.variant.id}: ${interaction.description}`,
    }))
}

function requireConsumer(consumer: unknown): void {
  if (typeof consumer === 'string' && /[\p{L}\p{N}]/u.test(consumer)) return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    'expected consumer to be the name of the client, received none; next: give it one, such as consumer: "web-shop"',
  )
}

function requireOneOf(option: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected ${option} to be one of ${known.join(', ')}, got "${value}"`,
  )
}

function chosenAuthentication(
  { service, variant }: LocatedVariant,
  { authentication }: ContractTestOptions,
): ClientAuthenticationMethod {
  const known = authenticationsOf(service, variant)
  requireOneOf('authentication', authentication, known)
  return authentication ?? (known[0] as ClientAuthenticationMethod)
}

function chosenExchanges(located: LocatedVariant, { exchanges }: ContractTestOptions): readonly string[] {
  const known = exchangesOf(located.service, located.variant).filter(({ isDocumented }) => isDocumented)
  if (exchanges === undefined) return known.filter(isOrdinary).map(({ id }) => id)
  const undocumented = exchanges.find((id) => !findExchange(located, id).isDocumented)
  if (exchanges.length > 0 && undocumented === undefined) return exchanges
  throw new TokenwrightError(
    'ERR_EXCHANGE_UNKNOWN',
    `expected exchanges that a document answers, got ${undocumented === undefined ? 'none' : `"${undocumented}"`}; known ids: ${known.map(({ id }) => id).join(', ')}`,
  )
}

function requireMembers({ variant }: LocatedVariant, { needs = [] }: ContractTestOptions): void {
  const known = Object.keys(variant.reply.schema.properties)
  for (const member of needs) requireOneOf('needs', member, known)
}

/** Whether a sound client sends it in the ordinary course: not a broken request, nor a used refresh token. */
function isOrdinary({ isSchemaValid, refreshToken }: Exchange): boolean {
  return isSchemaValid && refreshToken === undefined
}

/** A parameter is one of the grants' own, is no credential, and keeps the schema. */
function requireParameters(
  located: LocatedVariant,
  ids: readonly string[],
  { parameters = {} }: ContractTestOptions,
): void {
  const { variant } = located
  const grants = [...new Set(ids.map((id) => findExchange(located, id).grantType))]
  const known = [
    ...new Set(grants.flatMap((grant) => Object.keys(grantSchemaOf(variant, grant)?.properties ?? {}))),
  ]
  const free = known.filter((name) => {
    const standardName = standardNameOf(variant, name)
    return standardName !== 'grant_type' && !isCredentialName(standardName)
  })
  for (const name of Object.keys(parameters)) requireOneOf('parameters', name, free)
  for (const grant of grants) {
    const sent = { ...parameters, [wireNameOf(variant, 'grant_type')]: grant }
    const violation = violationsOf(variant, sent).find(
      ({ parameter, keyword }) => parameters[parameter] !== undefined && keyword !== 'additionalProperties',
    )
    if (violation !== undefined)
      throw new TokenwrightError(
        'ERR_OPTION_INVALID',
        `a value of parameters is not documented: ${formatViolation(violation)}`,
      )
  }
}
