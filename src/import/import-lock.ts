// `import.lock.json`, beside the files of an imported service: what was read, when, and what was generated of it, so that a
// new import tells what a person added from what a page changed.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { validatorOf } from '../schema/validator.ts'
import { TokenwrightError } from '../service/error.ts'
import { folderErrorOf } from './folder-error.ts'
import type { ReadSource } from './stated.ts'

/** The lock's file name. */
export const importLockName = 'import.lock.json'

/** What one file gave, with the state that it had. */
export interface LockedSource extends ReadSource {
  /** Of its bytes as UTF-8, in hexadecimal. */
  readonly sha256: string
}

/** What the lock file holds. */
export interface ImportLock {
  readonly version: 1
  readonly service: { readonly id: string; readonly title?: string | undefined }
  /** The module that the files define by. */
  readonly defineFrom: string
  readonly sources: readonly LockedSource[]
  /** By file name, the text that was generated last. */
  readonly files: Readonly<Record<string, string>>
}

const text = { type: 'string' } as const
const texts = { type: 'array', items: text } as const
const orNull = <T extends object>(type: T) => ({ anyOf: [type, { type: 'null' }] }) as const
const provenance = {
  type: 'object',
  properties: { file: text, line: { type: 'integer' }, pointer: text, words: text },
  required: ['file', 'words'],
} as const
const scalar = { type: ['string', 'number', 'boolean', 'null'] } as const
const factOf = <T extends object>(value: T) =>
  orNull({ type: 'object', properties: { value, provenance }, required: ['value', 'provenance'] })

/** @see {@link ImportedField} */
const field = {
  type: 'object',
  properties: {
    name: text,
    wireName: text,
    confidence: { enum: ['certain', 'high', 'medium', 'low'] },
    type: { enum: ['string', 'integer', 'number', 'boolean', 'array', 'object', 'unknown'] },
    required: { type: ['boolean', 'null'] },
    requiredWhen: orNull({
      type: 'object',
      properties: { parameter: text, value: text },
      required: ['parameter', 'value'],
    }),
    allowedValues: orNull(texts),
    example: scalar,
    default: scalar,
    pattern: orNull(text),
    minLength: { type: ['number', 'null'] },
    maxLength: { type: ['number', 'null'] },
    isSpaceDelimited: { type: 'boolean' },
    httpBasic: { enum: ['username', 'password', null] },
    notSupported: { type: 'boolean' },
    deprecated: { type: 'boolean' },
    provenance: { type: 'object', additionalProperties: provenance },
    needsReview: texts,
  },
  required: [
    'name',
    'wireName',
    'type',
    'required',
    'requiredWhen',
    'allowedValues',
    'example',
    'default',
    'pattern',
    'minLength',
    'maxLength',
    'isSpaceDelimited',
    'httpBasic',
    'notSupported',
    'deprecated',
    'provenance',
    'needsReview',
  ],
} as const
const fields = { type: 'array', items: field } as const

/** What drafting a service reads of an {@link ImportedDocument}. */
const document = {
  type: 'object',
  properties: {
    file: text,
    format: { enum: ['markdown', 'openapi'] },
    model: text,
    role: { enum: ['request', 'reply', 'refusal', 'values', 'other'] },
    language: orNull(text),
    fields,
    operation: orNull(text),
    wire: {
      type: 'object',
      properties: {
        servers: factOf(texts),
        method: factOf(text),
        path: factOf(text),
        contentTypes: factOf(texts),
        clientAuthentication: factOf(texts),
      },
      required: ['servers', 'method', 'path', 'contentTypes', 'clientAuthentication'],
    },
    status: { type: ['integer', 'null'] },
    headers: fields,
    usage: {
      type: 'array',
      items: {
        type: 'object',
        properties: { values: { type: 'object', additionalProperties: text }, provenance },
        required: ['values', 'provenance'],
      },
    },
    provenance,
    needsReview: texts,
  },
  required: [
    'file',
    'format',
    'model',
    'role',
    'language',
    'fields',
    'operation',
    'wire',
    'status',
    'headers',
    'usage',
    'provenance',
    'needsReview',
  ],
} as const
const stated = {
  type: 'object',
  properties: {
    path: text,
    contentTypes: {
      type: 'array',
      items: { enum: ['application/x-www-form-urlencoded', 'application/json'] },
    },
    clientAuthentication: texts,
    grantTypes: texts,
    servers: texts,
    language: text,
    sdk: text,
    version: text,
    variant: text,
  },
} as const
const shape = {
  type: 'object',
  properties: {
    version: { const: 1 },
    service: { type: 'object', properties: { id: text, title: text }, required: ['id'] },
    defineFrom: text,
    sources: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          file: text,
          read: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
          sha256: text,
          stated,
          documents: { type: 'array', items: document },
        },
        required: ['file', 'read', 'sha256', 'stated', 'documents'],
      },
    },
    // No name leads out of the folder.
    files: {
      type: 'object',
      propertyNames: { pattern: '^[a-z0-9][a-z0-9._-]*\\.ts$' },
      additionalProperties: text,
    },
  },
  required: ['version', 'service', 'defineFrom', 'sources', 'files'],
} as const

/**
 * The lock of a folder; `undefined` when the folder is empty or not there.
 *
 * @throws {TokenwrightError} `ERR_IMPORT_CONFLICT` when the folder holds what no import wrote, or the lock is malformed;
 *   `ERR_OPTION_INVALID` when it cannot be read
 */
export function readImportLock(folder: string): ImportLock | undefined {
  try {
    return lockOf(folder)
  } catch (cause) {
    throw folderErrorOf(folder, cause)
  }
}

function lockOf(folder: string): ImportLock | undefined {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  if (!found.isDirectory())
    throw conflict(`expected a folder at ${folder}, received a file; next: name another with --out`)
  const file = join(folder, importLockName)
  if (existsSync(file)) return parseLock(file)
  const others = readdirSync(folder).filter((name) => !name.startsWith('.'))
  if (others.length === 0) return undefined
  throw conflict(
    `expected ${folder} to be empty or to hold ${importLockName}, received ${others.slice(0, 3).join(', ')} without it; next: import into a folder of its own`,
  )
}

function parseLock(file: string): ImportLock {
  const lock = parseJson(file)
  const [violation] = validatorOf(shape)(lock)
  if (violation === undefined) return lock as ImportLock
  throw malformed(file, `at ${violation.pointer || '/'} expected ${violation.expected}`)
}

function parseJson(file: string): unknown {
  const text = readFileSync(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw malformed(file, 'it is not JSON')
  }
}

function malformed(file: string, why: string): TokenwrightError {
  return conflict(`${file}: ${why}; next: restore it from version control, or import into a new folder`)
}

function conflict(message: string): TokenwrightError {
  return new TokenwrightError('ERR_IMPORT_CONFLICT', message)
}

/** The lock as text; equal locks are equal texts. */
export function formatImportLock(lock: ImportLock): string {
  return `${JSON.stringify(lock, undefined, 2)}\n`
}
