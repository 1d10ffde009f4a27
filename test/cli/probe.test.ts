// `tokenwright probe` against the mock: what it prints, writes and remembers, its exit statuses, and that no secret is in any of it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { conformanceRules } from '../../src/probe/rules.ts'
import { probeFormats } from '../../src/report/probe-formats.ts'
import { listen } from '../verify/service.ts'
import { runCommand, startCommand } from './command.ts'

/** None is a word, and each has what some transport escapes. */
const canaries = {
  ID: 'canary-id-vQ1 +/&=%?"<x>',
  SECRET: "canary-secret-vQ2 +/&=%41'`$(x)~",
  USER: 'canary.user-vQ3/"€"',
  PASSWORD: 'canary pass-vQ4;word%2B',
  OTHER_ID: 'canary-other-vQ5',
  OTHER_SECRET: 'canary-other-secret-vQ6',
}
const clients = [
  { client_id: canaries.ID, client_secret: canaries.SECRET, scope: 'read write' },
  { client_id: canaries.OTHER_ID, client_secret: canaries.OTHER_SECRET },
]
const users = [{ username: canaries.USER, password: canaries.PASSWORD }]
const client = ['--client-id', 'env:ID', '--client-secret', 'env:SECRET']
const everything = [
  ...client,
  ...['--username', 'env:USER', '--password', 'env:PASSWORD', '--scope', 'read write'],
  ...['--other-client-id', 'env:OTHER_ID', '--other-client-secret', 'env:OTHER_SECRET'],
]
const narrow = ['--rule', 'rfc6749-5.1', '--service', 'rfc6749/client_credentials']

let server: TokenServer
let folder: string
beforeAll(async () => {
  server = await startTokenServer({ services: ['rfc6749', 'prove'], clients, users })
})
afterAll(() => server.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'probe-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const probe = (path: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runCommand(['probe', '--url', server.url + path, ...args], {
    environment: { ...canaries, ...environment },
    directory: folder,
  })

const written = () =>
  readdirSync(folder)
    .map((file) => `${file} ${readFileSync(join(folder, file), 'utf8')}`)
    .join('\n')

