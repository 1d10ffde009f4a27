// A service's folder, imported anew: what a person changed stays, what a page changed comes, and nothing is lost.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeFolder, writePlanned } from '../../src/import/folder-write.ts'
import { importLockName, readImportLock } from '../../src/import/import-lock.ts'
import type { ImportedDocument } from '../../src/import/imported.ts'
import { importService } from '../../src/import/importing.ts'
import { type FolderPlan, planFolder } from '../../src/import/service-folder.ts'
import type { StatedFacts } from '../../src/import/stated.ts'
import { document, field, loginFields } from './imported-documents.ts'

const request = document({ fields: loginFields })
const withRegion = document({ fields: [...loginFields, field('region', { example: 'eu' })] })
const withZone = document({ fields: [...loginFields, field('zone', { example: 'a' })] })

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'tokenwright-import-')), 'acme')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

interface Given {
  readonly documents?: readonly ImportedDocument[]
  readonly stated?: StatedFacts
  readonly read?: string
  readonly file?: string
  readonly keepMine?: boolean
}

function planned({
  documents = [request],
  stated = {},
  read = '2026-01-31',
  file = 'page.md',
  keepMine = false,
}: Given = {}): FolderPlan {
  return planFolder(folder, readImportLock(folder), {
    sources: [{ file, text: JSON.stringify(documents), documents }],
    stated,
    name: { id: 'acme' },
    read,
    keepMine,
  })
}

function imported(given: Given = {}): FolderPlan {
  const plan = planned(given)
  writeFolder(plan)
  return plan
}

const textOf = (file: string) => readFileSync(join(folder, file), 'utf8')
const statesOf = ({ files }: FolderPlan) => Object.fromEntries(files.map(({ file, state }) => [file, state]))
const filesIn = () => Object.fromEntries(readdirSync(folder).map((file) => [file, textOf(file)]))

/** Replaces a line, which has to be there. */
function edit(file: string, from: string, to: string): void {
  expect(textOf(file)).toContain(from)
  writeFileSync(join(folder, file), textOf(file).replace(from, to))
}

