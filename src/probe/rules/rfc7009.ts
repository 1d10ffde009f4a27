// RFC 7009: revocation.
import type { ConformanceRule } from '../rule.ts'
import { noToken, read, refusal, token } from './expected.ts'

const done = { is: 'answer', statuses: [200] } as const

/** The rules of RFC 7009. */
export const rfc7009: readonly ConformanceRule[] = [
  {
    id: 'rfc7009-2.1-authentication',
    level: 'MUST',
    sentence: 'A client authenticates to revoke.',
    source: { document: 'RFC 7009 §2.1', read },
    argument:
      'The server first validates the credentials of a confidential client, and refuses the request where they are missing.',
    needs: ['revocation', 'confidential_client'],
    requests: [
      { base: 'revocation', authentication: 'none' },
      { base: 'revocation', authentication: 'client_id' },
    ],
    judgment: { replies: [[refusal], [refusal]] },
  },
  {
    id: 'rfc7009-2.1-own-token',
    level: 'MUST',
    sentence: 'A client revokes its own access tokens alone.',
    source: { document: 'RFC 7009 §2.1', read },
    argument:
      'The server verifies that the token was issued to the client that asks. Whatever it answers to another client, the token lives on.',
    needs: ['revocation', 'introspection', 'other_client'],
    requests: [
      { base: 'introspection', otherwise: 'not_tried' },
      { base: 'revocation', authentication: 'other_client' },
      { base: 'introspection' },
    ],
    judgment: {
      replies: [
        [{ is: 'answer', members: { active: '^true$' } }],
        [{ is: 'answer' }],
        [{ is: 'answer', members: { active: '^true$' } }],
      ],
    },
  },
  {
    id: 'rfc7009-2.1-own-refresh-token',
    level: 'MUST',
    sentence: 'And its own refresh tokens alone.',
    source: { document: 'RFC 7009 §2.1', read },
    argument:
      'The server verifies that the token was issued to the client that asks. Whatever it answers to another client, the token can still be used by its own.',
    needs: ['revocation', 'refresh_token', 'other_client'],
    requests: [
      { base: 'revocation', authentication: 'other_client', parameters: { token: '{refresh_token}' } },
      { base: 'refresh_token' },
    ],
    judgment: { replies: [[{ is: 'answer' }], [token]] },
  },
  {
    id: 'rfc7009-2.2-revoked',
    level: 'MUST',
    sentence: 'A revocation is answered with 200.',
    source: { document: 'RFC 7009 §2.2, §2.2.1', read },
    argument:
      'The server answers with 200 where the token was revoked. One that cannot revoke access tokens says unsupported_token_type, and there is nothing to judge.',
    needs: ['revocation'],
    requests: [{ base: 'revocation' }],
    judgment: { replies: [[done]] },
    inapplicable: [{ is: 'refusal', errors: ['unsupported_token_type'] }],
  },
  {
    id: 'rfc7009-2.2-unknown-token',
    level: 'MUST',
    sentence: 'So is that of a token that is none.',
    source: { document: 'RFC 7009 §2.2', read },
    argument:
      'An invalid token is no error: the client could not do anything about it, and what it wanted has come about. The status is 200.',
    needs: ['revocation'],
    requests: [{ base: 'revocation', parameters: { token: '{wrong}' } }],
    judgment: { replies: [[done]] },
  },
  {
    id: 'rfc7009-2.1-token',
    level: 'MUST',
    sentence: 'A revocation takes a token.',
    source: { document: 'RFC 7009 §2.1, §2.2.1; RFC 6749 §5.2', read },
    argument: 'token is required, and errors are those of RFC 6749: invalid_request where it is missing.',
    needs: ['revocation'],
    requests: [{ base: 'revocation', parameters: { token: null } }],
    judgment: { replies: [[{ is: 'refusal', errors: ['invalid_request'] }]] },
  },
  {
    id: 'rfc7009-2.1-access-token',
    level: 'MUST',
    sentence: 'A revoked access token is inactive.',
    source: { document: 'RFC 7009 §2.1; RFC 7662 §2.2', read },
    argument:
      'Invalidation takes place at once, and a token that was revoked is not active. A server that does not revoke access tokens says so instead of 200.',
    needs: ['revocation', 'introspection'],
    requests: [
      { base: 'introspection', otherwise: 'not_tried' },
      { base: 'revocation', otherwise: 'not_tried' },
      { base: 'introspection' },
    ],
    judgment: {
      replies: [
        [{ is: 'answer', members: { active: '^true$' } }],
        [done],
        [{ is: 'answer', members: { active: '^false$' } }],
      ],
    },
  },
  // Where this refresh token is all that there is, nothing is granted after.
  {
    id: 'rfc7009-2.1-refresh-token',
    level: 'MUST',
    sentence: 'A revoked refresh token is dead.',
    source: { document: 'RFC 7009 §2, §2.1', read },
    argument:
      'Refresh tokens must be revocable, and the token cannot be used again after: a refresh with it gets no token.',
    needs: ['revocation', 'refresh_token'],
    requests: [{ base: 'revocation', parameters: { token: '{refresh_token}' } }, { base: 'refresh_token' }],
    judgment: { replies: [[done], [noToken]] },
  },
]
