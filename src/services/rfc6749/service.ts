// RFC 6749 itself as a token service: the baseline, and the start for a team's own.
import { defineService } from '../../service/service.ts'
import { clientCredentials } from './client-credentials.ts'
import { dependentRequired } from './parameters.ts'
import { password } from './password.ts'
import { refreshToken } from './refresh-token.ts'

const read = '2026-11-21'
const section52 = { exact: ['error'] } as const
const text = { type: 'string', minLength: 1 } as const

/** The parameters of a request about a token. */
const aboutToken = {
  type: 'object',
  properties: { token: text, token_type_hint: text, client_id: text, client_secret: text },
  required: ['token'],
  dependentRequired,
  additionalProperties: false,
} as const

const clientAuthentication = {
  methods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  chosenBy: 'client',
  several: 'refused',
  otherSchemes: 'refused',
  basicSpelling: 'form',
  source: { document: 'RFC 6749 §2.3, RFC 7523 §2.2', read },
} as const

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
      request: aboutToken,
      status: 200,
      source: { document: 'RFC 7009 §2', read },
    },
    introspection: {
      kind: 'introspection',
      path: '/introspect',
      contentTypes: ['application/x-www-form-urlencoded'],
      request: aboutToken,
      clientAuthentication: {
        ...clientAuthentication,
        methods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
        source: { document: 'RFC 7662 §2.1: whoever asks must be authorized to', read },
      },
      source: { document: 'RFC 7662 §2', read },
    },
    metadata: {
      kind: 'metadata',
      path: '/.well-known/oauth-authorization-server',
      source: { document: 'RFC 8414 §3', read },
    },
    openid_configuration: {
      kind: 'metadata',
      path: '/.well-known/openid-configuration',
      source: { document: 'OpenID Connect Discovery 1.0 §4, RFC 8414 §5', read },
    },
    jwks: { kind: 'jwks', path: '/jwks', source: { document: 'RFC 7517 §5', read } },
  },
  clientAuthentication,
  variants: [clientCredentials, password, refreshToken],
  tokens: {
    accessTokenLifetimeSeconds: 3600,
    refreshTokenLifetimeSeconds: 1_209_600,
    refreshTokens: 'rotate',
    revokesFamilyOnReuse: true,
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
    // RFC 6585 §4: the reply explains itself.
    too_many_requests: {
      status: 429,
      headers: { 'retry-after': '1' },
      body: {
        error: 'invalid_request',
        error_description: 'Too many requests; Retry-After says in how many seconds to ask again.',
      },
    },
  },
  rules: {},
  replyHeaders: { 'cache-control': 'no-store', pragma: 'no-cache' },
  limits: { maxBodyBytes: 65_536, source: { document: 'our choice: RFC 6749 sets none', read } },
  cors: true,
  options: {
    refresh_tokens: {
      sentence: 'What becomes of a refresh token when it is used.',
      values: {
        rotate_and_revoke: {},
        rotate: { tokens: { revokesFamilyOnReuse: false } },
        rotate_with_grace: { tokens: { revokesFamilyOnReuse: false, reuseGraceSeconds: 10 } },
        keep: { tokens: { refreshTokens: 'keep' } },
        none: { tokens: { refreshTokens: 'none' } },
      },
      source: { document: 'RFC 6749 §6, RFC 9700 §4.14.2', read },
    },
  },
  clients: [{ client_id: 'example-client', client_secret: 'example-secret' }],
  users: [{ username: 'example-user', password: 'example-password' }],
  source: { document: 'RFC 6749', read },
})
