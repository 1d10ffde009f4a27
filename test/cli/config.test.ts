// A configuration that the mock serves: found or named, in TypeScript or JSON, below the flags.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { root } from '../source-files.ts'
import { type RunningMock, startMock, statusOf } from './running-mock.ts'

const entry = pathToFileURL(join(root, 'src', 'tokenwright.ts')).href
let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'config-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

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
      directory: folderWith({ 'tokenwright.config.ts': acme }),
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
    const folder = folderWith({ 'mine.json': JSON.stringify(config) })
    await using mock = await startMock(['--config', join(folder, 'mine.json')], { directory })
    const ada = { grant_type: 'password', username: 'ada', password: 'lovelace' }
    expect(await statusOf(mock, { ...web, ...ada })).toBe(200)
    expect(await statusOf(mock, { ...web, ...ada, password: 'byron' })).toBe(400)
    expect(await statusOf(mock, web)).toBe(400)
  })

  test('stands below the flags', async () => {
    await using mock = await startMock(['--service', 'moov', '--client', 'cli:x'], {
      directory: folderWith({
        'tokenwright.config.json': JSON.stringify({ services: ['prove'], clients: [web] }),
      }),
    })
    expect(mock.listening.services.map(({ id }) => id)).toEqual(['moov'])
    const scope = '/accounts.read'
    expect(await statusOf(mock, { ...web, scope }, '/oauth2/token')).toBe(200)
    expect(await statusOf(mock, { client_id: 'cli', client_secret: 'x', scope }, '/oauth2/token')).toBe(200)
  })
})

/** The folder of CONTRIBUTING.md, outside a checkout: what it imports from there is imported from the package. */
function globex(): Readonly<Record<string, string>> {
  const blocks = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(
    /^ {3}```ts\n {3}\/\/ src\/services\/(globex\/\S+)\n([\s\S]*?)^ {3}```$/gm,
  )
  return Object.fromEntries(
    [...blocks].map(([, file = '', text = '']) => [file, text.replace(/'\.\.\/[^']+'/g, "'tokenwright'")]),
  )
}

const region = 'eu'
const globexClient = { client_id: 'globex-client', client_secret: 'globex-secret', region }

describe('a service of your own', () => {
  test('is served from its folder, which the configuration names beside built-in ones', async () => {
    const folder = folderWith({
      ...globex(),
      'tokenwright.config.json': JSON.stringify({ services: ['./globex', 'moov'] }),
    })
    await using mock = await startMock(['--config', join(folder, 'tokenwright.config.json')], { directory })
    expect(mock.listening.services.map(({ id }) => id)).toEqual(['moov', 'globex'])
    expect(await statusWithBasic(mock, globexClient)).toBe(200)
    expect(await statusWithBasic(mock, { ...globexClient, region: 'mars' })).toBe(400)
  })

  test.each([
    ['the folder', './globex'],
    ['the folder by its whole path', '{{folder}}/globex/'],
    ['the file', './globex/service.ts'],
  ])('is served by %s, which the flag names', async (_given, path) => {
    const folder = folderWith(globex())
    await using mock = await startMock(['--service', path.replace('{{folder}}', folder)], {
      directory: folder,
    })
    expect(mock.listening.services.map(({ id }) => id)).toEqual(['globex'])
    expect(await statusWithBasic(mock, globexClient)).toBe(200)
  })

  test('is chosen by its id or that of a variant, when the configuration has it', async () => {
    const folder = folderWith({
      ...globex(),
      'tokenwright.config.json': JSON.stringify({ services: ['moov', './globex'] }),
    })
    await using mock = await startMock(['--service', 'globex/login'], { directory: folder })
    expect(mock.listening.services.map(({ id }) => id)).toEqual(['globex'])
  })

  test('is read from JSON', async () => {
    const [variant] = rfc6749.variants
    const acme = { ...rfc6749, id: 'acme', variants: [{ ...variant, id: 'acme/login' }] }
    const folder = folderWith({ 'acme/service.json': JSON.stringify(acme) })
    await using mock = await startMock(['--service', './acme'], { directory: folder })
    const example = { client_id: 'example-client', client_secret: 'example-secret' }
    expect(await statusOf(mock, example, '/acme/token')).toBe(200)
  })
})

async function statusWithBasic(
  { listening }: RunningMock,
  { client_id, client_secret, region }: typeof globexClient,
): Promise<number> {
  const response = await fetch(`${listening.url}/globex/login/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', region }),
  })
  await response.arrayBuffer()
  return response.status
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(directory, 'config-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}
