// What is told of a request or a token afterwards, by journal, introspection and metadata, is what happened.
import { describe, expect, test } from 'vitest'
import type { MockOptions } from '../../src/host/options.ts'
import { startTokenServer } from '../../src/host/server.ts'
import { hosts, type RunningHost } from './hosts.ts'
import { contentOf, sendForm } from './token-request.ts'

const client = { client_id: 'example-client', client_secret: 'example-secret' }
const user = { grant_type: 'password', username: 'example-user', password: 'example-password' }
const clientCredentials = { grant_type: 'client_credentials' }
const token = (running: RunningHost, parameters: Record<string, string>, prefer?: string) =>
  sendForm(running, '/token', { ...client, ...parameters }, prefer === undefined ? {} : { prefer })
const refreshTokenOf = async (running: RunningHost, parameters: Record<string, string> = user) =>
  JSON.parse((await token(running, parameters)).body).refresh_token as string
const introspect = async (running: RunningHost, value: string) =>
  JSON.parse((await sendForm(running, '/introspect', { ...client, token: value })).body)
const refresh = (refresh_token: string) => ({ grant_type: 'refresh_token', refresh_token })

describe.each(hosts)('on $name', (host) => {
  const start = (options: MockOptions = {}) => host.start({ services: ['rfc6749'], ...options })

  test('the journal has the grant and the variant of a refused request, too', async () => {
    await using running = await start()
    await token(running, { ...refresh('x'), client_secret: 'wrong' })
    await token(running, refresh('x'))
    expect(
      running.journal.entries().map(({ status, grantType, variant }) => [status, grantType, variant]),
    ).toEqual([
      [401, 'refresh_token', 'rfc6749/refresh_token'],
      [400, 'refresh_token', 'rfc6749/refresh_token'],
    ])
  })

  test.each([['no_access_token'], ['empty'], ['html']])(
    'the journal has nothing issued by a reply with the outcome %s',
    async (outcome) => {
      await using running = await start()
      await token(running, clientCredentials, `outcome=${outcome}`)
      expect(running.journal.find({ issued: true })).toEqual([])
    },
  )

  test('the journal has both ways of a client that authenticates twice, also where the service knows one', async () => {
    await using running = await start({ services: ['prove'] })
    const headers = { authorization: `Basic ${btoa('customer_id:secret')}` }
    await sendForm(
      running,
      '/token',
      { ...clientCredentials, client_id: 'customer_id', client_secret: 'secret' },
      headers,
    )
    expect(running.journal.entries().map(({ clientAuthentication }) => clientAuthentication)).toEqual([
      ['client_secret_basic', 'client_secret_post'],
    ])
  })

  test('a used refresh token is active while its grace lasts', async () => {
    await using running = await start({ options: { rfc6749: { refresh_tokens: 'rotate_with_grace' } } })
    const first = await refreshTokenOf(running)
    await token(running, refresh(first))
    expect((await introspect(running, first)).active).toBe(true)
    running.clock.advance('10s')
    expect((await introspect(running, first)).active).toBe(false)
  })

  test('a reuse that is answered by an outcome in its place revokes nothing', async () => {
    await using running = await start()
    const first = await refreshTokenOf(running)
    const second = await refreshTokenOf(running, refresh(first))
    expect((await token(running, refresh(first), 'code=503')).status).toBe(503)
    expect((await introspect(running, second)).active).toBe(true)
    expect((await token(running, refresh(first))).status).toBe(400)
    expect((await introspect(running, second)).active).toBe(false)
  })

  test('the metadata has no grant that an option takes away, and no public clients where only secrets are of use', async () => {
    await using running = await start({
      services: ['rfc6749/client_credentials', 'rfc6749/refresh_token'],
      options: { rfc6749: { refresh_tokens: 'none' } },
    })
    const response = await running.fetch('/.well-known/oauth-authorization-server')
    const { grant_types_supported, token_endpoint_auth_methods_supported } =
      (await response.json()) as Record<string, unknown>
    expect([grant_types_supported, token_endpoint_auth_methods_supported]).toEqual([
      ['client_credentials'],
      ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    ])
    expect(contentOf(await token(running, refresh('x')))).toEqual([400, { error: 'unsupported_grant_type' }])
  })

  test('a live token is active whatever claims are given', async () => {
    await using running = await start({ accessTokens: { format: 'opaque', claims: { active: false } } })
    const { access_token } = JSON.parse((await token(running, clientCredentials)).body)
    expect((await introspect(running, access_token)).active).toBe(true)
  })

  test('a token keeps the issuer that it was asked of', async () => {
    await using running = await start({ services: ['rfc6749', 'moov'], accessTokens: { format: 'jwt' } })
    const { body } = await sendForm(running, '/rfc6749/token', { ...client, ...clientCredentials })
    const { access_token } = JSON.parse(body)
    const claims = JSON.parse(atob(access_token.split('.')[1]))
    const told = JSON.parse(
      (await sendForm(running, '/rfc6749/introspect', { ...client, token: access_token })).body,
    )
    expect([told.iss, told.aud, told.exp]).toEqual([claims.iss, claims.aud, claims.exp])
  })

  test('a client that is registered for Basic may show its body credentials besides, where a service takes both', async () => {
    const web = { client_id: 'web', client_secret: 'web-secret' }
    await using running = await start({
      services: ['moov'],
      clients: [{ ...web, token_endpoint_auth_method: 'client_secret_basic' }],
    })
    const asked = { ...clientCredentials, scope: '/ping.read' }
    const headers = { authorization: `Basic ${btoa('web:web-secret')}` }
    expect((await sendForm(running, '/oauth2/token', { ...asked, ...web }, headers)).status).toBe(200)
    expect((await sendForm(running, '/oauth2/token', asked, headers)).status).toBe(200)
    expect((await sendForm(running, '/oauth2/token', { ...asked, ...web })).status).toBe(401)
  })
})

describe('a registration', () => {
  test.each([['read  write'], [' read'], ['a "b"'], ['read\twrite']])(
    'is refused with the scope %j',
    async (scope) => {
      await expect(
        startTokenServer({ clients: [{ client_id: 'a', client_secret: 'b', scope }] }),
      ).rejects.toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
    },
  )
})
