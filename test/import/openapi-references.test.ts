// `$ref`s into other files: read beside the document, fetched where that was asked for, and never otherwise.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { readOpenApi } from '../../src/import/openapi.ts'
import { readSample, refusalOf, sample } from './openapi-reading.ts'

const schema = '{"properties": {"grant_type": {"const": "password"}}}'
const at = '(at #/paths/~1token/post/requestBody/content/application~1json/schema/$ref)'

/** A document whose token request is elsewhere. */
function referringTo(reference: string): string {
  return [
    'openapi: 3.1.0',
    'paths:',
    '  /token:',
    '    post:',
    '      requestBody:',
    '        content:',
    '          application/json:',
    `            schema: {$ref: '${reference}'}`,
  ].join('\n')
}

const allowedValues = async (text: string, file = 'api.yaml', fetch = false) => {
  const documents = await readOpenApi({ file, text }, { fetch })
  return documents.map(({ fields }) =>
    fields.map((field) => [field.allowedValues, field.provenance.allowedValues?.file]),
  )
}

describe('a $ref into another file', () => {
  test('is found beside the document that has it, by relative and absolute names', async () => {
    const absolute = join(process.cwd(), sample('initech/openapi.yaml'))
    const names = async (file: string) => (await readSample(file)).map(({ provenance }) => provenance.file)
    expect([await names(sample('initech/openapi.yaml')), await names(absolute)]).toEqual([
      [sample('initech/schemas/token request.json'), sample('initech/schemas/token request.json')],
      [
        join(process.cwd(), sample('initech/schemas/token request.json')),
        join(process.cwd(), sample('initech/schemas/token request.json')),
      ],
    ])
  })

  const refused: ReadonlyArray<[given: string, reference: string, message: string]> = [
    [
      'that is missing',
      './gone.yaml#/A',
      `api.yaml:8: $ref "./gone.yaml#/A" cannot be read: there is no such file ${at}`,
    ],
    ['that is a folder', './test', `api.yaml:8: $ref "./test" cannot be read: it is no file ${at}`],
    [
      'with a file: URL',
      'file:///dev/zero',
      `api.yaml:8: $ref "file:///dev/zero": expected a path that is relative to the document ${at}`,
    ],
    [
      'with an absolute path',
      '/etc/passwd',
      `api.yaml:8: $ref "/etc/passwd": expected a path that is relative to the document ${at}`,
    ],
    [
      'that leaves the folders beside the document',
      '../../etc/passwd#/A',
      `api.yaml:8: $ref "../../etc/passwd#/A" leads out of the folders beside the document's own; import a document that is above them all ${at}`,
    ],
    [
      'on the network',
      'https://schemas.example/token.json#/Request',
      `api.yaml:8: $ref "https://schemas.example/token.json#/Request" is on the network, which is asked with --fetch alone ${at}`,
    ],
    [
      'of another scheme',
      'ftp://schemas.example/token.json',
      `api.yaml:8: $ref "ftp://schemas.example/token.json": expected a file, or an address that begins with https: or http: ${at}`,
    ],
    [
      'with credentials',
      'https://user:example-secret@schemas.example/token.json',
      `api.yaml:8: expected the $ref to schemas.example to hold no credentials ${at}`,
    ],
    ['that is no URL', 'https://[', `api.yaml:8: expected $ref "https://[" to be a URL or a path ${at}`],
  ]

  test.each(refused)('%s is refused', async (_given, reference, message) => {
    expect(await refusalOf(referringTo(reference))).toBe(message)
  })

  test('that is no YAML is refused with both places', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'broken.yaml'), 'a: 1\na: 2\n')
    const file = join(folder, 'api.yaml')
    expect(await refusalOf(referringTo('broken.yaml'), {}, file)).toBe(
      `${file}:8: $ref "broken.yaml" cannot be read: ${join(folder, 'broken.yaml')}:2:1: the key "a" stands twice in one object ${at}`,
    )
  })

  test('may be in a folder beside its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'schemas'))
    writeFileSync(join(folder, 'schemas', 'token.json'), schema)
    const text = referringTo('../schemas/token.json')
    expect(await allowedValues(text, join(folder, 'api', 'api.yaml'))).toEqual([
      [[['password'], join(folder, 'schemas', 'token.json')]],
    ])
  })

  test('may come back to the first file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'schemas.yaml'), "A: {$ref: 'api.yaml#/components/schemas/B'}\n")
    const text = `${referringTo('schemas.yaml#/A')}\ncomponents: {schemas: {B: ${schema}}}`
    const file = join(folder, 'api.yaml')
    writeFileSync(file, 'nothing of this is read: the text was given')
    expect(await allowedValues(text, file)).toEqual([[[['password'], file]]])
  })

  test('may not go round in a circle through files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'a.yaml'), "A: {$ref: 'b.yaml#/B'}\n")
    writeFileSync(join(folder, 'b.yaml'), "B: {$ref: 'a.yaml#/A'}\n")
    const b = join(folder, 'b.yaml')
    expect(await refusalOf(referringTo('a.yaml#/A'), {}, join(folder, 'api.yaml'))).toBe(
      `${b}:1: the $refs go round in a circle: #/A → ${b}#/B → #/A (at #/B)`,
    )
  })
})