describe('an imported folder', () => {
  test('has the service, its variants and the lock', () => {
    expect(statesOf(imported())).toEqual({ 'service.ts': 'created', 'go.ts': 'created' })
    expect(readdirSync(folder).sort()).toEqual(['go.ts', importLockName, 'service.ts'])
  })

  test('is left alone, byte for byte, when the page did not change, on whatever day', () => {
    imported()
    const before = filesIn()
    const plan = imported({ read: '2026-11-21' })
    expect(statesOf(plan)).toEqual({ 'service.ts': 'unchanged', 'go.ts': 'unchanged' })
    expect(plan.writes.size).toBe(0)
    expect(filesIn()).toEqual(before)
  })

  test('takes what changed on the page and keeps what a person changed', () => {
    imported()
    edit('service.ts', "title: 'Acme',", "title: 'Acme Corporation',")
    edit('go.ts', "    sdk: 'Acme Go SDK',", "    sdk: 'Acme for Go',")
    const plan = imported({ documents: [withRegion], read: '2026-11-21' })
    expect(statesOf(plan)).toEqual({ 'service.ts': 'updated', 'go.ts': 'updated' })
    expect(plan.files.flatMap(({ conflicts }) => conflicts)).toEqual([])
    expect(textOf('service.ts')).toContain("title: 'Acme Corporation',")
    expect(textOf('service.ts')).toContain("const read = '2026-11-21'")
    expect(textOf('go.ts')).toContain("sdk: 'Acme for Go',")
    expect(textOf('go.ts')).toContain("required: ['grant_type', 'client_id', 'client_secret', 'region'],")
  })

  test('keeps the lines that both changed as the person has them, and tells each time what the page has', () => {
    imported({ documents: [withRegion] })
    edit('go.ts', "examples: ['eu'],", "examples: ['mars'],")
    const documents = [document({ fields: [...loginFields, field('region', { example: 'us' })] })]
    const plan = imported({ documents })
    const line =
      textOf('go.ts')
        .split('\n')
        .findIndex((text) => text.includes("['mars']")) + 1
    expect(plan.files.filter(({ conflicts }) => conflicts.length > 0)).toEqual([
      {
        file: 'go.ts',
        state: 'kept',
        conflicts: [
          {
            line,
            yours: ["            examples: ['mars'],"],
            generated: ["            examples: ['us'],"],
          },
        ],
      },
    ])
    const before = filesIn()
    expect(imported({ documents }).files).toEqual(plan.files)
    expect(filesIn()).toEqual(before)
    expect(textOf('go.ts')).toContain("examples: ['mars'],")
  })

  test.each<[sentence: string, resolve: () => Given]>([
    [
      'the file has the lines of the page',
      () => {
        edit('go.ts', "['mars']", "['us']")
        return {}
      },
    ],
    ['the person confirms their own', () => ({ keepMine: true })],
  ])('tells a conflict no more when %s', (_sentence, resolve) => {
    imported({ documents: [withRegion] })
    edit('go.ts', "examples: ['eu'],", "examples: ['mars'],")
    const documents = [document({ fields: [...loginFields, field('region', { example: 'us' })] })]
    imported({ documents })
    const before = textOf('service.ts')
    expect(imported({ documents, ...resolve() }).files.flatMap(({ conflicts }) => conflicts)).toEqual([])
    const own = textOf('go.ts')
    expect(imported({ documents }).files.flatMap(({ conflicts }) => conflicts)).toEqual([])
    expect([textOf('service.ts'), textOf('go.ts')]).toEqual([before, own])
  })

  test('keeps files that a person added, and line ends of another system', () => {
    imported()
    writeFileSync(join(folder, 'notes.ts'), '// mine\n')
    writeFileSync(join(folder, 'go.ts'), textOf('go.ts').replaceAll('\n', '\r\n'))
    imported({ documents: [withRegion] })
    expect(textOf('notes.ts')).toBe('// mine\n')
    expect(textOf('go.ts')).toContain("'region'],\r\n")
    expect(textOf('go.ts').replaceAll('\r\n', '')).not.toContain('\n')
  })

  test('keeps a variant whose page is not given again, and what was stated of it', () => {
    imported({ stated: { version: '0.2.1', path: '/v3/token' }, file: 'old.md' })
    const before = textOf('go-0.2.1.ts')
    const plan = imported({ documents: [withRegion], stated: { version: '0.3.0' }, file: 'new.md' })
    expect(plan.draft.service.variants.map(({ id }) => id)).toEqual(['acme/go-0.2.1', 'acme/go-0.3.0'])
    expect(textOf('go-0.2.1.ts')).toBe(before)
    imported({ documents: [withZone], file: 'old.md' })
    expect(textOf('go-0.2.1.ts')).toContain("'zone'],")
    expect(textOf('service.ts')).toContain("path: '/v3/token',")
  })

  test('adds a variant when the same page is stated to be of another version', () => {
    imported({ stated: { version: '0.2.1' } })
    imported({ documents: [withRegion], stated: { version: '0.3.0' } })
    expect(readdirSync(folder).sort()).toEqual(['go-0.2.1.ts', 'go-0.3.0.ts', importLockName, 'service.ts'])
  })

  test('takes a page of the same variant from another place for a newer one', () => {
    imported({ stated: { version: '0.2.1' }, file: 'a.md' })
    const plan = imported({ documents: [withRegion], stated: { version: '0.2.1' }, file: 'b.md' })
    expect(plan.draft.service.variants.map(({ id }) => id)).toEqual(['acme/go-0.2.1'])
    expect(readImportLock(folder)?.sources.map(({ file }) => file)).toEqual(['b.md'])
  })

  test('removes the file of a variant that its page no longer has, unless a person changed it', () => {
    const java = { ...request, language: 'Java' }
    const csharp = { ...request, language: 'C#' }
    imported({ documents: [request, java, csharp] })
    edit('csharp-token-request.ts', "'unknown'", "'1.0.0'")
    const plan = imported({ documents: [request, { ...withRegion, model: 'Region' }] })
    expect(statesOf(plan)).toEqual({
      'service.ts': 'updated',
      'go-token-request.ts': 'unchanged',
      'go-region.ts': 'created',
      'java-token-request.ts': 'removed',
      'csharp-token-request.ts': 'kept',
    })
    expect(existsSync(join(folder, 'java-token-request.ts'))).toBe(false)
    expect(textOf('csharp-token-request.ts')).toContain("'1.0.0'")
  })

  test('does not bring back a variant that a person removed, with its import', () => {
    imported({ file: 'a.md' })
    imported({ documents: [withRegion], stated: { version: '0.3.0' }, file: 'b.md' })
    rmSync(join(folder, 'go.ts'))
    edit('service.ts', "import { go } from './go.ts'\n", '')
    edit('service.ts', 'variants: [go, go030]', 'variants: [go030]')
    expect(statesOf(imported({ file: 'a.md' }))).toEqual({
      'service.ts': 'kept',
      'go.ts': 'removed',
      'go-0.3.0.ts': 'unchanged',
    })
    expect(existsSync(join(folder, 'go.ts'))).toBe(false)
  })

  test('restores a file that is gone while the service imports it', () => {
    imported()
    const before = filesIn()
    rmSync(join(folder, 'go.ts'))
    expect(statesOf(imported())).toEqual({ 'service.ts': 'unchanged', 'go.ts': 'restored' })
    expect(filesIn()).toEqual(before)
  })

  test('has a variant for each model of one language, in whatever file', () => {
    const refresh = document({ fields: loginFields, model: 'RefreshTokenRequest' })
    imported({ file: 'a.md' })
    const before = textOf('go.ts')
    const plan = imported({ documents: [refresh], file: 'b.md' })
    expect(statesOf(plan)).toEqual({
      'service.ts': 'updated',
      'go.ts': 'unchanged',
      'go-refresh-token-request.ts': 'created',
    })
    expect(textOf('go.ts')).toBe(before)
    const again = imported({ file: 'a.md' })
    expect(again.writes.size).toBe(0)
  })

  test('takes two pages of one model, given at once, for no newer one', () => {
    const given = ['a.md', 'b.md'].map((file) => ({ file, text: file, documents: [request] }))
    const plan = () =>
      planFolder(folder, undefined, { sources: given, stated: {}, name: { id: 'acme' }, read: '2026-01-31' })
    expect(plan).toThrow(
      'expected one request for the variant "go", received TokenRequest in a.md and TokenRequest in b.md; next: import them one by one, each with its --sdk-version or --variant',
    )
  })

  test('is not there when writing it breaks off', () => {
    const plan = planned()
    const writes = new Map([...plan.writes, ['nowhere/x.ts', '']])
    expect(() => writeFolder({ ...plan, writes })).toThrow('ENOENT')
    expect(readdirSync(join(folder, '..'))).toEqual([])
  })

  test('stays as it was when writing it anew breaks off', () => {
    imported()
    const before = filesIn()
    const plan = planned({ documents: [withRegion] })
    const writes = new Map([...plan.writes, ['nowhere/x.ts', '']])
    expect(() => writeFolder({ ...plan, writes })).toThrow('ENOENT')
    expect(filesIn()).toEqual(before)
  })

  test('is written into an empty folder, which a hidden file leaves empty', () => {
    mkdirSync(folder)
    writeFileSync(join(folder, '.gitkeep'), '')
    imported()
    expect(readdirSync(folder).sort()).toEqual(['.gitkeep', 'go.ts', importLockName, 'service.ts'])
  })

  test('loses nothing when several are imported into it at once', async () => {
    const page = (language: string) => ({
      file: `${language}.md`,
      text: `# TokenRequest

| Field | Type | Required | Description | Example |
|---|---|---|---|---|
| \`grantType\` | *string* | :heavy_check_mark: | This field only accepts \`client_credentials\`. | client_credentials |
`,
    })
    const languages = ['Go', 'Java', 'PHP', 'Ruby']
    await Promise.all(
      languages.map((language) =>
        importService(page(language), { service: 'acme', folder, language, read: '2026-01-31' }),
      ),
    )
    expect(readdirSync(folder).sort()).toEqual([
      'go.ts',
      importLockName,
      'java.ts',
      'php.ts',
      'ruby.ts',
      'service.ts',
    ])
    expect(readdirSync(join(folder, '..'))).toEqual(['acme'])
    expect(readImportLock(folder)?.sources.length).toBe(4)
  })

  test('is planned anew when another import writes it in the middle of planning', async () => {
    let count = 0
    const plan = () => {
      const lock = readImportLock(folder)
      count += 1
      if (count === 1) imported({ documents: [{ ...request, language: 'Java' }], file: 'java.md' })
      return planFolder(folder, lock, {
        sources: [{ file: 'page.md', text: '', documents: [request] }],
        stated: {},
        name: { id: 'acme' },
        read: '2026-01-31',
      })
    }
    expect(statesOf(await writePlanned(folder, plan))).toEqual({
      'service.ts': 'updated',
      'java.ts': 'unchanged',
      'go.ts': 'created',
    })
  })

  test.each<[sentence: string, prepare: () => string, message: RegExp]>([
    [
      'below a file',
      () => {
        writeFileSync(join(folder, '..', 'file'), '')
        return join(folder, '..', 'file', 'acme')
      },
      /^expected \S+ to be a folder that can be read and written, received (ENOTDIR|EEXIST|ENOENT) at .*; next: name another with --out$/,
    ],
  ])('cannot be written %s', async (_sentence, prepare, message) => {
    const page = {
      file: 'page.md',
      text: '| Field | Type | Required |\n|---|---|---|\n| `grant_type` | string | yes |\n',
    }
    const options = { service: 'acme', folder: prepare(), grantTypes: ['client_credentials'] }
    await expect(importService(page, options)).rejects.toThrow(message)
    expect(readdirSync(join(folder, '..'))).toEqual(['file'])
  })

  test('has a lock that is the same wherever it is written', () => {
    mkdirSync(join(folder, '..', 'pages'))
    const file = join(folder, '..', 'pages', 'page.md')
    writeFileSync(file, '')
    imported({ documents: [{ ...request, file }], file })
    expect(readImportLock(folder)?.sources.map((source) => [source.file, source.documents[0]?.file])).toEqual(
      [['../pages/page.md', '../pages/page.md']],
    )
    expect(textOf(importLockName)).not.toContain(join(folder, '..'))
  })

  test.each<[sentence: string, prepare: () => void, message: string]>([
    [
      'that holds other files',
      () => writeFileSync(join(folder, 'service.ts'), ''),
      'to be empty or to hold import.lock.json, received service.ts without it; next: import into a folder of its own',
    ],
    [
      'whose lock is no JSON',
      () => writeFileSync(join(folder, importLockName), '<<<<<<<'),
      'it is not JSON; next: restore it from version control, or import into a new folder',
    ],
    [
      'whose lock is of another form',
      () => writeFileSync(join(folder, importLockName), '{"version":2}'),
      'at /service expected an object; next: restore it from version control, or import into a new folder',
    ],
    [
      'whose lock has a document that is none',
      () => writeFileSync(join(folder, importLockName), lockOf({}, 'acme', [{ role: 'request' }])),
      'import.lock.json: at /sources/0/documents/0/file expected a string; next: restore it from version control',
    ],
    [
      'whose lock has a document without fields',
      () => {
        const broken = { ...request, fields: null }
        writeFileSync(join(folder, importLockName), lockOf({}, 'acme', [broken]))
      },
      'import.lock.json: at /sources/0/documents/0/fields expected an array; next: restore it from version control',
    ],
    [
      'whose lock leads out of it',
      () => writeFileSync(join(folder, importLockName), lockOf({ '../x.ts': '' })),
      'next: restore it from version control',
    ],
    [
      'of another service',
      () => writeFileSync(join(folder, importLockName), lockOf({}, 'globex')),
      'to hold the service "acme", received "globex"; next: name another folder with --out',
    ],
    [
      'with a file of its own where a variant is to be',
      () => {
        writeFileSync(join(folder, importLockName), lockOf({}))
        writeFileSync(join(folder, 'go.ts'), '// mine\n')
      },
      'go.ts: expected no such file, received one that no import wrote; next: rename it, or the variant with --variant',
    ],
  ])('is refused, and stays as it is: one %s', (_sentence, prepare, message) => {
    mkdirSync(folder)
    prepare()
    const before = filesIn()
    expect(() => imported()).toThrow(message)
    expect(filesIn()).toEqual(before)
  })
})

function lockOf(
  files: Readonly<Record<string, string>>,
  id = 'acme',
  documents: readonly unknown[] = [],
): string {
  const source = { file: 'page.md', read: '2026-01-31', sha256: '', stated: {}, documents }
  const sources = documents.length > 0 ? [source] : []
  return JSON.stringify({ version: 1, service: { id }, defineFrom: 'tokenwright', sources, files })
}
