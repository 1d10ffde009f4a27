// RFC 7662: introspection.
import type { ConformanceRule } from '../rule.ts'
import { invalidRequest, read } from './expected.ts'

/** The rules of RFC 7662. */
export const rfc7662: readonly ConformanceRule[] = [
  {
    id: 'rfc7662-2.2-active',
    level: 'MUST',
    sentence: 'A live token is active.',
    source: { document: 'RFC 7662 §2.2', read },
    argument:
      'active is required, is a boolean, and is true of a token that was just issued. It is false as well where the caller may not know of the token, which leaves the rule open.',
    needs: ['introspection'],
    requests: [{ base: 'introspection' }],
    judgment: { replies: [[{ is: 'answer', statuses: [200], members: { active: '^true$' } }]] },
    unclear: [{ is: 'answer', statuses: [200], members: { active: '^false$' } }],
  },
  {
    id: 'rfc7662-2.2-json',
    level: 'MUST',
    sentence: 'What is told of a token is JSON.',
    source: { document: 'RFC 7662 §2.2', read },
    argument: 'The server answers with a JSON object in application/json.',
    needs: ['introspection'],
    requests: [{ base: 'introspection' }],
    judgment: {
      replies: [[{ is: 'answer', headers: { 'content-type': '^application/json\\s*(;|$)' } }]],
    },
  },
  {
    id: 'rfc7662-2.2-inactive',
    level: 'MUST',
    sentence: 'A token that is none is inactive.',
    source: { document: 'RFC 7662 §2.2', read },
    argument:
      'An unknown token is no error for a caller that is authorized: the reply has active, which is false.',
    needs: ['introspection'],
    requests: [{ base: 'introspection', parameters: { token: '{wrong}' } }],
    judgment: { replies: [[{ is: 'answer', statuses: [200], members: { active: '^false$' } }]] },
  },
  {
    id: 'rfc7662-2.2-inactive-alone',
    level: 'SHOULD',
    sentence: 'And no more is said of it.',
    source: { document: 'RFC 7662 §2.2', read },
    argument: 'Of an inactive token the server should tell nothing, not even why it is inactive.',
    needs: ['introspection'],
    requests: [{ base: 'introspection', parameters: { token: '{wrong}' } }],
    judgment: {
      replies: [
        [
          {
            is: 'answer',
            members: {
              active: '^false$',
              scope: null,
              client_id: null,
              username: null,
              token_type: null,
              exp: null,
              iat: null,
              sub: null,
              aud: null,
              iss: null,
              jti: null,
              error: null,
            },
          },
        ],
      ],
    },
  },
  {
    id: 'rfc7662-2.1-authorization',
    level: 'MUST',
    sentence: 'Only who is authorized is told about tokens.',
    source: { document: 'RFC 7662 §2.1, §2.3', read },
    argument:
      'The endpoint must require authorization of some kind, or anybody could try tokens. Without any the request is refused, and nothing is said of the token.',
    needs: ['introspection'],
    requests: [{ base: 'introspection', authentication: 'none' }],
    judgment: { replies: [[{ is: 'refusal', members: { active: null } }]] },
  },
  {
    id: 'rfc7662-2.3-status',
    level: 'SHOULD',
    sentence: 'A caller without authorization gets 401, or another status for that.',
    source: { document: 'RFC 7662 §2.3', read },
    argument:
      'The error is the one of RFC 6749 §5.2 for clients, where 401 is for those that tried by the Authorization field and 400 may be for the others, or 401 for bearer tokens. HTTP has 403 for those who may not; each will do where nothing is said of the token.',
    needs: ['introspection'],
    requests: [{ base: 'introspection', authentication: 'none' }],
    judgment: { replies: [[{ is: 'refusal', statuses: [400, 401, 403], members: { active: null } }]] },
  },
  {
    id: 'rfc7662-2.1-token',
    level: 'MUST',
    sentence: 'An introspection takes a token.',
    source: { document: 'RFC 7662 §2.1; RFC 6749 §5.2', read },
    argument: 'token is required, and a request without a required parameter is invalid_request.',
    needs: ['introspection'],
    requests: [{ base: 'introspection', parameters: { token: null } }],
    judgment: { replies: [[invalidRequest]] },
  },
]
