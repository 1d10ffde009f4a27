// From a rule's request and what the run has to the message that is sent: a pure function of the two.
import type { Credentials } from '../fixture/message.ts'
import { formatBase64 } from '../oauth/base64.ts'
import type { BasicSpelling } from '../oauth/basic.ts'
import { encodeFormValue, formatForm } from '../oauth/form.ts'
import type { ProbeAssertion, ProbeAuthentication, ProbeProof, ProbeRequest } from './rule.ts'

/** A client with its secret. */
export type ClientPair = Readonly<Required<Pick<Credentials, 'client_id' | 'client_secret'>>>

/** The grants that a probe can ask for. */
export type ProbeGrant = 'client_credentials' | 'password' | 'refresh_token'

/** How the service is asked so that it grants. */
export interface Way {
  readonly grant: ProbeGrant
  readonly authentication: ProbeAuthentication
  readonly contentType: 'application/x-www-form-urlencoded' | 'application/json'
  /** Whether it grants nothing without a scope. */
  readonly isScoped: boolean
  /** How id and secret are written before Base64. */
  readonly basicSpelling: BasicSpelling
}

/** How a service refuses a grant that nobody has. */
export interface UnknownGrant {
  readonly status: number
  /** Of the body, if it has one. */
  readonly error: unknown
}

/** What requests are made of, the whole run long. */
export interface Setting {
  /** The token endpoint. */
  readonly url: URL
  readonly introspectionUrl?: URL | undefined
  readonly revocationUrl?: URL | undefined
  readonly metadataUrl?: URL | undefined
  /** The metadata document; empty where there is none. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** That belongs to the place of the metadata. @see RFC 8414 §3.3 */
  readonly issuer?: string | undefined
  readonly credentials: Credentials
  readonly other?: ClientPair | undefined
  readonly scope?: string | undefined
  readonly unknownGrant?: UnknownGrant | undefined
  /** What every request for a token has beside the usual. */
  readonly parameters: Readonly<Record<string, string>>
  readonly way: Way
  /** By grant, whether a base of that name has the scope; default: as the way has it. */
  readonly scopedGrants?: Readonly<Partial<Record<ProbeGrant, boolean>>> | undefined
}

/** What one request is made of beside that. */
export interface Values {
  readonly refresh_token?: string | undefined
  readonly access_token?: string | undefined
  /** The members of replies by the names under which they were kept. */
  readonly kept: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** `undefined` where there is no key. */
  readonly assertionOf: (difference: ProbeAssertion) => string | undefined
  readonly proofOf: (difference: ProbeProof) => string | undefined
}

/** How what is not sent as it is gets written: for the wire, or for people. */
export interface Spelling {
  readonly basic: (text: string) => string
  readonly percentEncoded: (text: string) => string
  readonly formEncoded: (text: string) => string
  /** How many bytes a text has. */
  readonly length: (text: string, radix: 10 | 16) => string
}

/** A message to the service. */
export interface BuiltRequest {
  readonly url: URL
  readonly method: string
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string
  /** In place of all that, over a socket. */
  readonly raw?: string
  /** Without TLS, over a socket. */
  readonly isPlain: boolean
  readonly isTrial: boolean
}

/** A value that nobody has: no client, no token, no secret. The same in each run, so that two runs can be compared. */
export const wrong = 'no-such-tokenwright-probe-value'

const nobody = { client_id: wrong, client_secret: wrong, username: wrong, password: wrong }

