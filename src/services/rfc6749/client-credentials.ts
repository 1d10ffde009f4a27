// RFC 6749 §4.4: the client asks for a token of its own.
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

export const clientCredentials = defineVariant({
  id: 'rfc6749/client_credentials',
  document: {
    sdk: 'RFC 6749',
    language: 'any',
    version: '4.4',
    versions: 'section 4.4',
    model: 'Access Token Request',
    source: { document: 'RFC 6749 §4.4.2', read },
  },
  documentedNames: names,
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request: {
    oneOf: [
      {
        type: 'object',
        properties: { grant_type: { const: 'client_credentials' }, client_id, client_secret, scope },
        required: ['grant_type'],
        dependentRequired,
        additionalProperties: false,
      },
    ],
  },
  reply: {
    schema: replySchema,
    headers: replyHeaders,
    members: { client_credentials: ['access_token', 'token_type', 'expires_in', 'scope'] },
    source: { document: 'RFC 6749 §4.4.3, §5.1', read },
  },
})
