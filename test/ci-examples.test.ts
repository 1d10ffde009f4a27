// The guide to verification: its YAML is read, every command line in it runs, and its tables say what the data says.

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reportFormats } from '../src/report/formats.ts'
import { profiles } from '../src/verify/profiles.ts'
import { main, surroundings } from './cli/command.ts'
import { tableIn } from './markdown-table.ts'
import { type PlainYaml, parsePlainYaml } from './plain-yaml.ts'
import { root } from './source-files.ts'
import { client, reply, startSmallService } from './verify/service.ts'

const guide = readFileSync(join(root, 'docs/verification.md'), 'utf8')
const [github = '', gitlab = ''] = blocks('yaml')
const commandOfGithub = commandIn(at(parsePlainYaml(github), 'jobs', 'verify', 'steps', 3, 'run'))
const commandOfGitlab = commandIn(at(parsePlainYaml(gitlab), 'token-service', 'script', 1))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenwright-ci-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the example for GitHub Actions', () => {
  test('gives the command what it names, and uploads the file that it writes', () => {
    const steps = at(parsePlainYaml(github), 'jobs', 'verify', 'steps') as readonly PlainYaml[]
    expect(steps.map((step) => at(step, 'uses') ?? at(step, 'name') ?? at(step, 'run'))).toEqual([
      'actions/checkout@v5',
      'actions/setup-node@v5',
      'npm ci',
      'Verify the contract',
      'github/codeql-action/upload-sarif@v4',
    ])
    expect(at(steps[3] ?? null, 'env')).toEqual({
      TOKEN_URL: expressionOf('vars.TOKEN_URL'),
      CLIENT_ID: expressionOf('secrets.CLIENT_ID'),
      CLIENT_SECRET: expressionOf('secrets.CLIENT_SECRET'),
    })
    expect(argumentOf(commandOfGithub, 'sarif')).toBe(at(steps[4] ?? null, 'with', 'sarif_file'))
    expect(at(parsePlainYaml(github), 'permissions')).toEqual({
      contents: 'read',
      'security-events': 'write',
    })
  })

  test('verifies, and adds to the summary of the job', async () => {
    await using service = await startSmallService()
    const { status, stderr, stdout } = await runLine(commandOfGithub, service.origin)
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('tokenwright:')])
    expect(stdout).toMatch(/4 kept/)
    expect(readdirSync(folder).sort()).toEqual(['summary.md', 'verification.sarif'])
    expect(JSON.parse(readFileSync(join(folder, 'verification.sarif'), 'utf8')).version).toBe('2.1.0')
  })

  test('fails the job where the contract is broken, with an annotation', async () => {
    await using service = await startSmallService({ client_credentials: reply(503, {}) })
    const { status, stdout } = await runLine(commandOfGithub, service.origin)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^::error /m)
  })
})

describe('the example for GitLab', () => {
  test('keeps the files that the command writes', () => {
    const artifacts = at(parsePlainYaml(gitlab), 'token-service', 'artifacts')
    expect(artifacts).toEqual({
      when: 'always',
      paths: [argumentOf(commandOfGitlab, 'html')],
      reports: { junit: argumentOf(commandOfGitlab, 'junit') },
    })
    expect(at(parsePlainYaml(gitlab), 'token-service', 'script', 0)).toBe('npm ci')
  })

  test('verifies, and writes both', async () => {
    await using service = await startSmallService()
    const { status } = await runLine(commandOfGitlab, service.origin)
    expect(status).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(['verification.html', 'verification.xml'])
  })
})

describe('the guide', () => {
  const lines = blocks('sh').map(commandIn)

  test('has a command in each of its blocks', () => {
    expect(lines.map((line) => /--dry-run/.test(line))).toEqual([true, false, true])
    expect([...guide.matchAll(/npx tokenwright/g)].length).toBe(lines.length + 2)
  })

  test.each(lines)('has a command that runs: %s', async (line) => {
    await using service = await startSmallService()
    const { status, stdout } = await runLine(line, service.origin)
    expect(status).toBe(0)
    expect(stdout).toMatch(/rfc6749\/client_credentials {2}client_credentials +client_secret_/)
    expect(service.asked.length > 0).toBe(!line.includes('--dry-run'))
  })

  test('lists every profile with its path and its grants', () => {
    expect(tableIn(guide, 'profile')).toEqual(
      profiles.map(({ id, product, path, grants }) => [
        `\`${id}\``,
        product,
        path === undefined ? 'its own' : `\`${path}\``,
        grants?.map((grant) => `\`${grant}\``).join(', ') ?? 'all',
      ]),
    )
  })

  test('lists every format of a report', () => {
    const flags = tableIn(guide, 'flag').map(([flag = '']) => /--([a-z]+)/.exec(flag)?.[1])
    expect(flags.filter((flag) => flag !== undefined).sort()).toEqual(Object.keys(reportFormats).sort())
  })
})

/** The blocks of the guide that are in a language. */
function blocks(language: string): readonly string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block = '']) => block,
  )
}

/** The one command of ours, on one line. */
function commandIn(block: PlainYaml): string {
  const [first = '', ...others] = String(block)
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.startsWith('npx tokenwright '))
  expect(others).toEqual([])
  return first
}

function argumentOf(command: string, flag: string): string | undefined {
  return new RegExp(`--${flag} (\\S+)`).exec(command)?.[1]
}

/** What GitHub Actions puts a value in the place of. */
function expressionOf(name: string): string {
  return `$\{{ ${name} }}`
}

function at(value: PlainYaml, ...path: ReadonlyArray<string | number>): PlainYaml {
  return path.reduce<PlainYaml>(
    (each, name) => (each as Record<string | number, PlainYaml> | null)?.[name] ?? null,
    value,
  )
}

/** Runs a line as a CI's shell does, with its variables, against a service on this machine. */
async function runLine(line: string, origin: string) {
  const child = spawn(
    'bash',
    [
      '-euo',
      'pipefail',
      '-c',
      line.replace('https://as.example', origin).replace('npx tokenwright', '"$NODE" "$MAIN"'),
    ],
    {
      cwd: folder,
      env: {
        ...surroundings,
        NODE: process.execPath,
        MAIN: main,
        TOKEN_URL: `${origin}/token`,
        CLIENT_ID: client.client_id,
        CLIENT_SECRET: client.client_secret,
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { status, stdout, stderr }
}
