// The fields of a page as the JSON Schemas of a variant's request: one per grant. What a page leaves open is not narrowed.
import { generateParameters } from '../fixture/generate.ts'
import { scopePattern } from '../oauth/scope.ts'
import type { ContentType } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import type { ParameterSchema } from '../service/json-schema.ts'
import type { GrantSchema, RequestSchema, StandardParameter } from '../service/service.ts'
import type { FieldType, ImportedDocument, ImportedField } from './imported.ts'

/** What a person says of a request beside its page. */
export interface RequestFacts {
  /** Default: the allowed values of the grant type. */
  readonly grantTypes?: readonly string[] | undefined
  /** JSON sends numbers as such; a form has strings alone. Default: a form. */
  readonly contentTypes?: readonly ContentType[] | undefined
}

const standardParameters: readonly StandardParameter[] = [
  'grant_type',
  'client_id',
  'client_secret',
  'username',
  'password',
  'refresh_token',
  'scope',
]

/** What the text of a value that is no string looks like in a form. */
const texts: Readonly<Partial<Record<FieldType, string>>> = {
  integer: '^-?\\d+$',
  number: '^-?\\d+(\\.\\d+)?([Ee][+-]?\\d+)?$',
  boolean: '^(true|false)$',
}

/** The fields that can be parameters, the first of each name. */
export function fieldsOf({ fields }: Pick<ImportedDocument, 'fields'>): readonly ImportedField[] {
  const first = new Map<string, ImportedField>()
  for (const field of fields) {
    if (isParameterName(field.wireName) && !first.has(field.wireName)) first.set(field.wireName, field)
  }
  return [...first.values()]
}

/** Whether a name can be sent: a form spells UTF-8, and an object has one of these names already. */
export function isParameterName(name: string): boolean {
  return name !== '' && name.isWellFormed() && name !== '__proto__'
}

/** The wire names of standard parameters that are spelled in the page's own way: `grantType` for `grant_type`. */
export function ownNamesOf(fields: readonly ImportedField[]): Readonly<Record<string, string>> {
  const names = new Set(fields.map(({ wireName }) => wireName))
  return Object.fromEntries(
    standardParameters.flatMap((standard) => {
      if (names.has(standard)) return []
      const spelled = [...names].find((name) => foldName(name) === foldName(standard))
      return spelled === undefined ? [] : [[standard, spelled]]
    }),
  )
}

/** The wire name of a standard parameter on a page. */
export function nameOn(fields: readonly ImportedField[], standard: StandardParameter): string {
  return ownNamesOf(fields)[standard] ?? standard
}

function foldName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}

/**
 * The grants of a request: those that a person states, or those that the page allows.
 *
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID` when nobody says which
 */
