// The first documented shape: a password grant, in JSON, at /v3/token.
import { defineVariant } from '../../service/service.ts'
import { replyWithRefresh } from './reply.ts'

const read = '2026-11-21'

export const go021 = defineVariant({
  id: 'prove/go-0.2.1',
  document: {
    sdk: 'Prove Go SDK',
    language: 'Go',
    version: '0.2.1',
    versions: '0.2.1 to 0.2.3',
    model: 'V3TokenRequest',
    source: { document: 'Prove Go SDK 0.2.1, docs/models/components/v3tokenrequest.md', read },
  },
  documentedNames: {
    client_id: 'ClientID',
    grant_type: 'GrantType',
    password: 'Password',
    username: 'Username',
  },
  endpoint: 'v3_token',
  contentTypes: ['application/json'],
  clientAuthentication: {
    methods: [],
    chosenBy: 'request',
    several: 'accepted',
    otherSchemes: 'ignored',
    basicSpelling: 'form',
    source: {
      document: 'Prove Go SDK 0.2.1, V3TokenRequest: an optional client id and no client secret',
      read,
    },
  },
  request: {
    oneOf: [
      {
        type: 'object',
        properties: {
          client_id: { type: 'string', minLength: 1, examples: ['customer_id'] },
          grant_type: { const: 'password' },
          password: { type: 'string', minLength: 1, examples: ['password'] },
          username: { type: 'string', minLength: 1, examples: ['jdoe'] },
        },
        required: ['grant_type', 'password', 'username'],
        additionalProperties: false,
      },
    ],
  },
  reply: replyWithRefresh,
})
