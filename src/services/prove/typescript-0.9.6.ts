// The same wire as the Java SDK's under another surface, with a package on npm that sends it.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { request } from './request.ts'

export const typescript096 = defineVariant({
  id: 'prove/typescript-0.9.6',
  document: {
    sdk: 'Prove TypeScript SDK',
    language: 'TypeScript',
    version: '0.9.6',
    versions: '0.9.6 to 0.12.1, 0.13.1 and later',
    model: 'V3TokenRequest',
    npm: '@prove-identity/prove-api',
    source: {
      document: 'Prove TypeScript SDK 0.9.6, docs/models/components/v3tokenrequest.md',
      read: '2026-11-21',
    },
  },
  documentedNames: { client_id: 'clientId', client_secret: 'clientSecret', grant_type: 'grantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply,
})
