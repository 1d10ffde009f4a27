// What in a request may be a secret: all but what is known to be none. A value is known by its look, not by its name alone: who
// writes a line end where an ampersand should be has the secret in the value of grant_type.

import type { Credentials } from '../fixture/message.ts'
import { formatBase64, parseBase64 } from '../oauth/base64.ts'
import { decodeFormValue } from '../oauth/form.ts'
import { parseJson } from '../oauth/json.ts'
import { foldName } from '../schema/request.ts'
import {
  type Authorization,
  credentialIn,
  type Parameter,
  type TokenRequest,
  textOf,
} from './token-request.ts'

/** Words of a protocol, of letters alone or as a URN; `"client_credentials"` and `CLIENT_CREDENTIALS` are mistakes to be shown. */
const isWord = (text: string) => /^(["']?)(?:[a-z_-]{1,40}|urn:[\w:.-]{1,100})\1$/i.test(text)
const isScope = (text: string) =>
  text
    .split(/[ ,]+/)
    .every((scope) => /^[\w./:*#-]{0,100}$/.test(scope) && (isPlainUrl(scope) || !/:\/\//.test(scope)))
/** Without a user, a query or a fragment, any of which may hold what is secret. */
const isPlainUrl = (text: string) => /^[a-z][a-z0-9+.-]*:\/\/[\w.:-]+(?:\/[\w./-]*)?$/i.test(text)
const isName = (text: string) => isPlainUrl(text) || /^(?:urn:)?[a-z][\w:.-]{0,80}$/i.test(text)

/** Parameters whose values are words of a protocol or of an API as long as they look so. */
const plainParameters: ReadonlyMap<string, (text: string) => boolean> = new Map(
  (
    [
      [isWord, ['grant_type', 'response_type', 'client_assertion_type', 'token_type_hint']],
      [isWord, ['requested_token_type', 'subject_token_type', 'actor_token_type']],
      [(text) => /^(?:plain|S256)$/i.test(text), ['code_challenge_method']],
      [isScope, ['scope', 'scopes']],
      [isName, ['audience', 'resource', 'realm']],
      [isPlainUrl, ['redirect_uri']],
    ] as ReadonlyArray<readonly [(text: string) => boolean, readonly string[]]>
  ).flatMap(([isPlain, names]) => names.map((name) => [foldName(name), isPlain] as const)),
)

/** Whether what a parameter holds may be shown. */
export function isPlain({ name, value }: Parameter): boolean {
  const isPlainValue = plainParameters.get(foldName(name))
  return isPlainValue !== undefined && leavesOf(value).every((text) => text === '' || isPlainValue(text))
}

/** Whether parameters are known by this name: it is no secret itself. */
export function isKnownName(name: string): boolean {
  return credentialIn(name) !== undefined || knownWords.has(foldName(name))
}

/** Whether a path has nothing in it but what paths to token endpoints have. */
export function isKnownPath(path: string): boolean {
  return path.split('/').every(isKnownSegment)
}

/** Whether header fields are known by this name. */
export function isKnownField(name: string): boolean {
  return commonFields.test(name) || plainFields.some(([field]) => field.test(name))
}

/** Whether a field has one of the values that say nothing of who asks. */
export function isPlainField(name: string, value: string): boolean {
  return plainFields.some(([field, plain]) => field.test(name) && plain.test(value))
}

const commonFields =
  /^(?:authorization|content-type|content-length|cookie|host|origin|referer|user-agent|x-api-key)$/i

/** Words that are a secret nowhere: to hide them would hide the words of an answer. */
const knownWords: ReadonlySet<string> = new Set(
  [
    ...['true', 'false', 'null', 'http', 'https', 'basic', 'bearer', 'authorization', 'content_type'],
    ...['client_id', 'client_secret', 'username', 'refresh_token', 'access_token', 'id_token', 'code'],
    ...['client_credentials', 'password', 'authorization_code', 'implicit', 'assertion', 'client_assertion'],
    ...['token', 'tokens', 'oauth', 'oauth2', 'client', 'request', 'grant'],
    ...['subject_token', 'actor_token', 'code_verifier', 'state', 'nonce', 'secret', 'device_code'],
    ...['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'],
    ...plainParameters.keys(),
  ].map(foldName),
)

/** Segments of paths to token endpoints. */
const knownSegments: ReadonlySet<string> = new Set(
  [
    ...['api', 'apis', 'app', 'apps', 'as', 'auth', 'authentication', 'authn', 'authorize', 'authz', 'cb'],
    ...['callback', 'callbacks', 'clients', 'common', 'connect', 'consumers', 'default', 'grant'],
    ...['identity', 'idp', 'idtoken', 'issue', 'login', 'oauth', 'oauth2', 'oidc', 'op', 'openid', 'sts'],
    ...['openid-connect', 'organizations', 'partner', 'protocol', 'public', 'realms', 'rest', 'service'],
    ...['services', 'session', 'sessions', 'signin', 'sso', 'tenant', 'token', 'tokens', 'token.oauth2'],
    ...['access_token', 'access-token', 'accesstoken', 'user', 'users'],
  ].map(foldName),
)

/** Fields of a header that say nothing of who asks, as long as they look so. */
const plainFields: ReadonlyArray<readonly [name: RegExp, value: RegExp]> = [
  [
    /^accept$/i,
    /^\s*(?:[\w*.+-]+\/[\w*.+-]+(?:\s*;\s*(?:q|v|version|charset)=[\w.-]{1,8})*\s*(?:,\s*|$))*$/i,
  ],
  [/^(?:accept|content)-language$/i, /^(?:(?:\*|[a-z]{2,3}(?:-[a-z0-9]{2,4})?)(?:;q=[\d.]+)?(?:,\s*|$))*$/i],
  [/^(?:accept|content)-encoding$/i, /^(?:(?:\*|gzip|deflate|br|zstd|identity)(?:;q=[\d.]+)?(?:,\s*|$))*$/i],
  [/^accept-charset$/i, /^(?:utf-8|\*|iso-8859-1)$/i],
  [/^(?:cache-control|pragma)$/i, /^(?:(?:no-cache|no-store|no-transform|max-age=\d{1,9})(?:,\s*|$))*$/i],
  [/^(?:dnt|sec-gpc|upgrade-insecure-requests)$/i, /^\d$/],
  [/^priority$/i, /^(?:u=\d)?(?:,?\s*i)?$/],
  [/^sec-fetch-/i, /^(?:\?1|cors|no-cors|navigate|same-origin|same-site|cross-site|none|empty|document)$/],
  [/^x-moov-version$/i, /^(?:latest|v?\d{4}\.\d{2}\.\d{2})$/i],
]

/** Everything in a request that may be a secret; of the path, all that the endpoint's own has not. */
export function secretsIn(request: TokenRequest, { pathname }: Pick<URL, 'pathname'>): readonly string[] {
  const { query, parameters, headers, authorization, body, contentType } = request
  const found = [
    ...[...query, ...parameters].flatMap(secretsOfName),
    ...[...query, ...parameters].flatMap(secretsOfParameter),
    ...headers.flatMap(([name, value]) => secretsOfField(name, value)),
    ...secretsOfPath(request.path, pathname),
    ...secretsOfContentType(contentType),
    ...secretsOfBody(body),
    ...secretsOfAuthorization(authorization),
  ]
  return [...new Set(found)].filter((secret) => secret !== '')
}

/** A secret with an equals sign in it, or without, is read as a name. */
function secretsOfName({ name, value }: Parameter): readonly string[] {
  if (isKnownName(name)) return []
  const text = textOf(value)
  if (isOddName(name)) return [...piecesOf(name), ...spellingsOf(`${name}=${text}`)]
  return /^=*$/.test(text) ? piecesOf(name) : []
}

/** Of other characters than names have, or of no words: words are of letters, with a number behind them at most. */
function isOddName(name: string): boolean {
  const words = name.replace(/([a-z])(?=[A-Z])/g, '$1-').split(/[-_$@.:[\]]+/)
  return !words.every((word) => /^(?:[a-z]{1,20}\d{0,3}|\d{0,3})$/i.test(word))
}

/** Parts of the given credentials, which a form has for pairs of its own where nobody encoded them; and in other capitals. */
export function partsOfCredentials(credentials: Credentials): readonly string[] {
  const { client_id: _id, ...secrets } = credentials
  return Object.values(secrets).flatMap((secret) => [
    secret.toLowerCase(),
    secret.toUpperCase(),
    ...secret.split(/[&=+%;,\s]+/).filter(isLong),
  ])
}

function secretsOfParameter(parameter: Parameter): readonly string[] {
  const { name, value } = parameter
  if (isPlain(parameter)) return []
  const leaves = leavesOf(value)
  if (credentialIn(name) !== undefined) return leaves
  return [
    ...secretsWithin(value),
    ...leaves.flatMap((text) => [...(isLong(text) ? [text] : []), ...(isOpaque(text) ? [] : piecesOf(text))]),
  ]
}

/** Of JSON within JSON: names that none are, and what stands under the names of credentials, at any length. */
function secretsWithin(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => [
    ...(Array.isArray(value) || !isOddName(name) ? [] : [name]),
    ...(credentialIn(name) === undefined ? [] : leavesOf(item)),
    ...secretsWithin(item),
  ])
}

/** Of such characters alone a text is one piece. */
function isOpaque(text: string): boolean {
  return /^[\w.~+/-]*$/.test(text)
}

function secretsOfField(name: string, value: string): readonly string[] {
  return [
    ...(isKnownField(name) || !isOddName(name) ? [] : [name, name.toLowerCase()]),
    ...secretsOfValue(name, value),
  ]
}

function secretsOfValue(name: string, value: string): readonly string[] {
  if (/^user-agent$/i.test(name)) return value.split(/[\s();,]+/).filter(isOddProduct)
  if (/^(?:origin|referer)$/i.test(name) && URL.canParse(value)) return secretsOfUrl(value)
  const [, isPlainValue] = plainFields.find(([field]) => field.test(name)) ?? []
  if (isPlainValue?.test(value) === true || !isLong(value)) return []
  const words = value.split(/[\s,]+/)
  return [value, ...piecesOf(value), ...words.flatMap(decodedPieces)]
}

/** Of Base64: the text that it is of, and what is around its colon. */
function decodedPieces(word: string): readonly string[] {
  const decoded = word.length < 8 ? undefined : parseBase64(word)
  if (decoded === undefined || !/^[\x20-\x7e]+$/.test(decoded)) return []
  return [decoded, ...piecesOf(decoded), ...decoded.split(':').filter(isLong)]
}

/** Neither a product with its version, nor what browsers say of the machine. */
function isOddProduct(word: string): boolean {
  return (
    isLong(word) &&
    !/^[a-z][a-z.-]{0,30}\/v?\d{1,4}(?:\.\d{1,5}){0,4}$/i.test(word) &&
    !machineWords.test(word)
  )
}

const machineWords =
  /^(?:like|linux|windows|macintosh|intel|khtml|gecko|mobile|compatible|android|iphone|ipad|ubuntu|x86_64|win64|darwin|node|[\d._]{1,12}|rv:[\d.]{1,8})$/i

/** Its user, its query, its fragment, and segments of its path that no one knows. */
function secretsOfUrl(text: string): readonly string[] {
  const { username, password, pathname, search, hash } = new URL(text)
  return [
    ...[username, password].flatMap(spellingsOf),
    ...[search, hash].flatMap((part) => piecesOf(part.slice(1))),
    ...secretsOfPath(pathname, ''),
  ]
}

function secretsOfPath(path: string, ownPath: string): readonly string[] {
  const own = new Set(ownPath.split('/'))
  return path
    .split('/')
    .filter((segment) => !own.has(segment))
    .flatMap((segment) => segment.split(';'))
    .filter((segment) => !isKnownSegment(segment) && !own.has(segment))
    .flatMap(piecesOf)
}

function isKnownSegment(segment: string): boolean {
  return /^(?:v?\d{1,2}(?:\.\d{1,2})?)?$/.test(segment) || knownSegments.has(foldName(segment))
}

function secretsOfContentType(contentType: string | undefined): readonly string[] {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim())
  const isType = /^(?:application|text|multipart|image|audio|message)\/[\w.+-]{1,80}$/i.test(type)
  return [
    ...(isType ? [] : piecesOf(type)),
    ...parameters
      .filter(
        (part) =>
          !/^(?:charset="?(?:utf-?8|utf-16(?:le|be)?|us-ascii|iso-8859-\d{1,2}|windows-125\d)"?|version="?[\d.]+"?)?$/i.test(
            part,
          ),
      )
      .flatMap(piecesOf),
  ]
}

/** Of a body that could not be read: all of it, each value in it where it is JSON, and whatever stands in it for itself. */
function secretsOfBody(body: string): readonly string[] {
  if (body === '') return []
  const value = parseJson(body)
  const leaves = typeof value === 'object' && value !== null ? leavesOf(value).filter(isLong) : []
  const decoded = parseBase64(body.trim())
  return [
    body,
    ...leaves,
    ...piecesOf(body),
    ...(decoded === undefined ? [] : [decoded, ...piecesOf(decoded)]),
  ]
}

function secretsOfAuthorization(authorization: Authorization | undefined): readonly string[] {
  if (authorization === undefined) return []
  if ('value' in authorization) {
    const words = authorization.value.split(/[\s,]+/).slice(1)
    const decoded = words.flatMap((word) => parseBase64(word) ?? [])
    return [authorization.value, ...words, ...decoded, ...[...words, ...decoded].flatMap(piecesOf)]
  }
  const { client_id, client_secret } = authorization
  const decoded = [client_id, client_secret].flatMap((part) => decodeFormValue(part) ?? [])
  const pair = `${client_id}:${client_secret}`
  return [client_id, client_secret, pair, ...decoded, formatBase64(pair)]
}

/** What a text of several has in it: its words, and of each pair the value; of a credential by its name, at any length. */
function piecesOf(text: string): readonly string[] {
  // The end of an element of XML is no path.
  const words = text.replaceAll('</', '<').split(/[\s;&,?{}[\]<>"'\\]+/)
  return [...new Set(words.slice(0, mostWords).flatMap(pieceOf))].filter((piece) => piece !== '')
}

/** Of a text without an end; what is longer is still known as a whole. */
const mostWords = 20_000

function pieceOf(word: string): readonly string[] {
  if (/^https?:\/\//i.test(word) && URL.canParse(word)) return secretsOfUrl(word)
  const [, name, value] = /^([^=:]*)[=:](.+)$/.exec(word) ?? []
  const whole = isLong(word) && !isKnownName(word) && !isWordOfProtocol(word) ? spellingsOf(word) : []
  if (name === undefined || value === undefined) return whole
  const values = credentialIn(name) !== undefined || isLong(value) ? spellingsOf(value) : []
  return [...(isKnownName(name) ? [] : whole), ...values.filter((each) => !isKnownName(each))]
}

function isWordOfProtocol(word: string): boolean {
  return /^urn:ietf:params:oauth:[\w:.-]+$/.test(word)
}

/** As it stands, and as whoever reads it decodes it. */
function spellingsOf(text: string): readonly string[] {
  const decoded = decodeFormValue(text)
  return decoded === undefined || decoded === text ? [text] : [text, decoded]
}

/** A shorter text is no secret, and is found in every other text. */
function isLong(text: string): boolean {
  return text.length >= 4 && !knownWords.has(foldName(text))
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [textOf(value)]
  return Object.values(value).flatMap(leavesOf)
}
