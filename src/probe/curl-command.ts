// A line of curl, as people paste it: Chrome's "copy as cURL (bash)", a page's example, this package's own. It is read, never run:
// no file, no variable of this machine and no command in it is followed.

import { type ParseEntry, parse } from 'shell-quote'
import type { Credentials } from '../fixture/message.ts'
import { formatBase64 } from '../oauth/base64.ts'
import { unescapePercent } from '../oauth/text.ts'
import { TokenwrightError } from '../service/error.ts'
import { credentialVariables } from '../verify/curl.ts'
import type { SentRequest } from './given-request.ts'
import { mediaTypes, type Parameter } from './token-request.ts'

/** What the flags of a line say together. */
interface Flags {
  readonly urls: string[]
  /** Names of fields that curl is told not to send, in lower case. */
  readonly withheld: Set<string>
  readonly headers: Array<readonly [string, string]>
  readonly data: string[]
  readonly query: string[]
  readonly parts: Parameter[]
  method?: string
  user?: string
  isGet?: boolean
  isJson?: boolean
  isHead?: boolean
}

/** Where a flag stands: its own name, and the file that the line was read from. */
interface Place {
  readonly name: string
  readonly where: string
}

type Take = (flags: Flags, value: string, place: Place) => void

const takeData: Take = ({ data }, value, place) => data.push(ownText(value, place))
/** `Name:` without a value takes away a field that curl would send by itself; `Name;` is a field without a value. */
const takeHeader: Take = ({ headers, withheld }, value, place) => {
  const text = ownText(value, place)
  const [, name = '', sign = '', rest = ''] = /^([^:;]+)(:|;\s*$)(.*)$/s.exec(text) ?? []
  if (sign === ':' && rest.trim() === '') withheld.add(name.trim().toLowerCase())
  else if (name !== '') headers.push([name.trim(), rest.trim()])
}
const takeHeaderNamed =
  (name: string): Take =>
  ({ headers }, value) =>
    headers.push([name, value])
const nothing: Take = () => {}

/** Flags with a value that say something of the request. */
const takers: Readonly<Record<string, Take>> = {
  '--request': (flags, value) => {
    flags.method = value
  },
  '--header': takeHeader,
  '--data': takeData,
  '--data-ascii': takeData,
  '--data-binary': takeData,
  '--data-raw': ({ data }, value) => data.push(value),
  '--data-urlencode': ({ data }, value, place) => data.push(urlencoded(value, place)),
  // Behind a plus what is encoded already.
  '--url-query': ({ query }, value, place) =>
    query.push(value.startsWith('+') ? value.slice(1) : urlencoded(value, place)),
  '--json': (flags, value, place) => {
    flags.isJson = true
    flags.data.push(ownText(value, place))
  },
  '--form': ({ parts }, value, place) => parts.push(partOf(value, place)),
  '--form-string': ({ parts }, value) => parts.push(pairOf(value)),
  '--user': (flags, value) => {
    flags.user = value
  },
  '--oauth2-bearer': ({ headers }, value) => headers.push(['Authorization', `Bearer ${value}`]),
  '--user-agent': takeHeaderNamed('User-Agent'),
  '--referer': takeHeaderNamed('Referer'),
  '--cookie': takeHeaderNamed('Cookie'),
  '--url': ({ urls }, value) => urls.push(value),
}

/** Flags with a value that is about the connection, or about what is done with the reply. */
const aside = new Set(
  'output write-out max-time connect-timeout retry retry-delay retry-max-time resolve connect-to cacert capath cert cert-type key key-type pass proxy proxy-user noproxy interface dump-header cookie-jar stderr trace trace-ascii ciphers tls-max max-redirs limit-rate keepalive-time proto proto-redir proto-default'
    .split(' ')
    .map((name) => `--${name}`),
)

/** Flags without a value. */
const switches: Readonly<Record<string, (flags: Flags) => void>> = {
  ...Object.fromEntries(
    'basic anyauth silent show-error verbose include insecure location compressed fail fail-with-body globoff http1.0 http1.1 http2 http2-prior-knowledge http3 tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 buffer keepalive ipv4 ipv6 progress-bar path-as-is progress-meter ssl-reqd styled-output disable netrc netrc-optional retry-all-errors retry-connrefused'
      .split(' ')
      .flatMap((name) => [`--${name}`, `--no-${name}`])
      .map((name) => [name, nothing as (flags: Flags) => void]),
  ),
  '--get': (flags) => {
    flags.isGet = true
  },
  '--head': (flags) => {
    flags.isHead = true
  },
}

