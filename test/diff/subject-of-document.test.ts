// What a page and an OpenAPI document become as sides of a diff, and how both stand beside a variant.
import { describe, expect, test } from 'vitest'
import { compare } from '../../src/diff/compare.ts'
import { subjectsOfDocuments } from '../../src/diff/subject-of-document.ts'
import { subjectOfVariant } from '../../src/diff/subject-of-variant.ts'
import type { ImportedDocument, ImportedField, Provenance } from '../../src/import/imported.ts'
import { findVariant } from '../../src/service/lookup.ts'
import { services } from '../../src/services/services.ts'

const file = 'acme/token-request.md'
const at = (line: number, words: string): Provenance => ({ file, line, words })

function importedField(name: string, wireName: string, facts: Partial<ImportedField> = {}): ImportedField {
  return {
    name,
    wireName,
    confidence: 'high',
    type: 'string',
    notation: '*string*',
    isOptionalType: false,
    items: null,
    model: null,
    required: true,
    requiredWhen: null,
    allowedValues: null,
    example: null,
    default: null,
    description: null,
    pattern: null,
    minLength: null,
    maxLength: null,
    isSpaceDelimited: false,
    httpBasic: null,
    notSupported: false,
    deprecated: false,
    provenance: { name: at(9, `\`${name}\``) },
    needsReview: [],
    ...facts,
  }
}

function page(facts: Partial<ImportedDocument> = {}): ImportedDocument {
  return {
    file,
    format: 'markdown',
    model: 'TokenRequest',
    role: 'request',
    language: 'Go',
    description: null,
    version: null,
    fields: [],
    values: null,
    operation: null,
    wire: { servers: null, method: null, path: null, contentTypes: null, clientAuthentication: null },
    status: null,
    headers: [],
    contradictions: [],
    usage: [],
    provenance: at(1, '# TokenRequest'),
    needsReview: [],
    ...facts,
  }
}

const grantType = importedField('GrantType', 'grant_type', { allowedValues: ['client_credentials'] })
const goFields = [
  importedField('ClientID', 'client_id'),
  importedField('ClientSecret', 'client_secret'),
  grantType,
]

describe('a document as a subject', () => {
  test('a page keeps names, notations and provenance, and leaves open what it does not say', () => {
    const required = at(9, 'Required when `grant_type` is `refresh_token`.')
    const fields = [
      importedField('Token', 'token', {
        confidence: 'medium',
        required: false,
        requiredWhen: { parameter: 'grant_type', value: 'refresh_token' },
        example: 12,
        provenance: { name: at(9, '`Token`'), requiredWhen: required },
      }),
    ]
    expect(subjectsOfDocuments([page({ fields })])).toEqual([
      {
        origin: 'page',
        page: 'acme/token-request.md',
        label: 'acme/token-request.md TokenRequest',
        model: 'TokenRequest',
        language: 'Go',
        version: null,
        method: null,
        path: null,
        contentTypes: null,
        clientAuthentication: null,
        request: [
          {
            wireName: 'token',
            confidence: 'medium',
            sdkName: 'Token',
            notation: '*string*',
            type: 'string',
            isOptionalType: false,
            required: { grantTypes: ['refresh_token'] },
            allowedValues: null,
            pattern: null,
            minLength: null,
            maxLength: null,
            example: '12',
            description: null,
            notSupported: false,
            deprecated: false,
            provenance: at(9, '`Token`'),
            factProvenance: { name: at(9, '`Token`'), requiredWhen: required, required },
          },
        ],
        requestHeaders: null,
        reply: null,
        headers: null,
        refusals: null,
      },
    ])
  })

  const conditions: ReadonlyArray<
    readonly [title: string, facts: Partial<ImportedField>, required: unknown, description: string | null]
  > = [
    ['required', { required: true }, 'always', null],
    ['optional', { required: false }, 'never', null],
    ['not said', { required: null }, null, null],
    [
      'required for a grant, under the name that the page has for it',
      { required: false, requiredWhen: { parameter: 'grantType', value: 'password' } },
      { grantTypes: ['password'] },
      null,
    ],
    [
      'required for the value of another parameter',
      { required: false, requiredWhen: { parameter: 'mode', value: 'strict' }, description: 'The key.' },
      { parameter: 'mode', value: 'strict' },
      'The key.',
    ],
  ]
  test.each(conditions)('a field that is %s', (_title, facts, required, description) => {
    const [subject] = subjectsOfDocuments([page({ fields: [importedField('Key', 'key', facts)] })])
    expect([subject?.request[0]?.required, subject?.request[0]?.description]).toEqual([required, description])
  })

  test('the reply of a page is the model that is named after the request; refusals say their status', () => {
    const documents = [
      page(),
      page({ model: 'TokenResponse', role: 'reply', fields: [importedField('AccessToken', 'access_token')] }),
      page({ model: 'UserResponse', role: 'reply' }),
      page({ model: 'Error401', role: 'refusal' }),
      page({ model: 'Failure', role: 'refusal' }),
      page({ model: 'GrantType', role: 'values', values: ['password'] }),
      page({ file: 'acme/other.md', model: 'OtherRequest' }),
    ]
    const subjects = subjectsOfDocuments(documents)
    expect(
      subjects.map(({ label, reply, refusals }) => [
        label,
        reply?.map(({ wireName }) => wireName),
        refusals?.map(({ name, status }) => [name, status]),
      ]),
    ).toEqual([
      [
        'acme/token-request.md TokenRequest',
        ['access_token'],
        [
          ['401', 401],
          ['Failure', null],
        ],
      ],
      ['acme/other.md OtherRequest', undefined, undefined],
    ])
  })

  test('the replies of an operation belong to its requests, of which each media type has one', () => {
    const operation = (id: string, facts: Partial<ImportedDocument>) =>
      page({ format: 'openapi', language: null, operation: id, ...facts })
    const fact = <T>(value: T) => ({ value, provenance: at(1, 'post') })
    const wireOf = (type: 'application/json' | 'application/x-www-form-urlencoded') => ({
      servers: null,
      method: fact('POST'),
      path: fact('/token'),
      contentTypes: fact([type] as const),
      clientAuthentication: fact(['client_secret_post', 'client_secret_basic'] as const),
    })
    const subjects = subjectsOfDocuments([
      operation('createToken', { wire: wireOf('application/json'), fields: [grantType] }),
      operation('createToken', { wire: wireOf('application/x-www-form-urlencoded') }),
      operation('createToken', { role: 'reply', status: 201, model: 'Created' }),
      operation('createToken', {
        role: 'reply',
        status: 200,
        headers: [importedField('x-request-id', 'x-request-id')],
      }),
      operation('createToken', { role: 'refusal', status: 400 }),
      operation('other', { role: 'refusal', status: 500 }),
    ])
    expect(subjects.map(({ label }) => label)).toEqual([
      'acme/token-request.md createToken application/json',
      'acme/token-request.md createToken application/x-www-form-urlencoded',
    ])
    expect(
      subjects.map((subject) => [
        subject.origin,
        subject.path?.values,
        subject.clientAuthentication?.values,
        subject.request.map(({ sdkName, notation }) => [sdkName, notation]),
        subject.headers?.map(({ wireName }) => wireName),
        subject.refusals?.map(({ name }) => name),
      ]),
    ).toEqual([
      [
        'openapi',
        ['/token'],
        ['client_secret_basic', 'client_secret_post'],
        [[null, null]],
        ['x-request-id'],
        ['400'],
      ],
      ['openapi', ['/token'], ['client_secret_basic', 'client_secret_post'], [], ['x-request-id'], ['400']],
    ])
  })

  const alone: ReadonlyArray<
    readonly [title: string, document: ImportedDocument, filled: readonly string[]]
  > = [
    ['a reply', page({ role: 'reply', fields: goFields }), ['reply']],
    ['a refusal', page({ role: 'refusal', model: 'Error400', fields: goFields }), ['refusals']],
    ['a model of no known role', page({ role: 'other', fields: goFields }), ['request']],
    ['a list of values', page({ role: 'values', values: ['a'] }), []],
  ]
  test.each(alone)('a file of nothing but %s is compared by it', (_title, document, filled) => {
    const [subject] = subjectsOfDocuments([document])
    const parts = [
      ['request', subject?.request],
      ['reply', subject?.reply],
      ['refusals', subject?.refusals],
    ] as const
    expect(parts.filter(([, part]) => part != null && part.length > 0).map(([name]) => name)).toEqual(filled)
  })
})

