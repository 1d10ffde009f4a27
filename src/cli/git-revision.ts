// A file or a folder as it was at a git revision, in a temporary folder that stands for the repository. Git runs without a
// shell, is given nothing that it could take for an option, and writes nothing.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import module, { type ResolveHookSync } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { visible } from '../report/shown.ts'
import { TokenwrightError } from '../service/error.ts'

/** What stands in a repository at a revision. */
export interface Exported {
  /** The temporary folder. */
  readonly root: string
  /** What was asked for, in that folder. */
  readonly path: string
  readonly isFolder: boolean
  /** The repository's own folder. */
  readonly top: string
  /** Brings one more file of the revision, by its path in the temporary folder; `false` where there is none. */
  readonly add: (path: string) => boolean
  readonly remove: () => void
}

/** A path, and what stands behind its `@`. */
export interface RevisedPath {
  readonly path: string
  readonly revision: string | null
}

/** The most that git may print at once, in bytes. */
const mostBytes = 512 * 1024 * 1024

/**
 * Takes `docs/x.md@v1.2` apart. What exists is a path as it stands, with any `@` in it; of several places to part it,
 * the one is taken whose path exists, or else the last, but that of `HEAD@{1}`.
 */
export function parseRevisedPath(text: string, directory: string): RevisedPath {
  const exists = (path: string) => existsSync(resolve(directory, path))
  const places = [...text.matchAll(/(?<=[^/])@/g)].map(({ index }) => index)
  if (exists(text) || places.length === 0) return { path: text, revision: null }
  const existing = places.findLast((at) => exists(text.slice(0, at)))
  const at = existing ?? places.findLast((each) => text[each + 1] !== '{') ?? text.length
  return { path: text.slice(0, at), revision: text.slice(at + 1) }
}

/**
 * Exports a file, or a folder with all that is in it.
 *
 * @throws {TokenwrightError} `ERR_DIFF_INVALID`: no git, no repository, no such revision, or nothing there at it
 */
export function exportRevision({ path, revision }: RevisedPath, directory: string): Exported {
  const target = resolve(directory, path)
  const near = nearestFolder(target)
  const [top = '', prefix = ''] = repositoryOf(path, near)
  const commit = commitOf(near, revision ?? '')
  const inside = [prefix.replace(/\/$/, ''), ...relative(near, target).split(sep)].filter(
    (part) => part !== '',
  )
  const object = `${commit}:${inside.join('/')}`
  const kind = tryGit(near, ['cat-file', '-t', object])?.toString().trim()
  if (kind !== 'blob' && kind !== 'tree')
    throw invalid(
      `expected ${visible(path)} to be in the repository at ${visible(revision ?? '')}, found none there`,
    )
  requireNoLink(near, commit, inside.join('/'), object)
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tokenwright-revision-')))
  const remove = () => rmSync(root, { recursive: true, force: true })
  const add = (file: string) => addFile({ near, commit, root }, file)
  const exported = { root, path: join(root, ...inside), isFolder: kind === 'tree', top, add, remove }
  try {
    if (exported.isFolder) addFolder(near, object, exported.path)
    else if (!add(exported.path))
      throw invalid(
        `expected git to give ${visible(path)} at ${visible(revision ?? '')}, received nothing; next: git cat-file -s ${object}`,
      )
    // By these Node.js knows whether a file is a module.
    for (const [depth] of [...inside, ''].entries())
      add(join(root, ...inside.slice(0, depth), 'package.json'))
    return exported
  } catch (error) {
    remove()
    throw error
  }
}

/** Runs `load`, in which modules of the temporary folder find each other there, and packages beside the repository. */
export async function withModulesOf<T>(exported: Exported, load: () => Promise<T>): Promise<T> {
  const hooks = module.registerHooks({ resolve: resolverOf(exported) })
  try {
    return await load()
  } finally {
    hooks.deregister()
  }
}

function resolverOf({ root, top, add }: Exported): ResolveHookSync {
  return (specifier, context, nextResolve) => {
    const parent = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : ''
    if (!parent.startsWith(root + sep) || specifier.startsWith('#')) return nextResolve(specifier, context)
    if (/^\.{1,2}\//.test(specifier)) {
      add(fileURLToPath(new URL(specifier, context.parentURL)))
      return nextResolve(specifier, context)
    }
    const parentURL = pathToFileURL(join(top, relative(root, parent))).href
    return nextResolve(specifier, { ...context, parentURL })
  }
}

