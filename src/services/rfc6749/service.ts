// RFC 6749 itself as a token service: the baseline, and the start for a team's own.
import { defineService } from '../../service/service.ts'
import { clientCredentials } from './client-credentials.ts'
import { password } from './password.ts'
import { refreshToken } from './refresh-token.ts'

const read = '2026-11-21'
const section52 = { exact: ['error'] } as const

export const rfc6749 = defineService({
  id: 'rfc6749',
  title: 'The OAuth 2.0 token endpoint',
  servers: ['https://as.example'],
  root: 'alone',
  endpoints: {
    token: { kind: 'token', path: '/token' },
    revocation: {
      kind: 'revocation',
      path: '/revoke',
      contentTypes: ['application/x-www-form-urlencoded'],
      request: {
        type: 'object',
        properties: {
          token: { type: 'string', minLength: 1 },
          token_type_hint: { type: 'string', minLength: 1 },
          client_id: { type: 'string', minLength: 1 },
          client_secret: { type: 'string', minLength: 1 },
        },
        required: ['token'],
        additionalProperties: false,
      },
      status: 200,
      source: { document: 'RFC 7009 §2', read },
    },
  },
  clientAuthentication: {
    methods: ['client_secret_basic', 'client_secret_post', 'none'],
    chosenBy: 'client',
    several: 'refused',
    otherSchemes: 'refused',
    basicSpelling: 'form',
    source: { document: 'RFC 6749 §2.3', read },
  },
  variants: [clientCredentials, password, refreshToken],
  tokens: {
    accessTokenLifetimeSeconds: 3600,
    refreshTokenLifetimeSeconds: 1_209_600,
    refreshTokens: 'rotate',
    expiresIn: 'seconds',
    source: {
      document: 'RFC 6749 §5.1 (expires_in), RFC 9700 §4.14.2 (rotation); the lifetimes are our choice',
      read,
    },
  },
  refusals: {
    invalid_request: { status: 400, body: { error: 'invalid_request' }, contract: section52 },
    invalid_client: {
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="token endpoint"' },
      body: { error: 'invalid_client' },
      contract: { orStatus: [400], exact: ['error'] },
    },
    invalid_grant: { status: 400, body: { error: 'invalid_grant' }, contract: section52 },
    unauthorized_client: { status: 400, body: { error: 'unauthorized_client' }, contract: section52 },
    unsupported_grant_type: { status: 400, body: { error: 'unsupported_grant_type' }, contract: section52 },
    invalid_scope: { status: 400, body: { error: 'invalid_scope' }, contract: section52 },
    not_found: { status: 404, body: { error: 'invalid_request' } },
    method_not_allowed: { status: 405, headers: { allow: 'POST' }, body: { error: 'invalid_request' } },
    body_too_large: { status: 413, body: { error: 'invalid_request' } },
    unsupported_media_type: { status: 400, body: { error: 'invalid_request' } },
  },
  rules: {},
  replyHeaders: { 'cache-control': 'no-store', pragma: 'no-cache' },
  limits: { maxBodyBytes: 65_536, source: { document: 'our choice: RFC 6749 sets none', read } },
  clients: [{ client_id: 'example-client', client_secret: 'example-secret' }],
  users: [{ username: 'example-user', password: 'example-password' }],
  source: { document: 'RFC 6749', read },
})
