// Access tokens as JWTs: signed by a key that was made, given or seeded, and verified by what the service publishes.
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { createSigner } from '../../src/host/signing.ts'
import { createWebSigner } from '../../src/host/web-signer.ts'
import { type JsonWebKey, type SigningAlgorithm, signingAlgorithms } from '../../src/oauth/words.ts'
import type { AccessTokens, JwtOptions } from '../../src/service/config.ts'
import { TokenwrightError } from '../../src/service/error.ts'
import { hosts, type RunningHost, startOfTime } from './hosts.ts'
import { sendForm } from './token-request.ts'

const client = { client_id: 'example-client', client_secret: 'example-secret' }
const user = { username: 'example-user', password: 'example-password' }
const clientCredentials = { grant_type: 'client_credentials', ...client }
const seed = 'tokenwright'
const issuedAt = startOfTime / 1000
const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

/** The thumbprints of the keys that the seed gives, on every machine. @see RFC 7638 */
const seededThumbprints: Readonly<Record<SigningAlgorithm, string>> = {
  ES256: 'dWbH-eoFKM8IivZe81f7FiV8sAJoxRzNU0v4CZISzIA',
  RS256: 'yajGSsLVDzittQZtZME2weuRaJY0STBoaLnpgRlEkaY',
  EdDSA: '-0Go7c0DKAl93IEm8vSIQg_dPrQ8rl9HHe4TmxwiLtI',
}

const publicMembers: Readonly<Record<SigningAlgorithm, readonly string[]>> = {
  ES256: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
  RS256: ['alg', 'e', 'kid', 'kty', 'n', 'use'],
  EdDSA: ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
}

const privateKeys = new Map<SigningAlgorithm, JsonWebKey>()

beforeAll(async () => {
  for (const alg of signingAlgorithms) {
    const { privateKey } = await generateKeyPair(alg, { extractable: true })
    privateKeys.set(alg, (await exportJWK(privateKey)) as JsonWebKey)
  }
})

const keyOf = (alg: SigningAlgorithm) => privateKeys.get(alg) as JsonWebKey

type Of<T> = (alg: SigningAlgorithm) => T

/** Where a key comes from, and the `kid` that it has where that is known beforehand. */
const origins: ReadonlyArray<[origin: string, of: Of<JwtOptions>, kid: Of<string | undefined>]> = [
  ['made', () => ({}), () => undefined],
  ['given', (alg) => ({ key: keyOf(alg) }), () => undefined],
  ['given with a kid', (alg) => ({ key: { ...keyOf(alg), kid: 'example-key' } }), () => 'example-key'],
  ['made of a seed', () => ({ seed }), (alg) => seededThumbprints[alg]],
]

const keys = signingAlgorithms.flatMap((alg) =>
  origins.map(([origin, of, kid]) => [alg, origin, of, kid] as const),
)

