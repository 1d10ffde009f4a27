// Fields to schemas: those of the five documents come out as the built-in variants have them.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ImportedField } from '../../src/import/imported.ts'
import { requestSchemaOf } from '../../src/import/request-schema.ts'
import type { ClientAuthenticationMethod } from '../../src/oauth/words.ts'
import { validatorOf } from '../../src/schema/validator.ts'
import type { ParameterSchema } from '../../src/service/json-schema.ts'
import { findVariant } from '../../src/service/lookup.ts'
import { services } from '../../src/services/services.ts'
import { document, field, loginFields } from './imported-documents.ts'

const clientId = (facts: Partial<ImportedField> = {}) =>
  field('client_id', { example: 'customer_id', ...facts })
const clientSecret = (facts: Partial<ImportedField> = {}) =>
  field('client_secret', { example: 'secret', ...facts })
const grantType = (...allowedValues: readonly string[]) =>
  field('grant_type', { allowedValues, example: allowedValues[0] ?? null })
const optional = { required: false } as const
const moovExample = 'eyJhbGc0eSI6TQSIsImN0kpXVCIsImtp6IkpXVsImtpZC0a...'

const variants: ReadonlyArray<[id: string, fields: readonly ImportedField[]]> = [
  [
    'prove/go-0.2.1',
    [
      clientId(optional),
      grantType('password'),
      field('password', { example: 'password' }),
      field('username', { example: 'jdoe' }),
    ],
  ],
  ['prove/typescript-0.3.5', [clientId(optional), clientSecret(optional), grantType('client_credentials')]],
  ['prove/java-0.15.0', [clientId(), clientSecret(), grantType('client_credentials')]],
  ['prove/typescript-0.9.6', [clientId(), clientSecret(), grantType('client_credentials')]],
  [
    'moov/ruby',
    [
      { ...grantType('client_credentials', 'refresh_token'), example: null, type: 'unknown' },
      clientId({ ...optional, httpBasic: 'username', example: '5clTR_MdVrrkgxw2' }),
      clientSecret({ ...optional, httpBasic: 'password', example: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' }),
      field('scope', {
        ...optional,
        isSpaceDelimited: true,
        requiredWhen: { parameter: 'grant_type', value: 'client_credentials' },
        example: '/accounts.read /accounts.write',
      }),
      field('refresh_token', {
        ...optional,
        requiredWhen: { parameter: 'grant_type', value: 'refresh_token' },
        example: moovExample,
      }),
    ],
  ],
]

const only = (
  one: ImportedField,
  contentTypes: Parameters<typeof requestSchemaOf>[1] = {},
): ParameterSchema | undefined =>
  requestSchemaOf(document({ fields: [grantType('password'), one] }), contentTypes).oneOf[0].properties[
    one.wireName
  ]

const json = { contentTypes: ['application/json'] } as const

const parameters: ReadonlyArray<[sentence: string, field: ImportedField, schema: ParameterSchema]> = [
  [
    'a string has its documented example',
    field('region', { example: 'eu' }),
    { type: 'string', minLength: 1, examples: ['eu'] },
  ],
  [
    'one without an example gets one that looks false',
    field('region_code'),
    { type: 'string', minLength: 1, examples: ['example-region-code'] },
  ],
  [
    'lengths and a pattern are kept, and so is an example within them',
    field('pin', { minLength: 4, maxLength: 6, pattern: '^\\d+$', example: '12345' }),
    { type: 'string', minLength: 4, maxLength: 6, pattern: '^\\d+$', examples: ['12345'] },
  ],
  [
    'an example that breaks its own rule is left out',
    field('region', { allowedValues: ['eu', 'us'], example: 'mars' }),
    { type: 'string', enum: ['eu', 'us'], examples: ['eu'] },
  ],
  ['one allowed value is a constant', field('audience', { allowedValues: ['api'] }), { const: 'api' }],
  [
    'a broken pattern says nothing',
    field('region', { pattern: '(', example: 'eu' }),
    { type: 'string', minLength: 1, examples: ['eu'] },
  ],
  [
    'a number in a form is a text of digits',
    field('ttl', { type: 'integer', example: 60 }),
    { type: 'string', pattern: '^-?\\d+$', examples: ['60'] },
  ],
  [
    'what is deprecated says so',
    field('region', { deprecated: true, example: 'eu' }),
    { type: 'string', minLength: 1, deprecated: true, examples: ['eu'] },
  ],
]

describe('the schema of a request', () => {
  test.each(variants)('is that of %s', (id, fields) => {
    expect(requestSchemaOf(document({ fields }))).toEqual(findVariant(services, id).variant.request)
  })

  test.each(parameters)('of a parameter: %s', (_sentence, one, schema) => {
    expect(only(one)).toEqual(schema)
  })

  test('of a number in JSON admits the number and its text', () => {
    const schema = only(field('ttl', { type: 'integer', allowedValues: ['60', '3600'] }), json)
    expect(schema).toEqual({
      type: ['string', 'integer'],
      pattern: '^-?\\d+$',
      enum: ['60', '3600', 60, 3600],
      examples: ['60'],
    })
  })

  test('has the grants that are stated in place of those of the page', () => {
    const { oneOf } = requestSchemaOf(document({ fields: [field('grant_type'), clientId()] }), {
      grantTypes: ['client_credentials', 'password'],
    })
    expect(oneOf.map(({ properties }) => properties.grant_type)).toEqual([
      { const: 'client_credentials' },
      { const: 'password' },
    ])
  })

  test('has a grant type of its own where the page has none and a person states it', () => {
    const { oneOf } = requestSchemaOf(document({ fields: [clientId()] }), {
      grantTypes: ['client_credentials'],
    })
    expect(oneOf[0].properties.grant_type).toEqual({ const: 'client_credentials' })
    expect(oneOf[0].required).toEqual(['grant_type', 'client_id'])
  })

  test('knows the grant type by another spelling', () => {
    const fields = [field('grantType', { allowedValues: ['coupon'] }), field('region', { example: 'eu' })]
    expect(requestSchemaOf(document({ fields })).oneOf[0]).toEqual({
      type: 'object',
      properties: {
        grantType: { const: 'coupon' },
        region: { type: 'string', minLength: 1, examples: ['eu'] },
      },
      required: ['grantType', 'region'],
      additionalProperties: false,
    })
  })

  test.each<
    [sentence: string, grants: readonly string[], fields: readonly ImportedField[], expected: object]
  >([
    [
      'whose page does not have it',
      ['refresh_token'],
      [],
      {
        refresh_token: { type: 'string', minLength: 1, examples: ['example-refresh-token'] },
      },
    ],
    [
      'whose page has it as optional, in its own spelling',
      ['refresh_token'],
      [field('refreshToken', { required: false, example: 'acme-refresh' })],
      { refreshToken: { type: 'string', minLength: 1, examples: ['acme-refresh'] } },
    ],
    [
      'of which the page has a half',
      ['password'],
      [field('password', { required: false, example: 'acme-word' })],
      {
        password: { type: 'string', minLength: 1, examples: ['acme-word'] },
        username: { type: 'string', minLength: 1, examples: ['example-username'] },
      },
    ],
  ])('requires what a grant is nothing without: one %s', (_sentence, grantTypes, fields, properties) => {
    expect(requestSchemaOf(document({ fields }), { grantTypes }).oneOf[0]).toEqual({
      type: 'object',
      properties: { grant_type: { const: grantTypes[0] }, ...properties },
      required: ['grant_type', ...Object.keys(properties)],
      additionalProperties: false,
    })
  })

  const together = { client_id: ['client_secret'], client_secret: ['client_id'] }
  test.each<
    [
      methods: readonly ClientAuthenticationMethod[],
      required: readonly string[],
      together: object | undefined,
    ]
  >([
    [['client_secret_post'], ['grant_type', 'client_id', 'client_secret'], undefined],
    [['client_secret_basic'], ['grant_type'], undefined],
    [['client_secret_basic', 'client_secret_post'], ['grant_type'], together],
    [[], ['grant_type', 'client_id'], undefined],
    [['private_key_jwt'], ['grant_type', 'client_id'], undefined],
  ])(
    'requires of credentials what the body carries by %j',
    (clientAuthentication, required, dependentRequired) => {
      const grant = requestSchemaOf(document({ fields: loginFields }), { clientAuthentication }).oneOf[0]
      expect([grant.required, grant.dependentRequired]).toEqual([required, dependentRequired])
    },
  )

  test.each<[sentence: string, facts: Partial<ImportedField>, kept: object]>([
    [
      'a length from 10 to 5',
      { minLength: 10, maxLength: 5 },
      { type: 'string', minLength: 1, examples: ['example-region'] },
    ],
    [
      'a pattern that nothing matches',
      { pattern: '^(?<=x)y$' },
      { type: 'string', minLength: 1, examples: ['example-region'] },
    ],
    [
      'allowed values that the pattern forbids',
      { allowedValues: ['eu', 'us'], pattern: '^z$' },
      { type: 'string', enum: ['eu', 'us'], examples: ['eu'] },
    ],
    [
      'a pattern that no value of the length matches',
      { pattern: '^\\d{9}$', maxLength: 4 },
      { type: 'string', minLength: 1, maxLength: 4, examples: ['exam'] },
    ],
  ])('leaves out what no value keeps: %s', (_sentence, facts, kept) => {
    expect(only(field('region', facts))).toEqual(kept)
  })

  test('takes no grant that the page does not allow', () => {
    const fields = [field('grant_type', { allowedValues: ['client_credentials'], example: 'password' })]
    expect(() => requestSchemaOf(document({ fields }), { grantTypes: ['refresh_token'] })).toThrow(
      'expected --grant to be among what acme/tokenrequest.md:7 allows (client_credentials), received "refresh_token"; next: state what the page allows, or correct the page',
    )
    expect(requestSchemaOf(document({ fields }), { grantTypes: ['password'] }).oneOf.length).toBe(1)
  })

  test.each([
    [
      'a page whose grant type allows anything',
      [field('grant_type')],
      ':7: expected the values that the grant type of TokenRequest allows, received "grant_type" without any',
    ],
    [
      'a page without a grant type',
      [clientId()],
      ': expected the values that the grant type of TokenRequest allows, received no field "grant_type"',
    ],
  ])('asks for --grant: %s', (_case, fields, message) => {
    expect(() => requestSchemaOf(document({ fields }))).toThrow(
      `acme/tokenrequest.md${message}; next: say which with --grant, such as --grant client_credentials`,
    )
  })

  test('never has an example that it does not admit', () => {
    const text = fc.option(fc.string(), { nil: null })
    const length = fc.option(fc.nat(40), { nil: null })
    const arbitrary = fc.record({
      type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'array', 'object', 'unknown'),
      example: text,
      pattern: fc.option(fc.constantFrom('^\\d+$', '^[a-z]{3}-\\d{2}$', '(', '^$', '.'), { nil: null }),
      maxLength: length,
      allowedValues: fc.option(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }), { nil: null }),
      isSpaceDelimited: fc.boolean(),
    })
    fc.assert(
      fc.property(arbitrary, (facts) => {
        const schema = only(field('region', facts as Partial<ImportedField>), json) ?? {}
        for (const example of schema.examples ?? []) expect(validatorOf({ ...schema })(example)).toEqual([])
      }),
      { seed: 5, numRuns: 200 },
    )
  })
})
