// The form request in its first wording, since the reply's refresh members are optional.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { request } from './request.ts'

export const go060 = defineVariant({
  id: 'prove/go-0.6.0',
  document: {
    sdk: 'Prove Go SDK',
    language: 'Go',
    version: '0.6.0',
    versions: '0.6.0 to 0.8.0',
    model: 'V3TokenRequest',
    source: { document: 'Prove Go SDK 0.6.0, docs/models/components/v3tokenrequest.md', read: '2026-11-21' },
  },
  documentedNames: { client_id: 'ClientID', client_secret: 'ClientSecret', grant_type: 'GrantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply,
})
