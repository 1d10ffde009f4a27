// A token request apart from its bytes: what a sent one and a documented one are compared by, and bytes are made from.

import type { CredentialName, Credentials } from '../fixture/message.ts'
import { parseBase64 } from '../oauth/base64.ts'
import { type BasicSpelling, formatBasic, parseBasic } from '../oauth/basic.ts'
import { encodeFormValue, type FormPairs, formatForm, parseForm } from '../oauth/form.ts'
import { parseJson } from '../oauth/json.ts'
import { foldName } from '../schema/request.ts'
import type { Outgoing } from '../verify/connection.ts'

/** A name with its value; in JSON any value. */
export interface Parameter {
  readonly name: string
  readonly value: unknown
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
    }
  /** The whole value of what is no Basic. */
  | { readonly value: string }

/** A token request. */
export interface TokenRequest {
  readonly method: string
  /** As sent. */
  readonly path: string
  /** Parameters of the query. */
  readonly query: readonly Parameter[]
  /** Beside Content-Type and Authorization, and what each connection has of its own. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly contentType: string | undefined
  readonly syntax: BodySyntax
  /** Parameters of the body, in their order, repeated ones included. */
  readonly parameters: readonly Parameter[]
  /** The text of a body in another syntax. */
  readonly body: string
  readonly authorization: Authorization | undefined
}

/** The media types of the two syntaxes that token requests are documented in. */
export const mediaTypes = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
  multipart: 'multipart/form-data',
} as const

/** A request as it was sent. */
export interface SentRequest {
  readonly method: string
  readonly url: URL
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string
  /** Parts of a multipart body, where they are known. */
  readonly parts?: readonly Parameter[]
}

/** Fields that belong to a connection, and cookies, which belong to a host: none of them is sent again. */
const ofConnection =
  /^(?::.*|host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|proxy-.*|cookie)$/i

/** Reads a request; what cannot be read of its body stays as it is. */
export function tokenRequestOf({ method, url, headers, body, parts }: SentRequest): TokenRequest {
  const field = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1].trim()
  const [contentType, authorization] = [field('content-type'), field('authorization')]
  return {
    method: method.toUpperCase(),
    path: url.pathname,
    query: [...url.searchParams].map(([name, value]) => ({ name, value })),
    headers: headers.filter(
      ([name]) => !ofConnection.test(name) && !/^(content-type|authorization)$/i.test(name),
    ),
    contentType,
    ...readBody(contentType, body, parts),
    authorization: authorization === undefined ? undefined : readAuthorization(authorization),
  }
}

type Body = Pick<TokenRequest, 'syntax' | 'parameters' | 'body'>

function readBody(
  contentType: string | undefined,
  body: string,
  parts: readonly Parameter[] | undefined,
): Body {
  if (parts !== undefined) return { syntax: 'multipart', parameters: parts, body: '' }
  const declared = syntaxOf(contentType)
  if (body.trim() === '') return { syntax: declared, parameters: [], body: '' }
  // Whatever the header says: a body that begins like an object is no form.
  const members = /^\s*\{/.test(body) ? membersIn(body) : undefined
  if (members !== undefined) return { syntax: 'json', parameters: members, body: '' }
  const pairs = declared === 'multipart' ? undefined : formIn(body.trim())
  if (pairs === undefined) return { syntax: 'other', parameters: [], body }
  return { syntax: 'form', parameters: pairs.map(([name, value]) => ({ name, value })), body: '' }
}

/** What only looks like a form, such as Base64 with its padding, would be sent otherwise than it was. */
function formIn(text: string): FormPairs | undefined {
  const pairs = text.includes('=') ? parseForm(text) : undefined
  if (pairs?.length === 1 && text.length % 4 === 0 && /^[\w+/-]{7,}={1,2}$/.test(text) && !isNamed(pairs))
    return undefined
  const isSound = ([name, value]: readonly [string, string]) =>
    /^[\w@$.:[\]-]{1,100}$/.test(name) && !/^=+$/.test(value)
  return pairs?.every(isSound) ? pairs : undefined
}

/** Whether a name has what names alone have. */
function isNamed(pairs: FormPairs): boolean {
  return pairs.some(([name]) => credentialIn(name) !== undefined || /^[a-z]+(?:_[a-z]+)*$/.test(name))
}

function membersIn(text: string): readonly Parameter[] | undefined {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).map(([name, item]) => ({ name, value: item }))
}

