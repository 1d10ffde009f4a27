// The states of refresh tokens, really produced: fresh ones asked for, used ones used, and what cannot be had skipped.
import { describe, expect, test } from 'vitest'
import type { Credentials } from '../../src/fixture/message.ts'
import { startTokenServer } from '../../src/host/server.ts'
import { verifyTokenService } from '../../src/verify/verify.ts'

const client = { client_id: 'example-client', client_secret: 'example-secret' } satisfies Credentials
const user = { username: 'example-user', password: 'example-password' } satisfies Credentials
const used = 'refresh_token.used_refresh_token'
const widened = 'refresh_token.widened_scope'
const unused =
  'could not be produced: the service gave no new refresh_token for it: it does not rotate them' as const
const given =
  'could not be produced: the refresh_token that was given may be used by now, and no other can be asked for'

type Row = readonly [exchange: string, verdict: string, reason: string | undefined]

const services: ReadonlyArray<
  [does: string, refreshTokens: string, credentials: Credentials, rows: readonly Row[]]
> = [
  [
    'rotates refresh tokens, and is asked for one each time',
    'rotate_and_revoke',
    { ...client, ...user },
    [
      [used, 'kept', undefined],
      [widened, 'kept', undefined],
    ],
  ],
  [
    'takes a used one for a while',
    'rotate_with_grace',
    { ...client, ...user },
    [
      [used, 'broken', undefined],
      [widened, 'kept', undefined],
    ],
  ],
  [
    'keeps them',
    'keep',
    { ...client, ...user },
    [
      [used, 'skipped', `the state "a used refresh token of the client" ${unused}`],
      [widened, 'kept', undefined],
    ],
  ],
  [
    'can be asked for none, so that there is but the one that was given',
    'rotate_and_revoke',
    { ...client, refresh_token: 'one that was given' },
    [
      [used, 'skipped', `the state "a used refresh token of the client" ${given}`],
      [widened, 'skipped', `the state "a fresh refresh token of the client" ${given}`],
    ],
  ],
]

describe('a service that', () => {
  test.each(services)('%s', async (_does, refresh_tokens, credentials, rows) => {
    await using server = await startTokenServer({ options: { rfc6749: { refresh_tokens } } })
    const { interactions, skipped } = await verifyTokenService({
      url: `${server.url}/rfc6749/token`,
      service: 'rfc6749',
      credentials,
      authentication: 'client_secret_post',
      exchanges: [used, widened],
    })
    expect(interactions.map(({ exchange, verdict, reason }) => [exchange, verdict, reason])).toEqual(rows)
    expect(skipped).toBe(rows.filter(([, verdict]) => verdict === 'skipped').length)
  })
})
