// A request as it was given, read as a token request: what it says is told apart from how that was written, and neither is lost.
import { parseBase64 } from '../oauth/base64.ts'
import { formatBasic, parseBasic } from '../oauth/basic.ts'
import { decodeFormValue } from '../oauth/form.ts'
import { parseJson, repeatedMember } from '../oauth/json.ts'
import { foldName } from '../schema/request.ts'
import {
  type Authorization,
  type BodySyntax,
  credentialIn,
  formatPair,
  formatParameters,
  type Parameter,
  syntaxOf,
  type TokenRequest,
} from './token-request.ts'

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
  const isFirst = (wanted: string) => {
    const index = headers.findIndex(([name]) => name.toLowerCase() === wanted)
    return { index, value: headers[index]?.[1].trim() }
  }
  const [type, authorization] = [isFirst('content-type'), isFirst('authorization')]
  return {
    method: method.toUpperCase(),
    path: url.pathname,
    query: queryIn(url.search.slice(1)),
    headers: headers.filter(
      ([name], index) => !ofConnection.test(name) && index !== type.index && index !== authorization.index,
    ),
    contentType: type.value,
    ...readBody(type.value, body, parts),
    authorization: authorization.value === undefined ? undefined : readAuthorization(authorization.value),
  }
}

/** Ampersands that end no pair go with the next one, or with the last. */
function queryIn(text: string): readonly Parameter[] {
  const { pieces, gap } = piecesOf(text)
  return pieces.map((piece, index) => {
    const parameter = parameterOf(piece.text, '', decodeLeniently)
    const whole = piece.gap + piece.text + (index === pieces.length - 1 ? gap : '')
    if (whole === piece.text) return parameter
    return { ...parameter, written: { instead: formatPair(parameter), text: whole } }
  })
}

type Body = Pick<TokenRequest, 'syntax' | 'parameters' | 'body' | 'writing'>

function readBody(
  contentType: string | undefined,
  body: string,
  parts: readonly Parameter[] | undefined,
): Body {
  const declared = syntaxOf(contentType)
  const text = body.trim()
  if (text === '' && parts === undefined)
    return declared === 'other' ? { syntax: declared, parameters: [], body } : written(declared, [], body, '')
  if (parts !== undefined || declared === 'multipart') {
    const parameters = partsIn(contentType ?? '', body) ?? parts
    if (parameters !== undefined) return multipart(parameters, body)
  }
  // Whatever the header says: a body that begins like an object is no form.
  const members = text.startsWith('{') ? membersIn(text) : undefined
  if (members !== undefined) return written('json', members, body, text)
  const form = declared === 'multipart' ? undefined : formIn(text)
  if (form === undefined) return { syntax: 'other', parameters: [], body }
  return written('form', form.parameters, body, text, form.gap)
}

/** The parameters, and how they were written, if that is not how they would be. */
function written(
  syntax: BodySyntax,
  parameters: readonly Parameter[],
  body: string,
  text: string,
  gap = '',
): Body {
  const at = text === '' ? body.length : body.indexOf(text)
  const [before, after] = [body.slice(0, at), body.slice(at + text.length)]
  const instead = formatParameters({ syntax, parameters })
  const whole = syntax === 'form' || text === instead ? undefined : { instead, text }
  const isUsual = [before, after, gap].every((part) => part === '') && whole === undefined
  return { syntax, parameters, body: '', ...(!isUsual && { writing: { syntax, before, after, gap, whole } }) }
}

/** A body of parts is written as a whole, line ends included. */
function multipart(parameters: readonly Parameter[], text: string): Body {
  const syntax = 'multipart' as const
  const whole = text === '' ? undefined : { instead: formatParameters({ syntax, parameters }), text }
  const writing = whole && { syntax, before: '', after: '', gap: '', whole }
  return { syntax, parameters, body: '', ...(writing && { writing }) }
}

/** A pair of a form with the ampersands before it that end no pair. */
interface Piece {
  readonly text: string
  readonly gap: string
}

function piecesOf(text: string): { readonly pieces: readonly Piece[]; readonly gap: string } {
  const pieces: Piece[] = []
  let gap = ''
  for (const piece of text.split('&')) {
    if (piece === '') gap += '&'
    else {
      pieces.push({ text: piece, gap })
      gap = ''
    }
  }
  return { pieces, gap }
}

type Decode = (encoded: string) => string | undefined

/** What cannot be decoded is taken as it is, and called ill-formed. */
function parameterOf(text: string, gap: string, decode: Decode): Parameter {
  const equals = text.indexOf('=')
  const [rawName, rawValue] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)]
  const [name, value] = [decode(rawName), decode(rawValue)]
  const parameter = { name: name ?? rawName, value: value ?? rawValue }
  const instead = formatPair(parameter)
  const isIllFormed = name === undefined || value === undefined
  return {
    ...parameter,
    ...(instead !== text && { written: { instead, text, ...(isIllFormed && { isIllFormed }) } }),
    ...(gap !== '' && { gap }),
  }
}

/** As URLs are read everywhere: a percent sign that is no escape is a percent sign. */
function decodeLeniently(encoded: string): string {
  return new URLSearchParams(`x=${encoded}`).get('x') ?? encoded
}

interface Form {
  readonly parameters: readonly Parameter[]
  readonly gap: string
}

