// What becomes of a refresh token: each policy that a service can be given, by what is granted under it and what is not.
import { describe, expect, test } from 'vitest'
import type { MockOptions } from '../../src/host/options.ts'
import { hosts, startOfTime } from './hosts.ts'
import { contentOf, sendForm } from './token-request.ts'

const second = 1000
const graceMs = 10 * second
const refreshLifetimeMs = 14 * 24 * 60 * 60 * second
const other = { client_id: 'other-client', client_secret: 'other-secret' }
const refused = [400, { error: 'invalid_grant' }]

/** A service with the request that a refresh token comes from. */
interface Issuer {
  readonly client: { readonly client_id: string; readonly client_secret: string }
  readonly path: string
  readonly request: Readonly<Record<string, string>>
}

const issuers: Readonly<Record<string, Issuer>> = {
  rfc6749: {
    client: { client_id: 'example-client', client_secret: 'example-secret' },
    path: '/rfc6749/token',
    request: {
      grant_type: 'password',
      username: 'example-user',
      password: 'example-password',
      scope: 'read write',
    },
  },
  moov: {
    client: { client_id: '5clTR_MdVrrkgxw2', client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-' },
    path: '/moov/oauth2/token',
    request: { grant_type: 'client_credentials', scope: 'read write' },
  },
}

interface Pair {
  readonly access_token: string
  readonly refresh_token: string
}

/** What a story is told with: a pair that was just issued, and what can be done with it. */
interface Stage {
  readonly first: Pair
  readonly wait: (milliseconds: number) => void
  /** The new pair; `undefined` when it is refused. */
  readonly refresh: (
    refreshToken: string | undefined,
    further?: Readonly<Record<string, string>>,
  ) => Promise<Pair | undefined>
  /** Whether an API takes the access token. */
  readonly isLive: (accessToken: string | undefined) => Promise<boolean>
}

/** Tells whether the one thing that it is about is granted in the end. */
type Story = (stage: Stage) => Promise<unknown>

const secondUseAfter =
  (milliseconds: number): Story =>
  async ({ first, refresh, wait }) => {
    await refresh(first.refresh_token)
    wait(milliseconds)
    return refresh(first.refresh_token)
  }

/** The pair of a refresh whose token was shown again when no grace was left. */
async function reused({ first, refresh, wait }: Stage): Promise<Pair | undefined> {
  const newest = await refresh(first.refresh_token)
  wait(graceMs)
  await refresh(first.refresh_token)
  return newest
}

const stories = {
  'a first use': ({ first, refresh }) => refresh(first.refresh_token),
  'a first use in the last millisecond of its life': ({ first, refresh, wait }) => {
    wait(refreshLifetimeMs - 1)
    return refresh(first.refresh_token)
  },
  'a first use a millisecond later': ({ first, refresh, wait }) => {
    wait(refreshLifetimeMs)
    return refresh(first.refresh_token)
  },
  'a use by another client': ({ first, refresh }) => refresh(first.refresh_token, other),
  'a first use after one by another client': async ({ first, refresh }) => {
    await refresh(first.refresh_token, other)
    return refresh(first.refresh_token)
  },
  'a first use after one that asked for too much': async ({ first, refresh }) => {
    await refresh(first.refresh_token, { scope: 'read admin' })
    return refresh(first.refresh_token)
  },
  'a second use at once': secondUseAfter(0),
  'a second use in the last millisecond of the grace': secondUseAfter(graceMs - 1),
  'a second use a millisecond later': secondUseAfter(graceMs),
  'a second use after the clock was set back': secondUseAfter(-graceMs),
  'a third use, when the grace of the first is over': async ({ first, refresh, wait }) => {
    await refresh(first.refresh_token)
    wait(graceMs - 1)
    await refresh(first.refresh_token)
    wait(1)
    return refresh(first.refresh_token)
  },
  'the token that came of it': async ({ first, refresh }) =>
    refresh((await refresh(first.refresh_token))?.refresh_token),
  'the token that came of it, after a reuse': async (stage) =>
    stage.refresh((await reused(stage))?.refresh_token),
  'the first access token, after a refresh': async ({ first, refresh, isLive }) => {
    await refresh(first.refresh_token)
    return isLive(first.access_token)
  },
  'the first access token, after a reuse': async (stage) => {
    await reused(stage)
    return stage.isLive(stage.first.access_token)
  },
  'the newest access token, after a reuse': async (stage) =>
    stage.isLive((await reused(stage))?.access_token),
} satisfies Readonly<Record<string, Story>>

type StoryName = keyof typeof stories

const always: readonly StoryName[] = [
  'a first use',
  'a first use in the last millisecond of its life',
  'a first use after one by another client',
  'a first use after one that asked for too much',
  'the token that came of it',
  'the first access token, after a refresh',
]
const unlessRevoked: readonly StoryName[] = [
  'the token that came of it, after a reuse',
  'the first access token, after a reuse',
  'the newest access token, after a reuse',
]
const withinGrace: readonly StoryName[] = [
  'a second use at once',
  'a second use in the last millisecond of the grace',
  'a second use after the clock was set back',
]
const afterGrace: readonly StoryName[] = [
  'a second use a millisecond later',
  'a third use, when the grace of the first is over',
]

const policies: ReadonlyArray<
  [service: keyof typeof issuers, policy: string, granted: readonly StoryName[]]
> = [
  ['rfc6749', 'rotate_and_revoke', always],
  ['rfc6749', 'rotate', [...always, ...unlessRevoked]],
  ['rfc6749', 'rotate_with_grace', [...always, ...unlessRevoked, ...withinGrace]],
  ['rfc6749', 'keep', [...always, ...unlessRevoked, ...withinGrace, ...afterGrace]],
  ['moov', 'rotate_and_revoke', always],
  ['moov', 'rotate', [...always, ...unlessRevoked]],
  ['moov', 'rotate_with_grace', [...always, ...unlessRevoked, ...withinGrace]],
  ['moov', 'keep', [...always, ...unlessRevoked, ...withinGrace, ...afterGrace]],
]

const cases = policies.flatMap(([service, policy, granted]) =>
  Object.entries<Story>(stories).map(([name, story]) => {
    const isGranted = granted.includes(name as StoryName)
    return [service, policy, isGranted ? 'grants' : 'refuses', name, story, isGranted] as const
  }),
)

describe.each(hosts)('refresh policies on $name', (host) => {
  test.each(cases)('%s under %s %s %s', async (service, policy, _verb, _name, story, isGranted) => {
    await using stage = await stageOf(service, policy)
    expect(Boolean(await story(stage))).toBe(isGranted)
  })

  test.each(policies)(
    '%s under %s: a token that is kept is the same, and any other a new one',
    async (service, policy) => {
      await using stage = await stageOf(service, policy)
      const next = await stage.refresh(stage.first.refresh_token)
      expect(next?.refresh_token === stage.first.refresh_token).toBe(policy === 'keep')
      expect(next?.access_token).not.toBe(stage.first.access_token)
    },
  )

  test('where there are none, a grant gives none, and what is shown as one is refused', async () => {
    const { client, path, request } = issuers.rfc6749 as Issuer
    await using running = await host.start({ options: { rfc6749: { refresh_tokens: 'none' } } })
    const granted = await sendForm(running, path, { ...request, ...client })
    const { access_token, ...others } = JSON.parse(granted.body)
    expect(others).toEqual({ token_type: 'Bearer', expires_in: 3600, scope: 'read write' })
    const refresh = { grant_type: 'refresh_token', refresh_token: access_token, ...client }
    expect(contentOf(await sendForm(running, path, refresh))).toEqual([
      400,
      { error: 'unsupported_grant_type' },
    ])
  })

  test('a client can be registered with a lifetime of its own', async () => {
    let now = startOfTime
    const { path, request } = issuers.moov as Issuer
    await using running = await host.start({
      now: () => now,
      clients: [{ ...other, accessTokenLifetimeSeconds: 60, refreshTokenLifetimeSeconds: 120 }],
    })
    const { expires_in, refresh_token } = JSON.parse(
      (await sendForm(running, path, { ...request, ...other })).body,
    )
    expect(expires_in).toBe(60)
    now += 120 * second
    const refresh = { grant_type: 'refresh_token', refresh_token, ...other }
    expect(contentOf(await sendForm(running, path, refresh))).toEqual(refused)
  })

  async function stageOf(service: string, policy: string): Promise<Stage & AsyncDisposable> {
    let now = startOfTime
    const { client, path, request } = issuers[service] as Issuer
    const running = await host.start({ ...underPolicy(service, policy), clients: [other], now: () => now })
    const first = JSON.parse((await sendForm(running, path, { ...request, ...client })).body)
    return {
      first,
      wait: (milliseconds) => {
        now += milliseconds
      },
      refresh: async (refreshToken = '', further = {}) => {
        const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken }
        const reply = await sendForm(running, path, { ...refresh, ...client, ...further })
        if (reply.status === 200) return JSON.parse(reply.body)
        if (!('scope' in further)) expect(contentOf(reply)).toEqual(refused)
        return undefined
      },
      isLive: async (accessToken) => {
        const headers = { authorization: `Bearer ${accessToken}` }
        return (await running.fetch(`/${service}/api`, { headers })).status === 200
      },
      [Symbol.asyncDispose]: () => running.close(),
    }
  }
})

