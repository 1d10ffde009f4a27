// Every rule is provoked by some request, is what explains the refusal, and decides the reply.
import { describe, expect, test } from 'vitest'

import { type ClientMetadata, jwtBearerAssertion } from '../../src/oauth/words.ts'
import { defaultRefusals, type RuleId, rules } from '../../src/service/rules.ts'
import type { Refusal, Rule, Service } from '../../src/service/service.ts'
import { moov } from '../../src/services/moov/service.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { services } from '../../src/services/services.ts'
import { type AskedRequest, engineOf, postOf, ruleIn, type SentParameters } from './asking.ts'

const form = 'application/x-www-form-urlencoded'
const client: SentParameters = [
  ['client_id', 'example-client'],
  ['client_secret', 'example-secret'],
]
const registered: ClientMetadata = {
  client_id: 'registered-client',
  client_secret: 'registered-secret',
  grant_types: ['client_credentials', 'password', 'refresh_token'],
  scope: 'read write',
  token_endpoint_auth_method: 'client_secret_post',
}
const elsewhere: ClientMetadata = {
  client_id: 'page-client',
  client_secret: 'page-secret',
  origins: ['app.example'],
}
const registeredClient: SentParameters = [
  ['client_id', 'registered-client'],
  ['client_secret', 'registered-secret'],
]
const asRegistered = `Basic ${btoa('registered-client:registered-secret')}`
const asExample = `Basic ${btoa('example-client:example-secret')}`
/** A service that is asked too often from the first request on, and one that looks at where requests come from. */
const busy: Service = { ...rfc6749, id: 'busy', limits: { ...rfc6749.limits, requestsPerSecond: 0 } }
const pages: Service = { ...rfc6749, id: 'pages', origins: 'registered' }
const clientCredentials: SentParameters = [['grant_type', 'client_credentials']]

