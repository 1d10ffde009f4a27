// RFC 6749 §3.2: the token endpoint, its parameters, and that confidential clients authenticate.
import type { ConformanceRule } from '../rule.ts'
import {
  invalidClient,
  invalidRequest,
  noToken,
  notOffered,
  otherGrant,
  read,
  refusal,
  token,
} from './expected.ts'

const repeated =
  'Parameters must not be included more than once, and §5.2 has invalid_request for a request that repeats one. Another code sends the developer to look for another fault.'
const empty =
  'A parameter without a value is to be treated as if it were left out, and what is required and left out is invalid_request by §5.2.'

/** The rules of §3.2. */
export const rfc6749Section32: readonly ConformanceRule[] = [
  {
    id: 'rfc6749-3.2-post',
    level: 'MUST',
    sentence: 'A token is asked for by POST.',
    source: { document: 'RFC 6749 §3.2', read },
    argument:
      'The client must use POST, and parameters of a URI end in logs: a request by GET gets no token. Any refusal will do; which fields 405 has is a rule of its own.',
    needs: [],
    requests: [
      {
        base: 'token',
        method: 'GET',
        movedToQuery: ['grant_type', 'scope', 'username', 'password', 'client_id', 'client_secret'],
      },
    ],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc6749-3.2-empty-grant-type',
    level: 'MUST',
    sentence: 'An empty grant_type is none.',
    source: { document: 'RFC 6749 §3.2, §5.2', read },
    argument: empty,
    needs: [],
    requests: [{ base: 'token', parameters: { grant_type: '' } }],
    judgment: { replies: [[invalidRequest]] },
  },
  {
    id: 'rfc6749-3.2-empty-scope',
    level: 'MUST',
    sentence: 'An empty scope is none.',
    source: { document: 'RFC 6749 §3.2, §3.3', read },
    argument:
      'A parameter without a value is to be treated as if it were left out, so the reply is the one to a request without scope: a token of the same scope, or the same error.',
    needs: [],
    requests: [
      { base: 'token', parameters: { scope: null }, keptAs: 'omitted' },
      { base: 'token', parameters: { scope: '' } },
    ],
    judgment: {
      replies: [
        [token, refusal],
        [
          { is: 'token', compared: [{ member: 'scope', to: 'omitted', is: 'same' }] },
          { is: 'refusal', compared: [{ member: 'error', to: 'omitted', is: 'same' }] },
        ],
      ],
    },
  },
  {
    id: 'rfc6749-3.2-empty-credentials',
    level: 'MUST',
    sentence: 'An empty username or password is none.',
    source: { document: 'RFC 6749 §3.2, §4.3.2', read },
    argument: empty,
    needs: [],
    requests: [
      {
        base: 'token',
        parameters: { ...otherGrant, grant_type: 'password', username: '', password: 'no-such-password' },
      },
      {
        base: 'token',
        parameters: { ...otherGrant, grant_type: 'password', username: '{wrong}', password: '' },
      },
    ],
    judgment: { replies: [[invalidRequest], [invalidRequest]] },
    inapplicable: notOffered('password'),
  },
  {
    id: 'rfc6749-3.2-empty-refresh-token',
    level: 'MUST',
    sentence: 'An empty refresh_token is none.',
    source: { document: 'RFC 6749 §3.2, §6', read },
    argument: empty,
    needs: [],
    requests: [
      { base: 'token', parameters: { ...otherGrant, grant_type: 'refresh_token', refresh_token: '' } },
    ],
    judgment: { replies: [[invalidRequest]] },
    inapplicable: notOffered('refresh_token'),
  },
  {
    id: 'rfc6749-3.2-unrecognized-parameters',
    level: 'MUST',
    sentence: 'Parameters that are not recognized are ignored.',
    source: { document: 'RFC 6749 §3.2', read },
    argument: 'The server must ignore what it does not recognize, so a good request stays good.',
    needs: [],
    requests: [{ base: 'token', parameters: { foo: 'bar', nonce: 'n-1', state: 's' } }],
    judgment: { replies: [[token]] },
  },
  {
    id: 'rfc6749-3.2-repeated-grant-type',
    level: 'MUST',
    sentence: 'A repeated grant_type is refused.',
    source: { document: 'RFC 6749 §3.2, §5.2', read },
    argument: repeated,
    needs: [],
    requests: [
      { base: 'token', parameters: { grant_type: ['{grant_type}', '{grant_type}'] } },
      { base: 'token', parameters: { grant_type: ['{grant_type}', 'authorization_code'] } },
    ],
    judgment: { replies: [[invalidRequest], [invalidRequest]] },
  },
  {
    id: 'rfc6749-3.2-repeated-scope',
    level: 'MUST',
    sentence: 'A repeated scope is refused.',
    source: { document: 'RFC 6749 §3.2, §5.2', read },
    argument: repeated,
    needs: ['scope'],
    requests: [{ base: 'token', parameters: { scope: ['{scope}', '{scope}'] } }],
    judgment: { replies: [[invalidRequest]] },
  },
  {
    id: 'rfc6749-3.2-repeated-client-id',
    level: 'MUST',
    sentence: 'A repeated client_id is refused.',
    source: { document: 'RFC 6749 §3.2, §5.2', read },
    argument: `${repeated} Of a repeated client_id a server may also say that no client can be made out.`,
    needs: ['client_secret'],
    requests: [{ base: 'token', parameters: { client_id: ['{client_id}', '{client_id}'] } }],
    judgment: { replies: [[invalidRequest, invalidClient]] },
  },
  {
    id: 'rfc6749-3.2-repeated-credentials',
    level: 'MUST',
    sentence: 'A repeated username or password is refused.',
    source: { document: 'RFC 6749 §3.2, §5.2', read },
    argument: repeated,
    needs: ['password'],
    requests: [
      { base: 'password', parameters: { username: ['{username}', '{username}'] } },
      { base: 'password', parameters: { password: ['{password}', '{password}'] } },
    ],
    judgment: { replies: [[invalidRequest], [invalidRequest]] },
  },
  {
    id: 'rfc6749-3.2-repeated-refresh-token',
    level: 'MUST',
    sentence: 'A repeated refresh_token is refused.',
    source: { document: 'RFC 6749 §3.2, §5.2', read },
    argument: repeated,
    needs: ['refresh_token'],
    requests: [
      { base: 'refresh_token', parameters: { refresh_token: ['{refresh_token}', '{refresh_token}'] } },
    ],
    judgment: { replies: [[invalidRequest]] },
  },
  {
    id: 'rfc6749-3.2-body-only',
    level: 'SHOULD',
    sentence: 'grant_type is read from the body alone.',
    source: { document: 'RFC 6749 §3.2, §4.3.2, §4.4.2', read },
    argument:
      'Each grant has its parameters in the body. A server that looks for them in the query as well is open to what proxies and links add there.',
    needs: [],
    requests: [{ base: 'token', parameters: { foo: 'bar' }, movedToQuery: ['grant_type'] }],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc6749-3.2-user-in-body',
    level: 'SHOULD',
    sentence: 'username and password are read from the body alone.',
    source: { document: 'RFC 6749 §4.3.2', read },
    argument:
      'The password grant has them in the body; in the URI they would be kept by every log on the way.',
    needs: ['password', 'refusals'],
    requests: [{ base: 'password', movedToQuery: ['username', 'password'] }],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc6749-3.2.1-authentication',
    level: 'MUST',
    sentence: 'A confidential client authenticates.',
    source: { document: 'RFC 6749 §3.2.1, §4.4', read },
    argument:
      'Clients that were issued credentials must authenticate at the token endpoint, so there is no token without. Which error comes is a rule of its own.',
    needs: ['confidential_client'],
    requests: [{ base: 'token', authentication: 'none' }],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc6749-3.2.1-client-id-alone',
    level: 'MUST',
    sentence: 'Its client_id alone does not authenticate a confidential client.',
    source: { document: 'RFC 6749 §3.2.1, §4.4', read },
    argument:
      'client_id alone identifies; it proves nothing. A client that was issued credentials has to use them, so there is no token.',
    needs: ['confidential_client'],
    requests: [{ base: 'token', authentication: 'client_id' }],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc6749-3.2.1-empty-secret',
    level: 'MUST',
    sentence: 'An empty secret is not the secret.',
    source: { document: 'RFC 6749 §2.3.1, §3.2.1', read },
    argument:
      'The secret may be left out only where it is the empty string; that of this client is not, so an empty one is wrong.',
    needs: ['client_secret'],
    requests: [{ base: 'token', authentication: 'empty_secret_basic', isTrial: true }],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc6749-3.2.1-client-id-beside-basic',
    level: 'MAY',
    sentence: 'The same client_id may stand in the body beside HTTP Basic.',
    source: { document: 'RFC 6749 §3.2.1', read },
    argument:
      'A client may use client_id to identify itself at the token endpoint; without a secret beside it that is no second way of authentication.',
    needs: ['client_secret', 'client_secret_basic'],
    requests: [
      { base: 'token', authentication: 'client_secret_basic', parameters: { client_id: '{client_id}' } },
    ],
    judgment: { replies: [[token]] },
  },
]