describe.each(hosts)('JWT access tokens on $name', (host) => {
  test.each(keys)(
    'by %s, with a key that is %s, verify by the published key',
    async (alg, _origin, of, kid) => {
      await using running = await host.start(signedBy({ alg, ...of(alg) }))
      const issuer = await issuerOf(running)
      const published = await publishedBy(running)
      const { header, claims } = await verified(
        await tokenOf(running, { ...clientCredentials, scope: 'read' }),
        published,
      )
      const [key] = published
      const expectedKid = kid(alg) ?? (await calculateJwkThumbprint(key as JsonWebKey))
      expect(header).toEqual({ alg, typ: 'at+jwt', kid: expectedKid })
      expect(claims).toEqual({
        iss: issuer,
        aud: issuer,
        sub: 'example-client',
        client_id: 'example-client',
        scope: 'read',
        iat: issuedAt,
        exp: issuedAt + 3600,
        jti: uuid,
      })
      expect(published.map((each) => Object.keys(each).sort())).toEqual([publicMembers[alg]])
    },
  )

  const claimed: ReadonlyArray<
    [
      what: string,
      parameters: Readonly<Record<string, string>>,
      options: { readonly accessTokens?: Partial<AccessTokens>; readonly claims?: Record<string, unknown> },
      claims: Readonly<Record<string, unknown>>,
    ]
  > = [
    [
      'the user of the password grant as their subject',
      { grant_type: 'password', ...user, ...client },
      {},
      { sub: 'example-user', client_id: 'example-client' },
    ],
    ['no scope where none is granted', clientCredentials, {}, { scope: undefined }],
    [
      'the audience that is chosen',
      clientCredentials,
      { accessTokens: { audience: 'https://api.example' } },
      { aud: 'https://api.example' },
    ],
    [
      'several audiences',
      clientCredentials,
      { accessTokens: { audience: ['https://api.example', 'https://cards.example'] } },
      { aud: ['https://api.example', 'https://cards.example'] },
    ],
    [
      "the client's own claims",
      clientCredentials,
      { claims: { tenant: 'example-tenant', roles: ['reader'] } },
      { tenant: 'example-tenant', roles: ['reader'] },
    ],
    [
      "the mock's claims in place of the client's and of the usual ones",
      clientCredentials,
      {
        accessTokens: { claims: { tenant: 'of-the-mock', iss: 'https://issuer.example' } },
        claims: { tenant: 'of-the-client', caid: 'example-account' },
      },
      { tenant: 'of-the-mock', iss: 'https://issuer.example', caid: 'example-account' },
    ],
  ]

  test.each(claimed)(
    'have %s, and introspection says the same',
    async (_what, parameters, options, expected) => {
      const { accessTokens, claims } = options
      await using running = await host.start({
        ...signedBy({ seed }, accessTokens),
        clients: [{ ...client, ...(claims && { claims }) }],
      })
      const token = await tokenOf(running, parameters)
      const { claims: signed } = await verified(token, await publishedBy(running))
      const { body } = await sendForm(running, '/introspect', { token, ...client })
      const introspected = JSON.parse(body)
      for (const said of [signed, introspected]) {
        expect(Object.fromEntries(Object.keys(expected).map((name) => [name, said[name]]))).toEqual(expected)
      }
    },
  )

  test('are two different ones within one second', async () => {
    await using running = await host.start(signedBy({ seed }))
    const tokens = [await tokenOf(running, clientCredentials), await tokenOf(running, clientCredentials)]
    const [first, second] = await Promise.all(
      tokens.map(async (token) => (await verified(token, await publishedBy(running))).claims),
    )
    expect(first?.jti).not.toBe(second?.jti)
    expect({ ...first, jti: undefined }).toEqual({ ...second, jti: undefined })
  })

  test('are issued and expire by the clock of the mock, after as long as the client is registered for', async () => {
    let now = startOfTime
    await using running = await host.start({
      ...signedBy({ seed }),
      now: () => now,
      clients: [{ ...client, accessTokenLifetimeSeconds: 60 }],
    })
    now += 3_600_999
    const token = await tokenOf(running, clientCredentials)
    const { claims } = await verified(token, await publishedBy(running), now)
    expect([claims.iat, claims.exp]).toEqual([issuedAt + 3600, issuedAt + 3660])
  })

  test('are none where they are opaque, and no key is published', async () => {
    await using running = await host.start({ services: ['rfc6749'] })
    expect(await tokenOf(running, clientCredentials)).toMatch(/^[\w-]{43}$/)
    expect(await publishedBy(running)).toEqual([])
  })
})

