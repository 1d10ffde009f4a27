// Pages of SDK documentation to documents.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxPageBytes } from '../../src/import/document-size.ts'
import type { ImportedDocument } from '../../src/import/imported.ts'
import { resolveLinkedValues } from '../../src/import/linked-values.ts'
import { readMarkdown } from '../../src/import/markdown.ts'
import { parseMarkdown } from '../../src/import/markdown-tree.ts'
import { TokenwrightError } from '../../src/service/error.ts'
import { forEvery } from '../oauth/properties.ts'
import { factsOf, readPage, silent } from './pages.ts'

const read = (text: string) => readMarkdown({ file: 'page.md', text })
const only = (text: string): ImportedDocument => {
  const [document, ...others] = read(text)
  if (!document || others.length > 0) throw new Error(`expected one document, received ${others.length + 1}`)
  return document
}
const linked = (model: string) => `Import the page of ${model} as well, or say the type: it is another model`
const undone = (name: string, wireName: string) =>
  `Decide the wire name: ${name} was undone to ${wireName}, with medium confidence`

describe('pages in the notations of seven languages', () => {
  test('Go', () => {
    const [page] = readPage('acme-go.md')
    expect([page?.model, page?.role, page?.language, page?.description]).toEqual([
      'LoginRequest',
      'request',
      'Go',
      'What a client of Acme sends to log in.',
    ])
    expect(page?.fields.map(factsOf)).toEqual([
      {
        ...silent,
        name: 'ClientID',
        wireName: 'client_id',
        notation: '*string',
        isOptionalType: true,
        example: 'acme-app',
        description: 'ClientID is the id of the app.',
      },
      {
        ...silent,
        name: 'ClientSecret',
        wireName: 'client_secret',
        notation: '*string',
        isOptionalType: true,
        example: 'acme-secret',
        maxLength: 40,
        description: 'ClientSecret is the secret of the app. Up to 40 characters.',
      },
      {
        ...silent,
        name: 'GrantType',
        wireName: 'grant_type',
        type: 'unknown',
        notation: 'components.GrantType',
        model: 'GrantType',
        required: true,
        example: 'client_credentials',
        description: 'GrantType says how the app logs in.',
        needsReview: [linked('GrantType')],
      },
      {
        ...silent,
        name: 'Scopes',
        wireName: 'scopes',
        confidence: 'medium',
        type: 'array',
        items: 'string',
        notation: '[]string',
        description: 'Scopes of the token.',
        needsReview: [undone('Scopes', 'scopes')],
      },
      {
        ...silent,
        name: 'Labels',
        wireName: 'labels',
        confidence: 'medium',
        type: 'object',
        notation: 'map[string]string',
        notSupported: true,
        description: 'Labels come back with the token. Not currently supported.',
        needsReview: [undone('Labels', 'labels')],
      },
      {
        ...silent,
        name: 'TTLSeconds',
        wireName: 'ttl_seconds',
        confidence: 'medium',
        type: 'integer',
        notation: '*int64',
        isOptionalType: true,
        example: 600,
        default: 900,
        description: 'TTLSeconds is how long the token is good for. Defaults to 900.',
        needsReview: [undone('TTLSeconds', 'ttl_seconds')],
      },
    ])
    const at = (words: string) => ({ file: 'acme-go.md', line: 10, words })
    expect(page?.fields[1]?.provenance).toEqual({
      name: at('`ClientSecret`'),
      wireName: at('`ClientSecret`'),
      type: at('**string*'),
      notation: at('**string*'),
      isOptionalType: at('**string*'),
      required: at(':heavy_minus_sign:'),
      description: at('ClientSecret is the secret of the app. Up to 40 characters.'),
      example: at('acme-secret'),
      maxLength: at('Up to 40 characters.'),
    })
    expect(page?.needsReview).toEqual([
      'Say the method: the page does not determine it',
      'Say the path: the page does not determine it',
      'Say the content type: the page does not determine it',
      'Say how the client authenticates: the page does not determine it',
      'Compare the wire names, which the page does not show: ClientID to client_id (high), ClientSecret to client_secret (high), GrantType to grant_type (high), Scopes to scopes (medium), Labels to labels (medium), TTLSeconds to ttl_seconds (medium)',
    ])
  })

  const pages: readonly (readonly [
    file: string,
    language: string,
    fields: readonly (readonly [
      wireName: string,
      type: string,
      required: boolean | string,
      values?: readonly string[],
    ])[],
    usage: Readonly<Record<string, string>>,
  ])[] = [
    [
      'globex-typescript.md',
      'TypeScript',
      [
        ['grant_type', 'string', true, ['client_credentials', 'refresh_token']],
        ['client_id', 'string', true],
        ['client_secret', 'string', false],
        ['refresh_token', 'string', 'grant_type is refresh_token'],
        ['audience', 'array of string', false],
        ['remember', 'boolean', false],
      ],
      { grantType: 'client_credentials', clientId: 'globex-app' },
    ],
    [
      'initech-java.md',
      'Java',
      [
        ['client_id', 'string', false],
        ['grant_type', 'string', true, ['client_credentials']],
        ['scopes', 'array of string', false],
        ['lifetime', 'integer', false],
        ['hint', 'unknown', false],
      ],
      { clientId: 'initech-client', grantType: 'client_credentials', lifetime: '600' },
    ],
    [
      'umbrella-csharp.md',
      'C#',
      [
        ['client_id', 'string', true],
        ['password', 'string', 'grant_type is password'],
        ['scopes', 'array of string', false],
        ['grant_type', 'string', true, ['password', 'client_credentials']],
      ],
      { ClientId: 'umbrella-client', GrantType: 'client_credentials' },
    ],
    [
      'hooli-python.md',
      'Python',
      [
        ['grant_type', 'string', true, ['client_credentials']],
        ['client_id', 'string', false],
        ['scopes', 'array of string', false],
        ['actor', 'string', false],
      ],
      { grant_type: 'client_credentials', actor: 'gavin' },
    ],
    [
      'wayne-php.md',
      'PHP',
      [
        ['grant_type', 'string', true, ['client_credentials', 'refresh_token']],
        ['client_id', 'string', false],
        ['scopes', 'array of string', false],
        ['labels', 'object', false],
      ],
      { grantType: 'client_credentials', clientId: 'wayne-client' },
    ],
    [
      'stark-ruby.md',
      'Ruby',
      [
        ['grant_type', 'string', true, ['client_credentials', 'refresh_token']],
        ['client_id', 'string', false],
        ['client_secret', 'string', false],
        ['scope', 'string', 'grant_type is client_credentials'],
        ['groups', 'array of string', false],
      ],
      { grant_type: 'client_credentials', client_id: 'stark-client' },
    ],
  ]

  test.each(pages)('%s is %s', (file, language, fields, usage) => {
    const [page] = readPage(file)
    const found = page?.fields.map(({ wireName, type, items, required, requiredWhen, allowedValues }) => [
      wireName,
      items ? `${type} of ${items}` : type,
      requiredWhen ? `${requiredWhen.parameter} is ${requiredWhen.value}` : required,
      ...(allowedValues ? [allowedValues] : []),
    ])
    expect([page?.language, found, page?.usage.map(({ values }) => values)]).toEqual([
      language,
      fields,
      [usage],
    ])
  })

  test('a language that is stated takes the place of the evidence', () => {
    const text = readFileSync(new URL('./pages/acme-go.md', import.meta.url), 'utf8')
    expect(readMarkdown({ file: 'a.md', text }, { language: 'Kotlin' })[0]?.language).toBe('Kotlin')
  })

  test('a page of names and plain types alone leaves the language open', () => {
    expect(only('| Field | Type |\n|--|--|\n| `clientId` | *string* |\n').language).toBe(null)
  })
})

