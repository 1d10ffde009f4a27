// A request that fails, as someone has it at hand: the text of an HTTP message, an entry of a HAR file, or a line of curl.
import type { Credentials } from '../fixture/message.ts'
import { decodeFormValue, formatForm } from '../oauth/form.ts'
import { parseJson } from '../oauth/json.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Redactor } from '../verify/redactor.ts'
import { parseCurl } from './curl-command.ts'
import { type SentRequest, tokenRequestOf } from './given-request.ts'
import { isPlain, partsOfCredentials, secretsIn } from './request-secrets.ts'
import { isIllFormed, type Parameter, type TokenRequest } from './token-request.ts'

/** A request, and where it was found. */
export interface RequestSource {
  readonly kind: 'http' | 'har' | 'curl'
  readonly text: string
  /** The name of the file, for messages. */
  readonly where: string
  /** Which entry of a HAR file, from 1. Default: the only one that goes to a token endpoint. */
  readonly entry?: number | undefined
}

/** Longest text that is read, in characters. */
const longest = 33_554_432

/**
 * Reads a failing request; the redactor learns whatever may be a secret in it before anything else is done.
 *
 * @param url the token endpoint, to whose origin alone the request will go
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID`
 */
export function readFailingRequest(
  source: RequestSource,
  url: URL,
  { redactor, credentials }: { readonly redactor: Redactor; readonly credentials: Credentials },
): TokenRequest {
  const { kind, text, where } = source
  if (text.length > longest) throw invalid(where, `at most ${longest} characters`, 'more')
  const read: Readonly<Record<RequestSource['kind'], () => SentRequest>> = {
    http: () => parseHttp(text, url, where),
    har: () => parseHar(source, url),
    curl: () => parseCurl(text, credentials, where),
  }
  const sent = requireSendable(read[kind](), where)
  const { origin } = sent.url
  const request = { ...tokenRequestOf(sent), ...(origin !== url.origin && { origin }) }
  const secrets = [...secretsIn(request, url), ...brokenValuesIn(request), ...partsOfCredentials(credentials)]
  for (const secret of secrets) redactor.add(secret)
  return request
}

/** A value that was not encoded is read in pieces, and its pluses as spaces. */
function brokenValuesIn({ parameters }: TokenRequest): readonly string[] {
  const values = parameters.filter((parameter) => isIllFormed(parameter) && !isPlain(parameter))
  const pieces = values.flatMap(({ value }) => String(value).split('&'))
  return pieces.flatMap((piece) => [piece, piece.replaceAll('+', ' ')]).filter((piece) => piece.length >= 4)
}

