// A token request apart from its bytes: what a sent one and a documented one are compared by, and bytes are made from.

import type { CredentialName, Credentials } from '../fixture/message.ts'
import { type BasicSpelling, formatBasic } from '../oauth/basic.ts'
import { encodeFormValue, formatForm } from '../oauth/form.ts'
import { foldName } from '../schema/request.ts'
import type { Outgoing } from '../verify/connection.ts'

/** A text of a request, where it was written otherwise than it would be. */
export interface Written {
  /** What would be written: once that is another, the text counts no more. */
  readonly instead: string
  readonly text: string
  /** Whether those who read it strictly read something else, or nothing. */
  readonly isIllFormed?: boolean
}

/** A name with its value; in JSON any value. */
export interface Parameter {
  readonly name: string
  readonly value: unknown
  /** Its pair in a form. */
  readonly written?: Written
  /** Ampersands before its pair, beside the one that ends the pair before. */
  readonly gap?: string
}

/** `other`: nothing that parameters can be read from. */
export type BodySyntax = 'form' | 'json' | 'multipart' | 'other'

/** What the Authorization field carries. */
export type Authorization =
  | {
      readonly scheme: string
      readonly client_id: string
      readonly client_secret: string
      readonly spelling: BasicSpelling
      /** What is between the scheme and the credentials. Default: a space. */
      readonly separator?: string
      /** The Base64 of the credentials. */
      readonly written?: Written
    }
  /** The whole value of what is no Basic. */
  | { readonly value: string }

/** How a body was written beside its parameters; good as long as its syntax is. */
export interface BodyWriting {
  readonly syntax: BodySyntax
  /** White space before the first parameter, and after the last. */
  readonly before: string
  readonly after: string
  /** Ampersands behind the last pair of a form. */
  readonly gap: string
  /** All between the white space, where parameters are not written one by one: JSON, and a body of parts. */
  readonly whole?: Written | undefined
}

/** A token request: what it says, and how that was written where it was written otherwise than usual. */
export interface TokenRequest {
  readonly method: string
  /** As sent. */
  readonly path: string
  /** Parameters of the query. */
  readonly query: readonly Parameter[]
  /** Beside the first Content-Type and Authorization, and what each connection has of its own. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly contentType: string | undefined
  readonly syntax: BodySyntax
  /** Parameters of the body, in their order, repeated ones included. */
  readonly parameters: readonly Parameter[]
  /** The text of a body in another syntax. */
  readonly body: string
  readonly authorization: Authorization | undefined
  /** Absent where the body is written as usual. */
  readonly writing?: BodyWriting | undefined
  /** The origin that it was given for; absent where it is the token endpoint's. */
  readonly origin?: string
}

/** The media types of the two syntaxes that token requests are documented in. */
export const mediaTypes = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
  multipart: 'multipart/form-data',
} as const

/** The syntax that a media type announces; a form where none is announced. */
export function syntaxOf(contentType: string | undefined): BodySyntax {
  const type = (contentType ?? mediaTypes.form).split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === mediaTypes.form) return 'form'
  if (type === mediaTypes.multipart) return 'multipart'
  return /^application\/([\w.-]+\+)?json$/.test(type) ? 'json' : 'other'
}

const boundary = 'tokenwright-boundary'

/** The same request, written as usual. */
export function tidied(request: TokenRequest): TokenRequest {
  const { writing: _writing, authorization, ...rest } = request
  const plain = ({ name, value }: Parameter): Parameter => ({ name, value })
  return {
    ...rest,
    query: rest.query.map(plain),
    parameters: rest.parameters.map(plain),
    headers: rest.headers.filter(([name]) => !isOfOneField(name)),
    authorization: authorization && tidiedAuthorization(authorization),
  }
}

/** The same value, Basic written as usual. */
export function tidiedAuthorization(authorization: Authorization): Authorization {
  if ('value' in authorization) return authorization
  const { separator: _separator, written: _written, ...rest } = authorization
  return rest
}

/** Whether a field beside the first of its name is there too often. */
export function isOfOneField(name: string): boolean {
  return /^(?:content-type|authorization)$/i.test(name)
}

/** The bytes of a request to this origin. */
export function outgoingOf(request: TokenRequest, origin: string): Outgoing {
  const { method, path, query, contentType, syntax, authorization } = request
  const search = query.length === 0 ? '' : `?${formatPairs(query)}`
  const headers: Record<string, string | string[]> = {}
  const add = (name: string, value: string) => {
    const before = headers[name.toLowerCase()]
    headers[name.toLowerCase()] = before === undefined ? value : [before, value].flat()
  }
  const isOwnBoundary = syntax === 'multipart' && wholeOf(request) === undefined
  for (const [name, value] of request.headers) if (!isOfOneField(name)) add(name, value)
  if (contentType !== undefined) add('content-type', isOwnBoundary ? withBoundary(contentType) : contentType)
  if (authorization !== undefined) add('authorization', formatAuthorization(authorization))
  for (const [name, value] of request.headers) if (isOfOneField(name)) add(name, value)
  return { url: new URL(origin + path + search), method, headers, body: Buffer.from(formatBody(request)) }
}

function withBoundary(contentType: string): string {
  return syntaxOf(contentType) === 'multipart' ? `${mediaTypes.multipart}; boundary=${boundary}` : contentType
}

/** The value of the field. */
export function formatAuthorization(authorization: Authorization): string {
  if ('value' in authorization) return authorization.value
  const { scheme, separator = ' ', written } = authorization
  const encoded = formatBasic(authorization, authorization.spelling).replace(/^Basic /, '')
  return scheme + separator + asWritten(written, encoded)
}

