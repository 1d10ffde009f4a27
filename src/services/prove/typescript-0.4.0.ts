// The form request with the five members of the early reply.
import { defineVariant } from '../../service/service.ts'
import { replyWithRefresh } from './reply.ts'
import { request } from './request.ts'

export const typescript040 = defineVariant({
  id: 'prove/typescript-0.4.0',
  document: {
    sdk: 'Prove TypeScript SDK',
    language: 'TypeScript',
    version: '0.4.0',
    versions: '0.4.0 to 0.5.0',
    model: 'V3TokenRequest',
    source: {
      document: 'Prove TypeScript SDK 0.4.0, docs/models/components/v3tokenrequest.md',
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