describe('models that link to each other', () => {
  test("values on the same page are the field's", () => {
    const [request, values] = readPage('wayne-php.md')
    expect([values?.role, values?.values]).toEqual(['values', ['client_credentials', 'refresh_token']])
    expect(request?.fields[0]?.provenance.allowedValues).toEqual({
      file: 'wayne-php.md',
      line: 17,
      words: '# GrantType',
    })
  })

  test('values of another page are, once all are there', () => {
    const documents = [...readPage('acme-go.md'), ...readPage('acme-go-granttype.md')]
    const grantType = resolveLinkedValues(documents)[0]?.fields[2]
    expect([grantType?.type, grantType?.allowedValues, grantType?.needsReview]).toEqual([
      'string',
      ['password', 'client_credentials'],
      [],
    ])
  })

  test('values that differ from those of the prose are a contradiction', () => {
    const documents = [...readPage('stark-ruby.md'), ...readPage('acme-go-granttype.md')]
    expect(resolveLinkedValues(documents)[0]?.contradictions).toEqual([
      {
        rule: 'allowed-values-differ',
        field: 'grant_type',
        sentence:
          'it allows client_credentials, refresh_token, and GrantType has password, client_credentials',
        provenance: [
          {
            file: 'stark-ruby.md',
            line: 7,
            words: '- `client_credentials`: for machines\n- `refresh_token`: for those who were here before',
          },
          { file: 'acme-go-granttype.md', line: 1, words: '# GrantType' },
        ],
      },
    ])
  })
})

