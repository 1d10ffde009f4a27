// RFC 6749 §6: the client trades a refresh token for a new access token.
import { defineVariant } from '../../service/service.ts'
import {
  client_id,
  client_secret,
  dependentRequired,
  names,
  read,
  replyHeaders,
  replySchema,
  scope,
} from './parameters.ts'

export const refreshToken = defineVariant({
  id: 'rfc6749/refresh_token',
  document: {
    sdk: 'RFC 6749',
    language: 'any',
    version: '6',
    versions: 'section 6',
    model: 'Refreshing an Access Token',
    source: { document: 'RFC 6749 §6', read },
  },
  documentedNames: names,
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request: {
    oneOf: [
      {
        type: 'object',
        properties: {
          grant_type: { const: 'refresh_token' },
          refresh_token: {
            type: 'string',
            minLength: 1,
            pattern: '^[ -~]+$',
            examples: ['example-refresh-token'],
          },
          client_id,
          client_secret,
          scope,
        },
        required: ['grant_type', 'refresh_token'],
        dependentRequired,
        additionalProperties: false,
      },
    ],
  },
  reply: {
    schema: replySchema,
    headers: replyHeaders,
    members: { refresh_token: ['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope'] },
    source: { document: 'RFC 6749 §6, §5.1', read },
  },
})