function asWritten(written: Written | undefined, instead: string): string {
  return written?.instead === instead ? written.text : instead
}

/** The text of the body. */
export function formatBody(request: TokenRequest): string {
  if (request.syntax === 'other') return request.body
  const { before, after, gap } = writingOf(request)
  const tail = request.syntax === 'form' ? gap : ''
  return before + (wholeOf(request) ?? formatParameters(request)) + tail + after
}

const usualWriting: Omit<BodyWriting, 'syntax'> = { before: '', after: '', gap: '' }

/** How the body is written. */
export function writingOf({ syntax, writing }: TokenRequest): Omit<BodyWriting, 'syntax'> {
  return writing?.syntax === syntax ? writing : usualWriting
}

/** The text of a body that is not written parameter by parameter, while they are what they were. */
function wholeOf(request: TokenRequest): string | undefined {
  const { whole } = writingOf(request)
  return whole?.instead === formatParameters(request) ? whole?.text : undefined
}

/** The parameters in the body's syntax. */
export function formatParameters({
  syntax,
  parameters,
}: Pick<TokenRequest, 'syntax' | 'parameters'>): string {
  if (syntax === 'form') return formatPairs(parameters)
  if (syntax === 'json') return formatJson(parameters)
  const parts = parameters.map(textPair).map(([name, value]) => {
    const quoted = name.replace(/[\r\n"]/g, encodeURIComponent)
    return `--${boundary}\r\nContent-Disposition: form-data; name="${quoted}"\r\n\r\n${value}\r\n`
  })
  return `${parts.join('')}--${boundary}--\r\n`
}

function formatPairs(parameters: readonly Parameter[]): string {
  return parameters
    .map((parameter) => (parameter.gap ?? '') + asWritten(parameter.written, formatPair(parameter)))
    .join('&')
}

/** One pair of a form, as it would be written. */
export function formatPair(parameter: Pick<Parameter, 'name' | 'value'>): string {
  return formatForm([textPair(parameter)])
}

/** Whether it was written so that those who read it strictly read something else, and still is. */
export function isIllFormed(parameter: Parameter): boolean {
  const { written } = parameter
  return written?.isIllFormed === true && written.instead === formatPair(parameter)
}

/** A name that is there twice is written twice. */
function formatJson(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return ''
  return `{${parameters.map(({ name, value }) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
}

function textPair({ name, value }: Pick<Parameter, 'name' | 'value'>): [string, string] {
  return [name, textOf(value)]
}

/** A value of JSON as a form has it. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

const credentialNames: ReadonlyMap<string, CredentialName> = new Map(
  (['client_id', 'client_secret', 'username', 'password', 'refresh_token'] as const).map((name) => [
    foldName(name),
    name,
  ]),
)

/** The credential that a parameter holds by its name, however spelled. */
export function credentialIn(name: string): CredentialName | undefined {
  return credentialNames.get(foldName(name))
}

/** The same request with some values replaced wherever they are a whole parameter. */
export function withValues(request: TokenRequest, values: ReadonlyMap<string, string>): TokenRequest {
  const replaced = (parameter: Parameter) => {
    const value = typeof parameter.value === 'string' ? values.get(parameter.value) : undefined
    return value === undefined ? parameter : { ...parameter, value }
  }
  return { ...request, query: request.query.map(replaced), parameters: request.parameters.map(replaced) }
}

/** Whether a request shows a secret or a password that is another than the given one, or may do so. */
export function isTrial(request: TokenRequest, credentials: Credentials): boolean {
  const isWrong = (parameter: Parameter) =>
    isSecret(parameter) && (parameter.value !== givenFor(parameter, credentials) || isIllFormed(parameter))
  const { parameters, query } = request
  return (
    isTrialByHeader(request, credentials) ||
    isTrialByText(request, credentials) ||
    endsInSecret(request) ||
    [...parameters, ...query].some(isWrong)
  )
}

function givenFor({ name }: Parameter, credentials: Credentials): string | undefined {
  const credential = credentialIn(name)
  return credential && credentials[credential]
}

function isSecret({ name }: Parameter): boolean {
  return ['client_secret', 'password'].includes(credentialIn(name) ?? '')
}

/** Whether white space after the body may be read as a part of a secret. */
export function endsInSecret(request: TokenRequest): boolean {
  const last = request.parameters.at(-1)
  return request.syntax === 'form' && writingOf(request).after !== '' && last !== undefined && isSecret(last)
}

function isTrialByHeader({ authorization, headers }: TokenRequest, { client_secret }: Credentials): boolean {
  // A Basic that is none of id and secret may be a secret alone; one that is there beside another was not looked into.
  if (headers.some(([name, value]) => /^authorization$/i.test(name) && /^basic\b/i.test(value))) return true
  if (authorization === undefined) return false
  return 'scheme' in authorization
    ? authorization.client_secret !== client_secret
    : /^basic\b/i.test(authorization.value)
}

/** In a body that cannot be read, a secret or a password shows by its name; the given one is taken to be meant. */
function isTrialByText({ syntax, body }: TokenRequest, { client_secret, password }: Credentials): boolean {
  if (syntax !== 'other' || !/secret|passw|pwd/i.test(body)) return false
  return ![client_secret, password].some(
    (given) => given !== undefined && [given, encodeFormValue(given)].some((text) => body.includes(text)),
  )
}