const moovClient: SentParameters = [
  ['client_id', '5clTR_MdVrrkgxw2'],
  ['client_secret', 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-'],
]

type ServiceRuleId = keyof (typeof moov)['rules']

/** What breaks each rule, and no rule before it. */
const breaches: Readonly<Record<RuleId | ServiceRuleId, AskedRequest>> = {
  'documented-path': toToken(client, {}, { path: '/rfc6749/v3/token' }),
  'rfc6749-3.2-post': toToken(client, {}, { method: 'PUT' }),
  'body-size': toToken([['grant_type', 'a'.repeat(65_536)]]),
  'documented-content-type': toToken(client, { 'content-type': 'text/plain' }),
  'rfc6749-b-form-syntax': toToken([], {}, { body: new TextEncoder().encode('grant_type=%') }),
  'rfc8259-json-object': postOf('/moov/oauth2/token', form, [], { 'content-type': 'application/json' }),
  'rfc6749-3.2-no-repeated-parameter': toToken([...client, ...clientCredentials, ...clientCredentials]),
  'rfc6749-2.3-one-client-authentication': toToken([...client, ...clientCredentials], {
    authorization: asExample,
  }),
  'rfc6749-2.3.1-basic-syntax': toToken(clientCredentials, { authorization: 'Basic example-client' }),
  'rfc6749-5.2-authorization-scheme': toToken(clientCredentials, { authorization: 'Digest a="b"' }),
  'rfc6749-3.2.1-client-authentication': toToken(clientCredentials),
  'rfc6749-2.3.1-client-secret': toToken([['client_id', 'unknown-client'], ...clientCredentials]),
  'rfc7591-2-token-endpoint-auth-method': toToken(clientCredentials, { authorization: asRegistered }),
  'rfc9110-9.3.1-get': toToken([], {}, { path: '/rfc6749/.well-known/oauth-authorization-server' }),
  'request-rate': toToken([...client, ...clientCredentials], {}, { path: '/busy/token' }),
  'known-preference': toToken([...client, ...clientCredentials], { prefer: 'outcome=nonsense' }),
  'outcome-on-demand': toToken([...client, ...clientCredentials], { prefer: 'outcome=invalid_request' }),
  'rfc7521-4.2-client-assertion-type': toToken([['client_assertion', 'a.b.c'], ...clientCredentials]),
  'rfc7523-3-client-assertion': toToken([
    ['client_assertion_type', jwtBearerAssertion],
    ['client_assertion', 'a.b.c'],
    ...clientCredentials,
  ]),
  'registered-origin': toToken(
    [['client_id', 'page-client'], ['client_secret', 'page-secret'], ...clientCredentials],
    { origin: 'https://other.example' },
    { path: '/pages/token' },
  ),
  'moov-token-required-for-revocation': postOf('/moov/oauth2/revoke', form, moovClient),
  'moov-token-type-hint': postOf('/moov/oauth2/revoke', form, [
    ...moovClient,
    ['token', 'x'],
    ['token_type_hint', 'id_token'],
  ]),
  'moov-version-syntax': postOf('/moov/oauth2/token', form, [...moovClient, ...clientCredentials], {
    'x-moov-version': '2022',
  }),
  'rfc6749-5.2-grant-type-required': toToken(client),
  'rfc6749-5.2-unsupported-grant-type': toToken([...client, ['grant_type', 'coupon']]),
  'rfc6749-5.2-unauthorized-client': toToken([
    ['client_id', 'unprivileged-client'],
    ['client_secret', 'unprivileged-secret'],
    ...clientCredentials,
  ]),
  'rfc6749-4.4-confidential-client': toToken([['client_id', 'public-client'], ...clientCredentials]),
  'documented-parameters': toToken([...client, ['grant_type', 'password'], ['username', 'example-user']]),
  'rfc6749-4.3.2-resource-owner-credentials': toToken([
    ...client,
    ['grant_type', 'password'],
    ['username', 'example-user'],
    ['password', 'wrong'],
  ]),
  'rfc6749-6-refresh-token': toToken([
    ...client,
    ['grant_type', 'refresh_token'],
    ['refresh_token', 'unknown'],
  ]),
  'rfc9700-4.14.2-refresh-token-reuse': toToken([
    ...client,
    ['grant_type', 'refresh_token'],
    ['refresh_token', '{used}'],
  ]),
  'rfc6749-6-scope-not-widened': toToken([
    ...client,
    ['grant_type', 'refresh_token'],
    ['refresh_token', '{issued}'],
    ['scope', 'read admin'],
  ]),
  'rfc6749-3.3-scope-registered': toToken([...registeredClient, ...clientCredentials, ['scope', 'admin']]),
  'rfc6749-3.3-scope-syntax': toToken([...client, ...clientCredentials, ['scope', 'read  write']]),
  'rfc6750-2-bearer-token': toRoute({}),
  'rfc6750-2.1-bearer-syntax': toRoute({ authorization: 'Bearer two words' }),
  'rfc6750-3.1-live-token': toRoute({ authorization: 'Bearer unknown' }),
  'rfc6750-3.1-scope': toRoute({ authorization: 'Bearer {access}' }),
  'moov-scope-required-for-client-credentials': postOf('/moov/oauth2/token', form, [
    ...moovClient,
    ...clientCredentials,
  ]),
  'moov-refresh-token-required-for-refresh-token': postOf('/moov/oauth2/token', form, [
    ...moovClient,
    ['grant_type', 'refresh_token'],
  ]),
}

const all: readonly Service[] = services
const everyRule: ReadonlyArray<[id: string, rule: Rule]> = [
  ...Object.entries<Rule>(rules),
  ...all.flatMap((service) => Object.entries(service.rules)),
]

describe('rules', () => {
  test.each(everyRule)('%s explains the refusal of a request that breaks it', async (id, rule) => {
    const engine = engineOf([moov, rfc6749, busy, pages], {
      clients: [
        registered,
        elsewhere,
        { client_id: 'unprivileged-client', client_secret: 'unprivileged-secret', grant_types: ['password'] },
        { client_id: 'public-client' },
      ],
      protect: [{ path: '/api/*', scope: 'admin' }],
    })
    const granted = engine.answer(
      toToken([
        ...client,
        ['grant_type', 'password'],
        ['username', 'example-user'],
        ['password', 'example-password'],
        ['scope', 'read'],
      ]),
    )
    const breach = (breaches as Readonly<Record<string, AskedRequest>>)[id]
    if (breach === undefined) throw new Error(`no request breaks ${id}: add one to the table`)
    const { refresh_token: used, access_token: access } = JSON.parse(granted.body)
    const refreshed = engine.answer(
      toToken([...client, ['grant_type', 'refresh_token'], ['refresh_token', used]]),
    )
    const { refresh_token: issued } = JSON.parse(refreshed.body)
    const reply = await engine.answerLater(withTokens(breach, { used, issued, access }))
    const service = breach.path.startsWith('/moov') ? moov : rfc6749
    const refusals: Service['refusals'] = service.refusals
    const refusal = { ...defaultRefusals, ...refusals }[rule.refusal] as Refusal | undefined
    expect(ruleIn(reply)).toBe(id)
    expect([reply.status, reply.body]).toEqual([
      refusal?.status,
      refusal?.body === undefined ? '' : JSON.stringify(refusal.body),
    ])
    expect(engine.journal.entries().at(-1)?.refused).toMatchObject({
      rule: id,
      sentence: rule.sentence,
      source: rule.source.document,
    })
  })
})

function toToken(
  parameters: SentParameters,
  headers: AskedRequest['headers'] = {},
  rest: Partial<AskedRequest> = {},
): AskedRequest {
  return { ...postOf('/rfc6749/token', form, parameters, headers), ...rest }
}

function toRoute(headers: AskedRequest['headers']): AskedRequest {
  return { method: 'GET', path: '/api/start', headers, body: new Uint8Array() }
}

function withTokens(
  request: AskedRequest,
  tokens: { readonly used: string; readonly issued: string; readonly access: string },
): AskedRequest {
  const text = new TextDecoder().decode(request.body)
  const body = text.replace('%7Bissued%7D', tokens.issued).replace('%7Bused%7D', tokens.used)
  const { authorization } = request.headers
  const headers = {
    ...request.headers,
    ...(authorization && { authorization: String(authorization).replace('{access}', tokens.access) }),
  }
  return { ...request, headers, body: new TextEncoder().encode(body) }
}
