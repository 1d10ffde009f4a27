// Moov's token service, at https://api.moov.io/oauth2.
import { defineService } from '../../service/service.ts'
import { java002 } from './java-0.0.2.ts'
import { ruby } from './ruby.ts'

const read = '2026-11-21'
const refreshDocument = {
  document:
    'undocumented: Moov requires a refresh token in every reply, and says nothing of the one that was used',
  read,
}
const invalidRequest = { status: 400, body: { error: 'invalid_request' } } as const

export const moov = defineService({
  id: 'moov',
  title: 'Moov',
  servers: ['https://api.moov.io'],
  root: 'always',
  endpoints: {
    token: { kind: 'token', path: '/oauth2/token' },
    revocation: {
      kind: 'revocation',
      path: '/oauth2/revoke',
      contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
      request: {
        type: 'object',
        properties: {
          token: { type: 'string', minLength: 1 },
          token_type_hint: { enum: ['access_token', 'refresh_token'] },
          client_id: { type: 'string', minLength: 1 },
          client_secret: { type: 'string', minLength: 1 },
        },
        required: ['token'],
        additionalProperties: false,
      },
      status: 204,
      source: { document: 'Moov OpenAPI, revokeAccessToken', read },
    },
  },
  clientAuthentication: {
    methods: ['client_secret_post', 'client_secret_basic'],
    chosenBy: 'request',
    several: 'accepted',
    otherSchemes: 'ignored',
    basicSpelling: 'raw',
    source: {
      document: 'Moov OpenAPI, AuthTokenRequest; the SDKs send Basic and body credentials together',
      read,
    },
  },
  variants: [ruby, java002],
  tokens: {
    accessTokenLifetimeSeconds: 900,
    refreshTokenLifetimeSeconds: 1_209_600,
    refreshTokens: 'rotate',
    isReuseDocumented: false,
    expiresIn: 'seconds',
    source: {
      document:
        'Moov guides up to early 2025 and moov-go: seconds, 900; the OpenAPI since 2025-01-15 calls it a Unix timestamp; rotation and the refresh lifetime are undocumented',
      read,
    },
  },
  refusals: {
    invalid_request: invalidRequest,
    invalid_client: { status: 401, contract: { orStatus: [400] } },
    invalid_grant: { status: 400, body: { error: 'invalid_grant' } },
    unauthorized_client: { status: 400, body: { error: 'unauthorized_client' } },
    unsupported_grant_type: { status: 400, body: { error: 'unsupported_grant_type' } },
    invalid_scope: { status: 422, body: { scope: 'is not valid' } },
    missing_scope: { status: 422, body: { scope: 'is required' } },
    missing_token_parameter: { status: 422, body: { token: 'is required' } },
    unknown_token_type_hint: {
      status: 422,
      body: { token_type_hint: 'is not access_token or refresh_token' },
    },
    missing_refresh_token: { status: 422, body: { refresh_token: 'is required' } },
    invalid_origin: { status: 401 },
    too_many_requests: { status: 429, headers: { 'retry-after': '1' } },
    server_error: { status: 500 },
    gateway_timeout: { status: 504 },
    not_found: { status: 404 },
    method_not_allowed: { status: 404 },
    body_too_large: invalidRequest,
    unsupported_media_type: invalidRequest,
  },
  rules: {
    'moov-version-syntax': {
      sentence: 'X-Moov-Version, where it is sent, is the name of a version: v, year, quarter month, number.',
      source: { document: 'Moov guides, API versioning: a malformed version is answered with 404', read },
      refusal: 'not_found',
      whenHeader: { name: 'x-moov-version', pattern: '^v\\d{4}\\.\\d{2}\\.\\d{2}$' },
    },
    'moov-token-required-for-revocation': {
      sentence: 'token is required.',
      source: { document: 'Moov OpenAPI, revokeAccessToken, 422', read },
      refusal: 'missing_token_parameter',
      when: { parameter: 'token', keyword: 'required' },
    },
    'moov-token-type-hint': {
      sentence: 'token_type_hint is access_token or refresh_token.',
      source: { document: 'Moov OpenAPI, revokeAccessToken, 422', read },
      refusal: 'unknown_token_type_hint',
      when: { parameter: 'token_type_hint', keyword: 'enum' },
    },
    'moov-scope-required-for-client-credentials': {
      sentence: 'scope is required when grant_type is client_credentials.',
      source: { document: 'Moov Ruby SDK, AuthTokenRequest, field scope', read },
      refusal: 'missing_scope',
      when: { grant_type: 'client_credentials', parameter: 'scope', keyword: 'required' },
    },
    'moov-refresh-token-required-for-refresh-token': {
      sentence: 'refresh_token is required when grant_type is refresh_token.',
      source: { document: 'Moov Ruby SDK, AuthTokenRequest, field refresh_token', read },
      refusal: 'missing_refresh_token',
      when: { grant_type: 'refresh_token', parameter: 'refresh_token', keyword: 'required' },
    },
  },
  replyHeaders: { 'cache-control': 'no-store', 'x-request-id': '{uuid}' },
  limits: { maxBodyBytes: 65_536, source: { document: 'our choice: Moov documents none', read } },
  options: {
    expires_in: {
      sentence: 'What the number in expires_in counts.',
      values: { seconds: {}, unix_time: { tokens: { expiresIn: 'unix_time' } } },
      source: {
        document:
          'Moov guides up to early 2025 and moov-go: seconds; the OpenAPI since 2025-01-15: a Unix timestamp',
        read,
      },
    },
    refresh_tokens: {
      sentence: 'What becomes of a refresh token when it is used.',
      values: {
        rotate: {},
        rotate_and_revoke: { tokens: { revokesFamilyOnReuse: true } },
        rotate_with_grace: { tokens: { reuseGraceSeconds: 10 } },
        keep: { tokens: { refreshTokens: 'keep' } },
      },
      source: refreshDocument,
    },
    origin: {
      sentence: 'Whether Origin or Referer must name a domain that the client is registered with.',
      values: { ignored: {}, registered: { origins: 'registered' } },
      source: { document: 'Moov guides, API keys; the SDKs send neither field', read },
    },
    rate_limit: {
      sentence: 'Whether requests beyond 40 in a second are refused.',
      values: { off: {}, documented: { limits: { requestsPerSecond: 40 } } },
      source: { document: 'Moov guides, rate limits', read },
    },
  },
  clients: [{ client_id: '5clTR_MdVrrkgxw2', client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' }],
  users: [],
  source: {
    document:
      'Moov OpenAPI (200, 400, 422, 429, 500, 504, x-request-id); the 401 without a body is of its versions 2024-10 to 2025-01; error codes other than invalid_request are RFC 6749 §5.2',
    read,
  },
})
