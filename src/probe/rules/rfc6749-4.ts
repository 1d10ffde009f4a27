// RFC 6749 §4: the grants.
import type { ConformanceRule } from '../rule.ts'
import {
  invalidClient,
  invalidRequest,
  noToken,
  notOffered,
  otherGrant,
  read,
  refusedAs,
  token,
} from './expected.ts'

const refusedCode = refusedAs(
  'invalid_request',
  'invalid_grant',
  'unsupported_grant_type',
  'unauthorized_client',
)

/** The rules of §4. */
export const rfc6749Section4: readonly ConformanceRule[] = [
  {
    id: 'rfc6749-4.1.3-no-code',
    level: 'MUST',
    sentence: 'A request of the authorization code grant without a good code is refused.',
    source: { document: 'RFC 6749 §4.1.3, §5.2', read },
    argument:
      'code is required, so without it the request is invalid; a code that nobody was given is an invalid grant; and a server or a client without this grant has codes of its own for it. There is no other reason to refuse.',
    needs: [],
    requests: [
      { base: 'token', parameters: { ...otherGrant, grant_type: 'authorization_code' } },
      { base: 'token', parameters: { ...otherGrant, grant_type: 'authorization_code', code: '{wrong}' } },
    ],
    judgment: { replies: [refusedCode, refusedCode] },
  },
  {
    id: 'rfc6749-4.3.2-authentication',
    level: 'MUST',
    sentence: 'A confidential client authenticates for the password grant, too.',
    source: { document: 'RFC 6749 §4.3.2', read },
    argument:
      'The server must require client authentication of every client that was issued credentials: the user alone gets this client no token.',
    needs: ['password', 'confidential_client'],
    requests: [
      { base: 'password', authentication: 'none' },
      { base: 'password', authentication: 'client_id' },
    ],
    judgment: { replies: [[noToken], [noToken]] },
  },
  {
    id: 'rfc6749-4.3.2-authentication-first',
    level: 'MUST',
    sentence: 'A right user with a wrong client secret is an invalid client.',
    source: { document: 'RFC 6749 §4.3.2, §5.2', read },
    argument:
      'The server must authenticate the client wherever it shows credentials. Nothing but the secret is wrong here, so the refusal is invalid_client.',
    needs: ['password', 'client_secret'],
    requests: [{ base: 'password', authentication: 'wrong_secret', isTrial: true }],
    judgment: { replies: [[invalidClient]] },
  },
  {
    id: 'rfc6749-4.3.2-username-and-password',
    level: 'MUST',
    sentence: 'The password grant takes username and password.',
    source: { document: 'RFC 6749 §4.3.2, §5.2', read },
    argument: 'Both are required, and a request without a required parameter is invalid_request.',
    needs: [],
    requests: [
      { base: 'token', parameters: { ...otherGrant, grant_type: 'password', password: 'no-such-password' } },
      { base: 'token', parameters: { ...otherGrant, grant_type: 'password', username: '{wrong}' } },
    ],
    judgment: { replies: [[invalidRequest], [invalidRequest]] },
    inapplicable: notOffered('password'),
  },
  {
    id: 'rfc6749-4.3.3-token',
    level: 'MUST',
    sentence: "A user's own password gets a token.",
    source: { document: 'RFC 6749 §4.3.3', read },
    argument: 'A valid and authorized request gets an access token.',
    needs: ['password'],
    requests: [{ base: 'password' }],
    judgment: { replies: [[token]] },
  },
  {
    id: 'rfc6749-4.4.3-no-refresh-token',
    level: 'SHOULD',
    sentence: 'A client that acts for itself gets no refresh token.',
    source: { document: 'RFC 6749 §4.4.3', read },
    argument:
      'The reply to this grant should have no refresh token: the client can ask again with its own credentials.',
    needs: ['client_credentials'],
    requests: [{ base: 'client_credentials' }],
    judgment: { replies: [[{ is: 'token', members: { refresh_token: null } }]] },
  },
]
