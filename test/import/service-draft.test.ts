// Documents to a service: what the pages say, what is stated, and what stands in and is said to.
import { describe, expect, test } from 'vitest'
import { tokenFetch } from '../../src/host/fetch.ts'
import type { ImportedDocument } from '../../src/import/imported.ts'
import { draftService } from '../../src/import/service-draft.ts'
import type { StatedFacts } from '../../src/import/stated.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { document, fact, field, loginFields } from './imported-documents.ts'

const read = '2026-01-31'
const source = (
  documents: readonly ImportedDocument[],
  stated: StatedFacts = {},
  file = 'tokenrequest.md',
) => ({
  file,
  read,
  stated,
  documents,
})
const draft = (documents: readonly ImportedDocument[], stated: StatedFacts = {}) =>
  draftService([source(documents, stated)], { id: 'acme' })

const request = document({ fields: loginFields })
const everything: StatedFacts = {
  path: '/oauth/token',
  contentTypes: ['application/json'],
  clientAuthentication: ['client_secret_post'],
  servers: ['https://api.acme.example/'],
  version: '0.2.1',
}
const reply = document({
  role: 'reply',
  model: 'TokenReply',
  fields: [
    field('access_token'),
    field('expires_in', { type: 'integer', example: 900 }),
    field('token_type', { allowedValues: ['Bearer'] }),
    field('refresh_token', { required: false, notSupported: true }),
  ],
})

