// What is read of OpenAPI documents: facts of fields and of the wire, which operations are meant, and where facts are from.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Provenance } from '../../src/import/imported.ts'
import { isOpenApi, readOpenApi } from '../../src/import/openapi.ts'
import { readSample, refusalOf, sample, told } from './openapi-reading.ts'

describe('an OpenAPI document', () => {
  test('of 3.0 in YAML tells of requests, replies and refusals', async () => {
    expect(told(await readSample(sample('acme.openapi.yaml')))).toEqual([
      {
        model: 'TokenRequest',
        role: 'request',
        description: 'What a client asks for.',
        fields: [
          {
            name: 'client_id',
            type: 'string',
            notation: 'string',
            required: true,
            example: 'acme-client',
            minLength: 4,
            maxLength: 64,
          },
          { name: 'client_secret', type: 'string', notation: 'string(password)', required: false },
          {
            name: 'grant_type',
            type: 'string',
            notation: 'string',
            model: 'GrantType',
            required: true,
            allowedValues: ['client_credentials', 'refresh_token'],
            description: 'The grant.',
          },
          {
            name: 'scope',
            type: 'string',
            notation: 'string | null',
            needsReview: ['may be null as well, which is not imported'],
            required: false,
            default: 'read',
            description: 'A space-delimited list of scopes.',
            maxLength: 512,
            isSpaceDelimited: true,
          },
          {
            name: 'attempts',
            type: 'integer',
            notation: 'integer(int32)',
            required: false,
            allowedValues: ['1', '2'],
            deprecated: true,
          },
          {
            name: 'audiences',
            type: 'array',
            notation: 'array<string>',
            items: 'string',
            required: false,
            needsReview: ['`minItems` is not imported: 1'],
          },
        ],
        contradictions: [
          {
            rule: 'usage-misses-required',
            field: 'client_id',
            sentence: 'it is required, and a snippet leaves it out',
          },
        ],
        operation: 'createToken',
        wire: {
          servers: ['https://eu.acme.example/v2'],
          method: 'POST',
          path: '/oauth/token',
          contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
          clientAuthentication: ['client_secret_basic', 'client_secret_post'],
        },
        headers: [
          {
            name: 'X-Acme-Version',
            type: 'string',
            notation: 'string',
            required: false,
            default: '2024-01',
            description: 'The version of the interface.',
            pattern: '^\\d{4}-\\d{2}$',
          },
        ],
        usage: [
          {
            code: '{\n  "grant_type": "client_credentials",\n  "scope": "read",\n  "attempts": 1\n}',
            values: { grant_type: 'client_credentials', scope: 'read', attempts: '1' },
          },
        ],
        needsReview: [
          '`created` is left out, because a request does not have it',
          'the media type `text/xml` is not imported',
          'the query parameter `trace` is not imported',
          "the server's `region` may be `us` as well as `eu`",
        ],
      },
      {
        model: 'Token',
        role: 'reply',
        description: 'A token.',
        fields: [
          {
            name: 'access_token',
            type: 'string',
            notation: 'string',
            required: true,
            maxLength: 4096,
            example: 'example-access-token',
          },
          {
            name: 'token_type',
            type: 'string',
            notation: 'string',
            required: true,
            allowedValues: ['Bearer'],
          },
          {
            name: 'expires_in',
            type: 'integer',
            notation: 'integer',
            required: false,
            description: 'In seconds.',
            example: 3600,
          },
        ],
        operation: 'createToken',
        wire: { contentTypes: ['application/json'] },
        status: 200,
        headers: [
          {
            name: 'X-Request-Id',
            type: 'string',
            notation: 'string(uuid)',
            required: true,
            description: 'Names the request.',
          },
          { name: 'Retry-After', type: 'integer', notation: 'integer', required: false, example: 30 },
        ],
        usage: [
          {
            code: '{\n  "access_token": "example-access-token",\n  "token_type": "Bearer",\n  "expires_in": 3600\n}',
            values: { access_token: 'example-access-token', token_type: 'Bearer', expires_in: '3600' },
          },
        ],
        needsReview: ['`secret` is left out, because a reply does not have it'],
      },
      {
        model: 'Problem',
        role: 'refusal',
        description: 'The client is not known.',
        fields: [
          {
            name: 'code',
            type: 'integer',
            notation: 'integer',
            required: true,
            needsReview: ['`minimum` is not imported: 1000'],
          },
          {
            name: 'causes',
            type: 'array',
            notation: 'array<object>',
            items: 'object',
            model: 'Problem',
            required: false,
          },
        ],
        operation: 'createToken',
        wire: { contentTypes: ['application/json'] },
        status: 401,
      },
      {
        model: 'createToken 429',
        role: 'refusal',
        description: 'Too many requests.',
        operation: 'createToken',
        status: 429,
      },
      {
        model: 'createToken default',
        role: 'refusal',
        description: 'Anything else.',
        operation: 'createToken',
        needsReview: ['`default` stands for several statuses'],
      },
    ])
  })

  test('of 3.1 in JSON has a document for each alternative that a grant chooses', async () => {
    expect(told(await readSample(sample('globex.openapi.json')))).toEqual([
      {
        model: 'ClientCredentials',
        role: 'request',
        fields: [
          {
            name: 'grant_type',
            type: 'string',
            required: true,
            allowedValues: ['client_credentials'],
          },
          {
            name: 'client_id',
            type: 'string',
            notation: 'string | null',
            required: true,
            needsReview: ['may be null as well, which is not imported'],
          },
          {
            name: 'client_secret',
            type: 'string',
            notation: 'string',
            model: 'Secret',
            required: true,
            example: 'example-secret',
            description: "The client's own.",
          },
          {
            name: 'scope',
            type: 'array',
            notation: 'array<string>',
            items: 'string',
            required: false,
            isSpaceDelimited: true,
          },
        ],
        operation: 'token',
        wire: {
          servers: ['https://api.globex.example/base'],
          method: 'POST',
          path: '/connect/token/',
          contentTypes: ['application/x-www-form-urlencoded'],
          clientAuthentication: ['client_secret_post'],
        },
      },
      {
        model: 'Refresh',
        role: 'request',
        fields: [
          {
            name: 'grant_type',
            type: 'string',
            notation: 'string',
            required: true,
            allowedValues: ['refresh_token'],
          },
          {
            name: 'refresh_token',
            type: 'string',
            notation: 'string',
            model: 'Secret',
            required: true,
            example: 'example-secret',
            description: 'A secret.',
          },
          { name: 'rotation', type: 'string', required: false, allowedValues: ['once', 'never'] },
        ],
        operation: 'token',
        wire: {
          servers: ['https://api.globex.example/base'],
          method: 'POST',
          path: '/connect/token/',
          contentTypes: ['application/x-www-form-urlencoded'],
          clientAuthentication: ['none'],
        },
      },
      {
        model: 'password',
        role: 'request',
        fields: [
          { name: 'username', type: 'string', notation: 'string', required: true },
          { name: 'password', type: 'string', notation: 'string', required: true },
          {
            name: 'otp',
            type: 'unknown',
            required: false,
            requiredWhen: { parameter: 'username', value: 'admin' },
            needsReview: ['has 2 alternatives, which differ in type, notation'],
          },
          { name: 'grant_type', type: 'string', required: true, allowedValues: ['password'] },
        ],
        operation: 'token',
        wire: {
          servers: ['https://api.globex.example/base'],
          method: 'POST',
          path: '/connect/token/',
          contentTypes: ['application/x-www-form-urlencoded'],
          clientAuthentication: ['none'],
        },
      },
      {
        model: 'token 2XX',
        role: 'reply',
        description: 'A token.',
        operation: 'token',
        needsReview: ['`2XX` stands for several statuses'],
      },
    ])
  })

  test('may be several files', async () => {
    expect(told(await readSample(sample('initech/openapi.yaml')))).toEqual([
      {
        model: 'TokenRequest',
        role: 'request',
        fields: [
          {
            name: 'grant_type',
            type: 'string',
            model: 'GrantType',
            required: true,
            allowedValues: ['client_credentials'],
            description: 'The only grant.',
          },
          {
            name: 'client_id',
            type: 'string',
            notation: 'string',
            model: 'a/b',
            required: false,
            maxLength: 8,
          },
        ],
        operation: 'initechToken',
        wire: {
          servers: ['/api'],
          method: 'POST',
          path: '/token',
          contentTypes: ['application/x-www-form-urlencoded'],
        },
        needsReview: ['the document does not say how the client authenticates'],
      },
      {
        model: 'Token',
        role: 'reply',
        description: 'A token.',
        fields: [{ name: 'access_token', type: 'string', notation: 'string', required: false }],
        operation: 'initechToken',
        wire: { contentTypes: ['application/json'] },
        status: 200,
      },
    ])
  })

  test.each([['globex.openapi.json'], ['umbrella.openapi.yaml']])(
    'tells the version of the API with every document: %s',
    async (name) => {
      const documents = await readSample(sample(name))
      expect([...new Set(documents.map(({ version }) => version))]).toEqual(['1'])
    },
  )

  test('may have nothing but the flows of a security scheme', async () => {
    expect(told(await readSample(sample('umbrella.openapi.yaml')))).toEqual([
      {
        model: 'OAuth clientCredentials',
        role: 'request',
        fields: [
          {
            name: 'grant_type',
            type: 'string',
            required: true,
            allowedValues: ['client_credentials'],
          },
          {
            name: 'scope',
            type: 'string',
            description: 'Scopes:\n`samples.read`: Read samples.\n`samples.write`',
            isSpaceDelimited: true,
            needsReview: ['the document does not say whether `scope` is required'],
          },
        ],
        wire: {
          servers: ['https://api.umbrella.example'],
          method: 'POST',
          path: '/oauth2/token',
          contentTypes: ['application/x-www-form-urlencoded'],
          clientAuthentication: ['client_secret_basic'],
        },
        needsReview: [
          'the document has no operation for its token URL: method and content type are those of RFC 6749, and other parameters and replies are not known',
        ],
      },
      {
        model: 'OAuth authorizationCode',
        role: 'request',
        fields: [
          {
            name: 'grant_type',
            type: 'string',
            required: true,
            allowedValues: ['authorization_code'],
          },
        ],
        wire: {
          servers: ['https://login.umbrella.example'],
          method: 'POST',
          path: '/token',
          contentTypes: ['application/x-www-form-urlencoded'],
        },
        needsReview: [
          'the document has no operation for its token URL: method and content type are those of RFC 6749, and other parameters and replies are not known',
          'the document does not say how the client authenticates',
        ],
      },
      {
        model: 'OAuth refresh',
        role: 'request',
        fields: [{ name: 'grant_type', type: 'string', required: true, allowedValues: ['refresh_token'] }],
        wire: {
          servers: ['https://login.umbrella.example'],
          method: 'POST',
          path: '/refresh',
          contentTypes: ['application/x-www-form-urlencoded'],
        },
        needsReview: [
          'the document has no operation for its token URL: method and content type are those of RFC 6749, and other parameters and replies are not known',
          'the document does not say how the client authenticates',
        ],
      },
    ])
  })
})

