// How long reading a hundred pages of models takes, each with a table of its own.
import { existsSync } from 'node:fs'
import type { ImportedDocument, SourceFile } from '../src/import/imported.ts'
import { compiled } from './compiled.ts'
import { median, type Row } from './table.ts'

const rounds = 5
const count = 100

interface Reader {
  readonly readMarkdown: (source: SourceFile, options: object) => readonly ImportedDocument[]
}

/** Reads the pages one after the other; the first round only warms up. Nothing where the package reads no pages. */
export async function measureImports(): Promise<readonly Row[]> {
  if (!existsSync(new URL('../dist/src/import/markdown.js', import.meta.url))) return []
  const { readMarkdown } = await compiled<Reader>('import/markdown.js')
  const pages = Array.from({ length: count }, (_, index) => pageOf(index))
  const took = Array.from({ length: rounds + 1 }, () => {
    const begin = performance.now()
    const fields = pages.flatMap((page) => readMarkdown(page, {})).flatMap((document) => document.fields)
    if (fields.length !== 5 * count)
      throw new Error(`expected ${5 * count} fields, received ${fields.length}`)
    return (performance.now() - begin) / 1000
  }).slice(1)
  return [
    {
      what: `${count} pages read`,
      value: median(took),
      unit: 's',
      details: { lowest: Math.min(...took), highest: Math.max(...took) },
      budget: { atMost: 2 },
    },
  ]
}

function pageOf(index: number): SourceFile {
  const text = `# Globex${index}TokenRequest

## Fields

| Field | Type | Required | Description | Example |
| --- | --- | --- | --- | --- |
| \`ClientID\` | **string* | :heavy_minus_sign: | The id of client ${index}. | client-${index} |
| \`ClientSecret\` | **string* | :heavy_minus_sign: | The secret of client ${index}. | secret-${index} |
| \`GrantType\` | *string* | :heavy_check_mark: | Only allows option: \`client_credentials\`. | client_credentials |
| \`Scope\` | **string* | :heavy_minus_sign: | A space delimited list of scopes. | read write |
| \`Audience\` | **string* | :heavy_minus_sign: | Whom the token is for. | https://api${index}.example |
`
  return { file: `globex-${index}.md`, text }
}
