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
const granted = 'prove/java-0.15.0#client_credentials#client_secret_post, sent by a client: '
const form = 'application/x-www-form-urlencoded'

/** What a client sends in place of the documented request. */
interface Departure {
  readonly method?: string
  readonly path?: string
  readonly contentType?: string
  readonly body?: (parameters: WireParameters) => string
}

const departures: ReadonlyArray<[does: string, departure: Departure, problem: string]> = [
  [
    'spells a parameter in another way',
    { body: ({ client_id = '', ...others }) => formOf({ ...others, clientId: client_id }) },
    "Expected form post parameter 'client_id' but was missing; Unexpected form post parameter 'clientId' received",
  ],
  [
    'leaves out a parameter',
    { body: ({ client_secret, ...others }) => formOf(others) },
    "Expected form post parameter 'client_secret' but was missing",
  ],
  [
    'adds a parameter',
    { body: (parameters) => formOf({ ...parameters, scope: 'read' }) },
    "Unexpected form post parameter 'scope' received",
  ],
  [
    'sends a value of its own, which is not shown',
    { body: (parameters) => formOf({ ...parameters, client_secret: 'a-real-secret' }) },
    'expected the documented $.client_secret, received another',
  ],
  [
    'sends a parameter twice',
    { body: (parameters) => `${formOf(parameters)}&client_id=customer_id_2` },
    'expected the documented $.client_id, received another',
  ],
  [
    'sends JSON for a form',
    { contentType: 'application/json', body: (parameters) => JSON.stringify(parameters) },
    `Expected a body of '${form}' but the actual content type was 'application/json'; Mismatch with header 'Content-Type': Expected header 'Content-Type' to have value '${form}' but was 'application/json'`,
  ],
  ['uses another method', { method: 'PUT' }, 'expected POST /token; received PUT /token'],
  ['goes to another path', { path: '/tokens' }, 'expected POST /token; received POST /tokens'],
  ['adds a query', { path: '/token?tenant=1' }, "Unexpected query parameter 'tenant' received"],
]

const outcomes: ReadonlyArray<[does: string, send: ContractClient['send'], problem: string]> = [
  ['sends nothing', async () => 200, 'expected POST /token'],
  [
    'sees another status than was sent',
    async (...args) => (await wireClient.send(...args)) + 1,
    'expected status 200, the client saw 201',
  ],
  [
    'fails at the documented reply',
    async (...args) => {
      await wireClient.send(...args)
      throw new TypeError('access_token is not a number')
    },
    'the client did not understand the reply',
  ],
  [
    'fails at the reply to a wrong request',
    async (baseUrl) => {
      await fetch(`${baseUrl}/token`)
      throw new TypeError('500')
    },
    'expected POST /token; received GET /token',
  ],
]

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'contract-client-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('no contract is written', () => {
  test.each(departures)('for a client that %s', async (_does, departure, problem) => {
    const error = await errorOf([clientOf(sendWith(departure))])
    expect(error).toMatchObject({ code: 'ERR_CONTRACT_CLIENT', message: granted + problem })
    expect(inspect(error, { depth: 9 })).not.toContain('a-real-secret')
    expect(readdirSync(directory)).toEqual([])
  })

  test.each(outcomes)('for a client that %s', async (_does, send, problem) => {
    expect(await errorOf([clientOf(send)])).toMatchObject({
      code: 'ERR_CONTRACT_CLIENT',
      message: granted + problem,
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
