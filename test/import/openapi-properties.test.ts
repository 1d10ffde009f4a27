// What holds for every OpenAPI document: its notation and its `$ref`s change no fact, and nothing in it breaks the reader.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { readOpenApi } from '../../src/import/openapi.ts'
import { TokenwrightError } from '../../src/service/error.ts'
import { sample } from './openapi-reading.ts'

async function forEvery<T>(
  arbitrary: fc.Arbitrary<T>,
  check: (value: T) => Promise<void>,
  numRuns = 60,
): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, check), { seed: 6749, numRuns })
}

/** Text that a person may have written, and that YAML has to quote. */
const prose = fc.oneof(
  fc.constantFrom(
    'Required.',
    'yes',
    '1.0',
    'a: b',
    '# c',
    '- d',
    "'e",
    '"f"',
    'two\nlines\n',
    '*g',
    '{h',
    'ü €',
  ),
  fc.string({ minLength: 1 }),
)

const name = fc.stringMatching(/^[a-z][a-z_]{0,8}$/).filter((word) => word !== 'grant_type')

const valueSchema = fc.oneof(
  fc.record(
    {
      type: fc.constant('string'),
      format: fc.constantFrom('uuid', 'password'),
      description: prose,
      enum: fc.uniqueArray(prose, { minLength: 1, maxLength: 3 }),
      example: prose,
      default: prose,
      pattern: fc.constantFrom('^a$', '[a-z]+'),
      minLength: fc.nat(5),
      maxLength: fc.integer({ min: 5, max: 99 }),
      nullable: fc.boolean(),
      deprecated: fc.boolean(),
    },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    { type: fc.constantFrom('integer', 'number', 'boolean'), example: fc.integer(), description: prose },
    { requiredKeys: ['type'] },
  ),
  fc.record({ type: fc.constant('array'), items: fc.record({ type: fc.constantFrom('string', 'integer') }) }),
)

/** A request's schema: properties, some of them required. */
const requestSchema = fc.dictionary(name, valueSchema, { maxKeys: 6 }).chain((properties) =>
  fc.record({
    type: fc.constant('object'),
    required: fc.subarray(['grant_type', ...Object.keys(properties)]),
    properties: fc.constant({ grant_type: { type: 'string', enum: ['password'] }, ...properties }),
  }),
)

function documentWith(schema: unknown, schemas: unknown = {}): unknown {
  return {
    openapi: '3.0.3',
    security: [],
    paths: {
      '/token': {
        post: {
          requestBody: { content: { 'application/json': { schema } } },
          responses: { 200: { description: 'A token.' } },
        },
      },
    },
    components: { schemas },
  }
}

/** What is read of a document, without the places; and without the names of schemas, where these are what differs. */
async function factsOf(text: string, without: readonly string[] = []): Promise<unknown> {
  const documents = await readOpenApi({ file: 'api', text })
  return JSON.parse(
    JSON.stringify(documents, (key, value) =>
      key === 'provenance' || without.includes(key) ? undefined : value,
    ),
  )
}

