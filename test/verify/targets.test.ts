// Verification of token servers that are not ours, each with its profile: what they keep, and where they really depart.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ClientAuthenticationMethod } from '../../src/oauth/words.ts'
import { profiles } from '../../src/verify/profiles.ts'
import type { Verification } from '../../src/verify/verification.ts'
import { type VerifyOptions, verifyTokenService } from '../../src/verify/verify.ts'
import {
  known,
  type RunningProduct,
  startBefore,
  startJmondi,
  startNodeOauth,
  startOidcProvider,
} from './products.ts'
import { type Answer, client, exchangeOf, keptAnswers, reply, startRecording } from './service.ts'

type Told = readonly [exchange: string, verdict: string, told?: readonly string[] | string]

const kept = (...exchanges: readonly string[]): readonly Told[] => exchanges.map((each) => [each, 'kept'])
const skipped = (reason: string, ...exchanges: readonly string[]): readonly Told[] =>
  exchanges.map((each) => [each, 'skipped', reason])

const ofClientCredentials = [
  'client_credentials',
  'client_credentials.wrong_secret',
  'client_credentials.missing_grant_type',
  'client_credentials.unsupported_grant_type',
]
const ofPassword = [
  'password',
  'password.wrong_secret',
  'password.wrong_password',
  'password.missing_grant_type',
  'password.missing_username',
  'password.missing_password',
  'password.unsupported_grant_type',
]
const ofRefreshToken = [
  'refresh_token',
  'refresh_token.wrong_secret',
  'refresh_token.unknown_refresh_token',
  'refresh_token.used_refresh_token',
  'refresh_token.widened_scope',
  'refresh_token.missing_grant_type',
  'refresh_token.missing_refresh_token',
  'refresh_token.unsupported_grant_type',
]

const noOther = (what: string) =>
  `the state "${what} of the client" could not be produced: the refresh_token that was given may be used by now, and no other can be asked for`

/** A scope that is there is a list of one scope at least. @see RFC 6749 appendix A.4: `scope = scope-token *( SP scope-token )` */
const emptyScope = ['rfc6749-5.1-scope']

const products: ReadonlyArray<
  [
    profile: string,
    start: (method: ClientAuthenticationMethod) => Promise<RunningProduct>,
    told: readonly Told[],
  ]
> = [
  [
    'oidc-provider',
    (method) => startOidcProvider(method as 'client_secret_post'),
    [
      ...kept(...ofClientCredentials),
      ...skipped('oidc-provider offers no password', ...ofPassword),
      ...kept(...ofRefreshToken.slice(0, 3)),
      ...skipped(noOther('a used refresh token'), 'refresh_token.used_refresh_token'),
      ...skipped(noOther('a fresh refresh token'), 'refresh_token.widened_scope'),
      ...kept(...ofRefreshToken.slice(5)),
    ],
  ],
  [
    'node-oauth-oauth2-server',
    startNodeOauth,
    [...kept(...ofClientCredentials), ...kept(...ofPassword), ...kept(...ofRefreshToken)],
  ],
  [
    'jmondi-oauth2-server',
    startJmondi,
    [
      ['client_credentials', 'broken', emptyScope],
      ...kept(...ofClientCredentials.slice(1)),
      ['password', 'broken', emptyScope],
      ...kept(...ofPassword.slice(1)),
      ['refresh_token', 'broken', emptyScope],
      ...kept(...ofRefreshToken.slice(1)),
    ],
  ],
]
const methods = ['client_secret_basic', 'client_secret_post'] as const
const rows = products.flatMap(([profile, start, told]) =>
  methods.map((method) => [profile, method, start, told] as const),
)

// oidc-provider warns of what is meant for development.
beforeAll(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'info').mockImplementation(() => {})
})
afterAll(() => {
  vi.restoreAllMocks()
})

describe('a product that is not ours', () => {
  test.each(rows)('%s by %s', async (profile, authentication, start, told) => {
    await using product = await start(authentication)
    const { origin, credentials } = product
    const verification = await verify({
      url: `${origin}/token`,
      credentials,
      profile,
      authentication,
      maxRefusals: 100,
    })
    expect(toldBy(verification)).toEqual(told)
  })

  // RFC 6749 §5.2: a missing parameter is invalid_request; an invalid, expired or unknown refresh token is invalid_grant.
  test('@jmondi/oauth2-server without its profile: the refusals that are its own are findings', async () => {
    await using product = await startJmondi()
    const { origin, credentials } = product
    const verification = await verify({ url: `${origin}/token`, credentials, maxRefusals: 100 })
    const ofRefusals = toldBy(verification).filter(
      ([exchange, verdict]) => verdict === 'broken' && exchange.includes('.'),
    )
    expect(ofRefusals).toEqual([
      ['client_credentials.missing_grant_type', 'broken', ['rfc6749-5.2-error']],
      ['password.missing_grant_type', 'broken', ['rfc6749-5.2-error']],
      ['refresh_token.unknown_refresh_token', 'broken', ['rfc6749-5.2-error']],
      ['refresh_token.used_refresh_token', 'broken', ['rfc6749-5.2-error']],
      ['refresh_token.missing_grant_type', 'broken', ['rfc6749-5.2-error']],
    ])
  })

  test('a refresh token that was given is used where the product gives none for what is at hand', async () => {
    await using product = await startOidcProvider('client_secret_basic')
    const { origin, credentials } = product
    const verification = await verify({
      url: `${origin}/token`,
      credentials,
      exchanges: ['refresh_token'],
      authentication: 'client_secret_basic',
    })
    expect(toldBy(verification)).toEqual([['refresh_token', 'kept']])
  })
})

