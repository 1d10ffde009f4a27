// A service's folder, imported anew: what a person changed stays, what a page changed comes, and nothing is lost.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importLockName, readImportLock } from '../../src/import/import-lock.ts'
import type { ImportedDocument } from '../../src/import/imported.ts'
import { type FolderPlan, planFolder, writeFolder } from '../../src/import/service-folder.ts'
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
}

function planned({
  documents = [request],
  stated = {},
  read = '2026-01-31',
  file = 'page.md',
}: Given = {}): FolderPlan {
  return planFolder(folder, readImportLock(folder), {
    sources: [{ file, text: JSON.stringify(documents), documents }],
    stated,
    name: { id: 'acme' },
    read,
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

  test('keeps the lines that both changed as the person has them, and tells once what the page has', () => {
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
    expect(imported({ documents }).files.flatMap(({ conflicts }) => conflicts)).toEqual([])
    expect(textOf('go.ts')).toContain("examples: ['mars'],")
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

  test('does not bring back a variant that a person removed', () => {
    imported()
    rmSync(join(folder, 'go.ts'))
    expect(statesOf(imported())).toEqual({ 'service.ts': 'unchanged', 'go.ts': 'removed' })
    expect(existsSync(join(folder, 'go.ts'))).toBe(false)
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

function lockOf(files: Readonly<Record<string, string>>, id = 'acme'): string {
  return JSON.stringify({ version: 1, service: { id }, defineFrom: 'tokenwright', sources: [], files })
}
