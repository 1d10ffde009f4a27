// A service that grants nothing but refreshes: its one refresh token has to last until the rule that revokes it.
import { expect, test } from 'vitest'
import type { JudgedRule, Probe, Verdict } from '../../src/probe/probed.ts'
import { probeTokenService } from '../../src/probe/probing.ts'
import { rfc6749Section33 } from '../../src/probe/rules/rfc6749-3.3.ts'
import { rfc7009 } from '../../src/probe/rules/rfc7009.ts'
import { reply, startRecording } from '../verify/service.ts'

const client = { client_id: 'canary-client', client_secret: 'canary-secret' }
const first = 'canary-refresh-0'

/** Each refresh token is good once; one that is revoked is dead, or lives on. */
async function probeOf(isRevoking: boolean): Promise<Probe> {
  let live = first
  let count = 0
  const next = () => {
    count += 1
    live = `canary-refresh-${count}`
    return reply(200, { access_token: `canary-access-${count}`, token_type: 'Bearer', refresh_token: live })
  }
  await using server = await startRecording((response, { url, body }) => {
    const form = new URLSearchParams(body)
    const answer = () => {
      if (form.get('client_secret') !== client.client_secret) return reply(401, { error: 'invalid_client' })
      if (url === '/revoke') {
        if (form.get('token') === null) return reply(400, { error: 'invalid_request' })
        if (isRevoking && form.get('token') === live) live = ''
        return reply(200, {})
      }
      if (form.get('grant_type') !== 'refresh_token') return reply(400, { error: 'unsupported_grant_type' })
      if (!/^\w*$/.test(form.get('scope') ?? '')) return reply(400, { error: 'invalid_scope' })
      return form.get('refresh_token') === live ? next() : reply(400, { error: 'invalid_grant' })
    }
    answer()(response, { url, headers: {}, body })
  })
  return await probeTokenService({
    url: `${server.origin}/token`,
    revocationUrl: `${server.origin}/revoke`,
    credentials: { ...client, refresh_token: first },
    rules: [...rfc6749Section33.filter(({ id }) => id.endsWith('-bytes')), ...rfc7009],
    services: ['rfc6749/refresh_token'],
  })
}

const verdictsOf = (rules: readonly JudgedRule[]): Record<string, Verdict> =>
  Object.fromEntries(rules.map(({ id, verdict }) => [id, verdict]))
const others = {
  'rfc6749-3.3-scope-bytes': 'kept',
  'rfc7009-2.1-authentication': 'kept',
  'rfc7009-2.1-own-token': 'not_applicable',
  'rfc7009-2.1-own-refresh-token': 'not_applicable',
  'rfc7009-2.2-revoked': 'kept',
  'rfc7009-2.2-unknown-token': 'kept',
  'rfc7009-2.1-token': 'kept',
  'rfc7009-2.1-access-token': 'not_applicable',
}

const needsKey = 'needs a private key of the client'
const usedUp = 'the rules have used the refresh token up'

test.each([
  ['kills', true, 'kept', [usedUp, needsKey]],
  ['leaves alive', false, 'broken', ['invalid_client', '', needsKey]],
] as const)(
  'a service that %s a revoked refresh token is told apart',
  async (_what, isRevoking, verdict, reasons) => {
    const { rules, ended, matrix } = await probeOf(isRevoking)
    expect(verdictsOf(rules)).toEqual({ ...others, 'rfc7009-2.1-refresh-token': verdict })
    expect(ended).toBeUndefined()
    expect([...new Set(matrix.map(({ reason }) => reason))]).toEqual(reasons)
    expect(matrix.some(({ outcome }) => outcome === 'accepted')).toBe(!isRevoking)
  },
)
