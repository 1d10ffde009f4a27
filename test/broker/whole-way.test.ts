// The whole way with Pact's own program: publish, verify, ask, deploy, record; and one clear error where it cannot be gone.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contractVersions } from '../../src/broker/contracts.ts'
import { createBroker } from '../../src/broker/hal.ts'
import { updateLock } from '../../src/broker/lock.ts'
import { fetchPacts } from '../../src/broker/pacts.ts'
import { publishResults } from '../../src/broker/results.ts'
import { runCommand } from '../cli/command.ts'
import { root } from '../source-files.ts'
import { faults } from './faults.ts'
import { startBroker } from './stand-in.ts'
import { contractOf, ofFetched, verificationOf, verified } from './verifications.ts'

const consumer = '@acme/web [app]'
const token = { TOKEN: 'canary-token' }
const bearer = { authorization: 'Bearer canary-token' }
const exchanges = ['client_credentials', 'client_credentials.wrong_secret']
const contract = contractOf(exchanges, { consumer })
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'way [1]-'))
  mkdirSync(join(directory, 'contracts', 'acme'), { recursive: true })
  writeFileSync(join(directory, 'contracts', 'acme', 'web.json'), JSON.stringify(contract))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('with a broker', () => {
  test('a contract is published, verified, asked about, deployed and recorded', async () => {
    await using standIn = await startBroker(bearer)
    const by = ['--broker', standIn.url, '--broker-token', 'env:TOKEN']
    const run = (...args: readonly string[]) =>
      runCommand([...args, ...by], { directory, environment: token })
    const web = ['--pacticipant', consumer, '--version', '1/a']
    const acme = ['--pacticipant', 'acme', '--version', '2026-01']

    expect(
      await run('publish', '--version', '1/a', '--branch', 'main', '--build-url', 'https://ci/7'),
    ).toEqual({
      status: 0,
      stdout: `published  ${consumer} 1/a (main)  acme\n`,
      stderr: '',
    })
    expect(standIn.pacts).toMatchObject([
      { consumer, provider: 'acme', consumerVersion: '1/a', branch: 'main', buildUrl: 'https://ci/7' },
    ])
    expect(
      contractVersions(standIn.pacts.map(({ content }) => content as unknown as typeof contract)),
    ).toEqual(contractVersions([contract]))

    expect(await run('can-i-deploy', ...web, '--to-environment', 'production')).toEqual({
      status: 1,
      stdout: [
        `unknown  ${consumer} 1/a  acme unknown`,
        'no, it cannot be deployed',
        `There is no verified pact between version 1/a of ${consumer} and its partners\n`,
      ].join('\n'),
      stderr: '',
    })

    const broker = createBroker({ url: standIn.url, credentials: { token: 'canary-token' } })
    const fetched = await fetchPacts(broker, { provider: 'acme' })
    const interactions = exchanges.map((exchange) => verified(exchange, 'kept', { consumer }))
    const options = { providerVersion: '2026-01', branch: 'main', version: '0.1.0' }
    await publishResults(broker, fetched, ofFetched(fetched, verificationOf(interactions)), options)

    expect(await run('record-deployment', ...acme, '--environment', 'production')).toEqual({
      status: 0,
      stdout: 'recorded  acme 2026-01 in production\n',
      stderr: '',
    })
    expect(await run('can-i-deploy', ...web, '--to-environment', 'production')).toMatchObject({
      status: 0,
      stdout: [
        `kept     ${consumer} 1/a  acme 2026-01`,
        'yes, it can be deployed',
        'All required verification results are published and successful\n',
      ].join('\n'),
    })
    expect(await run('record-deployment', ...web, '--environment', 'production', '--json')).toEqual({
      status: 0,
      stdout: `${JSON.stringify({ pacticipant: consumer, version: '1/a', environment: 'production' })}\n`,
      stderr: '',
    })
    expect(standIn.deployed.get('production')).toEqual(new Set(['acme 2026-01', `${consumer} 1/a`]))

    const asked = await run('can-i-deploy', ...acme, '--to-environment', 'production', '--json')
    expect([asked.status, JSON.parse(asked.stdout)]).toEqual([
      0,
      {
        isDeployable: true,
        reasons: ['All required verification results are published and successful'],
        matrix: [
          { consumer, consumerVersion: '1/a', provider: 'acme', providerVersion: '2026-01', success: true },
        ],
      },
    ])
    expect(new Set(standIn.asked.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer canary-token']),
    )
  }, 60_000)

  test('a result that broke is a no', async () => {
    await using standIn = await startBroker()
    const run = (...args: readonly string[]) => runCommand([...args, '--broker', standIn.url], { directory })
    await run('publish', '--version', '1', '--branch', 'main')
    const broker = createBroker({ url: standIn.url })
    const broken = exchanges.map((exchange) => verified(exchange, 'broken', { consumer }))
    const fetched = await fetchPacts(broker, { provider: 'acme' })
    await publishResults(broker, fetched, ofFetched(fetched, verificationOf(broken)), {
      providerVersion: '2',
      version: '0.1.0',
    })
    await run('record-deployment', '--pacticipant', 'acme', '--version', '2', '--environment', 'test')
    const asked = await run(
      'can-i-deploy',
      '--pacticipant',
      consumer,
      '--version',
      '1',
      '--to-environment',
      'test',
    )
    expect([asked.status, asked.stdout.split('\n')[0]]).toEqual([1, `broken   ${consumer} 1  acme 2`])
  })

  test('the address, the credentials and the version come from the surroundings', async () => {
    await using standIn = await startBroker({ authorization: `Basic ${btoa('ci:canary pass')}` })
    const environment = {
      PACT_BROKER_BASE_URL: standIn.url,
      PACT_BROKER_USERNAME: 'ci',
      PACT_BROKER_PASSWORD: 'canary pass',
      GITHUB_SHA: 'c0ffee',
      GITHUB_REF_NAME: 'main',
    }
    const { status, stdout } = await runCommand(['publish', '--json'], { directory, environment })
    expect([status, JSON.parse(stdout)]).toEqual([
      0,
      { consumer, service: 'acme', version: 'c0ffee', branch: 'main' },
    ])
  })

  const verbs: ReadonlyArray<readonly [verb: string, args: readonly string[]]> = [
    ['publish', ['--version', '1', '--branch', 'main']],
    ['can-i-deploy', ['--pacticipant', 'web', '--version', '1', '--to-environment', 'test']],
    ['record-deployment', ['--pacticipant', 'web', '--version', '1', '--environment', 'test']],
  ]
  const runs = verbs.flatMap(([verb, args]) =>
    faults.map((fault): [string, readonly string[], ...typeof fault] => [verb, args, ...fault]),
  )

  test.concurrent.each(runs)(
    '%s %j with one that %s is one clear error',
    async (verb, args, _does, answer, code, said) => {
      await using standIn = await startBroker({
        fault: (request, response) => {
          answer(request, response)
          return true
        },
      })
      const timeout = code === 'ERR_UNREACHABLE' ? '500' : '20000'
      const by = ['--broker', standIn.url, '--broker-token', 'env:TOKEN', '--timeout', timeout]
      const contracts = verb === 'publish' ? ['--contracts', join(root, 'contracts', 'rfc6749')] : []
      const { status, stdout, stderr } = await runCommand([verb, ...args, ...contracts, ...by], {
        environment: token,
      })
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^tokenwright: .*\n$/)
      expect(stderr.slice('tokenwright: '.length, -1)).toMatch(said)
    },
  )

  test('a version or an environment that it does not have is answered with those that it has', async () => {
    await using standIn = await startBroker({ environments: ['test', 'uat'] })
    const run = (...args: readonly string[]) => runCommand([...args, '--broker', standIn.url], { directory })
    await run('publish', '--version', '1', '--branch', 'main')
    const args = ['record-deployment', '--pacticipant', consumer, '--version', '1', '--environment', 'prod']
    const unknown = await run(
      'record-deployment',
      '--pacticipant',
      'app',
      '--version',
      '1',
      '--environment',
      'test',
    )
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      `tokenwright: GET ${standIn.url}/pacticipants/app/versions/1: expected success, received 404: {"error":"not found"}; next: check that the broker knows this name and version\n`,
    ])
    expect(await run(...args)).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'tokenwright: expected --environment to be one of the broker\'s, received "prod"; known environments: test, uat\n',
    })
  })

  test('what it refuses to take is an error with its words', async () => {
    await using standIn = await startBroker({
      fault: ({ url }, response) => {
        if (url !== '/contracts/publish') return false
        response.writeHead(409, { 'content-type': 'application/hal+json' })
        response.end('{"notices":[{"type":"error","text":"Cannot change the content of the pact"}]}')
        return true
      },
    })
    const args = ['publish', '--version', '1', '--branch', 'main', '--broker', standIn.url]
    const { status, stdout, stderr } = await runCommand(args, { directory })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^tokenwright: expected the broker to take the contracts, received: .*Cannot change the content/,
    )
  })

  test('whose links lead elsewhere is not given a contract, nor anyone else', async () => {
    await using other = await startBroker()
    await using standIn = await startBroker({ linkBase: other.url })
    const args = ['publish', '--version', '1', '--branch', 'main', '--broker', standIn.url]
    const { status, stderr } = await runCommand(args, { directory })
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(`expected the link pb:publish-contracts to lead to ${standIn.url}`),
    ])
    expect([other.asked, standIn.pacts]).toEqual([[], []])
  })

  test('that redirects later gets no credentials to another host', async () => {
    await using other = await startBroker()
    await using standIn = await startBroker({
      fault: ({ url }, response) => {
        if (url === '/') return false
        response.writeHead(307, { location: `${other.url.replace('127.0.0.1', 'localhost')}${url}` }).end()
        return true
      },
    })
    const by = ['--broker', standIn.url, '--broker-token', 'env:TOKEN']
    const args = ['can-i-deploy', '--pacticipant', 'web', '--version', '1', '--to-environment', 'test', ...by]
    await runCommand(args, { environment: token })
    expect(
      other.asked.map(({ authorization }) => authorization).filter((each) => each !== undefined),
    ).toEqual([])
  })
})

