// A request for people: a line of curl, or a transcript of bytes, with variables of the shell in place of all that is the run's own.
import type { CredentialName } from '../fixture/message.ts'
import { encodeFormValue } from '../oauth/form.ts'
import { type CurlValue, credentialVariables, shellWord } from '../verify/curl.ts'
import { type BuiltRequest, buildRequest, type Setting, type Spelling, type Values } from './requests.ts'
import type { ProbeRequest } from './rule.ts'

/**
 * What stands for a value while the request is written: of characters that no encoding changes, so that it comes out as it
 * went in.
 */
const mark = (variable: string) => `TW0_${variable}_0TW`
const marks = /TW0_([A-Z_]+?)_0TW/
/** Around what Basic has before its Base64. */
const [basicBegin, basicEnd] = ['\u0001', '\u0002']

/** A variable of what is encoded has a name of its own, where encoding makes a difference. */
function spellingFor({ credentials: { client_id = '', client_secret = '' } }: Setting): Spelling {
  const isSame = encodeFormValue(client_id + client_secret) === client_id + client_secret
  return {
    basic: (text) => `${basicBegin}${text}${basicEnd}`,
    percentEncoded: (text) => text.replace(/_0TW$/, '_PERCENT_ENCODED_0TW'),
    formEncoded: (text) =>
      isSame ? text : text.replace(/(CLIENT_(?:ID|SECRET))_0TW$/, '$1_FORM_ENCODED_0TW'),
    length: (_text, radix) => mark(radix === 16 ? 'HEX_LENGTH' : 'LENGTH'),
  }
}

/** What a request looks like, in one line of curl or as a transcript; nothing of it is secret. */
export function shownRequest(request: ProbeRequest, setting: Setting): string {
  const built = buildRequest(request, markedSetting(setting), markedValues, spellingFor(setting))
  if ('missing' in built) return `(a request with ${built.missing}, which there is none of)`
  const shown = request.raw === undefined ? curl(built, request) : transcript(built.raw ?? '')
  return request.isTwice ? `${shown} & ${shown}` : shown
}

function markedSetting(setting: Setting): Setting {
  const credentials = Object.fromEntries(
    Object.keys(setting.credentials).map((name) => [name, mark(credentialVariables[name as CredentialName])]),
  )
  const { url, introspectionUrl, revocationUrl, metadataUrl } = setting
  return {
    ...setting,
    url: markedUrl(url),
    introspectionUrl: introspectionUrl && markedUrl(introspectionUrl),
    revocationUrl: revocationUrl && markedUrl(revocationUrl),
    metadataUrl: metadataUrl && markedUrl(metadataUrl),
    credentials,
    other: setting.other && {
      client_id: mark('OTHER_CLIENT_ID'),
      client_secret: mark('OTHER_CLIENT_SECRET'),
    },
  }
}

/** What an endpoint has in its query may be a key of its own. */
function markedUrl(url: URL): URL {
  const marked = new URL(url)
  if (marked.search !== '') marked.search = mark('QUERY')
  return marked
}

const markedValues: Values = {
  refresh_token: mark('REFRESH_TOKEN'),
  access_token: mark('ACCESS_TOKEN'),
  kept: new Proxy(
    {},
    {
      get: (_target, name) =>
        new Proxy({}, { get: (_members, member) => mark(`${String(name)}_${String(member)}`.toUpperCase()) }),
    },
  ),
  assertionOf: () => mark('CLIENT_ASSERTION'),
  proofOf: () => mark('DPOP_PROOF'),
}

/** The text in pieces: what is literal, and the variables. */
function partsOf(text: string): readonly CurlValue[] {
  return text
    .split(marks)
    .map((part, index) => (index % 2 === 0 ? { literal: part } : { variable: part }))
    .filter((part) => !('literal' in part) || part.literal !== '')
}

const word = (text: string) => shellWord(partsOf(text))

function curl({ url, method, headers, body }: BuiltRequest, request: ProbeRequest): string {
  const hasBody = body !== '' || /^P/.test(method)
  const isUsual = method === (hasBody ? 'POST' : 'GET')
  const { href } = url
  return [
    'curl --include',
    ...(isUsual ? [] : [`--request ${word(method)}`]),
    ...(/[[\]{}]/.test(href) ? ['--globoff'] : []),
    word(href),
    ...headers.flatMap(([name, value]) => headerWords(name, value, hasBody)),
    ...(hasBody && !headers.some(([name]) => /^content-type$/i.test(name))
      ? ["--header 'Content-Type:'"]
      : []),
    ...(hasBody ? bodyWords(body, headers, request) : []),
  ].join(' ')
}

const formType = 'application/x-www-form-urlencoded'

function headerWords(name: string, value: string, hasBody: boolean): readonly string[] {
  if (name === 'User-Agent') return []
  if (name === 'Content-Type' && value === formType && hasBody) return []
  const begin = `Basic ${basicBegin}`
  if (value.startsWith(begin) && value.endsWith(basicEnd))
    return [`--user ${word(value.slice(begin.length, -1))}`]
  return [`--header ${word(value === '' ? `${name};` : `${name}: ${withoutMarks(value)}`)}`]
}

/** Basic within another text. */
function withoutMarks(text: string): string {
  return text.replaceAll(basicBegin, 'base64 of ').replaceAll(basicEnd, '')
}

function bodyWords(body: string, headers: BuiltRequest['headers'], request: ProbeRequest): readonly string[] {
  const isForm = headers.some(([, value]) => value === formType)
  if (body !== '' && (!isForm || request.body !== undefined)) return [`--data-raw ${word(body)}`]
  if (body === '') return ["--data ''"]
  return body.split('&').map((pair) => {
    const [name = '', ...rest] = pair.split('=')
    const value = rest.join('=')
    // curl encodes what a variable has; what is literal is encoded already.
    return marks.test(value) ? `--data-urlencode ${word(`${name}=${value}`)}` : `--data ${word(pair)}`
  })
}

const lineEnds = /\r\n/g

/** Bytes as text: `\r\n` ends each line as it was sent, and what cannot be printed is spelled. */
function transcript(raw: string): string {
  const spelled = withoutMarks(raw)
    .replace(lineEnds, '\\r\\n\n')
    .replace(/[^\n\x20-\x7e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return spelled.replace(new RegExp(marks, 'g'), '$$$1')
}
