// A token request as a line of curl that shows no credential: a variable of the shell stands for each value that may be one.
import type { Credentials } from '../fixture/message.ts'
import { formatForm } from '../oauth/form.ts'
import { httpMethods } from '../oauth/words.ts'
import { type CurlRequest, type CurlValue, credentialVariables, curlLine } from '../verify/curl.ts'
import type { Redactor } from '../verify/redactor.ts'
import { isKnownField, isKnownName, isKnownPath, isPlain, isPlainField } from './request-secrets.ts'
import { freshClientAssertion, freshRefreshToken } from './token-asking.ts'
import {
  type Authorization,
  credentialIn,
  formatAuthorization,
  formatBody,
  isIllFormed,
  isOfOneField,
  type Parameter,
  type TokenRequest,
  textOf,
  tidiedAuthorization,
  writingOf,
} from './token-request.ts'

/** What a line is written with. */
export interface LineOptions {
  readonly origin: string
  readonly credentials: Credentials
  readonly redactor: Redactor
  /** Whether the body is shown as it is, masked, in any case. Default: only where it has to be. */
  readonly isRaw?: boolean
}

/**
 * The request as a line of curl. What came with it is redacted part by part, and what curl and the protocol call things is
 * not: a secret such as `secret` is in the name of every one.
 */
export function requestLineOf(request: TokenRequest, options: LineOptions): string {
  const { origin, redactor } = options
  const { method, path, query, syntax, authorization } = request
  const search = query.length === 0 ? '' : `?${formatForm(query.map((each) => shownPair(each, redactor)))}`
  const isBasic = authorization !== undefined && 'scheme' in authorization && isUsual(authorization)
  const body = shownBody(request, options)
  return curlLine({
    method: httpMethods.has(method) ? method : redactor.redact(method),
    url: origin + (isKnownPath(path) ? path : redactor.redact(path)) + search,
    ...shownFields(request, isBasic, redactor),
    parameters: shownParameters(request, options),
    ...(body === undefined ? syntax !== 'other' && { syntax } : { body }),
    ...(isBasic && {
      basic: {
        client_id: shownValue({ name: 'client_id', value: authorization.client_id }, options),
        client_secret: shownValue({ name: 'client_secret', value: authorization.client_secret }, options),
        spelling: authorization.spelling,
      },
    }),
  })
}

/** Whether curl writes the same from an id and a secret. */
function isUsual(basic: Extract<Authorization, { readonly scheme: string }>): boolean {
  return (
    basic.scheme === 'Basic' && formatAuthorization(tidiedAuthorization(basic)) === formatAuthorization(basic)
  )
}

/** Fields, each of them as often as it was sent: curl takes a name in other capitals for the same. */
function shownFields(
  { headers, contentType = '', authorization }: TokenRequest,
  isBasic: boolean,
  redactor: Redactor,
): Pick<CurlRequest, 'headers' | 'contentType'> {
  const own = authorization === undefined || isBasic ? [] : [formatAuthorization(authorization)]
  const further = headers.filter(([name]) => isOfOneField(name))
  const fields = [
    ...headers.filter(([name]) => !isOfOneField(name)),
    ...own.map((value) => ['Authorization', maskedScheme(value)] as const),
    ...further.map(([name, value]) => [name, /^a/i.test(name) ? maskedScheme(value) : value] as const),
  ]
  const shown: Record<string, string> = {}
  for (const [name, value] of fields) {
    const safe = isKnownField(name) ? name : redactor.redact(name)
    const spellings = [safe, safe.toLowerCase(), safe.toUpperCase()]
    const free = spellings.find((each) => !Object.hasOwn(shown, each)) ?? safe
    shown[free] = isPlainField(name, value) ? value : redactor.redact(value)
  }
  // With a field of its own beside it, curl does not say of itself what a form is.
  const isFurtherType = further.some(([name]) => /^content-type$/i.test(name))
  const type = isKnownName(contentType) ? contentType : redactor.redact(contentType)
  return { headers: shown, contentType: isFurtherType ? `${type} ` : type }
}

/** The body as it is, masked, where no flag of curl for single parameters would write it so. */
function shownBody(request: TokenRequest, { redactor, isRaw = false }: LineOptions): string | undefined {
  if (request.syntax === 'other') return '****'
  const { before, after, gap } = writingOf(request)
  const isOdd =
    isRaw ||
    before + after + gap !== '' ||
    request.parameters.some((parameter) => parameter.gap !== undefined || isIllFormed(parameter))
  if (!isOdd || request.syntax === 'multipart') return undefined
  const masked = (parameter: Parameter) => ({
    ...parameter,
    name: shownName(parameter.name, redactor),
    value: isPlain(parameter) && !isIllFormed(parameter) ? shownLiteral(parameter.value, redactor) : '****',
  })
  return formatBody({ ...request, parameters: request.parameters.map(masked) })
}

function maskedScheme(value: string): string {
  const [, scheme, separator] = /^(basic|bearer|digest|dpop|hmac|negotiate|token)(\s+)/i.exec(value) ?? []
  return scheme === undefined ? '****' : `${scheme}${separator}****`
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
  if (isPlain({ name, value }) || typeof value === 'boolean' || value === null)
    return { literal: shownLiteral(value, redactor) }
  // What is in JSON within JSON, or is a number, may be a secret as well as a text may.
  if (typeof value !== 'string') return { literal: '****' }
  const variable = shownName(name, redactor)
    .replace(/[^A-Za-z0-9*]+/g, '_')
    .toUpperCase()
  return /^[A-Z_][A-Z0-9_]*$/.test(variable) ? { variable } : { literal: '****' }
}
