// A request as a line of curl that can be pasted into bash: variables of the shell stand for credentials, whatever their values.
import type { CredentialName } from '../fixture/message.ts'
import type { BasicSpelling } from '../oauth/basic.ts'
import { encodeFormValue } from '../oauth/form.ts'

/** A value as it is, or the variable of the shell that holds it. */
export type CurlValue = { readonly literal: unknown } | { readonly variable: string }

/** The smallest request that shows a finding. */
export interface CurlRequest {
  readonly method: string
  readonly url: string
  /** Beside Content-Type and Authorization. */
  readonly headers?: Readonly<Record<string, string>>
  /** The body's parameters; a list in a form is a repeated parameter. */
  readonly parameters: Readonly<Record<string, CurlValue>>
  /** With its parameters, if any; empty for none at all. */
  readonly contentType: string
  /** How the body is written. Default: as its media type says. */
  readonly syntax?: 'form' | 'json' | 'multipart'
  /** The body as it is, in place of parameters. */
  readonly body?: string
  /** The credentials that HTTP Basic carries; absent when the body or nothing does. */
  readonly basic?: {
    readonly client_id: CurlValue
    readonly client_secret: CurlValue
    readonly spelling: BasicSpelling
  }
}

/** The variable of the shell that stands for each credential. */
export const credentialVariables: Readonly<Record<CredentialName, string>> = {
  client_id: 'CLIENT_ID',
  client_secret: 'CLIENT_SECRET',
  username: 'USERNAME',
  password: 'PASSWORD',
  refresh_token: 'REFRESH_TOKEN',
}

const form = 'application/x-www-form-urlencoded'

/**
 * One line. curl alone is needed, but for secrets within JSON or in the form spelling of Basic, which jq encodes; nothing
 * but the variables is expanded, and no character of the request is acted upon by a shell, interactive or not.
 */
export function curlLine(request: CurlRequest): string {
  const { url, headers = {}, basic } = request
  const body = bodyOf(request)
  const words = [
    'curl --include',
    ...(request.method === 'POST' ? [] : [`--request ${quote(request.method)}`]),
    ...(/[[\]{}]/.test(url) ? ['--globoff'] : []),
    quote(url),
    ...contentTypeWords(request),
    ...Object.entries(headers)
      .filter(([name]) => isToken.test(name))
      .map(([name, value]) => headerWord(name, value)),
    ...(basic === undefined ? [] : [`--user ${userWord(basic)}`]),
    ...body.words,
  ]
  return body.producer === undefined ? words.join(' ') : `${body.producer} | ${words.join(' ')}`
}

/** curl says by itself what a form is, and the boundary of a body of parts. */
function contentTypeWords({ contentType, syntax }: CurlRequest): readonly string[] {
  if (contentType === form || syntax === 'multipart') return []
  return [contentType === '' ? "--header 'Content-Type:'" : headerWord('Content-Type', contentType)]
}