/** The syntax that a media type announces; a form where none is announced. */
export function syntaxOf(contentType: string | undefined): BodySyntax {
  const type = (contentType ?? mediaTypes.form).split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === mediaTypes.form) return 'form'
  if (type === mediaTypes.multipart) return 'multipart'
  return /^application\/([\w.-]+\+)?json$/.test(type) ? 'json' : 'other'
}

function readAuthorization(value: string): Authorization {
  const [, scheme = '', encoded = ''] = /^(basic)\s+(\S+)$/i.exec(value) ?? []
  const raw = parseBasic(encoded, 'raw')
  if (raw === undefined) return { value }
  // Both spellings give the same bytes for most credentials; where they do not, an escape shows which it was.
  const text = parseBase64(encoded) ?? ''
  const decoded = /%[0-9a-f]{2}/i.test(text) ? parseBasic(encoded, 'form') : undefined
  const isForm = decoded !== undefined && isWrittenAs(text, formatBasic(decoded, 'form'))
  return isForm ? { scheme, ...decoded, spelling: 'form' } : { scheme, ...raw, spelling: 'raw' }
}

/** Whether it would be sent as it was: an escape of what nobody escapes is a part of the secret. */
function isWrittenAs(text: string, written: string): boolean {
  const inCapitals = (all: string) => all.replace(/%[0-9a-f]{2}/gi, (each) => each.toUpperCase())
  return inCapitals(parseBase64(written.replace(/^Basic /, '')) ?? '') === inCapitals(text)
}

const boundary = 'tokenwright-boundary'

/** The bytes of a request to this origin. */
export function outgoingOf(request: TokenRequest, origin: string): Outgoing {
  const { method, path, query, contentType, syntax, authorization } = request
  const search = query.length === 0 ? '' : `?${formatForm(query.map(textPair))}`
  const headers: Record<string, string | string[]> = {}
  const add = (name: string, value: string) => {
    const before = headers[name.toLowerCase()]
    headers[name.toLowerCase()] = before === undefined ? value : [before, value].flat()
  }
  for (const [name, value] of request.headers) add(name, value)
  if (contentType !== undefined)
    add('content-type', syntax === 'multipart' ? withBoundary(contentType) : contentType)
  if (authorization !== undefined) add('authorization', formatAuthorization(authorization))
  return { url: new URL(origin + path + search), method, headers, body: Buffer.from(formatBody(request)) }
}

function withBoundary(contentType: string): string {
  return syntaxOf(contentType) === 'multipart' ? `${mediaTypes.multipart}; boundary=${boundary}` : contentType
}

/** The value of the field. */
export function formatAuthorization(authorization: Authorization): string {
  if ('value' in authorization) return authorization.value
  return formatBasic(authorization, authorization.spelling).replace('Basic', authorization.scheme)
}

function formatBody({ syntax, parameters, body }: TokenRequest): string {
  if (syntax === 'form') return formatForm(parameters.map(textPair))
  if (syntax === 'json') return formatJson(parameters)
  if (syntax === 'other') return body
  const parts = parameters.map(textPair).map(([name, value]) => {
    const quoted = name.replace(/[\r\n"]/g, encodeURIComponent)
    return `--${boundary}\r\nContent-Disposition: form-data; name="${quoted}"\r\n\r\n${value}\r\n`
  })
  return `${parts.join('')}--${boundary}--\r\n`
}

/** A name that is there twice is written twice. */
function formatJson(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return ''
  return `{${parameters.map(({ name, value }) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
}

function textPair({ name, value }: Parameter): [string, string] {
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
  const isWrong = (name: CredentialName | undefined, value: unknown) =>
    (name === 'client_secret' || name === 'password') && value !== credentials[name]
  const { parameters, query } = request
  return (
    isTrialByHeader(request, credentials) ||
    isTrialByText(request, credentials) ||
    [...parameters, ...query].some(({ name, value }) => isWrong(credentialIn(name), value))
  )
}

function isTrialByHeader({ authorization }: TokenRequest, { client_secret }: Credentials): boolean {
  if (authorization === undefined) return false
  // A Basic that is none of id and secret may be a secret alone.
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
