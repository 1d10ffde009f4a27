// Clients whose id asks for outcomes: the same clients as without, by every method of authentication.
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { formatBasic } from '../../src/oauth/basic.ts'
import { type ClientMetadata, type JsonWebKey, jwtBearerAssertion } from '../../src/oauth/words.ts'
import { hosts, type RunningHost, startOfTime } from './hosts.ts'
import { contentOf, type Reply, sendForm, sendJson } from './token-request.ts'

const clientCredentials = { grant_type: 'client_credentials' }
const example = { client_id: 'example-client', client_secret: 'example-secret' }
const moovClient = { client_id: '5clTR_MdVrrkgxw2', client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' }
const token = expect.stringMatching(/^[\w-]{43}$/)

let privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey']
let publicKey: JsonWebKey

beforeAll(async () => {
  const pair = await generateKeyPair('ES256')
  privateKey = pair.privateKey
  publicKey = (await exportJWK(pair.publicKey)) as JsonWebKey
})

const assertionOf = (clientId: string, audience: string) =>
  new SignJWT()
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setExpirationTime(new Date(startOfTime + 60_000))
    .sign(privateKey)

type Ask = (running: RunningHost, suffix: string, secret?: string) => Promise<Reply>

const ways: ReadonlyArray<[way: string, ask: Ask, refused: readonly unknown[]]> = [
  [
    'credentials in a form',
    (running, suffix, client_secret = 'secret') =>
      sendForm(running, '/token', {
        ...clientCredentials,
        client_id: `customer_id${suffix}`,
        client_secret,
      }),
    [401, { code: 8002, message: 'not authorized' }],
  ],
  [
    'credentials in JSON',
    (running, suffix, client_secret = moovClient.client_secret) =>
      sendJson(running, '/oauth2/token', {
        ...clientCredentials,
        client_id: moovClient.client_id + suffix,
        client_secret,
        scope: '/accounts.read',
      }),
    [401, ''],
  ],
  [
    'HTTP Basic, form-encoded',
    (running, suffix, client_secret = 'example-secret') =>
      sendForm(running, '/rfc6749/token', clientCredentials, {
        authorization: formatBasic({ client_id: `example-client${suffix}`, client_secret }, 'form'),
      }),
    [401, { error: 'invalid_client' }],
  ],
  [
    'HTTP Basic, as it is',
    (running, suffix, client_secret = moovClient.client_secret) =>
      sendJson(
        running,
        '/oauth2/token',
        { ...clientCredentials, scope: '/accounts.read' },
        {
          authorization: formatBasic({ client_id: moovClient.client_id + suffix, client_secret }, 'raw'),
        },
      ),
    [401, ''],
  ],
  [
    'a public client id',
    (running, suffix) =>
      sendForm(running, '/rfc6749/token', {
        grant_type: 'password',
        username: 'example-user',
        password: 'example-password',
        client_id: `public-client${suffix}`,
      }),
    [],
  ],
  [
    'the client id of an endpoint without client authentication',
    (running, suffix) =>
      sendForm(running, '/prove/v3/token', {
        grant_type: 'password',
        username: 'jdoe',
        password: 'password',
        client_id: `customer_id${suffix}`,
      }),
    [],
  ],
]

const publicClient: ClientMetadata = { client_id: 'public-client' }
const served = { services: ['prove', 'prove/typescript-0.1.8', 'moov', 'rfc6749'], clients: [publicClient] }

describe.each(hosts)('suffixed clients on $name', (host) => {
  test.each(ways)('%s carries a sequence', async (_way, ask) => {
    await using running = await host.start(served)
    const replies = [await ask(running, '.429x1.503.short'), await ask(running, '.429x1.503.short')]
    expect(replies.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [429, '1'],
      [503, '1'],
    ])
    const [status, body] = contentOf(await ask(running, '.429x1.503.short'))
    expect([status, body]).toEqual([200, expect.objectContaining({ access_token: token, expires_in: 1 })])
  })

  test.each(ways.filter(([, , refused]) => refused.length > 0))(
    '%s still needs the secret where a request is judged',
    async (_way, ask, refused) => {
      await using running = await host.start(served)
      for (const suffix of ['.granted', '.short', '.lowercase_bearer', '.expired', '.no_access_token'])
        expect(contentOf(await ask(running, suffix, 'wrong'))).toEqual(refused)
    },
  )

  test.each(ways.filter(([, , refused]) => refused.length > 0))(
    '%s needs none where no request is judged: a service that fails does not look at it',
    async (_way, ask) => {
      await using running = await host.start(served)
      for (const [suffix, status] of [
        ['.500', 500],
        ['.429', 429],
        ['.502', 502],
      ] as const)
        expect((await ask(running, suffix, 'wrong')).status).toBe(status)
    },
  )

  test('an assertion carries a sequence in its issuer and subject', async () => {
    const clients = [{ client_id: 'key-client', jwks: { keys: [publicKey] } }]
    await using running = await host.start({ services: ['rfc6749'], clients })
    const { issuer } = JSON.parse(await textAt(running, '/.well-known/oauth-authorization-server'))
    const ask = async (clientId: string, audience = issuer) =>
      sendForm(running, '/token', {
        ...clientCredentials,
        client_assertion_type: jwtBearerAssertion,
        client_assertion: await assertionOf(clientId, audience),
      })
    const sent = [await ask('key-client.429x1'), await ask('key-client.429x1'), await ask('key-client.nope')]
    expect(sent.map(({ status }) => status)).toEqual([429, 200, 401])
    const elsewhere = await ask('key-client.granted', 'https://other.example')
    expect(contentOf(elsewhere)).toEqual([401, { error: 'invalid_client' }])
  })

  test('one client id in the header and in the body is one client with one sequence', async () => {
    await using running = await host.start()
    const ask = (inHeader: string, inBody: string) =>
      sendForm(
        running,
        '/rfc6749/token',
        { ...clientCredentials, client_id: example.client_id + inBody },
        { authorization: formatBasic({ ...example, client_id: example.client_id + inHeader }, 'form') },
      )
    expect((await ask('.503', '.503')).status).toBe(503)
    expect(contentOf(await ask('.short', ''))).toEqual([400, { error: 'invalid_request' }])
  })

  const registered = [
    { client_id: 'acme', client_secret: 'one' },
    { client_id: 'acme.web', client_secret: 'two' },
    { client_id: 'acme.429', client_secret: 'three' },
  ]
  const found: ReadonlyArray<[id: string, secret: string, status: number]> = [
    ['acme.web', 'two', 200],
    ['acme.web', 'one', 401],
    ['acme.429', 'three', 200],
    ['acme.429', 'one', 401],
    ['acme.429.granted', 'three', 200],
    ['acme.429.503', 'three', 503],
    ['acme.429x1', 'one', 429],
    ['acme.web.429', 'two', 429],
    ['acme.503.429', 'one', 503],
    ['acme.web.nope', 'one', 401],
    ['.429', 'one', 401],
    ['acme.', 'one', 401],
  ]
  test.each(found)(
    'of clients with dots in their ids, %s with the secret %s gets %i',
    async (id, secret, status) => {
      await using running = await host.start({ clients: registered })
      const parameters = { ...clientCredentials, client_id: id, client_secret: secret }
      expect((await sendForm(running, '/token', parameters)).status).toBe(status)
    },
  )

  test('tokens cross between a client and itself with an outcome', async () => {
    await using running = await host.start()
    const refresh = (suffix: string, refresh_token: string) =>
      sendJson(running, '/oauth2/token', {
        grant_type: 'refresh_token',
        refresh_token,
        ...moovClient,
        client_id: moovClient.client_id + suffix,
      })
    const first = await sendJson(running, '/oauth2/token', {
      ...clientCredentials,
      scope: '/accounts.read',
      ...moovClient,
      client_id: `${moovClient.client_id}.short`,
    })
    const second = await refresh('', JSON.parse(first.body).refresh_token)
    const third = await refresh('.string_expires_in', JSON.parse(second.body).refresh_token)
    expect(contentOf(third)).toEqual([
      200,
      {
        token_type: 'Bearer',
        access_token: token,
        refresh_token: token,
        expires_in: '900',
        scope: '/accounts.read',
      },
    ])
  })

  test.each(['no_refresh_token', 'null_refresh_token'])(
    'a client that is refreshed with %s goes on with the token it has',
    async (outcome) => {
      await using running = await host.start()
      const ask = (parameters: Readonly<Record<string, string>>, headers = {}) =>
        sendJson(running, '/oauth2/token', { ...moovClient, ...parameters }, headers)
      const first = await ask({ ...clientCredentials, scope: '/accounts.read' })
      const { refresh_token } = JSON.parse(first.body)
      for (const _time of ['first', 'second']) {
        const reply = await ask(
          { grant_type: 'refresh_token', refresh_token },
          { prefer: `outcome=${outcome}` },
        )
        const { refresh_token: none, ...told } = JSON.parse(reply.body)
        expect([reply.status, none ?? null, told]).toEqual([
          200,
          null,
          { token_type: 'Bearer', access_token: token, expires_in: 900, scope: '/accounts.read' },
        ])
      }
      expect(contentOf(await ask({ grant_type: 'refresh_token', refresh_token }))[0]).toBe(200)
      expect(contentOf(await ask({ grant_type: 'refresh_token', refresh_token }))[0]).toBe(400)
    },
  )

  test('a reply that is lost takes the rotated refresh token with it', async () => {
    await using running = await host.start()
    const ask = (parameters: Readonly<Record<string, string>>, headers = {}) =>
      sendJson(running, '/oauth2/token', { ...moovClient, ...parameters }, headers)
    const first = await ask({ ...clientCredentials, scope: '/accounts.read' })
    const { refresh_token } = JSON.parse(first.body)
    const refresh = { grant_type: 'refresh_token', refresh_token }
    expect((await ask(refresh, { prefer: 'outcome=empty' })).body).toBe('')
    expect(contentOf(await ask(refresh))).toEqual([400, { error: 'invalid_grant' }])
  })
})

async function textAt(running: RunningHost, path: string): Promise<string> {
  return await (await running.fetch(path)).text()
}