describe('a guide with several tables', () => {
  const [request, reply, refusal, ...others] = readPage('vandelay-guide.md')
  const at = (line: number, words: string) => ({ file: 'vandelay-guide.md', line, words })

  test('has a request, a reply and a refusal', () => {
    expect([request, reply, refusal].map((document) => [document?.model, document?.role])).toEqual([
      ['Get a token (Request parameters)', 'request'],
      ['Get a token (Response)', 'reply'],
      ['Get a token (Errors)', 'refusal'],
    ])
    expect(others).toEqual([])
  })

  test('says the wire plainly', () => {
    const sentence = at(7, 'Send a form to `POST https://login.vandelay.example/oauth/token`.')
    const curl = at(23, 'curl -X POST https://login.vandelay.example/oauth/token \\')
    expect(request?.wire).toEqual({
      servers: { value: ['https://login.vandelay.example'], provenance: sentence },
      method: { value: 'POST', provenance: sentence },
      path: { value: '/oauth/token', provenance: sentence },
      contentTypes: { value: ['application/x-www-form-urlencoded'], provenance: curl },
      clientAuthentication: { value: ['client_secret_basic'], provenance: curl },
    })
  })

  test('shows wire names in a curl line: those are certain, as they stand', () => {
    expect(request?.fields.map(({ name, wireName, confidence }) => [name, wireName, confidence])).toEqual([
      ['grantType', 'grant_type', 'certain'],
      ['clientID', 'clientID', 'certain'],
      ['clientSecret', 'client_secret', 'high'],
      ['userName', 'username', 'high'],
    ])
  })

  test('marks what is required in the columns and beside the names, and leaves the rest open', () => {
    expect(request?.fields.map(({ required, needsReview }) => [required, needsReview])).toEqual([
      [true, []],
      [true, []],
      [null, ['Decide when the field is required: the column says "Required for password"']],
      [false, []],
    ])
  })

  test('has each snippet at the model that it is about', () => {
    expect([request, reply, refusal].map((document) => document?.usage.map(({ values }) => values))).toEqual([
      [{ grantType: 'client_credentials' }],
      [{ access_token: 'vandelay-token', expires_in: '900' }],
      [],
    ])
  })

  test('names the table that was passed over', () => {
    expect(request?.needsReview).toEqual([
      'Compare the wire names, which the page does not show: clientSecret to client_secret (high), userName to username (high)',
      'Look at the tables that name no fields and were passed over: line 9',
    ])
  })
})

