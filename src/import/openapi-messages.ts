// An operation to documents: what it asks for, and what it answers.
import { isJsonObject } from '../oauth/json.ts'
import type { ImportedDocument, ImportedField, ImportedWire } from './imported.ts'
import { type Body, bodiesOf } from './openapi-content.ts'
import { apiVersionOf, type Operation } from './openapi-operations.ts'
import {
  addressReview,
  locationOf,
  parametersOf,
  replyHeaders,
  requestHeaders,
} from './openapi-parameters.ts'
import {
  childOf,
  follow,
  membersOf,
  type Place,
  provenanceOf,
  refuse,
  requireObject,
} from './openapi-place.ts'
import { clientAuthenticationOf } from './openapi-security.ts'
import { serverReview, serversAround } from './openapi-servers.ts'

/** The documents of an operation: each request, then each reply and refusal. @throws `ERR_DOCUMENT_INVALID` */
export function documentsOf(operation: Operation): readonly ImportedDocument[] {
  return [...requestsOf(operation), ...repliesOf(operation)]
}

const nothingOnTheWire: ImportedWire = {
  servers: null,
  method: null,
  path: null,
  contentTypes: null,
  clientAuthentication: null,
}

/** A document of an operation of which nothing is known but where it stands. */
function emptyDocument(operation: Operation, place: Place): ImportedDocument {
  return {
    file: operation.document.file.name,
    format: 'openapi',
    model: operation.name,
    role: 'other',
    language: null,
    description: null,
    version: apiVersionOf(operation.document),
    fields: [],
    values: null,
    operation: operation.name,
    wire: nothingOnTheWire,
    status: null,
    headers: [],
    contradictions: [],
    usage: [],
    provenance: provenanceOf(place),
    needsReview: [],
  }
}

function requestsOf(operation: Operation): readonly ImportedDocument[] {
  const parameters = parametersOf(operation)
  const headers = requestHeaders(parameters)
  const content = contentOf(operation)
  const bodies = content === null ? [noBody(operation)] : bodiesOf(content, 'request')
  const review = [
    ...addressReview(parameters),
    ...serverReview(operation),
    ...(childOf(operation.place, 'deprecated')?.value === true ? ['the operation is deprecated'] : []),
    ...headers
      .filter(({ required }) => required === true)
      .map(({ name }) => `the header \`${name}\` is required, and no field of the body`),
  ]
  return bodies.map((body) =>
    requestOf(operation, bodies.length > 1 ? withGrantInName(operation, body) : body, {
      parameters,
      headers,
      review,
    }),
  )
}

/** Alternatives without a name are told apart by their grant. */
function withGrantInName({ name }: Operation, body: Body): Body {
  const grants = body.fields.find(({ wireName }) => wireName === 'grant_type')?.allowedValues ?? []
  return { ...body, model: body.model ?? [name, ...grants].join(' ') }
}

function contentOf(operation: Operation): Place | null {
  const stated = childOf(operation.place, 'requestBody')
  if (stated === null) return null
  const body = requireObject(follow(stated), '`requestBody`')
  return childOf(body, 'content') ?? refuse(body, 'expected `requestBody` to have `content`')
}

function noBody({ place }: Operation): Body {
  return {
    model: null,
    description: null,
    fields: [],
    contentTypes: null,
    usage: [],
    provenance: provenanceOf(place),
    needsReview: ['the operation has no body'],
  }
}

interface Beside {
  readonly parameters: readonly Place[]
  readonly headers: readonly ImportedField[]
  readonly review: readonly string[]
}

function requestOf(
  operation: Operation,
  body: Body,
  { parameters, headers, review }: Beside,
): ImportedDocument {
  const inHeaders = parameters.filter((parameter) => locationOf(parameter) === 'header')
  const authentication = clientAuthenticationOf(operation, body.fields, inHeaders)
  const key = provenanceOf(operation.place, 'key')
  return {
    ...emptyDocument(operation, operation.place),
    model: body.model ?? operation.name,
    role: 'request',
    description: body.description ?? proseOf(operation.place),
    fields: body.fields,
    wire: {
      servers: serversAround(operation),
      method: { value: operation.method, provenance: key },
      path: { value: operation.path, provenance: provenanceOf(pathPlace(operation), 'key') },
      contentTypes: body.contentTypes,
      clientAuthentication: authentication.methods,
    },
    headers,
    usage: body.usage,
    provenance: body.provenance,
    needsReview: [...new Set([...body.needsReview, ...authentication.needsReview, ...review])],
  }
}

/** The path's key in `paths`, wherever its operations are written. */
function pathPlace({ document, path, pathItem }: Operation): Place {
  const paths = childOf(document, 'paths')
  return (paths === null ? null : childOf(follow(paths), path)) ?? pathItem
}

function proseOf(place: Place): string | null {
  const [prose] = ['description', 'summary'].flatMap((key) => {
    const text = childOf(place, key)?.value
    return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : []
  })
  return prose ?? null
}

function repliesOf(operation: Operation): readonly ImportedDocument[] {
  const responses = childOf(operation.place, 'responses')
  if (responses === null) return []
  return membersOf(requireObject(responses, '`responses`'))
    .filter(([key]) => !key.startsWith('x-'))
    .flatMap(([key, response]) => responseDocuments(operation, key, response))
}

function responseDocuments(operation: Operation, key: string, place: Place): readonly ImportedDocument[] {
  const response = requireObject(follow(place), 'a response')
  const common: ImportedDocument = {
    ...emptyDocument(operation, place),
    ...statusOf(key),
    model: `${operation.name} ${key}`,
    description: proseOf(response),
    headers: replyHeaders(response),
    provenance: provenanceOf(place, 'key'),
  }
  const content = childOf(response, 'content')
  if (content === null || (isJsonObject(content.value) && Object.keys(content.value).length === 0))
    return [common]
  return bodiesOf(content, 'reply').map((body) => ({
    ...common,
    model: body.model ?? common.model,
    fields: body.fields,
    wire: { ...nothingOnTheWire, contentTypes: body.contentTypes },
    usage: body.usage,
    provenance: body.provenance,
    needsReview: [...common.needsReview, ...body.needsReview],
  }))
}

/** What a key of `responses` means: a status, a range of them, or all that are not named. */
function statusOf(key: string): Pick<ImportedDocument, 'role' | 'status' | 'needsReview'> {
  const status = /^[1-5]\d\d$/.test(key) ? Number(key) : null
  const first = key.toLowerCase() === 'default' ? 'default' : key.charAt(0)
  const role = first === '2' ? 'reply' : /^(4|5|default)$/.test(first) ? 'refusal' : 'other'
  const needsReview = status === null ? [`\`${key}\` stands for several statuses`] : []
  return { role, status, needsReview }
}
