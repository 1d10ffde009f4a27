// What documents say, read and compared: of each change the rule, and of what nobody reads a note.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compareSides } from '../../src/diff/comparison.ts'
import { subjectsOfDocuments } from '../../src/diff/subject-of-document.ts'
import { subjectOfVariant } from '../../src/diff/subject-of-variant.ts'
import type { ImportedField } from '../../src/import/imported.ts'
import { draftService } from '../../src/import/service-draft.ts'
import { readDocuments } from '../../src/import/source-file.ts'
import { sideOf } from './sides.ts'
import {
  baseRows,
  diffOf,
  no,
  openApiOf,
  pageOf,
  type Row,
  replyOf,
  requestOf,
  subjectOfText,
  type Written,
  yes,
} from './written.ts'

type Lines = readonly string[]
type Change = (operation: Written, document: Written) => void
type Case = readonly [what: string, after: Change, changes: Lines, notCompared: Lines, before: Change]

const withRow = (...row: Row) => pageOf([...baseRows, row])
const bare = pageOf(baseRows)

const pages: ReadonlyArray<
  readonly [what: string, before: string, after: string, changes: Lines, notCompared: Lines]
> = [
  [
    'a model takes the place of a string',
    withRow('kind', '*string*', yes),
    withRow('kind', '[components.Kind](kind.md)', yes),
    ['major sdk request-parameter-sdk-type-changed kind: string → components.Kind'],
    [],
  ],
  [
    'any value takes the place of a string',
    withRow('kind', '*string*', yes),
    withRow('kind', '*any*', yes),
    ['major sdk request-parameter-sdk-type-changed kind: string → any'],
    [],
  ],
  [
    'an array has other items, which is told of the wire alone',
    withRow('kind', '*string*[]', yes),
    withRow('kind', '*number*[]', yes),
    ['major wire request-parameter-items-changed kind: string → number'],
    [],
  ],
  [
    'a parameter is required beside a value of another',
    withRow('kind', '*string*', no, 'The kind.'),
    withRow('kind', '*string*', no, 'The kind. Required when `mode` is `x`.'),
    [
      'major wire request-parameter-now-conditional kind: optional → required when mode is x',
      'patch words request-parameter-description-changed kind: The kind. → The kind. Required when mode is x.',
    ],
    [],
  ],
  [
    'the example of a list is one of several values that are allowed',
    withRow('scope', '*string*', no, 'Only allows options: `read` or `write`.', 'read'),
    withRow('scope', '*string*', no, 'Only allows options: `read` or `write`.', 'read write'),
    ['patch words request-parameter-example-changed scope: read → read write'],
    [],
  ],
]

/** The document as the vendor has it. */
const asWritten: Change = () => {}

const operations: readonly Case[] = [
  [
    'the path of the server',
    (_operation, { servers }) => {
      servers[0].url = 'https://globex.example/v2/'
    },
    ['major wire path-changed path: /v1/token → /v2/token'],
    [],
    asWritten,
  ],
  [
    'the host of the server, at which the same is found',
    (_operation, { servers }) => {
      servers[0].url = 'https://eu.globex.example/v1'
    },
    [],
    [],
    asWritten,
  ],
  [
    'no server is said',
    (_operation, document) => {
      delete document.servers
    },
    [],
    ['other createToken does not say: the path of the server, below which its own is'],
    asWritten,
  ],
  [
    'clients that were not authenticated are',
    (operation) => {
      operation.security = [{ basic: [] }]
    },
    ['major wire client-authentication-introduced client authentication: null → client_secret_basic'],
    [],
    asWritten,
  ],
  [
    'a scheme that is no client authentication',
    (operation) => {
      operation.security = [{ bearer: [] }]
    },
    [],
    [
      'other createToken alone has what is not compared: the request asks for the security scheme `bearer` (http bearer), which is no client authentication that is known',
      'other createToken does not say: the client authentication',
    ],
    asWritten,
  ],
  [
    'a header field of the request',
    (operation) => {
      operation.parameters = [{ name: 'X-Version', in: 'header', required: true, schema: { type: 'string' } }]
    },
    ['major wire request-header-added-required x-version: null → required'],
    [],
    asWritten,
  ],
  [
    'a parameter of the address, which is not read',
    (operation) => {
      operation.parameters = [{ name: 'realm', in: 'query', required: true, schema: { type: 'string' } }]
    },
    [],
    ['other createToken alone has what is not compared: the query parameter `realm` is not imported'],
    asWritten,
  ],
  [
    'a member of the reply that may be null',
    (operation) => {
      replyOf(operation).properties.expires_in.nullable = true
    },
    ['major wire reply-member-now-nullable expires_in: never null → nullable'],
    [],
    asWritten,
  ],
  [
    'the status of the reply',
    ({ responses }) => {
      responses[201] = responses[200]
      delete responses[200]
    },
    ['major wire reply-status-changed status of the reply: 200 → 201'],
    [],
    asWritten,
  ],
  [
    'the items of an array',
    (operation) => {
      requestOf(operation).properties.scope = { type: 'array', items: { type: 'integer' } }
    },
    ['major wire request-parameter-items-changed scope: string → integer'],
    [],
    (operation) => {
      requestOf(operation).properties.scope = { type: 'array', items: { type: 'string' } }
    },
  ],
  [
    'what counts where a parameter is not sent',
    (operation) => {
      requestOf(operation).properties.scope.default = 'read'
    },
    ['major wire request-parameter-default-changed scope: all → read'],
    [],
    (operation) => {
      requestOf(operation).properties.scope.default = 'all'
    },
  ],
  [
    'a format and a limit, which are not read',
    (operation) => {
      requestOf(operation).properties.key = { type: 'string', format: 'uuid', multipleOf: 2 }
    },
    [],
    [
      'other createToken alone has what is not compared: key: `multipleOf` is not imported: 2',
      'other createToken alone has what is not compared: key: the format uuid',
    ],
    asWritten,
  ],
  [
    'the reply is gone',
    ({ responses }) => {
      delete responses[200]
    },
    ['major wire reply-removed reply: 200 → null'],
    [],
    asWritten,
  ],
  [
    'the last refusal is gone',
    ({ responses }) => {
      delete responses[400]
    },
    ['minor wire refusal-removed 400: 400 → null'],
    [],
    asWritten,
  ],
  [
    'a refusal goes by the first digit of its status',
    ({ responses }) => {
      responses['4XX'] = responses[400]
      delete responses[400]
    },
    [],
    ['other createToken does not say: the status of refusal 400'],
    asWritten,
  ],
  [
    'a refusal stands for all that are not named, and promises less',
    (operation) => {
      const { responses } = operation
      delete replyOf(operation, 400).required
      responses.default = responses[400]
      delete responses[400]
    },
    ['major wire refusal-member-now-optional 400 error: required → optional'],
    ['other createToken does not say: the status of refusal 400'],
    asWritten,
  ],
  [
    'the name of a schema, which is in no code',
    (operation) => {
      requestOf(operation).title = 'Grant'
    },
    [],
    [],
    (operation) => {
      requestOf(operation).title = 'Request'
    },
  ],
]

