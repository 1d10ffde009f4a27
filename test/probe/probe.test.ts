// A probe of the mock's baseline service: what it finds, what it sends, and what it never shows.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServerOptions } from '../../src/host/server.ts'
import type { JsonWebKey } from '../../src/oauth/words.ts'
import type { MatrixCell } from '../../src/probe/probed.ts'
import { type ProbeOptions, planTokenServiceProbe, probeTokenService } from '../../src/probe/probing.ts'
import { conformanceRules } from '../../src/probe/rules.ts'
import { reply, startRecording } from '../verify/service.ts'
import { rule, sampleRules, verdictsOf } from './sample-rules.ts'

const credentials = {
  client_id: 'canary-client-vQ7',
  client_secret: 'canary secret +/&=%vQ8',
  username: 'canary-user-vQ9',
  password: 'canary-password-vQ0',
}
const other = { client_id: 'second-client', client_secret: 'canary-second-vQ1' }
const { client_id, client_secret, username, password } = credentials
const registered: TokenServerOptions = {
  services: ['rfc6749'],
  clients: [{ client_id, client_secret }, other],
  users: [{ username, password }],
}

async function probeMock(options: Partial<ProbeOptions> = {}, served: TokenServerOptions = registered) {
  await using server = await startTokenServer(served)
  const url = `${server.url}/rfc6749/token`
  const probe = await probeTokenService({
    url,
    credentials,
    otherCredentials: other,
    rules: sampleRules,
    services: [],
    ...options,
  })
  return { probe, url, journal: server.journal.entries() }
}

describe('a probe of the baseline service', () => {
  test('finds what it offers', async () => {
    const { probe } = await probeMock({ scope: 'read write' })
    const offered = Object.entries(probe.capabilities).flatMap(([name, isOffered]) =>
      isOffered ? [name] : [],
    )
    expect(offered.sort()).toEqual([
      'client_credentials',
      'client_secret',
      'client_secret_basic',
      'client_secret_post',
      'confidential_client',
      'cors',
      'encoded_credentials',
      'form',
      'introspection',
      'metadata',
      'other_client',
      'password',
      'refresh_token',
      'refusals',
      'revocation',
      'scope',
      'several_scopes',
    ])
  })

  test('judges each rule', async () => {
    const { probe } = await probeMock()
    expect(verdictsOf(probe.rules)).toEqual({
      ...Object.fromEntries(sampleRules.map(({ id }) => [id, 'kept'])),
      'by-json': 'not_applicable',
      'every-throttle': 'not_tried',
    })
    expect(probe.scores).toEqual([
      { of: 'all', level: 'MUST', kept: 11, judged: 11 },
      { of: 'all', level: 'SHOULD', kept: 2, judged: 2 },
      { of: 'all', level: 'MAY', kept: 0, judged: 0 },
      { of: 'RFC 6749', level: 'MUST', kept: 11, judged: 11 },
      { of: 'RFC 6749', level: 'SHOULD', kept: 2, judged: 2 },
      { of: 'RFC 6749', level: 'MAY', kept: 0, judged: 0 },
    ])
  })

  test('tells of a broken rule the request, the reply and the difference', async () => {
    const broken = rule(
      'wrong',
      [{ base: 'token', parameters: { grant_type: 'coupon', a: ['1', '{password}'] } }],
      [[{ is: 'token' }, { is: 'refusal', errors: ['invalid_grant'] }]],
    )
    const { probe, url } = await probeMock({ rules: [broken] })
    expect(probe.rules).toEqual([
      {
        id: 'wrong',
        level: 'MUST',
        sentence: 'wrong.',
        source: 'RFC 6749 §5',
        verdict: 'broken',
        reason:
          'expected a token, or error invalid_grant, received 400 application/json, error "unsupported_grant_type"',
        requests: [
          {
            request: `curl --include ${url} --header 'Accept: application/json' --user "$CLIENT_ID_FORM_ENCODED":"$CLIENT_SECRET_FORM_ENCODED" --data grant_type=coupon --data a=1 --data-urlencode a="$PASSWORD"`,
            status: 400,
            error: 'unsupported_grant_type',
            received: '400 application/json, error "unsupported_grant_type"',
          },
        ],
      },
    ])
  })

  test('shows no secret and no token', async () => {
    const broken = sampleRules.map((each) => ({
      ...each,
      id: `${each.id}-broken`,
      ...('replies' in each.judgment && {
        judgment: { replies: each.judgment.replies.map(() => [{ is: 'answer', statuses: [299] } as const]) },
      }),
    }))
    const { probe, journal } = await probeMock({ rules: [...sampleRules, ...broken] })
    expect(JSON.stringify(probe)).not.toMatch(/canary|vQ\d/)
    expect(probe.rules.filter(({ verdict }) => verdict === 'broken').length).toBeGreaterThan(8)
    expect(journal.length).toBeGreaterThan(20)
  })

  test('finds the same when it is done again', async () => {
    await using server = await startTokenServer(registered)
    const options = {
      url: `${server.url}/rfc6749/token`,
      credentials,
      rules: sampleRules,
      services: ['rfc6749'],
    }
    expect(await probeTokenService(options)).toEqual(await probeTokenService(options))
  })

  test('sends the same bytes once for all rules', async () => {
    const many = Array.from({ length: 9 }, (_none, index) =>
      rule(
        `wrong-secret-${index}`,
        [{ base: 'token', authentication: 'wrong_secret_post', isTrial: true }],
        [[{ is: 'refusal' }]],
      ),
    )
    const { probe, journal } = await probeMock({ rules: many })
    expect(new Set(probe.rules.map(({ verdict }) => verdict))).toEqual(new Set(['kept']))
    expect(journal.filter(({ status }) => status === 401).length).toBe(1)
  })
})

