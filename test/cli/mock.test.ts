// `tokenwright mock` as a process: what it says when it listens, whom it serves, and how it ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer } from '../../src/host/server.ts'
import { root } from '../source-files.ts'
import { type CommandOptions, runCommand, startCommand } from './command.ts'

interface Listening {
  readonly url: string
  readonly services: ReadonlyArray<{ readonly id: string; readonly token_endpoint: string }>
}

const entry = pathToFileURL(join(root, 'src', 'tokenwright.ts')).href
let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mock-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the mock', () => {
  test('prints one line of JSON, which says what a server in this process would say', async () => {
    await using mock = await startMock(['--service', 'prove,rfc6749'])
    await using here = await startTokenServer({ services: ['prove', 'rfc6749'] })
    const { url, services } = here
    expect(mock.lines).toEqual([JSON.stringify({ url, services }).replaceAll(url, mock.listening.url)])
    expect(mock.listening.services.map(({ id, token_endpoint }) => [id, token_endpoint])).toEqual([
      ['prove', `${mock.listening.url}/prove/token`],
      ['rfc6749', `${mock.listening.url}/rfc6749/token`],
    ])
  })

  test('prints where everything is, for people', async () => {
    const child = startCommand(['mock', '--port', '0', '--service', 'moov'], { directory })
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) {
      lines.push(line.replace(/:\d+/, ':{port}').replace(/ +/g, ' '))
      if (lines.length === 3) child.kill('SIGTERM')
    }
    expect(lines).toEqual([
      'tokenwright mock listens on http://127.0.0.1:{port}',
      ' moov http://127.0.0.1:{port}/oauth2/token moov/ruby',
      ' moov http://127.0.0.1:{port}/oauth2/revoke revocation',
    ])
  })

  test.each([['SIGTERM' as const], ['SIGINT' as const]])(
    'ends with status 0 and without a word at %s',
    async (signal) => {
      const mock = await startMock([])
      // A connection that is kept alive holds nothing up.
      await fetch(mock.listening.url)
      expect(await mock.end(signal)).toEqual({ status: 0, signal: null, stderr: '' })
    },
  )

  test('is one clear error on a port that is in use', async () => {
    await using other = await startTokenServer()
    const { port } = new URL(other.url)
    expect(await runCommand(['mock', '--port', port], { directory })).toEqual({
      status: 2,
      stdout: '',
      stderr: `tokenwright: cannot listen on 127.0.0.1:${port}: the port is in use; choose another, or 0 for a free one\n`,
    })
  })

  test('serves the clients that flags give, beside the documented ones', async () => {
    await using mock = await startMock(['--client', 'web:a secret:with a colon', '--client', 'cli:x'])
    expect(await statusOf(mock, { client_id: 'web', client_secret: 'a secret:with a colon' })).toBe(200)
    expect(await statusOf(mock, { client_id: 'cli', client_secret: 'x' })).toBe(200)
    expect(await statusOf(mock, { client_id: 'customer_id', client_secret: 'secret' })).toBe(200)
    expect(await statusOf(mock, { client_id: 'web', client_secret: 'another' })).toBe(401)
  })

  test('says why it refused, on stderr, where it is asked to, and no secret', async () => {
    const mock = await startMock(['--verbose', '--client', 'web:hunter2'])
    await statusOf(mock, { client_id: 'web', client_secret: 'hunter2' })
    await statusOf(mock, { client_id: 'web', client_secret: 'hunter3' })
    const { stderr } = await mock.end('SIGTERM')
    expect(stderr).toMatch(
      /^POST \/token 200 prove\/[^ ]+\nPOST \/token 401 rfc6749-2\.3\.1-client-secret: [^\n]+\n$/,
    )
    expect(stderr).not.toContain('hunter')
  })
})

