// A team's contract, the whole way by the commands themselves: tested, published, verified, kept in the lock, asked about.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contractTest } from '../../src/contract/contract-test.ts'
import { startTokenServer } from '../../src/host/server.ts'
import { runCommand } from '../cli/command.ts'
import { startBroker } from './stand-in.ts'

const environment = { ID: 'real-client', SECRET: 'real secret+/%&=', PACT_BROKER_TOKEN: 'canary-token' }
const client = { client_id: environment.ID, client_secret: environment.SECRET }
const bearer = { authorization: 'Bearer canary-token' }
let directory: string

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'shared-'))
  await contractTest(
    {
      consumer: 'web',
      service: 'rfc6749',
      variant: 'rfc6749/client_credentials',
      directory: join(directory, 'pacts'),
    },
    ({ tokenEndpoint, credentials }) =>
      fetch(tokenEndpoint, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${credentials.client_id}:${credentials.client_secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      }),
  )
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe("a team's contract", () => {
  test('is fetched, verified, and told to the broker and the lock', async () => {
    await using broker = await startBroker(bearer)
    const server = await startTokenServer({ services: ['rfc6749'], clients: [client] })
    const run = (...args: readonly string[]) => runCommand(args, { directory, environment })
    const target = ['--url', `${server.url}/token`, '--service', 'rfc6749', '--auth', 'basic']
    const verify = (...args: readonly string[]) =>
      run('verify', ...target, '--client-id', 'env:ID', '--client-secret', 'env:SECRET', ...args)
    const ofBroker = ['--broker', broker.url, '--publish', '--provider-version', '2026-01']
    try {
      await run(
        'publish',
        '--contracts',
        'pacts',
        '--version',
        '1',
        '--branch',
        'main',
        '--broker',
        broker.url,
      )
      const verified = await verify(...ofBroker, '--provider-branch', 'live', '--lock')
      expect(verified).toEqual({
        status: 0,
        stdout: [
          'kept      rfc6749/client_credentials  client_credentials               client_secret_basic',
          'kept      rfc6749/client_credentials  client_credentials.wrong_secret  client_secret_basic',
          '',
          `rfc6749 at ${server.url}/token, by client_secret_basic: 2 kept, 0 broken, 0 skipped\n`,
        ].join('\n'),
        stderr: expect.stringMatching(/^tokenwright: .* published as kept\n$/s),
      })
      expect(
        broker.results.map(({ consumer, body }) => [consumer, body.success, body.providerApplicationVersion]),
      ).toEqual([['web', true, '2026-01']])
      expect(broker.branches.get('rfc6749 2026-01')).toEqual(new Set(['live']))
      expect(JSON.stringify(broker.results)).not.toContain(environment.SECRET)
      const lock = readFileSync(join(directory, 'verification.lock.json'), 'utf8')
      expect(Object.keys(JSON.parse(lock).services.rfc6749[`${server.url}/token`])).toEqual(['web'])
      const asked = await run('can-i-deploy', '--lock', '--contracts', 'pacts')
      expect([asked.status, asked.stderr]).toEqual([0, ''])
    } finally {
      await server.close()
    }
  }, 60_000)

  test('that breaks is told as broken, and is no success of the command unless it is pending', async () => {
    await using broker = await startBroker(bearer)
    const server = await startTokenServer({ services: ['rfc6749'], clients: [client] })
    const run = (...args: readonly string[]) => runCommand(args, { directory, environment })
    try {
      await run(
        'publish',
        '--contracts',
        'pacts',
        '--version',
        '1',
        '--branch',
        'main',
        '--broker',
        broker.url,
      )
      // A token whose lifetime is a string, at every request.
      const scenario = { service: 'rfc6749', client_id: client.client_id }
      for (let request = 0; request < 2; request += 1) server.respondNext('string_expires_in', scenario)
      const verify = (...args: readonly string[]) =>
        run(
          ...['verify', '--url', `${server.url}/token`, '--service', 'rfc6749', '--auth', 'basic'],
          ...['--client-id', 'env:ID', '--client-secret', 'env:SECRET', '--broker', broker.url],
          ...['--exchange', 'client_credentials', '--publish', '--provider-version', '2', ...args],
        )
      const failed = await verify('--json')
      const { interactions } = JSON.parse(failed.stdout)
      expect([failed.status, interactions[0].differences.map(({ rule }: { rule: string }) => rule)]).toEqual([
        1,
        ['rfc6749-5.1-expires-in'],
      ])
      expect(broker.results.map(({ body }) => body.success)).toEqual([false])
      expect((await verify('--enable-pending', '--provider-branch', 'live')).status).toBe(0)
      expect(broker.results.map(({ body }) => body.success)).toEqual([false, false])
    } finally {
      await server.close()
    }
  }, 60_000)

  test.each([
    [['--publish'], 'expected a broker with --publish, received none'],
    [
      ['--broker', 'http://127.0.0.1:1', '--contracts', 'pacts'],
      'expected a broker with --broker, received --contracts',
    ],
    [
      ['--broker', 'http://127.0.0.1:1', '--publish'],
      'expected --provider-version with --publish, received none',
    ],
    [['--broker-token', 'env:TOKEN'], 'expected a broker with --broker-token, received none'],
    [['--provider-branch', 'live'], 'expected a broker with --provider-branch, received none'],
    [['--provider-version', '1'], 'expected --publish or --lock with --provider-version, received neither'],
    [['--lock-file', 'x.json'], 'expected --lock with --lock-file, received none'],
  ])('is not verified with %j', async (args, problem) => {
    const { status, stdout, stderr } = await runCommand(
      ['verify', '--url', 'http://127.0.0.1:1/token', '--service', 'rfc6749', ...args],
      { directory, environment },
    )
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(problem)
  })
})
