// One option of the mock against its schema: a configuration file has no types, and a value may be no JSON at all.
import { TokenwrightError } from '../service/error.ts'
import { formatViolation } from './request.ts'
import { validatorOf } from './validator.ts'

/**
 * Refuses a value that breaks its schema, or that cannot be written as JSON.
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`; the message holds no value
 */
export function requireOption(name: string, schema: object, value: unknown): void {
  // To compile a schema takes a good part of a start, and the empty value of a kind keeps every one of ours.
  if (isEmpty(schema, value)) return
  const [violation] = validatorOf(schema)(value)
  if (violation !== undefined) throw invalid(`${name}${violation.pointer}: ${formatViolation(violation)}`)
  try {
    JSON.stringify(value)
  } catch {
    // Not the cause: it may quote a value. Claims and bodies are written as JSON when a request is answered.
    throw invalid(`${name}: expected JSON values, received a number or a structure that JSON does not have`)
  }
}

function invalid(problem: string): TokenwrightError {
  return new TokenwrightError('ERR_OPTION_INVALID', problem)
}

function isEmpty(schema: object, value: unknown): boolean {
  const { type, required = [] } = schema as { readonly type?: string; readonly required?: readonly string[] }
  if (type === 'array') return Array.isArray(value) && value.length === 0
  const isPlain = Object.getPrototypeOf(value ?? 0) === Object.prototype
  return type === 'object' && isPlain && required.length === 0 && Object.keys(value as object).length === 0
}
