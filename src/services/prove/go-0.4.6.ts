// The third shape as a form: id and secret are still documented as optional.
import { defineVariant } from '../../service/service.ts'
import { replyWithRefresh } from './reply.ts'
import { requestWithOptionalCredentials } from './request.ts'

export const go046 = defineVariant({
  id: 'prove/go-0.4.6',
  document: {
    sdk: 'Prove Go SDK',
    language: 'Go',
    version: '0.4.6',
    versions: '0.4.6',
    model: 'V3TokenRequest',
    source: { document: 'Prove Go SDK 0.4.6, docs/models/components/v3tokenrequest.md', read: '2026-11-21' },
  },
  serving: 'when_named',
  documentedNames: { client_id: 'ClientID', client_secret: 'ClientSecret', grant_type: 'GrantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request: requestWithOptionalCredentials,
  reply: replyWithRefresh,
})
