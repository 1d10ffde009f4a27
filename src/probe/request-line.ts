// A token request as a line of curl that shows no credential: a variable of the shell stands for each value that may be one.
import type { Credentials } from '../fixture/message.ts'
import { formatForm } from '../oauth/form.ts'
import { type CurlValue, credentialVariables, curlLine } from '../verify/curl.ts'
import type { Redactor } from '../verify/redactor.ts'
import { isPlain } from './request-secrets.ts'
import { freshClientAssertion, freshRefreshToken } from './token-asking.ts'
import { credentialIn, type Parameter, type TokenRequest, textOf } from './token-request.ts'

/** What a line is written with. */
export interface LineOptions {
  readonly origin: string
  readonly credentials: Credentials
  readonly redactor: Redactor
}

/** The request as a line of curl, redacted. */
export function requestLineOf(request: TokenRequest, options: LineOptions): string {
  const { origin, credentials, redactor } = options
  const { method, path, query, headers, contentType = '', syntax, parameters, authorization } = request
  const search = query.length === 0 ? '' : `?${formatForm(query.map(shownPair))}`
  const isBasic = authorization !== undefined && 'scheme' in authorization
  const line = curlLine({
    method,
    url: origin + path + search,
    headers: {
      ...Object.fromEntries(headers),
      ...(authorization !== undefined && !isBasic && { Authorization: maskedScheme(authorization.value) }),
    },
    parameters: shownParameters(parameters, credentials),
    contentType,
    ...(syntax === 'other' ? { body: '****' } : { syntax }),
    ...(isBasic && {
      basic: {
        client_id: shownValue({ name: 'client_id', value: authorization.client_id }, credentials),
        client_secret: shownValue({ name: 'client_secret', value: authorization.client_secret }, credentials),
        spelling: authorization.spelling,
      },
    }),
  })
  return redactor.redact(line)
}

function maskedScheme(value: string): string {
  const [scheme = ''] = value.split(/\s/)
  return /^[A-Za-z]{1,20}$/.test(scheme) ? `${scheme} ****` : '****'
}

function shownPair(parameter: Parameter): [string, string] {
  return [parameter.name, isPlain(parameter) ? textOf(parameter.value) : '****']
}

function shownParameters(
  parameters: readonly Parameter[],
  credentials: Credentials,
): Readonly<Record<string, CurlValue>> {
  const groups = Map.groupBy(parameters, ({ name }) => name)
  return Object.fromEntries(
    [...groups].map(([name, [first, ...others]]): [string, CurlValue] => {
      if (first === undefined || others.length === 0)
        return [name, shownValue(first ?? { name, value: '' }, credentials)]
      const values = [first, ...others].map((each) => (isPlain(each) ? textOf(each.value) : '****'))
      return [name, { literal: values }]
    }),
  )
}

/** A credential that is not the given one has a variable of its own: what was sent is not lost among what should be. */
function shownValue({ name, value }: Parameter, credentials: Credentials): CurlValue {
  const credential = credentialIn(name)
  if (credential !== undefined) {
    const variable = credentialVariables[credential]
    const isGiven = value === credentials[credential] || value === freshRefreshToken
    return { variable: isGiven ? variable : `SENT_${variable}` }
  }
  if (value === freshClientAssertion) return { variable: 'CLIENT_ASSERTION' }
  if (isPlain({ name, value }) || typeof value !== 'string') return { literal: value }
  const variable = name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()
  return /^[A-Z_][A-Z0-9_]*$/.test(variable) ? { variable } : { literal: '****' }
}
