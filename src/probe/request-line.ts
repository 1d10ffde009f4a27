// A token request as a line of curl that shows no credential: a variable of the shell stands for each value that may be one.
import type { Credentials } from '../fixture/message.ts'
import { formatForm } from '../oauth/form.ts'
import { type CurlValue, credentialVariables, curlLine } from '../verify/curl.ts'
import type { Redactor } from '../verify/redactor.ts'
import { isKnownField, isKnownName, isKnownPath, isPlain } from './request-secrets.ts'
import { freshClientAssertion, freshRefreshToken } from './token-asking.ts'
import { credentialIn, type Parameter, type TokenRequest, textOf } from './token-request.ts'

/** What a line is written with. */
export interface LineOptions {
  readonly origin: string
  readonly credentials: Credentials
  readonly redactor: Redactor
}

/**
 * The request as a line of curl. What came with it is redacted part by part, and what curl and the protocol call things is
 * not: a secret such as `secret` is in the name of every one.
 */
export function requestLineOf(request: TokenRequest, options: LineOptions): string {
  const { origin, redactor } = options
  const { method, path, query, headers, contentType = '', syntax, authorization } = request
  const search = query.length === 0 ? '' : `?${formatForm(query.map((each) => shownPair(each, redactor)))}`
  const isBasic = authorization !== undefined && 'scheme' in authorization
  const redact = (text: string) => redactor.redact(text)
  return curlLine({
    method: knownMethods.has(method) ? method : redact(method),
    url: origin + (isKnownPath(path) ? path : redact(path)) + search,
    headers: {
      ...Object.fromEntries(
        headers.map(([name, value]) => [isKnownField(name) ? name : redact(name), redact(value)]),
      ),
      ...(authorization !== undefined && !isBasic && { Authorization: maskedScheme(authorization.value) }),
    },
    parameters: shownParameters(request, options),
    contentType: isKnownName(contentType) ? contentType : redact(contentType),
    ...(syntax === 'other' ? { body: '****' } : { syntax }),
    ...(isBasic && {
      basic: {
        client_id: shownValue({ name: 'client_id', value: authorization.client_id }, options),
        client_secret: shownValue({ name: 'client_secret', value: authorization.client_secret }, options),
        spelling: authorization.spelling,
      },
    }),
  })
}

const knownMethods: ReadonlySet<string> = new Set([
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
])

function maskedScheme(value: string): string {
  const [scheme = ''] = value.split(/\s/)
  return /^[A-Za-z]{1,20}$/.test(scheme) ? `${scheme} ****` : '****'
}

function shownName(name: string, redactor: Redactor): string {
  return isKnownName(name) ? name : redactor.redact(name)
}

/** What may be shown, but for a secret in it that is no word of the protocol. */
function shownLiteral(value: unknown, redactor: Redactor): unknown {
  return typeof value === 'string' && isKnownName(value) ? value : redactor.redactDeep(value)
}

function shownPair(parameter: Parameter, redactor: Redactor): [string, string] {
  const value = isPlain(parameter) ? textOf(shownLiteral(parameter.value, redactor)) : '****'
  return [shownName(parameter.name, redactor), value]
}

function shownParameters(
  { parameters }: TokenRequest,
  options: LineOptions,
): Readonly<Record<string, CurlValue>> {
  const { redactor } = options
  const groups = Map.groupBy(parameters, ({ name }) => name)
  return Object.fromEntries(
    [...groups].map(([name, [first, ...others]]): [string, CurlValue] => {
      const shown = shownName(name, redactor)
      if (first === undefined || others.length === 0)
        return [shown, shownValue(first ?? { name, value: '' }, options)]
      return [shown, { literal: [first, ...others].map((each) => shownPair(each, redactor)[1]) }]
    }),
  )
}

/** A credential that is not the given one has a variable of its own: what was sent is not lost among what should be. */
function shownValue({ name, value }: Parameter, { credentials, redactor }: LineOptions): CurlValue {
  const credential = credentialIn(name)
  if (credential !== undefined) {
    const variable = credentialVariables[credential]
    const isGiven = value === credentials[credential] || value === freshRefreshToken
    return { variable: isGiven ? variable : `SENT_${variable}` }
  }
  if (value === freshClientAssertion) return { variable: 'CLIENT_ASSERTION' }
  if (isPlain({ name, value }) || typeof value !== 'string') return { literal: shownLiteral(value, redactor) }
  const variable = shownName(name, redactor)
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
  return /^[A-Z_][A-Z0-9_]*$/.test(variable) ? { variable } : { literal: '****' }
}
