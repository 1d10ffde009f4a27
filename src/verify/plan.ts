// Which interactions of a service's contracts can be replayed at an endpoint with the credentials at hand, and why others cannot.
import { isCredentialName, type StateValue } from '../contract/interaction.ts'
import { authenticationsOf, type CredentialName, type Credentials } from '../fixture/message.ts'
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import { type Exchange, exchangesOf, type WireParameters, wrongValue } from '../service/exchanges.ts'
import {
  clientAuthenticationOf,
  grantTypeOf,
  type Service,
  standardNameOf,
  type Variant,
} from '../service/service.ts'
import { adapt, contentTypeOf, parametersOf, refusalOf } from './adaptation.ts'
import { type Contract, type ContractSource, type LoadedContracts, loadContracts } from './contracts.ts'
import { type CurlValue, credentialVariables, curlLine } from './curl.ts'
import {
  isKnownState,
  type PactFile,
  type PactInteraction,
  statesOf,
  stateValuesOf,
} from './pact-interaction.ts'
import type { Profile } from './profiles.ts'

/** One interaction, and the reason why it will not be replayed, if there is one. */
export interface PlannedInteraction {
  readonly pact: PactFile
  /** The file of the contract, or its URL. */
  readonly contract: string
  /** As it will be sent, and what is expected of the service under test. */
  readonly interaction: PactInteraction
  readonly exchange: Exchange
  readonly variant: Variant
  readonly isPending: boolean
  /** Whether it shows a wrong secret or a wrong password of a real account. */
  readonly isTrial: boolean
  /** The request as a line of curl. */
  readonly request: string
  readonly skipped?: string
}

/** What a plan is made for. */
export interface PlanOptions {
  readonly service: Service
  /** The service with all its variants, also those that have to be named. Default: the service. */
  readonly whole?: Service | undefined
  /** Default: the package's own. */
  readonly contracts?: readonly ContractSource[] | undefined
  /** The token endpoint under test. */
  readonly url: URL
  readonly credentials: Credentials
  readonly profile?: Profile | undefined
  /** The media type of the requests. Default: the contract's. */
  readonly contentType?: ContentType | undefined
  /** What every request has beside the contract's parameters. Default: nothing. */
  readonly parameters?: WireParameters | undefined
  /** The one method that the client is registered for; `undefined` for any. */
  readonly authentication?: ClientAuthenticationMethod | undefined
  /** Whether that method was found by asking, which says nothing of other methods. */
  readonly isFound?: boolean
  /** The exchanges to replay. Default: all. */
  readonly exchanges?: readonly string[] | undefined
  /** How many wrong secrets and passwords may be tried. */
  readonly maxRefusals: number
}

/**
 * Plans a verification, in the order of the service's exchanges. Interactions of a method that the client does not use
 * are no part of it; a grant that the credentials cannot obtain is skipped with all its refusals.
 *
 * @throws {TokenwrightError} `ERR_CONTRACT_INVALID`, `ERR_EXCHANGE_UNKNOWN`
 */
export function planVerification(
  options: PlanOptions,
  loaded: LoadedContracts = contractsFor(options),
): readonly PlannedInteraction[] {
  const { service, exchanges } = options
  const { contracts, variants } = loaded
  requireKnownExchanges({ ...service, variants: variants as Service['variants'] }, exchanges)
  const endpoint = endpointAt(service, options.url.pathname)
  const planned = variants.flatMap((variant) =>
    contracts.flatMap((contract) => planContract(options, endpoint, variant, contract)),
  )
  return boundTrials(planned, options.maxRefusals)
}

/** The contracts that a plan is made of. @throws {TokenwrightError} `ERR_CONTRACT_INVALID` */
export function contractsFor({ service, whole = service, contracts }: PlanOptions): LoadedContracts {
  return loadContracts(service, whole, contracts)
}

function planContract(
  options: PlanOptions,
  endpoint: string,
  variant: Variant,
  { pact, name, isPending, isGenerated }: Contract,
): readonly PlannedInteraction[] {
  const { service, exchanges, profile, contentType, parameters } = options
  const ofVariant = pact.interactions.filter(({ comments }) => comments.tokenwright.variant === variant.id)
  const usable = ofVariant.filter((interaction) => !isGenerated || isByMethod(options, variant, interaction))
  const known = exchangesOf(service, variant)
  requireKnownLabels(known, variant, name, ofVariant)
  return known.flatMap((exchange) => {
    if (exchanges !== undefined && !exchanges.includes(exchange.id)) return []
    const granted = usable.find(({ comments }) => comments.tokenwright.exchange === exchange.grantType)
    return usable
      .filter(({ comments }) => comments.tokenwright.exchange === exchange.id)
      .map((given): PlannedInteraction => {
        const interaction = adapt(given, exchange, { profile, contentType, parameters })
        const skipped =
          reasonOfMethod(options, variant, interaction) ??
          reasonToSkip(options, endpoint, variant, exchange, granted ?? interaction)
        return {
          pact,
          contract: name,
          interaction,
          exchange,
          variant,
          isPending: isPending || interaction.pending === true,
          isTrial: isTrial(variant, exchange),
          request: requestLine(options, variant, interaction),
          ...(skipped !== undefined && { skipped }),
        }
      })
  })
}

