// `contractTest()` and `toleranceTest()` in Jest itself: the packed repository, installed beside Jest in a folder of its own, and test files that
// write one contract at the same time. Needs the npm registry, so that no test of the suite runs it: `npm run test:jest`.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const installed = ['jest@30.5.2', '@pact-foundation/pact@17.1.4']
const isWindows = process.platform === 'win32'
const folder = mkdtempSync(join(tmpdir(), 'tokenwright-jest-'))

/** A client that sends a form, with the client id as the parameter `name`. */
const client = (name: string) => `
async function fetchToken({ tokenEndpoint, credentials, grantType }) {
  const { client_id, client_secret } = credentials
  const body = new URLSearchParams({ grant_type: grantType, ${name}: client_id, client_secret })
  const response = await fetch(tokenEndpoint, { method: 'POST', body })
  if (!response.ok) throw new Error('no token')
  return (await response.json()).access_token
}
const contract = (client) =>
  contractTest(
    { consumer: 'jest-shop', service: 'rfc6749', variant: 'client_credentials', authentication: 'client_secret_post' },
    client,
  )
`

const testFiles = {
  'form.test.js': `
import { contractTest } from 'tokenwright/pact'
${client('client_id')}
test('a client that keeps to the variant passes', async () => {
  expect((await contract(fetchToken)).file).toBe('pacts/jest-shop-rfc6749.json')
})`,
  'basic.test.js': `
import { contractTest } from 'tokenwright/pact'
test('a client that authenticates by HTTP Basic adds to the same contract', () =>
  contractTest(
    { consumer: 'jest-shop', service: 'rfc6749', variant: 'client_credentials', authentication: 'client_secret_basic' },
    async ({ tokenEndpoint, credentials, grantType }) => {
      const authorization = 'Basic ' + btoa(credentials.client_id + ':' + credentials.client_secret)
      const body = new URLSearchParams({ grant_type: grantType })
      return await fetch(tokenEndpoint, { method: 'POST', headers: { authorization }, body })
    },
  ))`,
  'departure.test.js': `
import { contractTest } from 'tokenwright/pact'
${client('clientId')}
test('a client with another name for a parameter fails, and is told which', () =>
  expect(contract(fetchToken)).rejects.toMatchObject({
    name: 'TokenwrightError',
    code: 'ERR_CONTRACT_CLIENT',
    message: expect.stringContaining('parameter "client_id": expected "example-client", received it as "clientId"'),
  }))`,
  'tolerance.test.js': `
import { toleranceTest } from 'tokenwright/probe'
const asker = (isOfOneMind) => async ({ tokenEndpoint, apiUrl, credentials, calls }) => {
  for (let made = 0; made < calls; made += 1) {
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...credentials })
    const response = await fetch(tokenEndpoint, { method: 'POST', body })
    const { access_token, token_type } = await response.json()
    if (isOfOneMind && token_type !== 'Bearer') throw new Error('not a bearer')
    const answer = await fetch(apiUrl, { headers: { authorization: 'Bearer ' + access_token } })
    if (!answer.ok) throw new Error('refused')
  }
}
const verdicts = async (client) =>
  (await toleranceTest({ cases: ['lowercase_bearer', 'further_members'] }, client)).cases.map(({ id, verdict }) => id + ' ' + verdict)
test('a client that minds the case of the token type survives less', async () => {
  expect(await verdicts(asker(true))).toEqual(['lowercase_bearer failed', 'further_members survived'])
  expect(await verdicts(asker(false))).toEqual(['lowercase_bearer survived', 'further_members survived'])
})`,
}

try {
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  npm(process.cwd(), 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'no tarball'
  npm(folder, 'install', `./${tarball}`, ...installed, '--no-audit', '--no-fund', '--silent')
  for (const [name, text] of Object.entries(testFiles)) writeFileSync(join(folder, name), text)
  process.exitCode = runJest() === 0 && isWhole() ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** tokenwright is made of ES modules, which Jest loads with this flag of Node.js alone. */
function runJest(): number | null {
  const program = join(folder, 'node_modules/jest/bin/jest.js')
  const args = ['--experimental-vm-modules', '--no-warnings', program, '--maxWorkers=3']
  return spawnSync(process.execPath, args, { cwd: folder, stdio: 'inherit' }).status
}

/** Whether both files' interactions are in the contract, and nothing of the client that departs. */
function isWhole(): boolean {
  const text = readFileSync(join(folder, 'pacts/jest-shop-rfc6749.json'), 'utf8')
  const { interactions } = JSON.parse(text) as { interactions: ReadonlyArray<{ key: string }> }
  const received = interactions.map(({ key }) => key).sort()
  const expected = ['client_credentials', 'client_credentials.wrong_secret']
    .flatMap((exchange) =>
      ['client_secret_basic', 'client_secret_post'].map(
        (method) => `rfc6749/client_credentials#${exchange}#${method}`,
      ),
    )
    .sort()
  const whole = JSON.stringify(received) === JSON.stringify(expected)
  if (!whole)
    console.error(`expected the interactions ${expected.join(', ')}, received ${received.join(', ')}`)
  return whole
}

function npm(cwd: string, ...args: readonly string[]): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: isWindows })
}
