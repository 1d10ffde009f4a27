// RFC 8693: token exchange.
import type { ConformanceRule } from '../rule.ts'
import { otherGrant, read, refusedAs } from './expected.ts'

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** The rules of RFC 8693. */
export const rfc8693: readonly ConformanceRule[] = [
  {
    id: 'rfc8693-2.2.2-subject-token',
    level: 'MUST',
    sentence: 'A token exchange takes a token.',
    source: { document: 'RFC 8693 §2.1, §2.2.2', read },
    argument:
      'A request without its required subject_token is invalid_request; a server or a client without this grant has codes of its own for it.',
    needs: [],
    requests: [{ base: 'token', parameters: { ...otherGrant, grant_type: tokenExchange } }],
    judgment: {
      replies: [refusedAs('invalid_request', 'unsupported_grant_type', 'unauthorized_client')],
    },
  },
  {
    id: 'rfc8693-2.2.1-issued-token-type',
    level: 'MUST',
    sentence: 'The type of a token that was exchanged is told.',
    source: { document: 'RFC 8693 §2.2.1', read },
    argument:
      'issued_token_type is required in a reply that has a token. Where none comes there is nothing to judge.',
    needs: [],
    requests: [
      {
        base: 'token',
        parameters: {
          ...otherGrant,
          grant_type: tokenExchange,
          subject_token: '{access_token}',
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        },
      },
    ],
    judgment: { replies: [[{ is: 'token', members: { issued_token_type: '^".+"$' } }]] },
    inapplicable: [{ is: 'no_token' }],
  },
]
