// The form request in its first wording, since the reply's refresh members are optional.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { request } from './request.ts'

export const java090 = defineVariant({
  id: 'prove/java-0.9.0',
  document: {
    sdk: 'Prove Java SDK',
    language: 'Java',
    version: '0.9.0',
    versions: '0.9.0 to 0.14.0',
    model: 'V3TokenRequest',
    source: {
      document: 'Prove Java SDK 0.9.0, docs/models/components/V3TokenRequest.md',
      read: '2026-11-21',
    },
  },
  documentedNames: { client_id: 'clientId', client_secret: 'clientSecret', grant_type: 'grantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply,
})
