// Clients that do not send what is documented: no contract is written, and the error names what is wrong.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ContractClient, wireClient } from '../../src/contract/client.ts'
import { writeContract } from '../../src/contract/contract.ts'
import type { WireParameters } from '../../src/service/exchanges.ts'
import { findVariant } from '../../src/service/lookup.ts'
import { services } from '../../src/services/services.ts'

const located = findVariant(services, 'prove/java-0.15.0')
const form = 'application/x-www-form-urlencoded'
const source = located.variant.document.source.document

/** What is said of the one request that is not as it should be. */
function message(finding: string, next: string): string {
  return [
    'the client does not send what is documented; no contract was written',
    '  prove/java-0.15.0#client_credentials#client_secret_post, sent by a client',
    `    ${finding}`,
    `  next: ${next}`,
  ].join('\n')
}

const parameters = `send the parameters of ${source}, each once, and no other`
const values = 'send the credentials and parameters that the call is given'

/** What a client sends in place of the documented request. */
interface Departure {
  readonly method?: string
  readonly path?: string
  readonly contentType?: string
  readonly body?: (parameters: WireParameters) => string
}

const departures: ReadonlyArray<[does: string, departure: Departure, finding: string, next: string]> = [
  [
    'spells a parameter in another way',
    { body: ({ client_id = '', ...others }) => formOf({ ...others, clientId: client_id }) },
    'parameter "client_id": expected "customer_id", received it as "clientId"',
    parameters,
  ],
  [
    'leaves out a parameter',
    { body: ({ client_secret, ...others }) => formOf(others) },
    'parameter "client_secret": expected "secret", received nothing',
    parameters,
  ],
  [
    'adds a parameter',
    { body: (parameters) => formOf({ ...parameters, scope: 'read' }) },
    'parameter "scope": expected no such parameter, received it',
    parameters,
  ],
  [
    'sends a value of its own, which is not shown',
    { body: (parameters) => formOf({ ...parameters, client_secret: 'a-real-secret' }) },
    'parameter "client_secret": expected "secret", received another value',
    values,
  ],
  [
    'sends a parameter twice',
    { body: (parameters) => `${formOf(parameters)}&client_id=customer_id_2` },
    'parameter "client_id": expected "customer_id", received it more than once',
    parameters,
  ],
  [
    'sends JSON for a form',
    { contentType: 'application/json', body: (parameters) => JSON.stringify(parameters) },
    `Content-Type: expected "${form}", received "application/json"`,
    `send the body as ${form}`,
  ],
  [
    'uses another method',
    { method: 'PUT' },
    'method: expected POST, received PUT',
    'send POST (RFC 6749 section 3.2)',
  ],
  [
    'goes to another path',
    { path: '/tokens' },
    'path: expected /token, received /tokens',
    'send to tokenEndpoint, or to the documented path under url',
  ],
  [
    'adds a query',
    { path: '/token?tenant=1' },
    'query: expected none, received "tenant"',
    'send parameters in the body alone (RFC 6749 section 2.3.1)',
  ],
]

const outcomes: ReadonlyArray<[does: string, send: ContractClient['send'], finding: string, next: string]> = [
  [
    'sends nothing',
    async () => 200,
    'request: expected POST /token, received none',
    'send it to url, and await the reply before the call ends',
  ],
  [
    'sees another status than was sent',
    async (...args) => (await wireClient.send(...args)) + 1,
    'status: expected 200, received 201',
    'tell the status of the reply',
  ],
  [
    'fails at the documented reply',
    async (...args) => {
      await wireClient.send(...args)
      throw new TypeError('access_token is not a number')
    },
    'reply: expected a client that understands 200 with access_token, expires_in, token_type, received TypeError: access_token is not a number',
    'let the client read the documented reply',
  ],
  [
    'fails at the reply to a wrong request',
    async (baseUrl) => {
      await fetch(`${baseUrl}/token`)
      throw new TypeError('500')
    },
    'method: expected POST, received GET',
    'send POST (RFC 6749 section 3.2)',
  ],
]

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'contract-client-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('no contract is written', () => {
  test.each(departures)('for a client that %s', async (_does, departure, finding, next) => {
    const error = await errorOf([clientOf(sendWith(departure))])
    expect(error).toMatchObject({ code: 'ERR_CONTRACT_CLIENT', message: message(finding, next) })
    expect(inspect(error, { depth: 9 })).not.toContain('a-real-secret')
    expect(readdirSync(directory)).toEqual([])
  })

  test.each(outcomes)('for a client that %s', async (_does, send, finding, next) => {
    expect(await errorOf([clientOf(send)])).toMatchObject({
      code: 'ERR_CONTRACT_CLIENT',
      message: message(finding, next),
    })
    expect(readdirSync(directory)).toEqual([])
  })

  test('for a client that cannot send some request, where no other can', async () => {
    expect(await errorOf([{ ...clientOf(wireClient.send), canSend: () => false }])).toMatchObject({
      code: 'ERR_CONTRACT_CLIENT',
      message: 'no client can send prove/java-0.15.0#client_credentials#client_secret_post',
    })
  })

  test('over an old one, which stays as it was', async () => {
    const file = join(directory, 'prove', 'java-0.15.0.json')
    mkdirSync(join(directory, 'prove'))
    writeFileSync(file, 'the old contract')
    await errorOf([clientOf(sendWith({ path: '/tokens' }))])
    expect(readFileSync(file, 'utf8')).toBe('the old contract')
  })

  test('where a file cannot be put in place, and no unfinished one is left', async () => {
    mkdirSync(join(directory, 'prove', 'java-0.15.0.json'), { recursive: true })
    expect(await errorOf([wireClient])).toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message: expect.stringMatching(/^expected a folder that contracts can be written to: E[A-Z]+: /),
    })
    expect(readdirSync(directory, { recursive: true })).toEqual(['prove', join('prove', 'java-0.15.0.json')])
  })
})

describe('a client of your own', () => {
  test('is named in the contract, and whoever can send a request sends it', async () => {
    const basic = {
      ...clientOf(wireClient.send),
      canSend: ({ basic }: { basic?: unknown }) => basic !== undefined,
    }
    const { file, interactions, sentBy } = await writeContract(
      findVariant(services, 'rfc6749/client_credentials'),
      directory,
      [basic, wireClient],
    )
    expect([interactions, sentBy]).toEqual([8, ['a client', wireClient.name]])
    expect(JSON.parse(readFileSync(file, 'utf8')).metadata.tokenwright.sent_by).toEqual(sentBy)
  })
})

function clientOf(send: ContractClient['send']): ContractClient {
  return { name: 'a client', canSend: () => true, send }
}

function sendWith({ method = 'POST', path, contentType, body = formOf }: Departure): ContractClient['send'] {
  return async (baseUrl, _located, message) => {
    const { status } = await fetch(baseUrl + (path ?? message.path), {
      method,
      headers: { 'content-type': contentType ?? message.contentType },
      body: body(message.parameters),
    })
    return status
  }
}

function formOf(parameters: WireParameters): string {
  return new URLSearchParams(parameters).toString()
}

async function errorOf(clients: readonly ContractClient[]): Promise<unknown> {
  return writeContract(located, directory, clients).then(
    () => undefined,
    (error: unknown) => error,
  )
}