describe('what stands beside a body', () => {
  const operation = (...lines: readonly string[]) =>
    ['openapi: 3.0.3', 'paths:', '  /token:', '    post:', ...lines.map((line) => `      ${line}`)].join('\n')
  const body =
    'requestBody: {content: {application/json: {schema: {properties: {grant_type: {type: string}}}}}}'

  test('is for a person: a deprecated operation, and a required header', async () => {
    const header = '{name: X-Tenant, in: header, required: true, schema: {type: string}}'
    const text = operation('deprecated: true', `parameters: [${header}]`, body)
    const [request] = await readOpenApi({ file: 'api.yaml', text })
    expect(request?.needsReview).toEqual(
      expect.arrayContaining([
        'the operation is deprecated',
        'the header `X-Tenant` is required, and no field of the body',
      ]),
    )
  })

  test('is an example where there is no schema', async () => {
    const reply =
      "responses: {'200': {description: ok, content: {application/json: {example: {access_token: t, expires_in: 3600}}}}}"
    const [, found] = await readOpenApi({ file: 'api.yaml', text: operation(body, reply) })
    const needsReview = ['is known by an example alone: decide whether it is always there']
    expect([told(found?.fields), found?.needsReview]).toEqual([
      [
        { name: 'access_token', type: 'string', example: 't', needsReview },
        { name: 'expires_in', type: 'integer', example: 3600, needsReview },
      ],
      ['the body has no schema: its fields are those of its example'],
    ])
  })
})

