// The state server: the values of the interaction under way, for whoever knows its URL.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type StateServer, startStateServer } from '../../src/verify/state-server.ts'

let states: StateServer

beforeEach(async () => {
  states = await startStateServer()
})
afterEach(() => states.close())

const setup = JSON.stringify({ action: 'setup', state: 'a registered client', params: {} })
const values = { client_id: 'real id', client_secret: 'real secret' }
const strangers: ReadonlyArray<[path: string]> = [['/'], ['/state'], [`/${'A'.repeat(43)}`]]

describe('the state server', () => {
  test('gives the values that it was supplied with, as JSON, without which the verifier would not read them', async () => {
    expect(await ask(setup)).toEqual([200, 'application/json', {}])
    states.supply(values)
    expect(await ask(setup)).toEqual([200, 'application/json', values])
    states.supply({})
    expect(await ask(setup)).toEqual([200, 'application/json', {}])
  })

  test.each(strangers)('tells nothing at %s', async (path) => {
    states.supply(values)
    expect(await ask(setup, new URL(path, states.url).href)).toEqual([404, 'application/json', {}])
  })

  test.each([['not JSON'], ['null'], ['']])('heeds no body, such as %j', async (body) => {
    states.supply(values)
    expect(await ask(body)).toEqual([200, 'application/json', values])
  })

  test('is at another path each time', async () => {
    const other = await startStateServer()
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
