// RFC 6749 §5.2: what a refusal is.
import type { ConformanceRule } from '../rule.ts'
import {
  invalidClient,
  invalidGrant,
  invalidRequest,
  noToken,
  notOffered,
  otherGrant,
  read,
  unsupportedGrantType,
} from './expected.ts'

const unknownClient =
  'An unknown client is the first example that §5.2 has for invalid_client. The status is a rule of its own.'
const wrongSecret = 'Client authentication that failed is invalid_client. The status is a rule of its own.'
const wrongUser =
  'Credentials of the resource owner are the grant, and one that is invalid is invalid_grant. Another code has the client believe that it was refused itself.'

/** The rules of §5.2. */
export const rfc6749Section52: readonly ConformanceRule[] = [
  {
    id: 'rfc6749-5.2-json',
    level: 'MUST',
    sentence: 'Errors are JSON.',
    source: { document: 'RFC 6749 §5.2', read },
    argument:
      'The members of an error are in the body as application/json. It is judged of replies of 400 and 401 to forms that came by POST; what a server of HTTP refuses before is none of it.',
    needs: [],
    requests: [{ base: 'token', parameters: { grant_type: '{wrong}' } }],
    judgment: {
      every: {
        of: 'refusal',
        ofStatuses: [400, 401],
        headers: { 'content-type': '^application/json\\s*(;|$)' },
      },
    },
  },
  {
    id: 'rfc6749-5.2-error',
    level: 'MUST',
    sentence: 'Every error has a code of plain characters.',
    source: { document: 'RFC 6749 §5.2, appendix A.7', read },
    argument: 'error is required, and has printable ASCII without quotes and backslashes.',
    needs: [],
    requests: [{ base: 'token', parameters: { grant_type: '{wrong}' } }],
    judgment: {
      every: { of: 'refusal', ofStatuses: [400, 401], members: { error: '^"[ !#-\\[\\]-~]+"$' } },
    },
  },
  {
    id: 'rfc6749-5.2-error-description',
    level: 'MUST',
    sentence: 'A description of an error is of plain characters.',
    source: { document: 'RFC 6749 §5.2, appendix A.8', read },
    argument:
      'Where there is an error_description it has printable ASCII without quotes and backslashes. A server that repeats what it was sent repeats characters that must not be there.',
    needs: [],
    requests: [
      { base: 'token', parameters: { grant_type: 'a"b\\c\r\né' } },
      { base: 'token', parameters: { scope: '"\\\r\né' } },
    ],
    judgment: {
      every: { of: 'refusal', membersOfSome: { error_description: '^"[ !#-\\[\\]-~]+"$' } },
    },
  },
  {
    id: 'rfc6749-5.2-error-uri',
    level: 'MAY',
    sentence: 'An error_uri is a reference to a page.',
    source: { document: 'RFC 6749 §5.2, appendix A.9', read },
    argument:
      'Where there is an error_uri it has the syntax of a URI reference, which has no spaces, quotes and backslashes.',
    needs: [],
    requests: [],
    judgment: { every: { of: 'refusal', membersOfSome: { error_uri: '^"[!#-\\[\\]-~]+"$' } } },
  },
  {
    id: 'rfc6749-5.2-registered-error',
    level: 'SHOULD',
    sentence: 'The code of an error is a registered one.',
    source: { document: 'RFC 6749 §5.2, §8.5, §11.4', read },
    argument:
      'error is one of the codes of §5.2, or of those that extensions register for the token endpoint. A client knows what to do about no other. A missing code is a rule of its own.',
    needs: [],
    requests: [],
    judgment: {
      every: {
        of: 'refusal',
        ofStatuses: [400, 401],
        membersOfSome: {
          error:
            '^"(invalid_request|invalid_client|invalid_grant|unauthorized_client|unsupported_grant_type|invalid_scope|unsupported_token_type|invalid_target|invalid_dpop_proof|use_dpop_nonce|authorization_pending|slow_down|access_denied|expired_token|invalid_token|insufficient_scope|interaction_required|server_error|temporarily_unavailable)"$',
        },
      },
    },
  },
  {
    id: 'rfc6749-5.2-status',
    level: 'SHOULD',
    sentence: 'An error has the status 400, or 401 where the client is an invalid one.',
    source: { document: 'RFC 6749 §5.2', read },
    argument:
      'An error has the status 400 unless it is said otherwise, which it is for invalid_client alone: 401. The document says so without a must, so that a client goes by the code. HTTP has 413 for what is too large and 429 for what is too much. 403, 404 and 500 are none of them, and neither is 401 with another code.',
    needs: [],
    requests: [],
    judgment: {
      every: {
        of: 'refusal',
        statuses: [400, 401, 413, 429],
        errorsOfStatus: { 401: ['invalid_client'] },
      },
    },
  },
  {
    id: 'rfc6749-5.2-missing-grant-type',
    level: 'MUST',
    sentence: 'A request without grant_type is invalid.',
    source: { document: 'RFC 6749 §5.2', read },
    argument:
      'grant_type is required for every grant, and a request without a required parameter is invalid_request. There is no grant type that could be unsupported.',
    needs: [],
    // With a parameter that is ignored, so that there is a form.
    requests: [{ base: 'token', parameters: { grant_type: null, foo: 'bar' } }],
    judgment: { replies: [[invalidRequest]] },
  },
  {
    id: 'rfc6749-5.2-empty-body',
    level: 'MUST',
    sentence: 'A request without a body is invalid.',
    source: { document: 'RFC 6749 §5.2', read },
    argument:
      'A body of no bytes has no grant_type, which makes the request an invalid_request. The client is authenticated by Basic, so nothing else is wrong.',
    needs: ['client_secret_basic'],
    requests: [{ base: 'token', authentication: 'client_secret_basic', body: '' }],
    judgment: { replies: [[invalidRequest]] },
  },
  {
    id: 'rfc6749-5.2-unsupported-grant-type',
    level: 'MUST',
    sentence: 'A grant that nobody has is unsupported.',
    source: { document: 'RFC 6749 §5.2', read },
    argument:
      'A grant type that the server does not support has a code of its own, unsupported_grant_type; the client is authenticated and the parameter is there.',
    needs: [],
    requests: [{ base: 'token', parameters: { grant_type: '{wrong}' } }],
    judgment: { replies: [unsupportedGrantType] },
  },
  {
    id: 'rfc6749-5.2-no-authentication',
    level: 'MUST',
    sentence: 'A confidential client that does not authenticate is an invalid one.',
    source: { document: 'RFC 6749 §3.2.1, §5.2', read },
    argument:
      'That no client authentication is included is among the examples that §5.2 has for invalid_client. This client is known by its client_id, and has a secret or a key.',
    needs: ['confidential_client'],
    requests: [{ base: 'token', authentication: 'client_id' }],
    judgment: { replies: [[invalidClient]] },
  },
  {
    id: 'rfc6749-5.2-no-client',
    level: 'MUST',
    sentence: 'So is one that does not say who it is.',
    source: { document: 'RFC 6749 §3.2.1, §5.2', read },
    argument:
      'That no client authentication is included is among the examples that §5.2 has for invalid_client. No parameter is missing that the grant requires.',
    needs: ['confidential_client'],
    requests: [{ base: 'token', authentication: 'none' }],
    judgment: { replies: [[invalidClient]] },
  },
  {
    id: 'rfc6749-5.2-unknown-client',
    level: 'MUST',
    sentence: 'An unknown client is an invalid one.',
    source: { document: 'RFC 6749 §5.2', read },
    argument: unknownClient,
    needs: ['client_secret_basic', 'refusals'],
    requests: [{ base: 'token', authentication: 'unknown_client_basic' }],
    judgment: { replies: [[invalidClient]] },
  },
  {
    id: 'rfc6749-5.2-unknown-client-post',
    level: 'MUST',
    sentence: 'So is an unknown client with its credentials in the body.',
    source: { document: 'RFC 6749 §5.2', read },
    argument: unknownClient,
    needs: ['client_secret_post', 'refusals'],
    requests: [{ base: 'token', authentication: 'unknown_client_post' }],
    judgment: { replies: [[invalidClient]] },
  },
  {
    id: 'rfc6749-5.2-wrong-secret',
    level: 'MUST',
    sentence: 'A client with a wrong secret is an invalid one.',
    source: { document: 'RFC 6749 §5.2', read },
    argument: wrongSecret,
    needs: ['client_secret_basic'],
    requests: [{ base: 'token', authentication: 'wrong_secret_basic', isTrial: true }],
    judgment: { replies: [[invalidClient]] },
  },
  {
    id: 'rfc6749-5.2-wrong-secret-post',
    level: 'MUST',
    sentence: 'So is a client with a wrong secret in the body.',
    source: { document: 'RFC 6749 §5.2', read },
    argument: wrongSecret,
    needs: ['client_secret_post'],
    requests: [{ base: 'token', authentication: 'wrong_secret_post', isTrial: true }],
    judgment: { replies: [[invalidClient]] },
  },
  {
    id: 'rfc6749-5.2-basic-401',
    level: 'MUST',
    sentence: 'A client that is refused after HTTP Basic gets 401.',
    source: { document: 'RFC 6749 §5.2', read },
    argument: 'After an attempt by the Authorization field the server must answer with 401.',
    needs: ['client_secret_basic'],
    requests: [{ base: 'token', authentication: 'wrong_secret_basic', isTrial: true }],
    judgment: { replies: [[{ is: 'refusal', statuses: [401] }]] },
  },
  {
    id: 'rfc6749-5.2-basic-challenge',
    level: 'MUST',
    sentence: 'And a challenge of the scheme that it used.',
    source: { document: 'RFC 6749 §5.2', read },
    argument:
      'The same sentence has the reply carry WWW-Authenticate of the scheme that the client used, which was Basic. The name of a scheme is the same in any case; other challenges may stand beside it.',
    needs: ['client_secret_basic'],
    requests: [{ base: 'token', authentication: 'wrong_secret_basic', isTrial: true }],
    judgment: {
      replies: [[{ is: 'no_token', headers: { 'www-authenticate': '(^|,\\s*)Basic(\\s|,|$)' } }]],
    },
  },
  {
    id: 'rfc6749-5.2-malformed-basic',
    level: 'SHOULD',
    sentence: 'Malformed HTTP Basic is an OAuth error.',
    source: { document: 'RFC 6749 §5.2', read },
    argument:
      'Credentials that cannot be read are failed authentication or a malformed request: the reply is the error of either.',
    needs: ['client_secret'],
    requests: [
      { base: 'token', authentication: 'none', headers: { authorization: 'Basic !!!!' } },
      { base: 'token', authentication: 'none', headers: { authorization: 'Basic bm9jb2xvbg==' } },
    ],
    judgment: {
      replies: [
        [{ is: 'refusal', errors: ['invalid_client', 'invalid_request'] }],
        [{ is: 'refusal', errors: ['invalid_client', 'invalid_request'] }],
      ],
    },
  },
  {
    id: 'rfc6749-5.2-unsupported-scheme',
    level: 'SHOULD',
    sentence: 'Another scheme of authentication is an OAuth error.',
    source: { document: 'RFC 6749 §5.2', read },
    argument: 'A way of authentication that is not supported is an example of invalid_client in §5.2.',
    needs: ['client_secret'],
    requests: [{ base: 'token', authentication: 'none', headers: { authorization: 'Bearer abc' } }],
    judgment: { replies: [[invalidClient]] },
  },
  {
    id: 'rfc6749-5.2-json-body',
    level: 'SHOULD',
    sentence: 'A body of JSON is refused as an OAuth error.',
    source: { document: 'RFC 6749 §3.2, §5.2, appendix B', read },
    argument:
      'The parameters are sent as a form. In JSON none of them is there, so the request is invalid, or its client is unknown where the body was to tell it. HTTP has 415 for a media type that is not read.',
    needs: [],
    requests: [{ base: 'token', contentType: 'application/json', body: '{json}' }],
    judgment: {
      replies: [
        [
          { is: 'refusal', errors: ['invalid_request', 'invalid_client'] },
          { is: 'refusal', statuses: [415] },
        ],
      ],
    },
  },
  {
    id: 'rfc6749-b-form-alone',
    level: 'SHOULD',
    sentence: 'Only a form is read.',
    source: { document: 'RFC 6749 §3.2, §4.4.2, appendix B', read },
    argument:
      'Parameters are sent as application/x-www-form-urlencoded. A body that says to be something else has none: there is no token.',
    needs: [],
    requests: [
      { base: 'token', contentType: 'text/plain' },
      {
        base: 'token',
        contentType: 'multipart/form-data; boundary=b',
        body: '--b\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\n{grant_type}\r\n--b--\r\n',
      },
    ],
    judgment: { replies: [[noToken], [noToken]] },
  },
  {
    id: 'rfc6749-b-no-media-type',
    level: 'observed',
    sentence: 'A form that does not say that it is one is not read.',
    source: { document: 'RFC 6749 appendix B; RFC 9110 §8.3', read },
    argument:
      'Without Content-Type a recipient may look at the bytes, or take them for bytes of no kind: both are allowed, and services differ.',
    needs: [],
    requests: [{ base: 'token', contentType: null }],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc6749-b-charset',
    level: 'MUST',
    sentence: 'The media type may say that it is UTF-8.',
    source: { document: 'RFC 6749 appendix B', read },
    argument: 'Forms are in UTF-8, so a parameter that says so changes nothing.',
    needs: [],
    requests: [{ base: 'token', contentType: 'application/x-www-form-urlencoded; charset=UTF-8' }],
    judgment: { replies: [[{ is: 'token' }]] },
  },
  {
    id: 'rfc6749-b-space',
    level: 'MUST',
    sentence: 'A plus sign and %20 both are a space.',
    source: { document: 'RFC 6749 appendix B', read },
    argument: 'Both stand for a space in a form, so both requests are the same, and get the same scope.',
    needs: ['several_scopes'],
    requests: [
      {
        base: 'token',
        parameters: { scope: null },
        body: '{form}&scope={scope_plus}',
        keptAs: 'plus',
      },
      { base: 'token', parameters: { scope: null }, body: '{form}&scope={scope_percent}' },
    ],
    judgment: {
      replies: [
        [{ is: 'token' }],
        [{ is: 'token', compared: [{ member: 'scope', to: 'plus', is: 'same' }] }],
      ],
    },
  },
  {
    id: 'rfc6749-5.2-wrong-password',
    level: 'MUST',
    sentence: 'A wrong password is an invalid grant.',
    source: { document: 'RFC 6749 §4.3.2, §5.2', read },
    argument: wrongUser,
    needs: ['password'],
    requests: [{ base: 'password', parameters: { password: '{wrong}' }, isTrial: true }],
    judgment: { replies: [[invalidGrant]] },
  },
  {
    id: 'rfc6749-5.2-unknown-user',
    level: 'MUST',
    sentence: 'So is an unknown user.',
    source: { document: 'RFC 6749 §4.3.2, §5.2', read },
    argument: wrongUser,
    needs: ['refusals'],
    requests: [
      {
        base: 'token',
        parameters: {
          ...otherGrant,
          grant_type: 'password',
          username: '{wrong}',
          password: 'no-such-password',
        },
      },
    ],
    judgment: { replies: [[invalidGrant]] },
    inapplicable: notOffered('password'),
  },
  {
    id: 'rfc6749-a.15-user-characters',
    level: 'MUST',
    sentence: 'Names and passwords of users have letters of all languages, and those that forms escape.',
    source: { document: 'RFC 6749 §4.3.2, §5.2, appendix A.15, A.16, B', read },
    argument:
      'Both may have every character of Unicode but the ends of lines, those beyond 16 bits too, and come as UTF-8 in a form. So nothing is wrong but the user, which is invalid_grant.',
    needs: ['refusals'],
    requests: [
      {
        base: 'token',
        parameters: {
          ...otherGrant,
          grant_type: 'password',
          username: 'no-such-é&=+%',
          password: 'no-such-🔑&=+%',
        },
      },
    ],
    judgment: { replies: [[invalidGrant]] },
    inapplicable: notOffered('password'),
  },
  {
    id: 'rfc6749-5.2-invalid-refresh-token',
    level: 'MUST',
    sentence: 'A refresh token that nobody was given is an invalid grant.',
    source: { document: 'RFC 6749 §5.2, §6', read },
    argument: 'A refresh token that is invalid, expired or revoked is invalid_grant by the words of §5.2.',
    needs: [],
    requests: [
      {
        base: 'token',
        parameters: { ...otherGrant, grant_type: 'refresh_token', refresh_token: '{wrong}' },
      },
    ],
    judgment: { replies: [[invalidGrant]] },
    inapplicable: notOffered('refresh_token'),
  },
  {
    id: 'rfc6749-5.2-access-token-as-refresh-token',
    level: 'MUST',
    sentence: 'An access token is no refresh token.',
    source: { document: 'RFC 6749 §1.5, §5.2, §6', read },
    argument:
      'The two kinds are for different readers; an access token in the place of a refresh token is an invalid one, and that is invalid_grant.',
    needs: [],
    requests: [
      {
        base: 'token',
        parameters: { ...otherGrant, grant_type: 'refresh_token', refresh_token: '{access_token}' },
      },
    ],
    judgment: { replies: [[invalidGrant]] },
    inapplicable: notOffered('refresh_token'),
  },
  {
    id: 'rfc6749-5.2-long-refresh-token',
    level: 'MUST',
    sentence: 'A refresh token that is far too long is an invalid grant.',
    source: { document: 'RFC 6749 §5.2, §6; RFC 9110 §15.5.14', read },
    argument:
      'No length of a refresh token is laid down, so one of ten thousand characters is as invalid as any. A server may refuse the whole body as too large.',
    needs: [],
    requests: [
      {
        base: 'token',
        parameters: { ...otherGrant, grant_type: 'refresh_token', refresh_token: 'x'.repeat(10_000) },
      },
    ],
    judgment: { replies: [[invalidGrant, { is: 'refusal', statuses: [413] }]] },
    inapplicable: notOffered('refresh_token'),
  },
  {
    id: 'rfc6749-5.2-no-echo',
    level: 'SHOULD',
    sentence: 'No markup comes back in a page.',
    source: { document: 'RFC 6749 §5.2, §10.14', read },
    argument:
      'Errors are JSON, and what came in must not go out where a browser would run it: the markup of a scope does not stand in a body of text/html.',
    needs: [],
    requests: [{ base: 'token', parameters: { scope: '<script>alert(1)</script>' } }],
    judgment: { every: { of: 'reply', withoutMarkup: '<script>alert(1)</script>' } },
  },
  {
    id: 'rfc6749-5.2-no-secrets',
    level: 'SHOULD',
    sentence: 'Nothing secret comes back in an error.',
    source: { document: 'RFC 6749 §5.2, §10.3', read },
    argument:
      'An error tells the developer what went wrong, and is written to logs: a secret, a password or a token that was sent has no place in it.',
    needs: [],
    requests: [],
    judgment: { every: { of: 'refusal', isWithoutSecrets: true } },
  },
  {
    id: 'rfc6749-5.2-no-store',
    level: 'observed',
    sentence: 'No cache stores an error.',
    source: { document: 'RFC 6749 §5.2, its example; the draft of OAuth 2.1', read },
    argument:
      'The example of an error has Cache-Control with no-store, which §5.2 does not ask for in words. Services differ.',
    needs: [],
    requests: [],
    judgment: { every: { of: 'refusal', headers: { 'cache-control': '(^|[\\s,])no-store([\\s,]|$)' } } },
  },
]
