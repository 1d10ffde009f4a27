// Which reader a file is given to, and what is refused before one reads it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readDocuments, readSourceFile } from '../../src/import/source-file.ts'
import { TokenwrightError } from '../../src/service/error.ts'

const noOpenApi =
  'expected a page in Markdown or an OpenAPI document, received JSON without `openapi` at its top'
const table = '| Field | Type |\n|--|--|\n| scope | string |\n'

describe('a text that is meant as JSON', () => {
  const refused: ReadonlyArray<[what: string, file: string, text: string, message: string]> = [
    ['a list', 'a.json', '[]', `a.json:1: ${noOpenApi}`],
    ['an empty object, whatever its name', 'a.txt', '{}', `a.txt:1: ${noOpenApi}`],
    ['a list of lists, deep', 'a', '['.repeat(99_999) + ']'.repeat(99_999), `a:1: ${noOpenApi}`],
    ['null', 'a.json', 'null', `a.json:1: ${noOpenApi}`],
    ['a page under the name of one', 'a.json', table, `a.json:1: expected JSON: Unexpected token '|'`],
    [
      'OpenAPI with a value missing, which YAML would read',
      'a.json',
      '{\n  "openapi": "3.0.0",\n  "info": }\n',
      `a.json:3: expected JSON: Unexpected token '}'`,
    ],
    [
      'a member without its comma',
      'a.json',
      '{\n"openapi": "3.0.0"\n"info": 1\n}',
      `a.json:3: expected JSON: Expected ',' or '}' after property value`,
    ],
    [
      'a member that nothing follows',
      'a.json',
      '{\n"openapi": "3.0.0",\n\n]\n}',
      `a.json:4: expected JSON: Expected double-quoted property name`,
    ],
    [
      'a text that ends too early',
      'a.json',
      '{\n"openapi":\n',
      'a.json:2: expected JSON: Unexpected end of JSON input',
    ],
  ]

  test.each(refused)('is refused as such: %s', async (_, file, text, message) => {
    const expected = new TokenwrightError('ERR_DOCUMENT_INVALID', message)
    await expect(readDocuments([{ file, text }])).rejects.toThrow(expected)
  })

  test.each([
    '[[Home]] [1]\n\n',
    '[Home](/index.md)\n\n',
    '[![Badge](a.png)](b)\n\n',
    '{/* a comment */}\n\n',
    '["Quoted"](x)\n\n',
  ])('is no page that begins with %j', async (start) => {
    const [documents] = await readDocuments([{ file: 'page.md', text: start + table }])
    expect(documents?.map(({ format }) => format)).toEqual(['markdown'])
  })
})

describe('a file in another encoding', () => {
  const encodings: ReadonlyArray<[what: string, bytes: Buffer, received: string]> = [
    ['with a byte order mark', Buffer.from('\uFEFF# A', 'utf16le'), 'UTF-16 (little-endian)'],
    ['without one', Buffer.from('# Title', 'utf16le'), 'UTF-16 (little-endian)'],
    ['the other way round', Buffer.from('\uFEFF# A', 'utf16le').swap16(), 'UTF-16 (big-endian)'],
    ['that is not known', Buffer.from([0x23, 0x20, 0xe9]), 'other bytes'],
  ]

  test.each(encodings)('is refused by its name: %s', (_, bytes, received) => {
    const folder = mkdtempSync(join(tmpdir(), 'tokenwright-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'page.md')
    writeFileSync(file, bytes)
    expect(() => readSourceFile(file)).toThrow(
      new TokenwrightError(
        'ERR_DOCUMENT_INVALID',
        `${file}: expected UTF-8, received ${received}; next: save the page as UTF-8`,
      ),
    )
  })
})
