// A service of one's own is refused with what is wrong in it, before anything is served.
import { describe, expect, test } from 'vitest'
import { requireSoundService } from '../../src/schema/sound-service.ts'
import type { Service } from '../../src/service/service.ts'
import { moov } from '../../src/services/moov/service.ts'
import { services } from '../../src/services/services.ts'

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
    { ...moov, refusals: { ...moov.refusals, missing_scope: undefined } },
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
        own: { sentence: '', source: {}, refusal: 'not_found', whenHeader: { name: 'x-own', pattern: '(' } },
      },
    },
    'at /rules/own/whenHeader/pattern',
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