describe('the YAML of a document', () => {
  test('may have anchors, merge keys and tags, whose facts stand where they are written', async () => {
    const text = [
      'openapi: 3.0.3',
      'x-secret: &secret {type: string, maxLength: 8}',
      'paths:',
      '  /token:',
      '    post:',
      '      requestBody:',
      '        content:',
      '          application/json: &media',
      '            schema:',
      '              properties:',
      '                grant_type: {type: string}',
      '                client_secret: *secret',
      '                password: {<<: *secret, description: !words Of the user.}',
      '          application/x-www-form-urlencoded: *media',
    ].join('\n')
    const [request] = await readOpenApi({ file: 'api.yaml', text })
    const [, secret, password] = request?.fields ?? []
    expect([
      request?.wire.contentTypes?.value,
      [secret?.maxLength, secret?.provenance.maxLength?.line],
      [password?.maxLength, password?.provenance.maxLength?.line, password?.description],
    ]).toEqual([
      ['application/json', 'application/x-www-form-urlencoded'],
      [8, 2],
      [8, 2, 'Of the user.'],
    ])
  })
})

describe('provenance', () => {
  test('names file, line, pointer and words, across files', async () => {
    const [request] = await readSample(sample('initech/openapi.yaml'))
    expect([request?.provenance, request?.fields[0]?.provenance, request?.wire.path?.provenance]).toEqual([
      {
        file: sample('initech/schemas/token request.json'),
        line: 3,
        pointer: '/$defs/TokenRequest',
        words: '{',
      },
      {
        name: {
          file: sample('initech/schemas/token request.json'),
          line: 7,
          pointer: '/$defs/TokenRequest/properties/grant_type',
          words: '"grant_type"',
        },
        wireName: {
          file: sample('initech/schemas/token request.json'),
          line: 7,
          pointer: '/$defs/TokenRequest/properties/grant_type',
          words: '"grant_type"',
        },
        type: {
          file: sample('initech/openapi.yaml'),
          line: 11,
          pointer: '/components/schemas/GrantType/const',
          words: 'client_credentials',
        },
        allowedValues: {
          file: sample('initech/openapi.yaml'),
          line: 11,
          pointer: '/components/schemas/GrantType/const',
          words: 'client_credentials',
        },
        description: {
          file: sample('initech/openapi.yaml'),
          line: 12,
          pointer: '/components/schemas/GrantType/description',
          words: 'The only grant.',
        },
        model: {
          file: sample('initech/schemas/token request.json'),
          line: 7,
          pointer: '/$defs/TokenRequest/properties/grant_type',
          words: '{ "$ref": "../openapi.yaml#/components/schemas/GrantType" }',
        },
        required: {
          file: sample('initech/schemas/token request.json'),
          line: 5,
          pointer: '/$defs/TokenRequest/required/0',
          words: '"grant_type"',
        },
      },
      {
        file: sample('initech/openapi.yaml'),
        line: 4,
        pointer: '/paths/~1token',
        words: '/token',
      },
    ])
  })

  const samples = [
    'acme.openapi.yaml',
    'globex.openapi.json',
    'initech/openapi.yaml',
    'umbrella.openapi.yaml',
  ]

  test.each(samples)('every fact of %s stands in the line that it names', async (name) => {
    const found = provenancesIn(await readSample(sample(name)))
    const elsewhere = found.filter(({ file, line, words }) => {
      const [first = ''] = words.replace(/…$/, '').split('\n')
      return !(readFileSync(file, 'utf8').split('\n')[(line ?? 0) - 1] ?? '').includes(first.trim())
    })
    expect([found.length > 20, elsewhere]).toEqual([true, []])
  })

  test.each(samples)('every fact of a field in %s has a place', async (name) => {
    const documents = await readSample(sample(name))
    const bare = documents
      .flatMap(({ fields, headers }) => [...fields, ...headers])
      .flatMap((field) =>
        Object.entries(field)
          .filter(
            ([fact, value]) =>
              !unplaced.has(fact) && value !== null && value !== false && value !== 'unknown',
          )
          .filter(
            ([fact]) => field.provenance[fact] === undefined && field.provenance.requiredWhen === undefined,
          )
          .map(([fact]) => `${field.name} ${fact}`),
      )
    expect(bare).toEqual([])
  })
})

