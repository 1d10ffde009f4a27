// What a page or an OpenAPI document says as sides of a diff: one for each request, with the replies and refusals that belong
// to it. What the document leaves open stays open.
import type { Fact, ImportedDocument, ImportedField, ModelRole, Provenance } from '../import/imported.ts'
import { basePathOf } from './server-path.ts'
import type { ComparedFact, ComparedField, ComparedRefusal, Requirement, Subject } from './subject.ts'
import { wordsOf } from './words.ts'

/**
 * One subject for each request. A file without requests gives one for each of its replies, one for its refusals, or one for
 * each of its other models.
 */
export function subjectsOfDocuments(documents: readonly ImportedDocument[]): readonly Subject[] {
  const files = new Set(documents.map(({ file }) => file))
  return [...files].flatMap((file) => subjectsOfFile(documents.filter((document) => document.file === file)))
}

function subjectsOfFile(documents: readonly ImportedDocument[]): readonly Subject[] {
  const withRole = (role: ModelRole) => documents.filter((document) => document.role === role)
  const requests = withRole('request')
  if (requests.length > 0) return requests.map((request) => subjectOfRequest(request, requests, documents))
  const replies = withRole('reply')
  if (replies.length > 0) {
    return replies.map((reply) => ({
      ...subjectOf(reply, labelOf(reply, replies)),
      ...replyFactsOf(reply),
      reply: reply.fields.map((field) => fieldOf(reply, field)),
      headers: headersOf(reply),
      refusals: refusalsOf(withRole('refusal').filter((refusal) => isOfOneOperation(reply, refusal))),
    }))
  }
  const refusals = withRole('refusal')
  const [refusal] = refusals
  if (refusal !== undefined) {
    return [{ ...subjectOf(refusal, labelOf(refusal, refusals)), refusals: refusalsOf(refusals) }]
  }
  // A model of another kind is compared by its fields, as a request is: nothing else is known of it.
  const others = withRole('other')
  return others.map((other) => ({
    ...subjectOf(other, labelOf(other, others)),
    request: other.fields.map((field) => fieldOf(other, field)),
  }))
}

function subjectOfRequest(
  request: ImportedDocument,
  requests: readonly ImportedDocument[],
  documents: readonly ImportedDocument[],
): Subject {
  const answers = documents.filter((document) => isOfOneOperation(request, document))
  const reply = replyOf(
    request,
    answers.filter(({ role }) => role === 'reply'),
  )
  return {
    ...subjectOf(request, labelOf(request, requests)),
    request: request.fields.map((field) => fieldOf(request, field)),
    requestHeaders: headersOf(request),
    ...(reply !== undefined && replyFactsOf(reply)),
    ...unreadOf(reply === undefined ? [request] : [request, reply]),
    reply: reply?.fields.map((field) => fieldOf(reply, field)) ?? null,
    headers: reply === undefined ? null : headersOf(reply),
    refusals: refusalsOf(answers.filter(({ role }) => role === 'refusal')),
  }
}

/** What OpenAPI says and the import passes over; and formats, which are no type of JSON. */
function unreadOf(documents: readonly ImportedDocument[]): Pick<Subject, 'unread'> {
  const sentences = documents
    .filter(({ format }) => format === 'openapi')
    .flatMap(({ fields, needsReview, role }) => {
      const place = role === 'reply' ? ' of the reply' : ''
      return [
        ...needsReview.filter((sentence) => !isCompared(sentence)),
        ...fields.flatMap(({ wireName, notation, needsReview: ofField }) => [
          ...ofField
            .filter((sentence) => !isCompared(sentence))
            .map((sentence) => `${wireName}${place}: ${sentence}`),
          ...formatsIn(notation).map((format) => `${wireName}${place}: the format ${format}`),
        ]),
      ]
    })
  return sentences.length === 0 ? {} : { unread: [...new Set(sentences)] }
}

/** Whether the import passes over it, and a diff does not; of authentication, that it is not said stands among the facts. */
function isCompared(sentence: string): boolean {
  return compared.some((pattern) => pattern.test(sentence))
}

const compared = [
  /^the document does not say how the client authenticates$/,
  /^the header `.+` is required, and no field of the body$/,
  /^may be null as well, which is not imported$/,
]

function formatOf(document: ImportedDocument, { notation }: ImportedField): Pick<ComparedField, 'format'> {
  const [format] = document.format === 'openapi' ? formatsIn(notation) : []
  return format === undefined ? {} : { format }
}

function formatsIn(notation: string | null): readonly string[] {
  return [...(notation ?? '').matchAll(/\(([^()]+)\)/g)].map(([, format = '']) => format)
}

function replyFactsOf(reply: ImportedDocument): Partial<Subject> {
  const { status, wire, provenance } = reply
  return {
    ...(status !== null && { replyStatus: { values: [String(status)], provenance } }),
    ...(wire.contentTypes !== null && { replyContentTypes: severalOf(wire.contentTypes) }),
  }
}

/** A page of models says nothing of header fields; an operation lists them. */
function headersOf(reply: ImportedDocument): readonly ComparedField[] | null {
  if (reply.operation === null && reply.headers.length === 0) return null
  return reply.headers.map((field) => fieldOf(reply, field))
}

function isOfOneOperation(one: ImportedDocument, other: ImportedDocument): boolean {
  return one.operation === other.operation
}

/** Of several replies the one whose model is named after the request's; of an operation's, the first status. */
function replyOf(
  request: ImportedDocument,
  replies: readonly ImportedDocument[],
): ImportedDocument | undefined {
  if (replies.length <= 1) return replies[0]
  const stem = stemOf(request.model)
  const named = replies.filter(({ model }) => stemOf(model) === stem)
  if (named.length === 1) return named[0]
  if (request.operation === null) return undefined
  return replies.toSorted((one, other) => (one.status ?? 999) - (other.status ?? 999))[0]
}

