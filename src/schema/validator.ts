// JSON Schema to a validator whose violations can be shown to anyone: they name parameters, never values.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { plainRegExp } from './pattern.ts'

/** One way in which a value breaks its schema. */
export interface Violation {
  /** JSON pointer to the member, also where it is missing. @see RFC 6901 */
  readonly pointer: string
  /** The member's name; empty for the value as a whole. */
  readonly parameter: string
  /** The JSON Schema keyword that is violated. */
  readonly keyword: string
  readonly expected: string
  readonly received: string
}

/** Gives every violation of a value; an empty list when it is valid. */
export type Validator = (value: unknown) => readonly Violation[]

const noViolations: readonly Violation[] = []
const strictOptions = {
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  verbose: true,
} as const
// Compiling the meta-schema would take longer than all else before the first token. The schemas of services are held
// against it by `requireValidSchema`, the built-in ones in the tests and others when they are first seen.
const options = { ...strictOptions, meta: false, validateSchema: false, code: { regExp: plainRegExp } }
const ajv = new Ajv2020(options)
let carefulAjv: Ajv2020 | undefined

/**
 * A missing `constructor` is missing, though every object has one: to look for members of its own alone takes time, which
 * schemas without such a name need not.
 */
function ajvFor(schema: object): Ajv2020 {
  if (!inheritedName.test(JSON.stringify(schema))) return ajv
  carefulAjv ??= new Ajv2020({ ...options, ownProperties: true })
  return carefulAjv
}

const inheritedName = new RegExp(`"(${Object.getOwnPropertyNames(Object.prototype).join('|')})"`)

const compiled = new WeakMap<object, Validator>()

/** The validator of a schema, compiled when first used. JSON Schema 2020-12. */
export function validatorOf(schema: object): Validator {
  let validator = compiled.get(schema)
  if (validator === undefined) {
    let validate: ValidateFunction | undefined
    validator = (value) => {
      validate ??= ajvFor(schema).compile(schema)
      return validate(value) ? noViolations : (validate.errors ?? []).map(violationOf)
    }
    compiled.set(schema, validator)
  }
  return validator
}

/** Throws when a value is not a JSON Schema 2020-12 that the validator can use. */
export function requireValidSchema(schema: object): void {
  new Ajv2020(strictOptions).compile(schema)
}

function violationOf(error: ErrorObject): Violation {
  const { keyword } = error
  const named: string | undefined = error.params.missingProperty ?? error.params.additionalProperty
  const pointer = named === undefined ? error.instancePath : `${error.instancePath}/${escapePointer(named)}`
  const parameter = named ?? unescapePointer(error.instancePath.split('/')[1] ?? '')
  if (keyword === 'required' || keyword === 'dependentRequired') {
    const properties = (error.parentSchema as { properties?: Record<string, unknown> }).properties
    return {
      pointer,
      parameter,
      keyword,
      expected: describeSchema(Object.entries(properties ?? {}).find(([name]) => name === parameter)?.[1]),
      received: 'nothing',
    }
  }
  if (keyword === 'additionalProperties') {
    return { pointer, parameter, keyword, expected: 'no such parameter', received: 'one' }
  }
  const received = receivedAs[keyword]?.(error.data) ?? 'a value of another form'
  return { pointer, parameter, keyword, expected: describeSchema(error.parentSchema), received }
}

const receivedAs: Readonly<Record<string, (value: unknown) => string>> = {
  type: describeValue,
  const: describeValue,
  enum: describeValue,
  minLength: (value) => (value === '' ? 'an empty one' : 'a shorter one'),
  maxLength: () => 'a longer one',
  minimum: (value) => `${value}`,
  maximum: (value) => `${value}`,
  minItems: (value) => ((value as unknown[]).length === 0 ? 'an empty one' : 'a shorter one'),
  pattern: () => 'a string of another form',
}

function describeSchema(schema: unknown): string {
  const {
    const: only,
    enum: several,
    type,
    pattern,
    minLength,
    maxLength,
    minimum,
    maximum,
    minItems,
  } = (schema ?? {}) as Record<string, unknown>
  if (only !== undefined) return JSON.stringify(only)
  if (Array.isArray(several)) return `one of ${several.map((value) => JSON.stringify(value)).join(', ')}`
  const parts = [
    pattern === undefined ? '' : `matching ${String(pattern)}`,
    typeof minLength === 'number' && minLength > 1 ? `of at least ${minLength} characters` : '',
    typeof maxLength === 'number' ? `of at most ${maxLength} characters` : '',
    describeRange(minimum, maximum),
    typeof minItems === 'number' ? `of at least ${minItems} ${minItems === 1 ? 'item' : 'items'}` : '',
  ].filter((part) => part !== '')
  return [typeof type === 'string' ? withArticle(type) : 'a value', ...parts].join(' ')
}

function describeRange(minimum: unknown, maximum: unknown): string {
  if (typeof minimum === 'number' && typeof maximum === 'number') return `from ${minimum} to ${maximum}`
  if (typeof minimum === 'number') return `of at least ${minimum}`
  return typeof maximum === 'number' ? `of at most ${maximum}` : ''
}

function describeValue(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'string' ? 'another string' : withArticle(typeof value)
}

function withArticle(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}