const unplaced = new Set(['confidence', 'provenance', 'needsReview'])

function provenancesIn(value: unknown): readonly Provenance[] {
  if (typeof value !== 'object' || value === null) return []
  if ('words' in value && 'line' in value) return [value as Provenance]
  return Object.values(value).flatMap(provenancesIn)
}

describe('the operation', () => {
  const body = (schema: string) =>
    `{requestBody: {content: {application/x-www-form-urlencoded: {schema: ${schema}}}}, responses: {}}`
  const tokenBody = body('{properties: {grant_type: {type: string}}}')
  const paths = (...entries: readonly string[]) =>
    ['openapi: 3.0.3', 'servers: [{url: https://as.example/base}]', 'paths:', ...entries].join('\n')
  const flow = (url: string) =>
    `components: {securitySchemes: {Other: {$ref: '#/nothing'}, OAuth: {type: oauth2, flows: {clientCredentials: {tokenUrl: '${url}'}}}}}`

  const selections: ReadonlyArray<
    [given: string, document: string, operation: string | undefined, found: readonly (string | null)[]]
  > = [
    [
      'the name of its path',
      paths(`  /v1/oauth2/token: {post: ${tokenBody}}`),
      undefined,
      ['POST /v1/oauth2/token'],
    ],
    [
      'a path with a slash at its end',
      paths(`  /o/token/: {post: ${tokenBody}}`),
      undefined,
      ['POST /o/token/'],
    ],
    [
      'every path that has the name, but for those without a grant',
      paths(
        `  /a/token: {post: ${tokenBody}}`,
        `  /push/token: {post: ${body('{properties: {device: {type: string}}}')}}`,
        `  /b/access_token: {post: ${tokenBody}}`,
        `  /tokens: {post: ${tokenBody}}`,
        `  /c/token: {get: ${tokenBody}}`,
      ),
      undefined,
      ['POST /a/token', 'POST /b/access_token'],
    ],
    [
      'the token URL of a flow, rather than a name',
      paths(`  /login: {post: ${tokenBody}}`, `  /token: {post: ${tokenBody}}`, flow('/login')),
      undefined,
      ['POST /login'],
    ],
    [
      'a token URL with the base path of the server',
      paths(`  /login: {post: ${tokenBody}}`, flow('https://other.example/base/login?x=1')),
      undefined,
      ['POST /login'],
    ],
    [
      'a token URL with variables',
      paths(`  /{tenant}/login: {post: ${tokenBody}}`, flow('https://as.example/common/login')),
      undefined,
      ['POST /{tenant}/login'],
    ],
    [
      'its name, where the token URL is on another path',
      paths(`  /token: {post: ${tokenBody}}`, flow('https://login.example/oauth')),
      undefined,
      ['POST /token'],
    ],
    [
      'a broken neighbour',
      paths(
        `  /x/token: {post: ${body('null')}}`,
        `  /token: {post: ${tokenBody}}`,
        '  /y: {$ref: nowhere.yaml}',
      ),
      undefined,
      ['POST /token'],
    ],
    ['its operationId', paths('  /x: {get: {operationId: one, responses: {}}}'), 'one', ['one']],
    ['method and path', paths(`  /x: {get: {}, put: ${tokenBody}}`), 'put /x', ['PUT /x']],
    ['a path with a POST', paths(`  /x: {get: {}, post: ${tokenBody}}`), '/x', ['POST /x']],
    ['a path with one operation', paths('  /x: {delete: {responses: {}}}'), '/x', ['DELETE /x']],
  ]

  test.each(selections)('is found by %s', async (_given, text, operation, found) => {
    const documents = await readOpenApi({ file: 'api.yaml', text }, { operation })
    expect(documents.map((document) => document.operation)).toEqual(found)
  })

  const many = Array.from({ length: 25 }, (_, index) => `  /x${index}: {get: {operationId: x${index}}}`)
  const listed = Array.from({ length: 20 }, (_, index) => `\n  GET /x${index}  x${index}`).join('')

  test('that is not found is asked for, with those that there are', async () => {
    expect(await refusalOf(paths(...many))).toBe(
      'api.yaml:1: expected an operation that a token is asked for: one that is the token URL of an oauth2 flow, or a POST ' +
        `whose path ends in "token" and whose body has grant_type; name it with --operation; it has${listed}\n  and 5 more`,
    )
  })

  test('that is named and not there is answered with those that there are', async () => {
    expect(await refusalOf(paths(...many), { operation: 'nope' })).toBe(
      `api.yaml:1: expected --operation to name an operation of this document, received "nope"; it has${listed}\n  and 5 more`,
    )
  })
})