/** As it goes over the wire. */
export const wireSpelling: Spelling = {
  basic: formatBase64,
  percentEncoded: (text) =>
    [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  formEncoded: encodeFormValue,
  length: (text, radix) => text.length.toString(radix),
}

const form = 'application/x-www-form-urlencoded'
const placeholder = /\{([a-z_]+(?:\.[a-z_]+)?)\}/g

/** The message of a request, or the name of the value that the run does not have for it. */
export function buildRequest(
  request: ProbeRequest,
  setting: Setting,
  values: Values,
  spelling: Spelling = wireSpelling,
): BuiltRequest | { readonly missing: string } {
  // Whoever listens on the way reads what is sent without TLS.
  const seen = request.isPlain ? { ...setting, credentials: nobody, other: undefined } : setting
  const draft = { request, setting: seen, values, spelling }
  try {
    return build(draft)
  } catch (error) {
    if (error instanceof Missing) return { missing: error.message }
    throw error
  }
}

/** A pattern of a reply, with what its placeholders stand for taken as it is. */
export function filledPattern(
  request: ProbeRequest,
  setting: Setting,
  values: Values,
  pattern: string,
): string {
  return filled({ request, setting, values, spelling: wireSpelling }, pattern, (text) =>
    text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'),
  )
}

/** The placeholders of fresh tokens that a request has. */
export function freshTokensOf(
  request: ProbeRequest,
  { way }: Setting,
): ReadonlyArray<'access_token' | 'refresh_token'> {
  const { base } = request
  const grant = base === 'token' ? way.grant : base
  const { parameters } = request
  const implied = {
    access_token: base === 'introspection' || base === 'revocation',
    refresh_token: grant === 'refresh_token',
  }
  const isOwn = (name: string) => parameters !== undefined && Object.hasOwn(parameters, name)
  const hasForm = (text = '{form}') => /\{(form|json)\}/.test(text)
  const usesBase = hasForm(request.body) && hasForm(request.raw)
  const written = JSON.stringify([
    request.parameters,
    request.query,
    request.headers,
    request.body,
    request.raw,
  ])
  return (['access_token', 'refresh_token'] as const).filter((name) => {
    const parameter = name === 'access_token' ? 'token' : name
    return written.includes(`{${name}}`) || (implied[name] && usesBase && !isOwn(parameter))
  })
}

class Missing extends Error {}

interface Draft {
  readonly request: ProbeRequest
  readonly setting: Setting
  readonly values: Values
  readonly spelling: Spelling
}

type Parameters = Map<string, readonly string[]>

function build(draft: Draft): BuiltRequest {
  const { request, setting } = draft
  const endpoint = endpointOf(draft)
  const isRead = request.base === 'metadata'
  const contentType = request.contentType === undefined ? setting.way.contentType : request.contentType
  const parameters = parametersOf(draft)
  const moved = (request.movedToQuery ?? []).flatMap((name) => pairsOf(parameters, name))
  for (const name of request.movedToQuery ?? []) parameters.delete(name)
  const body = bodyOf(draft, parameters, contentType)
  const url = withQuery(endpoint, [
    ...moved,
    ...Object.entries(request.query ?? {}).map(([name, value]) => [name, filled(draft, value)] as const),
  ])
  const headers = headersOf(draft, body === '' && request.body === undefined ? null : contentType)
  const message = {
    url,
    method: request.method ?? (isRead ? 'GET' : 'POST'),
    headers,
    body,
    isTrial: isTrialOf(request),
    isPlain: request.isPlain === true,
  }
  if (request.raw !== undefined) return { ...message, raw: rawOf(draft, message) }
  return message.isPlain ? { ...message, raw: bytesOf(message) } : message
}

/** The same as bytes, where no agent of Node.js sends them. */
function bytesOf({ url, method, headers, body }: Omit<BuiltRequest, 'raw' | 'isTrial'>): string {
  const length = Buffer.byteLength(body)
  const lines = [...headers, ['Content-Length', String(length)] as const].map(
    ([name, value]) => `${name}: ${value}`,
  )
  const head = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: close',
    ...lines,
  ]
  return `${head.join('\r\n')}\r\n\r\n${Buffer.from(body).toString('latin1')}`
}

/** The account of whose secret or password a wrong one is shown, which services count; `undefined` where it is of none. */
export function accountGuessedAt({
  authentication = 'none',
  parameters = {},
}: ProbeRequest): 'client' | 'user' | undefined {
  const isWrong = (name: string) => [parameters[name]].flat().includes('{wrong}')
  const isOwn = (name: string) => !Object.hasOwn(parameters, name)
  if (/^wrong_secret|^secret_of_another|^empty_secret/.test(authentication)) return 'client'
  if (isWrong('client_secret') && isOwn('client_id')) return 'client'
  return isWrong('password') && isOwn('username') ? 'user' : undefined
}

