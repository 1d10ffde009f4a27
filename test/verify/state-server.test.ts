// The state server: values for whoever knows its URL, and a final refusal where a value cannot be had.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LoopbackServer } from '../../src/verify/loopback.ts'
import { startStateServer } from '../../src/verify/state-server.ts'

let states: LoopbackServer
let asked: string[]
let failures: string[]

beforeEach(async () => {
  asked = []
  failures = []
  states = await startStateServer(
    async (state) => {
      asked.push(state)
      if (state === 'a registered client') return { client_id: 'real id', client_secret: 'real secret' }
      throw new Error('no client_id was given')
    },
    ({ message }) => failures.push(message),
  )
})
afterEach(() => states.close())

const setup = JSON.stringify({ action: 'setup', state: 'a registered client', params: {} })
const strangers: ReadonlyArray<[path: string]> = [['/'], ['/state'], [`/${'A'.repeat(43)}`]]

describe('the state server', () => {
  test('gives the values of a state, as JSON, without which the verifier would not read them', async () => {
    expect(await ask(setup)).toEqual([
      200,
      'application/json',
      { client_id: 'real id', client_secret: 'real secret' },
    ])
  })

  test('has nothing to do at the end of a state', async () => {
    expect(await ask(JSON.stringify({ action: 'teardown', state: 'a registered client' }))).toEqual([
      200,
      'application/json',
      {},
    ])
    expect(asked).toEqual([])
  })

  test('answers 400, which is final, where a value is missing, and says why to its owner', async () => {
    const body = JSON.stringify({ action: 'setup', state: 'a registered user' })
    expect(await ask(body)).toEqual([400, 'application/json', {}])
    expect(failures).toEqual(['the state "a registered user" could not be produced: no client_id was given'])
  })

  test.each(strangers)('tells nothing at %s', async (path) => {
    expect(await ask(setup, new URL(path, states.url).href)).toEqual([404, 'application/json', {}])
    expect(asked).toEqual([])
  })

  test.each([['not JSON'], ['null'], ['']])('goes on after a body of %j', async (body) => {
    expect(await ask(body)).toEqual([400, 'application/json', {}])
    expect((await ask(setup))[0]).toBe(200)
  })

  test('is at another path each time', async () => {
    const other = await startStateServer(
      async () => ({}),
      () => {},
    )
    other.close()
    expect(new URL(other.url).pathname).not.toBe(new URL(states.url).pathname)
    expect(new URL(states.url).pathname).toMatch(/^\/[\w-]{43}$/)
  })
})

async function ask(
  body: string,
  url = states.url,
): Promise<[status: number, type: string | null, values: unknown]> {
  const response = await fetch(url, { method: 'POST', body })
  return [response.status, response.headers.get('content-type'), await response.json()]
}
