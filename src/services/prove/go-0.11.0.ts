// One release with other wire names, under a table equal to those before and after it.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { capitalizedNames, capitalizedRequest } from './request.ts'

export const go0110 = defineVariant({
  id: 'prove/go-0.11.0',
  document: {
    sdk: 'Prove Go SDK',
    language: 'Go',
    version: '0.11.0',
    versions: '0.11.0',
    model: 'V3TokenRequest',
    source: { document: 'Prove Go SDK 0.11.0, docs/models/components/v3tokenrequest.md', read: '2026-11-21' },
  },
  serving: 'when_named',
  wireNames: capitalizedNames,
  documentedNames: { ClientID: 'ClientID', ClientSecret: 'ClientSecret', GrantType: 'GrantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request: capitalizedRequest,
  reply,
})
