// The third shape in a week: client_credentials in JSON at /token, with id and secret documented as optional.
import { defineVariant } from '../../service/service.ts'
import { replyWithRefresh } from './reply.ts'
import { requestWithOptionalCredentials } from './request.ts'

const read = '2026-11-21'

export const typescript035 = defineVariant({
  id: 'prove/typescript-0.3.5',
  document: {
    sdk: 'Prove TypeScript SDK',
    language: 'TypeScript',
    version: '0.3.5',
    versions: '0.3.5',
    model: 'V3TokenRequest',
    source: { document: 'Prove TypeScript SDK 0.3.5, docs/models/components/v3tokenrequest.md', read },
  },
  documentedNames: { client_id: 'clientId', client_secret: 'clientSecret', grant_type: 'grantType' },
  endpoint: 'token',
  contentTypes: ['application/json'],
  request: requestWithOptionalCredentials,
  reply: replyWithRefresh,
})
