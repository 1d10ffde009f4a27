// The fields of a page as the JSON Schemas of a variant's request: one per grant. What a page leaves open is not narrowed.
import { generateParameters } from '../fixture/generate.ts'
import { scopePattern } from '../oauth/scope.ts'
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { plainRegExp } from '../schema/pattern.ts'
import { foldName } from '../schema/request.ts'
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
  /** What travels elsewhere than in the body is not required there. Default: the body carries whatever the page requires. */
  readonly clientAuthentication?: readonly ClientAuthenticationMethod[] | undefined
}

/** What each grant is nothing without. @see RFC 6749 §4.3.2, §6 */
const needed: Readonly<Record<string, readonly StandardParameter[]>> = {
  password: ['username', 'password'],
  refresh_token: ['refresh_token'],
}

/** What shows that a client is itself without a secret. @see RFC 7521 §4.2 */
const assertionNames: readonly string[] = ['client_assertion_type', 'client_assertion']

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
  if (stated.length > 0) {
    requireAllowed(document, field, stated)
    return [...new Set(stated)]
  }
  const grantTypes = field?.allowedValues ?? []
  if (grantTypes.length > 0) return [...new Set(grantTypes)]
  const received = field === undefined ? `no field "${name}"` : `"${field.name}" without any`
  const line = field?.provenance.name?.line
  throw new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${document.file}${line === undefined ? '' : `:${line}`}: expected the values that the grant type of ${document.model} allows, received ${received}; next: say which with --grant, such as --grant client_credentials`,
  )
}

/** A page that contradicts itself is decided by the person: its example is as good as its rule. */
function requireAllowed(
  { file }: Pick<ImportedDocument, 'file'>,
  field: ImportedField | undefined,
  stated: readonly string[],
): void {
  if (field === undefined || field.allowedValues === null) return
  const { allowedValues, example, default: standIn, provenance } = field
  const other = stated.find((grant) => ![...allowedValues, example, standIn].includes(grant))
  if (other === undefined) return
  const line = (provenance.allowedValues ?? provenance.name)?.line
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --grant to be among what ${file}${line === undefined ? '' : `:${line}`} allows (${allowedValues.join(', ')}), received ${JSON.stringify(other)}; next: state what the page allows, or correct the page`,
  )
}

/**
 * One schema per grant: fields in documented order, required always or for that grant, and credentials that HTTP Basic may
 * carry both in the body or neither. Of rules that no value keeps, what makes them so is left out.
 *
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID` where the grants are unknown
 */
export function requestSchemaOf(
  document: Pick<ImportedDocument, 'file' | 'model' | 'fields'>,
  facts: RequestFacts = {},
): RequestSchema {
  const fields = fieldsOf(document).map((field) => possibleOf(field, hasJson(facts)).field)
  const [first = '', ...others] = grantTypesOf(document, facts.grantTypes)
  const grantOf = (grantType: string) => grantSchemaOf(fields, grantType, facts)
  return { oneOf: [grantOf(first), ...others.map(grantOf)] }
}

function hasJson({ contentTypes = [] }: RequestFacts): boolean {
  return contentTypes.includes('application/json')
}

function grantSchemaOf(
  fields: readonly ImportedField[],
  grantType: string,
  facts: RequestFacts,
): GrantSchema {
  const name = nameOn(fields, 'grant_type')
  const known = new Set(fields.map(({ wireName }) => wireName))
  const own = neededFor(fields, grantType)
  const added = own.filter((parameter) => !known.has(parameter))
  const elsewhere = carriedElsewhere(fields, facts)
  const properties = fields.map((field): [string, ParameterSchema] => [
    field.wireName,
    field.wireName === name ? { const: grantType } : parameterSchemaOf(field, hasJson(facts)),
  ])
  const isNeeded = (field: ImportedField) =>
    field.wireName === name ||
    own.includes(field.wireName) ||
    (isRequired(field, name, grantType) && !elsewhere.includes(field.wireName))
  const dependentRequired = togetherOf(fields, facts)
  return {
    type: 'object',
    properties: Object.fromEntries([
      ...(known.has(name) ? [] : [[name, { const: grantType }] as const]),
      ...properties,
      ...added.map((parameter) => [parameter, exampleSchemaOf(parameter)] as const),
    ]),
    required: [
      ...(known.has(name) ? [] : [name]),
      ...fields.filter(isNeeded).map((field) => field.wireName),
      ...added,
    ],
    ...(dependentRequired && { dependentRequired }),
    additionalProperties: false,
  }
}

function exampleSchemaOf(name: string): ParameterSchema {
  return { type: 'string', minLength: 1, examples: [`example-${name.replaceAll('_', '-')}`] }
}

function isRequired({ required, requiredWhen }: ImportedField, name: string, grantType: string): boolean {
  if (requiredWhen !== null) return requiredWhen.parameter === name && requiredWhen.value === grantType
  return required === true
}

