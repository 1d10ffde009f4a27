// Which version of the code this is: told by flags, by the variables of CI systems, or by git.
import { execFileSync } from 'node:child_process'
import { TokenwrightError } from '../service/error.ts'

/** The version of an application, as a broker knows it. */
export interface Revision {
  readonly version: string
  readonly branch?: string
  readonly buildUrl?: string
}

/** A CI system's variables; of several the first that is set counts. */
interface CiSystem {
  readonly name: string
  readonly version: readonly string[]
  readonly branch: readonly string[]
  /** The variable that tells the build of a tag, whose name is no branch; with its value where it is always set. */
  readonly tag?: readonly [name: string, value?: string]
  /** An address in which `{NAME}` stands for variables, all of which have to be set. */
  readonly buildUrl: string
}

/** In this order: some systems set variables of others. */
const ciSystems: readonly CiSystem[] = [
  {
    name: 'GitHub Actions',
    version: ['GITHUB_SHA'],
    // The branch of a pull request; GITHUB_REF_NAME is then its merge.
    branch: ['GITHUB_HEAD_REF', 'GITHUB_REF_NAME'],
    tag: ['GITHUB_REF_TYPE', 'tag'],
    buildUrl: '{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}',
  },
  {
    name: 'GitLab CI',
    version: ['CI_COMMIT_SHA'],
    branch: ['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'CI_COMMIT_BRANCH', 'CI_COMMIT_REF_NAME'],
    tag: ['CI_COMMIT_TAG'],
    buildUrl: '{CI_JOB_URL}',
  },
  {
    name: 'Buildkite',
    version: ['BUILDKITE_COMMIT'],
    branch: ['BUILDKITE_BRANCH'],
    buildUrl: '{BUILDKITE_BUILD_URL}',
  },
  {
    name: 'CircleCI',
    version: ['CIRCLE_SHA1'],
    branch: ['CIRCLE_BRANCH'],
    buildUrl: '{CIRCLE_BUILD_URL}',
  },
  {
    name: 'Travis CI',
    version: ['TRAVIS_COMMIT'],
    branch: ['TRAVIS_PULL_REQUEST_BRANCH', 'TRAVIS_BRANCH'],
    buildUrl: '{TRAVIS_BUILD_WEB_URL}',
  },
  {
    name: 'Bitbucket Pipelines',
    version: ['BITBUCKET_COMMIT'],
    branch: ['BITBUCKET_BRANCH'],
    buildUrl: '{BITBUCKET_GIT_HTTP_ORIGIN}/pipelines/results/{BITBUCKET_BUILD_NUMBER}',
  },
  {
    name: 'Azure Pipelines',
    version: ['BUILD_SOURCEVERSION'],
    branch: ['SYSTEM_PULLREQUEST_SOURCEBRANCH', 'BUILD_SOURCEBRANCH'],
    buildUrl: '{SYSTEM_TEAMFOUNDATIONSERVERURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}',
  },
  {
    name: 'AppVeyor',
    version: ['APPVEYOR_REPO_COMMIT'],
    branch: ['APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH', 'APPVEYOR_REPO_BRANCH'],
    buildUrl:
      '{APPVEYOR_URL}/project/{APPVEYOR_ACCOUNT_NAME}/{APPVEYOR_PROJECT_SLUG}/builds/{APPVEYOR_BUILD_ID}',
  },
  {
    name: 'Jenkins',
    version: ['GIT_COMMIT'],
    branch: ['CHANGE_BRANCH', 'BRANCH_NAME', 'GIT_BRANCH'],
    buildUrl: '{BUILD_URL}',
  },
]

/** Where a revision is read. */
export interface RevisionSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What git prints, without the line's end; `undefined` where it fails. */
  readonly git: (...args: readonly string[]) => string | undefined
  /** Stands above all else. */
  readonly given?: Partial<Revision>
}

/**
 * The version, with the branch and the build's address where they are known.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID` when there is no version anywhere
 */
export function findRevision({ environment, git, given = {} }: RevisionSources): Revision {
  const value = (name: string) => environment[name]?.trim() || undefined
  const ci = ciSystems.find(({ version }) => version.some((name) => value(name) !== undefined))
  const first = (names: readonly string[] = []) => names.map(value).find((each) => each !== undefined)
  const version = given.version ?? first(ci?.version) ?? git('rev-parse', '--verify', 'HEAD')
  if (version === undefined) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected a version from git, or from a variable of CI (${ciSystems.flatMap((each) => each.version).join(', ')}), found none; next: --version`,
    )
  }
  const [tagName = '', tagValue] = ci?.tag ?? []
  const isTag = value(tagName) !== undefined && (tagValue === undefined || value(tagName) === tagValue)
  const ofCi = isTag ? undefined : first(ci?.branch)?.replace(/^refs\/heads\//, '')
  const branch = given.branch ?? ofCi ?? branchOf(git)
  const buildUrl = given.buildUrl ?? (ci && fill(ci.buildUrl, value))
  return { version, ...(branch !== undefined && { branch }), ...(buildUrl !== undefined && { buildUrl }) }
}

/** None where no branch is checked out, which git says as `HEAD`. */
function branchOf(git: RevisionSources['git']): string | undefined {
  const branch = git('rev-parse', '--abbrev-ref', 'HEAD')
  return branch === 'HEAD' ? undefined : branch
}

function fill(template: string, value: (name: string) => string | undefined): string | undefined {
  let isWhole = true
  const filled = template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const found = value(name)
    isWhole &&= found !== undefined
    return found ?? ''
  })
  return isWhole ? filled : undefined
}

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function requireBranch({ branch }: Revision): string {
  if (branch !== undefined) return branch
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    'expected a branch from git or a variable of CI, found none, as where no branch is checked out; next: --branch, by which the pact of a main branch is found',
  )
}

/** The git of this machine, in the working directory. */
export const systemGit: RevisionSources['git'] = (...args) => {
  try {
    const output = execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return output.trim() || undefined
  } catch {
    return undefined
  }
}