describe('the facts of a document', () => {
  test('are the same in YAML and JSON', async () => {
    await forEvery(requestSchema, async (schema) => {
      const document = documentWith(schema)
      const [yaml, block, json] = await Promise.all([
        factsOf(stringify(document)),
        factsOf(stringify(document, { defaultStringType: 'QUOTE_DOUBLE', indent: 4 })),
        factsOf(JSON.stringify(document, null, '\t')),
      ])
      expect(yaml).toEqual(json)
      expect(block).toEqual(json)
    })
  })

  test('are the same inline and by $ref', async () => {
    await forEvery(requestSchema, async (schema) => {
      const properties = Object.fromEntries(
        Object.keys(schema.properties).map((key) => [key, { $ref: `#/components/schemas/of~1${key}` }]),
      )
      const apart = documentWith(
        { $ref: '#/components/schemas/Request' },
        {
          Request: { ...schema, properties },
          ...Object.fromEntries(
            Object.entries(schema.properties).map(([key, value]) => [`of/${key}`, value]),
          ),
        },
      )
      const names = ['model']
      expect(await factsOf(stringify(apart), names)).toEqual(
        await factsOf(stringify(documentWith(schema)), names),
      )
    })
  })

  test('are the same in one schema and in allOf', async () => {
    await forEvery(requestSchema, async ({ required, properties, type }) => {
      const parts = Object.entries(properties).map(([key, value]) => ({
        type,
        required,
        properties: { [key]: value },
      }))
      expect(await factsOf(stringify(documentWith({ allOf: parts })))).toEqual(
        await factsOf(stringify(documentWith({ type, required, properties }))),
      )
    })
  })

  test('are all those that were written', async () => {
    await forEvery(requestSchema, async (schema) => {
      const [request] = await readOpenApi({ file: 'api', text: stringify(documentWith(schema)) })
      expect(
        request?.fields.map((field) => [field.name, field.required, field.provenance.name?.words]),
      ).toEqual(
        Object.keys(schema.properties).map((key) => [
          key,
          schema.required.includes(key),
          expect.stringContaining(key),
        ]),
      )
    })
  })
})

const samples = ['acme.openapi.yaml', 'globex.openapi.json', 'umbrella.openapi.yaml'].map((file) =>
  readFileSync(sample(file), 'utf8'),
)

/** Values that have no place anywhere, or another place. */
const intruder = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1.5,
  '',
  'text',
  [],
  [null],
  {},
  { $ref: '#/components/schemas/Token' },
  { $ref: '#' },
  { $ref: '#/nowhere' },
  { $ref: '' },
  { $ref: null },
  { $ref: 'gone.yaml' },
  { $ref: 'https://as.example/' },
  { allOf: [{ $ref: '#/components/schemas/TokenRequest' }] },
  { oneOf: [] },
  { type: [] },
  { properties: { grant_type: null } },
)

function replaced(value: unknown, path: readonly number[], by: unknown): unknown {
  const [index, ...rest] = path
  if (index === undefined || typeof value !== 'object' || value === null) return by
  const keys = Object.keys(value)
  const key = keys[index % Math.max(keys.length, 1)]
  if (key === undefined) return by
  const child = replaced((value as Record<string, unknown>)[key], rest, by)
  return Array.isArray(value)
    ? value.map((item, at) => (String(at) === key ? child : item))
    : { ...value, [key]: child }
}

async function readsOrRefuses(text: string): Promise<void> {
  try {
    await readOpenApi({ file: 'api.yaml', text })
  } catch (error) {
    if (!(error instanceof TokenwrightError)) throw error
    expect([error.code, error.message]).toEqual([
      'ERR_DOCUMENT_INVALID',
      expect.stringMatching(/^\S+:\d+(:\d+)?: \S/),
    ])
  }
}

describe('a broken document', () => {
  test('is read or refused with a line, whatever stands in the place of its values', async () => {
    const mutation = fc.tuple(fc.array(fc.nat(20), { minLength: 1, maxLength: 10 }), intruder)
    await forEvery(
      fc.tuple(fc.constantFrom(...samples), fc.array(mutation, { minLength: 1, maxLength: 3 })),
      async ([text, mutations]) => {
        const broken = mutations.reduce((value, [path, by]) => replaced(value, path, by), parse(text))
        await readsOrRefuses(stringify(broken, { aliasDuplicateObjects: false }))
      },
      500,
    )
  })

  test('is read or refused with a line, whatever was done to its text', async () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat(40),
      inserted: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 3 }),
        fc.constantFrom('\n', '\t', ' ', '{', ']', '&a ', '*a', '---\n', ': '),
      ),
    })
    await forEvery(
      fc.tuple(fc.constantFrom(...samples), fc.array(edit, { minLength: 1, maxLength: 3 })),
      async ([text, edits]) => {
        const edited = edits.reduce((before, { at, removed, inserted }) => {
          const start = Math.floor(at * before.length)
          return `${before.slice(0, start)}${inserted}${before.slice(start + removed)}`
        }, text)
        await readsOrRefuses(edited)
      },
      250,
    )
  })
})
