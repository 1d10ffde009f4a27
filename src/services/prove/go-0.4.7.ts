// The form request with the five members of the early reply.
import { defineVariant } from '../../service/service.ts'
import { replyWithRefresh } from './reply.ts'
import { request } from './request.ts'

export const go047 = defineVariant({
  id: 'prove/go-0.4.7',
  document: {
    sdk: 'Prove Go SDK',
    language: 'Go',
    version: '0.4.7',
    versions: '0.4.7 to 0.5.0',
    model: 'V3TokenRequest',
    source: { document: 'Prove Go SDK 0.4.7, docs/models/components/v3tokenrequest.md', read: '2026-11-21' },
  },
  serving: 'when_named',
  documentedNames: { client_id: 'ClientID', client_secret: 'ClientSecret', grant_type: 'GrantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply: replyWithRefresh,
})
