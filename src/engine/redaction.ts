// What the journal may keep of a request: names that are documented, and values that are no secret. Everything else is masked.
import { decodeFormValue } from '../oauth/form.ts'
import type { HttpRequest } from '../oauth/message.ts'
import { httpMethods } from '../oauth/words.ts'
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
  'transfer-encoding',
  'user-agent',
  'x-moov-version',
])
/** Header fields whose names alone are kept; a name of no document may be a secret, as in `hunter2: x`. */
const namedHeaders: ReadonlySet<string> = new Set([
  'access-control-request-headers',
  'access-control-request-method',
  'api-key',
  'apikey',
  'cache-control',
  'content-encoding',
  'content-language',
  'cookie',
  'date',
  'dnt',
  'dpop',
  'forwarded',
  'from',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'keep-alive',
  'last-event-id',
  'pragma',
  'priority',
  'proxy-authorization',
  'range',
  'referer',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'te',
  'traceparent',
  'tracestate',
  'upgrade',
  'upgrade-insecure-requests',
  'via',
  'x-access-token',
  'x-api-key',
  'x-auth-token',
  'x-client-id',
  'x-client-secret',
  'x-correlation-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-request-id',
  'x-requested-with',
])
/** Media types that clients really send; a boundary or another parameter is masked with the rest. */
const plainContentType =
  /^(application\/(x-www-form-urlencoded|json)|text\/plain|multipart\/form-data)(\s*;\s*charset="?(utf-?8|us-ascii|iso-8859-1)"?)?$/i
const schemes: ReadonlySet<string> = new Set(['basic', 'bearer', 'digest', 'dpop'])

/** Parameters whose place is never the URL. @see RFC 6749 §2.3.1, RFC 6750 §2.3 */
export const secretParameters: ReadonlySet<string> = new Set([
  'access_token',
  'actor_token',
  'api_key',
  'assertion',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'id_token',
  'password',
  'refresh_token',
  'subject_token',
  'token',
])

/** Names of parameters in OAuth and its family, for requests to endpoints that document fewer. */
const commonNames: ReadonlySet<string> = new Set([
  ...secretParameters,
  'audience',
  'client_assertion_type',
  'client_id',
  'grant_type',
  'redirect_uri',
  'resource',
  'scope',
  'token_type_hint',
  'username',
])

/** The header fields of a request, with the scheme of an Authorization field and the values of plain ones. */
export function redactHeaders({ headers }: HttpRequest): Readonly<Record<string, string>> {
  const redacted: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined) continue
    if (plainHeaders.has(name)) redacted[name] = String(value)
    else if (name === 'content-type' || name === 'authorization') redacted[name] = redactHeader(name, value)
    else redacted[namedHeaders.has(name) ? name : undocumentedName] = mask
  }
  return redacted
}

function redactHeader(name: 'content-type' | 'authorization', value: string | string[]): string {
  if (name === 'content-type') return plainContentType.test(String(value)) ? String(value) : mask
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

/**
 * The names of the parameters in a query, each once: documented ones under their standard names, common ones under
 * their common spelling, however they were spelled.
 */
export function redactQuery(
  query: string,
  documented: ReadonlySet<string>,
  standardNames: ReadonlyMap<string, string>,
): readonly string[] {
  const names = new Set<string>()
  for (const pair of query.split('&')) {
    const name = decodeFormValue(pair.split('=', 1)[0] ?? '') ?? ''
    const known = standardNames.get(name) ?? commonByLetters.get(lettersOf(name))
    if (pair !== '') names.add(known ?? (documented.has(name) ? name : undocumentedName))
  }
  return [...names]
}

const commonByLetters: ReadonlyMap<string, string> = new Map(
  [...commonNames].map((name) => [lettersOf(name), name]),
)

/** `client_secret`, `clientSecret` and `Client-Secret` are one name. */
function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '')
}

/** Parts of paths that clients take for those of a token service. */
const commonParts: ReadonlySet<string> = new Set([
  '',
  '.well-known',
  'api',
  'auth',
  'authorize',
  'connect',
  'favicon.ico',
  'introspect',
  'jwks',
  'oauth',
  'oauth2',
  'openid-configuration',
  'protocol',
  'realms',
  'revoke',
  'token',
  'tokens',
  'userinfo',
  'v1',
  'v2',
  'v3',
])
const mostParts = 16

/** A path that no endpoint has: what is no part of a known path is masked, as it may be a secret. */
export function redactPath(path: string, known: ReadonlySet<string>): string {
  const parts = path.split('/', mostParts + 1)
  if (parts.length > mostParts) return `/${mask}`
  return parts.map((part) => (known.has(part) || commonParts.has(part) ? part : mask)).join('/')
}

/** A method, where it is one of HTTP's own. */
export function redactMethod(method: string): string {
  return httpMethods.has(method) ? method : mask
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