describe('a page of the wire itself', () => {
  const wireNames = (...names: readonly string[]) =>
    only(`| Name | Type |\n|--|--|\n${names.map((name) => `| ${name} | string |\n`).join('')}`).fields.map(
      ({ wireName, confidence }) => [wireName, confidence],
    )

  test.each<[names: readonly string[], found: readonly (readonly string[])[]]>([
    [
      ['grant_type', 'ignoreCache'],
      [
        ['grant_type', 'high'],
        ['ignoreCache', 'medium'],
      ],
    ],
    [
      ['scope', 'ignoreCache'],
      [
        ['scope', 'high'],
        ['ignore_cache', 'medium'],
      ],
    ],
    [
      ['grantType', 'ignoreCache', 'tenant_id'],
      [
        ['grant_type', 'high'],
        ['ignore_cache', 'medium'],
        ['tenant_id', 'high'],
      ],
    ],
  ])('keeps a name as it is spelled beside those of the wire: %j', (names, found) => {
    expect(wireNames(...names)).toEqual(found)
  })

  test('says of a kept name that it is for a person to look at', () => {
    const { fields } = only('| Name | Type |\n|--|--|\n| grant_type | string |\n| ignoreCache | string |\n')
    expect(fields[1]?.needsReview).toContain(
      'Decide the wire name: ignoreCache is taken as it is spelled, with medium confidence',
    )
  })

  const table = '| Field | Required |\n|--|--|\n| grant_type | yes |\n'

  test.each([
    'https://{yourDomain}',
    'https://YOUR_DOMAIN',
    'https://<tenant>.acme.example',
    'https://your-domain',
  ])('leaves a server to a person in which a name is left open: %s', (server) => {
    const { wire, needsReview } = only(`# Token\n\n\`POST ${server}/oauth/token\`\n\n${table}`)
    expect([wire.servers, wire.path?.value]).toEqual([null, '/oauth/token'])
    expect(needsReview).toContain(`Say the server: the page shows ${server}, in which a name is left to you`)
  })

  test('says method and content type in a sentence', () => {
    const text = `# Token\n\nThe body of this \`POST\` request is encoded in \`application/x-www-form-urlencoded\`:\n\n${table}`
    const { wire } = only(text)
    expect([wire.method?.value, wire.contentTypes?.value]).toEqual([
      'POST',
      ['application/x-www-form-urlencoded'],
    ])
  })

  test.each(['A POST request or a PUT request.', 'No POST requests are answered, and not one GET request.'])(
    'reads no method of a sentence that leaves it open: %s',
    (sentence) => {
      expect(only(`# Token\n\n${sentence}\n\n${table}`).wire.method).toBe(null)
    },
  )

  test('says that a secret is not for the body', () => {
    const cell = (part: string) => `Cannot be sent in the body, but as the ${part} in HTTP Basic Auth.`
    const text = `| Field | Description |\n|--|--|\n| grant_type | x |\n| client_id | ${cell('Username')} |\n| client_secret | ${cell('Password')} |\n`
    expect(only(text).wire.clientAuthentication?.value).toEqual(['client_secret_basic'])
  })
})