/** A contract of another version of this package may have exchanges that this one does not know. */
function requireKnownLabels(
  known: readonly Exchange[],
  variant: Variant,
  name: string,
  interactions: readonly PactInteraction[],
): void {
  const ids = new Set(known.map(({ id }) => id))
  const unknown = interactions.find(({ comments }) => !ids.has(comments.tokenwright.exchange))
  if (unknown === undefined) return
  throw new TokenwrightError(
    'ERR_CONTRACT_INVALID',
    `expected exchanges of ${variant.id} in ${name}, found "${unknown.comments.tokenwright.exchange}"; known ids: ${[...ids].join(', ')}`,
  )
}

function isTrial(variant: Variant, { isSchemaValid, refusal, parameter }: Exchange): boolean {
  if (!isSchemaValid || refusal === undefined || parameter === undefined) return false
  return ['client_secret', 'password'].includes(standardNameOf(variant, parameter))
}

/** Many wrong secrets in a row lock an account, or block an address. */
function boundTrials(planned: readonly PlannedInteraction[], most: number): readonly PlannedInteraction[] {
  let trials = 0
  return planned.map((each) => {
    if (!each.isTrial || each.skipped !== undefined) return each
    trials += 1
    if (trials <= most) return each
    return { ...each, skipped: `further wrong credentials could lock the account: --max-refusals ${most}` }
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

/** A team's client uses the methods of its contract, unless it was said that the registered one is another. */
function reasonOfMethod(
  { service, authentication, isFound }: PlanOptions,
  variant: Variant,
  { comments }: PactInteraction,
): string | undefined {
  const { client_authentication } = comments.tokenwright
  const isChosen = clientAuthenticationOf(service, variant).chosenBy === 'request'
  if (authentication === undefined || isFound === true || isChosen) return undefined
  return client_authentication === authentication
    ? undefined
    : `is by ${client_authentication}, and the client is registered for ${authentication}`
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

function reasonToSkip(
  { service, credentials, profile }: PlanOptions,
  endpoint: string,
  variant: Variant,
  exchange: Exchange,
  interaction: PactInteraction,
): string | undefined {
  if (profile?.grants?.includes(exchange.grantType) === false)
    return `${profile.product} offers no ${exchange.grantType}`
  const known = refusalOf(exchange, profile)?.skipped
  if (known !== undefined) return `${profile?.product}: ${known}`
  // A profile's one path is that of all.
  if (variant.endpoint !== endpoint && profile === undefined)
    return `documented at ${service.endpoints[variant.endpoint]?.path}; give the URL of that endpoint`
  const state = statesOf(interaction).find((name) => !isKnownState(name))
  if (state !== undefined) return `needs the state "${state}", which no verification can produce`
  const isAtHand = (name: CredentialName) =>
    credentials[name] !== undefined ||
    (name === 'refresh_token' && sourceOfRefreshToken(service, credentials, profile?.grants) !== undefined)
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

/** The request with variables of a shell in the place of credentials. */
function requestLine({ service, url }: PlanOptions, variant: Variant, { request }: PactInteraction): string {
  const { generators = {} } = request
  const inBody = generators.body ?? {}
  const parameters = Object.entries(parametersOf(request)).map(([name, literal]): [string, CurlValue] => {
    const isSupplied = inBody[`$.${name}`] !== undefined
    const credential = standardNameOf(variant, name)
    const variable = isCredentialName(credential) ? credentialVariables[credential] : undefined
    return [name, isSupplied && variable !== undefined ? { variable } : { literal }]
  })
  const authorization = JSON.stringify(generators.header ?? {})
  const isBasic = authorization.includes('authorization')
  const isWrong = authorization.includes('wrong_secret')
  const { basicSpelling } = clientAuthenticationOf(service, variant)
  return curlLine({
    method: 'POST',
    url: url.origin + url.pathname,
    contentType: contentTypeOf(request),
    parameters: Object.fromEntries(parameters),
    ...(isBasic && {
      basic: {
        client_id: { variable: credentialVariables.client_id },
        client_secret: isWrong ? { literal: wrongValue } : { variable: credentialVariables.client_secret },
        spelling: basicSpelling,
      },
    }),
  })
}

/** The credentials that a state value is made of. */
function credentialsIn(value: StateValue): readonly CredentialName[] {
  if (value === 'authorization') return ['client_id', 'client_secret']
  if (value === 'fresh_refresh_token' || value === 'used_refresh_token') return ['refresh_token']
  return value === 'authorization_with_wrong_secret' ? ['client_id'] : [value]
}

/** A grant that can be asked for. */
export interface ObtainableGrant {
  readonly variant: Variant
  readonly grantType: string
}

/**
 * The grants that the credentials at hand can obtain, those aside that would use up a refresh token.
 *
 * @param offered the grants that the service under test offers; `undefined` for all
 */
export function obtainableGrants(
  service: Service,
  credentials: Credentials,
  offered?: readonly string[],
): readonly ObtainableGrant[] {
  return service.variants.flatMap((variant) => {
    const isPublic = authenticationsOf(service, variant).includes('none')
    const ofClient = isPublic ? ['client_id'] : ['client_id', 'client_secret']
    return variant.request.oneOf
      .map((grant) => ({
        grantType: grantTypeOf(variant, grant),
        needed: new Set([...grant.required.map((name) => standardNameOf(variant, name)), ...ofClient]),
      }))
      .filter(
        ({ grantType, needed }) => !needed.has('refresh_token') && offered?.includes(grantType) !== false,
      )
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
  offered?: readonly string[],
): ObtainableGrant | undefined {
  return obtainableGrants(service, credentials, offered).find(({ variant, grantType }) =>
    variant.reply.members[grantType]?.includes('refresh_token'),
  )
}
