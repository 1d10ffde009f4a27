// Clients and users: the documented examples, and those that a host is given as RFC 7591 metadata.
import { describe, expect, test } from 'vitest'
import { formatBasic } from '../../src/oauth/basic.ts'
import type { ClientMetadata } from '../../src/oauth/words.ts'
import { hosts } from './hosts.ts'
import { contentOf, sendForm, sendJson } from './token-request.ts'

const client = { client_id: 'acme-client', client_secret: 'acme: secret/+%&' }
const baseline = '/rfc6749/token'
const baselineRefused = [401, { error: 'invalid_client' }] as const
const proveRefused = [401, { code: 8002, message: 'not authorized' }] as const

type Parameters = Readonly<Record<string, string>>
interface Row {
  readonly given: string
  readonly registered: Partial<ClientMetadata>
  readonly parameters: Parameters
  readonly expected: readonly [status: number, error?: string]
  /** Default: the body. */
  readonly authorization?: string
}

const clientCredentials = { grant_type: 'client_credentials' }
const basic = formatBasic(client, 'form')
const rows: readonly Row[] = [
  {
    given: 'any grant, when it is registered for none in particular',
    registered: {},
    parameters: { grant_type: 'password', username: 'example-user', password: 'example-password', ...client },
    expected: [200],
  },
  {
    given: 'the grant it is registered for',
    registered: { grant_types: ['client_credentials'] },
    parameters: { ...clientCredentials, ...client },
    expected: [200],
  },
  {
    given: 'another grant than those it is registered for',
    registered: { grant_types: ['client_credentials'] },
    parameters: { grant_type: 'password', username: 'example-user', password: 'example-password', ...client },
    expected: [400, 'unauthorized_client'],
  },
  {
    given: 'a scope within the registered one',
    registered: { scope: 'read write' },
    parameters: { ...clientCredentials, scope: 'write', ...client },
    expected: [200, 'write'],
  },
  {
    given: 'no scope, and has the registered one granted',
    registered: { scope: 'read write' },
    parameters: { ...clientCredentials, ...client },
    expected: [200, 'read write'],
  },
  {
    given: 'a scope beyond the registered one',
    registered: { scope: 'read write' },
    parameters: { ...clientCredentials, scope: 'read admin', ...client },
    expected: [400, 'invalid_scope'],
  },
  {
    given: 'the method it is registered with, HTTP Basic',
    registered: { token_endpoint_auth_method: 'client_secret_basic' },
    parameters: clientCredentials,
    authorization: basic,
    expected: [200],
  },
  {
    given: 'the body, when it is registered with HTTP Basic',
    registered: { token_endpoint_auth_method: 'client_secret_basic' },
    parameters: { ...clientCredentials, ...client },
    expected: [401, 'invalid_client'],
  },
  {
    given: 'HTTP Basic, when it is registered with the body',
    registered: { token_endpoint_auth_method: 'client_secret_post' },
    parameters: clientCredentials,
    authorization: basic,
    expected: [401, 'invalid_client'],
  },
  {
    given: 'HTTP Basic and its client_id in the body as well',
    registered: {},
    parameters: { ...clientCredentials, client_id: client.client_id },
    authorization: basic,
    expected: [200],
  },
  {
    given: 'HTTP Basic and another client_id in the body',
    registered: {},
    parameters: { ...clientCredentials, client_id: 'example-client' },
    authorization: basic,
    expected: [400, 'invalid_request'],
  },
  {
    given: 'HTTP Basic and body credentials at once',
    registered: {},
    parameters: { ...clientCredentials, ...client },
    authorization: basic,
    expected: [400, 'invalid_request'],
  },
  {
    given: 'a wrong secret by HTTP Basic',
    registered: {},
    parameters: clientCredentials,
    authorization: formatBasic({ ...client, client_secret: 'wrong' }, 'form'),
    expected: [401, 'invalid_client'],
  },
  {
    given: 'its id alone, although it has a secret',
    registered: {},
    parameters: { ...clientCredentials, client_id: client.client_id },
    expected: [401, 'invalid_client'],
  },
  {
    given: 'a Bearer token in place of credentials',
    registered: {},
    parameters: { ...clientCredentials, ...client },
    authorization: 'Bearer example-access-token',
    expected: [401, 'invalid_client'],
  },
]

