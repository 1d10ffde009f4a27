// Pages and OpenAPI documents of an invented vendor as text, read and compared as the command line does it.
import { compare } from '../../src/diff/compare.ts'
import type { Subject } from '../../src/diff/subject.ts'
import { subjectsOfDocuments } from '../../src/diff/subject-of-document.ts'
import { readDocuments } from '../../src/import/source-file.ts'

/** A row of a page: name, type, whether it is required, prose and example. */
export type Row = readonly [
  name: string,
  type: string,
  required: string,
  description?: string,
  example?: string,
]

/** The marks of an SDK's pages. */
export const [yes, no] = [':heavy_check_mark:', ':heavy_minus_sign:']

/** The rows that every page of Globex has. */
export const baseRows: readonly Row[] = [
  ['clientId', '*string*', yes, 'The id of the client.', 'globex'],
  ['grantType', '*string*', yes, 'The grant.', 'password'],
]

/** A page of fields. */
export function pageOf(rows: readonly Row[], title = 'TokenRequest', before = ''): string {
  const lines = rows.map(([name, type, required, description = '', example = '']) => {
    return `| \`${name}\` | ${type} | ${required} | ${description} | ${example} |`
  })
  return [
    `# ${title}\n`,
    before,
    '## Fields\n',
    '| Field | Type | Required | Description | Example |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}

/** An OpenAPI document as people change it; the tests reach into it by its own names. */
// biome-ignore lint/suspicious/noExplicitAny: a document may be anything.
export type Written = any

/** An OpenAPI document with a token operation. */
export function openApiOf(change: (operation: Written, document: Written) => void = () => {}): string {
  const json = (schema: Written) => ({ 'application/json': { schema } })
  const operation: Written = {
    operationId: 'createToken',
    security: [],
    requestBody: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: {
            type: 'object',
            required: ['grant_type'],
            properties: {
              grant_type: { type: 'string', enum: ['password'] },
              key: { type: 'string' },
              scope: { type: 'string' },
            },
          },
        },
      },
    },
    responses: {
      200: {
        description: 'Granted.',
        content: json({
          type: 'object',
          required: ['access_token'],
          properties: { access_token: { type: 'string' }, expires_in: { type: 'integer' } },
        }),
      },
      400: {
        description: 'Refused.',
        content: json({ type: 'object', required: ['error'], properties: { error: { type: 'string' } } }),
      },
    },
  }
  const document: Written = {
    openapi: '3.0.3',
    info: { title: 'Globex', version: '1' },
    servers: [{ url: 'https://globex.example/v1' }],
    paths: { '/token': { post: operation } },
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  }
  change(operation, document)
  return JSON.stringify(document, null, 1)
}

/** The schema of a request's body. */
export function requestOf({ requestBody }: Written): Written {
  return requestBody.content['application/x-www-form-urlencoded'].schema
}

/** The schema of a reply's body. */
export function replyOf({ responses }: Written, status = 200): Written {
  return responses[status].content['application/json'].schema
}

/** The first subject of a text. */
export async function subjectOfText(text: string, file: string, language?: string): Promise<Subject> {
  const documents = await readDocuments([{ file, text }], { language })
  const [subject] = subjectsOfDocuments(documents.flat())
  if (subject === undefined) throw new Error(`${file} has no subject`)
  return subject
}

/** What the texts differ in, a line each, and what was not compared. */
export async function diffOf(
  before: string,
  after: string,
  {
    files = ['one', 'other'],
    language,
  }: { readonly files?: readonly string[]; readonly language?: string } = {},
): Promise<{ readonly changes: readonly string[]; readonly notCompared: readonly string[] }> {
  const [one = '', other = ''] = files
  const { changes, notCompared } = compare(
    await subjectOfText(before, one, language),
    await subjectOfText(after, other, language),
  )
  return {
    changes: changes.map((change) => {
      return `${change.verdict} ${change.layer} ${change.rule} ${change.subject}: ${change.before} → ${change.after}`
    }),
    notCompared,
  }
}