describe('a page beside a variant', () => {
  const [asPage] = subjectsOfDocuments([page({ model: 'V3TokenRequest', fields: goFields })])
  const asVariant = (id: string) => {
    const { service, variant } = findVariant(services, id)
    return subjectOfVariant(service, variant)
  }

  test('that was read from it differs in nothing', () => {
    expect(asPage && compare(asPage, asVariant('prove/go-0.9.0'))).toEqual({
      before: 'acme/token-request.md V3TokenRequest',
      after: 'prove/go-0.9.0',
      changes: [],
      verdict: null,
      notCompared: [
        'acme/token-request.md V3TokenRequest does not say: the client authentication',
        'acme/token-request.md V3TokenRequest does not say: the content type',
        'acme/token-request.md V3TokenRequest does not say: the example of client_id, client_secret',
        'acme/token-request.md V3TokenRequest does not say: the header fields of the reply',
        'acme/token-request.md V3TokenRequest does not say: the method',
        'acme/token-request.md V3TokenRequest does not say: the path',
        'acme/token-request.md V3TokenRequest does not say: the refusals',
        'acme/token-request.md V3TokenRequest does not say: the reply',
        'prove/go-0.9.0 does not say: the type in code of client_id, client_secret, grant_type',
      ],
    })
  })

  test('whose wire is another is told apart, with a word on how the name of the page was had', () => {
    const changes = asPage === undefined ? [] : compare(asPage, asVariant('prove/go-0.11.0')).changes
    expect(changes.map(({ sentence, reason }) => [sentence, reason])).toEqual(
      [
        ['client_id', 'ClientID'],
        ['client_secret', 'ClientSecret'],
        ['grant_type', 'GrantType'],
      ].map(([undone, certain]) => [
        `${undone} is called ${certain} on the wire.`,
        'Clients still use the old name on the wire, and the other side does not know it.' +
          ` The page's wire name ${undone} is undone from ${certain}, with high confidence.`,
      ]),
    )
  })

  test('two equal pages differ in nothing, though the wire of their releases does', () => {
    const [again] = subjectsOfDocuments([
      page({ model: 'V3TokenRequest', fields: structuredClone(goFields) }),
    ])
    expect(asPage && again && compare(asPage, again).changes).toEqual([])
  })
})
