// RFC 6749 §6: refreshing.
import type { ConformanceRule } from '../rule.ts'
import {
  invalidRequest,
  invalidScope,
  noSuchGrant,
  noToken,
  notOffered,
  otherGrant,
  read,
  token,
} from './expected.ts'

/** The rules of §6. */
export const rfc6749Section6: readonly ConformanceRule[] = [
  {
    id: 'rfc6749-6-refresh',
    level: 'MUST',
    sentence: 'A refresh token gets a new access token.',
    source: { document: 'RFC 6749 §6', read },
    argument: 'A valid and authorized request gets an access token.',
    needs: ['refresh_token'],
    requests: [{ base: 'refresh_token' }],
    judgment: { replies: [[token]] },
  },
  {
    id: 'rfc6749-6-authentication',
    level: 'MUST',
    sentence: 'A confidential client authenticates to refresh.',
    source: { document: 'RFC 6749 §6', read },
    argument:
      'The server must require client authentication of every client that was issued credentials: the refresh token alone gets this client nothing.',
    needs: ['refresh_token', 'confidential_client'],
    requests: [
      { base: 'refresh_token', authentication: 'none' },
      { base: 'refresh_token', authentication: 'client_id' },
    ],
    judgment: { replies: [[noToken], [noToken]] },
  },
  {
    id: 'rfc6749-6-own-token',
    level: 'MUST',
    sentence: 'A refresh token is good for its own client alone.',
    source: { document: 'RFC 6749 §5.2, §6', read },
    argument:
      'The token is bound to its client, and the server must see to it that it was issued to the one that asks. Whichever refusal comes, there is no token. A second client that may not refresh at all tells nothing.',
    needs: ['refresh_token', 'other_client'],
    requests: [{ base: 'refresh_token', authentication: 'other_client' }],
    judgment: { replies: [[noToken]] },
    unclear: [noSuchGrant],
  },
  {
    id: 'rfc6749-6-refresh-token-required',
    level: 'MUST',
    sentence: 'A refresh takes a refresh_token.',
    source: { document: 'RFC 6749 §5.2, §6', read },
    argument: 'refresh_token is required, and a request without a required parameter is invalid_request.',
    needs: [],
    requests: [{ base: 'token', parameters: { ...otherGrant, grant_type: 'refresh_token' } }],
    judgment: { replies: [[invalidRequest]] },
    inapplicable: notOffered('refresh_token'),
  },
  {
    id: 'rfc6749-6-scope',
    level: 'MUST',
    sentence: 'A refresh does not widen the scope.',
    source: { document: 'RFC 6749 §6, §5.2', read },
    argument:
      'The scope must have nothing in it that was not granted before, and one that exceeds the grant is invalid_scope. A server that ignores what is too much tells the scope that it has granted.',
    needs: ['refresh_token'],
    requests: [{ base: 'refresh_token', parameters: { scope: 'no.such.scope' } }],
    judgment: {
      replies: [
        [
          invalidScope,
          { is: 'token', members: { scope: '^"(?!.*no\\.such\\.scope)[!#-\\[\\]-~]+( [!#-\\[\\]-~]+)*"$' } },
        ],
      ],
    },
  },
]
