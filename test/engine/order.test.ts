// A request with two faults is refused for the one that RFC 6749 has checked first.
import { describe, expect, test } from 'vitest'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { type AskedRequest, engineOf, postOf, ruleIn, type SentParameters } from './asking.ts'

const form = 'application/x-www-form-urlencoded'
const client: SentParameters = [
  ['client_id', 'example-client'],
  ['client_secret', 'example-secret'],
]
const limited: SentParameters = [
  ['client_id', 'limited-client'],
  ['client_secret', 'limited-secret'],
]
const post = (parameters: SentParameters) => postOf('/token', form, parameters)
const large = { body: new Uint8Array(70_000) }

const faults: ReadonlyArray<[first: string, second: string, request: AskedRequest, rule: string]> = [
  ['path', 'method', { ...post(client), path: '/nope', method: 'GET' }, 'documented-path'],
  ['method', 'body size', { ...post(client), ...large, method: 'GET' }, 'rfc6749-3.2-post'],
  ['body size', 'content type', { ...post(client), ...large, headers: {} }, 'body-size'],
  [
    'content type',
    'body syntax',
    { ...post([]), headers: {}, body: new TextEncoder().encode('%') },
    'documented-content-type',
  ],
  [
    'body syntax',
    'repeated parameter',
    { ...post([]), body: new TextEncoder().encode('scope=a&scope=b&%') },
    'rfc6749-b-form-syntax',
  ],
  [
    'repeated parameter',
    'client authentication',
    post([
      ['scope', 'a'],
      ['scope', 'b'],
    ]),
    'rfc6749-3.2-no-repeated-parameter',
  ],
  ['client authentication', 'grant_type', post([]), 'rfc6749-3.2.1-client-authentication'],
  ['missing grant_type', 'scope', post([...client, ['scope', '"']]), 'rfc6749-5.2-grant-type-required'],
  [
    'unknown grant_type',
    'scope',
    post([...client, ['grant_type', 'coupon'], ['scope', '"']]),
    'rfc6749-5.2-unsupported-grant-type',
  ],
  [
    "a grant that is not the client's",
    'parameters',
    post([...limited, ['grant_type', 'password']]),
    'rfc6749-5.2-unauthorized-client',
  ],
  [
    'scope syntax',
    'scope registration',
    post([...limited, ['grant_type', 'client_credentials'], ['scope', '"']]),
    'rfc6749-3.3-scope-syntax',
  ],
  [
    'scope registration',
    'refresh token',
    post([...limited, ['grant_type', 'refresh_token'], ['refresh_token', 'unknown'], ['scope', 'admin']]),
    'rfc6749-3.3-scope-registered',
  ],
]

describe('the order of checks', () => {
  test.each(faults)('%s before %s', (_first, _second, request, rule) => {
    const engine = engineOf([rfc6749], {
      clients: [
        {
          client_id: 'limited-client',
          client_secret: 'limited-secret',
          grant_types: ['client_credentials', 'refresh_token'],
          scope: 'read',
        },
      ],
    })
    expect(ruleIn(engine.answer(request))).toBe(rule)
  })
})