describe('the client authentication', () => {
  const secret = 'client_id: {type: string}, client_secret: {type: string}'
  const assertion = 'client_assertion: {type: string}, client_assertion_type: {type: string}'
  const cases: ReadonlyArray<
    [
      given: string,
      fields: string,
      operation: string,
      document: string,
      methods: unknown,
      review: readonly string[],
    ]
  > = [
    ['HTTP Basic', '', 'security: [{Basic: []}]', '', ['client_secret_basic'], []],
    ['HTTP Basic of the document', '', '', 'security: [{Basic: []}]', ['client_secret_basic'], []],
    [
      'HTTP Basic, or credentials in the body',
      secret,
      '',
      'security: [{Basic: []}, {}]',
      ['client_secret_basic', 'client_secret_post'],
      [],
    ],
    [
      'credentials in the body alone',
      secret,
      'security: []',
      'security: [{Basic: []}]',
      ['client_secret_post'],
      [],
    ],
    ['an assertion', assertion, '', '', ['private_key_jwt'], []],
    ['none, as is said', '', 'security: []', 'security: [{Basic: []}]', ['none'], []],
    [
      'nothing that is said',
      '',
      '',
      '',
      undefined,
      ['the document does not say how the client authenticates'],
    ],
    [
      'the header Authorization as a parameter',
      '',
      'parameters: [{name: Authorization, in: header, description: Basic and the credentials, schema: {type: string}}]',
      '',
      ['client_secret_basic'],
      ['the header `Authorization` is described as a parameter'],
    ],
    [
      'other schemes, which are left to a person',
      '',
      'security: [{Key: []}, {Bearer: []}, {Gone: []}]',
      '',
      undefined,
      [
        'the request asks for the security scheme `Key` (apiKey), which is no client authentication that is known',
        'the request asks for the security scheme `Bearer` (http bearer), which is no client authentication that is known',
        'the security scheme `Gone` is not in the document',
        'the document does not say how the client authenticates',
      ],
    ],
  ]

  test.each(cases)('is %s', async (_given, fields, operation, document, methods, needsReview) => {
    const text = [
      'openapi: 3.0.3',
      document,
      'components: {securitySchemes: {Basic: {type: http, scheme: Basic}, Bearer: {type: http, scheme: bearer}, Key: {type: apiKey}}}',
      'paths:',
      '  /token:',
      '    post:',
      `      ${operation}`,
      '      requestBody:',
      '        content:',
      `          application/x-www-form-urlencoded: {schema: {properties: {grant_type: {type: string}, ${fields}}}}`,
    ].join('\n')
    const [request] = await readOpenApi({ file: 'api.yaml', text })
    expect([request?.wire.clientAuthentication?.value, request?.needsReview]).toEqual([methods, needsReview])
  })
})

