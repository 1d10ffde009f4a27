// The request of Moov's Ruby SDK; the same shape stands in its SDKs of every language since 2025-01-21.
import { scopePattern } from '../../oauth/scope.ts'
import { defineVariant } from '../../service/service.ts'

const read = '2026-11-21'
const client_id = { type: 'string', minLength: 1, examples: ['5clTR_MdVrrkgxw2'] } as const
const client_secret = {
  type: 'string',
  minLength: 1,
  examples: ['dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-'],
} as const
const scope = {
  type: 'string',
  minLength: 1,
  pattern: scopePattern,
  examples: ['/accounts.read /accounts.write'],
} as const
const refresh_token = {
  type: 'string',
  minLength: 1,
  examples: ['eyJhbGc0eSI6TQSIsImN0kpXVCIsImtp6IkpXVsImtpZC0a...'],
} as const

/** Id and secret are both in the body, or both in HTTP Basic. */
const together = { client_id: ['client_secret'], client_secret: ['client_id'] } as const

export const ruby = defineVariant({
  id: 'moov/ruby',
  document: {
    sdk: 'Moov Ruby SDK',
    language: 'Ruby',
    version: '0.1.2',
    versions: '0.1.2 and later',
    model: 'AuthTokenRequest',
    source: { document: 'Moov Ruby SDK, docs/models/components/authtokenrequest.md', read },
  },
  documentedNames: {
    grant_type: 'grant_type',
    client_id: 'client_id',
    client_secret: 'client_secret',
    scope: 'scope',
    refresh_token: 'refresh_token',
  },
  endpoint: 'token',
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  request: {
    oneOf: [
      {
        type: 'object',
        properties: {
          client_id,
          client_secret,
          grant_type: { const: 'client_credentials' },
          refresh_token,
          scope,
        },
        required: ['grant_type', 'scope'],
        dependentRequired: together,
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: {
          client_id,
          client_secret,
          grant_type: { const: 'refresh_token' },
          refresh_token,
          scope,
        },
        required: ['grant_type', 'refresh_token'],
        dependentRequired: together,
        additionalProperties: false,
      },
    ],
  },
  reply: {
    schema: {
      type: 'object',
      properties: {
        token_type: { const: 'Bearer' },
        access_token: { type: 'string', maxLength: 4096 },
        refresh_token: { type: 'string', maxLength: 4096 },
        expires_in: { type: 'integer' },
        scope: { type: 'string' },
      },
      required: ['token_type', 'access_token', 'refresh_token', 'expires_in', 'scope'],
    },
    headers: {
      'x-request-id': {
        pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
        example: '00000000-0000-4000-8000-000000000000',
      },
    },
    members: {
      client_credentials: ['token_type', 'access_token', 'refresh_token', 'expires_in', 'scope'],
      refresh_token: ['token_type', 'access_token', 'refresh_token', 'expires_in', 'scope'],
    },
    source: { document: 'Moov OpenAPI, AuthToken', read },
  },
})