const [server] = hosts
const parallel = 20

describe('refreshes at once', () => {
  const races: ReadonlyArray<[service: string, policy: string, winners: number, format: 'opaque' | 'jwt']> = [
    ['rfc6749', 'rotate', 1, 'opaque'],
    ['rfc6749', 'rotate', 1, 'jwt'],
    ['rfc6749', 'rotate_and_revoke', 1, 'opaque'],
    ['rfc6749', 'rotate_with_grace', parallel, 'opaque'],
    ['rfc6749', 'keep', parallel, 'opaque'],
    ['moov', 'rotate', 1, 'opaque'],
    ['moov', 'rotate_with_grace', parallel, 'jwt'],
  ]

  test.each(races)('of 20 at %s under %s, %d is granted (%s)', async (service, policy, winners, format) => {
    const { client, path, request } = issuers[service] as Issuer
    const accessTokens = { format } as const
    const running = await server?.start({ ...underPolicy(service, policy), accessTokens })
    if (running === undefined) throw new Error('there is a host')
    await using _closing = running
    const { refresh_token } = JSON.parse((await sendForm(running, path, { ...request, ...client })).body)
    const refresh = { grant_type: 'refresh_token', refresh_token, ...client }
    const replies = await Promise.all(
      Array.from({ length: parallel }, () => sendForm(running, path, refresh)),
    )
    const granted = replies.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body))
    const lost = replies.filter(({ status }) => status !== 200).map(contentOf)
    expect(granted).toHaveLength(winners)
    expect(lost).toEqual(Array.from({ length: parallel - winners }, () => refused))
    expect(new Set(granted.map(({ access_token }) => access_token)).size).toBe(winners)
  })
})

function underPolicy(service: string, policy: string): MockOptions {
  return { options: { [service]: { refresh_tokens: policy } }, protect: ['/api'] }
}