/** Whether a request shows something wrong, so that it comes later than its turn and is followed by a right one. */
export function isTrialOf(request: ProbeRequest): boolean {
  return request.isTrial === true || accountGuessedAt(request) !== undefined
}

function endpointOf({ request: { base }, setting }: Draft): URL {
  if (base === 'introspection') return setting.introspectionUrl ?? missing('introspection endpoint')
  if (base === 'revocation') return setting.revocationUrl ?? missing('revocation endpoint')
  if (base === 'metadata') return setting.metadataUrl ?? missing('metadata document')
  return setting.url
}

function missing(name: string): never {
  throw new Missing(name)
}

/** What the base sends, what shows the client, and then what the request says otherwise. */
function parametersOf(draft: Draft): Parameters {
  const { request } = draft
  const parameters: Parameters = new Map()
  const own = request.parameters ?? {}
  for (const [name, template] of Object.entries({
    ...baseParameters(draft),
    ...authenticationOf(draft).body,
  }))
    if (!Object.hasOwn(own, name)) parameters.set(name, [filled(draft, template)])
    else if (own[name] !== null) parameters.set(name, [])
  for (const [name, value] of Object.entries(own)) {
    if (value === null) continue
    parameters.set(
      filled(draft, name),
      [value].flat().map((each) => filled(draft, each)),
    )
  }
  return parameters
}

function baseParameters({ request: { base }, setting }: Draft): Readonly<Record<string, string>> {
  if (base === 'metadata') return {}
  if (base === 'introspection' || base === 'revocation') return { token: '{access_token}' }
  const { way, parameters, scopedGrants = {} } = setting
  const grant = base === 'token' ? way.grant : base
  const isScoped = base === 'token' ? way.isScoped : (scopedGrants[base] ?? way.isScoped)
  return {
    grant_type: grant,
    ...grantParameters[grant],
    ...(isScoped && { scope: '{scope}' }),
    ...parameters,
  }
}

