// RFC 6749 §1: TLS, and letters that count.
import type { ConformanceRule } from '../rule.ts'
import { noToken, read } from './expected.ts'

/** The rules of §1. */
export const rfc6749Section1: readonly ConformanceRule[] = [
  {
    id: 'rfc6749-1.6-tls',
    level: 'MUST',
    sentence: 'The token endpoint does not answer plain HTTP.',
    source: { document: 'RFC 6749 §1.6, §3.2', read },
    argument:
      'Requests to the token endpoint carry credentials as clear text, so §3.2 has the server require TLS. What answers plain HTTP on the port of TLS may be a proxy that says so; an error of OAuth shows that the endpoint itself has read the request. No credentials are sent.',
    needs: ['https'],
    requests: [{ base: 'token', authentication: 'none', isPlain: true }],
    judgment: { replies: [[{ is: 'nothing' }, { is: 'no_token', members: { error: null } }]] },
  },
  {
    id: 'rfc6749-1.9-case',
    level: 'MUST',
    sentence: 'Values of parameters are case-sensitive.',
    source: { document: 'RFC 6749 §1.9', read },
    argument:
      'Values are case-sensitive unless it is said otherwise, and of grant_type nothing is said: in capitals it names no grant, for which there is no token. Which error comes is a rule of its own.',
    needs: [],
    requests: [{ base: 'token', parameters: { grant_type: '{upper_grant_type}' } }],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc6749-1.9-case-of-names',
    level: 'MUST',
    sentence: 'Names of parameters are case-sensitive.',
    source: { document: 'RFC 6749 §1.9', read },
    argument:
      'Names are case-sensitive too, so GRANT_TYPE is a parameter that nobody knows, which is ignored, and grant_type is missing: there is no token.',
    needs: [],
    requests: [{ base: 'token', parameters: { grant_type: null, GRANT_TYPE: '{grant_type}' } }],
    judgment: { replies: [[noToken]] },
  },
]
