// The form request as the Java SDK documents it since June 2025.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { request } from './request.ts'

export const java0150 = defineVariant({
  id: 'prove/java-0.15.0',
  document: {
    sdk: 'Prove Java SDK',
    language: 'Java',
    version: '0.15.0',
    versions: '0.15.0 to 0.17.0, 0.18.0 and later',
    model: 'V3TokenRequest',
    source: {
      document: 'Prove Java SDK 0.15.0, docs/models/components/V3TokenRequest.md',
      read: '2026-11-21',
    },
  },
  documentedNames: { client_id: 'clientId', client_secret: 'clientSecret', grant_type: 'grantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply,
})