/** Names and methods of other characters would be refused by Node.js, or be another request than the one that was meant. */
function requireSendable(request: SentRequest, where: string): SentRequest {
  const { method, headers } = request
  if (!/^[A-Za-z]{1,20}$/.test(method)) throw invalid(where, 'a method such as POST', 'another word')
  const isSound = ([name, value]: readonly [string, string]) =>
    /^:?[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
  if (!headers.every(isSound)) throw invalid(where, 'header fields of HTTP', 'one with other characters')
  return request
}

function parseHttp(text: string, url: URL, where: string): SentRequest {
  const message = text.replace(/^(?:\ufeff|\s)+/, '')
  const [, head = '', body = ''] = /^([\s\S]*?)(?:\r?\n\r?\n([\s\S]*))?$/.exec(message) ?? []
  const lines = head.split(/\r?\n/)
  const [, lineMethod, lineTarget] = /^([A-Za-z]+)\s+(\S+)(?:\s+HTTP\/[\d.]+)?\s*$/.exec(lines[0] ?? '') ?? []
  if (lineMethod === undefined && !lines[0]?.startsWith(':')) throw noRequestLine(where)
  const headers = fieldsIn(lineMethod === undefined ? lines : lines.slice(1), where)
  // Of HTTP/2, browsers show fields alone: what is in the request line of HTTP/1.1 is among them.
  const method = lineMethod ?? fieldOf(headers, /^:method$/i)
  const target = lineTarget ?? fieldOf(headers, /^:path$/i) ?? ''
  if (method === undefined || !/^(\/|https?:\/\/)/i.test(target)) throw noRequestLine(where)
  const address = /^h/i.test(target) ? URL.parse(target) : URL.parse(originOf(headers, url) + target)
  if (address === null) throw invalid(where, 'the path or the http or https URL of a request', 'another text')
  const isChunked = /chunked/i.test(fieldOf(headers, /^transfer-encoding$/i) ?? '')
  const whole = isChunked ? unchunk(body) : body
  const length = fieldOf(headers, /^content-length$/i)
  // Editors end a file with a line end, which is no part of the last parameter unless it is counted.
  const isCounted = length === String(Buffer.byteLength(whole))
  return { method, url: address, headers, body: isCounted ? whole : whole.replace(/\r?\n$/, '') }
}

function fieldsIn(lines: readonly string[], where: string): SentRequest['headers'] {
  return unfold(lines).map((line): readonly [string, string] => {
    // A name of HTTP/2 begins with a colon.
    const colon = line.indexOf(':', 1)
    if (colon > 0) return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    throw invalid(
      where,
      'header fields such as Accept: application/json, then an empty line',
      'a line of another kind',
    )
  })
}

function noRequestLine(where: string): TokenwrightError {
  return invalid(where, 'a request line such as POST /token HTTP/1.1', 'another first line')
}

function fieldOf(headers: SentRequest['headers'], wanted: RegExp): string | undefined {
  return headers.find(([name]) => wanted.test(name))?.[1]
}

/** Where the message itself says that it goes; of HTTP/1.1 none says by which scheme. */
function originOf(headers: SentRequest['headers'], { origin, protocol }: URL): string {
  const host = fieldOf(headers, /^(?:host|:authority)$/i) ?? ''
  const scheme = /^https?$/.exec(fieldOf(headers, /^:scheme$/i) ?? '')?.[0]
  const own = /^[\w.:[\]-]+$/.test(host)
    ? URL.parse(`${scheme === undefined ? protocol : `${scheme}:`}//${host}`)
    : null
  return own?.origin ?? origin
}

/** A line that begins with a space goes on with the one before. */
function unfold(lines: readonly string[]): readonly string[] {
  return lines.reduce<string[]>((kept, line) => {
    if (/^[ \t]/.test(line) && kept.length > 0) kept.push(`${kept.pop()} ${line.trim()}`)
    else if (line !== '') kept.push(line)
    return kept
  }, [])
}

function unchunk(body: string): string {
  const bytes = Buffer.from(body)
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\n', at)
    const size = end < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, end), 16)
    // What is no chunk was saved by a tool that had put the body together already.
    if (!(size >= 0)) return body
    if (size === 0) break
    chunks.push(bytes.subarray(end + 1, end + 1 + size))
    at = end + 1 + size + (bytes[end + 1 + size] === 0x0d ? 2 : 1)
  }
  return Buffer.concat(chunks).toString()
}

/** The part of HAR 1.2 that says what was sent. */
interface HarRequest {
  readonly method: string
  readonly url: string
  readonly headers: unknown
  readonly postData?: {
    readonly mimeType?: unknown
    readonly text?: unknown
    /** Of 1.2 no member of a request, but of one of a response; some tools write it of both. */
    readonly encoding?: unknown
    readonly params?: unknown
  }
}

function parseHar({ text, where, entry }: RequestSource, url: URL): SentRequest {
  const value = parseJson(text.replace(/^\ufeff/, ''))
  const { log } = (value ?? {}) as { readonly log?: { readonly entries?: unknown } }
  const entries = Array.isArray(log?.entries) ? log.entries : undefined
  if (entries === undefined)
    throw invalid(
      where,
      'a HAR file with log.entries',
      value === undefined ? 'what is no JSON' : 'other JSON',
    )
  const requests = entries.map((each) => (each as { readonly request?: unknown } | null)?.request)
  const request = entry === undefined ? onlyTokenRequest(requests, url, where) : requests[entry - 1]
  if (!isHarRequest(request))
    throw invalid(
      where,
      `a request in the entry ${entry ?? ''}`.trim(),
      entry !== undefined && entry > entries.length ? `${entries.length} entries` : 'none',
    )
  return ofHar(request, where)
}

