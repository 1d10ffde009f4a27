// `tokenwright mock` as a process: what it says when it listens, whom it serves, and how it ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSelfSignedCertificate } from '../../src/host/certificate.ts'
import { startTokenServer } from '../../src/host/server.ts'
import { rules } from '../../src/service/rules.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { completed, plantedRequests, spellings } from '../host/planted-secrets.ts'
import { runCommand, startCommand } from './command.ts'
import { startMock, statusOf } from './running-mock.ts'

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mock-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the mock', () => {
  test('prints one line of JSON, which says what a server in this process would say', async () => {
    await using mock = await startMock(['--service', 'prove,rfc6749'], { directory })
    await using here = await startTokenServer({ services: ['prove', 'rfc6749'] })
    const { url, services } = here
    expect(mock.lines).toEqual([JSON.stringify({ url, services }).replaceAll(url, mock.listening.url)])
    expect(mock.listening.services.map(({ id, token_endpoint }) => [id, token_endpoint])).toEqual([
      ['prove', `${mock.listening.url}/prove/token`],
      ['rfc6749', `${mock.listening.url}/rfc6749/token`],
    ])
  })

  test('is not held up by a pattern that backtracks without end', async () => {
    const [variant] = rfc6749.variants
    const [grant] = variant.request.oneOf
    const scope = { type: 'string', pattern: '^(a+)+$' }
    const own = {
      ...rfc6749,
      id: 'acme',
      variants: [
        {
          ...variant,
          id: 'acme/login',
          request: { oneOf: [{ ...grant, properties: { ...grant.properties, scope } }] },
        },
      ],
      rules: {
        'acme-agent': { ...rules['documented-path'], whenHeader: { name: 'x-acme', pattern: '^(b|b)*$' } },
      },
    }
    const folder = folderWith('tokenwright.config.json', JSON.stringify({ services: [own] }))
    await using mock = await startMock([], { directory: folder })
    const example = { client_id: 'example-client', client_secret: 'example-secret' }
    expect(await statusOf(mock, { ...example, scope: 'a'.repeat(40) })).toBe(200)
    expect(await statusOf(mock, { ...example, scope: `${'a'.repeat(10_000)}!` })).toBe(400)
    const headers = { 'x-acme': `${'b'.repeat(10_000)}!` }
    expect(
      (
        await fetch(`${mock.listening.url}/token`, {
          method: 'POST',
          headers,
          body: new URLSearchParams(example),
        })
      ).status,
    ).toBe(404)
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
      const mock = await startMock([], { directory })
      // A connection that is kept alive holds nothing up.
      await fetch(mock.listening.url)
      expect(await mock.end(signal)).toEqual({ status: 0, signal: null, stderr: '' })
    },
  )

  test('ends at SIGTERM while a reply takes ten minutes', async () => {
    const mock = await startMock([], { directory })
    const waiting = statusOf(mock, { client_id: 'customer_id.slow10m', client_secret: 'secret' }).catch(
      () => 'no reply',
    )
    const counted = async () => (await fetch(`${mock.listening.url}/__admin/requests/count`)).text()
    while ((await counted()) === '{"count":0}');
    expect(await mock.end('SIGTERM')).toEqual({ status: 0, signal: null, stderr: '' })
    expect(await waiting).toBe('no reply')
  })

  test('serves https with a certificate of its own making, and says which to trust', async () => {
    await using mock = await startMock(['--self-signed'], { directory })
    const { url, certificate } = mock.listening
    expect([Object.keys(mock.listening), await statusOverTls(url, certificate)]).toEqual([
      ['url', 'certificate', 'services'],
      404,
    ])
  })

  test('serves https with the certificate and key of files', async () => {
    const { cert, key } = await createSelfSignedCertificate()
    const folder = folderWith('cert.pem', cert)
    writeFileSync(join(folder, 'key.pem'), key)
    await using mock = await startMock(['--cert', 'cert.pem', '--key', 'key.pem'], { directory: folder })
    const { url } = mock.listening
    expect([Object.keys(mock.listening), await statusOverTls(url, cert)]).toEqual([['url', 'services'], 404])
  })

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
    await using mock = await startMock(['--client', 'web:a secret:with a colon', '--client', 'cli:x'], {
      directory,
    })
    expect(await statusOf(mock, { client_id: 'web', client_secret: 'a secret:with a colon' })).toBe(200)
    expect(await statusOf(mock, { client_id: 'cli', client_secret: 'x' })).toBe(200)
    expect(await statusOf(mock, { client_id: 'customer_id', client_secret: 'secret' })).toBe(200)
    expect(await statusOf(mock, { client_id: 'web', client_secret: 'another' })).toBe(401)
  })

  test('takes options from flags before those of the configuration, and of a service with dots in its name', async () => {
    const dotted = `import { rfc6749 } from 'tokenwright'
export default { services: ['moov', 'prove', { ...rfc6749, id: 'acme.eu' }],
  options: { moov: { expires_in: 'unix_time', refresh_tokens: 'keep' }, prove: { error_body: 'rfc6749' } } }`
    const folder = folderWith('tokenwright.config.ts', dotted)
    const flags = ['--option', 'moov.expires_in=seconds', '--option', 'acme.eu.refresh_tokens=none']
    await using mock = await startMock(flags, { directory: folder })
    const replyTo = async (path: string, parameters: Readonly<Record<string, string>>) => {
      const body = new URLSearchParams(parameters)
      return (await (await fetch(mock.listening.url + path, { method: 'POST', body })).json()) as {
        readonly [member: string]: string
      }
    }
    const moovClient = { client_id: '5clTR_MdVrrkgxw2', client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' }
    const example = { client_id: 'example-client', client_secret: 'example-secret' }
    const granted = await replyTo('/oauth2/token', {
      grant_type: 'client_credentials',
      scope: 'a',
      ...moovClient,
    })
    const { refresh_token = '' } = granted
    const refreshed = await replyTo('/oauth2/token', {
      grant_type: 'refresh_token',
      refresh_token,
      ...moovClient,
    })
    const own = await replyTo('/acme.eu/token', {
      grant_type: 'password',
      username: 'example-user',
      password: 'example-password',
      ...example,
    })
    expect(granted.expires_in).toBe(900)
    expect(refreshed.refresh_token).toBe(refresh_token)
    expect(await replyTo('/prove/token', { client_id: 'x' })).toEqual({ error: 'invalid_client' })
    expect(Object.keys(own)).toEqual(['access_token', 'token_type', 'expires_in'])
  })

  test('signs access tokens, and guards the routes of flags and of the configuration', async () => {
    const folder = folderWith('tokenwright.config.json', '{ "protect": ["/v4/*"] }')
    await using mock = await startMock(['--jwt', 'EdDSA', '--protect', '/v3/*,/v5'], { directory: folder })
    const { url } = mock.listening
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'customer_id',
      client_secret: 'secret',
    })
    const granted = await fetch(`${url}/token`, { method: 'POST', body })
    const { access_token: token = '' } = (await granted.json()) as { access_token?: string }
    const [header = ''] = token.split('.')
    expect(JSON.parse(atob(header))).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' })
    const statuses = ['/v3/start', '/v4/start', '/v5'].map(async (path) => [
      (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).status,
      (await fetch(url + path)).status,
    ])
    expect(await Promise.all(statuses)).toEqual([
      [200, 401],
      [200, 401],
      [200, 401],
    ])
  })

  test('says why it refused, on stderr, where it is asked to, and no secret', async () => {
    const mock = await startMock(['--verbose', '--client', 'web:hunter2'], { directory })
    await statusOf(mock, { client_id: 'web', client_secret: 'hunter2' })
    await statusOf(mock, { client_id: 'web', client_secret: 'hunter3' })
    const { stderr } = await mock.end('SIGTERM')
    expect(stderr).toMatch(
      /^POST \/token 200 prove\/[^ ]+\nPOST \/token 401 rfc6749-2\.3\.1-client-secret: [^\n]+\n$/,
    )
    expect(stderr).not.toContain('hunter')
  })

  test('prints nothing of a secret, wherever it is in a request', async () => {
    const mock = await startMock(['--verbose', '--protect', '/v3/*'], { directory })
    for (const [, request] of plantedRequests) {
      const { method, target, headers, body } = completed(request)
      const init = { method, headers, ...(body !== undefined && { body }) }
      await (await fetch(mock.listening.url + target, init)).arrayBuffer()
    }
    const { stderr } = await mock.end('SIGTERM')
    expect(stderr.trimEnd().split('\n')).toHaveLength(plantedRequests.length)
    expect(stderr + mock.lines.join()).not.toMatch(spellings)
  })
})

function statusOverTls(url: string, ca = ''): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { ca, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    }).on('error', reject)
  })
}

function folderWith(name: string, content: string): string {
  const folder = mkdtempSync(join(directory, 'config-'))
  writeFileSync(join(folder, name), content)
  return folder
}
