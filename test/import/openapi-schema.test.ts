// What each keyword of a schema becomes: a fact of a field, or a sentence for a person.
import { describe, expect, test } from 'vitest'
import { readOpenApi } from '../../src/import/openapi.ts'
import { told } from './openapi-reading.ts'

const head = (version: string) => `openapi: ${version}
security: []
paths:
  /token:
    post:
      operationId: token
      requestBody:
        content:
          application/json:
`

async function requests(schema: string, version = '3.1.0', beside = ''): Promise<unknown> {
  const text = `${head(version)}            schema: ${schema}\n${beside}`
  const documents = await readOpenApi({ file: 'api.yaml', text }, { operation: 'token' })
  return documents.map(({ model, fields, needsReview, usage }) => told({ model, fields, needsReview, usage }))
}

const a = '{type: string}'
const plainA = { name: 'a', type: 'string', notation: 'string', required: false }
const grant = (value: string) => `grant_type: {const: ${value}}`

describe('a property', () => {
  const properties: ReadonlyArray<[sentence: string, schema: string, field: Record<string, unknown>]> = [
    ['without a type is of an unknown one', '{description: A.}', { type: 'unknown', description: 'A.' }],
    [
      'has the type of its values, when these are text',
      '{enum: [b, c]}',
      { type: 'string', allowedValues: ['b', 'c'] },
    ],
    ['has no type by numbers alone', '{enum: [1, null]}', { type: 'unknown', allowedValues: ['1'] }],
    ['is an object by its properties', '{properties: {}}', { type: 'object' }],
    [
      'has a type that no field can have, for a person to decide',
      '{type: [string, integer]}',
      {
        type: 'unknown',
        notation: 'string | integer',
        needsReview: ['its type `string | integer` is none of those that a field can have'],
      },
    ],
    [
      'may be null, as its notation says',
      "{type: [integer, 'null']}",
      {
        type: 'integer',
        notation: 'integer | null',
        needsReview: ['may be null as well, which is not imported'],
      },
    ],
    [
      'is an array of something',
      '{type: array, items: {type: integer}}',
      { type: 'array', notation: 'array<integer>', items: 'integer' },
    ],
    [
      'has the first of its examples',
      '{type: string, examples: [x, y]}',
      { type: 'string', notation: 'string', example: 'x' },
    ],
    [
      'has an example of zero',
      '{type: boolean, example: 0}',
      { type: 'boolean', notation: 'boolean', example: 0 },
    ],
    [
      'has no example that is an object',
      '{type: object, example: {b: 1}}',
      { type: 'object', notation: 'object' },
    ],
    [
      'has the strictest of its lengths and the values that all allow',
      '{type: string, maxLength: 9, minLength: 1, enum: [x, y, z], allOf: [{maxLength: 5, enum: [z, y]}, {minLength: 3}]}',
      { type: 'string', notation: 'string', maxLength: 5, minLength: 3, allowedValues: ['y', 'z'] },
    ],
    [
      'has the values of alternatives that are constants',
      '{oneOf: [{const: x, description: Why.}, {const: y}], description: Which.}',
      { type: 'string', allowedValues: ['x', 'y'], description: 'Which.' },
    ],
    [
      'has what its alternatives share',
      '{anyOf: [{type: string, maxLength: 5}, {type: string, maxLength: 9}]}',
      { type: 'string', notation: 'string', needsReview: ['has 2 alternatives, which differ in maxLength'] },
    ],
    [
      'has keywords that are not imported',
      '{type: integer, minimum: 1, multipleOf: 5}',
      {
        type: 'integer',
        notation: 'integer',
        needsReview: ['`minimum` is not imported: 1', '`multipleOf` is not imported: 5'],
      },
    ],
  ]

  test.each(properties)('%s', async (_sentence, schema, field) => {
    expect(await requests(`{properties: {a: ${schema}}}`)).toEqual([
      { model: 'token', fields: [{ name: 'a', required: false, ...field }] },
    ])
  })

  const shared = 'components: {schemas: {A: {type: string, description: Shared.}}}'

  test('in 3.1 has what stands beside its $ref', async () => {
    expect(
      await requests(
        "{properties: {a: {$ref: '#/components/schemas/A', description: Own.}}}",
        '3.1.0',
        shared,
      ),
    ).toEqual([{ model: 'token', fields: [{ ...plainA, model: 'A', description: 'Own.' }] }])
  })

  test('in 3.0 has what stands beside its $ref as a question', async () => {
    expect(
      await requests(
        "{properties: {a: {$ref: '#/components/schemas/A', description: Own.}}}",
        '3.0.4',
        shared,
      ),
    ).toEqual([
      {
        model: 'token',
        fields: [
          {
            ...plainA,
            model: 'A',
            description: 'Shared.',
            needsReview: ['OpenAPI 3.0 ignores `description` beside a `$ref`'],
          },
        ],
      },
    ])
  })
})

