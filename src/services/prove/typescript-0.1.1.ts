// Before any table: a hand-written helper that sends a password grant as a form to /token.
import { defineVariant } from '../../service/service.ts'
import { replyToHelper } from './reply.ts'
import { helperClientAuthentication, helperNames, helperRequest } from './request.ts'

export const typescript011 = defineVariant({
  id: 'prove/typescript-0.1.1',
  document: {
    sdk: 'Prove TypeScript SDK',
    language: 'TypeScript',
    version: '0.1.1',
    versions: '0.1.1 to 0.1.7; the helper of the Go SDK 0.1.3 sends the same',
    model: 'OAuthClient',
    source: { document: 'Prove TypeScript SDK 0.1.1, the helper OAuthClient', read: '2026-11-21' },
  },
  serving: 'when_named',
  documentedNames: helperNames,
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  clientAuthentication: helperClientAuthentication,
  request: helperRequest,
  reply: replyToHelper,
})