const short: Readonly<Record<string, string>> = {
  ...{ X: '--request', H: '--header', d: '--data', F: '--form', u: '--user', G: '--get', I: '--head' },
  ...{ A: '--user-agent', e: '--referer', b: '--cookie', o: '--output', w: '--write-out', m: '--max-time' },
  ...{ s: '--silent', S: '--show-error', v: '--verbose', i: '--include', k: '--insecure', L: '--location' },
  ...{ f: '--fail', g: '--globoff', x: '--proxy', D: '--dump-header', c: '--cookie-jar', E: '--cert' },
  ...{ '#': '--progress-bar', '0': '--http1.0', '1': '--tlsv1', '4': '--ipv4', '6': '--ipv6' },
  ...{ N: '--no-buffer', n: '--netrc', q: '--disable' },
}

/**
 * Reads one command of curl. `$CLIENT_ID`, `$CLIENT_SECRET`, `$USERNAME`, `$PASSWORD` and `$REFRESH_TOKEN` stand for the
 * given credentials, as in the lines that this package prints; no other variable is read.
 *
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID`
 */
export function parseCurl(text: string, credentials: Credentials, where: string): SentRequest {
  const words = wordsOf(text, credentials, where)
  const [first = ''] = words
  if (/^[A-Za-z_]\w*=/.test(first))
    throw invalid(
      where,
      'a line that begins with curl',
      'one that begins with a variable; next: leave out what is before curl, and put values in the place of variables',
    )
  if (!/^(?:.*[\\/])?curl(?:\.exe)?$/i.test(first))
    throw invalid(where, 'a line that begins with curl', 'another')
  const flags: Flags = { urls: [], withheld: new Set(), headers: [], data: [], query: [], parts: [] }
  readFlags(words.slice(1), flags, where)
  return requestOf(flags, where)
}

function wordsOf(text: string, credentials: Credentials, where: string): readonly string[] {
  if (/\^(?:"|\r?\n)/.test(text))
    throw invalid(where, 'a line for bash', 'one for cmd; next: in the browser, copy as cURL (bash)')
  const joined = withoutComments(text.trim().replace(/^\$\s+/, ''))
  const line = decodeBytes(withoutBackticks(commandOf(joined), where))
  let entries: ParseEntry[]
  try {
    entries = parse(line, (name: string) => variableOf(name, credentials, where))
  } catch (cause) {
    if (cause instanceof TokenwrightError) throw cause
    throw invalid(where, 'a command that bash could read', 'one with a substitution that does not end')
  }
  return entries.flatMap((entry) => {
    if (typeof entry === 'string') return [entry]
    if ('pattern' in entry) return [entry.pattern]
    if ('comment' in entry) return []
    // A line end that was copied along with the line.
    if (entry.op === ';') return []
    throw invalid(where, 'one command of curl alone', `"${entry.op}", which is more than one`)
  })
}

/** What has quotes, a character behind a backslash, and runs of what has neither. */
const pieces =
  /\$'(?:\\[\s\S]|[^\\'])*'|'[^']*'|"(?:\\[\s\S]|[^\\"])*"|\\\r?\n|\\[\s\S]|#|\s+|[^\\'"#\s$]+|[\s\S]/g

/**
 * Joins lines that go on, which they do not within single quotes; a comment begins a word, and `#` within one is a
 * character like any other.
 */
function withoutComments(text: string): string {
  let kept = ''
  let isComment = false
  for (const [piece] of text.matchAll(pieces)) {
    if (isComment) {
      isComment = !/\n/.test(piece)
      if (isComment) continue
    }
    const isJoined = /^\\\r?\n$/.test(piece)
    if (piece === '#') {
      isComment = /^\s?$/.test(kept.slice(-1))
      if (!isComment) kept += '\\#'
    } else if (isJoined) kept += ' '
    else kept += piece.startsWith('"') ? piece.replace(/\\\r?\n/g, '') : piece
  }
  return kept
}

