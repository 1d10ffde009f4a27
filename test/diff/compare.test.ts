// What is one field under two names, what is left out, and how sure a change is.
import { describe, expect, test } from 'vitest'
import { compare } from '../../src/diff/compare.ts'
import type { ComparedField, Subject } from '../../src/diff/subject.ts'
import { field, grantType, refusal, subject } from './subjects.ts'

type Fields = readonly ComparedField[]

const renames: ReadonlyArray<readonly [title: string, before: Fields, after: Fields, names: string[]]> = [
  ['another casing', [field('client_id')], [field('ClientID')], ['client_id → ClientID']],
  ['a plural', [field('scopes')], [field('scope')], ['scopes → scope']],
  [
    'the same name in code',
    [field('key', { sdkName: 'Key' })],
    [field('api_token', { sdkName: 'Key' })],
    ['key → api_token'],
  ],
  [
    'one word in common, in the same place with the same example',
    [field('api_key', { example: 'k-1' })],
    [field('access_key', { example: 'k-1' })],
    ['api_key → access_key'],
  ],
  [
    'no word in common, but place, prose and example',
    [field('login', { example: 'jdoe', description: 'The name of the user.' })],
    [field('account', { example: 'jdoe', description: 'The name of the user.' })],
    ['login → account'],
  ],
  [
    'one description with one example, in another place and under other words',
    [field('secret', { example: 's', description: 'The secret you got.' }), field('id')],
    [field('id'), field('api_key', { example: 's', description: 'The secret you got.' })],
    ['secret → api_key'],
  ],
  [
    'one word in common is none where prose and example are others',
    [field('device_name', { example: 'phone', description: 'Name of the device.' })],
    [field('device_id', { example: '123', description: 'Identifier of the device.' })],
    [],
  ],
  ['a place alone is no meaning', [field('login')], [field('realm')], []],
  [
    'a place and an example alone are none either',
    [field('login', { example: 'a' })],
    [field('realm', { example: 'a' })],
    [],
  ],
  [
    'two names that RFC 6749 defines are two parameters, whatever is said of them',
    [
      field('password', {
        sdkName: 'Secret',
        example: 's',
        description: 'The secret ID provided to the customer.',
      }),
    ],
    [
      field('client_secret', {
        sdkName: 'Secret',
        example: 's',
        description: 'The secret ID provided to the customer.',
      }),
    ],
    [],
  ],
  [
    'of two that may be meant, the one that has more in common',
    [field('key_id')],
    [field('api_key'), field('keyId')],
    ['key_id → keyId'],
  ],
  [
    'each field is at most one other, the one in the same place',
    [field('key_id'), field('keyID')],
    [field('KeyId')],
    ['key_id → KeyId'],
  ],
]

const sure: ReadonlyArray<readonly [title: string, before: Partial<ComparedField>, note: string]> = [
  ['certain, from a schema', { confidence: 'certain', sdkName: null }, ''],
  [
    'undone by its words alone',
    { confidence: 'medium', sdkName: 'apiKey' },
    " The page's wire name api_key is undone from apiKey, with medium confidence.",
  ],
]

const silences: ReadonlyArray<readonly [title: string, silent: Partial<Subject>, expected: unknown]> = [
  [
    'a page that names no values does not allow any',
    { origin: 'page', label: 'page' },
    { changes: [], notCompared: ['page does not say: the allowed values of key'] },
  ],
  [
    'a schema that names no values allows any',
    { origin: 'openapi', label: 'schema' },
    { changes: ['request-parameter-values-narrowed'], notCompared: [] },
  ],
  [
    'so does a variant',
    { origin: 'variant', label: 'variant' },
    { changes: ['request-parameter-values-narrowed'], notCompared: [] },
  ],
]

