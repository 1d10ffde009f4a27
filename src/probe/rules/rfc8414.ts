// RFC 8414: the metadata of the server.
import type { ConformanceRule, Expected, ProbeRequest } from '../rule.ts'
import { otherGrant, read } from './expected.ts'

const grants = [
  'client_credentials',
  'password',
  'refresh_token',
  'authorization_code',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
] as const

const ofAnnounced = grants.map(
  (grant_type): ProbeRequest => ({
    base: 'token',
    parameters: { ...otherGrant, grant_type },
    announced: { grant_types_supported: `"${grant_type}"` },
  }),
)
const known = grants.map((): readonly Expected[] => [{ is: 'answer', notErrors: ['unsupported_grant_type'] }])

/** The rules of RFC 8414. */
export const rfc8414: readonly ConformanceRule[] = [
  {
    id: 'rfc8414-2-metadata',
    level: 'MUST',
    sentence: 'The metadata has an issuer and a token endpoint.',
    source: { document: 'RFC 8414 §2, §3.2', read },
    argument:
      'issuer is required, and so is token_endpoint wherever there is a grant that uses it, which there is. The reply has 200.',
    needs: ['metadata'],
    requests: [{ base: 'metadata' }],
    judgment: {
      replies: [[{ is: 'answer', statuses: [200], members: { issuer: '^"http', token_endpoint: '^"http' } }]],
    },
  },
  {
    id: 'rfc8414-3.2-json',
    level: 'MUST',
    sentence: 'The metadata is JSON.',
    source: { document: 'RFC 8414 §3.2', read },
    argument: 'The reply must have the media type application/json.',
    needs: ['metadata'],
    requests: [{ base: 'metadata' }],
    judgment: {
      replies: [[{ is: 'answer', headers: { 'content-type': '^application/json\\s*(;|$)' } }]],
    },
  },
  {
    id: 'rfc8414-2-https',
    level: 'MUST',
    sentence: 'The issuer is a URL of https without a query and a fragment.',
    source: { document: 'RFC 8414 §2', read },
    argument: 'That is what an issuer is. It is judged where the service itself is reached by https.',
    needs: ['metadata', 'https'],
    requests: [{ base: 'metadata' }],
    judgment: { replies: [[{ is: 'answer', members: { issuer: '^"https://[^?#]+"$' } }]] },
  },
  {
    id: 'rfc8414-3.3-issuer',
    level: 'MUST',
    sentence: 'The issuer is the one whose metadata was asked for.',
    source: { document: 'RFC 8414 §3.1, §3.3', read },
    argument:
      'issuer must be identical to the identifier into which the well-known path was inserted. A slash at its end is taken off before, so both forms lead to the same URL.',
    needs: ['metadata'],
    requests: [{ base: 'metadata' }],
    judgment: { replies: [[{ is: 'answer', members: { issuer: '^"{issuer}/?"$' } }]] },
  },
  {
    id: 'rfc8414-2-truth',
    level: 'MAY',
    sentence: 'Each grant that the metadata announces is known.',
    source: { document: 'RFC 8414 §2; RFC 6749 §5.2', read },
    argument:
      'grant_types_supported lists what the server supports, and unsupported_grant_type says that it does not: one of them is untrue. Any other reply will do, as the client may not be allowed to.',
    needs: ['metadata'],
    requests: ofAnnounced,
    judgment: { replies: known },
  },
  {
    id: 'rfc8414-2-whole-truth',
    level: 'MAY',
    sentence: 'The grant that works is announced.',
    source: { document: 'RFC 8414 §2', read },
    argument:
      'grant_types_supported lists what the server supports; left out it means authorization_code and implicit. A grant that works here and is not in the list is one that clients will not find.',
    needs: ['metadata', 'client_credentials'],
    requests: [{ base: 'metadata' }],
    judgment: {
      replies: [[{ is: 'answer', members: { grant_types_supported: '"client_credentials"' } }]],
    },
  },
  {
    id: 'rfc8414-2-methods',
    level: 'MAY',
    sentence: 'Credentials in the body are announced where they work.',
    source: { document: 'RFC 8414 §2', read },
    argument:
      'token_endpoint_auth_methods_supported lists the ways of authentication; left out it means client_secret_basic.',
    needs: ['metadata', 'client_secret_post'],
    requests: [{ base: 'metadata' }],
    judgment: {
      replies: [
        [{ is: 'answer', members: { token_endpoint_auth_methods_supported: '"client_secret_post"' } }],
      ],
    },
  },
]
