// One release with other wire names.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { capitalizedNames, capitalizedRequest } from './request.ts'

export const typescript0130 = defineVariant({
  id: 'prove/typescript-0.13.0',
  document: {
    sdk: 'Prove TypeScript SDK',
    language: 'TypeScript',
    version: '0.13.0',
    versions: '0.13.0',
    model: 'V3TokenRequest',
    source: {
      document: 'Prove TypeScript SDK 0.13.0, docs/models/components/v3tokenrequest.md',
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
