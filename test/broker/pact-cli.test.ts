// Pact's own program: where it is found, and what of the surroundings it is given.
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createBroker } from '../../src/broker/hal.ts'
import { environmentFor, pactCliProgram, runPactCli } from '../../src/broker/pact-cli.ts'

const linux = { platform: 'linux', arch: 'x64' } as const

describe("Pact's program", () => {
  test('is found without PATH', () => {
    expect(existsSync(pactCliProgram())).toBe(true)
  })

  test.each([
    [
      'the package',
      () => {
        throw new Error('not found')
      },
      'the Pact Broker needs the package @pact-foundation/pact-cli, which is not installed; next: npm install --save-dev @pact-foundation/pact-cli@18.1',
    ],
    [
      'the package of this machine',
      (request: string) => {
        if (request === '@pact-foundation/pact-cli/package.json') return '/nowhere/pact-cli/package.json'
        throw new Error('not found')
      },
      'expected @pact-foundation/pact-cli-linux-x64, the program of @pact-foundation/pact-cli for this machine, found none; next: npm install --save-dev @pact-foundation/pact-cli@18.1, with optional dependencies',
    ],
    [
      'the file',
      () => '/nowhere/package.json',
      'expected @pact-foundation/pact-cli-linux-x64, the program of @pact-foundation/pact-cli for this machine, found none; next: npm install --save-dev @pact-foundation/pact-cli@18.1, with optional dependencies',
    ],
  ])('without %s is asked for by the command that installs it', (_without, resolve, message) => {
    expect(() => pactCliProgram(resolve, linux)).toThrow(
      expect.objectContaining({ code: 'ERR_PEER_MISSING', message }),
    )
  })

  test.each([
    ['win32', 'x64', 'windows-x64'],
    ['darwin', 'arm64', 'darwin-arm64'],
    ['linux', 'arm64', 'linux-arm64'],
  ] as const)('of %s on %s is in the package of that name', (platform, arch, name) => {
    const asked: string[] = []
    const resolve = (request: string) => {
      asked.push(request)
      return '/nowhere/package.json'
    }
    expect(() => pactCliProgram(resolve, { platform, arch })).toThrow()
    expect(asked).toEqual([
      '@pact-foundation/pact-cli/package.json',
      `@pact-foundation/pact-cli-${name}/package.json`,
    ])
  })

  const surroundings = {
    PATH: '/bin',
    HOME: '/root',
    https_proxy: 'http://proxy.example:3128',
    NO_PROXY: 'intern.example',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    AWS_SECRET_ACCESS_KEY: 'hunter2',
    PACT_BROKER_TOKEN: 'of the surroundings',
    RUST_LOG: 'trace',
    LOG_LEVEL: 'trace',
    OTEL_TRACES_EXPORTER: 'otlp',
  }

  test('is given what a network needs, the broker, and its credentials', () => {
    const broker = createBroker({
      url: 'https://broker.example/pact/',
      credentials: { username: 'ci', password: 'pass' },
      environment: surroundings,
    })
    expect(environmentFor(broker)).toEqual({
      HOME: '/root',
      HTTPS_PROXY: 'http://proxy.example:3128',
      NO_PROXY: 'intern.example',
      SSL_CERT_FILE: '/etc/ca.pem',
      PACT_DO_NOT_TRACK: 'true',
      PACT_BROKER_HTTP_RETRIES: '3',
      PACT_BROKER_BASE_URL: 'https://broker.example/pact',
      PACT_BROKER_USERNAME: 'ci',
      PACT_BROKER_PASSWORD: 'pass',
    })
  })

  test.each(['http://127.0.0.1:9292', 'http://localhost:9292', 'http://[::1]:9292'])(
    'is given no proxy to %s',
    (url) => {
      const environment = environmentFor(createBroker({ url, environment: surroundings }))
      expect(Object.keys(environment).filter((name) => name.endsWith('_PROXY'))).toEqual([])
    },
  )

  test('is ended when it takes too long', async () => {
    const broker = createBroker({ url: 'http://127.0.0.1:1' })
    const args = ['can-i-deploy', '--pacticipant', 'web', '--version', '1', '--output', 'json']
    await expect(runPactCli(broker, args, { deadlineMs: 50 })).rejects.toMatchObject({
      code: 'ERR_UNREACHABLE',
      message: expect.stringContaining('nothing whole within 50 ms'),
    })
  })
})
