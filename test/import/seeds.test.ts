// Five real pages, byte for byte: imported with no loss, and their schemas are those of the built-in variants. The pages are
// their vendors' and not part of the repository: skipped where they are not beside it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importDocument } from '../../src/import/import.ts'
import { requestSchemaOf } from '../../src/import/request-schema.ts'
import { findVariant } from '../../src/service/lookup.ts'
import { services } from '../../src/services/services.ts'
import { root } from '../source-files.ts'

const folder = join(root, '../shared/seeds')
const pages: ReadonlyArray<[file: string, variant: string]> = [
  ['000_2e74900f76dcaec8.txt', 'prove/go-0.2.1'],
  ['001_c57d6c4000d8a81a.txt', 'prove/typescript-0.3.5'],
  ['002_3d8c758e619ed8a1.txt', 'prove/java-0.15.0'],
  ['003_e9f891542225f217.txt', 'prove/typescript-0.9.6'],
  ['004_ea5fbcb7e1eb57c3.txt', 'moov/ruby'],
]

describe.skipIf(!existsSync(folder))('the five pages', () => {
  test.each(pages)('%s has the schema and the names of %s', async (file, id) => {
    const { variant } = findVariant(services, id)
    const { documents } = await importDocument(join(folder, file))
    const [document] = documents
    expect(documents.map(({ model, role }) => [model, role])).toEqual([[variant.document.model, 'request']])
    const request = requestSchemaOf(document ?? { file, model: '', fields: [] })
    expect(request).toEqual(variant.request)
    expect(Object.fromEntries(document?.fields.map(({ wireName, name }) => [wireName, name]) ?? [])).toEqual(
      variant.documentedNames,
    )
  })

  test.each(pages)('%s loses nothing: each cell is a fact, with its line', async (file) => {
    const rows = readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .flatMap((text, index) =>
        /^\| `/.test(text) ? [{ line: index + 1, cells: text.split('|').map((cell) => cell.trim()) }] : [],
      )
    const [document] = (await importDocument(join(folder, file))).documents
    expect(
      document?.fields.map(({ name, example, provenance }) => [name, example ?? '', provenance.name?.line]),
    ).toEqual(rows.map(({ line, cells }) => [cells[1]?.replaceAll('`', ''), cells[5], line]))
    const words = (text: string | null | undefined) => text?.replace(/<br\/>|[`[\]\s-]|\(http[^)]*\)/g, '')
    expect(document?.fields.map(({ description }) => words(description))).toEqual(
      rows.map(({ cells }) => words(cells[4])),
    )
  })
})