/** Browsers keep hundreds of requests in a file, of which one is meant. */
function onlyTokenRequest(requests: readonly unknown[], url: URL, where: string): unknown {
  const posts = requests.flatMap((request, index) =>
    isHarRequest(request) && !/^(get|options|head)$/i.test(request.method)
      ? [{ request, number: index + 1 }]
      : [],
  )
  const at = (matches: (address: URL) => boolean) =>
    posts.filter(({ request }) => {
      const address = URL.parse(request.url)
      return address !== null && matches(address)
    })
  const rounds = [
    at(({ origin, pathname }) => origin === url.origin && pathname === url.pathname),
    at(({ pathname }) => pathname === url.pathname),
    posts.filter(({ request }) => /grant_?type/i.test(JSON.stringify(request.postData ?? ''))),
    at(({ pathname }) => /token/i.test(pathname)),
  ]
  const found = rounds.find((round) => round.length > 0) ?? []
  if (found.length === 1) return found[0]?.request
  throw invalid(
    where,
    'one request to a token endpoint',
    found.length === 0
      ? 'none; next: --entry N, counted from 1'
      : `${found.length}, the entries ${found.map(({ number }) => number).join(', ')}; next: --entry with one of them`,
  )
}

function isHarRequest(value: unknown): value is HarRequest {
  const { method, url, postData } = (value ?? {}) as Partial<HarRequest>
  const isBody = postData === undefined || postData === null || typeof postData === 'object'
  return typeof method === 'string' && typeof url === 'string' && isBody
}

function ofHar({ method, url, headers, postData }: HarRequest, where: string): SentRequest {
  const address = URL.parse(url)
  if (address === null || !/^https?:$/.test(address.protocol))
    throw invalid(where, 'the http or https URL of a request', 'another text')
  const { mimeType, text, encoding, params } = postData ?? {}
  const fields = pairsOf(headers)
  const type = typeof mimeType === 'string' && mimeType !== '' ? mimeType : undefined
  const hasType = fields.some(([name]) => name.toLowerCase() === 'content-type')
  const isMultipart = type?.toLowerCase().startsWith('multipart/') === true
  const parameters = pairsOf(params)
  const paramsText = isMultipart ? '' : textOfParams(parameters)
  const isText = typeof text === 'string' && text !== ''
  const isBase64 = isText && typeof encoding === 'string' && encoding.toLowerCase() === 'base64'
  return {
    method,
    url: address,
    headers: hasType || type === undefined ? fields : [...fields, ['Content-Type', type]],
    body: isBase64 ? Buffer.from(text, 'base64').toString() : isText ? text : paramsText,
    ...(isMultipart && parameters.length > 0 && { parts: parameters.map(partOf) }),
  }
}

/**
 * The form that was sent. HAR 1.2 does not say how params are written: Chrome and Edge write them as they are on the wire,
 * and Edge before it was Chromium writes nothing else; Firefox decodes them, but has the text beside.
 */
function textOfParams(params: ReadonlyArray<readonly [string, string]>): string {
  const texts = params.flat()
  const isEncoded =
    texts.some((text) => /%[0-9a-f]{2}/i.test(text)) &&
    texts.every((text) => /^[^\s&=]*$/.test(text) && decodeFormValue(text) !== undefined)
  return isEncoded ? params.map((pair) => pair.join('=')).join('&') : formatForm(params)
}

function partOf([name, value]: readonly [string, string]): Parameter {
  return { name, value }
}

function pairsOf(value: unknown): ReadonlyArray<readonly [string, string]> {
  if (!Array.isArray(value)) return []
  return value.flatMap((each: unknown): ReadonlyArray<readonly [string, string]> => {
    const { name, value: text } = (each ?? {}) as { readonly name?: unknown; readonly value?: unknown }
    return typeof name === 'string' ? [[name, typeof text === 'string' ? text : '']] : []
  })
}

function invalid(where: string, expected: string, received: string): TokenwrightError {
  return new TokenwrightError('ERR_DOCUMENT_INVALID', `${where}: expected ${expected}, received ${received}`)
}