/** What stands beside each other at two revisions, or in two folders. */
const sdks: ReadonlyArray<
  readonly [
    what: string,
    files: readonly string[],
    before: string,
    after: string,
    changes: Lines,
    notes: Lines,
  ]
> = [
  [
    'the same page, whose language is known at one revision alone',
    ['docs/token.md', 'docs/token.md'],
    bare,
    bare.replaceAll('`clientId`', '`ClientID`').replaceAll('`grantType`', '`GrantType`'),
    [
      'major sdk request-parameter-sdk-name-changed client_id: clientId → ClientID',
      'major sdk request-parameter-sdk-name-changed grant_type: grantType → GrantType',
    ],
    ['docs/token.md TokenRequest does not say: its language; both are taken for pages of one SDK'],
  ],
  [
    'two pages of no known language and different names',
    ['one.md', 'other.md'],
    bare,
    bare.replaceAll('`clientId`', '`clientID`'),
    [],
    [
      'names and types in code, which each language has its own of: one.md TokenRequest (no language is said), other.md TokenRequest (no language is said)',
    ],
  ],
]

describe('two pages, read and compared', () => {
  test.each(pages)('%s', async (_what, before, after, changes, notCompared) => {
    expect(await diffOf(before, after, { language: 'TypeScript' })).toEqual({ changes, notCompared })
  })

  test.each(sdks)('are of one SDK or not: %s', async (_what, files, before, after, changes, notCompared) => {
    expect(await diffOf(before, after, { files })).toEqual({ changes, notCompared })
  })
})

describe('two OpenAPI documents, read and compared', () => {
  test.each(operations)('%s', async (...[, after, changes, notCompared, before]) => {
    expect(await diffOf(openApiOf(before), openApiOf(after))).toEqual({ changes, notCompared })
  })
})

describe('a page beside an OpenAPI document', () => {
  test('has the same path where its curl line asks at the whole of it', async () => {
    const curl =
      '```bash\ncurl -X POST https://globex.example/v1/token -d grant_type=password -d client_id=globex\n```\n'
    const rows: readonly Row[] = [
      ['grant_type', '*string*', yes],
      ['client_id', '*string*', yes],
    ]
    const page = await subjectOfText(pageOf(rows, 'TokenRequest', curl), 'page.md')
    const operation = await subjectOfText(openApiOf(), 'openapi.json')
    expect([page.path?.values, operation.path?.values]).toEqual([['/v1/token'], ['/v1/token']])
  })
})

const folder = new URL('../import/', import.meta.url)
const files = ['pages', 'openapi'].flatMap((name) =>
  readdirSync(new URL(name, folder))
    .filter((file) => /\.(md|json|yaml)$/.test(file))
    // Without a request, or with two sentences that contradict each other.
    .filter((file) => !/granttype|contradictions/.test(file))
    .map((file) => `${name}/${file}`),
)

describe('a document beside the service that was imported from it', () => {
  test.each(files)('differs in nothing but what needs review: %s', async (file) => {
    const source = { file, text: readFileSync(new URL(file, folder), 'utf8') }
    const documents = (await readDocuments([source])).flat()
    const hasGrants = documents.some(({ fields }) => fields.some(isGrantTypeWithValues))
    const stated = hasGrants ? {} : { grantTypes: ['client_credentials'] }
    const { service, needsReview } = draftService([{ file, read: '2026-01-01', stated, documents }], {
      id: 'acme',
    })
    const { differences, removed, added } = compareSides(
      sideOf('document', ...subjectsOfDocuments(documents)),
      sideOf('service', ...service.variants.map((variant) => subjectOfVariant(service, variant))),
    )
    // What a page leaves out and a grant is nothing without is added, and said; so are the statuses of refusals.
    const hasOpenStatus = documents.some(({ role, status }) => role === 'refusal' && status === null)
    const unsaid = differences
      .flatMap(({ changes }) => changes)
      .filter(({ area }) => !(hasOpenStatus && area === 'refusal'))
      .filter(({ subject }) => !needsReview.some((sentence) => sentence.includes(subject)))
    expect([unsaid, removed, added]).toEqual([[], [], []])
  })
})

function isGrantTypeWithValues({ wireName, allowedValues }: ImportedField): boolean {
  return wireName === 'grant_type' && allowedValues !== null
}