describe('marks of what is required', () => {
  const marks: readonly (readonly [mark: string, required: boolean | null])[] = [
    ...[
      ':heavy_check_mark:',
      ':white_check_mark:',
      '✔',
      '✔️',
      '✓',
      '✅',
      '☑',
      'Yes',
      '**yes**',
      'True',
      'required',
    ].map((mark) => [mark, true] as const),
    ...[':heavy_minus_sign:', ':x:', '❌', '✗', '–', '—', '-', 'No', 'False', 'optional', '`false`'].map(
      (mark) => [mark, false] as const,
    ),
    ...['', 'conditional', 'Required for refresh', 'see below'].map((mark) => [mark, null] as const),
  ]

  test.each(marks)('%j', (mark, required) => {
    expect(only(`| Field | Required |\n|--|--|\n| \`scope\` | ${mark} |\n`).fields[0]?.required).toBe(
      required,
    )
  })

  test.each(['Required', 'Required?', 'Mandatory', 'Req.', 'Is required', '**Required**'])(
    'a column may be headed %s',
    (head) => expect(only(`| Field | ${head} |\n|--|--|\n| scope | yes |\n`).fields[0]?.required).toBe(true),
  )

  test('a column headed Optional says the opposite', () => {
    const text = '| Field | Optional |\n|--|--|\n| scope | yes |\n| nonce | no |\n'
    expect(only(text).fields.map(({ required }) => required)).toEqual([false, true])
  })

  const names: readonly (readonly [cell: string, name: string, required: boolean | null])[] = [
    ['`scope` *required*', 'scope', true],
    ['`scope`<br/>optional', 'scope', false],
    ['scope (required)', 'scope', true],
    ['`scope?`', 'scope', false],
    ['scope*', 'scope', true],
    ['**scope**', 'scope', null],
    ['[scope](#scope)', 'scope', null],
  ]
  test.each(names)('the name may bear one: %s', (cell, name, required) => {
    const [field] = only(`| Name | Details |\n|--|--|\n| ${cell} | What for. |\n`).fields
    expect([field?.name, field?.required]).toEqual([name, required])
  })

  test('a condition in the column is one', () => {
    const cell = 'Required when `grant_type` is `password`'
    expect(only(`| Field | Required |\n|--|--|\n| username | ${cell} |\n`).fields[0]?.requiredWhen).toEqual({
      parameter: 'grant_type',
      value: 'password',
    })
  })
})

describe('words above a table that are about all of its rows', () => {
  const table = (...names: readonly string[]) =>
    ['| Name | Type |', '|---|---|', ...names.map((name) => `| ${name} | string |`)].join('\n')
  const marks = (document: ImportedDocument | undefined) =>
    document?.fields.map(({ name, required, provenance }) => [name, required, provenance.required?.words])

  const captions: ReadonlyArray<[what: string, required: string, optional: string]> = [
    ['headings', '### Required parameters', '### Optional parameters'],
    ['headings of one word', '### Required', '### Optional'],
    ['paragraphs', '**Required parameters:**', '**Optional parameters:**'],
    ['mandatory fields', '#### Mandatory request fields', '#### The optional request fields'],
  ]
  test.each(captions)('mark them as %s, and make one model of tables', (_what, required, optional) => {
    const page = only(
      [
        '# Acme',
        '## Get a token',
        required,
        table('grant_type', 'client_id', 'client_secret'),
        optional,
        table('scope'),
      ].join('\n\n'),
    )
    expect([page.model, page.role]).toEqual(['Get a token', 'request'])
    expect(marks(page)).toEqual([
      ...['grant_type', 'client_id', 'client_secret'].map((name) => [name, true, required]),
      ['scope', false, optional],
    ])
    expect(page.needsReview.join()).not.toContain('required')
  })

  test('keep the request and the reply apart, and yield to the mark of a row', () => {
    const documents = read(
      `## Get a token\n\n### Request\n\n#### Required\n\n${table('grant_type')}\n\n#### Optional\n\n| Name | Required |\n|---|---|\n| scope | yes |\n| audience | |\n\n### Response\n\n#### Required\n\n${table('access_token', 'token_type')}\n`,
    )
    expect(documents.map((each) => [each.model, marks(each)])).toEqual([
      [
        'Get a token (Request)',
        [
          ['grant_type', true, '#### Required'],
          ['scope', true, 'yes'],
          ['audience', false, '#### Optional'],
        ],
      ],
      [
        'Get a token (Response)',
        [
          ['access_token', true, '#### Required'],
          ['token_type', true, '#### Required'],
        ],
      ],
    ])
  })

  test('are no name of a model, and nothing without them is joined', () => {
    const page = `## Get a token\n\n${table('grant_type', 'client_id')}\n\n**Optional parameters**\n\n${table('scope')}\n`
    expect(read(page).map((each) => [each.model, marks(each)])).toEqual([
      [
        'Get a token',
        [
          ['grant_type', null, undefined],
          ['client_id', null, undefined],
        ],
      ],
      ['Get a token 2', [['scope', false, '**Optional parameters**']]],
    ])
  })
})

