// The form request as the C# SDK documents it since June 2025.
import { defineVariant } from '../../service/service.ts'
import { reply } from './reply.ts'
import { request } from './request.ts'

export const csharp110 = defineVariant({
  id: 'prove/csharp-1.1.0',
  document: {
    sdk: 'Prove C# SDK',
    language: 'C#',
    version: '1.1.0',
    versions: '1.1.0 to 1.2.1, 1.3.1 and later',
    model: 'V3TokenRequest',
    source: { document: 'Prove C# SDK 1.1.0, docs/Models/Components/V3TokenRequest.md', read: '2026-11-21' },
  },
  documentedNames: { client_id: 'ClientId', client_secret: 'ClientSecret', grant_type: 'GrantType' },
  endpoint: 'token',
  contentTypes: ['application/x-www-form-urlencoded'],
  request,
  reply,
})