describe('the signer', () => {
  test.each(signingAlgorithms.map((alg) => [alg]))(
    'has one key of a seed for %s, and another of another',
    async (alg) => {
      const kidOf = async (text: string) => (await createSigner({ alg, seed: text }).publicKeys())[0]?.kid
      expect(await kidOf(seed)).toBe(seededThumbprints[alg])
      expect(await kidOf('another seed')).not.toBe(seededThumbprints[alg])
    },
  )

  test('makes no key until a token or the key set is asked for, and then one', async () => {
    const crypto = process.getBuiltinModule('node:crypto')
    const made: string[] = []
    const { generateKeyPairSync } = crypto
    crypto.generateKeyPairSync = ((type: 'ed25519') => {
      made.push(type)
      return generateKeyPairSync(type)
    }) as typeof generateKeyPairSync
    try {
      const signer = createSigner({ alg: 'EdDSA' })
      expect(made).toEqual([])
      await signer.publicKeys()
      await signer.sign({})
      expect(made).toEqual(['ed25519'])
    } finally {
      crypto.generateKeyPairSync = generateKeyPairSync
    }
  })

  /** A word that stands where a key has its secret part. */
  const secret = 'hunter2'

  const wrongKeys: ReadonlyArray<[given: string, options: () => Record<string, unknown>]> = [
    ['another curve', () => ({ alg: 'ES256', key: { ...keyOf('EdDSA') } })],
    ['a key of RSA for ES256', () => ({ alg: 'ES256', key: keyOf('RS256') })],
    ['a key of a curve for RS256', () => ({ alg: 'RS256', key: keyOf('ES256') })],
    ['a key of P-256 for EdDSA', () => ({ alg: 'EdDSA', key: keyOf('ES256') })],
    ['P-384', () => ({ alg: 'ES256', key: jwkOf('ec', { namedCurve: 'P-384' }) })],
    ['Ed448', () => ({ alg: 'EdDSA', key: jwkOf('ed448', {}) })],
    ['RSA of fewer than 2048 bits', () => ({ alg: 'RS256', key: jwkOf('rsa', { modulusLength: 1024 }) })],
    ['a public key', () => ({ alg: 'ES256', key: { ...keyOf('ES256'), d: undefined } })],
    ['a private part that is no number', () => ({ alg: 'ES256', key: { ...keyOf('ES256'), d: secret } })],
    ['a private part of another key', () => ({ alg: 'ES256', key: { ...keyOf('ES256'), d: otherD() } })],
    ['no members', () => ({ alg: 'ES256', key: { kty: 'EC', crv: 'P-256', d: secret } })],
    ['a secret key', () => ({ alg: 'ES256', key: { kty: 'oct', k: secret } })],
    ['no key type', () => ({ alg: 'ES256', key: { d: secret } })],
    ['text', () => ({ alg: 'ES256', key: secret })],
    ['a key for another algorithm', () => ({ alg: 'RS256', key: { ...keyOf('RS256'), alg: 'PS256' } })],
    ['a key for encryption', () => ({ alg: 'ES256', key: { ...keyOf('ES256'), use: 'enc' } })],
    ['a kid that is no text', () => ({ alg: 'ES256', key: { ...keyOf('ES256'), kid: 7 } })],
    ['a key and a seed', () => ({ alg: 'ES256', key: keyOf('ES256'), seed: secret })],
    ['an algorithm that is no signature', () => ({ alg: 'HS256' })],
    ['an empty seed', () => ({ seed: '' })],
    ['an empty audience', () => ({ audience: [] })],
    ['claims that are no object', () => ({ claims: 'admin' })],
    ['claims that are no JSON', () => ({ claims: { at: 1n } })],
  ]

  test.each(wrongKeys)('is not made with %s, and the message has nothing of it', async (_given, options) => {
    const error = await hosts[0]?.start(signedBy(options())).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(TokenwrightError)
    const { code, message } = error as TokenwrightError
    expect(code).toBe('ERR_OPTION_INVALID')
    expect(message).toMatch(/^accessTokens.*: .*expected /)
    const { key } = options() as { key?: Record<string, unknown> }
    const parts = [secret, ...Object.values(key ?? {}).filter((value) => String(value).length > 6)]
    expect(parts.filter((part) => message.includes(String(part)))).toEqual([])
  })
})

describe('the signer of runtimes without node:crypto', () => {
  test.each(keys.filter(([, origin]) => origin !== 'made of a seed'))(
    'signs by %s, with a key that is %s, what its published key verifies',
    async (alg, _origin, of, kid) => {
      const signer = createWebSigner(alg, of(alg).key)
      const published = await signer.publicKeys()
      const { header, claims } = await verified(await signer.sign({ sub: 'example-client' }), published)
      const expectedKid = kid(alg) ?? (await calculateJwkThumbprint(published[0] as JsonWebKey))
      expect([header, claims]).toEqual([{ alg, typ: 'at+jwt', kid: expectedKid }, { sub: 'example-client' }])
      expect(published.map((each) => Object.keys(each).sort())).toEqual([publicMembers[alg]])
    },
  )
})

function signedBy(jwt: Record<string, unknown> | JwtOptions, further: Partial<AccessTokens> = {}) {
  const accessTokens = { ...further, ...jwt, format: 'jwt' } as AccessTokens
  return { services: ['rfc6749'], accessTokens }
}

async function tokenOf(running: RunningHost, parameters: Readonly<Record<string, string>>): Promise<string> {
  const { status, body } = await sendForm(running, '/token', parameters)
  expect(status).toBe(200)
  return JSON.parse(body).access_token
}

async function publishedBy(running: RunningHost): Promise<readonly JsonWebKey[]> {
  return (await readJson(running, '/jwks')).keys as readonly JsonWebKey[]
}

async function issuerOf(running: RunningHost): Promise<string> {
  return String((await readJson(running, '/.well-known/oauth-authorization-server')).issuer)
}

async function readJson(running: RunningHost, path: string): Promise<Record<string, unknown>> {
  return (await (await running.fetch(path)).json()) as Record<string, unknown>
}

/** The header and the claims of a JWT that one of the keys verifies. */
async function verified(token: string, published: readonly JsonWebKey[], now = startOfTime) {
  const { protectedHeader, payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...published] }), {
    currentDate: new Date(now),
  })
  return { header: protectedHeader, claims: payload }
}

function jwkOf(type: 'ec' | 'rsa' | 'ed448', options: object): JsonWebKey {
  const { generateKeyPairSync } = process.getBuiltinModule('node:crypto')
  const { privateKey } = generateKeyPairSync(type as 'ec', options as { namedCurve: string })
  return privateKey.export({ format: 'jwk' }) as JsonWebKey
}

/** The private part of another key of the same curve. */
function otherD(): unknown {
  return jwkOf('ec', { namedCurve: 'P-256' }).d
}
