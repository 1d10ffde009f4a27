// The form request with the five members of the early reply.
import { defineVariant } from '../../service/service.ts'
import { replyWithRefresh } from './reply.ts'
import { request } from './request.ts'

export const java053 = defineVariant({
  id: 'prove/java-0.5.3',
  document: {
    sdk: 'Prove Java SDK',
    language: 'Java',
    version: '0.5.3',
    versions: '0.5.3 to 0.8.0',
    model: 'V3TokenRequest',
    source: {
      document: 'Prove Java SDK 0.5.3, docs/models/components/V3TokenRequest.md',
      read: '2026-11-21',
    },
  },
  serving: 'when_named',
  documentedNames: { client_id: 'clientId', client_secret: 'clientSecret', grant_type: 'grantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply: replyWithRefresh,
})