describe('a text', () => {
  const texts: ReadonlyArray<[given: string, text: string, isOpenApiDocument: boolean]> = [
    ['YAML', 'openapi: 3.0.0\npaths: {}\n', true],
    [
      'YAML with its version last, comments and marks',
      '# c\n%YAML 1.2\n---\ninfo: {}\n"openapi": 3.1.0\n',
      true,
    ],
    ['Swagger', "swagger: '2.0'\n", true],
    ['JSON on one line', '{"info":{},"openapi":"3.0.0"}', true],
    ['JSON that breaks off', '{"openapi": "3.0.0",', true],
    ['YAML with a byte order mark', '\uFEFFopenapi: 3.0.0\r\npaths: {}\r\n', true],
    ['a Markdown page', '# Title\n\n| Field | Type |\n', false],
    ['a page that shows a document', 'Note: see below\n\n```yaml\nopenapi: 3.0.0\n```\n', false],
    ['a page with front matter', '---\ntitle: x\n---\n\n# Title\n\nopenapi: 3.0.0\n', false],
    ['other YAML', 'a: 1\n', false],
    ['nothing', '', false],
  ]

  test.each(texts)('%s is told apart', (_given, text, isOpenApiDocument) => {
    expect(isOpenApi(text)).toBe(isOpenApiDocument)
  })
})