const bounds: ReadonlyArray<[options: Partial<ProbeOptions>, kept: number, reason: string]> = [
  [{ maxRefusals: 2 }, 2, 'further wrong credentials could lock the account: --max-refusals 2'],
  [{ maxRefusals: 0 }, 0, 'further wrong credentials could lock the account: --max-refusals 0'],
  [{ refusals: false }, 0, 'wrong credentials are not sent'],
]

describe('wrong credentials are bounded', () => {
  const guesses = (['wrong_secret_basic', 'wrong_secret_post', 'empty_secret_basic'] as const).map(
    (authentication) => rule(authentication, [{ base: 'token', authentication }], [[{ is: 'refusal' }]]),
  )
  test.each(bounds)('by %o', async (options, kept, reason) => {
    const { probe, journal } = await probeMock({ ...options, rules: guesses })
    expect(journal.filter(({ status }) => status === 401).length).toBe(kept)
    expect(probe.rules.filter(({ verdict }) => verdict === 'kept').length).toBe(kept)
    const others = probe.rules.filter(({ verdict }) => verdict !== 'kept')
    expect(new Set(others.map((each) => `${each.verdict}: ${each.reason}`))).toEqual(
      new Set([`not_tried: ${reason}`]),
    )
  })

  test('and each is followed by the right ones', async () => {
    const { journal } = await probeMock({ rules: guesses })
    const statuses = journal.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBe(3)
    for (const [index, status] of statuses.entries())
      if (status === 401) expect(statuses[index + 1]).toBe(200)
  })
})