describe('what a table looks like does not matter', () => {
  const columns = {
    name: ['Field', 'Name', 'Parameter', 'Property', 'Key', 'Attribute', 'Argument'],
    type: ['Type', 'Data type', 'Format'],
    required: ['Required', 'Mandatory', 'Req.'],
    description: ['Description', 'Details', 'Notes', 'Meaning'],
    example: ['Example', 'Sample', 'Example value'],
    values: ['Allowed values', 'Values', 'Enum', 'Options'],
  } as const
  type Column = keyof typeof columns
  const rows: readonly Readonly<Record<Column, string>>[] = [
    {
      name: '`grantType`',
      type: '*string*',
      required: 'Yes',
      description: 'The grant. Up to 20 characters.',
      example: 'password',
      values: '`password`',
    },
    {
      name: '`scope`',
      type: '*?string*',
      required: 'No',
      description: 'Required when `grantType` is `password`.',
      example: 'a \\| b',
      values: '–',
    },
  ]
  const keys = Object.keys(columns) as Column[]
  const tableOf = (order: readonly Column[], heads: readonly number[], newline = '\n') =>
    [
      order.map((column, index) => columns[column][(heads[index] ?? 0) % columns[column].length] ?? ''),
      order.map(() => '---'),
      ...rows.map((row) => order.map((column) => row[column])),
    ]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join(newline)
  const plain = only(tableOf(keys, []))

  test('columns in any order, under any of their heads, say the same', () => {
    const order = fc.shuffledSubarray(keys, { minLength: keys.length })
    const heads = fc.array(fc.nat(10), { minLength: keys.length, maxLength: keys.length })
    forEvery(
      [order, heads],
      (shuffled, chosen) => {
        expect(only(tableOf(shuffled, chosen)).fields).toEqual(plain.fields)
      },
      100,
    )
  })

  test.each<[what: string, text: string]>([
    ['a byte order mark', `\uFEFF${tableOf(keys, [])}`],
    ['CRLF', tableOf(keys, [], '\r\n')],
    ['a final newline', `${tableOf(keys, [])}\n`],
    [
      'no outer pipes',
      tableOf(keys, [])
        .replace(/^\| | \|$/gm, '')
        .replace(/\| $/gm, '|'),
    ],
  ])('%s changes nothing', (_, text) => {
    expect(only(text).fields).toEqual(plain.fields)
  })

  test('a missing column leaves its facts open', () => {
    const { fields } = only('| Key | Notes |\n|--|--|\n| scope | What for. |\n')
    expect(fields.map(factsOf)).toEqual([
      {
        ...silent,
        name: 'scope',
        wireName: 'scope',
        type: 'unknown',
        notation: null,
        required: null,
        description: 'What for.',
        needsReview: ['Decide whether the field is required: the page does not say'],
      },
    ])
  })

  test('a column that nobody knows is kept in words', () => {
    const { fields } = only('| Field | Type | Since |\n|--|--|--|\n| scope | *?string* | 2.1 |\n')
    expect(fields[0]?.needsReview).toEqual(['In the column Since the page says: 2.1'])
  })

  test('entities, HTML lists and words in angle brackets are read as people see them', () => {
    const cell = 'A &lt; B &amp; C.<br>Send <client_id>.<ul><li>one</li><li>two</li></ul>'
    expect(only(`| Field | Description |\n|--|--|\n| scope | ${cell} |\n`).fields[0]?.description).toBe(
      'A < B & C.\nSend <client_id>.\n- one\n- two',
    )
  })

  test('front matter names a page without a heading', () => {
    const table = '| Field | Type |\n|--|--|\n| scope | string |\n'
    expect(only(`---\ntitle: "Log in"\n---\n\n${table}`)).toMatchObject({
      model: 'Log in',
      provenance: { line: 5 },
    })
    expect(only(table).model).toBe('page')
  })
})

