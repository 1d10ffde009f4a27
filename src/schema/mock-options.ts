// The options of the mock that are plain values, checked before they are used: a configuration file has no types.
import { scopePattern } from '../oauth/scope.ts'
import { signingAlgorithms } from '../oauth/words.ts'
import { requireOption } from './option.ts'

const text = { type: 'string', minLength: 1 } as const

/** How access tokens are made. */
export const accessTokensSchema = {
  type: 'object',
  properties: {
    format: { enum: ['opaque', 'jwt'] },
    alg: { enum: signingAlgorithms },
    key: { type: 'object', properties: { kty: text, kid: text }, required: ['kty'] },
    seed: text,
    audience: { anyOf: [text, { type: 'array', minItems: 1, items: text }] },
    claims: { type: 'object' },
  },
  required: ['format'],
  additionalProperties: false,
} as const

/** Stub routes behind a bearer token. */
export const protectSchema = {
  type: 'array',
  items: {
    anyOf: [
      { type: 'string', pattern: '^/[^?#]*$' },
      {
        type: 'object',
        properties: {
          path: { type: 'string', pattern: '^/[^?#]*$' },
          scope: { ...text, pattern: scopePattern },
          status: { type: 'integer', minimum: 200, maximum: 599 },
          body: {},
        },
        required: ['path'],
        additionalProperties: false,
      },
    ],
  },
} as const

/** By service and option, the chosen value. */
export const optionsSchema = {
  type: 'object',
  additionalProperties: { type: 'object', additionalProperties: text },
} as const

/** Sequences of outcomes, by name. */
export const scenariosSchema = {
  type: 'object',
  propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]*$' },
  additionalProperties: text,
} as const

const schemas = {
  accessTokens: accessTokensSchema,
  protect: protectSchema,
  options: optionsSchema,
  scenarios: scenariosSchema,
} as const

/** @throws {TokenwrightError} `ERR_OPTION_INVALID`; the message holds no value */
export function requireSoundOptions(options: { readonly [name in keyof typeof schemas]?: unknown }): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const value = options[name as keyof typeof schemas]
    if (value !== undefined) requireOption(name, schema, value)
  }
}