describe('a body', () => {
  test('that requires what it does not describe says so', async () => {
    expect(await requests('{required: [b]}')).toEqual([
      {
        model: 'token',
        fields: [
          {
            name: 'b',
            type: 'unknown',
            required: true,
            needsReview: ['is required, and nothing else is said of it'],
          },
        ],
      },
    ])
  })

  test('has a condition by if and then, and a sentence for each further one', async () => {
    const conditions = [
      '{if: {properties: {grant_type: {const: x}}}, then: {required: [a]}}',
      '{if: {properties: {grant_type: {enum: [y]}}}, then: {required: [a]}}',
      '{if: {required: [b]}, then: {required: [a]}}',
    ]
    expect(
      await requests(`{properties: {grant_type: {enum: [x, y]}, a: ${a}}, allOf: [${conditions}]}`),
    ).toEqual([
      {
        model: 'token',
        fields: [
          { name: 'grant_type', type: 'string', required: false, allowedValues: ['x', 'y'] },
          {
            ...plainA,
            requiredWhen: { parameter: 'grant_type', value: 'x' },
            needsReview: ['is required when `grant_type` is `y` as well'],
          },
        ],
        needsReview: [
          '`if` and `then` are not imported: their condition is more than one value of one property',
        ],
      },
    ])
  })

  test('with alternatives that only require stays one', async () => {
    expect(
      await requests(
        `{properties: {a: ${a}}, anyOf: [{required: [a]}, {required: [b, c]}], additionalProperties: true}`,
      ),
    ).toEqual([
      {
        model: 'token',
        fields: [plainA],
        needsReview: [
          '`anyOf` is not imported: it requires a, or b and c',
          'the schema allows further members (`additionalProperties`), which are not imported',
        ],
      },
    ])
  })

  test('with alternatives for grants is several, each with the examples that keep to it', async () => {
    const examples = [
      '            examples:',
      '              one: {value: {grant_type: x}}',
      '              two: {value: grant_type=y&b=1}',
      '              none: {value: {grant_type: z}}',
    ].join('\n')
    const usage = (grantType: string, more = {}) => ({ grant_type: grantType, ...more })
    const found = await requests(
      `{oneOf: [{required: [grant_type], properties: {${grant('x')}}}, {title: Second, properties: {${grant('y')}, b: ${a}}}]}`,
      '3.1.0',
      examples,
    )
    expect(found).toEqual([
      {
        model: 'token x',
        fields: [{ name: 'grant_type', type: 'string', required: true, allowedValues: ['x'] }],
        usage: [
          { code: '{\n  "grant_type": "x"\n}', values: usage('x') },
          { code: '{\n  "grant_type": "z"\n}', values: usage('z') },
        ],
      },
      {
        model: 'Second',
        fields: [
          { name: 'grant_type', type: 'string', required: false, allowedValues: ['y'] },
          { ...plainA, name: 'b', example: '1' },
        ],
        usage: [
          { code: 'grant_type=y&b=1', values: usage('y', { b: '1' }) },
          { code: '{\n  "grant_type": "z"\n}', values: usage('z') },
        ],
      },
    ])
  })

  test('shows examples of fields that have none', async () => {
    const examples = '            example: {a: x, b: y, c: <your c>, d: [z]}'
    const found = await requests(
      `{properties: {a: ${a}, b: {type: string, example: own}, c: ${a}, d: {type: array, items: ${a}}}}`,
      '3.1.0',
      examples,
    )
    expect(found).toMatchObject([
      {
        fields: [
          { ...plainA, example: 'x' },
          { name: 'b', example: 'own' },
          { ...plainA, name: 'c' },
          { name: 'd', type: 'array' },
        ],
      },
    ])
  })

  test('with a condition on what has no schema keeps the name', async () => {
    const found = await requests(
      `{properties: {grant_type: ${a}}, if: {properties: {grant_type: {const: password}}}, then: {required: [username]}}`,
      '3.1.0',
    )
    expect(found).toMatchObject([
      {
        fields: [
          { ...plainA, name: 'grant_type' },
          {
            name: 'username',
            required: false,
            requiredWhen: { parameter: 'grant_type', value: 'password' },
            needsReview: ['is required under a condition, and nothing else is said of it'],
          },
        ],
      },
    ])
  })

  test('of two media types with two schemas is two', async () => {
    const other = `          application/x-www-form-urlencoded: {schema: {properties: {b: ${a}}}}`
    expect(await requests(`{properties: {a: ${a}}}`, '3.0.0', other)).toEqual([
      { model: 'token', fields: [plainA] },
      { model: 'token', fields: [{ ...plainA, name: 'b' }] },
    ])
  })
})
