// The form request in its first wording, since the reply's refresh members are optional.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { request } from './request.ts'

export const typescript060 = defineVariant({
  id: 'prove/typescript-0.6.0',
  document: {
    sdk: 'Prove TypeScript SDK',
    language: 'TypeScript',
    version: '0.6.0',
    versions: '0.6.0 to 0.9.5',
    model: 'V3TokenRequest',
    source: {
      document: 'Prove TypeScript SDK 0.6.0, docs/models/components/v3tokenrequest.md',
      read: '2026-11-21',
    },
  },
  documentedNames: { client_id: 'clientId', client_secret: 'clientSecret', grant_type: 'grantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply,
})