describe('tokenwright probe', () => {
  test('keeps every secret and token out of all that it prints and writes', async () => {
    const files = Object.keys(probeFormats).flatMap((flag) => [`--${flag}`, `report.${flag}`])
    const found = await probe('/rfc6749/token', [...everything, ...files, '--json'])
    // Progress comes before it where the machine is slow.
    expect([found.status, found.stderr.split('\n').slice(-2)]).toEqual([
      0,
      ['tokenwright: tokenwright.lock.json has this probe', ''],
    ])
    expect(readdirSync(folder).sort()).toEqual(
      [...Object.keys(probeFormats).map((flag) => `report.${flag}`), 'tokenwright.lock.json'].sort(),
    )
    expect(found.stdout + found.stderr + written()).not.toMatch(/canary|vQ\d/)
    const { rules, matrix, scores, changes } = JSON.parse(found.stdout)
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(conformanceRules.map(({ id }) => id))
    expect(scores[0]).toMatchObject({ of: 'all', level: 'MUST' })
    expect(scores[0].kept).toBe(scores[0].judged)
    expect(
      matrix.filter(({ outcome }: { outcome: string }) => outcome === 'accepted').length,
    ).toBeGreaterThan(5)
    expect(changes).toBeNull()
  })

  test('prints each rule with its verdict, and the status and error of its requests', async () => {
    const { stdout } = await probe('/rfc6749/token', [
      ...client,
      '--rule',
      'rfc6749-5.2-unsupported-grant-type',
      '--json',
    ])
    const { rules, matrix } = JSON.parse(stdout)
    expect(rules).toMatchObject([
      {
        id: 'rfc6749-5.2-unsupported-grant-type',
        level: 'MUST',
        verdict: 'kept',
        requests: [{ status: 400, error: 'unsupported_grant_type' }],
      },
    ])
    expect([rules.length, matrix]).toEqual([1, []])
  })

  const statuses: ReadonlyArray<[what: string, path: string, args: readonly string[], status: number]> = [
    ['a service that keeps every MUST', '/rfc6749/token', narrow, 0],
    ['one that breaks a MUST', '/prove/token', ['--rule', 'rfc6749-5.2'], 1],
    [
      'one that breaks a MUST, with --fail-on none',
      '/prove/token',
      ['--rule', 'rfc6749-5.2', '--fail-on', 'none'],
      0,
    ],
    ['one of which nothing could be told', '/rfc6749/token', ['--rule', 'rfc9449-5'], 1],
    ['a URL where no token is granted', '/nowhere', narrow, 2],
  ]

  test.each(statuses)('of %s ends with the status of its findings', async (_what, path, args, status) => {
    const outcome = await probe(path, [...client, ...args])
    expect([outcome.status, /^tokenwright: expected /m.test(outcome.stderr)]).toEqual([status, status === 2])
    expect(outcome.stdout + outcome.stderr).not.toMatch(/canary|vQ\d/)
  })

  test('sends nothing on a dry run, and lists it', async () => {
    const before = server.journal.entries().length
    const found = await probe('/rfc6749/token', [...everything, '--dry-run'])
    expect([found.status, server.journal.entries().length - before]).toEqual([0, 0])
    expect(found.stdout).toMatch(
      /^first, what the service offers is found, .*:\nfind {2}curl --include http:\/\/[^ ]+\/\.well-known\/oauth-authorization-server --header /,
    )
    const discovery = found.stdout.split('\n').filter((line) => line.startsWith('find  '))
    for (const part of [
      '--user',
      'client_secret=',
      'application/json',
      'grant_type=password',
      'OPTIONS',
      '/introspect',
      '/revoke',
    ])
      expect(discovery.join('\n')).toContain(part)
    expect(found.stdout).toMatch(/^rule {2}rfc6749-5\.2-unsupported-grant-type {2}MUST\n {6}curl --include /m)
    expect(found.stdout).toMatch(
      /^send {2}client_credentials {2}application\/x-www-form-urlencoded {2}client_secret_basic {2}documented {2}.*\n {6}curl /m,
    )
    expect(found.stdout).toMatch(
      /: first what the service offers, then \d+ rules, and \d+ documented forms would be tried, \d+ skipped; nothing was sent\n$/,
    )
    expect(found.stdout).not.toMatch(/canary|vQ\d/)
  })

  test('sends no wrong secret with --no-refusals', async () => {
    const found = await probe('/rfc6749/token', [
      ...client,
      '--rule',
      'rfc6749-5.2-wrong-secret-post',
      '--no-refusals',
      '--json',
    ])
    expect(JSON.parse(found.stdout).rules).toMatchObject([
      { verdict: 'not_tried', reason: 'wrong credentials are not sent', requests: [] },
    ])
  })

  test('remembers what it found, and says and weighs what has changed', async () => {
    const args = [...client, ...narrow]
    const file = join(folder, 'tokenwright.lock.json')
    const first = await probe('/rfc6749/token', args)
    const saved = readFileSync(file, 'utf8')
    const again = await probe('/rfc6749/token', [...args, '--fail-on', 'change'])
    expect([first.status, again.status, readFileSync(file, 'utf8')]).toEqual([0, 0, saved])
    expect(again.stdout).toContain('\nnothing has changed since the last probe\n')
    const alone = await probe('/rfc6749/token', [...client, '--rule', 'rfc6749-3.2-post', '--json'])
    const { rules } = JSON.parse(readFileSync(file, 'utf8')).targets[`${server.url}/rfc6749/token`]
    expect([alone.status, JSON.parse(alone.stdout).changes]).toMatchObject([0, [{ before: 'none' }]])
    expect(rules).toMatchObject({ 'rfc6749-3.2-post': 'kept', 'rfc6749-5.1-json': 'kept' })
    await probe('/rfc6749/token', [...client, '--no-lock', '--rule', 'rfc6749-3.1'])
    expect(JSON.parse(readFileSync(file, 'utf8')).targets[`${server.url}/rfc6749/token`].rules).toEqual(rules)
    writeFileSync(file, saved)
    const otherwise = saved
      .replace('"metadata": true', '"metadata": false')
      .replace('"rfc6749-5.1-json": "kept"', '"rfc6749-5.1-json": "not_tried"')
    writeFileSync(file, otherwise)
    const changed = await probe('/rfc6749/token', [...client, ...narrow, '--fail-on', 'change', '--json'])
    expect([changed.status, readFileSync(file, 'utf8')]).toEqual([1, otherwise])
    expect(JSON.parse(changed.stdout).changes).toContainEqual({
      what: 'capability metadata',
      before: 'not offered',
      after: 'offered',
      isWorse: false,
    })
  })

  test('finds no change against a probe of a few rules, and says so', async () => {
    await probe('/rfc6749/token', [...client, '--rule', 'rfc6749-3.2-post'])
    const before = server.journal.entries().length
    const { status, stderr } = await probe('/rfc6749/token', [...client, '--fail-on', 'change'])
    expect([status, server.journal.entries().length - before]).toEqual([2, 0])
    expect(stderr).toBe(
      `tokenwright: expected tokenwright.lock.json to have a probe of the ${conformanceRules.length} rules that are judged, received one of 1 of them; next: save a whole one, without --rule and --fail-on change\n`,
    )
  })

  const misuses: ReadonlyArray<[what: string, args: readonly string[], message: string]> = [
    [
      'a lock file and none',
      [...client, '--no-lock', '--lock', 'probes.json'],
      'expected --lock or --no-lock, received both',
    ],
    [
      'nothing to tell a change from',
      [...client, '--no-lock', '--fail-on', 'change'],
      'expected --fail-on change or --no-lock, received both',
    ],
    [
      'an assertion without a key',
      [...client, '--auth', 'private_key_jwt'],
      'expected --client-key with --auth private_key_jwt, received none',
    ],
    [
      'Basic without a secret',
      ['--client-id', 'env:ID', '--auth', 'basic'],
      'expected --client-secret with --auth basic, received none',
    ],
    [
      'a parameter that is a credential',
      [...client, '--parameter', 'client_secret=canary'],
      'expected --parameter to be what the service wants beside the usual, received client_secret, which requests have of their own; next: name its source with --client-secret',
    ],
    [
      'a grant as a parameter',
      [...client, '--parameter', 'grant_type=canary'],
      'expected --parameter to be what the service wants beside the usual, received grant_type, which requests have of their own; next: leave it out',
    ],
    [
      'one file in two spellings',
      [...client, '--html', 'report', '--junit', './report'],
      'expected a file for each report, received one file for --html and --junit',
    ],
  ]

  test.each(misuses)('sends nothing for %s', async (_what, args, message) => {
    const before = server.journal.entries().length
    const { status, stdout, stderr } = await probe('/rfc6749/token', args)
    expect([status, stdout, stderr]).toEqual([2, '', `tokenwright: ${message}\n`])
    expect(server.journal.entries().length - before).toBe(0)
  })

  test.each(['metadata-url', 'introspection-url', 'revocation-url'])(
    'asks no other host for --%s',
    async (flag) => {
      const { status, stderr } = await probe('/rfc6749/token', [
        ...client,
        `--${flag}`,
        'https://canary.example/',
      ])
      expect([status, stderr]).toEqual([
        2,
        `tokenwright: expected --${flag} to be a URL at ${server.url}, received another: a run asks one host alone\n`,
      ])
    },
  )

  test('says before it asks that there is nothing to compare with', async () => {
    const before = server.journal.entries().length
    const { status, stderr } = await probe('/rfc6749/token', [...client, '--fail-on', 'change'])
    expect([status, server.journal.entries().length - before]).toEqual([2, 0])
    expect(stderr).toBe(
      `tokenwright: expected tokenwright.lock.json to have a probe of ${server.url}/rfc6749/token to compare with, received none; next: save one, without --fail-on change\n`,
    )
  })

  test('refuses to run where Node.js would print what is sent', async () => {
    const { status, stderr } = await probe('/rfc6749/token', client, { NODE_DEBUG: 'http' })
    expect([status, stderr]).toEqual([2, expect.stringContaining('expected NODE_DEBUG to be unset')])
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'reports what was done on %s, and saves nothing',
    async (signal) => {
      let child: ReturnType<typeof startCommand> | undefined
      let asked = 0
      await using slow = await listen((_request, response) => {
        asked += 1
        if (asked === 40) child?.kill(signal)
        if (asked >= 40) return
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ access_token: 'canary-token-vQ9', token_type: 'Bearer' }))
      })
      const args = ['probe', '--url', `${slow.origin}/token`, ...client, '--json']
      child = startCommand(args, { environment: canaries, directory: folder })
      const closed = new Promise<number | null>((resolve) => child?.on('close', resolve))
      const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), closed])
      const { ended, rules } = JSON.parse(stdout)
      expect([status, ended, rules.length]).toEqual([2, 'it was interrupted', conformanceRules.length])
      expect(stderr).toContain('tokenwright.lock.json stays as it was: the run ended early\n')
      expect([readdirSync(folder), /canary|vQ\d/.test(stdout + stderr)]).toEqual([[], false])
    },
  )
})