describe.each(hosts)('clients on $name', (host) => {
  test.each(rows)('the baseline hears a client that uses $given', async (row) => {
    await using running = await host.start({ clients: [{ ...client, ...row.registered }] })
    const headers = row.authorization === undefined ? {} : { authorization: row.authorization }
    const reply = await sendForm(running, baseline, row.parameters, headers)
    const { error, scope } = JSON.parse(reply.body)
    expect([reply.status, error ?? scope]).toEqual([row.expected[0], row.expected[1]])
  })

  test('a public client of the baseline shows its id alone, and no secret', async () => {
    await using running = await host.start({ clients: [{ client_id: 'public-client' }] })
    const resourceOwner = { grant_type: 'password', username: 'example-user', password: 'example-password' }
    const ask = (parameters: Parameters) =>
      sendForm(running, baseline, { ...resourceOwner, client_id: 'public-client', ...parameters })
    expect(contentOf(await ask({}))[0]).toBe(200)
    expect(contentOf(await ask({ client_secret: 'anything' }))).toEqual(baselineRefused)
    expect(contentOf(await ask({ client_secret: '' }))[0]).toBe(200)
    expect(contentOf(await ask(clientCredentials))).toEqual([400, { error: 'unauthorized_client' }])
  })

  test('a client without a secret does not authenticate with an empty one', async () => {
    await using running = await host.start({ clients: [{ client_id: 'public-client' }] })
    const authorization = `Basic ${btoa('public-client:')}`
    const reply = await sendForm(running, baseline, clientCredentials, { authorization })
    expect(contentOf(reply)).toEqual(baselineRefused)
  })

  test('a service that has no public clients does not take an id alone', async () => {
    await using running = await host.start({ clients: [{ client_id: 'public-client' }] })
    const parameters = { ...clientCredentials, client_id: 'public-client' }
    expect(contentOf(await sendForm(running, '/token', parameters))).toEqual(proveRefused)
    expect(contentOf(await sendForm(running, '/oauth2/token', { ...parameters, scope: 'x' }))).toEqual([
      401,
      '',
    ])
  })

  test('a client is known to every service, in the body of each', async () => {
    await using running = await host.start({ clients: [client] })
    for (const path of ['/prove/token', '/moov/oauth2/token', baseline]) {
      const parameters = { ...clientCredentials, scope: 'read', ...client }
      expect(contentOf(await sendForm(running, path, parameters))[0]).toBe(200)
      const wrong = { ...parameters, client_secret: 'wrong' }
      expect(contentOf(await sendForm(running, path, wrong))[0]).toBe(401)
    }
  })

  test('a given client stands in for the documented one of the same id', async () => {
    await using running = await host.start({
      clients: [{ client_id: 'customer_id', client_secret: 'changed' }],
    })
    const ask = (client_secret: string) =>
      sendForm(running, '/token', { ...clientCredentials, client_id: 'customer_id', client_secret })
    expect(contentOf(await ask('secret'))).toEqual(proveRefused)
    expect(contentOf(await ask('changed'))[0]).toBe(200)
  })

  const moovBasics: ReadonlyArray<[given: string, authorization: string, status: number]> = [
    ['as they are', formatBasic(client, 'raw'), 200],
    ['encoded as form values', formatBasic(client, 'form'), 401],
    ['under a scheme in capitals', formatBasic(client, 'raw').replace('Basic', 'BASIC'), 200],
  ]

  test.each(moovBasics)('Moov reads Basic credentials: %s', async (_given, authorization, status) => {
    await using running = await host.start({ clients: [client] })
    const body = { ...clientCredentials, scope: '/ping.read' }
    expect((await sendJson(running, '/oauth2/token', body, { authorization })).status).toBe(status)
  })

  test('Moov takes Basic and body credentials at once, and both must be right', async () => {
    await using running = await host.start({ clients: [client] })
    const ask = (body: Parameters, header: Partial<typeof client>) =>
      sendJson(
        running,
        '/oauth2/token',
        { ...clientCredentials, scope: '/ping.read', ...client, ...body },
        { authorization: formatBasic({ ...client, ...header }, 'raw') },
      )
    expect((await ask({}, {})).status).toBe(200)
    expect((await ask({ client_secret: 'wrong' }, {})).status).toBe(401)
    expect((await ask({}, { client_secret: 'wrong' })).status).toBe(401)
  })

  test('Prove passes over an Authorization field, as its SDKs sent one beside the body', async () => {
    await using running = await host.start({ clients: [client] })
    const body = { ...clientCredentials, ...client }
    for (const authorization of ['Bearer example-access-token', 'Basic %', formatBasic(client, 'raw')]) {
      expect((await sendJson(running, '/token', body, { authorization })).status).toBe(200)
    }
  })

  test('a given user gets a token, with the right password alone', async () => {
    await using running = await host.start({ users: [{ username: 'ada', password: 'enchantress' }] })
    const ask = (password: string) =>
      sendJson(running, '/v3/token', { grant_type: 'password', username: 'ada', password })
    expect(contentOf(await ask('enchantress'))[0]).toBe(200)
    expect(contentOf(await ask('wrong'))).toEqual(proveRefused)
  })

  test('the password grant without a client secret still knows which clients there are', async () => {
    await using running = await host.start({ clients: [client] })
    const ask = (client_id: string) =>
      sendJson(running, '/v3/token', {
        grant_type: 'password',
        username: 'jdoe',
        password: 'password',
        client_id,
      })
    expect(contentOf(await ask('acme-client'))[0]).toBe(200)
    expect(contentOf(await ask('unknown-client'))).toEqual(proveRefused)
  })

  test('the password grant without a client secret keeps to the grants of the client it names', async () => {
    await using running = await host.start({ clients: [{ ...client, grant_types: ['client_credentials'] }] })
    const parameters = { grant_type: 'password', username: 'jdoe', password: 'password' }
    const { client_id } = client
    expect(contentOf(await sendJson(running, '/v3/token', { ...parameters, client_id }))).toEqual(
      proveRefused,
    )
    expect(contentOf(await sendJson(running, '/v3/token', parameters))[0]).toBe(200)
  })
})
