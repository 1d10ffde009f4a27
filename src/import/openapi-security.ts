// How a client proves who it is, as far as OpenAPI says: by the security requirements, and by the parameters of the body.
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import type { Fact, ImportedField } from './imported.ts'
import type { Operation } from './openapi-operations.ts'
import {
  childOf,
  follow,
  itemsOf,
  memberOf,
  membersOf,
  type Place,
  provenanceOf,
  requireList,
} from './openapi-place.ts'

/** The methods, and what a person has to decide about them. */
export interface ClientAuthentication {
  readonly methods: Fact<readonly ClientAuthenticationMethod[]> | null
  readonly needsReview: readonly string[]
}

/** The client authentication of a request with these fields. @throws `ERR_DOCUMENT_INVALID` */
export function clientAuthenticationOf(
  operation: Operation,
  fields: readonly ImportedField[],
  headers: readonly Place[],
): ClientAuthentication {
  const security = childOf(operation.place, 'security') ?? childOf(operation.document, 'security')
  const schemes = security === null ? [] : schemesOf(operation.document, security)
  const readings = schemes.map(readScheme)
  const header = headers.find(isBasicHeader)
  const basic = readings.find(({ method }) => method !== null)
  const inBody = methodsOfBody(fields)
  const methods: readonly ClientAuthenticationMethod[] = [
    ...(basic === undefined && header === undefined ? [] : (['client_secret_basic'] as const)),
    ...inBody.methods,
  ]
  const needsReview = readings.flatMap(({ review }) => review)
  const place = basic === undefined ? (header ?? null) : security
  const provenance = place === null ? inBody.provenance : provenanceOf(place)
  if (methods.length > 0 && provenance !== null)
    return { methods: { value: methods, provenance }, needsReview }
  // `security: []` says that there is none; where nothing is said, nothing is known.
  if (security !== null && schemes.length === 0)
    return { methods: { value: ['none'], provenance: provenanceOf(security) }, needsReview }
  return { methods: null, needsReview: [...needsReview, unknown] }
}

const unknown = 'the document does not say how the client authenticates'

interface Scheme {
  readonly name: string
  /** `null`: the document has no such scheme. */
  readonly place: Place | null
}

/** The schemes that the requirements name. */
function schemesOf(document: Place, security: Place): readonly Scheme[] {
  const components = memberOf(document, 'components')
  const schemes = components === null ? null : memberOf(components, 'securitySchemes')
  const names = itemsOf(requireList(security, '`security`')).flatMap((requirement) =>
    membersOf(requirement).map(([name]) => name),
  )
  return [...new Set(names)].map((name) => {
    const scheme = schemes === null ? null : childOf(schemes, name)
    return { name, place: scheme === null ? null : follow(scheme) }
  })
}

interface SchemeReading {
  readonly method: 'client_secret_basic' | null
  readonly review: readonly string[]
}

function readScheme({ name, place }: Scheme): SchemeReading {
  if (place === null)
    return { method: null, review: [`the security scheme \`${name}\` is not in the document`] }
  const type = String(childOf(place, 'type')?.value)
  const scheme = String(childOf(place, 'scheme')?.value ?? '').toLowerCase()
  if (type === 'http' && scheme === 'basic') return { method: 'client_secret_basic', review: [] }
  const shown = type === 'http' ? `http ${scheme}` : type
  return {
    method: null,
    review: [
      `the request asks for the security scheme \`${name}\` (${shown}), which is no client authentication that is known`,
    ],
  }
}

function methodsOfBody(fields: readonly ImportedField[]): {
  readonly methods: readonly ClientAuthenticationMethod[]
  readonly provenance: Fact<unknown>['provenance'] | null
} {
  const named = (name: string) => fields.find(({ wireName }) => wireName === name)
  const secret = named('client_id') === undefined ? undefined : named('client_secret')
  const assertion = named('client_assertion_type') === undefined ? undefined : named('client_assertion')
  return {
    methods: [
      ...(secret === undefined ? [] : (['client_secret_post'] as const)),
      ...(assertion === undefined ? [] : (['private_key_jwt'] as const)),
    ],
    provenance: (secret ?? assertion)?.provenance.name ?? null,
  }
}

/** Whether a parameter is the header `Authorization` and is described as HTTP Basic. */
function isBasicHeader(parameter: Place): boolean {
  const name = childOf(parameter, 'name')?.value
  return (
    typeof name === 'string' &&
    name.toLowerCase() === 'authorization' &&
    /\bbasic\b/i.test(JSON.stringify(parameter.value))
  )
}