/** The wire names of what a grant is nothing without, whether or not the page requires or has them. */
export function neededFor(fields: readonly ImportedField[], grantType: string): readonly string[] {
  return Object.hasOwn(needed, grantType) ? (needed[grantType] ?? []).map((name) => nameOn(fields, name)) : []
}

/** The wire names of what no body has to carry: HTTP Basic does, an assertion takes its place, or nothing is shown. */
export function carriedElsewhere(
  fields: readonly ImportedField[],
  { clientAuthentication }: RequestFacts,
): readonly string[] {
  if (clientAuthentication === undefined) return []
  const [id, secret] = [nameOn(fields, 'client_id'), nameOn(fields, 'client_secret')]
  if (clientAuthentication.includes('client_secret_basic')) return [id, secret, ...assertionNames]
  return clientAuthentication.includes('client_secret_post') ? assertionNames : [secret, ...assertionNames]
}

/** Id and secret are both in the body, or both in HTTP Basic: the page says so, or requires them and takes both methods. */
function togetherOf(
  fields: readonly ImportedField[],
  { clientAuthentication = [] }: RequestFacts,
): GrantSchema['dependentRequired'] {
  const [idName, secretName] = [nameOn(fields, 'client_id'), nameOn(fields, 'client_secret')]
  const id = fields.find(({ wireName, httpBasic }) => httpBasic === 'username' || wireName === idName)
  const secret = fields.find(({ wireName, httpBasic }) => httpBasic === 'password' || wireName === secretName)
  if (id === undefined || secret === undefined) return undefined
  const takesBoth = (['client_secret_basic', 'client_secret_post'] as const).every((method) =>
    clientAuthentication.includes(method),
  )
  const isTold = id.required === true || secret.required === true ? takesBoth : isOfBasic(id, secret)
  return isTold ? { [id.wireName]: [secret.wireName], [secret.wireName]: [id.wireName] } : undefined
}

function isOfBasic(id: ImportedField, secret: ImportedField): boolean {
  return id.httpBasic === 'username' && secret.httpBasic === 'password'
}

/** The facts that narrow a value, in the order in which they are given up. */
const narrowing: ReadonlyArray<readonly [words: string, without: Partial<ImportedField>]> = [
  ['its pattern', { pattern: null }],
  ['its length', { minLength: null, maxLength: null }],
  ['its pattern and its length', { pattern: null, minLength: null, maxLength: null }],
]

/** A field without the rules that leave it no value, and what was left out in words. */
export function possibleOf(
  field: ImportedField,
  isInJson: boolean,
): { readonly field: ImportedField; readonly leftOut: string | undefined } {
  const hasValue = (candidate: ImportedField) => {
    const schema = parameterSchemaOf(candidate, isInJson)
    return schema.const !== undefined || schema.examples !== undefined
  }
  if (hasValue(field)) return { field, leftOut: undefined }
  for (const [leftOut, without] of narrowing) {
    const candidate = { ...field, ...without }
    if (hasValue(candidate)) return { field: candidate, leftOut }
  }
  return { field: { ...field, ...narrowing.at(-1)?.[1] }, leftOut: 'its rules' }
}

/** The schema of one parameter; `isInJson`: its value may come as JSON has it. */
function parameterSchemaOf(field: ImportedField, isInJson: boolean): ParameterSchema {
  const { allowedValues, type } = field
  const [only, ...others] = allowedValues ?? []
  const deprecated = field.deprecated ? { deprecated: true } : {}
  if (only !== undefined && others.length === 0 && (type === 'string' || type === 'unknown'))
    return { const: only, ...deprecated }
  const schema = {
    ...typeSchemaOf(field, isInJson),
    ...(allowedValues !== null && { enum: valuesOf(field, isInJson) }),
    ...deprecated,
  }
  const example = exampleOf(field, schema)
  return example === undefined ? schema : { ...schema, examples: [example] }
}

function typeSchemaOf(field: ImportedField, isInJson: boolean): ParameterSchema {
  const { type, maxLength } = field
  const text = texts[type]
  if (text !== undefined) return { type: isInJson ? ['string', type as 'integer'] : 'string', pattern: text }
  // What such a value consists of stands on another page.
  if ((type === 'array' || type === 'object') && isInJson) return {}
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

function valuesOf({ type, allowedValues }: ImportedField, isInJson: boolean): readonly unknown[] {
  const values = allowedValues ?? []
  if (!isInJson || texts[type] === undefined) return values
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

/** Whether a text keeps the keywords that are written here. */
function fits(text: string, { pattern, minLength, maxLength, enum: values }: ParameterSchema): boolean {
  const length = [...text].length
  return (
    length >= Math.max(1, Number(minLength ?? 1)) &&
    length <= Number(maxLength ?? Number.POSITIVE_INFINITY) &&
    (pattern === undefined || plainRegExp(pattern).test(text)) &&
    (values === undefined || values.includes(text))
  )
}
