// The way to a broker: its own origin alone, and one clear error for each way in which it is none.
import { describe, expect, test } from 'vitest'
import { ask, createBroker, indexOf, linkOf } from '../../src/broker/hal.ts'
import { TokenwrightError } from '../../src/service/error.ts'
import { faults } from './faults.ts'
import { startBroker } from './stand-in.ts'

const credentials = { token: 'canary-token.9+/=' }

describe('the index of a broker', () => {
  test.each([
    ['a token', { token: 'a-token' }, 'Bearer a-token'],
    ['a user name and a password', { username: 'ci', password: 'pä:ss' }, 'Basic Y2k6cMOkOnNz'],
    ['nothing', {}, undefined],
  ])('is asked for with %s', async (_with, credentials, authorization) => {
    await using standIn = await startBroker(authorization === undefined ? {} : { authorization })
    const broker = createBroker({ url: standIn.url, credentials })
    expect(Object.keys((await indexOf(broker))._links as object)).toContain('pb:publish-contracts')
    expect(standIn.asked).toEqual([{ method: 'GET', path: '/', authorization, body: '' }])
  })

  test('is asked for below a path', async () => {
    await using standIn = await startBroker({ fault: ({ url }) => url !== '/pact-broker/' })
    const broker = createBroker({ url: `${standIn.url}/pact-broker` })
    await expect(indexOf(broker)).rejects.toMatchObject({ code: 'ERR_BROKER_REFUSED' })
    expect(standIn.asked.map(({ path }) => path)).toEqual(['/pact-broker/'])
  })

  test.each(faults)('of a broker that %s is one clear error', async (_does, answer, code, said) => {
    await using standIn = await startBroker({
      fault: (request, response) => {
        answer(request, response)
        return true
      },
    })
    const broker = createBroker({ url: standIn.url, credentials, timeoutMs: 200, longestReplyBytes: 100_000 })
    const error = await indexOf(broker).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TokenwrightError)
    expect((error as TokenwrightError).code).toBe(code)
    expect((error as TokenwrightError).message).toMatch(said)
    expect(String((error as TokenwrightError).stack)).not.toContain(credentials.token)
  })

  test('of a broker that is not listening is one clear error', async () => {
    const broker = createBroker({ url: 'http://127.0.0.1:1', credentials })
    await expect(indexOf(broker)).rejects.toMatchObject({
      code: 'ERR_UNREACHABLE',
      message:
        'expected a Pact Broker at http://127.0.0.1:1/, received no reply: ECONNREFUSED; next: check the address and that the broker runs',
    })
  })

  test('is not asked for with credentials that no header can have', async () => {
    await using standIn = await startBroker()
    const broker = createBroker({ url: standIn.url, credentials: { token: 'two\nlines' } })
    const error = await indexOf(broker).catch((thrown: unknown) => thrown)
    expect((error as Error).message).toContain('characters that no header can have')
    expect((error as Error).message).not.toContain('two')
    expect(standIn.asked).toEqual([])
  })
})

describe('an address', () => {
  test.each([
    ['no URL', 'broker.example'],
    ['another scheme', 'ftp://broker.example'],
    ['a query', 'https://broker.example/?token=hunter2'],
    ['a fragment', 'https://broker.example/#hunter2'],
    ['credentials', 'https://ci:hunter2@broker.example'],
  ])('with %s is refused, and not repeated', (_with, url) => {
    const error = thrownBy(() => createBroker({ url }))
    expect(error).toMatchObject({ code: 'ERR_OPTION_INVALID' })
    expect(error.message).not.toContain('hunter2')
  })

  test.each([
    ['a token and a user name', { token: 'hunter2', username: 'ci' }],
    ['a password alone', { password: 'hunter2' }],
  ])('is not opened by %s', (_by, credentials) => {
    const error = thrownBy(() => createBroker({ url: 'https://broker.example', credentials }))
    expect(error).toMatchObject({ code: 'ERR_OPTION_INVALID' })
    expect(error.message).not.toContain('hunter2')
  })
})

describe('a link', () => {
  const broker = createBroker({ url: 'https://broker.example/pact' })
  const linked = (href: string) => ({ _links: { it: { href } } })

  test.each([
    ['the whole address', 'https://broker.example/pact/x', 'https://broker.example/pact/x'],
    ['a path', '/pact/x', 'https://broker.example/pact/x'],
    ['a template', '/p/{name}', 'https://broker.example/p/%40acme%2Fweb%20app'],
  ])('is %s', (_is, href, expected) => {
    expect(linkOf(broker, linked(href), 'it', { name: '@acme/web app' })).toBe(expected)
  })

  test.each([
    ['another host', 'https://elsewhere.example/x'],
    ['another port', 'https://broker.example:8443/x'],
    ['no encryption', 'http://broker.example/x'],
    ['another scheme', 'file:///etc/passwd'],
  ])('that leads to %s is not followed', (_to, href) => {
    expect(thrownBy(() => linkOf(broker, linked(href), 'it'))).toMatchObject({ code: 'ERR_BROKER_INVALID' })
  })

  test('that is missing says which', () => {
    expect(thrownBy(() => linkOf(broker, {}, 'pb:nothing')).message).toBe(
      'expected a link pb:nothing of the broker at https://broker.example/pact/, received none; next: check that the broker is up to date',
    )
  })

  test('is nothing that can be asked for elsewhere', async () => {
    await expect(ask(broker, 'GET', 'https://elsewhere.example/')).rejects.toThrow(
      'https://elsewhere.example is not the broker',
    )
  })
})

function thrownBy(run: () => unknown): TokenwrightError {
  try {
    run()
  } catch (error) {
    return error as TokenwrightError
  }
  throw new Error('nothing was thrown')
}
