// The exchanges of a variant, derived from its schemas: one granted per grant, and the refusals that can be provoked.
import {
  clientAuthenticationOf,
  type GrantSchema,
  grantTypeOf,
  type Rule,
  type Service,
  type StandardParameter,
  standardNameOf,
  type Variant,
  wireNameOf,
} from './service.ts'

/** Wire parameters with their values. */
export type WireParameters = Readonly<Record<string, string>>

/** `fresh`: issued just now, and never used. `used`: issued just now, and used once. */
export type RefreshTokenState = 'fresh' | 'used'

/** One request and the reply it gets. */
export interface Exchange {
  /** `<grant>` when granted, `<grant>.<fault>` when refused. Public: never renamed. */
  readonly id: string
  readonly sentence: string
  readonly grantType: string
  /** The wire name of the parameter that is wrong or missing; absent when a token is granted. */
  readonly parameter?: string
  /** The name of the service's refusal that answers; absent when a token is granted. */
  readonly refusal?: string
  /** What must hold of the refresh token that is shown, where any live one will not do. */
  readonly refreshToken?: RefreshTokenState
  /** Whether the variant's schema admits the request. */
  readonly isSchemaValid: boolean
  /** Whether a document says how the service answers; where none does, the mock answers and no contract asks. */
  readonly isDocumented: boolean
  /** Turns a request that would be granted into this exchange's. */
  readonly spoil: (parameters: WireParameters) => WireParameters
}

/** A value that no documented example, no generated fixture and no sane registration has. */
export const wrongValue = 'tokenwright-wrong-value'

/** The way in which client credentials are required; a body parameter missing here is a failed authentication. */
const credentialParameters = new Set(['client_id', 'client_secret'])

/** Every exchange of a variant, granted ones first within each grant. */
export function exchangesOf(service: Service, variant: Variant): readonly Exchange[] {
  return variant.request.oneOf.flatMap((grant) => [
    granted(variant, grant),
    ...wrongCredentials(service, variant, grant),
    ...wrongRefreshes(service, variant, grant),
    ...grant.required.map((parameter) => missing(service, variant, grant, parameter)),
    unsupportedGrantType(variant, grant),
  ])
}

function granted(variant: Variant, grant: GrantSchema): Exchange {
  const grantType = grantTypeOf(variant, grant)
  return {
    id: grantType,
    sentence: `a ${grantType} request is granted`,
    grantType,
    isSchemaValid: true,
    isDocumented: true,
    spoil: (parameters) => parameters,
  }
}

function wrongCredentials(service: Service, variant: Variant, grant: GrantSchema): readonly Exchange[] {
  const authenticates = clientAuthenticationOf(service, variant).methods.some((method) => method !== 'none')
  const requires = (parameter: StandardParameter) => grant.required.includes(wireNameOf(variant, parameter))
  const kinds: ReadonlyArray<
    [fault: string, parameter: StandardParameter, applies: boolean, refusal: string]
  > = [
    ['wrong_secret', 'client_secret', authenticates, 'invalid_client'],
    ['wrong_password', 'password', requires('password'), 'invalid_grant'],
    ['unknown_refresh_token', 'refresh_token', requires('refresh_token'), 'invalid_grant'],
  ]
  const grantType = grantTypeOf(variant, grant)
  return kinds
    .filter(([, , applies]) => applies)
    .map(([fault, parameter, , refusal]) => ({
      id: `${grantType}.${fault}`,
      sentence: `a ${grantType} request with a ${fault.replaceAll('_', ' ')} is refused`,
      grantType,
      parameter: wireNameOf(variant, parameter),
      refusal,
      isSchemaValid: true,
      isDocumented: true,
      spoil: (parameters) => ({ ...parameters, [wireNameOf(variant, parameter)]: wrongValue }),
    }))
}

/** Requests with a live client's own refresh token that no refresh is to be granted for. */
function wrongRefreshes(service: Service, variant: Variant, grant: GrantSchema): readonly Exchange[] {
  const [refreshToken, scope] = [wireNameOf(variant, 'refresh_token'), wireNameOf(variant, 'scope')]
  if (!grant.required.includes(refreshToken)) return []
  const grantType = grantTypeOf(variant, grant)
  const { refreshTokens, reuseGraceSeconds = 0, isReuseDocumented = true } = service.tokens
  const used: Exchange = {
    id: `${grantType}.used_refresh_token`,
    sentence: `a ${grantType} request with a used refresh token is refused`,
    grantType,
    parameter: refreshToken,
    refusal: 'invalid_grant',
    refreshToken: 'used',
    isSchemaValid: true,
    isDocumented: isReuseDocumented,
    spoil: (parameters) => parameters,
  }
  const widened: Exchange = {
    id: `${grantType}.widened_scope`,
    sentence: `a ${grantType} request with a scope beyond the one granted is refused`,
    grantType,
    parameter: scope,
    refusal: 'invalid_scope',
    refreshToken: 'fresh',
    isSchemaValid: true,
    isDocumented: true,
    spoil: (parameters) => ({ ...parameters, [scope]: wrongValue }),
  }
  // Within a grace a used one is still good.
  return [
    ...(refreshTokens === 'rotate' && reuseGraceSeconds === 0 ? [used] : []),
    ...(scope in grant.properties ? [widened] : []),
  ]
}

function missing(service: Service, variant: Variant, grant: GrantSchema, parameter: string): Exchange {
  const grantType = grantTypeOf(variant, grant)
  const authenticates = clientAuthenticationOf(service, variant).methods.length > 0
  const name = standardNameOf(variant, parameter)
  const isCredential = authenticates && credentialParameters.has(name)
  const rule = ruleOf(service.rules, grantType, name, 'required')
  return {
    id: `${grantType}.missing_${name}`,
    sentence: `a ${grantType} request without ${name} is refused`,
    grantType,
    parameter,
    refusal: isCredential ? 'invalid_client' : (rule?.refusal ?? 'invalid_request'),
    isSchemaValid: false,
    isDocumented: !isCredential,
    spoil: (parameters) =>
      Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== parameter)),
  }
}

function unsupportedGrantType(variant: Variant, grant: GrantSchema): Exchange {
  const grantType = grantTypeOf(variant, grant)
  return {
    id: `${grantType}.unsupported_grant_type`,
    sentence: `a ${grantType} request under an unsupported grant_type is refused`,
    grantType,
    parameter: wireNameOf(variant, 'grant_type'),
    refusal: 'unsupported_grant_type',
    isSchemaValid: false,
    isDocumented: true,
    spoil: (parameters) => ({ ...parameters, [wireNameOf(variant, 'grant_type')]: wrongValue }),
  }
}

/** The rule that a schema violation of a parameter, by its standard name, breaks, among the given ones; `undefined` when none names it. */
export function ruleOf<R extends Readonly<Record<string, Rule>>>(
  rules: R,
  grantType: string,
  parameter: string,
  keyword: string,
): (Rule & { readonly id: string }) | undefined {
  for (const [id, rule] of Object.entries(rules)) {
    const { when } = rule
    if (when?.parameter !== parameter || when.keyword !== keyword) continue
    if (when.grant_type === undefined || when.grant_type === grantType) return { id, ...rule }
  }
  return undefined
}
