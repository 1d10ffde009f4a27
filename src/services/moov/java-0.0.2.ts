// The request of Moov's first Java SDK, where scope had a plural of its own and credentials went by HTTP Basic alone.
import { scopePattern } from '../../oauth/scope.ts'
import { defineVariant } from '../../service/service.ts'

const read = '2026-11-21'

export const java002 = defineVariant({
  id: 'moov/java-0.0.2',
  document: {
    sdk: 'Moov Java SDK',
    language: 'Java',
    version: '0.0.2',
    versions: '0.0.2; the OpenAPI of 2024-11-26 to 2025-01-15',
    model: 'AuthTokenRequest',
    source: {
      document:
        'Moov Java SDK 0.0.2, docs/models/components/AuthTokenRequest.md; of the grants that it lists, refresh_token has no parameter for the token',
      read,
    },
  },
  serving: 'when_named',
  wireNames: { scope: 'scopes' },
  documentedNames: { grant_type: 'grantType', scopes: 'scopes' },
  endpoint: 'token',
  contentTypes: ['application/json'],
  clientAuthentication: {
    methods: ['client_secret_basic'],
    chosenBy: 'request',
    several: 'accepted',
    otherSchemes: 'ignored',
    basicSpelling: 'raw',
    source: {
      document:
        'Moov Java SDK 0.0.2, createAuthToken: a user name and a password, and no body parameter for them',
      read,
    },
  },
  request: {
    oneOf: [
      {
        type: 'object',
        properties: {
          grant_type: { const: 'client_credentials' },
          scopes: {
            type: 'string',
            minLength: 1,
            pattern: scopePattern,
            examples: ['/moov/support.read /moov/support.write'],
          },
        },
        required: ['grant_type', 'scopes'],
        additionalProperties: false,
      },
    ],
  },
  reply: {
    schema: {
      type: 'object',
      properties: {
        access_token: { type: 'string' },
        expires_in: { type: 'integer' },
        refresh_token: { type: 'string' },
        scope: { type: 'string' },
        token_type: { enum: ['opaque', 'jwt'], examples: ['opaque'] },
      },
      required: ['access_token', 'expires_in', 'refresh_token', 'scope', 'token_type'],
    },
    members: {
      client_credentials: ['access_token', 'expires_in', 'refresh_token', 'scope', 'token_type'],
    },
    source: { document: 'Moov Java SDK 0.0.2, docs/models/components/AccessToken.md', read },
  },
})
