// What git knows of a path at a revision, and what a path with an @ in it means.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Exported, exportRevision, parseRevisedPath } from '../../src/cli/git-revision.ts'
import { root } from '../source-files.ts'
import { createRepository, type Repository } from './git-repository.ts'

let repository: Repository
const exportedOnes: Exported[] = []
const exportOf = (path: string, revision: string, directory = repository.directory) => {
  const exported = exportRevision({ path, revision }, directory)
  exportedOnes.push(exported)
  return exported
}
const temporaryFolders = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('tokenwright-revision-'))

beforeAll(() => {
  // Nobody else writes there while a test looks.
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'revisions-'))
  repository = createRepository()
  repository.commit('v1', {
    'package.json': '{"type":"module"}',
    'docs/page.md': 'one\r\n',
    'docs/gone.md': 'gone',
    'docs/page@2.md': 'with an at sign',
    'shared/reply.js': "export const reply = 'first'",
    'globex/service.js':
      "import { reply } from '../shared/reply.js'\nimport { name } from 'acme-names'\nexport default { reply, name }",
    'globex/deep/é name.txt': '\u0000binary\n',
    'node_modules/.keep': '',
  })
  rmSync(join(repository.directory, 'docs/gone.md'))
  symlinkSync('/etc/passwd', join(repository.directory, 'globex/link'))
  repository.commit('v2', { 'docs/page.md': 'two', 'shared/reply.js': "export const reply = 'second'" })
  // Not committed: packages are those of the working tree.
  const names = join(repository.directory, 'node_modules/acme-names')
  mkdirSync(names, { recursive: true })
  writeFileSync(join(names, 'package.json'), '{"name":"acme-names","type":"module","exports":"./index.js"}')
  writeFileSync(join(names, 'index.js'), "export const name = 'Acme'")
})
afterAll(() => {
  for (const exported of exportedOnes) exported.remove()
  repository.remove()
  rmSync(tmpdir(), { recursive: true, force: true })
})

const texts: ReadonlyArray<[text: string, path: string, revision: string | null]> = [
  ['docs/page.md', 'docs/page.md', null],
  ['docs/page.md@v1', 'docs/page.md', 'v1'],
  ['docs/gone.md@v1', 'docs/gone.md', 'v1'],
  ['docs/page.md@HEAD@{1}', 'docs/page.md', 'HEAD@{1}'],
  ['docs/gone.md@HEAD@{1}', 'docs/gone.md', 'HEAD@{1}'],
  ['docs/page@2.md', 'docs/page@2.md', null],
  ['docs/page@2.md@v1', 'docs/page@2.md', 'v1'],
  ['docs/@scope/page.md', 'docs/@scope/page.md', null],
  ['docs/@scope/page.md@v1', 'docs/@scope/page.md', 'v1'],
  ['./globex@HEAD~1', './globex', 'HEAD~1'],
  ['./globex@', './globex', ''],
  ['@v1', '@v1', null],
]

describe('a path at a revision', () => {
  test('that is a symbolic link is refused, and says where it leads', () => {
    expect(() => exportOf('globex/link', 'v2')).toThrow(
      'expected globex/link to be a file at that revision, received a symbolic link to /etc/passwd; next: name what it leads to',
    )
  })

  test('in a repository that git does not trust is refused for the reason that git gives', () => {
    process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1'
    try {
      expect(() => exportOf('docs/page.md', 'v1')).toThrow(
        /^expected git to read the repository of docs\/page\.md, received: fatal: .*ownership/,
      )
    } finally {
      delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER
    }
  })

  test.each(texts)('%s is %s at %s', (text, path, revision) => {
    expect(parseRevisedPath(text, repository.directory)).toEqual({ path, revision })
  })

  test('is a file byte for byte as it was, gone ones included', () => {
    expect(readFileSync(exportOf('docs/page.md', 'v1').path, 'utf8')).toBe('one\r\n')
    expect(readFileSync(exportOf('docs/page.md', 'HEAD').path, 'utf8')).toBe('two')
    expect(readFileSync(exportOf('docs/gone.md', 'HEAD~1').path, 'utf8')).toBe('gone')
    expect(readFileSync(exportOf('gone.md', 'v1', join(repository.directory, 'docs')).path, 'utf8')).toBe(
      'gone',
    )
  })

  test('is a folder with its files, and without links', () => {
    const { root: folder, path, isFolder } = exportOf('./globex', 'v2')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('.'),
    )
    expect([relative(folder, path), isFolder, files.sort()]).toEqual([
      'globex',
      true,
      ['globex/deep/é name.txt', 'globex/service.js', 'package.json'],
    ])
    expect(readFileSync(join(path, 'deep/é name.txt'), 'utf8')).toBe('\u0000binary\n')
  })

  test('is a module that finds what it imports: files as they were, packages as they are', () => {
    const url = pathToFileURL(join(root, 'src/cli/git-revision.ts')).href
    const probe = `import { exportRevision, withModulesOf } from '${url}'
      for (const revision of ['v1', 'v2']) {
        const exported = exportRevision({ path: 'globex', revision }, process.cwd())
        const load = () => import(exported.path + '/service.js')
        console.log(JSON.stringify((await withModulesOf(exported, load)).default))
        exported.remove()
      }`
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', probe], {
      cwd: repository.directory,
      encoding: 'utf8',
    })
    expect(output).toBe('{"reply":"first","name":"Acme"}\n{"reply":"second","name":"Acme"}\n')
  })

  test('is gone when it is removed', () => {
    const exported = exportRevision({ path: 'docs/page.md', revision: 'v1' }, repository.directory)
    expect(existsSync(exported.root)).toBe(true)
    exported.remove()
    expect(existsSync(exported.root)).toBe(false)
  })

  const refused: ReadonlyArray<[what: string, path: string, revision: string, message: RegExp]> = [
    [
      'a revision that nobody knows',
      'docs/page.md',
      'v9',
      /^expected a revision that the repository knows behind the @, .* received "v9"$/,
    ],
    ['no revision', 'docs/page.md', '', /received ""$/],
    ['an option of git', 'docs/page.md', '--output=/tmp/x', /received "--output=\/tmp\/x"$/],
    ['a tree in place of a revision', 'docs/page.md', 'v1:docs', /received "v1:docs"$/],
    ['a line end', 'docs/page.md', 'v1\nv2', /received "v1\\nv2"$/],
    [
      'a file that is not there yet',
      'docs/never.md',
      'v1',
      /^expected docs\/never\.md to be in the repository at v1, found none there$/,
    ],
    [
      'a file that is no longer there',
      'docs/gone.md',
      'v2',
      /^expected docs\/gone\.md to be in the repository at v2/,
    ],
  ]

  test.each(refused)('is refused for %s', (_what, path, revision, message) => {
    const before = temporaryFolders()
    expect(() => exportRevision({ path, revision }, repository.directory)).toThrow(message)
    expect(temporaryFolders()).toEqual(before)
  })

  test('is refused outside of a repository', () => {
    expect(() => exportRevision({ path: 'page.md', revision: 'v1' }, tmpdir())).toThrow(
      /^expected page\.md to be in a git repository, as it is asked for at a revision; found none around /,
    )
  })
})