function nearestFolder(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return isFolder || dirname(path) === path ? path : nearestFolder(dirname(path))
}

/** Its own folder, and the path of `near` in it. */
function repositoryOf(path: string, near: string): readonly string[] {
  const reason: string[] = []
  const output = tryGit(near, ['rev-parse', '--show-toplevel', '--show-prefix'], reason)
  if (output !== undefined) return output.toString().split('\n')
  // A repository of somebody else's is refused by git, and it says why.
  const [why = ''] = reason
  if (why !== '' && !why.includes('not a git repository'))
    throw invalid(`expected git to read the repository of ${visible(path)}, received: ${visible(why)}`)
  throw invalid(
    `expected ${visible(path)} to be in a git repository, as it is asked for at a revision; found none around ${visible(near)}`,
  )
}

function commitOf(near: string, revision: string): string {
  const isPlain = /^[^-\p{Cc}][^\p{Cc}]*$/u.test(revision)
  const commit = isPlain
    ? tryGit(near, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`])
    : undefined
  if (commit !== undefined) return commit.toString().trim()
  throw invalid(
    `expected a revision that the repository knows behind the @, such as a tag, a branch or a commit, received "${visible(revision)}"`,
  )
}

/** Of a symbolic link git keeps the name that it leads to, which is no page. */
function requireNoLink(near: string, commit: string, path: string, object: string): void {
  const entry = tryGit(near, ['ls-tree', '-z', '--full-tree', commit, '--', path])?.toString() ?? ''
  if (path === '' || !entry.startsWith('120000 ')) return
  const target = tryGit(near, ['cat-file', 'blob', object])?.toString() ?? ''
  throw invalid(
    `expected ${visible(path)} to be a file at that revision, received a symbolic link to ${visible(target)}; next: name what it leads to`,
  )
}

interface Source {
  readonly near: string
  readonly commit: string
  readonly root: string
}

function addFile({ near, commit, root }: Source, path: string): boolean {
  const inside = relative(root, path).split(sep)
  if (inside[0] === '..' || existsSync(path)) return existsSync(path)
  const content = tryGit(near, ['cat-file', 'blob', `${commit}:${inside.join('/')}`])
  if (content === undefined) return false
  write(path, content)
  return true
}

/** All files of a tree, by one process; links are left out, as they may lead anywhere. */
function addFolder(near: string, tree: string, folder: string): void {
  const entries = git(near, ['ls-tree', '-r', '-z', '--full-tree', tree]).toString().split('\0')
  const files = entries.flatMap((entry) => {
    const [, id = '', path = ''] = /^100\d{3} blob ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? []
    return path === '' ? [] : [{ id, path }]
  })
  const output = git(near, ['cat-file', '--batch'], files.map(({ id }) => `${id}\n`).join(''))
  let at = 0
  for (const { path } of files) {
    const end = output.indexOf('\n', at)
    const size = Number(output.toString('latin1', at, end).split(' ')[2])
    write(join(folder, path), output.subarray(end + 1, end + 1 + size))
    at = end + size + 2
  }
}

function write(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

/** What git prints; where it fails, the first line that it gives as a reason is put among the reasons. */
function tryGit(directory: string, args: readonly string[], reasons: string[] = []): Buffer | undefined {
  try {
    return git(directory, args)
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: Buffer }
    if (code !== 'ENOENT') {
      reasons.push(stderr?.toString().trim().split('\n')[0] ?? '')
      return undefined
    }
    throw invalid('expected git, as a revision is asked for, found none on this machine')
  }
}

function git(directory: string, args: readonly string[], input = ''): Buffer {
  // Within a hook of git, these would lead to that hook's own repository and index.
  const {
    GIT_DIR: _dir,
    GIT_WORK_TREE: _tree,
    GIT_INDEX_FILE: _index,
    GIT_PREFIX: _prefix,
    ...env
  } = process.env
  return execFileSync('git', args, {
    cwd: directory,
    env,
    input,
    maxBuffer: mostBytes,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

function invalid(message: string): TokenwrightError {
  return new TokenwrightError('ERR_DIFF_INVALID', message)
}
