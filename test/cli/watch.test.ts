// `tokenwright mock --watch`: a changed file is served without a restart, a broken one is reported and changes nothing.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startMock, statusOf } from './running-mock.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'watch-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const web = { client_id: 'web', client_secret: 'web-secret' }
const other = { client_id: 'other', client_secret: 'other-secret' }

/** A service that is RFC 6749 under another path, with its clients in a file beside it. */
function acme(path: string): string {
  return `import { defineService, rfc6749 } from 'tokenwright'
import { clients } from './clients.ts'
const [variant] = rfc6749.variants
const endpoints = { token: { kind: 'token', path: '${path}' } } as const
export const acme = defineService({
  ...rfc6749, id: 'acme', endpoints, clients, variants: [{ ...variant, id: 'acme/login' }],
})`
}

describe('a watched configuration', () => {
  test('is served anew, on the same port, when its file is written or replaced', async () => {
    write('tokenwright.config.json', JSON.stringify({ services: ['prove'], clients: [web] }))
    await using mock = await startMock(['--watch'], { directory })
    expect([await statusOf(mock, web), await statusOf(mock, other)]).toEqual([200, 401])

    write('tokenwright.config.json', JSON.stringify({ services: ['rfc6749'], clients: [other] }))
    expect(await mock.complaint()).toBe('tokenwright: reloaded; serves rfc6749')
    expect([await statusOf(mock, web), await statusOf(mock, other)]).toEqual([401, 200])

    replace('tokenwright.config.json', JSON.stringify({ services: ['prove'], clients: [web, other] }))
    expect(await mock.complaint()).toBe('tokenwright: reloaded; serves prove')
    expect([await statusOf(mock, web), await statusOf(mock, other)]).toEqual([200, 200])
    expect(await mock.end('SIGTERM')).toMatchObject({ status: 0, signal: null })
  })

  test('that is broken is reported, and the one before it stays', async () => {
    const sound = (host: string) => `export default { host: '${host}', clients: [${JSON.stringify(web)}] }`
    write('tokenwright.config.ts', sound('127.0.0.1'))
    await using mock = await startMock(['--watch'], { directory })
    const stays = 'tokenwright: not reloaded; what was served before stays'

    const broken: ReadonlyArray<readonly [file: string, complaint: string | RegExp]> = [
      [
        `export default { clients: [{ client_id: 'web' client_secret: 'hunter2' }] }`,
        'tokenwright: cannot read tokenwright.config.ts: its syntax is broken',
      ],
      [
        `import { none } from './none.ts'\nexport default none`,
        /^tokenwright: cannot read tokenwright\.config\.ts: Cannot find module '.*none\.ts'/,
      ],
      [
        `export default { client: [] }`,
        'tokenwright: tokenwright.config.ts: unknown key /client; known keys: $schema, services, clients, users, options, accessTokens, protect, scenarios, adminToken, port, host',
      ],
      [
        `export default { services: ['proove'] }`,
        /^tokenwright: expected the id of a service or of one of its variants, got "proove"; /,
      ],
      [
        `export default { services: [{ id: 'acme', variants: [], secret: () => 'hunter2' }] }`,
        /^tokenwright: tokenwright\.config\.ts: the service "acme" is not sound: /,
      ],
      [
        `process.exit(0)`,
        'tokenwright: expected a configuration, received the end of the thread that loads it',
      ],
    ]
    for (const [file, complaint] of broken) {
      write('tokenwright.config.ts', file)
      expect(await mock.complaint()).toEqual(
        typeof complaint === 'string' ? complaint : expect.stringMatching(complaint),
      )
      expect(await mock.complaint()).toBe(stays)
      expect(await statusOf(mock, web)).toBe(200)
    }

    write('tokenwright.config.ts', sound('localhost'))
    expect(await mock.complaint()).toBe(
      'tokenwright: reloaded; serves prove, moov, rfc6749; port, host and adminToken change at the next start',
    )
    const { stderr } = await mock.end('SIGTERM')
    expect(stderr).not.toContain('hunter2')
  })

  test('is looked for where there is none yet', async () => {
    await using mock = await startMock(['--watch'], { directory })
    expect(await statusOf(mock, web)).toBe(401)
    write('tokenwright.config.js', `export default { clients: [${JSON.stringify(web)}] }`)
    expect(await mock.complaint()).toBe('tokenwright: reloaded; serves prove, moov, rfc6749')
    expect(await statusOf(mock, web)).toBe(200)
  })

  test('stays when its file is removed', async () => {
    write('first.json', JSON.stringify({ services: ['./acme'] }))
    write('acme/clients.ts', `export const clients = [${JSON.stringify(web)}]`)
    write('acme/service.ts', acme('/login'))
    await using mock = await startMock(['--watch', '--config', 'first.json'], { directory })
    rmSync(join(directory, 'first.json'))
    write('acme/service.ts', acme('/signin'))
    expect(await mock.complaint()).toMatch(/^tokenwright: cannot read first\.json: ENOENT/)
    expect(await mock.complaint()).toBe('tokenwright: not reloaded; what was served before stays')
    expect(await statusOf(mock, web, '/acme/login')).toBe(200)
  })

  test.each([
    ['the configuration', []],
    ['the flag', ['--service', './acme']],
  ])('reloads every file of a service that %s names', async (_by, flags) => {
    write('acme/clients.ts', `export const clients = [${JSON.stringify(web)}]`)
    write('acme/service.ts', acme('/login'))
    if (flags.length === 0) write('tokenwright.config.ts', `export default { services: ['./acme'] }`)
    await using mock = await startMock(['--watch', '--verbose', ...flags], { directory })
    expect(await statusOf(mock, web, '/acme/login')).toBe(200)
    expect(await mock.complaint()).toBe('POST /acme/login 200 acme/login')

    write('acme/service.ts', acme('/signin'))
    expect(await mock.complaint()).toBe('tokenwright: reloaded; serves acme')
    expect(await statusOf(mock, web, '/acme/signin')).toBe(200)
    expect(await mock.complaint()).toBe('POST /acme/signin 200 acme/login')

    write('acme/clients.ts', `export const clients = [${JSON.stringify(other)}]`)
    expect(await mock.complaint()).toBe('tokenwright: reloaded; serves acme')
    expect(await statusOf(mock, other, '/acme/signin')).toBe(200)
    expect(await mock.complaint()).toBe('POST /acme/signin 200 acme/login')
  })
})

function write(name: string, content: string): void {
  mkdirSync(dirname(join(directory, name)), { recursive: true })
  writeFileSync(join(directory, name), content)
}

/** As editors do that write beside the file and rename. */
function replace(name: string, content: string): void {
  write(`${name}~`, content)
  renameSync(join(directory, `${name}~`), join(directory, name))
}