describe('with fetching', () => {
  const asked: string[] = []
  afterEach(() => {
    asked.length = 0
  })

  /** A host on this machine; its address. */
  async function hostOf(answer: RequestListener): Promise<string> {
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      answer(request, response)
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    onTestFinished(() => void server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test('a $ref on the network is read, and those of its own host that it needs', async () => {
    const host = await hostOf((request, response) => {
      response.end(request.url === '/a.yaml' ? "A: {$ref: 'b.json'}\nUnused: {$ref: c.yaml}" : schema)
    })
    expect([await allowedValues(referringTo(`${host}/a.yaml#/A`), 'api.yaml', true), asked]).toEqual([
      [[[['password'], `${host}/b.json`]]],
      ['/a.yaml', '/b.json'],
    ])
  })

  test('nothing is asked for without it', async () => {
    const host = await hostOf((_request, response) => response.end(schema))
    expect([await refusalOf(referringTo(`${host}/a.json`)), asked]).toEqual([
      `api.yaml:8: $ref "${host}/a.json" is on the network, which is asked with --fetch alone ${at}`,
      [],
    ])
  })

  test('what the token operation does not need is not asked for', async () => {
    const host = await hostOf((_request, response) => response.end(schema))
    const text = `${referringTo('#/components/schemas/A')}\ncomponents: {schemas: {A: ${schema}, B: {$ref: '${host}/b'}}}`
    expect([await allowedValues(text, 'api.yaml', true), asked]).toEqual([[[[['password'], 'api.yaml']]], []])
  })

  test('a fetched document leads neither to another host nor to this machine', async () => {
    const other = await hostOf((_request, response) => response.end(schema))
    const host = await hostOf((request, response) => {
      response.end(request.url === '/a.yaml' ? `$ref: '${other}/b.json'` : '$ref: file:///etc/hostname')
    })
    const reason =
      'a fetched document leads to its own host alone, and this is another; fetch it yourself and import the files'
    expect([
      await refusalOf(referringTo(`${host}/a.yaml`), { fetch: true }),
      await refusalOf(referringTo(`${host}/file.yaml`), { fetch: true }),
      asked,
    ]).toEqual([
      `${host}/a.yaml:1: $ref "${other}/b.json": ${reason} (at #/$ref)`,
      `${host}/file.yaml:1: $ref "file:///etc/hostname": ${reason} (at #/$ref)`,
      ['/a.yaml', '/file.yaml'],
    ])
  })

  const answers: ReadonlyArray<[given: string, answer: RequestListener, reason: string]> = [
    [
      'a redirect',
      (_request, response) => response.writeHead(302, { location: '/b' }).end(),
      'it redirects to another address, which is not followed',
    ],
    ['an error', (_request, response) => response.writeHead(404).end(), 'HTTP ERROR 404'],
    ['a broken connection', (request) => request.socket.destroy(), 'fetch failed'],
    [
      'more than a document may have',
      (_request, response) => response.end(Buffer.alloc(11 * 1024 * 1024, ' ')),
      'Response body exceeds the maxContentLength of 10485760 bytes',
    ],
  ]

  test.each(answers)('%s is a reason to refuse', async (_given, answer, reason) => {
    const host = await hostOf(answer)
    expect([await refusalOf(referringTo(`${host}/a`), { fetch: true }), asked]).toEqual([
      `api.yaml:8: $ref "${host}/a" cannot be read: ${reason} ${at}`,
      ['/a'],
    ])
  })
})
