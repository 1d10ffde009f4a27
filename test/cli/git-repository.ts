// Git repositories of a moment, whose commits are the same in every run.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A repository with a commit for each state of its files. */
export interface Repository {
  readonly directory: string
  /** Writes files, and commits all that is there under a tag. */
  readonly commit: (tag: string, files: Readonly<Record<string, string>>) => void
  readonly git: (...args: readonly string[]) => string
  readonly remove: () => void
}

const date = '2026-01-02T03:04:05Z'
const environment = {
  PATH: process.env.PATH,
  // Nobody's own configuration.
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Example',
  GIT_AUTHOR_EMAIL: 'author@example.test',
  GIT_AUTHOR_DATE: date,
  GIT_COMMITTER_NAME: 'Example',
  GIT_COMMITTER_EMAIL: 'author@example.test',
  GIT_COMMITTER_DATE: date,
}

/** An empty repository in a temporary folder. */
export function createRepository(): Repository {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'repository-')))
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, {
      cwd: directory,
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  git('init', '--quiet', '--initial-branch=main')
  return {
    directory,
    git,
    commit: (tag, files) => {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true })
        writeFileSync(join(directory, name), content)
      }
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '--message', tag)
      git('tag', tag)
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
