// One release with other wire names.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { capitalizedNames, capitalizedRequest } from './request.ts'

export const java0171 = defineVariant({
  id: 'prove/java-0.17.1',
  document: {
    sdk: 'Prove Java SDK',
    language: 'Java',
    version: '0.17.1',
    versions: '0.17.1',
    model: 'V3TokenRequest',
    source: {
      document: 'Prove Java SDK 0.17.1, docs/models/components/V3TokenRequest.md',
      read: '2026-11-21',
    },
  },
  serving: 'when_named',
  wireNames: capitalizedNames,
  documentedNames: { ClientID: 'clientID', ClientSecret: 'clientSecret', GrantType: 'grantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request: capitalizedRequest,
  reply,
})
