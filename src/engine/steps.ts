// The token endpoint as named steps, in the order in which the RFC's errors exclude each other.
import { isScopeWithin } from '../oauth/scope.ts'
import { formatViolation } from '../schema/request.ts'
import { ruleOf } from '../service/exchanges.ts'
import { rules } from '../service/rules.ts'
import { standardNameOf } from '../service/service.ts'
import type { Attempt, Step } from './attempt.ts'
import { toStandardNames } from './body.ts'
import { requireClientAuthentication } from './client-authentication.ts'
import * as clientCredentials from './grants/client_credentials.ts'
import * as password from './grants/password.ts'
import * as refreshToken from './grants/refresh_token.ts'
import { requireRegisteredOrigin } from './origins.ts'
import type { Refused } from './refused.ts'

/** Steps of a token request, once its body has been read. */
export const tokenSteps: readonly Step[] = [
  requireDocumentedHeaders,
  requireClientAuthentication,
  ({ desk, client, request }) => requireRegisteredOrigin(desk.service, client, request),
  requireGrantType,
  requireSupportedGrantType,
  requireAuthorizedClient,
  requireDocumentedParameters,
  requireRegisteredScope,
  requireGrant,
]

/** Steps of a request about a token. @see RFC 7009 §2.1, RFC 7662 §2.1 */
export const tokenTakingSteps: readonly Step[] = [
  requireDocumentedHeaders,
  requireClientAuthentication,
  requireSupportedGrantType,
  requireDocumentedParameters,
]

const grantRules: Readonly<Record<string, Step>> = {
  client_credentials: clientCredentials.requireGrant,
  password: password.requireGrant,
  refresh_token: refreshToken.requireGrant,
}

function requireDocumentedHeaders({ desk, request }: Attempt): Refused | undefined {
  for (const { id, name, pattern } of desk.headerRules) {
    const value = request.headers[name]
    if (value !== undefined && !pattern.test(String(value)))
      return { rule: id, detail: `"${name}": expected a value matching ${pattern.source}, received another` }
  }
  return undefined
}

function requireGrantType(attempt: Attempt): Refused | undefined {
  const grantType = attempt.parameters.grant_type
  if (grantType === undefined) {
    const detail = `"grant_type": expected ${listOf(attempt.open.grantTypes)}, received nothing`
    return { rule: 'rfc6749-5.2-grant-type-required', detail, parameter: 'grant_type' }
  }
  if (typeof grantType !== 'string') {
    const detail = '"grant_type": expected a string, received another JSON value'
    return { rule: 'documented-parameters', detail, parameter: 'grant_type' }
  }
  attempt.grantType = grantType
  return undefined
}

function requireSupportedGrantType(attempt: Attempt): Refused | undefined {
  const grant = attempt.form.grants.get(attempt.grantType)
  if (grant === undefined) {
    const detail = `"grant_type": expected ${listOf(attempt.open.grantTypes)}, received another value`
    return { rule: 'rfc6749-5.2-unsupported-grant-type', detail, parameter: 'grant_type' }
  }
  attempt.grant = grant
  // The document's own string: what was sent would keep the whole body alive in the journal.
  attempt.grantType = grant.grantType
  return undefined
}

function requireAuthorizedClient({ client, grantType }: Attempt): Refused | undefined {
  const allowed = client?.grant_types
  if (allowed === undefined || allowed.includes(grantType)) return undefined
  const detail = `expected one of the client's grant_types, received ${grantType}`
  return { rule: 'rfc6749-5.2-unauthorized-client', detail, parameter: 'grant_type' }
}

function requireDocumentedParameters(attempt: Attempt): Refused | undefined {
  const { grant, sent, grantType, desk, form } = attempt
  const documented: Record<string, unknown> = {}
  for (const name of grant?.parameters ?? []) {
    if (sent[name] !== undefined) documented[name] = sent[name]
  }
  const [violation] = grant?.validate(documented) ?? []
  if (violation !== undefined) {
    const { parameter, keyword } = violation
    const name = form.variant === undefined ? parameter : standardNameOf(form.variant, parameter)
    const rule =
      ruleOf(desk.service.rules, grantType, name, keyword) ?? ruleOf(rules, grantType, name, keyword)
    return { rule: rule?.id ?? 'documented-parameters', detail: formatViolation(violation), parameter }
  }
  attempt.accepted = toStandardNames(documented as Record<string, string>, form.wireNames)
  return undefined
}

function requireRegisteredScope(attempt: Attempt): Refused | undefined {
  const registered = attempt.client?.scope
  const requested = attempt.accepted.scope
  if (registered !== undefined && requested !== undefined && !isScopeWithin(requested, registered)) {
    const detail = 'expected scopes that the client is registered for, received another one'
    return { rule: 'rfc6749-3.3-scope-registered', detail, parameter: 'scope' }
  }
  attempt.scope = requested ?? registered ?? ''
  return undefined
}

function requireGrant(attempt: Attempt): Refused | undefined {
  return grantRules[attempt.grantType]?.(attempt)
}

function listOf(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ')
}
