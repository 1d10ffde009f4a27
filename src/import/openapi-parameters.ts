// What a request has beside its body, and a reply beside its own: header fields, and parameters of the address.
import type { ImportedField } from './imported.ts'
import { factsOf } from './openapi-facts.ts'
import { fieldOf } from './openapi-fields.ts'
import type { Operation } from './openapi-operations.ts'
import {
  childOf,
  follow,
  itemsOf,
  membersOf,
  type Place,
  provenanceOf,
  requireList,
  requireObject,
  requireText,
} from './openapi-place.ts'

/** The parameters of an operation and of its path, of which the operation's own come first. @throws `ERR_DOCUMENT_INVALID` */
export function parametersOf({ place, pathItem }: Operation): readonly Place[] {
  const own = listOf(place)
  const addresses = new Set(own.map(addressOfParameter))
  return [...own, ...listOf(pathItem).filter((parameter) => !addresses.has(addressOfParameter(parameter)))]
}

function listOf(place: Place): readonly Place[] {
  const parameters = childOf(place, 'parameters')
  if (parameters === null) return []
  return itemsOf(requireList(parameters, '`parameters`')).map((item) =>
    requireObject(follow(item), 'a parameter'),
  )
}

function addressOfParameter(parameter: Place): string {
  return `${locationOf(parameter)} ${nameOf(parameter)}`
}

/** `query`, `header`, `path` or `cookie`. */
export function locationOf(parameter: Place): string {
  const place = childOf(parameter, 'in')
  return place === null ? '' : requireText(place, '`in`')
}

function nameOf(parameter: Place): string {
  const place = childOf(parameter, 'name')
  return place === null ? '' : requireText(place, 'the `name` of a parameter')
}

/** Header parameters whose meaning OpenAPI gives to other places. @see OpenAPI 3.1 §4.8.12.2 */
const saidElsewhere = new Set(['accept', 'content-type', 'authorization'])

/** The header fields of a request. */
export function requestHeaders(parameters: readonly Place[]): readonly ImportedField[] {
  return parameters
    .filter(
      (parameter) =>
        locationOf(parameter) === 'header' && !saidElsewhere.has(nameOf(parameter).toLowerCase()),
    )
    .map((parameter) => headerField(nameOf(parameter), parameter))
}

/** The header fields of a reply. @throws `ERR_DOCUMENT_INVALID` */
export function replyHeaders(response: Place): readonly ImportedField[] {
  const headers = childOf(response, 'headers')
  if (headers === null) return []
  return membersOf(requireObject(headers, '`headers`'))
    .filter(([name]) => name.toLowerCase() !== 'content-type')
    .map(([name, header]) => {
      const field = headerField(name, follow(header))
      const key = provenanceOf(header, 'key')
      return { ...field, provenance: { ...field.provenance, name: key, wireName: key } }
    })
}

/** A header field: its own prose and example count before those of its schema. */
function headerField(name: string, header: Place): ImportedField {
  requireObject(header, 'a header')
  const schema = schemaOf(header)
  const required = childOf(header, 'required')
  const field = fieldOf(name, schema === null ? [] : [schema], {
    required: { value: required?.value === true, place: required ?? header },
    conditions: [],
  })
  const own = factsOf([{ place: header, depth: 0 }])
  const written = childOf(header, 'name')
  const provenance = {
    ...(written === null ? {} : { name: provenanceOf(written), wireName: provenanceOf(written) }),
    ...(own.description === null ? {} : { description: provenanceOf(own.description.place) }),
    ...(own.example === null ? {} : { example: provenanceOf(own.example.place) }),
    ...(own.deprecated === null ? {} : { deprecated: provenanceOf(own.deprecated.place) }),
  }
  return {
    ...field,
    wireName: name.toLowerCase(),
    description: own.description?.value ?? field.description,
    example: own.example?.value ?? field.example,
    deprecated: own.deprecated !== null || field.deprecated,
    provenance: { ...field.provenance, ...provenance },
  }
}

/** A parameter has a schema, or the schema of the one media type of its content. */
function schemaOf(header: Place): Place | null {
  const schema = childOf(header, 'schema')
  if (schema !== null) return schema
  const content = childOf(header, 'content')
  const [media] = content === null ? [] : membersOf(content)
  return media === undefined ? null : childOf(follow(media[1]), 'schema')
}

/** A sentence on each parameter that is neither in the body nor a header field. */
export function addressReview(parameters: readonly Place[]): readonly string[] {
  return parameters.flatMap((parameter) => {
    const location = locationOf(parameter)
    const name = nameOf(parameter)
    if (location !== 'header') return [`the ${location} parameter \`${name}\` is not imported`]
    return name.toLowerCase() === 'authorization'
      ? ['the header `Authorization` is described as a parameter']
      : []
  })
}
