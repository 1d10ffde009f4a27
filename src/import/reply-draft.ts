// The reply of a documented request: the members that its page promises, or those of RFC 6749 where no page says any.
import type { TokenMember } from '../oauth/words.ts'
import type { ParameterSchema } from '../service/json-schema.ts'
import type { RequestSchema, TokenReply } from '../service/service.ts'
import { replySchema } from '../services/rfc6749/parameters.ts'
import type { ImportedDocument, ImportedField } from './imported.ts'
import { baseName, cite, type Notebook, toPointer } from './notebook.ts'
import { isPattern } from './request-schema.ts'
import type { ReadSource } from './stated.ts'

/** A document with the file that it was read from. */
export interface LocatedDocument {
  readonly source: ReadSource
  readonly document: ImportedDocument
}

const members: ReadonlySet<string> = new Set<TokenMember>([
  'access_token',
  'token_type',
  'expires_in',
  'refresh_token',
  'refresh_expires_in',
  'scope',
])
const seconds: ReadonlySet<string> = new Set(['expires_in', 'refresh_expires_in'])
const alwaysSent: ReadonlySet<string> = new Set(['access_token', 'token_type', 'expires_in'])

/** Header fields that every reply has, or that say nothing of the service. */
const ownHeaders: ReadonlySet<string> = new Set(['cache-control', 'content-type', 'content-length', 'date'])

/** What a header is sent with where its example is a UUID: a fresh one. */
const anyUuid = '00000000-0000-4000-8000-000000000000'

/** The reply that goes with a request: of the same operation, the same file, the same language, or the only one. */
export function replyOf(
  { source, document }: LocatedDocument,
  replies: readonly LocatedDocument[],
): readonly LocatedDocument[] {
  const closest: ReadonlyArray<(reply: LocatedDocument) => boolean> = [
    (reply) =>
      reply.document.file === document.file &&
      document.operation !== null &&
      reply.document.operation === document.operation,
    (reply) => reply.source === source,
    (reply) => document.language !== null && reply.document.language === document.language,
    (reply) => reply.document.language === null || document.language === null,
  ]
  for (const isClose of closest) {
    const found = replies.filter(isClose)
    if (found.length > 0) return found
  }
  return []
}

/** A reply as data, with notes below `pointer`. */
export function draftReply(
  request: RequestSchema,
  candidates: readonly LocatedDocument[],
  label: string,
  notebook: Notebook,
  pointer: string,
): TokenReply {
  const grants = request.oneOf.map(({ properties }) => grantOf(properties))
  const [reply, ...others] = candidates
  if (reply === undefined) {
    notebook.review(pointer, `${label}: no page shows the reply; that of RFC 6749 §5.1 stands in.`)
    return standardReply(request, grants)
  }
  if (others.length > 0) {
    const names = candidates.map(({ document }) => document.model).join(', ')
    notebook.review(pointer, `${label}: several models are replies (${names}); the first was taken.`)
  }
  return documentedReply(reply, request, grants, label, notebook, pointer)
}

/** The grants of a request are the constants of its schemas. */
function grantOf(properties: Readonly<Record<string, ParameterSchema>>): string {
  const names = Object.keys(properties).filter((name) => /^grant[_-]?type$/i.test(name))
  return String(properties[names[0] ?? 'grant_type']?.const)
}

function standardReply(request: RequestSchema, grants: readonly string[]): TokenReply {
  const isRefreshed = grants.includes('refresh_token')
  const sent = (grant: string): readonly TokenMember[] => [
    ...replySchema.required,
    ...(isRefreshed || grant === 'password' ? (['refresh_token'] as const) : []),
    ...(request.oneOf.some(({ properties }) => 'scope' in properties) ? (['scope'] as const) : []),
  ]
  return {
    schema: replySchema,
    members: Object.fromEntries(grants.map((grant) => [grant, sent(grant)])),
    source: { document: 'undocumented: RFC 6749 §5.1 stands in', read: '2026-11-21' },
  }
}