describe('other ways to a token', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...key.privateKey.export({ format: 'jwk' }), kid: 'canary-no-secret' } as JsonWebKey
  const { d: _private, ...publicKey } = jwk
  const keyed = { ...registered, clients: [{ client_id, jwks: { keys: [publicKey] } }] }
  const faulty = (
    [
      ['expired', { claims: { exp: -60 } }],
      ['unsigned', { alg: 'none' }],
      ['by-another', { isByAnother: true }],
      ['for-another', { claims: { aud: 'https://other.example' } }],
    ] as const
  ).map(([id, assertion]) =>
    rule(
      id,
      [{ base: 'token', authentication: 'private_key_jwt', assertion }],
      [[{ is: 'refusal', errors: ['invalid_client'] }]],
    ),
  )

  test('a key alone signs for the client', async () => {
    const { probe } = await probeMock({ credentials: { client_id }, key: jwk, rules: faulty }, keyed)
    const { capabilities, rules } = probe
    expect([capabilities.private_key_jwt, capabilities.client_secret]).toEqual([true, false])
    expect(new Set(rules.map(({ verdict }) => verdict))).toEqual(new Set(['kept']))
    expect(JSON.stringify(probe)).not.toContain(String(jwk.d))
  })

  test('a client with a key has to authenticate as one with a secret has', async () => {
    const rules = conformanceRules.filter(({ needs }) => needs.includes('confidential_client'))
    const options = { credentials: { client_id, username: 'ada', password: 'lovelace' }, key: jwk, rules }
    const users = [{ username: 'ada', password: 'lovelace' }]
    const { probe } = await probeMock(options, { ...keyed, users })
    expect(verdictsOf(probe.rules)).toEqual(Object.fromEntries(rules.map(({ id }) => [id, 'kept'])))
    expect(rules.length).toBe(7)
  })

  test('what is no private key is refused', async () => {
    const tried = probeMock({ credentials: { client_id }, key: publicKey as JsonWebKey }, keyed)
    await expect(tried).rejects.toThrow(
      'expected key to be a private JWK of a client, received another value',
    )
  })

  test('over TLS, of which plain HTTP gets nothing', async () => {
    await using server = await startTokenServer({ ...registered, tls: 'self-signed' })
    const probe = await probeTokenService({
      url: `${server.url}/rfc6749/token`,
      credentials,
      tls: { ca: server.certificate ?? '' },
      rules: [
        ...sampleRules,
        rule(
          'plain',
          [{ base: 'token', authentication: 'none', isPlain: true }],
          [[{ is: 'nothing' }, { is: 'no_token' }]],
        ),
      ],
    })
    expect(verdictsOf(probe.rules)).toMatchObject({ granted: 'kept', chunked: 'kept', plain: 'kept' })
    expect(probe.capabilities.https).toBe(true)
  })

  test('where nothing is granted without a scope, it is sent', async () => {
    const client = { client_id: 'canary-scoped', client_secret: 'canary-scoped-vQ2' }
    await using server = await startRecording((response, asked) => {
      const isScoped = asked.body.includes('scope=read')
      const answer = isScoped
        ? reply(200, { access_token: 'canary-vQ3', token_type: 'bearer' })
        : reply(400, { error: 'invalid_scope' })
      answer(response, asked)
    })
    const probe = await probeTokenService({
      url: `${server.origin}/token`,
      credentials: client,
      scope: 'read',
      parameters: { audience: 'api' },
      rules: [rule('granted', [{ base: 'token' }], [[{ is: 'token' }]])],
    })
    expect(probe.capabilities.scope).toBe(true)
    expect(probe.rules).toMatchObject([{ verdict: 'kept' }])
    expect(probe.rules[0]?.requests[0]?.request).toMatch(
      / --data grant_type=client_credentials --data scope=read --data audience=api$/,
    )
  })

  test('where the simplest grant is refused, refresh tokens come with the one that gives them', async () => {
    let count = 0
    const live = new Set<string>()
    await using server = await startRecording((response, asked) => {
      const form = new URLSearchParams(asked.body)
      const isRefresh = form.get('grant_type') === 'refresh_token'
      const isRight = isRefresh
        ? live.delete(form.get('refresh_token') ?? '')
        : form.get('grant_type') === 'password'
      count += 1
      if (!isRight) return reply(400, { error: 'invalid_grant' })(response, asked)
      live.add(`canary-refresh-vQ${count}`)
      const given = { access_token: `canary-vQ${count}`, refresh_token: `canary-refresh-vQ${count}` }
      reply(200, { ...given, token_type: 'bearer' })(response, asked)
    })
    const probe = await probeTokenService({
      url: `${server.origin}/token`,
      credentials,
      services: [],
      rules: [rule('refreshed', [{ base: 'refresh_token' }], [[{ is: 'token' }]])],
    })
    expect([probe.capabilities.client_credentials, probe.capabilities.refresh_token]).toEqual([false, true])
    expect(verdictsOf(probe.rules)).toEqual({ refreshed: 'kept' })
  })

  test('where there is a refresh token alone, each new one takes the place of the one before', async () => {
    let live = 'canary-refresh+vQ/0'
    let count = 0
    await using server = await startRecording((response, asked) => {
      const form = new URLSearchParams(asked.body)
      if (form.get('refresh_token') !== live || form.get('grant_type') !== 'refresh_token')
        return reply(400, { error: 'invalid_grant' })(response, asked)
      count += 1
      live = `canary-refresh+vQ/${count}`
      reply(200, { access_token: `canary-vQ${count}`, refresh_token: live, token_type: 'bearer' })(
        response,
        asked,
      )
    })
    const probe = await probeTokenService({
      url: `${server.origin}/token`,
      credentials: { client_id, client_secret, refresh_token: live },
      services: [],
      rules: [
        rule('once', [{ base: 'refresh_token' }], [[{ is: 'token' }]]),
        rule('twice', [{ base: 'token' }, { base: 'token' }], [[{ is: 'token' }], [{ is: 'token' }]]),
      ],
    })
    expect(verdictsOf(probe.rules)).toEqual({ once: 'kept', twice: 'kept' })
  })

  test('where refresh tokens come for a scope, the grant of the user has it, and others do not', async () => {
    await using server = await startRecording((response, asked) => {
      const form = new URLSearchParams(asked.body)
      const isOffline = form.get('scope') === 'offline'
      const isClient = form.get('grant_type') === 'client_credentials'
      if (isClient && isOffline) return reply(400, { error: 'invalid_scope' })(response, asked)
      const refresh = isOffline && { refresh_token: 'canary-refresh-vQ4' }
      reply(200, { access_token: 'canary-vQ3', token_type: 'bearer', ...refresh })(response, asked)
    })
    const probe = await probeTokenService({
      url: `${server.origin}/token`,
      credentials,
      scope: 'offline',
      services: [],
      rules: [
        rule('granted', [{ base: 'token' }], [[{ is: 'token' }]]),
        rule('refreshed', [{ base: 'refresh_token' }], [[{ is: 'token' }]]),
      ],
    })
    expect([probe.capabilities.refresh_token, probe.capabilities.scope]).toEqual([true, false])
    expect(verdictsOf(probe.rules)).toEqual({ granted: 'kept', refreshed: 'kept' })
    expect(probe.rules[1]?.requests[0]?.request).toContain('grant_type=refresh_token')
  })

  test('each of several pairs at once has a refresh token of its own', async () => {
    const pair = { base: 'refresh_token', isTwice: true, isFresh: true } as const
    const replies = [[{ is: 'token' }], [{ is: 'refusal' }]] as const
    const { probe } = await probeMock({ rules: [rule('pairs', [pair, pair], [...replies, ...replies])] })
    expect(verdictsOf(probe.rules)).toEqual({ pairs: 'kept' })
  })

  test('where nothing is granted any more, the metadata is judged all the same', async () => {
    let isLocked = false
    await using server = await startRecording((response, asked) => {
      const { origin } = server
      if (asked.url.startsWith('/.well-known/'))
        return reply(200, { issuer: origin, token_endpoint: `${origin}/token` })(response, asked)
      isLocked ||= asked.body.includes('grant_type=lock')
      const given = { access_token: 'canary-vQ3', token_type: 'bearer' }
      const answer = isLocked ? reply(403, { error: 'access_denied' }) : reply(200, given)
      answer(response, asked)
    })
    const probe = await probeTokenService({
      url: `${server.origin}/token`,
      credentials: { client_id, client_secret },
      services: [],
      rules: [
        rule('locks', [{ base: 'token', parameters: { grant_type: 'lock' } }], [[{ is: 'refusal' }]]),
        rule('granted', [{ base: 'token', parameters: { foo: 'bar' } }], [[{ is: 'token' }]]),
        rule('announced', [{ base: 'metadata' }], [[{ is: 'answer', members: { issuer: '^"http' } }]]),
        rule('named', [{ base: 'metadata' }], [[{ is: 'answer', members: { issuer: '^"{origin}/x"$' } }]]),
      ],
    })
    expect(verdictsOf(probe.rules)).toEqual({
      locks: 'not_tried',
      granted: 'not_tried',
      announced: 'kept',
      named: 'broken',
    })
    expect(probe.rules[3]?.reason).toContain(`member issuer to match ^"${server.origin}/x"$`)
  })

  test('where id and secret are not decoded, they are not encoded', async () => {
    const raw = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`
    await using server = await startRecording((response, asked) => {
      const isRight = asked.headers.authorization === raw
      const answer = isRight
        ? reply(200, { access_token: 'canary-vQ3', token_type: 'bearer' })
        : reply(401, { error: 'invalid_client' })
      answer(response, asked)
    })
    const { rules } = await probeTokenService({
      url: `${server.origin}/token`,
      credentials: { client_id, client_secret },
      rules: [
        rule('granted', [{ base: 'token' }], [[{ is: 'token' }]]),
        rule('decoded', [{ base: 'token', authentication: 'form_encoded_basic' }], [[{ is: 'token' }]]),
      ],
    })
    expect(verdictsOf(rules)).toEqual({ granted: 'kept', decoded: 'broken' })
  })
})

test('tokens are revoked at the end', async () => {
  const { journal } = await probeMock({ rules: [] })
  const granted = journal.filter(({ path }) => path.endsWith('/token')).length
  const last = journal.slice(-3).map(({ path, status }) => [path, status])
  expect(last).toEqual(Array.from({ length: 3 }, () => ['/rfc6749/revoke', 200]))
  expect(granted).toBeGreaterThan(3)
})

test('what would be sent is told without sending it', () => {
  const [granted] = sampleRules
  const url = 'https://as.example/token'
  const services = ['rfc6749/client_credentials']
  const { matrix, discovery, ...plan } = planTokenServiceProbe({
    url,
    credentials,
    rules: granted ? [granted] : [],
    services,
  })
  expect(matrix.slice(0, 3).map(({ authentication, reason }) => [authentication, reason])).toEqual([
    ['client_secret_basic', undefined],
    ['client_secret_post', undefined],
    ['private_key_jwt', 'needs a private key of the client'],
  ])
  expect(discovery.filter((request) => !request.includes('/token'))).toEqual([
    ...['oauth-authorization-server', 'openid-configuration'].map(
      (name) => `curl --include https://as.example/.well-known/${name} --header 'Accept: application/json'`,
    ),
    expect.stringMatching(/^curl --include https:\/\/as\.example\/introspect /),
    expect.stringMatching(/^curl --include https:\/\/as\.example\/revoke /),
  ])
  expect(plan).toEqual({
    url,
    rules: [
      {
        id: 'granted',
        level: 'MUST',
        needs: [],
        requests: [
          `curl --include https://as.example/token --header 'Accept: application/json' --user "$CLIENT_ID_FORM_ENCODED":"$CLIENT_SECRET_FORM_ENCODED" --data grant_type=client_credentials`,
        ],
      },
    ],
  })
})

