// Clients and users that a mock is told of, checked before anyone can fail to authenticate by a slip in them.
import { scopePattern } from '../oauth/scope.ts'
import type { ClientMetadata, User } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'
import { requireOption } from './option.ts'

const text = { type: 'string', minLength: 1 } as const

/** Client metadata of RFC 7591 §2: a method that shows a secret needs one, and `none` has none to show. */
export const clientsSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      client_id: { description: 'The id that the client shows.', ...text },
      client_secret: { description: 'Absent for a public client.', ...text },
      grant_types: {
        description: 'The grants that the client may use. Default: every grant of the service.',
        type: 'array',
        items: text,
      },
      scope: {
        description:
          'The scopes that the client may ask for, space-delimited. Default: any scope of valid syntax.',
        ...text,
        pattern: scopePattern,
      },
      token_endpoint_auth_method: {
        description: 'The one method that the client may use. Default: any method of the service.',
        enum: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
      },
      jwks: {
        description: "The public keys that verify the client's assertions, as a JWK set.",
        type: 'object',
        properties: {
          keys: {
            type: 'array',
            minItems: 1,
            items: { type: 'object', properties: { kty: text }, required: ['kty'] },
          },
        },
        required: ['keys'],
      },
      origins: {
        description: "The domains that the client's requests come from. Default: any.",
        type: 'array',
        items: { ...text, pattern: '^[^\\s/:@]+$' },
      },
      accessTokenLifetimeSeconds: {
        description: "In seconds. Default: the service's.",
        type: 'integer',
        minimum: 1,
        maximum: 3_000_000_000,
      },
      refreshTokenLifetimeSeconds: {
        description: "In seconds. Default: the service's.",
        type: 'integer',
        minimum: 1,
        maximum: 3_000_000_000,
      },
      claims: { description: "Further claims of the client's access tokens.", type: 'object' },
    },
    required: ['client_id'],
    additionalProperties: false,
  },
} as const

/** Resource owners of the password grant. */
export const usersSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      username: { description: 'The name that the resource owner gives.', ...text },
      password: { description: 'The password that goes with it.', ...text },
    },
    required: ['username', 'password'],
    additionalProperties: false,
  },
} as const

/** @throws {TokenwrightError} `ERR_OPTION_INVALID`; the message holds no secret */
export function requireSoundRegistrations(clients: readonly ClientMetadata[], users: readonly User[]): void {
  requireOption('clients', clientsSchema, clients)
  requireOption('users', usersSchema, users)
  for (const [index, { client_secret, jwks, token_endpoint_auth_method: method }] of clients.entries()) {
    const showsSecret = method === 'client_secret_basic' || method === 'client_secret_post'
    if (method === 'private_key_jwt' && jwks === undefined) {
      throw invalid(`clients/${index}: expected jwks for ${method}, received none`)
    }
    if (jwks?.keys.some((key) => 'd' in key || 'k' in key)) {
      throw invalid(`clients/${index}/jwks: expected public keys, received a private or a secret one`)
    }
    if (showsSecret && client_secret === undefined) {
      throw invalid(`clients/${index}: expected a client_secret for ${method}, received none`)
    }
    if (method === 'none' && jwks !== undefined) {
      throw invalid(`clients/${index}: expected no jwks for the method none, received some`)
    }
    if (method === 'none' && client_secret !== undefined) {
      throw invalid(`clients/${index}: expected no client_secret for the method none, received one`)
    }
  }
}

function invalid(problem: string): TokenwrightError {
  return new TokenwrightError('ERR_OPTION_INVALID', problem)
}