const places: ReadonlyArray<[path: string, how: string, options: Partial<VerifyOptions>]> = [
  ['/token', 'the path', { path: '/token' }],
  ['/oauth/token', 'the path', { path: '/oauth/token' }],
  ['/o/token/', 'the path', { path: '/o/token/' }],
  ['/oauth/token', 'the profile auth0', { profile: 'auth0' }],
  ['/o/token/', 'the profile django-oauth-toolkit', { profile: 'django-oauth-toolkit' }],
  ['/connect/token', 'the profile identityserver', { profile: 'identityserver' }],
]

describe('one contract fits', () => {
  test.each(places)('%s, by %s', async (path, _how, options) => {
    await using product = await startNodeOauth()
    await using mount = await startBefore(product, { path })
    const verification = await verify({
      url: mount.origin,
      credentials: known,
      exchanges: ['client_credentials', 'password', 'refresh_token'],
      ...options,
    })
    expect(toldBy(verification)).toEqual(kept('client_credentials', 'password', 'refresh_token'))
    expect(verification.url).toBe(mount.origin + path)
    expect([...new Set(mount.asked.map(({ url }) => url))]).toEqual([path])
  })

  test('not a profile whose path has names of the installation in it: the whole URL is asked for', async () => {
    const verified = verify({ url: 'http://127.0.0.1:1', credentials: known, profile: 'keycloak' })
    await expect(verified).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message:
        'expected the path of the token endpoint, /realms/{realm}/protocol/openid-connect/token with what this installation has in place of the braces, received none; next: give the whole URL',
    })
  })

  test.each([
    ['JSON alone', 'application/json', 'application/json'],
    ['forms alone', 'application/x-www-form-urlencoded', undefined],
  ] as const)('a service that reads %s', async (_what, read, contentType) => {
    await using product = await startNodeOauth()
    await using service = await startBefore(product, { path: '/token', contentType: read })
    const verification = await verify({
      url: `${service.origin}/token`,
      maxRefusals: 100,
      credentials: known,
      ...(contentType && { contentType }),
    })
    expect(toldBy(verification)).toEqual(kept(...ofClientCredentials, ...ofPassword, ...ofRefreshToken))
  })
})

describe('a service that wants a parameter which the contract has not', () => {
  const answer: Answer = (response, asked) => {
    const { scope, audience } = Object.fromEntries(new URLSearchParams(asked.body))
    const isWanted = scope === 'api/.default' && audience === 'https://api.example'
    const answerOf = isWanted ? keptAnswers[exchangeOf(asked)] : reply(400, { error: 'invalid_request' })
    answerOf(response, asked)
  }
  const options = { service: 'rfc6749/client_credentials', credentials: client }

  test('is given it in every request, those included that find out how the client authenticates', async () => {
    await using service = await startRecording(answer)
    const url = `${service.origin}/token`
    const parameters = { scope: 'api/.default', audience: 'https://api.example' }
    const verification = await verifyTokenService({ ...options, url, parameters })
    expect(toldBy(verification)).toEqual(kept(...ofClientCredentials))
    expect(verification.interactions[0]?.request).toContain('--data-urlencode scope=api/.default')
    const without = await verifyTokenService({ ...options, url, authentication: 'client_secret_post' })
    expect(toldBy(without)[0]).toEqual(['client_credentials', 'broken', ['documented-request-granted']])
  })

  test.each(['grant_type', 'client_secret', 'refresh_token'])('is not given %s', async (name) => {
    const verified = verifyTokenService({
      ...options,
      url: 'http://127.0.0.1:1/token',
      parameters: { [name]: 'canary' },
    })
    await expect(verified).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message: `expected parameters such as scope or audience, received ${name}, which the contract and the credentials have`,
    })
  })
})

describe('the profiles', () => {
  test('are known by ids of their own, in order, and say where they were read', () => {
    const ids = profiles.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort())
    expect(profiles.filter(({ source }) => source.length < 10)).toEqual([])
  })

  test.each(profiles)('$id names faults and grants that a contract has', ({ refusals = {}, grants = [] }) => {
    const all = [...ofClientCredentials, ...ofPassword, ...ofRefreshToken]
    const faults = new Set(all.flatMap((id) => [id, id.split('.')[1] ?? '']))
    expect(Object.keys(refusals).filter((name) => !faults.has(name))).toEqual([])
    expect(grants.filter((grant) => !all.includes(grant))).toEqual([])
  })
})

function verify(options: Omit<VerifyOptions, 'service'>): Promise<Verification> {
  return verifyTokenService({ service: 'rfc6749', ...options })
}

function toldBy({ interactions }: Verification): readonly Told[] {
  return interactions.map(({ exchange, verdict, differences, reason }) =>
    verdict === 'kept'
      ? [exchange, verdict]
      : [exchange, verdict, reason ?? [...new Set(differences.map(({ rule }) => rule))]],
  )
}
