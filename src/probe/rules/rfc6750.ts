// RFC 6750: bearer tokens.
import type { ConformanceRule } from '../rule.ts'
import { read } from './expected.ts'

/** The rules of RFC 6750. */
export const rfc6750: readonly ConformanceRule[] = [
  {
    id: 'rfc6750-2.1-b64token',
    level: 'SHOULD',
    sentence: 'An access token can stand in an Authorization field as it is.',
    source: { document: 'RFC 6750 §2.1', read },
    argument:
      'What follows the scheme Bearer is letters, digits and - . _ ~ + / with = at the end. A token of other characters cannot be sent in the one way that every resource server supports.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'token', members: { access_token: '^"[\\w.~+/-]+=*"$' } } },
  },
]
