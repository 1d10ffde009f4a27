// RFC 6749 §5.1 with §7.1, §10.10 and appendix A: what a reply with a token is.
import type { ConformanceRule } from '../rule.ts'
import { read, scopeSyntax, token } from './expected.ts'

const characters = '^"([ !#-\\[\\]-~]|\\\\["\\\\])+"$'

/** The rules of §5.1. */
export const rfc6749Section51: readonly ConformanceRule[] = [
  {
    id: 'rfc6749-5.1-json',
    level: 'MUST',
    sentence: 'A token comes with 200 and as application/json.',
    source: { document: 'RFC 6749 §5.1', read },
    argument:
      'The reply has the status 200 and its members in a body of application/json. Parameters of the media type are allowed.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: {
      every: { of: 'token', statuses: [200], headers: { 'content-type': '^application/json\\s*(;|$)' } },
    },
  },
  {
    id: 'rfc6749-5.1-json-always',
    level: 'MUST',
    sentence: 'The reply is JSON whatever the client would rather have.',
    source: { document: 'RFC 6749 §5.1; RFC 9110 §12.5.1', read },
    argument:
      'The media type of the reply is not open to negotiation. A server may leave Accept aside, or say by 406 that it has nothing of the kind.',
    needs: [],
    requests: [{ base: 'token', headers: { accept: 'text/html' } }],
    judgment: {
      replies: [
        [
          { is: 'token', headers: { 'content-type': '^application/json\\s*(;|$)' } },
          { is: 'no_token', statuses: [406] },
        ],
      ],
    },
  },
  {
    id: 'rfc6749-5.1-token-type',
    level: 'MUST',
    sentence: 'Every token has a token_type.',
    source: { document: 'RFC 6749 §5.1', read },
    argument:
      'token_type is required, and is a string. Without it a client does not know how to use the token.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'token', members: { token_type: '^".+"$' } } },
  },
  {
    id: 'rfc6749-5.1-expires-in',
    level: 'SHOULD',
    sentence: 'Every token has an expires_in.',
    source: { document: 'RFC 6749 §5.1', read },
    argument:
      'expires_in is recommended; a server that leaves it out should tell the lifetime by other means, which a client cannot look up.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'token', members: { expires_in: '.' } } },
  },
  {
    id: 'rfc6749-a.14-expires-in-number',
    level: 'MUST',
    sentence: 'expires_in is a whole number, not negative, and no string.',
    source: { document: 'RFC 6749 §5.1, appendix A.14', read },
    argument:
      'Numbers are JSON numbers by §5.1, and appendix A.14 has digits alone. Where the member is missing there is nothing to judge.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'token', membersOfSome: { expires_in: '^\\d+$' } } },
  },
  {
    id: 'rfc6749-5.1-no-store',
    level: 'MUST',
    sentence: 'No cache stores a token.',
    source: { document: 'RFC 6749 §5.1', read },
    argument:
      'Every reply with a token must have Cache-Control with no-store; more directives may stand beside it.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'token', headers: { 'cache-control': '(^|[\\s,])no-store([\\s,]|$)' } } },
  },
  {
    id: 'rfc6749-5.1-pragma',
    level: 'MUST',
    sentence: 'Nor does a cache of HTTP/1.0.',
    source: { document: 'RFC 6749 §5.1', read },
    argument: 'Every reply with a token must have Pragma with no-cache as well. OAuth 2.1 has dropped it.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'token', headers: { pragma: '(^|[\\s,])no-cache([\\s,]|$)' } } },
  },
  {
    id: 'rfc6749-a.4-scope-in-reply',
    level: 'MUST',
    sentence: 'The scope of a reply is never empty, and has the syntax of a scope.',
    source: { document: 'RFC 6749 §3.3, §5.1, appendix A.4', read },
    argument:
      'scope is a string of at least one scope token, with one space between two. An empty string, a list, and null are none of that; where there is nothing to tell, the member is left out.',
    needs: [],
    requests: [
      { base: 'token' },
      { base: 'token', parameters: { scope: null } },
      { base: 'token', parameters: { scope: 'no.such.scope' } },
    ],
    judgment: { every: { of: 'token', membersOfSome: { scope: scopeSyntax } } },
  },
  {
    id: 'rfc6749-a.12-token-characters',
    level: 'MUST',
    sentence: 'Tokens are printable ASCII.',
    source: { document: 'RFC 6749 appendix A.12, A.17', read },
    argument: 'Access and refresh tokens are one printable character of ASCII or more.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: {
      every: {
        of: 'token',
        members: { access_token: characters },
      },
    },
  },
  {
    id: 'rfc6749-a.17-refresh-token-characters',
    level: 'MUST',
    sentence: 'So are refresh tokens.',
    source: { document: 'RFC 6749 appendix A.17', read },
    argument: 'A refresh token is one printable character of ASCII or more; null and numbers are no token.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'token', membersOfSome: { refresh_token: characters } } },
  },
  {
    id: 'rfc6749-7.1-bearer',
    level: 'SHOULD',
    sentence: 'The type of a bearer token is Bearer, in any case.',
    source: { document: 'RFC 6749 §5.1, §7.1; RFC 6750 §4', read },
    argument:
      'A client must not use a token whose type it does not know. Bearer is the registered one, DPoP the one of a token that is bound to a key; values of token_type are the same in any case.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: {
      every: { of: 'token', members: { token_type: '^"([Bb][Ee][Aa][Rr][Ee][Rr]|[Dd][Pp][Oo][Pp])"$' } },
    },
  },
  {
    id: 'rfc6749-10.10-unguessable',
    level: 'MUST',
    sentence: 'A token cannot be guessed.',
    source: { document: 'RFC 6749 §10.10', read },
    argument:
      'The chance to guess a token must be at most 2^-128. Text of fewer than 22 characters of Base64 has not so many bits. Length is all that can be seen from outside.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'token', members: { access_token: '^".{22,}"$' } } },
  },
  {
    id: 'rfc6749-10.10-fresh-tokens',
    level: 'SHOULD',
    sentence: 'Two requests get two tokens.',
    source: { document: 'RFC 6749 §10.10', read },
    argument:
      'What is drawn by chance of 128 bits or more does not come twice. A service that hands out the same token again shares it among all who ask.',
    needs: [],
    requests: [{ base: 'token', keptAs: 'first', otherwise: 'not_tried' }, { base: 'token' }],
    judgment: {
      replies: [[token], [{ is: 'token', compared: [{ member: 'access_token', to: 'first', is: 'other' }] }]],
    },
  },
]
