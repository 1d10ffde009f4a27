// A variant of a service as one side of a diff. Its data is a schema: what it does not forbid it admits.
import type { FieldType, Provenance } from '../import/imported.ts'
import type { ParameterSchema } from '../service/json-schema.ts'
import { rules } from '../service/rules.ts'
import {
  clientAuthenticationOf,
  type GrantSchema,
  grantTypeOf,
  grantTypesOf,
  type Refusal,
  type Rule,
  type Service,
  type StandardParameter,
  type Variant,
  wireNameOf,
} from '../service/service.ts'
import { rfc6749 } from '../services/rfc6749/service.ts'
import { basePathOf } from './server-path.ts'
import type { ComparedFact, ComparedField, ComparedRefusal, Requirement, Subject } from './subject.ts'

/** What a variant says of its request and of the replies, with the data itself as the words of each fact. */
export function subjectOfVariant(service: Service, variant: Variant): Subject {
  const { document } = variant
  const authentication = clientAuthenticationOf(service, variant)
  return {
    origin: 'variant',
    label: variant.id,
    model: document.model,
    // The baseline is of no SDK.
    language: document.language === 'any' ? null : document.language,
    version: document.version,
    method: factOf(variant, ['POST'], '/endpoint', variant.endpoint),
    path: pathOf(service, variant),
    contentTypes: factOf(variant, variant.contentTypes, '/contentTypes', variant.contentTypes),
    clientAuthentication: {
      values: authentication.methods.toSorted(),
      provenance: provenanceOf(
        authentication.source.document,
        '/clientAuthentication/methods',
        authentication.methods,
      ),
    },
    request: parametersOf(variant),
    reply: Object.entries(variant.reply.schema.properties).map(([name, schema]) => {
      return replyMemberOf(variant, name, schema)
    }),
    headers: headersOf(variant),
    refusals: Object.entries(service.refusals)
      .filter(([reason]) => isOfTokenEndpoint(service, reason))
      .map(([reason, refusal]) => refusalOf(service, reason, refusal)),
  }
}

function provenanceOf(file: string, pointer: string, data: unknown): Provenance {
  return { file, pointer, words: JSON.stringify(data) }
}

function factOf(variant: Variant, values: readonly string[], pointer: string, data: unknown): ComparedFact {
  return {
    values: values.toSorted(),
    provenance: provenanceOf(variant.document.source.document, pointer, data),
  }
}

function pathOf(service: Service, variant: Variant): ComparedFact | null {
  const endpoint = service.endpoints[variant.endpoint]
  if (endpoint === undefined) return null
  const path = `${basePathOf(service.servers) ?? ''}${endpoint.path}`
  return factOf(variant, [path], '/endpoint', variant.endpoint)
}

/** One wire parameter, in the grants that have it. */
interface Occurrence {
  readonly grant: GrantSchema
  readonly schema: ParameterSchema
  readonly pointer: string
}

function parametersOf(variant: Variant): readonly ComparedField[] {
  const occurrences = new Map<string, Occurrence[]>()
  for (const [index, grant] of variant.request.oneOf.entries()) {
    for (const [name, schema] of Object.entries(grant.properties)) {
      const pointer = `/request/oneOf/${index}/properties/${escaped(name)}`
      const earlier = occurrences.get(name)
      if (earlier === undefined) occurrences.set(name, [{ grant, schema, pointer }])
      else earlier.push({ grant, schema, pointer })
    }
  }
  return [...occurrences].map(([name, found]) => parameterOf(variant, name, found))
}

/** @see RFC 6901 §4 */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function parameterOf(variant: Variant, name: string, found: readonly Occurrence[]): ComparedField {
  const schemas = found.map(({ schema }) => schema)
  const [first] = found
  return {
    ...fieldOf(name, schemas),
    sdkName: variant.document.language === 'any' ? null : (variant.documentedNames[name] ?? null),
    required: requirementOf(variant, name, found),
    provenance: provenanceOf(
      variant.document.source.document,
      first?.pointer ?? '',
      schemas.length === 1 ? first?.schema : schemas,
    ),
  }
}

function requirementOf(variant: Variant, name: string, found: readonly Occurrence[]): Requirement {
  const grantTypes = found
    .filter(({ grant }) => grant.required.includes(name))
    .map(({ grant }) => grantTypeOf(variant, grant))
  if (grantTypes.length === 0) return 'never'
  return grantTypes.length === grantTypesOf(variant).length ? 'always' : { grantTypes }
}

type SchemaFacts = Omit<ComparedField, 'sdkName' | 'required' | 'provenance'>

/** What the schemas admit together: a limit counts when all of them have one. */
function fieldOf(wireName: string, schemas: readonly ParameterSchema[]): SchemaFacts {
  const values = schemas.map(valuesOf)
  const patterns = new Set(schemas.map(({ pattern = null }) => pattern))
  const example = schemas.flatMap(({ examples = [] }) => examples)[0]
  const isKeyword = (keyword: string) => schemas.some((schema) => schema[keyword] === true)
  return {
    wireName,
    notation: null,
    type: commonOf(schemas.map(typeOf)),
    nullable: schemas.some((schema) => typesOf(schema).includes('null')),
    allowedValues: values.includes(null) ? null : [...new Set(values.flatMap((listed) => listed ?? []))],
    pattern: patterns.size === 1 ? ([...patterns][0] ?? null) : alternativesOf(patterns),
    minLength: boundOf(schemas, 'minLength', Math.min),
    maxLength: boundOf(schemas, 'maxLength', Math.max),
    example: example === undefined ? null : textOf(example),
    description: null,
    notSupported: false,
    deprecated: isKeyword('deprecated'),
  }
}

