// private_key_jwt: an assertion that is right is granted a token, and each that is wrong is refused for what is wrong with it.
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { formatBasic } from '../../src/oauth/basic.ts'
import { type JsonWebKey, jwtBearerAssertion, signingAlgorithms } from '../../src/oauth/words.ts'
import type { RuleId } from '../../src/service/rules.ts'
import { hosts, type RunningHost, startOfTime } from './hosts.ts'
import { contentOf, type Reply, sendForm } from './token-request.ts'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>

const now = startOfTime / 1000
const assertionIsWrong = [401, { error: 'invalid_client' }, 'rfc7523-3-client-assertion'] as const
const keys = new Map<string, Keys>()
const published = new Map<string, JsonWebKey>()

beforeAll(async () => {
  for (const [name, alg] of [...signingAlgorithms.map((alg) => [alg, alg]), ['other', 'ES256']] as const) {
    const pair = await generateKeyPair(alg, { extractable: true })
    keys.set(name, pair)
    published.set(name, { ...((await exportJWK(pair.publicKey)) as JsonWebKey), kid: name, alg })
  }
})

/** What stands in an assertion where a case says nothing else. */
interface Assertion {
  readonly claims: Readonly<Record<string, unknown>>
  readonly key: string
  readonly alg: string
  readonly kid: string | undefined
}

/** What is sent instead of a right request. */
interface Wrong {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly key?: string
  readonly kid?: string | undefined
  readonly parameters?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly write?: (assertion: Assertion) => string | Promise<string>
}

const refusals: ReadonlyArray<
  [given: string, wrong: Wrong, expected: readonly [status: number, body: unknown, rule: RuleId]]
