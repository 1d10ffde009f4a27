// `tokenwright explain` as a process: its exit statuses, its formats, and no secret in any of them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { runCommand } from './command.ts'

let folder: string
let server: TokenServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokenwright-explain-'))
  server = await startTokenServer({ clients: [{ client_id: 'canary-id', client_secret: 'canary-secret' }] })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server.close()
})

async function explain(line: string, ...flags: readonly string[]) {
  const file = join(folder, 'line.sh')
  writeFileSync(file, line)
  const given = ['--client-id', 'env:ID', '--client-secret', 'env:SECRET', '--curl', file]
  return await runCommand(['explain', '--url', `${server.url}/rfc6749/token`, ...given, ...flags], {
    environment: { ID: 'canary-id', SECRET: 'canary-secret' },
  })
}

const right = `curl https://as.example/rfc6749/token -u canary-id:canary-secret -d grant_type=client_credentials`

describe('tokenwright explain', () => {
  test('ends with 1 and the least changes for a request that is refused', async () => {
    const { status, stdout, stderr } = await explain(right.replace('grant_type', 'grantType'))
    expect([status, stderr]).toEqual([1, ''])
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'one change turns refusal into success, as rfc6749/client_credentials (and 18 more of the same bytes) is accepted',
      '  name of a parameter: grantType → grant_type',
      'without this change it is refused',
    ])
    expect(stdout).not.toMatch(/canary|Y2FuYX/)
  })

  test('ends with 0 for a request that is accepted', async () => {
    const { status, stdout } = await explain(right)
    expect([status, stdout.split('\n')[0]]).toEqual([
      0,
      `the request is accepted by ${server.url}/rfc6749/token: there is nothing to explain`,
    ])
  })

  test('ends with 1 and what was tried where nothing is accepted', async () => {
    const { status, stdout } = await explain(right.replace('/rfc6749', ''), '--service', 'moov/java-0.0.2')
    expect([status, stdout.split('\n')[0]]).toEqual([
      1,
      `the one documented request is not accepted by ${server.url}/rfc6749/token either, with the credentials given`,
    ])
  })

  test('lists what it would send, and sends nothing, under --dry-run', async () => {
    const before = server.journal.entries().length
    const line = right.replace(':canary-secret', ':canary-of-old')
    const { status, stdout } = await explain(
      line,
      '--dry-run',
      '--no-refusals',
      '--service',
      'rfc6749/client_credentials',
    )
    const first = stdout.split('\n').slice(0, 2)
    expect([status, server.journal.entries().length - before, first]).toEqual([
      0,
      0,
      [
        'skip  the failing request  it has another secret or password than the given one',
        `      curl --include ${server.url}/rfc6749/token --user "$CLIENT_ID:$SENT_CLIENT_SECRET" --data-urlencode grant_type=client_credentials`,
      ],
    ])
    expect(stdout).toContain('send  rfc6749/client_credentials\n      curl --include ')
    expect(stdout).toMatch(/40 requests to .* at most: .*; nothing was sent\n$/)
    expect(stdout).not.toMatch(/canary|Y2FuYX/)
  })

  test('sends no other secret than the given one under --no-refusals', async () => {
    const before = server.journal.entries().length
    const line = right.replace(':canary-secret', ':canary-of-old').replace('grant_type', 'grantType')
    const { status, stdout } = await explain(line, '--no-refusals')
    const refused = server.journal
      .entries()
      .slice(before)
      .filter((each) => each.status === 401)
    expect([status, refused.length, stdout.split('\n')[0]]).toEqual([
      1,
      0,
      '2 changes turn refusal into success, as rfc6749/client_credentials (and 18 more of the same bytes) is accepted',
    ])
  })

  test('writes JSON and Markdown without a secret, of a request with a secret of its own', async () => {
    const file = join(folder, 'explanation.md')
    const line = `${right.replace(':canary-secret', ':canary-of-old')} -H 'X-Key: canary-key' -d code=canary-code`
    const { status, stdout } = await explain(line, '--json', '--markdown', file)
    const { outcome, changes, isMinimal } = JSON.parse(stdout)
    expect([status, outcome, isMinimal, changes]).toEqual([
      1,
      'explained',
      true,
      [{ what: 'client_secret', sent: 'another value than the given one', accepted: 'the given value' }],
    ])
    const markdown = readFileSync(file, 'utf8')
    expect(markdown).toContain('| client\\_secret | another value than the given one | the given value |')
    expect(stdout + markdown).not.toMatch(/canary|Y2FuYX/)
  })

  const words: ReadonlyArray<[client_id: string, client_secret: string]> = [
    ['customer_id', 'secret'],
    ['x', 'y'],
    ['error', 'status'],
    ['client', 'explained'],
    ['curl', 'data-urlencode'],
    ['name', 'missing'],
    ['application/json', 'parameter'],
  ]
  test.each(words)(
    'keeps its own words where the credentials are %s and %s',
    async (client_id, client_secret) => {
      await using own = await startTokenServer({
        services: ['rfc6749'],
        clients: [{ client_id, client_secret }],
      })
      const file = join(folder, 'words.sh')
      writeFileSync(
        file,
        `curl https://as.example/token -d grantType=client_credentials -d client_id=${client_id} -d client_secret=${client_secret}`,
      )
      const flags = ['--client-id', 'env:ID', '--client-secret', 'env:SECRET', '--curl', file]
      const run = (...more: readonly string[]) =>
        runCommand(['explain', '--url', `${own.url}/token`, ...flags, ...more], {
          environment: { ID: client_id, SECRET: client_secret },
        })
      const [text, json] = await Promise.all([run(), run('--json')])
      const explanation = JSON.parse(json.stdout)
      expect([text.status, json.status, explanation.outcome, explanation.changes]).toEqual([
        1,
        1,
        'explained',
        [{ what: 'name of a parameter', sent: 'grantType', accepted: 'grant_type' }],
      ])
      expect(explanation.failing).toEqual({
        request: `curl --include ${own.url}/token --data-urlencode grantType=client_credentials --data-urlencode "client_id=$CLIENT_ID" --data-urlencode "client_secret=$CLIENT_SECRET"`,
        status: 400,
        error: expect.any(String),
        received: expect.any(String),
      })
      expect(explanation.tried[0]).toMatchObject({
        authentication: 'client_secret_post',
        outcome: 'accepted',
      })
    },
  )
})
