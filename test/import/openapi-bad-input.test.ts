// What is refused: always one message, with the line, and never a stack trace.
import { describe, expect, test } from 'vitest'
import { maxDocumentBytes } from '../../src/import/document-size.ts'
import { readOpenApi } from '../../src/import/openapi.ts'
import { refusalOf } from './openapi-reading.ts'

const head = ['openapi: 3.0.3', 'paths:', '  /token:', '    post:']
const media = '#/paths/~1token/post/requestBody/content/application~1json'

/** A document whose token request has this schema, which begins in line 9. */
function withSchema(schema: string, ...schemas: readonly string[]): string {
  const components =
    schemas.length === 0 ? [] : ['components:', '  schemas:', ...schemas.map((line) => `    ${line}`)]
  return [
    ...head,
    '      operationId: token',
    '      requestBody:',
    '        content:',
    '          application/json:',
    `            schema: ${schema}`,
    ...components,
  ].join('\n')
}

describe('a text that is no document', () => {
  const texts: ReadonlyArray<[given: string, text: string, message: string]> = [
    [
      'an empty text',
      '',
      'api.yaml:1: expected an OpenAPI document, whose top has `openapi: 3.0.…` or `openapi: 3.1.…` (at #)',
    ],
    [
      'a list',
      '[1]',
      'api.yaml:1: expected an OpenAPI document, whose top has `openapi: 3.0.…` or `openapi: 3.1.…` (at #)',
    ],
    [
      'an object without a version',
      'paths: {}',
      'api.yaml:1: expected `openapi: 3.0.…` or `openapi: 3.1.…` at the top (at #)',
    ],
    [
      'Swagger 2.0',
      'info: {}\nswagger: "2.0"',
      'api.yaml:2: expected OpenAPI 3.0 or 3.1, received Swagger 2.0; convert it first, for example with ' +
        '`npx swagger2openapi FILE --outfile openapi.yaml` (at #/swagger)',
    ],
    [
      'Swagger 2.0 as a number',
      'swagger: 2.0',
      'api.yaml:1: expected OpenAPI 3.0 or 3.1, received Swagger 2.0; convert it first, for example with `npx swagger2openapi FILE --outfile openapi.yaml` (at #/swagger)',
    ],
    [
      'another version',
      'openapi: 3.2.0',
      'api.yaml:1: expected OpenAPI 3.0 or 3.1, received "3.2.0" (at #/openapi)',
    ],
    [
      'a document without paths',
      'openapi: 3.0.0\ninfo: {}',
      'api.yaml:1: expected `paths`, of which the document has none (at #)',
    ],
    [
      'paths as a list',
      'openapi: 3.0.0\npaths: []',
      'api.yaml:2: expected `paths` to be an object, received a list (at #/paths)',
    ],
    [
      'paths that are null',
      'openapi: 3.0.0\npaths: null',
      'api.yaml:2: expected `paths` to be an object, received null (at #/paths)',
    ],
    [
      'a key twice',
      'openapi: 3.0.0\npaths: {}\nopenapi: 3.1.0',
      'api.yaml:3:1: the key "openapi" stands twice in one object',
    ],
    [
      'a key twice in JSON',
      '{"openapi": "3.0.0",\n "openapi": "3.0.0"}',
      'api.yaml:2:2: the key "openapi" stands twice in one object',
    ],
    [
      'tabs',
      'openapi: 3.0.0\npaths:\n\t/token: {}',
      'api.yaml:3:1: expected YAML or JSON: Tabs are not allowed as indentation',
    ],
    [
      'JSON that breaks off',
      '{"openapi": "3.0.0",\n "paths": {',
      'api.yaml:2:12: expected YAML or JSON: Flow map in block collection must be sufficiently indented and end with a }',
    ],
    [
      'several documents',
      'openapi: 3.0.0\n---\nopenapi: 3.0.0',
      'api.yaml:2:1: expected one document, and a second begins here; give each a file of its own',
    ],
    [
      'an alias without an anchor',
      'openapi: 3.0.0\npaths: *paths',
      'api.yaml:2:8: the alias *paths has no anchor &paths above it',
    ],
    [
      'an alias within its own anchor',
      'openapi: 3.0.0\npaths: &paths\n  /token: *paths',
      'api.yaml:3:11: the alias *paths stands inside of what it stands for',
    ],
    [
      'lists in lists without an end',
      `openapi: ${'['.repeat(20_000)}`,
      'api.yaml:1: its values are nested too deeply to be read',
    ],
  ]

  test.each(texts)('%s is refused', async (_given, text, message) => {
    const refusal = await refusalOf(text)
    // How deep is too deep is the machine's.
    expect(String(refusal).replace(/:\d+(?=: its values are nested)/, '')).toBe(message)
  })

  test('a bomb of aliases is refused before it goes off', async () => {
    const names = 'abcdefghij'.split('')
    const bomb = names.map((name, index) => {
      const before = names[index - 1]
      return `${name}: &${name} [${Array(9).fill(before === undefined ? 'x' : `*${before}`)}]`
    })
    expect(await refusalOf(['openapi: 3.0.0', ...bomb].join('\n'))).toBe(
      'api.yaml:8:7: expected at most 2000000 values; aliases (`*name`) make more of this one',
    )
  })

  test('an anchor that is used without an end is refused', async () => {
    const uses = Array.from({ length: 10_001 }, (_, index) => `k${index}: *x`)
    expect(await refusalOf(['x: &x 1', ...uses].join('\n'))).toBe(
      'api.yaml:10002:9: the anchor &x is used more than 10000 times',
    )
  })

  test('a document that is too large is refused before it is parsed', async () => {
    expect(await refusalOf(`openapi: 3.0.0\n#${'x'.repeat(maxDocumentBytes)}`)).toBe(
      'api.yaml:1: expected a document of at most 10 MiB, received 10.0 MiB; import the part with the token request alone',
    )
  })
})

