// RFC 7521 and RFC 7523: clients that authenticate by an assertion, and assertions as grants.
import type { ConformanceRule, ProbeAssertion } from '../rule.ts'
import { invalidClient, invalidRequest, otherGrant, read, refusedAs, token } from './expected.ts'

const by = (assertion: ProbeAssertion) =>
  ({ base: 'token', authentication: 'private_key_jwt', assertion }) as const
const failed =
  'An assertion for which any of the requirements of §3 does not hold must be refused, and as the authentication of a client by invalid_client.'

/** The refusals of a grant that is not there, or whose parameter is bad. */
const badGrant = refusedAs('invalid_grant', 'unsupported_grant_type', 'unauthorized_client')

/** The rules of RFC 7523. */
export const rfc7523: readonly ConformanceRule[] = [
  {
    id: 'rfc7523-2.2-assertion',
    level: 'MUST',
    sentence: "A client's own assertion authenticates it.",
    source: { document: 'RFC 7521 §4.2; RFC 7523 §2.2, §3', read },
    argument: 'An assertion for which all requirements of §3 hold authenticates the client.',
    needs: ['private_key_jwt'],
    requests: [{ base: 'token', authentication: 'private_key_jwt' }],
    judgment: { replies: [[token]] },
  },
  {
    id: 'rfc7523-3-audience',
    level: 'MUST',
    sentence: 'An assertion is addressed to this server.',
    source: { document: 'RFC 7523 §3 (3), §3.2', read },
    argument: failed,
    needs: ['private_key_jwt', 'refusals'],
    requests: [by({ claims: { aud: 'https://other.example' } })],
    judgment: { replies: [[invalidClient]] },
  },
  {
    id: 'rfc7523-3-expiry',
    level: 'MUST',
    sentence: 'An assertion has a time of expiry that is not past.',
    source: { document: 'RFC 7523 §3 (4), §3.2', read },
    argument: `${failed} An hour is more than any clock is wrong by.`,
    needs: ['private_key_jwt', 'refusals'],
    requests: [by({ claims: { exp: -3600, iat: -3900 } }), by({ claims: { exp: null } })],
    judgment: { replies: [[invalidClient], [invalidClient]] },
  },
  {
    id: 'rfc7523-3-signature',
    level: 'MUST',
    sentence: "An assertion is signed with the client's own key.",
    source: { document: 'RFC 7523 §3 (9), (10), §3.2', read },
    argument: failed,
    needs: ['private_key_jwt', 'refusals'],
    requests: [by({ alg: 'none' }), by({ isByAnother: true })],
    judgment: { replies: [[invalidClient], [invalidClient]] },
  },
  {
    id: 'rfc7521-4.2-assertion-type',
    level: 'MUST',
    sentence: 'The type of an assertion is the one that is defined.',
    source: { document: 'RFC 7521 §4.2, §4.2.1; RFC 7523 §2.2', read },
    argument:
      'A type that nobody has defined is no authentication that the server supports, which is invalid_client, or a parameter of a bad value, which is invalid_request.',
    needs: ['private_key_jwt', 'refusals'],
    requests: [by({ type: 'urn:ietf:params:oauth:client-assertion-type:no-such-type' })],
    judgment: { replies: [[invalidRequest, invalidClient]] },
  },
  {
    id: 'rfc7523-3.1-jwt-bearer-grant',
    level: 'MUST',
    sentence: 'An assertion that is none is an invalid grant.',
    source: { document: 'RFC 7523 §3.1', read },
    argument:
      'An assertion that is not valid must be invalid_grant; a server or a client without this grant has codes of its own for it.',
    needs: [],
    requests: [
      {
        base: 'token',
        parameters: {
          ...otherGrant,
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: 'a.b.c',
        },
      },
    ],
    judgment: { replies: [badGrant] },
  },
]
