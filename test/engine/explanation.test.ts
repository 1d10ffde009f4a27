// Refusals explained: what was expected and received, where, and which documented variant is nearest.
import { describe, expect, test } from 'vitest'
import { services } from '../../src/services/services.ts'
import { type AskedRequest, engineOf, postOf } from './asking.ts'

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'

const explanations: ReadonlyArray<
  [given: string, request: AskedRequest, explanation: object, reason: string]
> = [
  [
    "the parameter names of Prove's SDKs of August 2025",
    postOf('/token', form, [
      ['ClientID', 'customer_id'],
      ['ClientSecret', 'secret'],
      ['GrantType', 'client_credentials'],
    ]),
    {
      rule: 'rfc6749-3.2.1-client-authentication',
      sentence: 'A confidential client authenticates.',
      source: 'RFC 6749 §3.2.1',
      detail: 'expected client_secret_post, received no client credentials',
      nearest:
        'prove/java-0.15.0, first difference: "client_id": expected a string, received it as "ClientID"',
    },
    'rfc6749-3.2.1-client-authentication: expected client_secret_post, received no client credentials. A confidential client authenticates (RFC 6749 section 3.2.1). Nearest: prove/java-0.15.0, first difference: "client_id": expected a string, received it as "ClientID".',
  ],
  [
    "Prove's password grant at the path of another variant",
    postOf('/token', json, [
      ['client_id', 'customer_id'],
      ['client_secret', 'secret'],
      ['grant_type', 'password'],
    ]),
    {
      rule: 'rfc6749-5.2-unsupported-grant-type',
      sentence: 'grant_type is one that the service supports.',
      source: 'RFC 6749 §5.2',
      detail: '"grant_type": expected "client_credentials", received another value',
      pointer: '/grant_type',
      nearest:
        'prove/typescript-0.3.5, first difference: "grant_type": expected "client_credentials", received another string',
    },
    'rfc6749-5.2-unsupported-grant-type: "grant_type": expected "client_credentials", received another value. grant_type is one that the service supports (RFC 6749 section 5.2). Nearest: prove/typescript-0.3.5, first difference: "grant_type": expected "client_credentials", received another string.',
  ],
  [
    'a missing scope at Moov',
    postOf('/oauth2/token', json, [
      ['client_id', '5clTR_MdVrrkgxw2'],
      ['client_secret', 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-'],
      ['grant_type', 'client_credentials'],
    ]),
    {
      rule: 'moov-scope-required-for-client-credentials',
      sentence: 'scope is required when grant_type is client_credentials.',
      source: 'Moov Ruby SDK, AuthTokenRequest, field scope',
      detail: '"scope": expected a string matching ^[!#-Z[\\]-~]+( [!#-Z[\\]-~]+)*$, received nothing',
      pointer: '/scope',
      nearest:
        'moov/ruby, first difference: "scope": expected a string matching ^[!#-Z[\\]-~]+( [!#-Z[\\]-~]+)*$, received nothing',
    },
    'moov-scope-required-for-client-credentials: "scope": expected a string matching ^[!#-Z[\\]-~]+( [!#-Z[\\]-~]+)*$, received nothing. scope is required when grant_type is client_credentials (Moov Ruby SDK, AuthTokenRequest, field scope). Nearest: moov/ruby, first difference: "scope": expected a string matching ^[!#-Z[\\]-~]+( [!#-Z[\\]-~]+)*$, received nothing.',
  ],
  [
    'a path of no service',
    postOf('/oauth/token', form, []),
    {
      rule: 'documented-path',
      sentence: 'A request goes to a documented path.',
      source: "the variant's document",
      detail:
        'expected /token or /v3/token or /oauth2/token or /oauth2/revoke or /rfc6749/token or /rfc6749/revoke or /rfc6749/introspect or /rfc6749/.well-known/oauth-authorization-server or /rfc6749/.well-known/openid-configuration or /rfc6749/jwks, received another path',
    },
    "documented-path: expected /token or /v3/token or /oauth2/token or /oauth2/revoke or /rfc6749/token or /rfc6749/revoke or /rfc6749/introspect or /rfc6749/.well-known/oauth-authorization-server or /rfc6749/.well-known/openid-configuration or /rfc6749/jwks, received another path. A request goes to a documented path (the variant's document).",
  ],
]

describe('explanations', () => {
  test.each(explanations)(
    'of %s stand in the journal and in a field of the reply',
    (_given, request, explanation, reason) => {
      const engine = engineOf(services)
      const { headers } = engine.answer(request)
      expect(engine.journal.entries().map(({ refused }) => refused)).toEqual([explanation])
      expect(headers['tokenwright-reason']).toBe(reason)
    },
  )

  const nearest: ReadonlyArray<[given: string, request: AskedRequest, nearest: string]> = [
    [
      'another path than its parameters are for',
      postOf('/prove/v3/token', json, [
        ['client_id', 'customer_id'],
        ['client_secret', 'secret'],
        ['grant_type', 'client_credentials'],
      ]),
      'prove/go-0.2.1, first difference: "password": expected a string, received nothing',
    ],
    [
      'a path and a media type that no variant has together',
      postOf('/prove/v3/token', form, []),
      'prove/go-0.2.1, first difference: content type: expected application/json, received another',
    ],
    [
      'a path alone that no variant has',
      postOf('/prove/v4/token', form, []),
      'prove/java-0.15.0, first difference: path: expected /token, received another',
    ],
  ]

  test.each(nearest)('name the nearest variant of a request to %s', (_given, request, expected) => {
    const engine = engineOf(services)
    engine.answer(request)
    expect(engine.journal.entries().at(-1)?.refused?.nearest).toBe(expected)
  })
})
