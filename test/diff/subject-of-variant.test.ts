// What a variant's schema becomes as one side of a diff.
import { describe, expect, test } from 'vitest'
import type { ComparedField } from '../../src/diff/subject.ts'
import { subjectOfVariant } from '../../src/diff/subject-of-variant.ts'
import type { ParameterSchema } from '../../src/service/json-schema.ts'
import type { GrantSchema, Service, Variant } from '../../src/service/service.ts'
import { moov } from '../../src/services/moov/service.ts'
import { prove } from '../../src/services/prove/service.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'

const document = 'Prove TypeScript SDK 0.3.1, docs/models/components/v3tokenrequest.md'
const [template] = prove.variants
const realm = prove.variants.find(({ id }) => id === 'prove/typescript-0.3.1') ?? template

function variantWith(...schemas: ReadonlyArray<Readonly<Record<string, ParameterSchema>>>): Variant {
  const [first, ...others] = schemas.map((properties, index): GrantSchema => {
    const grant = { grant_type: { const: `grant-${index}` } }
    return {
      type: 'object',
      properties: { ...grant, ...properties },
      required: [],
      additionalProperties: false,
    }
  })
  if (first === undefined) throw new Error('expected a schema')
  return { ...template, request: { oneOf: [first, ...others] } }
}

const schemas: ReadonlyArray<
  readonly [title: string, ones: readonly ParameterSchema[], facts: Partial<ComparedField>]
> = [
  [
    'a constant is its only value, of its own type',
    [{ const: 'a' }],
    { type: 'string', allowedValues: ['a'] },
  ],
  ['a list', [{ enum: [1, 2] }], { type: 'integer', allowedValues: ['1', '2'] }],
  ['a list of several types', [{ enum: ['a', 1.5] }], { type: 'unknown', allowedValues: ['a', '1.5'] }],
  ['null beside a type', [{ type: ['string', 'null'] }], { type: 'string', nullable: true }],
  [
    'limits',
    [{ type: 'string', minLength: 1, maxLength: 9, pattern: '^a' }],
    { type: 'string', minLength: 1, maxLength: 9, pattern: '^a' },
  ],
  ['a deprecation', [{ type: 'string', deprecated: true }], { type: 'string', deprecated: true }],
  [
    'two grants that allow different values allow both',
    [{ const: 'a' }, { enum: ['a', 'b'] }],
    { type: 'string', allowedValues: ['a', 'b'] },
  ],
  [
    'a limit that one grant does without is none',
    [{ type: 'string', const: 'a', minLength: 2, maxLength: 4, pattern: '^a' }, { type: 'string' }],
    { type: 'string' },
  ],
  [
    'two limits are as wide as both together',
    [
      { type: 'string', minLength: 2, maxLength: 4, pattern: '^a' },
      { type: 'string', minLength: 1, maxLength: 3, pattern: '^b' },
    ],
    { type: 'string', minLength: 1, maxLength: 4, pattern: '(?:^a)|(?:^b)' },
  ],
]

describe('a variant as a subject', () => {
  test('says how it is asked, with its data as the words', () => {
    const { origin, label, model, language, version, method, path, contentTypes, clientAuthentication } =
      subjectOfVariant(prove, realm)
    expect({ origin, label, model, language, version }).toEqual({
      origin: 'variant',
      label: 'prove/typescript-0.3.1',
      model: 'V3TokenRequest',
      language: 'TypeScript',
      version: '0.3.1',
    })
    expect([method, path, contentTypes, clientAuthentication].map((fact) => fact?.values)).toEqual([
      ['POST'],
      ['/realms/US/protocol/openid-connect/token'],
      ['application/json'],
      ['client_secret_post'],
    ])
    expect(path?.provenance).toEqual({
      file: `${document}: the description of the grant type allows password alone, its example is client_credentials`,
      pointer: '/endpoint',
      words: '"realm_token"',
    })
  })

  test('has each parameter once, with the names and the grants that it is for', () => {
    const { request } = subjectOfVariant(prove, realm)
    expect(request.map(({ wireName, sdkName, required }) => [wireName, sdkName, required])).toEqual([
      ['client_id', 'clientId', 'never'],
      ['client_secret', 'clientSecret', 'never'],
      ['password', 'password', { grantTypes: ['password'] }],
      ['username', 'username', { grantTypes: ['password'] }],
      ['grant_type', 'grantType', 'always'],
    ])
    expect(request.at(-1)?.allowedValues).toEqual(['client_credentials', 'password'])
  })

  test.each(schemas)('%s', (_title, ones, facts) => {
    const variant = variantWith(...ones.map((schema) => ({ key: schema })))
    const { provenance, ...key } = subjectOfVariant(prove, variant).request.find(
      ({ wireName }) => wireName === 'key',
    ) as ComparedField
    expect(key).toEqual({
      wireName: 'key',
      sdkName: null,
      notation: null,
      type: null,
      nullable: false,
      required: 'never',
      allowedValues: null,
      pattern: null,
      minLength: null,
      maxLength: null,
      example: null,
      description: null,
      notSupported: false,
      deprecated: false,
      ...facts,
    })
    expect(provenance.words).toBe(JSON.stringify(ones.length === 1 ? ones[0] : ones))
  })

  test('is refused by what a token request may break, and not by what other endpoints ask', () => {
    const refused = (service: Service) =>
      subjectOfVariant(service, service.variants[0]).refusals?.map(
        ({ name, isStandIn }) => `${name}${isStandIn === true ? ', which stands in' : ''}`,
      )
    expect(refused(moov)).toEqual([
      'invalid_request 400',
      'invalid_client 401',
      'invalid_grant 400',
      'unauthorized_client 400',
      'unsupported_grant_type 400',
      'invalid_scope 422',
      'missing_scope 422',
      'missing_refresh_token 422',
      'invalid_origin 401',
      'too_many_requests 429, which stands in',
      'server_error 500',
      'gateway_timeout 504',
      'not_found 404',
      'method_not_allowed 404, which stands in',
      'body_too_large 400, which stands in',
      'unsupported_media_type 400, which stands in',
    ])
  })

  test('promises the members of its reply, and the refusals of its service', () => {
    const { reply, headers, refusals } = subjectOfVariant(prove, template)
    expect(reply?.map(({ wireName, required }) => [wireName, required])).toEqual(
      Object.keys(template.reply.schema.properties).map((name) => [name, 'always']),
    )
    expect(headers).toEqual([])
    expect(refusals?.find(({ name }) => name === 'invalid_client 401')).toEqual({
      name: 'invalid_client 401',
      status: 401,
      members: [
        expect.objectContaining({ wireName: 'code', type: 'integer', example: '8002', required: 'always' }),
        expect.objectContaining({ wireName: 'message', type: 'string', example: 'not authorized' }),
      ],
      provenance: {
        file: prove.source.document,
        pointer: '/refusals/invalid_client',
        words: '{"status":401,"body":{"code":8002,"message":"not authorized"}}',
      },
    })
  })

  test('the baseline is of no language, and has no names in code', () => {
    const { language, request } = subjectOfVariant(rfc6749, rfc6749.variants[0])
    expect([language, new Set(request.map(({ sdkName }) => sdkName))]).toEqual([null, new Set([null])])
  })
})
