// The form request as the Go SDK documents it since June 2025.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { request } from './request.ts'

export const go090 = defineVariant({
  id: 'prove/go-0.9.0',
  document: {
    sdk: 'Prove Go SDK',
    language: 'Go',
    version: '0.9.0',
    versions: '0.9.0 and later, without 0.11.0',
    model: 'V3TokenRequest',
    source: { document: 'Prove Go SDK 0.9.0, docs/models/components/v3tokenrequest.md', read: '2026-11-21' },
  },
  documentedNames: { client_id: 'ClientID', client_secret: 'ClientSecret', grant_type: 'GrantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply,
})