function documentedReply(
  { source, document }: LocatedDocument,
  request: RequestSchema,
  grants: readonly string[],
  label: string,
  notebook: Notebook,
  pointer: string,
): TokenReply {
  const fields = document.fields.filter(({ wireName }) => members.has(wireName))
  const further = document.fields.filter(({ wireName }) => !members.has(wireName))
  for (const sentence of document.needsReview)
    notebook.review(pointer, `${baseName(document.file)}, ${document.model}: ${sentence}`)
  if (further.length > 0) {
    const names = further.map(({ wireName }) => wireName).join(', ')
    notebook.review(pointer, `${label}: the reply has members that no mock sends: ${names}.`)
  }
  for (const { wireName, type } of fields) {
    if (seconds.has(wireName) && type === 'string')
      notebook.review(pointer, `${label}: ${wireName} is documented as a string; the mock sends a number.`)
  }
  remarkOn(fields, label, notebook, `${pointer}/schema/properties`)
  const required = fields.filter((field) => field.required === true).map(memberOf)
  if (required.length === 0) notebook.review(pointer, `${label}: the reply promises no member.`)
  const headers = promisedHeaders(document.headers)
  const sent = fields.filter((field) => isSent(field, request, grants)).map(memberOf)
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.wireName, memberSchemaOf(field)])),
      required,
    },
    ...(Object.keys(headers).length > 0 && { headers }),
    members: Object.fromEntries(grants.map((grant) => [grant, sent])),
    source: { document: `${baseName(document.file)}, ${document.model}`, read: source.read },
  }
}

function memberOf({ wireName }: ImportedField): TokenMember {
  return wireName as TokenMember
}

function isSent(field: ImportedField, request: RequestSchema, grants: readonly string[]): boolean {
  if (field.required === true || (alwaysSent.has(field.wireName) && !field.notSupported)) return true
  if (field.notSupported) return false
  if (field.wireName === 'refresh_token') return grants.includes('refresh_token')
  return field.wireName === 'scope' && request.oneOf.some(({ properties }) => 'scope' in properties)
}

function memberSchemaOf({ wireName, allowedValues, example, maxLength }: ImportedField): ParameterSchema {
  if (seconds.has(wireName)) return { type: 'integer' }
  const [only, ...others] = allowedValues ?? []
  if (only !== undefined && others.length === 0) return { const: only }
  const shown = typeof example === 'string' && example !== '' ? example : only
  if (only !== undefined && allowedValues !== null)
    return { enum: allowedValues, examples: [allowedValues.find((value) => value === shown) ?? only] }
  // Any other member is made anew for each reply.
  if (wireName === 'token_type')
    return shown === undefined ? replySchema.properties.token_type : { type: 'string', examples: [shown] }
  return { type: 'string', ...(maxLength !== null && { maxLength }) }
}

function promisedHeaders(headers: readonly ImportedField[]): NonNullable<TokenReply['headers']> {
  return Object.fromEntries(
    headers
      .filter(({ wireName, required }) => required === true && !ownHeaders.has(wireName))
      .map((header) => [header.wireName, headerOf(header)]),
  )
}

function headerOf({ pattern, allowedValues, example }: ImportedField): { pattern: string; example: string } {
  const listed = allowedValues?.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const expected =
    pattern !== null && isPattern(pattern) ? pattern : listed === undefined ? '.' : `^(${listed})$`
  const candidates = [example, allowedValues?.[0], anyUuid, 'example'].map((value) => String(value ?? ''))
  const fits = (text: string) => /^[ -~]+$/.test(text) && new RegExp(expected, 'iu').test(text)
  return { pattern: expected, example: candidates.find(fits) ?? 'example' }
}

/** What the mock sends so that the promise is kept. */
export function replyHeadersOf(replies: readonly TokenReply[]): Readonly<Record<string, string>> {
  const promised = replies.flatMap(({ headers = {} }) => Object.entries(headers))
  return {
    'cache-control': 'no-store',
    ...Object.fromEntries(
      promised.map(([name, { example }]) => [name, isUuid(example) ? '{uuid}' : example]),
    ),
  }
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

/** Where each field was read, and the words of whatever narrows it. */
export function remarkOn(
  fields: readonly ImportedField[],
  label: string,
  notebook: Notebook,
  pointer: string,
): void {
  for (const { name, wireName, provenance, needsReview } of fields) {
    const at = pointer + toPointer(wireName)
    const read = narrowing.flatMap((name) => provenance[name] ?? [])
    const shown = read.length > 0 ? read : [provenance.name].flatMap((place) => place ?? [])
    for (const place of shown) notebook.remark(at, cite(place))
    for (const sentence of needsReview) notebook.review(at, `${label}, ${name}: ${sentence}`)
  }
}

const narrowing = [
  'allowedValues',
  'requiredWhen',
  'pattern',
  'maxLength',
  'httpBasic',
  'notSupported',
  'deprecated',
]