describe('the vendors’ documents, where they are there (skipped where they are not)', () => {
  const moov = '../shared/openapi/moov-token.openapi.yaml'
  const prove = '../shared/openapi/prove-token.reconstructed.openapi.yaml'

  test.skipIf(!existsSync(moov))('of Moov', async () => {
    const documents = await readSample(moov)
    const [request] = documents
    expect({
      fields: request?.fields.map(({ name, type, required, allowedValues }) => [
        name,
        type,
        required,
        allowedValues,
      ]),
      wire: told(request?.wire),
      headers: request?.headers.map(({ wireName, required }) => [wireName, required]),
      answers: documents
        .slice(1)
        .map(({ role, status, model, fields, headers }) => [
          role,
          status,
          model,
          fields.map(({ name, required }) => `${name}${required ? '!' : ''}`).join(' '),
          headers.map(({ wireName, required }) => `${wireName}${required ? '!' : ''}`).join(' '),
        ]),
      needsReview: documents.flatMap(({ needsReview }) => needsReview),
    }).toEqual({
      fields: [
        ['grant_type', 'string', true, ['client_credentials', 'refresh_token']],
        ['client_id', 'string', false, null],
        ['client_secret', 'string', false, null],
        ['scope', 'string', false, null],
        ['refresh_token', 'string', false, null],
      ],
      wire: {
        servers: ['https://api.moov.io'],
        method: 'POST',
        path: '/oauth2/token',
        contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
        clientAuthentication: ['client_secret_basic', 'client_secret_post'],
      },
      headers: [['x-moov-version', false]],
      answers: [
        [
          'reply',
          200,
          'AuthToken',
          'token_type! access_token! refresh_token! expires_in! scope!',
          'x-request-id!',
        ],
        ['refusal', 400, 'GenericError', 'error!', 'x-request-id!'],
        ['refusal', 422, 'AuthTokenRequestError', 'scope refresh_token', 'x-request-id!'],
        ['refusal', 429, 'createAccessToken 429', '', 'x-request-id!'],
        ['refusal', 500, 'createAccessToken 500', '', 'x-request-id!'],
        ['refusal', 504, 'createAccessToken 504', '', 'x-request-id!'],
      ],
      needsReview: [],
    })
  })

  test.skipIf(!existsSync(moov))('of Moov, another operation by its name', async () => {
    const documents = await readSample(moov, { operation: 'revokeAccessToken' })
    expect(documents.map(({ role, status, model, fields }) => [role, status, model, fields.length])).toEqual([
      ['request', null, 'RevokeTokenRequest', 4],
      ['reply', 204, 'revokeAccessToken 204', 0],
      ['refusal', 400, 'GenericError', 1],
      ['refusal', 422, 'RevokeTokenRequestError', 2],
      ['refusal', 429, 'revokeAccessToken 429', 0],
      ['refusal', 500, 'revokeAccessToken 500', 0],
      ['refusal', 504, 'revokeAccessToken 504', 0],
    ])
  })

  test.skipIf(!existsSync(prove))('of Prove', async () => {
    const documents = await readSample(prove)
    const [request] = documents
    expect({
      fields: request?.fields.map(({ name, type, required, example }) => [name, type, required, example]),
      wire: told(request?.wire),
      answers: documents
        .slice(1)
        .map(({ role, status, model, fields, usage }) => [
          role,
          status,
          model,
          fields.map(({ name, required }) => `${name}${required ? '!' : ''}`).join(' '),
          usage.map(({ values }) => values),
        ]),
      needsReview: documents.flatMap(({ needsReview }) => needsReview),
    }).toEqual({
      fields: [
        ['client_id', 'string', true, 'customer_id'],
        ['client_secret', 'string', true, 'secret'],
        ['grant_type', 'string', true, 'client_credentials'],
      ],
      wire: {
        servers: [
          'https://platform.uat.proveapis.com',
          'https://platform.proveapis.com',
          'https://platform.uat.eu.proveapis.com',
          'https://platform.eu.proveapis.com',
        ],
        method: 'POST',
        path: '/token',
        contentTypes: ['application/x-www-form-urlencoded'],
        clientAuthentication: ['client_secret_post'],
      },
      answers: [
        [
          'reply',
          200,
          'V3TokenResponse',
          'access_token! expires_in! refresh_expires_in refresh_token token_type!',
          [],
        ],
        ['refusal', 400, 'Error', 'code message!', [{ code: '1001', message: 'invalid request' }]],
        ['refusal', 401, 'Error', 'code message!', [{ code: '8002', message: 'not authorized' }]],
        ['refusal', 500, 'Error', 'code message!', [{ code: '1000', message: 'error occurred' }]],
      ],
      needsReview: [],
    })
  })
})
