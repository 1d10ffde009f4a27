// The refusals of a service: as its pages document them by status, and as RFC 6749 §5.2 has them where they do not.
import type { Refusal, RequestSchema, Rule, Service } from '../service/service.ts'
import { rfc6749 } from '../services/rfc6749/service.ts'
import type { ImportedField } from './imported.ts'
import { baseName, cite, type Notebook, toPointer } from './notebook.ts'
import type { LocatedDocument } from './reply-draft.ts'

/** The refusals that each status answers. */
const reasons: Readonly<Record<number, readonly string[]>> = {
  400: ['invalid_request', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'],
  401: ['invalid_client'],
  404: ['not_found'],
  405: ['method_not_allowed'],
  413: ['body_too_large'],
  415: ['unsupported_media_type'],
  429: ['too_many_requests'],
  500: ['server_error'],
  504: ['gateway_timeout'],
}

/** The codes of the member `error`. @see RFC 6749 §5.2 */
const errorCodes: ReadonlySet<string> = new Set([...(reasons[400] ?? []), 'invalid_client'])

/** Refusals by name, and the rules that name those of single parameters. */
export type RefusalDraft = Pick<Service, 'refusals' | 'rules'>

/** The refusals as data, with notes beside them. */
export function draftRefusals(
  id: string,
  documents: readonly LocatedDocument[],
  requests: readonly RequestSchema[],
  notebook: Notebook,
): RefusalDraft {
  const byStatus = locateByStatus(documents, notebook)
  if (byStatus.size === 0)
    notebook.review('/refusals', 'No page documents the refusals; those of RFC 6749 §5.2 stand in.')
  const refusals: Record<string, Refusal> = { ...rfc6749.refusals }
  const rules: Record<string, Rule> = {}
  for (const [status, located] of byStatus) {
    const isMap = isMapOfParameters(located, requests)
    const own = isMap ? parameterRefusals(id, status, located, requests) : refusalsOf(status, located)
    Object.assign(refusals, own.refusals)
    Object.assign(rules, own.rules)
    for (const name of Object.keys(own.refusals))
      notebook.remark(toPointer('refusals', name), cite(located.document.provenance))
    if (isMap && located.document.fields.some(({ example }) => example === null))
      notebook.review('/refusals', `Undocumented, and our choice: what a ${status} says of each parameter.`)
  }
  return { refusals: refusals as Service['refusals'], rules }
}

/** By status, the first that documents it; what stands for several statuses is that of all which nobody documents. */
function locateByStatus(
  documents: readonly LocatedDocument[],
  notebook: Notebook,
): ReadonlyMap<number, LocatedDocument> {
  const byStatus = new Map<number, LocatedDocument>()
  const add = (status: number, each: LocatedDocument) => {
    if (status >= 400 && !byStatus.has(status)) byStatus.set(status, each)
  }
  for (const each of documents) if (each.document.status !== null) add(each.document.status, each)
  // A range of statuses before all of them, whichever is written first.
  const open = documents
    .filter(({ document }) => document.status === null)
    .map((located) => ({ located, key: keyOf(located) }))
    .sort((one, other) => Number(one.key === 'default') - Number(other.key === 'default'))
  for (const { located, key } of open) {
    const statuses = Object.keys(reasons).filter((status) => key === 'default' || status[0] === key[0])
    for (const status of statuses) add(Number(status), located)
    notebook.review(
      '/refusals',
      `${baseName(located.document.file)}, ${located.document.model}: it names no status (${key}); its body was taken for ${statuses.join(', ')}, as far as no page documents them.`,
    )
  }
  return byStatus
}

/** `default`, or a range such as `4XX`: the key of the reply in its document. */
function keyOf({ document }: LocatedDocument): string {
  return /\/responses\/([45]XX)(?:\/|$)/i.exec(document.provenance.pointer ?? '')?.[1] ?? 'default'
}

type OwnRefusals = { readonly refusals: Readonly<Record<string, Refusal>>; readonly rules: Service['rules'] }

function refusalsOf(status: number, { document }: LocatedDocument): OwnRefusals {
  const names = reasons[status] ?? [`status_${status}`]
  const refusals = names.map((name): [string, Refusal] => {
    const body = bodyOf(document.fields, name)
    const headers = status === 429 ? { 'retry-after': '1' } : undefined
    return [name, { status, ...(headers && { headers }), ...(body && { body }) }]
  })
  return { refusals: Object.fromEntries(refusals), rules: {} }
}

/** The documented examples; what has none is named so that it looks false. */
function bodyOf(fields: readonly ImportedField[], reason: string): Refusal['body'] {
  const values = fields.flatMap((field): ReadonlyArray<[string, string | number]> => {
    const value = exampleValueOf(field, reason)
    return value === undefined ? [] : [[field.wireName, value]]
  })
  return values.length === 0 ? undefined : Object.fromEntries(values)
}

function exampleValueOf(field: ImportedField, reason: string): string | number | undefined {
  const { wireName, type, example, allowedValues, required } = field
  if (wireName === 'error' && type !== 'object' && errorCodes.has(reason)) {
    if (allowedValues === null || allowedValues.includes(reason)) return reason
  }
  if (typeof example === 'string' || typeof example === 'number') return example
  if (allowedValues?.[0] !== undefined) return allowedValues[0]
  if (required !== true) return undefined
  if (type === 'integer' || type === 'number') return 0
  return type === 'string' ? `example ${wireName.replaceAll('_', ' ')}` : undefined
}

/** A 422 whose members are the parameters of the request says which of them is wrong. */
function isMapOfParameters({ document }: LocatedDocument, requests: readonly RequestSchema[]): boolean {
  const grants = requests.flatMap(({ oneOf }) => oneOf)
  const sent = new Set(grants.flatMap(({ properties }) => Object.keys(properties)))
  return document.fields.length > 0 && document.fields.every(({ wireName }) => sent.has(wireName))
}

/** One refusal for each parameter that may be missing, and one for a scope that is not valid. */
function parameterRefusals(
  id: string,
  status: number,
  { source, document }: LocatedDocument,
  requests: readonly RequestSchema[],
): OwnRefusals {
  const required = new Set(requests.flatMap(({ oneOf }) => oneOf.flatMap((grant) => grant.required)))
  const refusals: Record<string, Refusal> = {}
  const rules: Record<string, Rule> = {}
  for (const { wireName, example } of document.fields) {
    const says = (words: string) => ({
      status,
      body: { [wireName]: typeof example === 'string' ? example : words },
    })
    if (wireName === 'scope') refusals.invalid_scope = says('is not valid')
    if (!required.has(wireName)) continue
    refusals[`missing_${wireName}`] = says('is required')
    rules[`${id}-${wireName.replaceAll('_', '-')}-required`] = {
      sentence: `${wireName} is required.`,
      source: { document: `${baseName(document.file)}, ${document.model}, ${status}`, read: source.read },
      refusal: `missing_${wireName}`,
      when: { parameter: wireName, keyword: 'required' },
    }
  }
  return { refusals, rules }
}
