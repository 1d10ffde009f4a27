// The second shape, for a day: two grants in one table, in JSON, at the path of a Keycloak realm.
import { defineVariant } from '../../service/service.ts'
import { replyWithRefresh } from './reply.ts'
import { transitionRequest } from './request.ts'

export const typescript031 = defineVariant({
  id: 'prove/typescript-0.3.1',
  document: {
    sdk: 'Prove TypeScript SDK',
    language: 'TypeScript',
    version: '0.3.1',
    versions: '0.3.1 to 0.3.4; the Go SDK 0.4.1 and 0.4.2, the Java SDK 0.4.2 to 0.4.5',
    model: 'V3TokenRequest',
    source: {
      document:
        'Prove TypeScript SDK 0.3.1, docs/models/components/v3tokenrequest.md: the description of the grant type allows password alone, its example is client_credentials',
      read: '2026-11-21',
    },
  },
  serving: 'when_named',
  documentedNames: {
    client_id: 'clientId',
    client_secret: 'clientSecret',
    grant_type: 'grantType',
    password: 'password',
    username: 'username',
  },
  endpoint: 'realm_token',
  contentTypes: ['application/json'],
  request: transitionRequest,
  reply: replyWithRefresh,
})
