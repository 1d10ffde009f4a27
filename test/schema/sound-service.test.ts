// A service of one's own is refused with what is wrong in it, before anything is served.
import { describe, expect, test } from 'vitest'
import { requireSoundService } from '../../src/schema/sound-service.ts'
import type { Service } from '../../src/service/service.ts'
import { moov } from '../../src/services/moov/service.ts'
import { services } from '../../src/services/services.ts'

const { missing_scope: _missing, ...refusalsWithoutScope } = moov.refusals
const all: readonly Service[] = services
const [ruby] = moov.variants
const [grant] = ruby.request.oneOf

const unsound: ReadonlyArray<[given: string, service: object, problem: string]> = [
  ['nothing', {}, '"id": expected a string matching'],
  ['an id that is no path segment', { ...moov, id: 'a/b' }, '"id": expected a string matching'],
  ['no variants', { ...moov, variants: [] }, '"variants": expected an array'],
  [
    'a variant without a reply',
    { ...moov, variants: [{ ...ruby, reply: undefined }] },
    'at /variants/0/reply',
  ],
  [
    'a serving of no kind',
    { ...moov, variants: [{ ...ruby, serving: 'never' }] },
    'expected one of "with_service", "when_named", received another string, at /variants/0/serving',
  ],
  [
    'an endpoint that is not there',
    { ...moov, variants: [{ ...ruby, endpoint: 'tokens' }] },
    'moov/ruby names the endpoint "tokens"',
  ],
  [
    'an endpoint that gives no tokens',
    { ...moov, variants: [{ ...ruby, endpoint: 'revocation' }] },
    'moov/ruby names the endpoint "revocation"',
  ],
  [
    'a schema that no validator reads',
    {
      ...moov,
      variants: [
        {
          ...ruby,
          request: { oneOf: [{ ...grant, properties: { ...grant.properties, scope: { type: 'text' } } }] },
        },
      ],
    },
    'a request schema of moov/ruby cannot be used',
  ],
  [
    'a schema that is none',
    {
      ...moov,
      variants: [
        {
          ...ruby,
          request: {
            oneOf: [
              { ...grant, properties: { ...grant.properties, scope: { type: 'string', minLength: -1 } } },
            ],
          },
        },
      ],
    },
    'a request schema of moov/ruby cannot be used: schema is invalid',
  ],
  [
    'a rule without its reply',
    { ...moov, refusals: refusalsWithoutScope },
    '"refusals" has no reply named "missing_scope"',
  ],
  [
    'a policy of no kind',
    { ...moov, tokens: { ...moov.tokens, refreshTokens: 'always' } },
    'expected one of "none", "keep", "rotate", received another string, at /tokens/refreshTokens',
  ],
  [
    'a grace that is no number',
    { ...moov, tokens: { ...moov.tokens, reuseGraceSeconds: '10s' } },
    'at /tokens/reuseGraceSeconds',
  ],
  [
    'a rate below zero',
    { ...moov, limits: { ...moov.limits, requestsPerSecond: -1 } },
    'at /limits/requestsPerSecond',
  ],
  ['an origin of no kind', { ...moov, origins: 'any' }, 'at /origins'],
  [
    'a header rule of no pattern',
    {
      ...moov,
      rules: {
        ...moov.rules,
        own: { ...moov.rules['moov-version-syntax'], whenHeader: { name: 'x-own', pattern: '(' } },
      },
    },
    'at /rules/own/whenHeader/pattern',
  ],
  ...[{ status: 4010 }, {}, null, { status: 401, body: 'no' }, { status: 401, headers: { 'x a': 'b' } }].map(
    (refusal): [string, object, string] => [
      `the refusal ${JSON.stringify(refusal)}`,
      { ...moov, refusals: { ...moov.refusals, invalid_client: refusal } },
      'at /refusals/invalid_client',
    ],
  ),
  [
    'a reply header that cannot be sent',
    { ...moov, replyHeaders: { 'x-powered-by': 'Globex\u2122' } },
    'at /replyHeaders/x-powered-by',
  ],
  [
    'a rule without a sentence',
    { ...moov, rules: { own: { refusal: 'not_found', source: { document: 'd' } } } },
    'at /rules/own/sentence',
  ],
  ['a client without an id', { ...moov, clients: [{}] }, 'at /clients/0/client_id'],
  [
    'a secret that is a number',
    { ...moov, clients: [{ client_id: 'a', client_secret: 1 }] },
    'at /clients/0/client_secret',
  ],
  ['a user that is none', { ...moov, users: [null] }, 'at /users/0'],
  [
    'a revocation endpoint without media types',
    {
      ...moov,
      endpoints: { ...moov.endpoints, revocation: { ...moov.endpoints.revocation, contentTypes: undefined } },
    },
    'at /endpoints/revocation/contentTypes',
  ],
  [
    'a revocation endpoint with a schema that is none',
    {
      ...moov,
      endpoints: {
        ...moov.endpoints,
        revocation: { ...moov.endpoints.revocation, request: { type: 'thing', properties: {} } },
      },
    },
    'a request schema of the endpoint "revocation" cannot be used',
  ],
  ['an option without values', { ...moov, options: { own: { values: {} } } }, 'at /options/own/values'],
  [
    'a value that is none',
    { ...moov, options: { own: { values: { off: null } } } },
    'at /options/own/values/off',
  ],
  [
    'a value that makes it unsound',
    { ...moov, options: { own: { values: { off: {}, on: { tokens: { expiresIn: 'minutes' } } } } } },
    'at /options/own/values/on/tokens/expiresIn',
  ],
]

describe('a service of your own', () => {
  test.each(all.map((service): [string, Service] => [service.id, service]))(
    'is sound when it is %s',
    (_id, service) => {
      expect(requireSoundService(service)).toBe(service)
    },
  )

  test.each(unsound)('is refused with %s', (_given, service, problem) => {
    expect(() => requireSoundService(service as Service)).toThrowError(
      expect.objectContaining({ code: 'ERR_SERVICE_INVALID', message: expect.stringContaining(problem) }),
    )
  })
})
