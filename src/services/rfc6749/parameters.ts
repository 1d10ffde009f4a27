// The parameters that RFC 6749's token requests share, with the syntax of its appendix A.
import { scopePattern } from '../../oauth/scope.ts'

/** The day the RFC was read for these variants. */
export const read = '2026-11-21'

/** A.1: printable ASCII. */
export const client_id = {
  type: 'string',
  minLength: 1,
  pattern: '^[ -~]+$',
  examples: ['example-client'],
} as const
/** A.2: printable ASCII. */
export const client_secret = {
  type: 'string',
  minLength: 1,
  pattern: '^[ -~]+$',
  examples: ['example-secret'],
} as const

/** A.4: tokens of printable ASCII without `"` and `\`, single spaces between them. */
export const scope = {
  type: 'string',
  minLength: 1,
  pattern: scopePattern,
  examples: ['read write'],
} as const

/** §2.3.1: a secret in the body comes with the id it belongs to. */
export const dependentRequired = { client_secret: ['client_id'] } as const

/** The names of the RFC are the names of the wire. */
export const names = {
  grant_type: 'grant_type',
  client_id: 'client_id',
  client_secret: 'client_secret',
  scope: 'scope',
  username: 'username',
  password: 'password',
  refresh_token: 'refresh_token',
} as const

/** RFC 6749 §5.1 only recommends `expires_in`; the baseline contract asks for it, because clients cannot cache without. */
export const replySchema = {
  type: 'object',
  properties: {
    access_token: { type: 'string', minLength: 1 },
    token_type: { type: 'string', pattern: '^[Bb][Ee][Aa][Rr][Ee][Rr]$', examples: ['Bearer'] },
    expires_in: { type: 'integer', minimum: 0 },
    refresh_token: { type: 'string', minLength: 1 },
    scope: { type: 'string', minLength: 1, pattern: scopePattern },
  },
  required: ['access_token', 'token_type', 'expires_in'],
} as const

/** §5.1: no-store where there are tokens. */
export const replyHeaders = {
  'cache-control': { pattern: '(^|,)\\s*no-store\\s*(,|$)', example: 'no-store' },
} as const
