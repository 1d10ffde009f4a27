// RFC 6749 §4.3: the client hands over a resource owner's name and password.
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

export const password = defineVariant({
  id: 'rfc6749/password',
  document: {
    sdk: 'RFC 6749',
    language: 'any',
    version: '4.3',
    versions: 'section 4.3',
    model: 'Access Token Request',
    source: { document: 'RFC 6749 §4.3.2', read },
  },
  documentedNames: names,
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request: {
    oneOf: [
      {
        type: 'object',
        properties: {
          grant_type: { const: 'password' },
          username: { type: 'string', minLength: 1, examples: ['example-user'] },
          password: { type: 'string', minLength: 1, examples: ['example-password'] },
          client_id,
          client_secret,
          scope,
        },
        required: ['grant_type', 'username', 'password'],
        dependentRequired,
        additionalProperties: false,
      },
    ],
  },
  reply: {
    schema: replySchema,
    headers: replyHeaders,
    members: { password: ['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope'] },
    source: { document: 'RFC 6749 §4.3.3, §5.1', read },
  },
})