/** The command itself: neither where its output goes, nor what is done with it behind a pipe. */
function commandOf(line: string): string {
  let kept = ''
  let target: 'none' | 'expected' | 'begun' = 'none'
  for (const [piece] of line.matchAll(pieces)) {
    const isSpace = /^\s/.test(piece)
    if (target === 'begun' && isSpace) target = 'none'
    if (target !== 'none') {
      if (!isSpace) target = 'begun'
      continue
    }
    if (/^['"\\$\s]/.test(piece)) {
      kept += piece
      continue
    }
    const [, before = '', sign, rest = ''] = /^(.*?)(\||&?>[>&|]?)(.*)$/s.exec(piece) ?? [undefined, piece]
    // The number of what is redirected is a word of its own.
    const isNumber = sign !== undefined && sign !== '|' && /^\d+$/.test(before) && /(?:^|\s)$/.test(kept)
    if (!isNumber) kept += before
    if (sign === '|' || rest.includes('|')) return kept
    if (sign !== undefined) target = rest === '' ? 'expected' : 'begun'
  }
  return kept
}

/** Within double quotes a backtick has a backslash; without one it is the begin of a command. */
function withoutBackticks(line: string, where: string): string {
  return line.replace(pieces, (piece: string, offset: number) => {
    if (!piece.includes('`') || /^(?:'|\$'|\\)/.test(piece)) return piece
    const plain = piece.replace(/\\[\s\S]/g, '')
    if (!plain.includes('`')) return piece.replace(/\\([\s\S])/g, (all, next) => (next === '`' ? next : all))
    const isContinued = piece === '`' && /^[ \t]*\r?\n/.test(line.slice(offset + 1))
    throw isContinued ? forPowerShell(where) : invalid(where, plainValues, substitution)
  })
}

function forPowerShell(where: string): TokenwrightError {
  return invalid(where, 'a line for bash', 'one for PowerShell; next: in the browser, copy as cURL (bash)')
}

const plainValues = 'values, or variables of credentials that were given'
const substitution =
  'another variable or a substitution; next: single quotes around a value with a dollar sign of its own'

/** No name that is not known is shown: it may be the rest of a secret with a dollar sign in it. */
function variableOf(name: string, credentials: Credentials, where: string): string {
  const known = Object.entries(credentialVariables).find(([, variable]) => variable === name)
  const value = known === undefined ? undefined : credentials[known[0] as keyof Credentials]
  if (value !== undefined) return value
  if (known !== undefined) throw invalid(where, plainValues, `the variable ${known[1]}`)
  throw invalid(where, plainValues, substitution)
}

/** `$'…'` has bytes of UTF-8 one by one. */
function decodeBytes(text: string): string {
  return text.replace(/\$'(?:\\[\s\S]|[^\\'])*'/g, (word) =>
    word.replace(/(?:\\x[89a-f][0-9a-f])+/gi, (run) => {
      const bytes = Buffer.from(run.replaceAll('\\x', ''), 'hex').toString()
      return Array.from({ length: bytes.length }, (_, index) => {
        return `\\u${bytes.charCodeAt(index).toString(16).padStart(4, '0')}`
      }).join('')
    }),
  )
}

function readFlags(words: readonly string[], flags: Flags, where: string): void {
  const rest = [...words]
  for (;;) {
    const word = rest.shift()
    if (word === undefined) return
    // What follows are addresses alone.
    if (word === '--') {
      flags.urls.push(...rest)
      return
    }
    if (!word.startsWith('-') || word === '-') flags.urls.push(word)
    else if (word.startsWith('--')) readFlag(word, rest, flags, where)
    else readShort(word, rest, flags, where)
  }
}

function readFlag(word: string, rest: string[], flags: Flags, where: string): void {
  const [name, attached] = splitLong(word)
  const flip = switches[name]
  if (flip !== undefined) {
    flip(flags)
    return
  }
  const take = takers[name]
  if (take === undefined && !aside.has(name))
    throw invalid(
      where,
      'flags of curl that say what is sent',
      `${/^--[\w.-]{1,40}$/.test(name) ? name : 'another'}`,
    )
  const value = attached ?? rest.shift()
  if (value === undefined) throw invalid(where, `a value after ${name}`, 'none')
  take?.(flags, value, { name, where })
}

function splitLong(word: string): [name: string, attached: string | undefined] {
  const equals = word.indexOf('=')
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)]
}

