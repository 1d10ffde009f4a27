// Snippets that speak of the wire itself, a curl line or an HTTP message: method, URL, header fields and body.

/** A request as a snippet shows it; `null` where it shows no such part. */
export interface SnippetRequest {
  readonly kind: 'curl' | 'http'
  /** From 1, within the snippet. */
  readonly line: number
  readonly words: string
  readonly method: string | null
  readonly url: string | null
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly hasBasic: boolean
  readonly body: string
  /** Whether the body is a form by the way it is given. */
  readonly isForm: boolean
}

const httpLine = /^(GET|POST|PUT|PATCH|DELETE)[ \t]+(\S+)(?:[ \t]+HTTP\/[\d.]+)?[ \t]*$/

/** The request that a snippet shows; `null` where it shows none. */
export function requestOf(code: string): SnippetRequest | null {
  const lines = code.split(/\r?\n/)
  const curlAt = lines.findIndex((line) => /^\s*(?:\$\s+|>\s+)?curl(?:\.exe)?\s/.test(line))
  if (curlAt !== -1) return curlRequest(lines, curlAt)
  const httpAt = lines.findIndex((line) => httpLine.test(line))
  return httpAt === -1 ? null : httpRequest(lines, httpAt)
}

function httpRequest(lines: readonly string[], at: number): SnippetRequest {
  const [, method = null, url = null] = httpLine.exec(lines[at] ?? '') ?? []
  const headers = new Map<string, string>()
  let index = at + 1
  for (; index < lines.length; index += 1) {
    const [, name, value] = /^([\w-]+):[ \t]*(.*)$/.exec(lines[index] ?? '') ?? []
    if (name === undefined) break
    headers.set(name.toLowerCase(), (value ?? '').trim())
  }
  const host = headers.get('host')
  return {
    kind: 'http',
    line: at + 1,
    words: lines[at] ?? '',
    method,
    url: url?.startsWith('/') && host && /^[\w.:-]+$/.test(host) ? `https://${host}${url}` : url,
    headers,
    hasBasic: /^basic\b/i.test(headers.get('authorization') ?? ''),
    body: lines.slice(index).join('\n').trim(),
    isForm: false,
  }
}

const dataFlags = new Set(['-d', '--data', '--data-raw', '--data-ascii', '--data-binary', '--data-urlencode'])
const flagsWithValue = new Set([
  ...[
    '-o',
    '--output',
    '-A',
    '--user-agent',
    '-b',
    '--cookie',
    '-e',
    '--referer',
    '--cacert',
    '--cert',
    '-E',
  ],
  ...['--key', '-m', '--max-time', '-x', '--proxy', '--connect-timeout', '-w', '--write-out', '--retry'],
])

function curlRequest(lines: readonly string[], at: number): SnippetRequest {
  const words = shellWords(lines.slice(at).join('\n'))
  let method: string | null = null
  let url: string | null = null
  let hasBasic = false
  let isForm = false
  const headers = new Map<string, string>()
  const parts: string[] = []
  for (let index = 1; index < words.length; index += 1) {
    const [flag, attached] = flagOf(words[index] ?? '')
    const value = () => attached ?? words[++index] ?? ''
    if (flag === '-X' || flag === '--request') method = value()
    else if (flag === '-H' || flag === '--header') addHeader(headers, value())
    else if (flag === '-u' || flag === '--user') hasBasic = value() !== ''
    else if (flag === '--json') {
      parts.push(value())
      headers.set('content-type', 'application/json')
    } else if (dataFlags.has(flag)) {
      parts.push(value())
      isForm ||= flag === '--data-urlencode'
    } else if (flag === '--url') url = value()
    else if (flagsWithValue.has(flag)) value()
    else if (!flag.startsWith('-')) url ??= flag
  }
  const body = parts.join('&')
  return {
    kind: 'curl',
    line: at + 1,
    words: lines[at] ?? '',
    method: method ?? (parts.length > 0 ? 'POST' : null),
    url,
    headers,
    hasBasic: hasBasic || /^basic\b/i.test(headers.get('authorization') ?? ''),
    body,
    // curl's own default for -d, unless a header field says otherwise.
    isForm: isForm || (parts.length > 0 && !headers.has('content-type') && !/^\s*[{[]/.test(body)),
  }
}

function flagOf(word: string): readonly [flag: string, value: string | undefined] {
  const short = /^(-[XHud])(.+)$/s.exec(word)
  if (short?.[1]) return [short[1], short[2]]
  const long = /^(--[\w-]+)=(.*)$/s.exec(word)
  return long?.[1] ? [long[1], long[2]] : [word, undefined]
}

function addHeader(headers: Map<string, string>, field: string): void {
  const colon = field.indexOf(':')
  if (colon > 0) headers.set(field.slice(0, colon).trim().toLowerCase(), field.slice(colon + 1).trim())
}

/** The words of the first command: quotes taken off, lines that end in a backslash joined. */
function shellWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | null = null
  const joined = text.replace(/[\\^`][ \t]*\r?\n/g, ' ')
  for (const [piece] of joined.matchAll(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"|[ \t]+|\r?\n|[^\s\\'"]+|[\s\S]/gs)) {
    if (/^\r?\n$/.test(piece)) break
    if (/^[ \t]+$/.test(piece)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + withoutQuotes(piece)
  }
  return word === null ? words : [...words, word]
}

function withoutQuotes(piece: string): string {
  if (/^'.*'$/s.test(piece)) return piece.slice(1, -1)
  if (/^".*"$/s.test(piece)) return piece.slice(1, -1).replace(/\\(["\\$`])/g, '$1')
  return piece.startsWith('\\') ? piece.slice(1) : piece
}