describe('a drafted service', () => {
  test('says what the pages say and what is stated, and leaves nothing open then', () => {
    const { service, needsReview } = draft([request, reply, refusal(400)], everything)
    const [variant] = service.variants
    expect(needsReview).toEqual([])
    expect([service.id, service.title, service.servers]).toEqual([
      'acme',
      'Acme',
      ['https://api.acme.example'],
    ])
    expect(service.endpoints).toEqual({ token: { kind: 'token', path: '/oauth/token' } })
    expect(variant).toEqual({
      id: 'acme/go-0.2.1',
      document: {
        sdk: 'Acme Go SDK',
        language: 'Go',
        version: '0.2.1',
        versions: '0.2.1',
        model: 'TokenRequest',
        source: { document: 'Acme Go SDK 0.2.1, tokenrequest.md', read },
      },
      documentedNames: { grant_type: 'GrantType', client_id: 'ClientID', client_secret: 'ClientSecret' },
      endpoint: 'token',
      contentTypes: ['application/json'],
      request: {
        oneOf: [
          {
            type: 'object',
            properties: {
              grant_type: { const: 'client_credentials' },
              client_id: { type: 'string', minLength: 1, examples: ['acme-id'] },
              client_secret: { type: 'string', minLength: 1, examples: ['acme-secret'] },
            },
            required: ['grant_type', 'client_id', 'client_secret'],
            additionalProperties: false,
          },
        ],
      },
      reply: {
        schema: {
          type: 'object',
          properties: {
            access_token: { type: 'string' },
            expires_in: { type: 'integer' },
            token_type: { const: 'Bearer' },
            refresh_token: { type: 'string' },
          },
          required: ['access_token', 'expires_in', 'token_type'],
        },
        members: { client_credentials: ['access_token', 'expires_in', 'token_type'] },
        source: { document: 'tokenrequest.md, TokenReply', read },
      },
    })
    expect(service.tokens.accessTokenLifetimeSeconds).toBe(900)
    expect(service.clients).toEqual([{ client_id: 'acme-id', client_secret: 'acme-secret' }])
  })

  test('says of everything that stands in that it does, and by which flag it is stated', () => {
    const label = 'tokenrequest.md, TokenRequest'
    expect(draft([request]).needsReview).toEqual([
      `${label}: the content type is not documented; application/x-www-form-urlencoded stands in. State it with --content-type.`,
      `${label}: how a client authenticates is not documented; client_secret_post stands in. State it with --auth.`,
      `${label}: the path is not documented; /token stands in. State it with --path.`,
      `${label}: the version is not documented. State it with --sdk-version.`,
      `${label}: no page shows the reply; that of RFC 6749 §5.1 stands in.`,
      'The server is not documented; https://acme.example stands in. State it with --server.',
      'Undocumented, and our choice: how long an access token lives.',
      'No page documents the refusals; those of RFC 6749 §5.2 stand in.',
    ])
  })

  test.each([
    ['/../x', '/x'],
    ['/a/./b/../c', '/a/c'],
    ['/tökén', '/t%C3%B6k%C3%A9n'],
  ])('has the path %s as a client sends it', (path, sent) => {
    expect(draft([request], { path }).service.endpoints).toEqual({ token: { kind: 'token', path: sent } })
  })

  test('says when what is stated is not what the page says', () => {
    const wire = { ...request.wire, path: fact('/v3/token') }
    const { service, needsReview } = draft([{ ...request, wire }, reply, refusal(400)], everything)
    expect(service.endpoints).toEqual({ token: { kind: 'token', path: '/oauth/token' } })
    expect(needsReview).toEqual([
      'tokenrequest.md, TokenRequest: --path states /oauth/token, the page says /v3/token.',
    ])
  })

  test.each<[sentence: string, statuses: readonly ImportedDocument[], refusals: object]>([
    ['none is documented', [], rfc6749.refusals],
    [
      'a status is, with an example',
      [
        refusal(400, [
          field('code', { type: 'integer', example: 1001 }),
          field('message', { example: 'no' }),
        ]),
      ],
      Object.fromEntries(
        [
          'invalid_request',
          'invalid_grant',
          'unauthorized_client',
          'unsupported_grant_type',
          'invalid_scope',
        ].map((name) => [name, { status: 400, body: { code: 1001, message: 'no' } }]),
      ),
    ],
    [
      'a status has the codes of RFC 6749',
      [refusal(401, [field('error'), field('error_description', { required: false })])],
      { invalid_client: { status: 401, body: { error: 'invalid_client' } } },
    ],
    ['a status has no body', [refusal(401, [])], { invalid_client: { status: 401 } }],
    ['of a status that no rule names', [refusal(451, [])], { status_451: { status: 451 } }],
    [
      'a 422 maps parameters to what is wrong with them',
      [
        refusal(422, [
          field('client_id', { required: false }),
          field('client_secret', { example: 'give it' }),
        ]),
      ],
      {
        missing_client_id: { status: 422, body: { client_id: 'is required' } },
        missing_client_secret: { status: 422, body: { client_secret: 'give it' } },
      },
    ],
  ])(
    'has the refusals of the pages, and those of RFC 6749 for the rest: %s',
    (_sentence, documents, refusals) => {
      const fields = [...loginFields, field('scope', { required: false })]
      expect(draft([{ ...request, fields }, reply, ...documents]).service.refusals).toEqual({
        ...rfc6749.refusals,
        ...refusals,
      })
    },
  )

  test.each<[key: string, pointer: string, statuses: readonly number[]]>([
    ['default', '/paths/~1token/post/responses/default', [400, 401, 404, 405, 413, 415, 429, 500, 504]],
    ['4XX', '/paths/~1token/post/responses/4XX', [400, 401, 404, 405, 413, 415, 429]],
    ['5xx', '/paths/~1token/post/responses/5xx/content/application~1json', [500, 504]],
  ])('has the body of a refusal without a status (%s), where no other has it', (key, pointer, statuses) => {
    const open = {
      ...refusal(400, [field('error'), field('code', { type: 'integer', example: 7 })]),
      model: 'Problem',
      status: null,
      provenance: { file: 'api.yaml', pointer, words: key },
    }
    const { service, needsReview } = draft([request, reply, open, refusal(401, [field('reason')])])
    const changed = Object.entries(service.refusals).filter(
      ([name, { status, body }]) => status !== 401 && body?.code === 7 && name !== 'invalid_client',
    )
    expect([...new Set(changed.map(([, { status }]) => status))].sort()).toEqual(
      statuses.filter((status) => status !== 401),
    )
    expect(service.refusals.invalid_client).toEqual({ status: 401, body: { reason: 'example reason' } })
    expect(needsReview).toContain(
      `tokenrequest.md, Problem: it names no status (${key}); its body was taken for ${statuses.join(', ')}, as far as no page documents them.`,
    )
  })

  test('says how a client authenticates that shows an assertion, and what stands in for it', () => {
    const fields = [
      ...loginFields.slice(0, 2),
      field('client_assertion_type', {
        allowedValues: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
      }),
      field('client_assertion'),
    ]
    const { service, needsReview } = draft([{ ...request, fields }, reply, refusal(400)], {
      ...everything,
      clientAuthentication: undefined,
    })
    const label = 'tokenrequest.md, TokenRequest'
    const optional = (name: string) =>
      `${label}: ${name} is required in the body, and a client authenticates otherwise too (client_secret_basic, private_key_jwt); it is written as optional.`
    expect(service.clientAuthentication.methods).toEqual(['client_secret_basic', 'private_key_jwt'])
    expect(service.variants[0].request.oneOf[0].required).toEqual(['grant_type'])
    expect(needsReview).toEqual([
      `${label}: contracts and verification show secrets alone, and no assertion (private_key_jwt); client_secret_basic stands in beside it.`,
      optional('ClientID'),
      optional('client_assertion_type'),
      optional('client_assertion'),
    ])
  })

  test('has a rule for each parameter that a 422 names', () => {
    const { rules } = draft([request, refusal(422, [field('client_id')])]).service
    expect(rules).toEqual({
      'acme-client-id-required': {
        sentence: 'client_id is required.',
        source: { document: 'tokenrequest.md, Error422, 422', read },
        refusal: 'missing_client_id',
        when: { parameter: 'client_id', keyword: 'required' },
      },
    })
  })

  test('promises the header fields that are always there, and sends them', () => {
    const uuid = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    const headers = [
      field('x-request-id', { pattern: uuid }),
      field('x-region', { allowedValues: ['eu', 'us'] }),
      field('x-trace', { required: false }),
    ]
    const { service } = draft([request, { ...reply, headers }])
    expect(service.variants[0].reply.headers).toEqual({
      'x-request-id': { pattern: uuid, example: '00000000-0000-4000-8000-000000000000' },
      'x-region': { pattern: '^(eu|us)$', example: 'eu' },
    })
    expect(service.replyHeaders).toEqual({
      'cache-control': 'no-store',
      'x-request-id': '{uuid}',
      'x-region': 'eu',
    })
  })

  test('has a variant per page, an endpoint per path, and client authentication of its own where it differs', () => {
    const sources = [
      source([request], { ...everything, version: '0.2.1' }, 'a.md'),
      source(
        [request],
        { ...everything, version: '0.3.0', path: '/v3/token', clientAuthentication: [] },
        'b.md',
      ),
      source(
        [{ ...request, language: 'C#' }],
        { ...everything, version: '1.0.0', path: '/v3/token' },
        'c.md',
      ),
    ]
    const { endpoints, variants } = draftService(sources, { id: 'acme' }).service
    expect(endpoints).toEqual({
      token: { kind: 'token', path: '/oauth/token' },
      v3_token: { kind: 'token', path: '/v3/token' },
    })
    expect(
      variants.map(({ id, endpoint, clientAuthentication }) => [id, endpoint, clientAuthentication?.methods]),
    ).toEqual([
      ['acme/go-0.2.1', 'token', undefined],
      ['acme/go-0.3.0', 'v3_token', []],
      ['acme/csharp-1.0.0', 'v3_token', undefined],
    ])
  })

  test('has the version that its document states, unless another is stated', () => {
    const { version, ...others } = everything
    const versionOf = (stated: StatedFacts) =>
      draft([{ ...request, version: '3.1.0' }, reply, refusal(400)], stated)
    expect(versionOf(others).needsReview).toEqual([])
    expect(versionOf(others).service.variants.map(({ id, document }) => [id, document.version])).toEqual([
      ['acme/go', '3.1.0'],
    ])
    expect(versionOf({ ...others, version }).service.variants[0].document.version).toBe('0.2.1')
  })

  test('has the client of a whole request that its document shows', () => {
    const fields = loginFields.map((each) => ({ ...each, name: each.wireName, example: null }))
    const values = { grant_type: 'client_credentials', client_id: 'my-id', client_secret: 'my-secret' }
    const usage = [{ language: 'json', code: '', values, provenance: request.provenance }]
    const clientsOf = (format: 'openapi' | 'markdown') =>
      draft([{ ...request, format, fields, usage }], everything).service.clients
    expect(clientsOf('openapi')).toEqual([{ client_id: 'my-id', client_secret: 'my-secret' }])
    expect(clientsOf('markdown')).toEqual([
      { client_id: 'example-client-id', client_secret: 'example-client-secret' },
    ])
  })

  test('says of a server that is no base URL that it is none, without its credentials', () => {
    const wire = { ...request.wire, servers: fact(['https://me:secret@api.acme.example/v1?key=secret']) }
    expect(draft([{ ...request, wire }], { ...everything, servers: undefined }).needsReview).toContain(
      'No address of a server: https://****@api.acme.example/v1?****. State it with --server.',
    )
  })

  test('says what is open of the reply', () => {
    const open = { ...reply, needsReview: ['`2XX` stands for several statuses'] }
    expect(draft([request, open, refusal(400)], everything).needsReview).toEqual([
      'tokenrequest.md, TokenReply: `2XX` stands for several statuses',
    ])
  })

  test('takes the reply of its own language', () => {
    const replyIn = (language: string, model: string) => ({ ...reply, language, model })
    const documents = [request, { ...request, language: 'Java' }, replyIn('Java', 'J'), replyIn('Go', 'G')]
    const sources = documents.map((each, index) => source([each], everything, `${index}.md`))
    const { variants } = draftService(sources, { id: 'acme' }).service
    expect(variants.map(({ reply }) => reply.source.document)).toEqual([
      'tokenrequest.md, G',
      'tokenrequest.md, J',
    ])
  })

  test('says when two variants have one request and two replies', () => {
    const other = { ...reply, fields: reply.fields.slice(0, 3) }
    const sources = [
      source([request, reply], everything, 'a.md'),
      source([request, other], { ...everything, version: '0.3.0' }, 'b.md'),
    ]
    expect(draftService(sources, { id: 'acme' }).needsReview).toContain(
      'acme/go-0.2.1 and acme/go-0.3.0 have one request and two replies; say of one that it is served when_named.',
    )
  })

  test('spells a standard parameter as the page does', () => {
    const fields = [
      field('grantType', { allowedValues: ['client_credentials'] }),
      field('clientId'),
      field('clientSecret'),
    ]
    const [variant] = draft([{ ...request, fields }]).service.variants
    expect(variant.wireNames).toEqual({
      grant_type: 'grantType',
      client_id: 'clientId',
      client_secret: 'clientSecret',
    })
  })

  test('takes both places for credentials from a page that names both', () => {
    const fields = loginFields.map((each) => {
      if (each.wireName === 'grant_type') return each
      const httpBasic = each.wireName === 'client_id' ? ('username' as const) : ('password' as const)
      const place = { file: 'acme/tokenrequest.md', line: 9, words: 'or as HTTP Basic' }
      return { ...each, required: false, httpBasic, provenance: { httpBasic: place } }
    })
    const { service } = draft([{ ...request, fields }])
    expect(service.clientAuthentication.methods).toEqual(['client_secret_post', 'client_secret_basic'])
  })

  test('grants a token to the client of the page, and refuses another', async () => {
    const { service } = draft(
      [request, reply, refusal(401, [field('reason', { example: 'bad login' })])],
      everything,
    )
    const handle = tokenFetch({ services: [service] })
    const ask = async (client_secret: string) => {
      const body = JSON.stringify({ grant_type: 'client_credentials', client_id: 'acme-id', client_secret })
      const headers = { 'content-type': 'application/json' }
      const response = await handle(
        new Request('https://mock.example/oauth/token', { method: 'POST', headers, body }),
      )
      return [response.status, await response.json()]
    }
    expect(await ask('acme-secret')).toEqual([
      200,
      { access_token: expect.any(String), expires_in: 900, token_type: 'Bearer' },
    ])
    expect(await ask('wrong')).toEqual([401, { reason: 'bad login' }])
  })

  test.each<[sentence: string, run: () => unknown, message: string]>([
    [
      'pages without a request',
      () => draft([reply]),
      'acme/tokenrequest.md: expected a token request, received TokenReply (reply); next: give the page of the request too',
    ],
    [
      'a path that is none',
      () => draft([request], { path: 'token?x=1' }),
      'acme/tokenrequest.md: expected a path that begins with /, without ? and #, received "token?x=1"; next: state it with --path',
    ],
    [
      'a path that leads to another host',
      () => draft([request], { path: '//evil.example/token' }),
      'acme/tokenrequest.md: expected a path that begins with /, without ? and #, received "//evil.example/token"; next: state it with --path',
    ],
    [
      'one name for two requests',
      () => draft([request, { ...request, model: 'Other' }], { variant: 'login' }),
      'expected one request for the variant "login", received 2 in tokenrequest.md: TokenRequest, Other',
    ],
  ])('refuses %s', (_sentence, run, message) => {
    expect(run).toThrow(message)
  })
})

function refusal(status: number, fields: ImportedDocument['fields'] = [field('error')]): ImportedDocument {
  return document({ role: 'refusal', model: `Error${status}`, status, fields })
}
