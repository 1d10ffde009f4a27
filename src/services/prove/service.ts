// Prove's token service: one model, V3TokenRequest, that changed shape three times in thirteen days of June 2024.
import { defineService } from '../../service/service.ts'
import { csharp002 } from './csharp-0.0.2.ts'
import { csharp110 } from './csharp-1.1.0.ts'
import { csharp130 } from './csharp-1.3.0.ts'
import { go021 } from './go-0.2.1.ts'
import { go046 } from './go-0.4.6.ts'
import { go047 } from './go-0.4.7.ts'
import { go060 } from './go-0.6.0.ts'
import { go090 } from './go-0.9.0.ts'
import { go0110 } from './go-0.11.0.ts'
import { java053 } from './java-0.5.3.ts'
import { java090 } from './java-0.9.0.ts'
import { java0150 } from './java-0.15.0.ts'
import { java0171 } from './java-0.17.1.ts'
import { typescript011 } from './typescript-0.1.1.ts'
import { typescript018 } from './typescript-0.1.8.ts'
import { typescript031 } from './typescript-0.3.1.ts'
import { typescript035 } from './typescript-0.3.5.ts'
import { typescript040 } from './typescript-0.4.0.ts'
import { typescript060 } from './typescript-0.6.0.ts'
import { typescript096 } from './typescript-0.9.6.ts'
import { typescript0130 } from './typescript-0.13.0.ts'

const read = '2026-11-21'
const badRequest = { status: 400, body: { code: 1001, message: 'invalid request' } } as const
const unauthorized = { status: 401, body: { code: 8002, message: 'not authorized' } } as const
const forbidden = {
  status: 403,
  body: { code: 8003, message: 'Access forbidden: insufficient permissions' },
} as const

export const prove = defineService({
  id: 'prove',
  title: 'Prove',
  servers: [
    'https://platform.uat.proveapis.com',
    'https://platform.proveapis.com',
    'https://platform.uat.eu.proveapis.com',
    'https://platform.eu.proveapis.com',
  ],
  root: 'always',
  endpoints: {
    token: { kind: 'token', path: '/token' },
    v3_token: { kind: 'token', path: '/v3/token' },
    realm_token: { kind: 'token', path: '/realms/US/protocol/openid-connect/token' },
  },
  clientAuthentication: {
    methods: ['client_secret_post'],
    chosenBy: 'request',
    several: 'accepted',
    otherSchemes: 'ignored',
    basicSpelling: 'form',
    source: {
      document: 'Prove SDKs, V3TokenRequest: credentials are body fields; no document names HTTP Basic',
      read,
    },
  },
  variants: [
    // Of two variants with one request the first answers: who names one of these asks for its reply.
    go046,
    typescript040,
    go047,
    java053,
    go021,
    typescript035,
    java0150,
    typescript096,
    typescript060,
    go060,
    go090,
    java090,
    csharp002,
    csharp110,
    typescript011,
    typescript018,
    typescript031,
    go0110,
    typescript0130,
    java0171,
    csharp130,
  ],
  tokens: {
    accessTokenLifetimeSeconds: 3600,
    refreshTokenLifetimeSeconds: 3600,
    refreshTokens: 'rotate',
    expiresIn: 'seconds',
    source: { document: 'Prove developer portal, token request: a token lives 60 minutes', read },
  },
  refusals: {
    invalid_request: badRequest,
    invalid_client: unauthorized,
    invalid_grant: unauthorized,
    unauthorized_client: unauthorized,
    unsupported_grant_type: badRequest,
    invalid_scope: badRequest,
    too_many_requests: { status: 429, headers: { 'retry-after': '1' } },
    server_error: { status: 500, body: { code: 1000, message: 'error occurred' } },
    // Of API calls, by the same two pages.
    missing_token: unauthorized,
    malformed_token: badRequest,
    invalid_token: unauthorized,
    insufficient_scope: forbidden,
    not_found: forbidden,
    method_not_allowed: forbidden,
    body_too_large: badRequest,
    unsupported_media_type: badRequest,
  },
  rules: {},
  replyHeaders: { 'cache-control': 'no-store' },
  limits: { maxBodyBytes: 65_536, source: { document: 'our choice', read } },
  options: {
    error_body: {
      sentence:
        'The form of refusals: as the SDKs document them, or as Keycloak, which stood behind them in June 2024, gives them.',
      values: {
        prove: {},
        rfc6749: {
          refusals: {
            invalid_request: { status: 400, body: { error: 'invalid_request' } },
            invalid_client: { status: 401, body: { error: 'invalid_client' } },
            invalid_grant: { status: 401, body: { error: 'invalid_grant' } },
            unauthorized_client: { status: 401, body: { error: 'unauthorized_client' } },
            unsupported_grant_type: { status: 400, body: { error: 'unsupported_grant_type' } },
            invalid_scope: { status: 400, body: { error: 'invalid_scope' } },
            unsupported_media_type: { status: 400, body: { error: 'invalid_request' } },
            body_too_large: { status: 400, body: { error: 'invalid_request' } },
          },
        },
      },
      source: { document: 'Prove SDKs, Error400 and Error401; RFC 6749 §5.2', read },
    },
    rate_limit: {
      sentence: 'Whether requests beyond 25 in a second are refused.',
      values: { off: {}, documented: { limits: { requestsPerSecond: 25 } } },
      source: {
        document: 'Prove developer portal, status and error codes: 25 requests per second, Retry-After',
        read,
      },
    },
  },
  clients: [{ client_id: 'customer_id', client_secret: 'secret' }],
  users: [{ username: 'jdoe', password: 'password' }],
  source: {
    document:
      'Prove SDKs, errors 400, 401 and 500; developer portal, status and error codes: 403 for a wrong path and a wrong method',
    read,
  },
})
