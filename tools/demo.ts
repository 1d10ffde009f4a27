// The main job, once through: mock, real SDKs, a refusal explained, contracts, and a real OAuth server verified.
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Moov } from '@moovio/sdk'
import { Proveapi } from '@prove-identity/prove-api'
import { moov } from '../src/services/moov/service.ts'
import { prove } from '../src/services/prove/service.ts'

/** What the pages of both releases say, in the notation of Go's SDKs and in our words. */
const tableOfGo = `# V3TokenRequest

## Fields

| Field          | Type     | Required           | Description                                     | Example            |
| -------------- | -------- | ------------------ | ----------------------------------------------- | ------------------ |
| \`ClientID\`     | *string* | :heavy_check_mark: | The id of the client.                           | customer_id        |
| \`ClientSecret\` | *string* | :heavy_check_mark: | The secret of the client.                       | secret             |
| \`GrantType\`    | *string* | :heavy_check_mark: | The grant, which is always a client's own.      | client_credentials |
`

const bin = fileURLToPath(new URL('../bin/tokenwright.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tokenwright-demo-'))
const contracts = join(folder, 'contracts')
const children: ChildProcess[] = []
const started = performance.now()

try {
  const url = await startMock()
  await letTheSdksFetchTokens(url)
  await showRefusal(url)
  writeContracts()
  await verifyRealService()
  showWhatTablesHide()
  print(`\nAll of it took ${((performance.now() - started) / 1000).toFixed(1)} s.`)
} finally {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
}

async function startMock(): Promise<string> {
  print('1. tokenwright mock --port 0')
  const child = spawn(process.execPath, [bin, 'mock', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { url, services } = JSON.parse(line) as {
    url: string
    services: Array<{ id: string; token_endpoint: string }>
  }
  for (const { id, token_endpoint } of services) print(`   ${id.padEnd(8)} ${token_endpoint}`)
  return url
}

async function letTheSdksFetchTokens(serverURL: string): Promise<void> {
  print("\n2. The vendors' own SDKs, unmodified")
  const [client] = prove.clients
  const { v3TokenResponse } = await new Proveapi({ serverURL }).v3.v3TokenRequest({
    clientId: client.client_id,
    clientSecret: client.client_secret,
    grantType: 'client_credentials',
  })
  print(
    `   Prove v3TokenRequest       ${v3TokenResponse?.tokenType} ${shorten(v3TokenResponse?.accessToken)}, ${v3TokenResponse?.expiresIn} s`,
  )
  const [key] = moov.clients
  const sdk = new Moov({ serverURL, security: { username: key.client_id, password: key.client_secret } })
  const { result } = await sdk.authentication.createAccessToken({
    grantType: 'client_credentials',
    scope: '/accounts.read',
  })
  print(
    `   Moov createAccessToken     ${result.tokenType} ${shorten(result.accessToken)}, ${result.expiresIn} s`,
  )
  const refreshed = await sdk.authentication.createAccessToken({
    grantType: 'refresh_token',
    refreshToken: result.refreshToken,
  })
  print(
    `   Moov, refreshed            ${refreshed.result.tokenType} ${shorten(refreshed.result.accessToken)}`,
  )
  await sdk.authentication.revokeAccessToken({ token: refreshed.result.refreshToken })
  print('   Moov revokeAccessToken     done')
}

async function showRefusal(url: string): Promise<void> {
  print(
    '\n3. A request under the parameter names of another SDK is refused as the vendor does, and explained',
  )
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ClientID: 'customer_id',
      ClientSecret: 'secret',
    }),
  })
  print(`   ${response.status} ${await response.text()}`)
  print(`   ${response.headers.get('tokenwright-reason')}`)
}

function writeContracts(): void {
  print('\n4. tokenwright contracts')
  print(indent(tokenwright('contracts', '--out', contracts).replaceAll(`${contracts}/`, '')))
}

async function verifyRealService(): Promise<void> {
  print('\n5. tokenwright verify, against oidc-provider with a client of its own')
  const credentials = { DEMO_CLIENT_ID: 'demo-client', DEMO_CLIENT_SECRET: 'demo secret +/&=%' }
  Object.assign(process.env, credentials)
  const child = fork(
    fileURLToPath(new URL('./oauth-server.ts', import.meta.url)),
    Object.values(credentials),
    { stdio: 'ignore' },
  )
  children.push(child)
  const [url] = (await once(child, 'message')) as [string]
  for (const service of ['rfc6749/client_credentials', 'prove/typescript-0.9.6']) {
    const chosen = service.startsWith('prove') ? ['--exchange', 'client_credentials'] : []
    const given = ['--client-id', 'env:DEMO_CLIENT_ID', '--client-secret', 'env:DEMO_CLIENT_SECRET']
    print(indent(tokenwright('verify', '--url', url, '--service', service, ...given, ...chosen)))
  }
}

/** Two releases whose pages have one and the same table, while the names on the wire changed between them. */
function showWhatTablesHide(): void {
  print('\n6. tokenwright diff, of two releases of a Go SDK: by their tables, then by what they send')
  for (const name of ['before.md', 'after.md']) writeFileSync(join(folder, name), tableOfGo)
  print(
    indent(
      tokenwright('diff', join(folder, 'before.md'), join(folder, 'after.md')).replaceAll(`${folder}/`, ''),
    ),
  )
  print(indent(tokenwright('diff', 'prove/go-0.9.0', 'prove/go-0.11.0', '--fail-on', 'none')))
  print('\n   The same pages beside what each release sends: the later one no longer says the names')
  for (const [page, variant] of [
    ['before.md', 'prove/go-0.9.0'],
    ['after.md', 'prove/go-0.11.0'],
  ] as const) {
    const compared = tokenwright('diff', join(folder, page), variant, '--fail-on', 'none')
    print(indent((compared.split('\n').at(-1) ?? '').replaceAll(`${folder}/`, '')))
  }
}

/** Runs the command; it ends the demo when its exit status is not 0. */
function tokenwright(...args: readonly string[]): string {
  return execFileSync(process.execPath, [bin, ...args], { encoding: 'utf8' }).trimEnd()
}

function shorten(token: string | undefined): string {
  return `${token?.slice(0, 8)}…`
}

function indent(text: string): string {
  return text.replace(/^/gm, '   ')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