const grantParameters: Readonly<Record<ProbeGrant, Readonly<Record<string, string>>>> = {
  client_credentials: {},
  password: { username: '{username}', password: '{password}' },
  refresh_token: { refresh_token: '{refresh_token}' },
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const post = { client_id: '{client_id}', client_secret: '{client_secret}' }

interface Shown {
  readonly body?: Readonly<Record<string, string>>
  /** What follows `Basic `. */
  readonly basic?: string
}

/** Those that have the way of the base, and its secret aside. */
type InWayOfBase = 'secret_of_another' | 'wrong_secret' | 'other_client'

const authentications: Readonly<Record<Exclude<ProbeAuthentication, InWayOfBase>, Shown>> = {
  client_secret_basic: { basic: '{basic}' },
  client_secret_post: { body: post },
  private_key_jwt: { body: { client_assertion_type: '{assertion_type}', client_assertion: '{assertion}' } },
  both: { body: post, basic: '{basic}' },
  none: {},
  client_id: { body: { client_id: '{client_id}' } },
  wrong_secret_basic: { basic: '{wrong_basic}' },
  wrong_secret_post: { body: { ...post, client_secret: '{wrong}' } },
  empty_secret_basic: { basic: '{empty_basic}' },
  unknown_client_basic: { basic: '{unknown_basic}' },
  unknown_client_post: { body: { client_id: '{wrong}', client_secret: '{wrong}' } },
  form_encoded_basic: { basic: '{form_basic}' },
  escaped_basic: { basic: '{escaped_basic}' },
}

const inWayOfBase: Readonly<Record<InWayOfBase, Readonly<Record<'basic' | 'post', Shown>>>> = {
  secret_of_another: {
    basic: { basic: '{mixed_basic}' },
    post: { body: { ...post, client_secret: '{other_client_secret}' } },
  },
  wrong_secret: {
    basic: authentications.wrong_secret_basic,
    post: authentications.wrong_secret_post,
  },
  other_client: {
    basic: { basic: '{other_basic}' },
    post: { body: { client_id: '{other_client_id}', client_secret: '{other_client_secret}' } },
  },
}

function authenticationOf({ request, setting: { way } }: Draft): Shown {
  // The documents are public.
  if (request.base === 'metadata') return request.authentication ? byName(request.authentication, way) : {}
  return byName(request.authentication ?? way.authentication, way)
}

function byName(name: ProbeAuthentication, way: Way): Shown {
  const own = inWayOfBase[name as InWayOfBase]
  if (own === undefined) return authentications[name as Exclude<ProbeAuthentication, InWayOfBase>]
  return way.authentication === 'client_secret_post' ? own.post : own.basic
}

const verbatim = (text: string) => text

/** A text with what its placeholders stand for. */
function filled(draft: Draft, text: string, encode: (value: string) => string = verbatim): string {
  return text.replace(placeholder, (whole, name: string) => {
    const plain = plainValues[name]?.(draft)
    if (plain !== undefined) return plain
    if (name.includes('.')) return encode(keptValue(draft, name))
    const value = values[name]
    return value === undefined ? whole : encode(value(draft) ?? missing(name))
  })
}

function keptValue({ values: { kept } }: Draft, name: string): string {
  const [of = '', member = ''] = name.split('.')
  const value = kept[of]?.[member]
  return value === undefined ? missing(name) : String(value)
}

const values: Readonly<Record<string, (draft: Draft) => string | undefined>> = {
  client_id: ({ setting }) => setting.credentials.client_id,
  client_secret: ({ setting }) => setting.credentials.client_secret,
  username: ({ setting }) => setting.credentials.username,
  password: ({ setting }) => setting.credentials.password,
  scope: ({ setting }) => setting.scope,
  other_client_id: ({ setting }) => setting.other?.client_id,
  other_client_secret: ({ setting }) => setting.other?.client_secret,
  refresh_token: ({ values }) => values.refresh_token,
  access_token: ({ values }) => values.access_token,
  wrong: () => wrong,
  grant_type: (draft) => grantOf(draft),
  upper_grant_type: (draft) => grantOf(draft)?.toUpperCase(),
  swapped_scope: ({ setting }) => setting.scope && swapped(setting.scope),
  reversed_scope: ({ setting }) => setting.scope?.split(' ').reverse().join(' '),
  tabbed_scope: ({ setting }) => setting.scope && tabbed(setting.scope),
  issuer: ({ setting }) => setting.issuer,
  assertion: ({ request, values }) => values.assertionOf(request.assertion ?? {}),
  assertion_type: ({ request }) => request.assertion?.type ?? jwtBearer,
}

function grantOf({ request: { base }, setting: { way } }: Draft): string | undefined {
  if (base === 'token') return way.grant
  return Object.hasOwn(grantParameters, base) ? base : undefined
}

function tabbed(scope: string): string {
  const [first = '', ...rest] = scope.split(' ')
  return [first, ...(rest.length === 0 ? [first] : rest)].join('\t')
}

function swapped(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
}

/** What is in its last form already. */
const plainValues: Readonly<Record<string, (draft: Draft) => string | undefined>> = {
  basic: (draft) => basicOf(draft, values.client_id?.(draft), values.client_secret?.(draft)),
  wrong_basic: (draft) => basicOf(draft, values.client_id?.(draft), wrong),
  empty_basic: (draft) => basicOf(draft, values.client_id?.(draft), ''),
  unknown_basic: (draft) => basicOf(draft, wrong, wrong),
  mixed_basic: (draft) => basicOf(draft, values.client_id?.(draft), draft.setting.other?.client_secret),
  other_basic: (draft) => basicOf(draft, draft.setting.other?.client_id, draft.setting.other?.client_secret),
  form_basic: (draft) => {
    const { client_id, client_secret } = pairOf(draft)
    const { formEncoded, basic } = draft.spelling
    return basic(`${formEncoded(client_id)}:${formEncoded(client_secret)}`)
  },
  escaped_basic: (draft) => {
    const { client_id, client_secret } = pairOf(draft)
    const { percentEncoded, basic } = draft.spelling
    return basic(`${percentEncoded(client_id)}:${percentEncoded(client_secret)}`)
  },
  path: (draft) => {
    const { pathname, search } = endpointOf(draft)
    return pathname + search
  },
  host: (draft) => endpointOf(draft).host,
  origin: (draft) => endpointOf(draft).origin,
  form: (draft) => formText(parametersOf(draft)),
  json: (draft) => jsonText(parametersOf(draft)),
  length: (draft) => draft.spelling.length(formText(parametersOf(draft)), 10),
  hex_length: (draft) => draft.spelling.length(formText(parametersOf(draft)), 16),
  scope_plus: ({ setting }) => encodeFormValue(setting.scope ?? missing('scope')),
  scope_percent: ({ setting }) => encodeFormValue(setting.scope ?? missing('scope')).replaceAll('+', '%20'),
}

function pairOf({ setting: { credentials } }: Draft): ClientPair {
  const { client_id = missing('client_id'), client_secret = missing('client_secret') } = credentials
  return { client_id, client_secret }
}

/** @see RFC 6749 §2.3.1 */
function basicOf(
  { spelling, setting: { way } }: Draft,
  id: string | undefined,
  secret: string | undefined,
): string {
  if (id === undefined) return missing('client_id')
  if (secret === undefined) return missing('client_secret')
  const write = way.basicSpelling === 'form' ? spelling.formEncoded : verbatim
  return spelling.basic(`${write(id)}:${write(secret)}`)
}

function pairsOf(parameters: Parameters, name: string): ReadonlyArray<readonly [string, string]> {
  return (parameters.get(name) ?? []).map((value) => [name, value] as const)
}

function formText(parameters: Parameters): string {
  return formatForm([...parameters.keys()].flatMap((name) => pairsOf(parameters, name)))
}

function bodyOf(draft: Draft, parameters: Parameters, contentType: string | null): string {
  const { request, spelling } = draft
  const isJson = /\bjson\b/i.test(contentType ?? '')
  const isForm = contentType === null || contentType.toLowerCase().startsWith(form)
  if (request.body !== undefined) {
    const encode = isForm ? spelling.formEncoded : verbatim
    return filled(draft, request.body, isJson ? (value) => JSON.stringify(value).slice(1, -1) : encode)
  }
  return isJson && parameters.size > 0 ? jsonText(parameters) : formText(parameters)
}

/** Written by hand, as a parameter that is sent several times is a member that is there several times. */
function jsonText(parameters: Parameters): string {
  const members = [...parameters.keys()].flatMap((name) =>
    pairsOf(parameters, name).map((pair) => pair.map((each) => JSON.stringify(each)).join(':')),
  )
  return `{${members.join(',')}}`
}

function withQuery(endpoint: URL, pairs: ReadonlyArray<readonly [string, string]>): URL {
  if (pairs.length === 0) return endpoint
  const url = new URL(endpoint)
  url.search = [url.search.slice(1), formatForm(pairs)].filter((part) => part !== '').join('&')
  return url
}

type Fields = ReadonlyArray<readonly [name: string, value: string]>

function headersOf(draft: Draft, contentType: string | null): Fields {
  const { request } = draft
  const own = Object.entries(request.headers ?? {})
  const names = new Set(own.map(([name]) => name.toLowerCase()))
  const { basic } = authenticationOf(draft)
  const usual: Fields = [
    ['Accept', 'application/json'],
    ['User-Agent', 'tokenwright'],
    ...(contentType === null ? [] : [['Content-Type', contentType] as const]),
    ...(basic === undefined ? [] : [['Authorization', `Basic ${filled(draft, basic)}`] as const]),
    ...(request.proof === undefined ? [] : [['DPoP', proofOf(draft)] as const]),
  ]
  return [
    ...usual.filter(([name]) => !names.has(name.toLowerCase())),
    ...own.flatMap(([name, value]) => [value].flat().map((each) => [name, filled(draft, each)] as const)),
  ]
}

function proofOf({ request, values }: Draft): string {
  return values.proofOf(request.proof ?? {}) ?? missing('proof')
}

/** Form-encoded values, as the body of most such requests is a form. */
function rawOf(draft: Draft, { headers }: Pick<BuiltRequest, 'headers'>): string {
  const { request, spelling } = draft
  const authorization = headers
    .filter(([name]) => name === 'Authorization')
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  return filled(draft, request.raw ?? '', spelling.formEncoded).replaceAll('{authorization}', authorization)
}