/** `-sSL`, `-XPOST`, `-d a=b`. */
function readShort(word: string, rest: string[], flags: Flags, where: string): void {
  for (let at = 1; at < word.length; at += 1) {
    const name = short[word.charAt(at)]
    if (name === undefined) throw invalid(where, 'flags of curl that say what is sent', `-${word.charAt(at)}`)
    if (name in switches) {
      switches[name]?.(flags)
      continue
    }
    const attached = word.slice(at + 1)
    readFlag(name, attached === '' ? rest : [attached], flags, where)
    return
  }
}

function requestOf(flags: Flags, where: string): SentRequest {
  const { urls, headers, data, query, parts, user, isGet = false, isJson = false, isHead = false } = flags
  const [address, ...others] = urls
  if (address === undefined || others.length > 0)
    throw invalid(where, 'one URL', address === undefined ? 'none' : `${urls.length}`)
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`)
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid(where, 'an http or https URL', 'another')
  const body = data.reduce((all, each) => (all === '' || isJson ? all + each : `${all}&${each}`), '')
  // Of both, curl takes the data alone.
  const search = isGet && data.length > 0 ? body : query.join('&')
  if (search !== '') url.search += url.search === '' ? `?${search}` : `&${search}`
  const hasBody = !isGet && (data.length > 0 || parts.length > 0)
  const usual = isHead ? 'HEAD' : hasBody ? 'POST' : 'GET'
  return {
    method: flags.method ?? usual,
    url,
    headers: [...headers, ...impliedHeaders(flags, { user: user ?? userIn(url), isJson, hasBody })],
    body: hasBody ? body : '',
    ...(parts.length > 0 && { parts }),
  }
}

function userIn({ username, password }: URL): string | undefined {
  return username === '' ? undefined : `${unescapePercent(username)}:${unescapePercent(password)}`
}

/** What curl sends of its own accord. */
function impliedHeaders(
  { headers, withheld, parts }: Flags,
  { user, isJson, hasBody }: { user: string | undefined; isJson: boolean; hasBody: boolean },
): ReadonlyArray<readonly [string, string]> {
  const has = (wanted: string) =>
    withheld.has(wanted) || headers.some(([name]) => name.toLowerCase() === wanted)
  const type = isJson ? mediaTypes.json : parts.length > 0 ? mediaTypes.multipart : mediaTypes.form
  return [
    ...(hasBody && !has('content-type') ? [['Content-Type', type] as const] : []),
    ...(isJson && !has('accept') ? [['Accept', mediaTypes.json] as const] : []),
    ...(user !== undefined && !has('authorization')
      ? [['Authorization', `Basic ${formatBase64(user.includes(':') ? user : `${user}:`)}`] as const]
      : []),
  ]
}

/** @throws {TokenwrightError} for a file, which may be any file of this machine */
function ownText(value: string, place: Place): string {
  return value.startsWith('@') ? refuseFile(place) : value
}

/** The name of the file may be a secret that begins with an at sign. */
function refuseFile({ name, where }: Place): never {
  throw new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${where}: expected what is sent in the line of curl itself, received a file with ${name}; next: put its content in the place of @…`,
  )
}

/** `content`, `=content` and `name=content`; the name is encoded already. */
function urlencoded(value: string, place: Place): string {
  const at = value.search(/[=@]/)
  if (at < 0) return encoded(value)
  if (value.charAt(at) === '@') return refuseFile(place)
  const name = value.slice(0, at)
  return `${name}${name === '' ? '' : '='}${encoded(value.slice(at + 1))}`
}

/** As curl does it, which is not quite as browsers do. */
function encoded(value: string): string {
  return encodeURIComponent(value.toWellFormed())
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

function partOf(text: string, place: Place): Parameter {
  const { name, value } = pairOf(text)
  if (/^[@<]/.test(value)) refuseFile(place)
  return { name, value: value.replace(/;(type|filename|headers)=.*$/s, '').replace(/^"(.*)"$/s, '$1') }
}

function pairOf(text: string): { name: string; value: string } {
  const equals = text.indexOf('=')
  return { name: text.slice(0, Math.max(equals, 0)), value: text.slice(equals + 1) }
}

function invalid(where: string, expected: string, received: string): TokenwrightError {
  return new TokenwrightError('ERR_DOCUMENT_INVALID', `${where}: expected ${expected}, received ${received}`)
}
