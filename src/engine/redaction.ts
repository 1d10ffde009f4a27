// What the journal may keep of a request: names that are documented, and values that are no secret. Everything else is masked.
import type { HttpRequest } from '../oauth/message.ts'
import type { Parameters } from './body.ts'

/** What stands for a value that is not kept. */
export const mask = '****'

/** What stands for a name that no document knows: it may be a secret in the wrong place. */
export const undocumentedName = '(undocumented)'

/** Header fields whose values are kept; of any other the name alone is. */
const plainHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'expect',
  'host',
  'origin',
  'prefer',
  'transfer-encoding',
  'user-agent',
  'x-moov-version',
])
/** Media types that clients really send; a boundary or another parameter is masked with the rest. */
const plainContentType =
  /^(application\/(x-www-form-urlencoded|json)|text\/plain|multipart\/form-data)(\s*;\s*charset=[\w-]{1,20})?$/i
const schemes: ReadonlySet<string> = new Set(['basic', 'bearer', 'digest', 'dpop'])

/** Names of parameters in OAuth and its family, for requests to endpoints that document fewer. */
const commonNames: ReadonlySet<string> = new Set([
  'access_token',
  'assertion',
  'audience',
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code',
  'code_verifier',
  'grant_type',
  'password',
  'redirect_uri',
  'refresh_token',
  'resource',
  'scope',
  'token',
  'token_type_hint',
  'username',
])

/** Parameters whose place is never the URL. @see RFC 6749 §2.3.1, RFC 6750 §2.3 */
export const secretParameters: ReadonlySet<string> = new Set([
  'access_token',
  'assertion',
  'client_assertion',
  'client_secret',
  'ClientSecret',
  'password',
  'refresh_token',
  'token',
])

/** The header fields of a request, with the scheme of an Authorization field and the values of plain ones. */
export function redactHeaders({ headers }: HttpRequest): Readonly<Record<string, string>> {
  const redacted: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) redacted[name] = redactHeader(name, value)
  }
  return redacted
}

function redactHeader(name: string, value: string | string[]): string {
  if (plainHeaders.has(name)) return String(value)
  if (name === 'content-type') return plainContentType.test(String(value)) ? String(value) : mask
  if (name !== 'authorization') return mask
  const scheme = String(value).trimStart().split(/\s/, 1)[0] ?? ''
  return schemes.has(scheme.toLowerCase()) ? `${scheme} ${mask}` : mask
}

/** A parameter whose value is kept. */
export interface ShownParameter {
  readonly name: string
  readonly value: string
}

/** The parameters of a body, without their values but for the one that is shown. */
export function redactParameters(
  parameters: Parameters,
  documented: ReadonlySet<string>,
  shown: ShownParameter | undefined,
): Readonly<Record<string, string>> {
  const redacted: Record<string, string> = {}
  for (const name in parameters) {
    if (name === shown?.name) redacted[name] = shown.value
    else redacted[documented.has(name) || commonNames.has(name) ? name : undocumentedName] = mask
  }
  return redacted
}

/** The names of the parameters in a query. */
export function redactQuery(query: string, documented: ReadonlySet<string>): readonly string[] {
  const names = query.split('&', 100).map((pair) => pair.split('=', 1)[0] ?? '')
  return names.map((name) => (documented.has(name) || commonNames.has(name) ? name : undocumentedName))
}

/** Members of replies whose values are kept: the service's own words and numbers. */
const plainMembers: ReadonlySet<string> = new Set([
  'active',
  'client_id',
  'code',
  'error',
  'exp',
  'expires_in',
  'iat',
  'issuer',
  'message',
  'refresh_expires_in',
  'token_type',
])

/** The members of a reply: tokens, and whatever else came from a client or a registration, are masked. */
export function redactMembers(
  members: Readonly<Record<string, unknown>>,
  isScopeShown: boolean,
): Readonly<Record<string, unknown>> {
  const redacted: Record<string, unknown> = {}
  for (const name in members) {
    const isPlain = plainMembers.has(name) || (name === 'scope' && isScopeShown)
    redacted[name] = isPlain ? members[name] : mask
  }
  return redacted
}
