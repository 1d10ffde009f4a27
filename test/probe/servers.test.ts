// Probes of the baseline service, which keeps everything, and of token servers that are not ours: what they break, whole.
// Each verdict is argued by the rule's own `argument`.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTokenServer, type TokenServerOptions } from '../../src/host/server.ts'
import type { Probe, Verdict } from '../../src/probe/probed.ts'
import { type ProbeOptions, probeTokenService } from '../../src/probe/probing.ts'
import type { Level } from '../../src/probe/rule.ts'
import { conformanceRules } from '../../src/probe/rules.ts'
import { type RunningProduct, startJmondi, startNodeOauth } from '../verify/products.ts'
import { secondClient, startOauth2orize, startWholeOidcProvider } from './products.ts'

/** A service that runs, and what a probe of it is told. */
interface Probed extends ProbeOptions {
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

const user = { username: 'probe-user', password: 'probe password' }
const first = { client_id: 'probe client', client_secret: 'probe secret +/&=%', ...user }
const other = { client_id: 'other-client', client_secret: 'other-secret' }

async function startBaseline(options: TokenServerOptions = {}): Promise<Probed> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { kid: 'probe-key', alg: 'ES256' }
  const { client_id, client_secret } = first
  const keys = [{ ...publicKey.export({ format: 'jwk' }), ...named }] as never
  const server = await startTokenServer({
    services: ['rfc6749'],
    users: [user],
    clients: [{ client_id, client_secret, scope: 'read write', jwks: { keys } }, other],
    ...options,
  })
  return {
    url: `${server.url}/token`,
    credentials: first,
    otherCredentials: other,
    key: { ...privateKey.export({ format: 'jwk' }), ...named } as NonNullable<ProbeOptions['key']>,
    scope: 'read write',
    ...(server.certificate !== undefined && { tls: { ca: server.certificate } }),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

function productAt(
  start: () => Promise<RunningProduct>,
  options: Partial<ProbeOptions> = {},
): () => Promise<Probed> {
  return async () => {
    const { origin, credentials, [Symbol.asyncDispose]: dispose } = await start()
    return {
      url: `${origin}/token`,
      credentials,
      scope: 'read write',
      ...options,
      [Symbol.asyncDispose]: dispose,
    }
  }
}

/** Every rule that a product breaks, under what it does; nothing else is broken. */
type Broken = Readonly<Record<string, readonly string[]>>

const products: ReadonlyArray<[name: string, start: () => Promise<Probed>, broken: Broken]> = [
  [
    'oidc-provider',
    productAt(startWholeOidcProvider, { otherCredentials: secondClient }),
    {
      'gives a token of no scope for a scope that nobody has, and does not say so': [
        'rfc6749-3.3-scope-case',
        'rfc6749-3.3-unknown-scope',
      ],
      'has dropped Pragma, as OAuth 2.1 has': ['rfc6749-5.1-pragma'],
      'calls what shows no client an invalid request': [
        'rfc6749-5.2-no-client',
        'rfc6749-5.2-unsupported-scheme',
      ],
      'has a challenge for Basic alone, and sends 401 without one after other ways': [
        'rfc9110-15.5.2-challenge',
      ],
      'takes the first of two Authorization fields, as Node.js does': ['rfc9110-5.3-two-authorizations'],
      'does not change the refresh tokens of a confidential client': [
        'rfc9700-4.14.2-used-once',
        'rfc9700-4.14-one-winner',
      ],
    },
  ],
  [
    '@node-oauth/oauth2-server',
    productAt(startNodeOauth),
    {
      'takes Basic before the body': ['rfc6749-2.3-one-mechanism'],
      'does not decode Basic credentials': ['rfc6749-b-needless-escapes'],
      'calls an empty scope an invalid one': ['rfc6749-3.2-empty-scope'],
      'is behind a parser of forms that keeps the last of repeated parameters': [
        'rfc6749-3.2-repeated-grant-type',
        'rfc6749-3.2-repeated-scope',
        'rfc6749-3.2-repeated-client-id',
        'rfc6749-3.2-repeated-credentials',
        'rfc6749-3.2-repeated-refresh-token',
      ],
      'calls a password with characters beyond 16 bits an invalid request': ['rfc6749-a.15-user-characters'],
      'lets caches store errors': ['rfc6749-5.2-no-store'],
      'takes the first of two Authorization fields, as Node.js does': ['rfc9110-5.3-two-authorizations'],
      'offers the password grant': ['rfc9700-2.4-no-password-grant'],
      'lets the newest token live when an old one comes back': ['rfc9700-4.14.2-family'],
    },
  ],
  [
    '@jmondi/oauth2-server',
    productAt(startJmondi),
    {
      'takes Basic before the body': ['rfc6749-2.3-one-mechanism'],
      'does not decode Basic credentials': ['rfc6749-b-needless-escapes'],
      'calls a missing grant_type an unsupported one': [
        'rfc6749-3.2-empty-grant-type',
        'rfc6749-5.2-missing-grant-type',
        'rfc6749-5.2-empty-body',
      ],
      'keeps the last of repeated parameters': [
        'rfc6749-3.2-repeated-grant-type',
        'rfc6749-3.2-repeated-scope',
        'rfc6749-3.2-repeated-client-id',
        'rfc6749-3.2-repeated-credentials',
        'rfc6749-3.2-repeated-refresh-token',
      ],
      'sends an empty scope': ['rfc6749-a.4-scope-in-reply'],
      'repeats a bad scope in the description': ['rfc6749-5.2-error-description'],
      'calls what shows no client an invalid request': [
        'rfc6749-5.2-no-client',
        'rfc6749-5.2-unsupported-scheme',
      ],
      'has no challenge': ['rfc6749-5.2-basic-challenge', 'rfc9110-15.5.2-challenge'],
      'reads JSON': ['rfc6749-5.2-json-body'],
      'calls an unknown refresh token an invalid request': [
        'rfc6749-5.2-invalid-refresh-token',
        'rfc6749-5.2-access-token-as-refresh-token',
        'rfc6749-5.2-long-refresh-token',
      ],
      'lets caches store errors': ['rfc6749-5.2-no-store'],
      'signs access tokens of no profile': ['rfc9068-2.1-type'],
      'tells capitals of the media type and of the scheme': [
        'rfc9110-8.3.1-media-type-case',
        'rfc9110-11.1-scheme-case',
      ],
      'takes the first of two Authorization fields, as Node.js does': ['rfc9110-5.3-two-authorizations'],
      'offers the password grant': ['rfc9700-2.4-no-password-grant'],
      'lets the newest token live when an old one comes back': ['rfc9700-4.14.2-family'],
    },
  ],
  [
    'oauth2orize',
    productAt(startOauth2orize, { otherCredentials: secondClient }),
    {
      'is behind clients that are known by either of two ways': ['rfc6749-2.3-one-mechanism'],
      'is behind a strategy that does not decode Basic credentials': ['rfc6749-b-needless-escapes'],
      'has 501 for an unsupported grant, and 403 for an invalid one': ['rfc6749-5.2-status'],
      'calls whatever is no grant of its own an unsupported one': [
        'rfc6749-3.2-empty-grant-type',
        'rfc6749-3.2-repeated-grant-type',
        'rfc6749-5.2-missing-grant-type',
        'rfc6749-5.2-empty-body',
        'rfc6749-5.2-json-body',
      ],
      'does not look at a client_id beside Basic': ['rfc6749-3.2-repeated-client-id'],
      'takes a list for a value that nobody has': [
        'rfc6749-3.2-repeated-credentials',
        'rfc6749-3.2-repeated-refresh-token',
      ],
      'is behind a refusal of clients in plain text': [
        'rfc6749-4.3.2-authentication-first',
        'rfc6749-5.2-json',
        'rfc6749-5.2-error',
        'rfc6749-5.2-no-authentication',
        'rfc6749-5.2-no-client',
        'rfc6749-5.2-unknown-client',
        'rfc6749-5.2-unknown-client-post',
        'rfc6749-5.2-wrong-secret',
        'rfc6749-5.2-wrong-secret-post',
        'rfc6749-5.2-malformed-basic',
        'rfc6749-5.2-unsupported-scheme',
      ],
      'repeats a bad grant type in the description': ['rfc6749-5.2-error-description'],
      'lets caches store errors': ['rfc6749-5.2-no-store'],
      'takes the first of two Authorization fields, as Node.js does': ['rfc9110-5.3-two-authorizations'],
      'offers the password grant': ['rfc9700-2.4-no-password-grant'],
      'lets the newest token live when an old one comes back': ['rfc9700-4.14.2-family'],
    },
  ],
]

// oidc-provider warns of what is meant for development.
beforeAll(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'info').mockImplementation(() => {})
})
afterAll(() => {
  vi.restoreAllMocks()
})