test('that nothing is granted is one error, and no list of broken rules', async () => {
  const wrong = { client_id, client_secret: 'canary-not-this' }
  await expect(probeMock({ credentials: wrong })).rejects.toThrow(
    /^expected a token of http:\/\/127\.0\.0\.1:\d+\/rfc6749\/token for the given credentials, received none: client_credentials by client_secret_basic: 401 application\/json, error "invalid_client"; /,
  )
  await expect(probeMock({ credentials: wrong })).rejects.toMatchObject({ code: 'ERR_NOT_GRANTED' })
})

test('an endpoint of another host is refused', async () => {
  const elsewhere = { introspectionUrl: 'https://other.example/introspect' }
  await expect(probeMock(elsewhere)).rejects.toThrow('expected introspectionUrl to be a URL at')
})

describe('the forms of documented requests', () => {
  const outcomesOf = (matrix: readonly MatrixCell[]) =>
    matrix
      .filter(({ spelling, outcome }) => spelling === 'documented' && outcome !== 'not_tried')
      .map(({ contentType, authentication, outcome }) => [contentType, authentication, outcome])

  test('are asked after the rules, and each is shown as a line of curl', async () => {
    const { probe } = await probeMock({ rules: [], services: ['rfc6749/client_credentials'] })
    const accepted = outcomesOf(probe.matrix).filter(([, , outcome]) => outcome === 'accepted')
    expect([accepted.map(([, authentication]) => authentication), outcomesOf(probe.matrix).length]).toEqual([
      ['client_secret_basic', 'client_secret_post'],
      8,
    ])
    expect(probe.matrix[1]?.request).toMatch(/^curl --include .*"client_secret=\$CLIENT_SECRET"$/)
    expect(JSON.stringify(probe)).not.toMatch(/canary|vQ\d/)
  })

  test('have a refresh token that the rules have left, and their tokens are revoked', async () => {
    const { probe, journal } = await probeMock({ services: ['rfc6749/refresh_token'] })
    expect(outcomesOf(probe.matrix).filter(([, , outcome]) => outcome === 'accepted')).toHaveLength(2)
    expect(journal.at(-1)?.path).toBe('/rfc6749/revoke')
  })

  test('are not tried where the service leaves three in a row unanswered', async () => {
    await using server = await startRecording((response, asked) => {
      if (asked.body === 'grant_type=client_credentials')
        reply(200, { access_token: 'canary-token-vQ6', token_type: 'Bearer' })(response, asked)
      else if (!asked.url.startsWith('/token') || asked.body === '') reply(404, {})(response, asked)
    })
    const options = { rules: [], services: ['rfc6749/password'], timeoutMs: 100 }
    const probe = await probeTokenService({ url: `${server.origin}/token`, credentials, ...options })
    expect(probe.matrix.at(-1)).toMatchObject({
      outcome: 'not_tried',
      reason: 'the service has left 3 requests unanswered',
    })
    expect(probe.sent).toBeLessThan(40)
  })

  test('of a service that is not known are said so before anything is sent', async () => {
    await using server = await startRecording(reply(404, {}))
    const options = { url: `${server.origin}/token`, credentials, services: ['acme'] }
    await expect(probeTokenService(options)).rejects.toMatchObject({ code: 'ERR_SERVICE_UNKNOWN' })
    expect(server.asked).toEqual([])
  })
})