const roleWords = new Set(['request', 'response', 'reply', 'result', 'input', 'output'])

function stemOf(model: string): string {
  return wordsOf(model)
    .filter((word) => !roleWords.has(word))
    .join(' ')
}

function refusalsOf(refusals: readonly ImportedDocument[]): readonly ComparedRefusal[] | null {
  if (refusals.length === 0) return null
  return refusals.map((refusal) => {
    const range = rangeOf(refusal)
    const status = refusal.status ?? (range === null ? statusIn(refusal.model) : null)
    return {
      name: range ?? (status === null ? refusal.model : String(status)),
      status,
      ...(range !== null && { range }),
      members: refusal.fields.map((field) => fieldOf(refusal, field)),
      provenance: refusal.provenance,
    }
  })
}

/** `4XX` and `default` stand for several statuses, and the reader says so. */
function rangeOf({ needsReview }: ImportedDocument): string | null {
  for (const sentence of needsReview) {
    const range = /^`([45]XX|default)` stands for several statuses$/i.exec(sentence)?.[1]
    if (range !== undefined) return range
  }
  return null
}

/** A page's `Error400` says its status in its name. */
function statusIn(model: string): number | null {
  const digits = /(?<!\d)[45]\d\d(?!\d)/.exec(model)?.[0]
  return digits === undefined ? null : Number(digits)
}

/** Several requests of one operation differ in their media types. */
function labelOf(document: ImportedDocument, siblings: readonly ImportedDocument[]): string {
  const label = `${document.file} ${document.operation ?? document.model}`
  const isShared = (other: ImportedDocument) =>
    (other.operation ?? other.model) === (document.operation ?? document.model)
  const types = document.wire.contentTypes
  return types !== null && siblings.filter(isShared).length > 1 ? `${label} ${types.value.join(', ')}` : label
}

function subjectOf(document: ImportedDocument, label: string): Subject {
  const { wire } = document
  return {
    origin: document.format === 'openapi' ? 'openapi' : 'page',
    label,
    model: document.model,
    language: document.language,
    version: null,
    method: oneOf(wire.method),
    page: document.file,
    ...pathOf(document),
    contentTypes: severalOf(wire.contentTypes),
    clientAuthentication: severalOf(wire.clientAuthentication),
    request: [],
    reply: null,
    refusals: null,
  }
}

/** What an operation is served at is the path of its server and its own; a page shows whole addresses. */
function pathOf({ format, wire }: ImportedDocument): Pick<Subject, 'path' | 'isPathRelative'> {
  const path = oneOf(wire.path)
  if (format !== 'openapi' || path === null) return { path }
  const below = basePathOf(wire.servers?.value ?? [])
  if (below === null) return { path, isPathRelative: true }
  return { path: { ...path, values: path.values.map((value) => `${below}${value}`) } }
}

function oneOf(fact: Fact<string> | null): ComparedFact | null {
  return fact === null ? null : { values: [fact.value], provenance: fact.provenance }
}

function severalOf(fact: Fact<readonly string[]> | null): ComparedFact | null {
  return fact === null ? null : { values: fact.value.toSorted(), provenance: fact.provenance }
}

function fieldOf(document: ImportedDocument, field: ImportedField): ComparedField {
  const isInCode = document.format === 'markdown'
  return {
    wireName: field.wireName,
    confidence: field.confidence,
    sdkName: isInCode ? field.name : null,
    // OpenAPI's type is the type itself, and no notation of it.
    notation: isInCode ? field.notation : null,
    type: field.type,
    ...(field.items !== null && { items: field.items }),
    ...(!isInCode && field.notation !== null && { nullable: isNullable(field.notation) }),
    ...(isInCode && { isOptionalType: field.isOptionalType }),
    required: requirementOf(field),
    allowedValues: field.allowedValues,
    pattern: field.pattern,
    ...formatOf(document, field),
    minLength: field.minLength,
    maxLength: field.maxLength,
    example: field.example === null ? null : String(field.example),
    ...(field.default !== null && { default: String(field.default) }),
    ...(field.isSpaceDelimited && { isSpaceDelimited: true }),
    description: field.description,
    notSupported: field.notSupported,
    deprecated: field.deprecated,
    provenance: provenanceOf(document, field),
    factProvenance: factProvenanceOf(field),
  }
}

/** A schema's type says all of it: `string | null`. */
function isNullable(notation: string): boolean {
  return notation.split(' | ').includes('null')
}

function isGrantCondition({ requiredWhen }: ImportedField): boolean {
  return requiredWhen !== null && wordsOf(requiredWhen.parameter).join(' ') === 'grant type'
}

function requirementOf(field: ImportedField): Requirement | null {
  if (field.required === true) return 'always'
  if (field.requiredWhen !== null && isGrantCondition(field))
    return { grantTypes: [field.requiredWhen.value] }
  if (field.requiredWhen !== null) return field.requiredWhen
  return field.required === null ? null : 'never'
}

function provenanceOf(document: ImportedDocument, { provenance }: ImportedField): Provenance {
  return provenance.name ?? provenance.wireName ?? Object.values(provenance)[0] ?? document.provenance
}

/** The requirement of a conditional field stands where its condition does. */
function factProvenanceOf({ provenance }: ImportedField): NonNullable<ComparedField['factProvenance']> {
  const required = provenance.requiredWhen ?? provenance.required
  return required === undefined ? provenance : { ...provenance, required }
}