/** What curl takes for the name of a field, and for nothing else. @see RFC 9110 §5.6.2 */
const isToken = /^[\w!#$%&'*+.^`|~-]+$/

function headerWord(name: string, value: string): string {
  const oneLine = value.replace(/[\r\n\0]/g, ' ').trim()
  return `--header ${quote(oneLine === '' ? `${name};` : `${name}: ${oneLine}`)}`
}

/** A body, and the command that writes it where curl cannot. */
interface Body {
  readonly words: readonly string[]
  readonly producer?: string
}

function bodyOf(request: CurlRequest): Body {
  const { contentType, body } = request
  if (body !== undefined) return { words: [`--data-raw ${quote(body)}`] }
  const syntax = request.syntax ?? (/\bjson\b/i.test(contentType) ? 'json' : 'form')
  return { form: formBody, json: jsonBody, multipart: partsBody }[syntax](request)
}

function partsBody({ parameters }: CurlRequest): Body {
  const words = Object.entries(parameters).map(([name, value]) => {
    const text = 'variable' in value ? `"${expand(value.variable)}"` : quote(textOf(value.literal))
    return `--form-string ${quote(`${name}=`)}${text}`
  })
  return { words }
}

function formBody({ parameters }: CurlRequest): Body {
  const words = Object.entries(parameters).flatMap(([name, value]) => {
    const encodedName = encodeFormValue(name)
    if ('variable' in value) return [`--data-urlencode "${encodedName}=${expand(value.variable)}"`]
    const literals: readonly unknown[] = Array.isArray(value.literal) ? value.literal : [value.literal]
    return literals.map((literal) => formWord(encodedName, textOf(literal)))
  })
  return { words: words.length === 0 ? ["--data ''"] : words }
}

/** A form has no other values than texts: what is none is its JSON. */
function textOf(literal: unknown): string {
  return typeof literal === 'string' ? literal : (JSON.stringify(literal) ?? '')
}

/** Readable where nothing can go wrong; percent-encoded text is safe everywhere. */
function formWord(encodedName: string, value: string): string {
  if (isPrintable.test(value)) return `--data-urlencode ${quote(`${encodedName}=${value}`)}`
  return `--data ${quote(`${encodedName}=${encodeFormValue(value.toWellFormed())}`)}`
}

function jsonBody({ parameters }: CurlRequest): Body {
  const entries = Object.entries(parameters)
  const literals = entries.flatMap(([name, value]) => ('literal' in value ? [[name, value.literal]] : []))
  const json = asciiJson(Object.fromEntries(literals))
  const named = entries.flatMap(([name, value]) =>
    'variable' in value ? [`--arg ${quote(name)} "${expand(value.variable)}"`] : [],
  )
  if (named.length === 0) return { words: [`--data ${quote(json)}`] }
  return { words: ['--data @-'], producer: `jq -n ${named.join(' ')} ${quote(`${json} + $ARGS.named`)}` }
}

/** JSON of printable ASCII alone, whatever is in it. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function userWord({ client_id, client_secret, spelling }: NonNullable<CurlRequest['basic']>): string {
  const values = [client_id, client_secret]
  if (spelling === 'raw' && values.every((value) => 'variable' in value))
    return `"${values.map(({ variable }) => expand(variable)).join(':')}"`
  return values.map(spelling === 'raw' ? rawWord : formUserWord).join(':')
}

function rawWord(value: CurlValue): string {
  return 'variable' in value ? `"${expand(value.variable)}"` : quote(String(value.literal))
}

/** RFC 6749 §2.3.1 has both encoded before curl joins them; `printf` and the like cannot. */
function formUserWord(value: CurlValue): string {
  if ('literal' in value) return encodeFormValue(String(value.literal).toWellFormed())
  return `"$(jq -nr --arg v "${expand(value.variable)}" '$v|@uri')"`
}

function expand(variable: string): string {
  return /^[A-Z_][A-Z0-9_]*$/.test(variable) ? `$${variable}` : ''
}

const isPrintable = /^[\x20-\x7e]*$/

/** One word of bash, of texts as they are and of variables. */
export function shellWord(parts: readonly CurlValue[]): string {
  const words = parts.map((part) =>
    'variable' in part
      ? `"${expand(part.variable)}"`
      : part.literal === ''
        ? ''
        : quote(String(part.literal)),
  )
  return words.join('') || "''"
}

/** One word of bash. Single quotes keep everything but themselves; other bytes are spelled, so that no locale matters. */
function quote(text: string): string {
  if (/^[\w@%+=:,./][\w@%+=:,./-]*$/.test(text)) return text
  if (isPrintable.test(text)) return `'${text.replaceAll("'", "'\\''")}'`
  const bytes = Buffer.from(text.replaceAll('\0', '\ufffd').toWellFormed())
  return `$'${Array.from(bytes, spellByte).join('')}'`
}

function spellByte(byte: number): string {
  const character = String.fromCharCode(byte)
  return /[\w@%+=:,./ -]/.test(character) && byte < 0x80
    ? character
    : `\\x${byte.toString(16).padStart(2, '0')}`
}