const acme = `import { defineConfig, rfc6749 } from '${entry}'
const [variant] = rfc6749.variants
export default defineConfig({
  services: ['prove', { ...rfc6749, id: 'acme', variants: [{ ...variant, id: 'acme/login' }] }],
  clients: [{ client_id: 'web', client_secret: '$\{WEB_SECRET}' }],
  users: [{ username: 'ada', password: 'lovelace' }],
})`
const environment = { WEB_SECRET: 'from the environment' }
const web = { client_id: 'web', client_secret: environment.WEB_SECRET }

describe('a configuration', () => {
  test('in TypeScript is found in the working directory, with a service of your own', async () => {
    await using mock = await startMock([], {
      directory: folderWith('tokenwright.config.ts', acme),
      environment,
    })
    expect(
      mock.listening.services.map(({ id, token_endpoint }) => [id, new URL(token_endpoint).pathname]),
    ).toEqual([
      ['prove', '/prove/token'],
      ['acme', '/acme/token'],
    ])
    expect(await statusOf(mock, web)).toBe(200)
    expect(await statusOf(mock, web, '/acme/token')).toBe(200)
    expect(await statusOf(mock, { ...web, client_secret: '$' + '{WEB_SECRET}' })).toBe(401)
  })

  test('is read from the file that is named, in JSON as well', async () => {
    const config = {
      services: ['rfc6749'],
      clients: [
        {
          ...web,
          grant_types: ['password'],
          scope: 'read',
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      users: [{ username: 'ada', password: 'lovelace' }],
    }
    const file = join(folderWith('mine.json', JSON.stringify(config)), 'mine.json')
    await using mock = await startMock(['--config', file])
    const ada = { grant_type: 'password', username: 'ada', password: 'lovelace' }
    expect(await statusOf(mock, { ...web, ...ada })).toBe(200)
    expect(await statusOf(mock, { ...web, ...ada, password: 'byron' })).toBe(400)
    expect(await statusOf(mock, web)).toBe(400)
  })

  test('stands below the flags', async () => {
    await using mock = await startMock(['--service', 'moov', '--client', 'cli:x'], {
      directory: folderWith(
        'tokenwright.config.json',
        JSON.stringify({ services: ['prove'], clients: [web] }),
      ),
    })
    expect(mock.listening.services.map(({ id }) => id)).toEqual(['moov'])
    const scope = '/accounts.read'
    expect(await statusOf(mock, { ...web, scope }, '/oauth2/token')).toBe(200)
    expect(await statusOf(mock, { client_id: 'cli', client_secret: 'x', scope }, '/oauth2/token')).toBe(200)
  })
})

interface RunningMock extends AsyncDisposable {
  readonly listening: Listening
  readonly lines: readonly string[]
  readonly end: (
    signal: NodeJS.Signals,
  ) => Promise<{ status: number | null; signal: NodeJS.Signals | null; stderr: string }>
}

/** Starts the command on a free port, and waits until it listens. */
async function startMock(args: readonly string[], options: CommandOptions = {}): Promise<RunningMock> {
  const child = startCommand(['mock', '--port', '0', '--json', ...args], { directory, ...options })
  const stderr = text(child.stderr)
  const closed = new Promise<{ status: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal })),
  )
  const lines: string[] = []
  const listening = await new Promise<Listening>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      resolve(JSON.parse(line))
    })
    stderr.then((message) => reject(new Error(message)))
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return { ...(await closed), stderr: await stderr }
  }
  return { listening, lines, end, [Symbol.asyncDispose]: async () => void (await end('SIGTERM')) }
}

async function statusOf(
  { listening }: RunningMock,
  parameters: Readonly<Record<string, string>>,
  path = '/token',
): Promise<number> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...parameters })
  const response = await fetch(listening.url + path, { method: 'POST', body })
  await response.arrayBuffer()
  return response.status
}

function folderWith(name: string, content: string): string {
  const folder = mkdtempSync(join(directory, 'config-'))
  writeFileSync(join(folder, name), content)
  return folder
}
