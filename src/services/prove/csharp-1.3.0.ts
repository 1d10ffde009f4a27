// One release with other wire names.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { capitalizedNames, capitalizedRequest } from './request.ts'

export const csharp130 = defineVariant({
  id: 'prove/csharp-1.3.0',
  document: {
    sdk: 'Prove C# SDK',
    language: 'C#',
    version: '1.3.0',
    versions: '1.3.0',
    model: 'V3TokenRequest',
    source: { document: 'Prove C# SDK 1.3.0, docs/Models/Components/V3TokenRequest.md', read: '2026-11-21' },
  },
  serving: 'when_named',
  wireNames: capitalizedNames,
  documentedNames: { ClientID: 'ClientID', ClientSecret: 'ClientSecret', GrantType: 'GrantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request: capitalizedRequest,
  reply,
})
