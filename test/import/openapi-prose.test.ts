// What the prose of an OpenAPI document says beside its schemas, and where the two contradict each other.
import { describe, expect, test } from 'vitest'
import type { ImportedField } from '../../src/import/imported.ts'
import { readOpenApi } from '../../src/import/openapi.ts'

/** A document whose token request has one property `value`, beside the grant type. */
const documentOf = (schema: object, required: readonly string[] = []) => ({
  openapi: '3.1.0',
  info: { title: 'Hooli', version: '1' },
  paths: {
    '/token': {
      post: {
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                type: 'object',
                properties: { grant_type: { type: 'string' }, value: { type: 'string', ...schema } },
                required: ['grant_type', ...required],
              },
            },
          },
        },
        responses: {},
      },
    },
  },
})

const requestOf = async (schema: object, required?: readonly string[]) => {
  const text = JSON.stringify(documentOf(schema, required), null, 2)
  const [request] = await readOpenApi({ file: 'hooli.json', text })
  const field = request?.fields.find(({ name }) => name === 'value')
  if (request === undefined || field === undefined) throw new Error('expected a request with the field')
  return { request, field }
}

const adopted: ReadonlyArray<[prose: string, facts: Partial<ImportedField>]> = [
  ['Only accepts `a`.', { allowedValues: ['a'] }],
  [
    'Required when `grant_type` is `refresh_token`.',
    { requiredWhen: { parameter: 'grant_type', value: 'refresh_token' }, required: false },
  ],
  ['Can be provided here in the body, or as the Password in HTTP Basic Auth.', { httpBasic: 'password' }],
  ['Not currently supported.', { notSupported: true }],
  ['A space-delimited list of scopes.', { isSpaceDelimited: true, allowedValues: null }],
  ['Up to 40 characters.', { maxLength: 40 }],
]

describe('the prose of a schema', () => {
  test.each(adopted)('%s', async (description, facts) => {
    const { field } = await requestOf({ description })
    expect(field).toMatchObject(facts)
    for (const fact of Object.keys(facts).filter((name) => name !== 'required'))
      if (facts[fact as keyof ImportedField] !== null)
        expect(field.provenance[fact]).toEqual({ ...field.provenance.description, words: description })
  })

  test('says nothing where the schema does', async () => {
    const schema = { description: 'Only accepts `a`. Up to 40 characters.', enum: ['b', 'c'], maxLength: 8 }
    const { field, request } = await requestOf(schema)
    expect([field.allowedValues, field.maxLength]).toEqual([['b', 'c'], 8])
    expect(request.contradictions.map(({ rule, field: name }) => [rule, name])).toEqual([
      ['allowed-values-differ', 'value'],
    ])
  })

  test('contradicts the list of required properties', async () => {
    const { request } = await requestOf({ description: 'The optional value.' }, ['value'])
    expect(request.contradictions.map(({ rule }) => rule)).toEqual(['required-but-prose-optional'])
  })

  test('that sets a condition on what is always required is for a person', async () => {
    const description = 'Required when `grant_type` is `password`.'
    const { field } = await requestOf({ description }, ['value'])
    expect([field.required, field.requiredWhen, field.needsReview]).toEqual([
      true,
      null,
      ['Decide when the field is required: it is marked as always required, and the prose sets a condition'],
    ])
  })

  test('contradicts an example', async () => {
    const { request } = await requestOf({ description: 'Only accepts `a`.', example: 'b' })
    expect(request.contradictions.map(({ rule }) => rule)).toEqual(['example-breaks-allowed-values'])
  })
})