describe('a diff', () => {
  test.each(renames)('takes as renamed: %s', (_title, before, after, names) => {
    const { changes } = compare(subject({ request: before }), subject({ request: after }))
    const renamed = changes.filter(({ rule }) => rule === 'request-parameter-renamed')
    expect(renamed.map((change) => `${change.before} → ${change.after}`)).toEqual(names)
  })

  test.each(sure)('says of a rename how sure the name is: %s', (_title, facts, note) => {
    const before = subject({ origin: 'page', request: [field('api_key', facts)] })
    const [change] = compare(before, subject({ request: [field('APIKey')] })).changes
    expect([change?.rule, change?.reason]).toEqual([
      'request-parameter-renamed',
      `Clients still use the old name on the wire, and the other side does not know it.${note}`,
    ])
  })

  test('does not take letters whose words are open for another name', () => {
    const open = field('apikeyid', { confidence: 'low', sdkName: 'APIKEYID' })
    const page = subject({ origin: 'page', label: 'page', request: [open] })
    const { changes, notCompared } = compare(page, subject({ request: [field('api_key_id')] }))
    expect([changes, notCompared]).toEqual([
      [],
      ['page does not say: the words of the wire name of apikeyid'],
    ])
  })

  test.each(silences)('of a silent side: %s', (_title, silent, expected) => {
    const speaking = subject({ request: [field('key', { allowedValues: ['one'] })] })
    const { changes, notCompared } = compare(subject({ ...silent, request: [field('key')] }), speaking)
    expect({ changes: changes.map(({ rule }) => rule), notCompared }).toEqual(expected)
  })

  test('leaves out what one side alone says, fact by fact, and says so', () => {
    const before = subject({
      origin: 'page',
      label: 'one',
      request: [
        field('key', { description: 'The key.', type: 'string', required: 'always' }),
        field('realm', { description: 'The realm.' }),
      ],
      reply: [field('access_token')],
    })
    const after = subject({
      origin: 'page',
      label: 'other',
      request: [field('key'), field('realm', { example: 'eu' })],
    })
    expect(compare(before, after)).toEqual({
      before: 'one',
      after: 'other',
      changes: [],
      verdict: null,
      notCompared: [
        'one does not say: the example of realm',
        'other does not say: the description of key, realm',
        'other does not say: the reply',
        'other does not say: the requirement of key',
        'other does not say: the type of key',
      ],
    })
  })

  test('compares the first of two fields of one name', () => {
    const twice = subject({
      label: 'twice',
      request: [field('key', { type: 'string' }), field('key', { type: 'integer' })],
    })
    const { changes, notCompared } = compare(twice, subject({ request: [field('key', { type: 'string' })] }))
    expect([changes, notCompared]).toEqual([
      [],
      ['twice does not say: which of several fields counts (the first was compared) of key'],
    ])
  })

  test('a subject of replies alone says nothing of the request', () => {
    const reply = subject({ label: 'reply', request: [], reply: [] })
    const { changes, notCompared } = compare(reply, subject({ reply: [] }))
    expect([changes, notCompared]).toEqual([[], ['reply does not say: the request']])
  })

  test('refusals that are known by reason are matched by status with those that are known by it alone', () => {
    const code = field('code', { required: 'always' })
    const message = field('message', { required: 'always' })
    const byReason = subject({
      refusals: [
        { ...refusal(400, [code, message]), name: 'invalid_request 400' },
        { ...refusal(400, [message]), name: 'invalid_scope 400' },
        { ...refusal(401, [message]), name: 'invalid_client 401' },
      ],
    })
    const byStatus = subject({
      refusals: [refusal(400, [{ ...code, required: 'never' }, message]), refusal(429)],
    })
    expect(compare(byReason, byStatus).changes.map(({ rule, subject }) => `${rule} ${subject}`)).toEqual([
      'refusal-removed 401',
      'refusal-added 429',
    ])
  })

  test('refusals of one status say together what each of them says', () => {
    const refused = (reason: string, error: string, facts: Partial<ComparedField> = {}) => ({
      ...refusal(400, [
        field('error', { allowedValues: [error], example: error, required: 'always', ...facts }),
      ]),
      name: `${reason} 400`,
    })
    const byReason = subject({
      refusals: [
        refused('invalid_request', 'invalid_request', { maxLength: 20 }),
        refused('invalid_grant', 'invalid_grant', { maxLength: 30 }),
        { ...refused('invalid_client', 'invalid_client', { maxLength: 30 }), status: 401, orStatus: [400] },
      ],
    })
    const values = ['invalid_request', 'invalid_grant', 'invalid_client']
    const error = field('error', { allowedValues: values, maxLength: 30, required: 'always' })
    const byStatus = subject({ refusals: [refusal(400, [error])] })
    expect([compare(byReason, byStatus), compare(byStatus, byReason)].map(({ changes }) => changes)).toEqual([
      [],
      [],
    ])
  })

  test('a refusal that stands in where no document says one is not compared with one that is said', () => {
    const standIn = { ...refusal(429), name: 'too_many_requests 429', isStandIn: true }
    const service = subject({
      origin: 'variant',
      label: 'service',
      refusals: [standIn, { ...refusal(400), name: 'invalid_request 400' }],
    })
    const document = subject({ refusals: [refusal(400), refusal(429, [field('message')])] })
    const { changes, notCompared } = compare(service, document)
    expect([changes, notCompared]).toEqual([
      [],
      ['service does not say: the refusal, but by what stands in of 429'],
    ])
  })

  test('a parameter that only a new grant requires breaks nobody', () => {
    const before = subject({ request: [grantType('password')] })
    const after = subject({
      request: [
        grantType('password', 'refresh_token'),
        field('refresh_token', { required: { grantTypes: ['refresh_token'] } }),
      ],
    })
    const { changes, verdict } = compare(before, after)
    expect([changes.map(({ rule }) => rule), verdict]).toEqual([
      ['request-parameter-values-widened', 'request-parameter-added-with-grant'],
      'minor',
    ])
  })

  test('quotes the words of a document as they are, placeholders included', () => {
    const before = subject({ request: [field('key', { example: '{after} $& $1' })] })
    const after = subject({ request: [field('key', { example: '{before}' })] })
    expect(compare(before, after).changes.map(({ sentence }) => sentence)).toEqual([
      'key has the example {before}; it had {after} $& $1.',
    ])
  })

  test('finds what each of very many fields was called before, and looks at few', () => {
    const many = (suffix: string) =>
      Array.from({ length: 2000 }, (_, index) =>
        field(`field_${index}_${suffix}`, { description: `What the service has as number ${index}.` }),
      )
    const began = process.cpuUsage()
    const { changes } = compare(subject({ request: many('old') }), subject({ request: many('new') }))
    const { user } = process.cpuUsage(began)
    expect(changes.filter(({ rule }) => rule === 'request-parameter-renamed').length).toBe(2000)
    expect(user / 1_000_000).toBeLessThan(2)
  })

  test('is in the order of areas, of severity, then of subjects', () => {
    const before = subject({
      path: { values: ['/a'], provenance: { file: 'a', words: '/a' } },
      request: [
        field('b', { example: '1' }),
        field('a', { required: 'never' }),
        field('c', { required: 'always' }),
      ],
      reply: [field('z')],
    })
    const after = subject({
      path: { values: ['/b'], provenance: { file: 'b', words: '/b' } },
      request: [
        field('b', { example: '2' }),
        field('a', { required: 'always' }),
        field('c', { required: 'never' }),
      ],
      reply: [],
    })
    expect(
      compare(before, after).changes.map((change) => `${change.verdict} ${change.area} ${change.subject}`),
    ).toEqual([
      'major endpoint path',
      'major request a',
      'minor request c',
      'patch request b',
      'major reply z',
    ])
  })
})