describe('bad input is refused with the line', () => {
  const table = '| Field | Type |\n|--|--|\n| scope | string |\n'
  const refused: readonly (readonly [what: string, text: string, message: string])[] = [
    [
      'binary',
      'a\nb\0c',
      'page.md:2: expected Markdown, received a control character (code 0); is this a binary file?',
    ],
    [
      'another encoding',
      'a\nb\nc\uFFFD',
      'page.md:3: expected UTF-8, received bytes that are none; save the page as UTF-8',
    ],
    [
      'an HTML page',
      '<!DOCTYPE html>\n<html></html>',
      'page.md:1: expected Markdown, received an HTML page; import the Markdown source that it is made from',
    ],
    [
      'no table',
      '# Title\n\nText.\n',
      'page.md:1: expected a table in Markdown (| Field | Type | …), received none; is this the page of the request model?',
    ],
    [
      'nothing',
      '',
      'page.md:1: expected a table in Markdown (| Field | Type | …), received none; is this the page of the request model?',
    ],
    [
      'a table in HTML',
      'Text.\n\n<table><tr><td colspan="2">a</td></tr></table>\n',
      'page.md:3: expected a table in Markdown (| Field | Type | …), received one in HTML; write it in Markdown, without merged cells',
    ],
    [
      'a table without a known column',
      '# T\n\n| Animal | Legs |\n|--|--|\n| Cat | 4 |\n',
      'page.md:3: expected a table with a column of names (Field, Name, Parameter, Property …) and one that tells of them (Type, Required, Description …), found: Animal, Legs',
    ],
    [
      'a row that is too long',
      `${table}| a | b | c |\n`,
      'page.md:4: expected a row of 2 cells, as many as there are heads, received 3; write | inside a cell as \\|, and leave an empty line below the table',
    ],
    [
      'a row that is too short',
      `${table}Text below.\n`,
      'page.md:4: expected a row of 2 cells, as many as there are heads, received 1; write | inside a cell as \\|, and leave an empty line below the table',
    ],
    [
      'a row without a name',
      `${table}|  | more |\n`,
      'page.md:4: expected a row for each field, received merged rows or a row without a name; write each field as one row',
    ],
    [
      'a row that spans the table',
      `${table}| **Optional fields** | |\n`,
      'page.md:4: expected a field, received a row that spans the table: "Optional fields"; make it a heading with a table of its own',
    ],
    [
      'lists without end',
      `${'- '.repeat(200)}a\n`,
      'page.md:1: expected lists and quotes at most 100 deep, received deeper ones; import the part with the table alone',
    ],
    [
      'a table without end',
      `${table}${'| a | b |\n'.repeat(8_000)}`,
      'page.md:8001: expected tables of at most 8000 lines together, received more; import the part with the table alone',
    ],
    [
      'columns without end',
      `# T\n\n${'| a '.repeat(501)}|\n${'|--'.repeat(501)}|\n`,
      'page.md:3: expected at most 500 columns, received more; import the part with the table alone',
    ],
    [
      'heads without end, none of which is known',
      `${'| Animal '.repeat(14)}| ${'x'.repeat(50)} |\n${'|--'.repeat(15)}|\n`,
      `page.md:1: expected a table with a column of names (Field, Name, Parameter, Property …) and one that tells of them (Type, Required, Description …), found: ${'Animal, '.repeat(11)}Animal and 3 more`,
    ],
    [
      'backticks without end',
      `${table}\nx ${Array.from({ length: 600 }, (_, index) => '`'.repeat(index + 1)).join(' ')}\n`,
      'page.md:5: expected at most 40 backticks in a row, received more; import the part with the table alone',
    ],
    [
      'brackets without end in a cell',
      `${table}| a | ${'[a]('.repeat(50_000)} |\n`,
      'page.md:4: expected a page of prose and tables, received too many brackets, stars and underscores in one paragraph or cell; import the part with the table alone',
    ],
    [
      'emphasis without end in a paragraph',
      `${table}\n${'a *b_ c\n'.repeat(2_000)}`,
      'page.md:1586: expected a page of prose and tables, received too many brackets, stars and underscores in one paragraph or cell; import the part with the table alone',
    ],
    [
      'a large page',
      `${table}\n${'x'.repeat(99)}\n`.repeat(Math.ceil(maxPageBytes / 100)),
      'page.md:1: expected a document of at most 2 MiB, received 2.9 MiB; import the part with the token request alone',
    ],
  ]

  test.each(refused)('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(new TokenwrightError('ERR_DOCUMENT_INVALID', message))
  })

  test('whatever a page holds, it is read or refused', () => {
    const pieces = fc.constantFrom(
      '|',
      '--',
      '\n',
      '# A\n',
      '`',
      '*',
      'Field',
      'Type',
      '<br/>',
      '\\',
      '[',
      '](',
      ')',
      '> ',
      '- ',
    )
    const page = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 60 })
    const inTable = page.map(
      (parts) => `| Field | Type | Description |\n|--|--|--|\n| a | b | ${parts.join('')} |`,
    )
    forEvery(
      [
        fc.oneof(
          page.map((parts) => parts.join('')),
          inTable,
        ),
      ],
      (text) => {
        try {
          read(text)
        } catch (error) {
          expect(error).toBeInstanceOf(TokenwrightError)
        }
      },
    )
  })

  test('a thousand models are read', () => {
    const page = Array.from({ length: 1000 }, (_, index) => `# Model${index}\n\n${table}\n`).join('')
    expect(read(page).map(({ model }) => model)).toEqual(
      Array.from({ length: 1000 }, (_, index) => `Model${index}`),
    )
  })
})