function alternativesOf(patterns: ReadonlySet<string | null>): string | null {
  return patterns.has(null) ? null : [...patterns].map((pattern) => `(?:${pattern})`).join('|')
}

function boundOf(
  schemas: readonly ParameterSchema[],
  keyword: 'minLength' | 'maxLength',
  chooseOf: (...bounds: number[]) => number,
): number | null {
  const bounds = schemas.map((schema) => schema[keyword])
  return bounds.every((bound) => typeof bound === 'number') ? chooseOf(...bounds) : null
}

function commonOf(types: readonly FieldType[]): FieldType {
  const [first = 'unknown', ...others] = new Set(types)
  return others.length === 0 ? first : 'unknown'
}

function typeOf(schema: ParameterSchema): FieldType {
  const [type, ...others] = typesOf(schema).filter((name) => name !== 'null')
  if (type !== undefined) return others.length === 0 ? type : 'unknown'
  return commonOf((constantsOf(schema) ?? []).map(typeOfValue))
}

function typesOf({ type = [] }: ParameterSchema): ReadonlyArray<FieldType | 'null'> {
  return typeof type === 'string' ? [type] : type
}

function typeOfValue(value: unknown): FieldType {
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value as 'string' | 'boolean'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return 'unknown'
}

function valuesOf(schema: ParameterSchema): readonly string[] | null {
  return constantsOf(schema)?.map(textOf) ?? null
}

function constantsOf(schema: ParameterSchema): readonly unknown[] | null {
  return Object.hasOwn(schema, 'const') ? [schema.const] : (schema.enum ?? null)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function replyMemberOf(variant: Variant, name: string, schema: ParameterSchema): ComparedField {
  const isRequired = variant.reply.schema.required.some((member) => member === name)
  return {
    ...fieldOf(name, [schema]),
    sdkName: null,
    required: isRequired ? 'always' : 'never',
    provenance: provenanceOf(
      variant.reply.source.document,
      `/reply/schema/properties/${escaped(name)}`,
      schema,
    ),
  }
}

function headersOf({ reply }: Variant): readonly ComparedField[] {
  return Object.entries(reply.headers ?? {}).map(([name, { pattern, example }]) => ({
    ...fieldOf(name, [{ type: 'string', pattern, examples: [example] }]),
    sdkName: null,
    required: 'always',
    provenance: provenanceOf(reply.source.document, `/reply/headers/${escaped(name)}`, { pattern, example }),
  }))
}

/** Refusals by rules that a mock needs for requests that no document speaks of. */
const transport: ReadonlySet<string> = new Set(
  [
    'documented-path',
    'rfc6749-3.2-post',
    'rfc9110-9.3.1-get',
    'request-rate',
    'body-size',
    'documented-content-type',
  ].flatMap((id) => (id in rules ? rules[id as keyof typeof rules].refusal : [])),
)

/** Those of calls with a token. @see RFC 6750 §3.1 */
const ofProtectedRoutes: ReadonlySet<string> = new Set(
  Object.entries(rules).flatMap(([id, { refusal }]) => (id.startsWith('rfc6750-') ? [refusal] : [])),
)

/** A refusal that only rules on parameters of other endpoints name (`token` of a revocation) is none of a token request. */
function isOfTokenEndpoint(service: Service, reason: string): boolean {
  if (ofProtectedRoutes.has(reason)) return false
  const own = Object.values(service.rules).filter(({ refusal }) => refusal === reason)
  if (own.length === 0 || Object.values<Rule>(rules).some(({ refusal }) => refusal === reason)) return true
  return own.some(({ when }) => when === undefined || isTokenParameter(service, when.parameter))
}

function isTokenParameter({ variants }: Service, parameter: string): boolean {
  return variants.some((variant) =>
    variant.request.oneOf.some(({ properties }) => wireNameIn(variant, parameter) in properties),
  )
}

function wireNameIn(variant: Variant, parameter: string): string {
  return wireNameOf(variant, parameter as StandardParameter)
}

/** Whether it is the mock's own, or the RFC's where the service's documents say none. */
function isStandIn(service: Service, reason: string, refusal: Refusal): boolean {
  if (Object.values(service.rules).some((rule) => rule.refusal === reason)) return false
  if (service.id === rfc6749.id) return transport.has(reason)
  const standard = (rfc6749.refusals as Service['refusals'])[reason]
  return transport.has(reason) || JSON.stringify(standard) === JSON.stringify(refusal)
}

/** The reason tells refusals of one status apart. */
function refusalOf(service: Service, reason: string, refusal: Refusal): ComparedRefusal {
  const pointer = `/refusals/${escaped(reason)}`
  const exact = refusal.contract?.exact ?? []
  return {
    name: `${reason} ${refusal.status}`,
    status: refusal.status,
    ...(refusal.contract?.orStatus !== undefined && { orStatus: refusal.contract.orStatus }),
    ...(isStandIn(service, reason, refusal) && { isStandIn: true }),
    members: Object.entries(refusal.body ?? {}).map(([name, value]) => ({
      ...fieldOf(name, [{ type: typeof value === 'number' ? 'integer' : 'string', examples: [value] }]),
      allowedValues: exact.includes(name) ? [String(value)] : null,
      sdkName: null,
      required: 'always',
      provenance: provenanceOf(service.source.document, `${pointer}/body/${escaped(name)}`, value),
    })),
    provenance: provenanceOf(service.source.document, pointer, refusal),
  }
}
