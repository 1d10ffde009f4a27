// The form request in its first wording, as the C# SDK began with it.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { request } from './request.ts'

export const csharp002 = defineVariant({
  id: 'prove/csharp-0.0.2',
  document: {
    sdk: 'Prove C# SDK',
    language: 'C#',
    version: '0.0.2',
    versions: '0.0.2 to 1.0.1',
    model: 'V3TokenRequest',
    source: { document: 'Prove C# SDK 0.0.2, docs/Models/Components/V3TokenRequest.md', read: '2026-11-21' },
  },
  documentedNames: { client_id: 'ClientId', client_secret: 'ClientSecret', grant_type: 'GrantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply,
})
