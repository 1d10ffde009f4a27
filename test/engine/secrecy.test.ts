// No registered secret and nothing that a client sent is told to anyone.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContentType } from '../../src/oauth/words.ts'
import { services } from '../../src/services/services.ts'
import { forEvery } from '../oauth/properties.ts'
import { type AskedRequest, engineOf, postOf, ruleIn } from './asking.ts'

// The id and the scope of a client are no secrets.
const client = { client_id: 'team-client', client_secret: 'canary-secret', scope: 'read write' }
const user = { username: 'canary-user', password: 'canary-password' }
const contentTypes: readonly ContentType[] = ['application/x-www-form-urlencoded', 'application/json']

const canary = fc.constantFrom('canary', 'canary-secret', 'canary_2', 'Canary.3', 'x-canary')
const paths = [
  '/prove/token',
  '/prove/v3/token',
  '/moov/oauth2/token',
  '/moov/oauth2/revoke',
  '/rfc6749/token',
  '/rfc6749/introspect',
  '/rfc6749/revoke',
]
const documentedName = fc.constantFrom(
  'grant_type',
  'client_id',
  'client_secret',
  'username',
  'password',
  'scope',
  'refresh_token',
  'token',
)
const name = fc.oneof({ weight: 5, arbitrary: documentedName }, canary)
const value = fc.oneof(
  canary,
  fc.constantFrom(...Object.values(client), ...Object.values(user)),
  fc.constantFrom('client_credentials', 'password', 'refresh_token'),
  canary.map((canary) => ({ canary: [canary] })),
  canary.map((canary) => `read  ${canary}`),
)
const rightClient = [
  ['client_id', client.client_id],
  ['client_secret', client.client_secret],
] as const
const rightGrants = ['client_credentials', 'password', 'refresh_token'].map(
  (grantType) => [['grant_type', grantType]] as const,
)
const parameters = fc
  .tuple(
    fc.constantFrom([], rightClient),
    fc.constantFrom([], ...rightGrants),
    fc.array(fc.tuple(name, value), { maxLength: 3 }),
  )
  .map((parts) => parts.flat())
const authorization = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  canary.map((canary) => `Basic ${canary}`),
  canary.map((canary) => `Basic ${btoa(`${canary}:${canary}`)}`),
  canary.map((canary) => `Bearer ${canary}`),
  fc.constant(`Basic ${btoa(`${client.client_id}:${client.client_secret}`)}`),
)
const wellFormed = fc
  .tuple(fc.constantFrom(...paths), fc.constantFrom(...contentTypes), parameters, authorization)
  .map(([path, contentType, parameters, authorization]) =>
    postOf(path, contentType, parameters, { authorization, cookie: 'canary' }),
  )
const garbled = fc
  .tuple(wellFormed, fc.constantFrom('canary', '{"canary":', 'canary=%', '"canary"'), fc.boolean())
  .map(([request, body, isCanaryType]): AskedRequest => {
    const headers = isCanaryType ? { 'content-type': 'text/canary; canary' } : request.headers
    return { ...request, headers, body: new TextEncoder().encode(body) }
  })

describe('secrecy', () => {
  test('what a client sends and what it is registered with is in no header and not in the journal', () => {
    const engine = engineOf(services, { clients: [client], users: [user] })
    const seen = new Set<string>()
    forEvery(
      [fc.oneof({ weight: 4, arbitrary: wellFormed }, garbled)],
      (request) => {
        const { status, headers, body } = engine.answer(request)
        seen.add(ruleIn({ status, headers, body }))
        // A granted reply tells the client its own scope.
        const told = [headers, status === 200 ? '' : body, engine.journal.entries().at(-1)]
        expect(JSON.stringify(told)).not.toMatch(/canary/i)
      },
      5000,
    )
    // The requests reached every depth: granted, and refused by these at least.
    expect([...seen]).toEqual(
      expect.arrayContaining([
        '',
        'documented-content-type',
        'documented-parameters',
        'moov-scope-required-for-client-credentials',
        'rfc6749-2.3-one-client-authentication',
        'rfc6749-2.3.1-basic-syntax',
        'rfc6749-2.3.1-client-secret',
        'rfc6749-3.2-no-repeated-parameter',
        'rfc6749-3.2.1-client-authentication',
        'rfc6749-3.3-scope-registered',
        'rfc6749-3.3-scope-syntax',
        'rfc6749-4.3.2-resource-owner-credentials',
        'rfc6749-5.2-authorization-scheme',
        'rfc6749-5.2-grant-type-required',
        'rfc6749-5.2-unsupported-grant-type',
        'rfc6749-6-refresh-token',
        'rfc6749-b-form-syntax',
        'rfc8259-json-object',
      ]),
    )
  })

  const spellings: ReadonlyArray<[given: string, name: string, isShown: boolean]> = [
    ['in the case of an SDK', 'clientId', true],
    ['in capitals', 'CLIENT_ID', true],
    ['that another variant documents', 'username', true],
    ['that no variant documents', 'example-secret', false],
    ['that only looks like one', 'clients_id', false],
  ]

  test.each(spellings)('a parameter name %s is shown: %s, %s', (_given, name, isShown) => {
    const engine = engineOf(services)
    const parameters = [
      ['grant_type', 'client_credentials'],
      [name, 'x'],
    ] as const
    const reply = engine.answer(postOf('/prove/token', 'application/json', parameters))
    const isTold = reply.headers['tokenwright-reason']?.includes(`"${name}" is not a documented parameter`)
    expect([reply.status, isTold]).toEqual([401, isShown])
  })
})
