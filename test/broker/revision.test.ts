// Which version this is: what CI systems and git say of it.
import { describe, expect, test } from 'vitest'
import { findRevision, type Revision, requireBranch, systemGit } from '../../src/broker/revision.ts'

const noGit = () => undefined
const git = (...args: readonly string[]) => (args.includes('--abbrev-ref') ? 'main' : 'c0ffee')
const detached = (...args: readonly string[]) => (args.includes('--abbrev-ref') ? 'HEAD' : 'c0ffee')

type Environment = Readonly<Record<string, string>>
const github = {
  GITHUB_SHA: 'abc',
  GITHUB_REF_NAME: 'main',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/web',
  GITHUB_RUN_ID: '7',
}
const systems: ReadonlyArray<[name: string, environment: Environment, revision: Revision]> = [
  [
    'GitHub Actions',
    github,
    { version: 'abc', branch: 'main', buildUrl: 'https://github.com/acme/web/actions/runs/7' },
  ],
  [
    'a pull request of GitHub Actions',
    { ...github, GITHUB_REF_NAME: '12/merge', GITHUB_HEAD_REF: 'feat/x' },
    { version: 'abc', branch: 'feat/x', buildUrl: 'https://github.com/acme/web/actions/runs/7' },
  ],
  [
    'a tag of GitHub Actions',
    { GITHUB_SHA: 'abc', GITHUB_REF_NAME: 'v1', GITHUB_REF_TYPE: 'tag' },
    { version: 'abc' },
  ],
  [
    'a branch of GitHub Actions',
    { GITHUB_SHA: 'abc', GITHUB_REF_NAME: 'v1', GITHUB_REF_TYPE: 'branch' },
    { version: 'abc', branch: 'v1' },
  ],
  [
    'GitLab CI',
    { CI_COMMIT_SHA: 'abc', CI_COMMIT_REF_NAME: 'main', CI_JOB_URL: 'https://gitlab.example/7' },
    { version: 'abc', branch: 'main', buildUrl: 'https://gitlab.example/7' },
  ],
  [
    'a merge request of GitLab CI',
    { CI_COMMIT_SHA: 'abc', CI_COMMIT_REF_NAME: 'merge', CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'feat' },
    { version: 'abc', branch: 'feat' },
  ],
  [
    'a tag of GitLab CI',
    { CI_COMMIT_SHA: 'abc', CI_COMMIT_REF_NAME: 'v1', CI_COMMIT_TAG: 'v1' },
    { version: 'abc' },
  ],
  ['Buildkite', { BUILDKITE_COMMIT: 'abc', BUILDKITE_BRANCH: 'main' }, { version: 'abc', branch: 'main' }],
  ['CircleCI', { CIRCLE_SHA1: 'abc', CIRCLE_BRANCH: 'main' }, { version: 'abc', branch: 'main' }],
  [
    'Travis CI',
    { TRAVIS_COMMIT: 'abc', TRAVIS_BRANCH: 'main', TRAVIS_PULL_REQUEST_BRANCH: '' },
    { version: 'abc', branch: 'main' },
  ],
  [
    'Bitbucket Pipelines',
    { BITBUCKET_COMMIT: 'abc', BITBUCKET_BRANCH: 'main' },
    { version: 'abc', branch: 'main' },
  ],
  [
    'Azure Pipelines',
    { BUILD_SOURCEVERSION: 'abc', BUILD_SOURCEBRANCH: 'refs/heads/feat/x' },
    { version: 'abc', branch: 'feat/x' },
  ],
  [
    'AppVeyor',
    { APPVEYOR_REPO_COMMIT: 'abc', APPVEYOR_REPO_BRANCH: 'main' },
    { version: 'abc', branch: 'main' },
  ],
  [
    'Jenkins',
    { GIT_COMMIT: 'abc', BRANCH_NAME: 'main', BUILD_URL: 'https://ci/7' },
    { version: 'abc', branch: 'main', buildUrl: 'https://ci/7' },
  ],
]

describe('a revision', () => {
  test.each(systems)('is that of %s', (_name, environment, revision) => {
    expect(findRevision({ environment, git: noGit })).toEqual(revision)
  })

  test('is that of git where there is no CI', () => {
    expect(findRevision({ environment: { GITHUB_SHA: '' }, git })).toEqual({
      version: 'c0ffee',
      branch: 'main',
    })
  })

  test('has no branch where none is checked out', () => {
    const revision = findRevision({ environment: {}, git: detached })
    expect(revision).toEqual({ version: 'c0ffee' })
    expect(() => requireBranch(revision)).toThrow(
      /^expected a branch from git or a variable of CI, found none/,
    )
  })

  test('is what was given, above all else', () => {
    const given = { version: '1.2.3', branch: 'mine', buildUrl: 'https://ci/8' }
    expect(findRevision({ environment: github, git, given })).toEqual(given)
    expect(findRevision({ environment: {}, git, given: { version: '1.2.3' } })).toEqual({
      version: '1.2.3',
      branch: 'main',
    })
  })

  test('is nothing that can be made up', () => {
    expect(() => findRevision({ environment: {}, git: noGit })).toThrow(
      /^expected a version from git, or from a variable of CI \(GITHUB_SHA, CI_COMMIT_SHA, .*\), found none; next: --version$/,
    )
  })

  test('is not found by a git that fails', () => {
    expect(systemGit('rev-parse', '--verify', 'no-such-revision')).toBeUndefined()
  })
})
