// The two documented shapes of V3TokenResponse, and what the helper before them reads.

const read = '2026-11-21'
const properties = {
  access_token: { type: 'string' },
  expires_in: { type: 'integer' },
  refresh_expires_in: { type: 'integer' },
  refresh_token: { type: 'string' },
  token_type: { const: 'Bearer' },
} as const

/** All five members promised: until TypeScript 0.5.0, Go 0.5.0, Java 0.8.0. */
export const replyWithRefresh = {
  schema: {
    type: 'object',
    properties,
    required: ['access_token', 'expires_in', 'refresh_expires_in', 'refresh_token', 'token_type'],
  },
  members: {
    client_credentials: ['access_token', 'expires_in', 'refresh_expires_in', 'refresh_token', 'token_type'],
    password: ['access_token', 'expires_in', 'refresh_expires_in', 'refresh_token', 'token_type'],
  },
  source: { document: 'Prove SDKs up to TypeScript 0.5.0, V3TokenResponse', read },
} as const

/** The refresh members optional and "not currently supported": since 2024-08-28. */
export const reply = {
  schema: { type: 'object', properties, required: ['access_token', 'expires_in', 'token_type'] },
  members: { client_credentials: ['access_token', 'expires_in', 'token_type'] },
  source: { document: 'Prove SDKs since TypeScript 0.6.0, V3TokenResponse', read },
} as const

/** What the helper reads; `token_type` is sent because every later reply has it. */
export const replyToHelper = {
  schema: {
    type: 'object',
    properties: { access_token: properties.access_token, expires_in: properties.expires_in },
    required: ['access_token', 'expires_in'],
  },
  members: { password: ['access_token', 'expires_in', 'token_type'] },
  source: { document: 'Prove TypeScript SDK 0.1.1, OAuthTokenResponse', read },
} as const