export function grantTypesOf(
  document: Pick<ImportedDocument, 'file' | 'model' | 'fields'>,
  stated: readonly string[] = [],
): readonly string[] {
  const fields = fieldsOf(document)
  const name = nameOn(fields, 'grant_type')
  const field = fields.find(({ wireName }) => wireName === name)
  const grantTypes = stated.length > 0 ? stated : (field?.allowedValues ?? [])
  if (grantTypes.length > 0) return [...new Set(grantTypes)]
  const received = field === undefined ? `no field "${name}"` : `"${field.name}" without any`
  const line = field?.provenance.name?.line
  throw new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${document.file}${line === undefined ? '' : `:${line}`}: expected the values that the grant type of ${document.model} allows, received ${received}; next: say which with --grant, such as --grant client_credentials`,
  )
}

/**
 * One schema per grant: fields in documented order, required always or for that grant, and credentials that HTTP Basic may
 * carry both in the body or neither.
 *
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID` where the grants are unknown
 */
export function requestSchemaOf(
  document: Pick<ImportedDocument, 'file' | 'model' | 'fields'>,
  facts: RequestFacts = {},
): RequestSchema {
  const fields = fieldsOf(document)
  const [first = '', ...others] = grantTypesOf(document, facts.grantTypes)
  const grantOf = (grantType: string) => grantSchemaOf(fields, grantType, facts)
  return { oneOf: [grantOf(first), ...others.map(grantOf)] }
}

function grantSchemaOf(
  fields: readonly ImportedField[],
  grantType: string,
  { contentTypes = [] }: RequestFacts,
): GrantSchema {
  const name = nameOn(fields, 'grant_type')
  const known = fields.some(({ wireName }) => wireName === name)
  const hasJson = contentTypes.includes('application/json')
  const properties = fields.map((field): [string, ParameterSchema] => [
    field.wireName,
    field.wireName === name ? { const: grantType } : parameterSchemaOf(field, hasJson),
  ])
  const dependentRequired = togetherOf(fields)
  return {
    type: 'object',
    properties: Object.fromEntries(known ? properties : [[name, { const: grantType }], ...properties]),
    required: [
      ...(known ? [] : [name]),
      ...fields
        .filter((field) => field.wireName === name || isRequired(field, name, grantType))
        .map((field) => field.wireName),
    ],
    ...(dependentRequired && { dependentRequired }),
    additionalProperties: false,
  }
}

function isRequired({ required, requiredWhen }: ImportedField, name: string, grantType: string): boolean {
  if (requiredWhen !== null) return requiredWhen.parameter === name && requiredWhen.value === grantType
  return required === true
}

/** Id and secret are both in the body, or both in HTTP Basic. */
function togetherOf(fields: readonly ImportedField[]): GrantSchema['dependentRequired'] {
  const id = fields.find(({ httpBasic }) => httpBasic === 'username')
  const secret = fields.find(({ httpBasic }) => httpBasic === 'password')
  if (id === undefined || secret === undefined || id.required === true || secret.required === true)
    return undefined
  return { [id.wireName]: [secret.wireName], [secret.wireName]: [id.wireName] }
}

/** The schema of one parameter; `hasJson`: its value may come as JSON has it. */
function parameterSchemaOf(field: ImportedField, hasJson: boolean): ParameterSchema {
  const { allowedValues, type } = field
  const [only, ...others] = allowedValues ?? []
  const deprecated = field.deprecated ? { deprecated: true } : {}
  if (only !== undefined && others.length === 0 && (type === 'string' || type === 'unknown'))
    return { const: only, ...deprecated }
  const schema = {
    ...typeSchemaOf(field, hasJson),
    ...(allowedValues !== null && { enum: valuesOf(field, hasJson) }),
    ...deprecated,
  }
  const example = exampleOf(field, schema)
  return example === undefined ? schema : { ...schema, examples: [example] }
}

function typeSchemaOf(field: ImportedField, hasJson: boolean): ParameterSchema {
  const { type, maxLength } = field
  const text = texts[type]
  if (text !== undefined) return { type: hasJson ? ['string', type as 'integer'] : 'string', pattern: text }
  // What such a value consists of stands on another page.
  if ((type === 'array' || type === 'object') && hasJson) return {}
  const pattern = patternOf(field)
  return {
    type: 'string',
    ...(field.allowedValues === null && { minLength: field.minLength ?? 1 }),
    ...(maxLength !== null && { maxLength }),
    ...(pattern !== undefined && { pattern }),
  }
}

/** The pattern of a field; a broken one says nothing. */
function patternOf({
  pattern,
  isSpaceDelimited,
  wireName,
  allowedValues,
}: ImportedField): string | undefined {
  if (pattern !== null && isPattern(pattern)) return pattern
  const isList = isSpaceDelimited || wireName === 'scope'
  return isList && allowedValues === null ? scopePattern : undefined
}

/** Whether a text is a regular expression that JSON Schema can use. */
export function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u')
    return true
  } catch {
    return false
  }
}

function valuesOf({ type, allowedValues }: ImportedField, hasJson: boolean): readonly unknown[] {
  const values = allowedValues ?? []
  if (!hasJson || texts[type] === undefined) return values
  return [...values, ...values.map((value) => (type === 'boolean' ? value === 'true' : Number(value)))]
}

/** The documented example, unless it breaks what else is documented; then one of our own making. */
function exampleOf(field: ImportedField, schema: ParameterSchema): string | undefined {
  const { wireName, example, maxLength } = field
  const made = `example-${wireName.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
  const plain = [made, 'read write', 'example', '1', 'true']
  const shortened = plain.map((text) => text.slice(0, maxLength ?? undefined))
  const candidates = [example, field.default, ...(field.allowedValues ?? []), ...shortened]
  return (
    candidates.map((value) => (value === null ? '' : String(value))).find((text) => fits(text, schema)) ??
    generated(wireName, schema)
  )
}

function generated(name: string, schema: ParameterSchema): string | undefined {
  const grant = { properties: { [name]: schema }, required: [name] } as unknown as GrantSchema
  try {
    return [1, 2, 3]
      .map((seed) => generateParameters(grant, seed)[name] ?? '')
      .find((text) => fits(text, schema))
  } catch {
    return undefined
  }
}

/** Without the flag `u` wherever it makes no difference: only then V8 can go over to matching in linear time. */
function regExpOf(pattern: string): RegExp {
  return new RegExp(pattern, /\\[pPuk]|[^\x20-\x7e]/.test(pattern) ? 'u' : '')
}

/** Whether a text keeps the keywords that are written here. */
function fits(text: string, { pattern, minLength, maxLength, enum: values }: ParameterSchema): boolean {
  const length = [...text].length
  return (
    length >= Math.max(1, Number(minLength ?? 1)) &&
    length <= Number(maxLength ?? Number.POSITIVE_INFINITY) &&
    (pattern === undefined || regExpOf(pattern).test(text)) &&
    (values === undefined || values.includes(text))
  )
}
