// What a test has in hand beside the mock's replies, on every host alike.
import { describe, expect, test } from 'vitest'
import { hosts, type RunningHost, startOfTime } from './hosts.ts'
import { contentOf, sendForm } from './token-request.ts'

const client = { client_id: 'example-client', client_secret: 'example-secret' }
const options = { services: ['rfc6749'] }
const issue = async (running: RunningHost): Promise<string> => {
  const { body } = await sendForm(running, '/token', { ...client, grant_type: 'client_credentials' })
  return JSON.parse(body).access_token
}
const isLive = async (running: RunningHost, token: string): Promise<boolean> => {
  const { body } = await sendForm(running, '/introspect', { ...client, token })
  return JSON.parse(body).active
}

describe.each(hosts)('the controls of $name', (host) => {
  test('have a clock that lets tokens expire', async () => {
    await using running = await host.start(options)
    const token = await issue(running)
    running.clock.advance('59m59s')
    expect(await isLive(running, token)).toBe(true)
    running.clock.advance('1s')
    expect(await isLive(running, token)).toBe(false)
  })

  test('have a journal that can be searched', async () => {
    await using running = await host.start(options)
    await issue(running)
    await sendForm(running, '/token', client)
    expect(running.journal.find({ issued: true }).map(({ grantType }) => grantType)).toEqual([
      'client_credentials',
    ])
    expect(running.journal.find({ rule: 'rfc6749-5.2-grant-type-required' }).map(({ id }) => id)).toEqual([2])
  })

  test('tell the next reply', async () => {
    await using running = await host.start(options)
    running.respondNext('invalid_scope')
    const asked = { ...client, grant_type: 'client_credentials' }
    expect(contentOf(await sendForm(running, '/token', asked))).toEqual([400, { error: 'invalid_scope' }])
    expect((await sendForm(running, '/token', asked)).status).toBe(200)
  })

  test('forget everything at a reset', async () => {
    await using running = await host.start(options)
    const token = await issue(running)
    running.respondNext('500')
    running.clock.advance('1d')
    running.reset()
    expect([running.clock.now(), running.journal.entries()]).toEqual([startOfTime, []])
    expect(await isLive(running, token)).toBe(false)
  })
})