/** Pages of vendors are not part of the repository; where their folder lies beside it, they are read as well. */
const seeds = new URL('../../../shared/seeds/', import.meta.url)

describe.skipIf(!existsSync(seeds))('the pages beside the repository', () => {
  const files = existsSync(seeds) ? readdirSync(seeds).sort() : []
  const expected: Readonly<Record<string, readonly [language: string, role: string]>> = {
    '000': ['Go', 'request'],
    '001': ['TypeScript', 'request'],
    '002': ['Java', 'request'],
    '003': ['TypeScript', 'request'],
    '004': ['Ruby', 'request'],
  }

  test.each(files)('%s loses no cell, and says its language', (file) => {
    const text = readFileSync(new URL(file, seeds), 'utf8')
    const [document, ...others] = readMarkdown({ file, text })
    expect([others, document?.contradictions]).toEqual([[], []])
    expect([document?.language, document?.role]).toEqual(expected[file.slice(0, 3)])
    const [table] = parseMarkdown(text).filter((block) => block.kind === 'table')
    const cells = table?.rows.map((row) => [row.line, row.cells.map(({ words }) => words)])
    const kept = document?.fields.map(({ provenance }) => [
      provenance.name?.line,
      ['name', 'type', 'required', 'description', 'example'].map((fact) => provenance[fact]?.words ?? ''),
    ])
    expect(kept).toEqual(cells)
    const shown = document?.fields.map(({ description, example }) => [description ?? '', example ?? ''])
    expect(shown).toEqual(table?.rows.map(({ cells: row }) => [row[3]?.text, row[4]?.text]))
  })
})
