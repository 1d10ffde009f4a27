// The same helper, at /v3/token: its form beside the JSON of the first table.
import { defineVariant } from '../../service/service.ts'
import { replyToHelper } from './reply.ts'
import { helperClientAuthentication, helperNames, helperRequest } from './request.ts'

export const typescript018 = defineVariant({
  id: 'prove/typescript-0.1.8',
  document: {
    sdk: 'Prove TypeScript SDK',
    language: 'TypeScript',
    version: '0.1.8',
    versions: '0.1.8 to 0.2.10; the helper of the Go SDK 0.2.3 sends the same',
    model: 'OAuthClient',
    source: { document: 'Prove TypeScript SDK 0.1.8, the helper OAuthClient', read: '2026-11-21' },
  },
  serving: 'when_named',
  documentedNames: helperNames,
  endpoint: 'v3_token',
  contentTypes: ['application/x-www-form-urlencoded'],
  clientAuthentication: helperClientAuthentication,
  request: helperRequest,
  reply: replyToHelper,
})
