// What surrounds a run does not reach into it, and a run does not reach out: proxies, variables, telemetry, output.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../cli/command.ts'
import { client, keptAnswers, startSmallService } from './service.ts'

const environment = { ID: client.client_id, SECRET: client.client_secret }
const kept = Object.keys(keptAnswers).map(
  (exchange) => `kept      rfc6749/client_credentials  ${exchange.padEnd(41)}  client_secret_post\n`,
)
let scratch: string

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'isolation-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('a verification', () => {
  test('sends nothing to a proxy that the environment names', async () => {
    const connections: string[] = []
    const proxy = createServer((request, response) => response.writeHead(502).end(request.url))
    proxy.on('connection', () => connections.push('one'))
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']
    expect(await verifySmallService(Object.fromEntries(names.map((name) => [name, url])))).toEqual([0, ''])
    proxy.close()
    expect(connections).toEqual([])
  })

  test("heeds none of Pact's variables, and prints nothing of Pact's", async () => {
    const pactVariables = {
      PACT_DESCRIPTION: 'nothing has this description',
      PACT_PROVIDER_STATE: 'nor this state',
      PACT_BROKER_BASE_URL: 'http://127.0.0.1:1',
      LOG_LEVEL: 'trace',
      RUST_LOG: 'trace',
      NO_PROXY: 'as.example',
    }
    expect(await verifySmallService(pactVariables)).toEqual([0, ''])
  })
})

describe("Pact's libraries", () => {
  const verbs: ReadonlyArray<[verb: string, run: (environment: Record<string, string>) => Promise<unknown>]> =
    [
      ['verify', verifySmallService],
      ['contracts', writeOneContract],
    ]
  test.each(verbs)('are told not to report their use before they are loaded, by %s', async (verb, run) => {
    const log = join(scratch, `${verb}.log`)
    const hook = join(scratch, `${verb}.mjs`)
    writeFileSync(
      hook,
      `import { appendFileSync } from 'node:fs'
       import { registerHooks } from 'node:module'
       registerHooks({
         load(url, context, next) {
           if (/pact-core\\/(dist|src)\\/index\\.js$/.test(url))
             appendFileSync(${JSON.stringify(log)}, process.env.PACT_DO_NOT_TRACK + '\\n')
           return next(url, context)
         },
       })`,
    )
    await run({ NODE_OPTIONS: `--import ${pathToFileURL(hook).href}` })
    expect(readFileSync(log, 'utf8')).toBe('true\n')
  })

  test('print nothing where contracts are written, whatever level of logging the environment asks for', async () => {
    expect(await writeOneContract({ LOG_LEVEL: 'trace', RUST_LOG: 'trace' })).toEqual({
      status: 0,
      stdout: `${join(scratch, 'out', 'prove', 'java-0.15.0.json')}  4 interactions, sent by tokenwright, in the documented wire form\n`,
      stderr: '',
    })
  })
})

/** Verifies a service that keeps its contract; the rest of the report is as it should be. */
async function verifySmallService(more: Record<string, string>): Promise<readonly [number | null, string]> {
  await using service = await startSmallService()
  const url = `${service.origin}/token`
  const args = ['--url', url, '--service', 'rfc6749/client_credentials']
  const { status, stdout, stderr } = await runCommand(
    ['verify', ...args, '--client-id', 'env:ID', '--client-secret', 'env:SECRET'],
    { environment: { ...environment, ...more } },
  )
  const sum = `rfc6749 at ${url}, by client_secret_post: 4 kept, 0 broken, 0 skipped\n`
  expect(stdout).toBe(`${kept.join('')}\n${sum}`)
  return [status, stderr]
}

function writeOneContract(environment: Record<string, string>) {
  return runCommand(['contracts', '--service', 'prove/java-0.15.0', '--out', join(scratch, 'out')], {
    environment,
  })
}