const idsOf = ({ rules }: Probe, verdict: Verdict) =>
  rules.filter((rule) => rule.verdict === verdict).map(({ id }) => id)

const baselines: ReadonlyArray<[how: string, options: TokenServerOptions]> = [
  ['as it is', {}],
  ['over TLS', { tls: 'self-signed' }],
  ['with tokens that are JSON Web Tokens', { accessTokens: { format: 'jwt', alg: 'ES256', seed: 'probe' } }],
]

describe('the baseline service', () => {
  test.each(baselines)('keeps every MUST and SHOULD that its features touch, %s', async (_how, options) => {
    await using service = await startBaseline(options)
    const probe = await probeTokenService(service)
    const total = (level: Level) => probe.scores.find((score) => score.of === 'all' && score.level === level)
    expect(idsOf(probe, 'broken')).toEqual(['rfc9700-2.4-no-password-grant'])
    for (const level of ['MUST', 'SHOULD', 'MAY'] as const)
      expect(total(level)?.kept).toBe(total(level)?.judged)
    expect(total('MUST')?.judged).toBeGreaterThan(100)
    expect(total('SHOULD')?.judged).toBeGreaterThan(19)
  })

  test.each([
    ['over TLS', { tls: 'self-signed' }, ['rfc6749-1.6-tls', 'rfc8414-2-https']],
    [
      'with tokens that are JSON Web Tokens',
      { accessTokens: { format: 'jwt', alg: 'ES256', seed: 'probe' } },
      ['rfc9068-2-jwt', 'rfc9068-2.1-type'],
    ],
  ] as const)('keeps what is of it %s', async (_how, options, ids) => {
    await using service = await startBaseline(options)
    const kept = idsOf(await probeTokenService(service), 'kept')
    expect(kept.filter((id) => ids.some((each) => each === id))).toEqual(ids)
  })

  test('leaves nothing untried that can be tried', async () => {
    await using service = await startBaseline()
    const probe = await probeTokenService(service)
    expect(idsOf(probe, 'not_tried')).toEqual([
      // It has to be asked too often before it says so.
      'rfc6585-4-too-many-requests',
      // Its errors have neither.
      'rfc6749-5.2-error-description',
      'rfc6749-5.2-error-uri',
    ])
    expect(idsOf(probe, 'not_applicable')).toEqual([
      'rfc6749-1.6-tls',
      'rfc8414-2-https',
      'rfc8693-2.2.1-issued-token-type',
      'rfc8707-2-fragment',
      'rfc8707-2-two-resources',
      'rfc9068-2-jwt',
      'rfc9068-2.1-type',
      'rfc9449-5-dpop-token',
      'rfc9449-4.3-proof',
      'rfc9449-4.3-one-proof',
      'rfc9449-11.1-replay',
      'rfc9449-8-nonce',
      'rfc9449-6.1-thumbprint',
    ])
  })
})

describe.each(products)('%s', (_name, start, broken) => {
  test('breaks these rules, and no other', async () => {
    await using service = await start()
    const probe = await probeTokenService(service)
    const argued = Object.values(broken).flat()
    const inOrder = conformanceRules.map(({ id }) => id).filter((id) => argued.includes(id))
    expect(idsOf(probe, 'broken')).toEqual(inOrder)
    expect(inOrder.length).toBe(argued.length)
  })

  test('gives the same findings twice, each in time', { timeout: 30_000 }, async () => {
    const findings = []
    for (const _run of [1, 2]) {
      await using service = await start()
      const before = performance.now()
      const { rules, capabilities, scores, sent } = await probeTokenService(service)
      expect(performance.now() - before).toBeLessThan(15_000)
      const shown = JSON.stringify(rules).replaceAll(new URL(service.url).host, 'service')
      findings.push({ rules: JSON.parse(shown), capabilities, scores, sent })
    }
    expect(findings[0]).toEqual(findings[1])
  })
})
