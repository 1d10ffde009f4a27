// RFC 9068: access tokens that are JSON Web Tokens.
import type { ConformanceRule } from '../rule.ts'
import { read } from './expected.ts'

/** The rules of RFC 9068. */
export const rfc9068: readonly ConformanceRule[] = [
  {
    id: 'rfc9068-2-jwt',
    level: 'MUST',
    sentence: 'An access token of the type at+jwt has every claim that is required.',
    source: { document: 'RFC 9068 §2.1, §2.2', read },
    argument:
      'iss, exp, aud, sub, client_id, iat and jti are required. It is judged of tokens that say by their type that they follow the profile.',
    needs: ['at_jwt'],
    requests: [{ base: 'token' }],
    judgment: {
      every: {
        of: 'token',
        tokenClaims: {
          iss: '^".+"$',
          exp: '^\\d+',
          aud: '.',
          sub: '^".+"$',
          client_id: '^".+"$',
          iat: '^\\d+',
          jti: '^".+"$',
        },
      },
    },
  },
  {
    id: 'rfc9068-2.1-type',
    level: 'observed',
    sentence: 'An access token that is a JWT says at+jwt.',
    source: { document: 'RFC 9068 §2.1', read },
    argument:
      'A token of the profile says so by its type. Nobody has to follow the profile, so a JWT without it breaks nothing.',
    needs: ['jwt_access_token'],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'token', tokenHeader: { typ: '^"(application/)?[aA][tT]\\+[jJ][wW][tT]"$' } } },
  },
]