describe('without a broker', () => {
  test('the lock file answers', async () => {
    const file = join(directory, 'verification.lock.json')
    const run = (...args: readonly string[]) => runCommand(['can-i-deploy', '--lock', ...args], { directory })
    expect(await run()).toEqual({
      status: 1,
      stdout: `no   ${consumer}  acme/login: never verified\nno, it cannot be deployed\n`,
      stderr: '',
    })
    const interactions = exchanges.map((exchange) => verified(exchange, 'kept', { consumer }))
    updateLock(file, verificationOf(interactions), [contract], new Date('2026-02-01T00:00:00Z'))
    const before = readFileSync(file, 'utf8')
    expect(await run('--url', 'https://acme.example/token?tenant=1')).toEqual({
      status: 0,
      stdout: `yes  ${consumer}  acme/login  https://acme.example/token\nyes, it can be deployed\n`,
      stderr: '',
    })
    const json = await run('--json')
    expect([json.status, JSON.parse(json.stdout)]).toEqual([
      0,
      {
        isDeployable: true,
        answers: [{ service: 'acme', consumer, variant: 'acme/login', url: 'https://acme.example/token' }],
      },
    ])
    expect((await run('--max-age', '1ms')).stdout).toContain('verified on 2026-02-01, which is too long ago')
    writeFileSync(
      join(directory, 'contracts', 'acme', 'web.json'),
      JSON.stringify(contractOf(['password'], { consumer })),
    )
    expect(await run()).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('the contract has changed since'),
    })
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})