describe('a token operation', () => {
  const grant = 'grant_type: {type: string}'
  const schemas: ReadonlyArray<[given: string, text: string, message: string]> = [
    [
      'a schema that is null',
      withSchema('null'),
      `api.yaml:9: expected a schema to be an object, received null (at ${media}/schema)`,
    ],
    [
      'properties as a list',
      withSchema('{properties: []}'),
      `api.yaml:9: expected \`properties\` to be an object, received a list (at ${media}/schema/properties)`,
    ],
    [
      'a property that is null',
      withSchema(`{properties: {${grant}, scope: null}}`),
      `api.yaml:9: expected a schema to be an object, received null (at ${media}/schema/properties/scope)`,
    ],
    [
      'required: true in a property',
      withSchema(`{properties: {${grant}, scope: {type: string, required: true}}}`),
      `api.yaml:9: expected \`required\` to be a list of names, in the schema that has the property; received true (at ${media}/schema/properties/scope/required)`,
    ],
    [
      'required: true in the schema',
      withSchema(`{required: true, properties: {${grant}}}`),
      `api.yaml:9: expected \`required\` to be a list, received true (at ${media}/schema/required)`,
    ],
    [
      'a type that is a number',
      withSchema(`{properties: {${grant}, scope: {type: 5}}}`),
      `api.yaml:9: expected \`type\` to be a name or a list of names, received 5 (at ${media}/schema/properties/scope/type)`,
    ],
    [
      'a length that is text',
      withSchema(`{properties: {${grant}, scope: {maxLength: '5'}}}`),
      `api.yaml:9: expected \`maxLength\` to be a whole number, received text (at ${media}/schema/properties/scope/maxLength)`,
    ],
    [
      'an enum that is text',
      withSchema('{properties: {grant_type: {enum: password}}}'),
      `api.yaml:9: expected \`enum\` to be a list, received text (at ${media}/schema/properties/grant_type/enum)`,
    ],
    [
      'a $ref to nothing',
      withSchema("{$ref: '#/components/schemas/Gone'}", 'There: {}'),
      `api.yaml:9: expected $ref "#/components/schemas/Gone" to name something, and there is no "Gone" there (at ${media}/schema/$ref)`,
    ],
    [
      'a $ref that is no pointer',
      withSchema("{$ref: '#Gone'}"),
      `api.yaml:9: expected $ref "#Gone" to be a JSON Pointer, such as "#/components/schemas/TokenRequest" (at ${media}/schema/$ref)`,
    ],
    [
      'a $ref that is a number',
      withSchema('{$ref: 5}'),
      `api.yaml:9: expected $ref to be text, received 5 (at ${media}/schema/$ref)`,
    ],
    [
      'a $ref to itself by way of another',
      withSchema(
        "{$ref: '#/components/schemas/A'}",
        "A: {$ref: '#/components/schemas/B'}",
        "B: {$ref: '#/components/schemas/A'}",
      ),
      'api.yaml:13: the $refs go round in a circle: #/components/schemas/A → #/components/schemas/B → #/components/schemas/A (at #/components/schemas/B)',
    ],
    [
      'a schema that is all of itself',
      withSchema(
        "{$ref: '#/components/schemas/A'}",
        `A: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {${grant}}}]}`,
      ),
      'api.yaml:12: the $refs go round in a circle: #/components/schemas/A → #/components/schemas/A/allOf/0 → #/components/schemas/A (at #/components/schemas/A/allOf/0)',
    ],
    [
      'a request that has a request of its kind within',
      withSchema(
        "{$ref: '#/components/schemas/A'}",
        `A: {properties: {${grant}, more: {type: array, items: {$ref: '#/components/schemas/A'}}}}`,
      ),
      'api.yaml:12: the $refs go round in a circle: #/components/schemas/A → #/components/schemas/A/properties/more → ' +
        '#/components/schemas/A/properties/more/items → #/components/schemas/A (at #/components/schemas/A/properties/more/items)',
    ],
    [
      'a schema that doubles with each level',
      withSchema(
        "{$ref: '#/components/schemas/A0'}",
        ...Array.from({ length: 40 }, (_, level) => {
          const next = `{$ref: '#/components/schemas/A${level + 1}'}`
          return `A${level}: {allOf: [${next}, ${next}]}`
        }),
        `A40: {properties: {${grant}}}`,
      ),
      'api.yaml:43: expected a schema that is made of at most 1000 others (at #/components/schemas/A31)',
    ],
    [
      'alternatives that double with each level',
      withSchema(
        "{$ref: '#/components/schemas/A0'}",
        ...Array.from({ length: 40 }, (_, level) => {
          const next = `{$ref: '#/components/schemas/A${level + 1}'}`
          return `A${level}: {oneOf: [${next}, ${next}]}`
        }),
        `A40: {properties: {${grant}}}`,
      ),
      'api.yaml:45: expected at most 64 alternatives of one schema (at #/components/schemas/A33)',
    ],
    [
      'a chain of $refs without an end',
      withSchema(
        "{$ref: '#/components/schemas/A0'}",
        ...Array.from(
          { length: 5_000 },
          (_, index) => `A${index}: {$ref: '#/components/schemas/A${index + 1}'}`,
        ),
      ),
      'api.yaml:512: expected at most 500 schemas one inside of the other (at #/components/schemas/A500)',
    ],
    [
      'no content',
      [...head, '      requestBody: {}'].join('\n'),
      'api.yaml:5: expected `requestBody` to have `content` (at #/paths/~1token/post/requestBody)',
    ],
    [
      'a body that is null',
      [...head, '      requestBody: null'].join('\n'),
      'api.yaml:5: expected `requestBody` to be an object, received null (at #/paths/~1token/post/requestBody)',
    ],
    [
      'responses as a list',
      [...head, '      responses: []'].join('\n'),
      'api.yaml:5: expected `responses` to be an object, received a list (at #/paths/~1token/post/responses)',
    ],
    [
      'a response that is null',
      [...head, "      responses: {'200': null}"].join('\n'),
      'api.yaml:5: expected a response to be an object, received null (at #/paths/~1token/post/responses/200)',
    ],
    [
      'security as an object',
      [...head, '      security: {Basic: []}'].join('\n'),
      'api.yaml:5: expected `security` to be a list, received an object (at #/paths/~1token/post/security)',
    ],
    [
      'servers as text',
      [...head, '      servers: https://as.example'].join('\n'),
      'api.yaml:5: expected `servers` to be a list, received text (at #/paths/~1token/post/servers)',
    ],
    [
      'parameters as text',
      [...head, '      parameters: none'].join('\n'),
      'api.yaml:5: expected `parameters` to be a list, received text (at #/paths/~1token/post/parameters)',
    ],
  ]

  test.each(schemas)('with %s is refused', async (_given, text, message) => {
    expect(await refusalOf(text, { operation: '/token' })).toBe(message)
  })

  test('that is found by its name is refused for what is wrong with it', async () => {
    expect(await refusalOf(withSchema("{$ref: '#/components/schemas/Gone'}", 'There: {}'))).toBe(
      `api.yaml:9: expected $ref "#/components/schemas/Gone" to name something, and there is no "Gone" there (at ${media}/schema/$ref)`,
    )
  })

  test('is read whatever is wrong elsewhere: circles, missing $refs, wrong types', async () => {
    const text = [
      withSchema(
        `{properties: {${grant}}}`,
        "A: {$ref: '#/components/schemas/A'}",
        'B: null',
        'C: {properties: []}',
      ),
      'info: null',
      'tags: 5',
    ].join('\n')
    const withNeighbours = text.replace(
      'paths:',
      "paths:\n  /a: {$ref: gone.yaml}\n  /b: null\n  /c: {post: {requestBody: []}}\n  x-d: 5\n  /push/token: {post: {requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/A'}}}}}}",
    )
    const documents = await readOpenApi({ file: 'api.yaml', text: withNeighbours })
    expect(documents.map(({ operation, fields }) => [operation, fields.map(({ name }) => name)])).toEqual([
      ['token', ['grant_type']],
    ])
  })

  test('may answer with what has its own kind within, as problems have causes', async () => {
    const text = [
      ...head,
      '      responses:',
      "        '400': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}",
      'components:',
      '  schemas:',
      "    Problem: {properties: {cause: {$ref: '#/components/schemas/Problem'}}}",
    ].join('\n')
    const documents = await readOpenApi({ file: 'api.yaml', text }, { operation: '/token' })
    expect(documents[1]?.fields.map(({ name, type, model }) => [name, type, model])).toEqual([
      ['cause', 'object', 'Problem'],
    ])
  })
})