> = [
  ['has expired', { claims: { exp: now } }, assertionIsWrong],
  ['says no time at which it expires', { claims: { exp: undefined } }, assertionIsWrong],
  ['expires at a time that is no number', { claims: { exp: 'soon' } }, assertionIsWrong],
  ['is not yet good', { claims: { nbf: now + 60 } }, assertionIsWrong],
  ['is for another server', { claims: { aud: 'https://other.example' } }, assertionIsWrong],
  ['is for nobody', { claims: { aud: undefined } }, assertionIsWrong],
  ['has another issuer', { claims: { iss: 'other' } }, assertionIsWrong],
  ['has no issuer', { claims: { iss: undefined } }, assertionIsWrong],
  ['has no subject', { claims: { sub: undefined } }, assertionIsWrong],
  ['has a number as its subject', { claims: { sub: 7, iss: 7 } }, assertionIsWrong],
  ['has an object as its subject', { claims: { sub: {}, iss: {} } }, assertionIsWrong],
  ['has a list as its subject', { claims: { sub: ['ES256'], iss: ['ES256'] } }, assertionIsWrong],
  ['is by an unknown client', { claims: { sub: 'unknown', iss: 'unknown' } }, assertionIsWrong],
  [
    'is by a client without keys',
    { claims: { sub: 'example-client', iss: 'example-client' } },
    assertionIsWrong,
  ],
  ['is not signed', { write: ({ claims }) => new UnsecuredJWT({ ...claims }).encode() }, assertionIsWrong],
  ['is signed with the public key as a secret', { write: signedWithPublicKey }, assertionIsWrong],
  ['names a key that the client does not have', { kid: 'unknown' }, assertionIsWrong],
  ["is signed with another client's key", { key: 'other', kid: 'ES256' }, assertionIsWrong],
  ["is signed with another client's key, and names it", { key: 'other', kid: 'other' }, assertionIsWrong],
  [
    'has another signature',
    { write: async (right) => `${(await signed(right)).slice(0, -6)}AAAAAA` },
    assertionIsWrong,
  ],
  ['is no JWT', { write: () => 'a.b.c' }, assertionIsWrong],
  ['is the claims alone', { write: ({ claims }) => JSON.stringify(claims) }, assertionIsWrong],
  [
    'is an empty text, which is none',
    { write: () => '' },
    [401, { error: 'invalid_client' }, 'rfc6749-3.2.1-client-authentication'],
  ],
  [
    'comes without a type',
    { parameters: { client_assertion_type: undefined } },
    [400, { error: 'invalid_request' }, 'rfc7521-4.2-client-assertion-type'],
  ],
  [
    'comes with the type of SAML',
    { parameters: { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' } },
    [400, { error: 'invalid_request' }, 'rfc7521-4.2-client-assertion-type'],
  ],
  [
    'comes with a secret in the body',
    { parameters: { client_id: 'ES256', client_secret: 'example-secret' } },
    [400, { error: 'invalid_request' }, 'rfc6749-2.3-one-client-authentication'],
  ],
  [
    'comes with a secret in HTTP Basic',
    {
      headers: {
        authorization: formatBasic({ client_id: 'ES256', client_secret: 'example-secret' }, 'form'),
      },
    },
    [400, { error: 'invalid_request' }, 'rfc6749-2.3-one-client-authentication'],
  ],
  [
    'comes with the id of another client',
    { parameters: { client_id: 'EdDSA' } },
    [400, { error: 'invalid_request' }, 'rfc6749-2.3-one-client-authentication'],
  ],
]

describe.each(hosts)('private_key_jwt on $name', (host) => {
  const started = () =>
    host.start({
      services: ['rfc6749'],
      clients: [...signingAlgorithms, 'other'].map((name) => ({
        client_id: name,
        token_endpoint_auth_method: 'private_key_jwt' as const,
        jwks: { keys: [published.get(name) as JsonWebKey] },
      })),
    })

  test.each(signingAlgorithms.map((alg) => [alg]))(
    'an assertion signed by %s is granted a token',
    async (alg) => {
      await using running = await started()
      const audiences = [await issuerOf(running), `${await issuerOf(running)}/token`]
      for (const aud of [...audiences, ['https://other.example', ...audiences]]) {
        const reply = await ask(running, { claims: { sub: alg, iss: alg, aud }, key: alg, kid: alg })
        expect([reply.status, reply.body.includes('"access_token"')]).toEqual([200, true])
      }
    },
  )

  test('an assertion without a kid, or beside the same client_id, is granted a token', async () => {
    await using running = await started()
    for (const same of [{ kid: undefined }, { parameters: { client_id: 'ES256' } }]) {
      expect((await ask(running, same)).status).toBe(200)
    }
  })

  test.each(refusals)('an assertion that %s: refused', async (_given, wrong, [status, body, rule]) => {
    await using running = await started()
    const reply = await ask(running, wrong)
    expect([...contentOf(reply), reply.headers.get('tokenwright-reason')?.split(':')[0]]).toEqual([
      status,
      body,
      rule,
    ])
  })

  test('a client that is registered for assertions is refused with a secret', async () => {
    await using running = await started()
    const reply = await sendForm(running, '/token', {
      grant_type: 'client_credentials',
      client_id: 'ES256',
      client_secret: 'example-secret',
    })
    expect(contentOf(reply)).toEqual([401, { error: 'invalid_client' }])
  })

  test('an assertion revokes and introspects as well', async () => {
    await using running = await started()
    const { access_token: token } = JSON.parse((await ask(running, {})).body)
    const introspect = async () =>
      JSON.parse((await ask(running, { parameters: { token, grant_type: undefined } }, '/introspect')).body)
    expect((await introspect()).active).toBe(true)
    expect((await ask(running, { parameters: { token, grant_type: undefined } }, '/revoke')).status).toBe(200)
    expect(await introspect()).toEqual({ active: false })
  })
})

/** The reply to a right token request but for what is wrong. */
async function ask(running: RunningHost, wrong: Wrong, path = '/token'): Promise<Reply> {
  const issuer = await issuerOf(running)
  const { key = 'ES256', kid = 'kid' in wrong ? undefined : key, write = signed } = wrong
  const claims = { iss: 'ES256', sub: 'ES256', aud: issuer, exp: now + 60, ...wrong.claims }
  const alg = String(published.get(key)?.alg)
  const parameters = {
    grant_type: 'client_credentials',
    client_assertion_type: jwtBearerAssertion,
    client_assertion: await write({ claims, key, kid, alg }),
    ...wrong.parameters,
  }
  const sent = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return await sendForm(running, path, Object.fromEntries(sent), wrong.headers)
}

function signed({ claims, key, alg, kid }: Assertion): Promise<string> {
  const { privateKey } = keys.get(key) as Keys
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
    .sign(privateKey)
}

/** The confusion of algorithms: what everyone knows, taken for what one side alone does. */
function signedWithPublicKey({ claims, kid }: Assertion): Promise<string> {
  const secret = new TextEncoder().encode(JSON.stringify(published.get('ES256')))
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', ...(kid !== undefined && { kid }) })
    .sign(secret)
}

async function issuerOf(running: RunningHost): Promise<string> {
  const document = await running.fetch('/.well-known/oauth-authorization-server')
  return String(((await document.json()) as { issuer: unknown }).issuer)
}