/** What only looks like a form, such as Base64 with its padding, is none. */
function formIn(text: string): Form | undefined {
  if (!text.includes('=')) return undefined
  const { pieces, gap } = piecesOf(text)
  const parameters = pieces.map((piece) => parameterOf(piece.text, piece.gap, decodeFormValue))
  if (!parameters.every(isSound)) return brokenFormIn(parameters, gap)
  const isBase64 = text.length % 4 === 0 && /^[\w+/-]{7,}={1,2}$/.test(text)
  return parameters.length === 1 && isBase64 && !isNamed(parameters) ? undefined : { parameters, gap }
}

/** Whether it is a pair with a name as parameters have them. */
function isSound({ name, value, written }: Parameter): boolean {
  return written?.isIllFormed !== true && isName(name) && !/^=+$/.test(String(value))
}

function isName(text: string): boolean {
  return /^[\w@$.:[\]-]{1,100}$/.test(text)
}

/** Whether a name has what names alone have. */
function isNamed(parameters: readonly Parameter[]): boolean {
  return parameters.some(({ name }) => credentialIn(name) !== undefined || /^[a-z]+(?:_[a-z]+)*$/.test(name))
}

/**
 * A form with a value that was not encoded: what has no name of a parameter goes on with the value before. Where there is no
 * name that requests have, it is no form.
 */
function brokenFormIn(read: readonly Parameter[], gap: string): Form | undefined {
  const isKnown = ({ name }: Parameter) => credentialIn(name) !== undefined || foldName(name) === 'granttype'
  if (!read.some(isKnown)) return undefined
  const parameters: Parameter[] = []
  for (const parameter of read) {
    if (isName(parameter.name)) parameters.push(parameter)
    else {
      const before = parameters.pop()
      if (before === undefined) return undefined
      parameters.push(continued(before, parameter))
    }
  }
  return { parameters, gap }
}

function continued(before: Parameter, rest: Parameter): Parameter {
  const text = [textIn(before), (rest.gap ?? '') + textIn(rest)].join('&')
  const parameter = { name: before.name, value: text.slice(text.indexOf('=') + 1) }
  const { gap } = before
  const written = { instead: formatPair(parameter), text, isIllFormed: true }
  return { ...parameter, written, ...(gap !== undefined && { gap }) }
}

function textIn(parameter: Parameter): string {
  return parameter.written?.text ?? formatPair(parameter)
}

function membersIn(text: string): readonly Parameter[] | undefined {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return undefined
  const members = repeatedMember(text) === undefined ? [value] : memberTexts(text).map(parseJson)
  return members.flatMap((each) => Object.entries(each ?? {}).map(([name, item]) => ({ name, value: item })))
}

/** Each member of an object as an object of its own: of one that is stated twice, `JSON.parse` keeps the last. */
function memberTexts(text: string): readonly string[] {
  const texts: string[] = []
  let depth = 0
  let from = text.indexOf('{') + 1
  for (const { 0: lexeme, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    if (/[{[]/.test(lexeme.charAt(0))) depth += 1
    const isEnd = depth === 1 && (lexeme === ',' || lexeme === '}')
    if (isEnd) {
      texts.push(`{${text.slice(from, index)}}`)
      from = index + 1
    }
    if (/[}\]]/.test(lexeme.charAt(0))) depth -= 1
  }
  return texts
}

/** Parameters of a body of parts; `undefined` where its parts cannot be told apart. @see RFC 7578 §4 */
function partsIn(contentType: string, body: string): readonly Parameter[] | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain ?? /^\s*--(\S+)\r?\n/.exec(body)?.[1]
  if (boundary === undefined) return undefined
  const sections = `\n${body}`.split(`\n--${boundary}`).slice(1)
  const parts = sections.filter((section) => !section.startsWith('--')).map(partIn)
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts : undefined
}

function partIn(section: string): Parameter | undefined {
  const [, head = '', value] = /^[\t ]*\r?\n([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(section) ?? []
  const [, quoted, plain] =
    /^content-disposition:[^\r\n]*;\s*name=(?:"([^"\r\n]*)"|([^\s;]+))/im.exec(head) ?? []
  const name = quoted ?? plain
  return name === undefined || value === undefined ? undefined : { name, value: value.replace(/\r$/, '') }
}

/** Basic is read as leniently as services read it, and more so. */
function readAuthorization(value: string): Authorization {
  const [, scheme = '', separator = '', text = ''] = /^(basic)(\s+)(\S[\s\S]*)$/i.exec(value) ?? []
  const encoded = text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  const raw = parseBasic(encoded, 'raw')
  if (raw === undefined) return { value }
  // Both spellings give the same bytes for most credentials; where they do not, an escape shows which it was.
  const decodedText = parseBase64(encoded) ?? ''
  const decoded = /%[0-9a-f]{2}/i.test(decodedText) ? parseBasic(encoded, 'form') : undefined
  const isForm = decoded !== undefined && isWrittenAs(decodedText, formatBasic(decoded, 'form'))
  const basic = isForm
    ? { scheme, ...decoded, spelling: 'form' as const }
    : { scheme, ...raw, spelling: 'raw' as const }
  const instead = formatBasic(basic, basic.spelling).replace(/^Basic /, '')
  return {
    ...basic,
    ...(separator !== ' ' && { separator }),
    ...(text !== instead && { written: { instead, text } }),
  }
}

/** Whether it would be sent as it was: an escape of what nobody escapes is a part of the secret. */
function isWrittenAs(text: string, written: string): boolean {
  const inCapitals = (all: string) => all.replace(/%[0-9a-f]{2}/gi, (each) => each.toUpperCase())
  return inCapitals(parseBase64(written.replace(/^Basic /, '')) ?? '') === inCapitals(text)
}
