// Runs that end before their end: a service that locks, dies or hangs is left alone, nothing is concluded from it, and what was
// granted is given back.
import { describe, expect, test } from 'vitest'
import type { Probe } from '../../src/probe/probed.ts'
import { type ProbeOptions, probeTokenService } from '../../src/probe/probing.ts'
import { formatProbeBadge } from '../../src/report/probe-badge.ts'
import { formatProbeTerminal } from '../../src/report/probe-terminal.ts'
import { type Answer, type Asked, reply, startRecording } from '../verify/service.ts'
import { rule } from './sample-rules.ts'

const credentials = { client_id: 'canary-client', client_secret: 'canary-secret' }
const basic = `Basic ${Buffer.from('canary-client:canary-secret').toString('base64')}`
const refused = reply(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="a"' })
const isPlain = ({ url, headers, body }: Asked) =>
  url === '/token' &&
  headers.authorization === basic &&
  headers['content-type'] === 'application/x-www-form-urlencoded' &&
  body === 'grant_type=client_credentials'

let tokens = 0
const granted: Answer = (response, asked) => {
  tokens += 1
  reply(200, { access_token: `canary-token-${tokens}`, token_type: 'Bearer' })(response, asked)
}
const refusal = [[{ is: 'refusal' }]] as const
const many = Array.from({ length: 30 }, (_none, index) =>
  rule(`r${index}`, [{ base: 'token', parameters: { grant_type: null, n: String(index) } }], refusal),
)
const options = { credentials, timeoutMs: 200, deadlineMs: 20_000, rules: many } as const

const deaths: ReadonlyArray<[what: string, answer: Answer, ended: RegExp]> = [
  ['locks the client', refused, /^the service does not grant client_credentials any more/],
  ['hangs', () => {}, /^the service does not grant client_credentials any more/],
  [
    'resets connections',
    (response) => response.socket?.resetAndDestroy(),
    /^the service does not grant client_credentials any more/,
  ],
  ['asks to be left alone', reply(429, {}), /^the service does not grant client_credentials any more/],
]

/** A service that goes on well for so many requests. */
async function probeOf(
  after: number,
  answer: Answer,
  changed: Partial<ProbeOptions> = {},
): Promise<{ readonly probe: Probe; readonly asked: readonly Asked[] }> {
  let count = 0
  await using server = await startRecording((response, asked) => {
    count += 1
    if (count > after) answer(response, asked)
    else (isPlain(asked) ? granted : reply(400, { error: 'invalid_request' }))(response, asked)
  })
  const probe = await probeTokenService({ ...options, url: `${server.origin}/token`, ...changed })
  return { probe, asked: server.asked }
}

describe('a service that', () => {
  test.each(deaths)('%s among the rules is asked for no documented request', async (_what, answer, ended) => {
    const { probe } = await probeOf(25, answer)
    expect(probe.ended).toMatch(ended)
    expect(new Set(probe.matrix.map(({ outcome }) => outcome))).toEqual(new Set(['not_tried']))
    expect(probe.matrix.map(({ reason }) => reason)).toContain(probe.ended)
    expect(probe.sent).toBeLessThan(50)
    expect(JSON.parse(formatProbeBadge(probe))).toMatchObject({ message: 'unknown' })
    expect(formatProbeTerminal(probe)).toContain(`\nended early: ${probe.ended}\n`)
  })

  test.each(deaths)('%s among the documented requests is left alone soon', async (_what, answer) => {
    const { probe } = await probeOf(12, answer, { rules: [] })
    expect(probe.ended).not.toBe(undefined)
    expect(probe.sent).toBeLessThan(45)
    expect(probe.matrix.at(-1)).toMatchObject({ outcome: 'not_tried' })
  })

  test.each([
    ['but goes on granting the first, is asked for all of them', Number.POSITIVE_INFINITY, undefined],
    [
      'and by then not even the first, is left alone',
      8,
      'what was accepted before is not accepted any more, which was the first request: the service may have locked the client out',
    ],
  ])('grants no documented request, %s', async (_what, after, ended) => {
    let count = 0
    await using server = await startRecording((response, asked) => {
      count += 1
      // The documented requests have no User-Agent of a probe.
      const isFirst = isPlain(asked) && asked.headers['user-agent'] === 'tokenwright'
      ;(isFirst && count <= after ? granted : refused)(response, asked)
    })
    const probe = await probeTokenService({ ...options, url: `${server.origin}/token`, rules: [] })
    const outcomes = new Set(probe.matrix.map(({ outcome }) => outcome))
    expect(probe.ended).toBe(ended)
    expect(outcomes).toEqual(new Set(ended === undefined ? ['refused', 'not_tried'] : ['not_tried']))
    expect(server.asked.length < 60).toBe(ended !== undefined)
  })
})

const ends: ReadonlyArray<
  [what: string, optionsOf: (ending: AbortController) => Partial<ProbeOptions>, ended: string]
> = [
  ['an interrupt', ({ signal }) => ({ signal }), 'it was interrupted'],
  ['the deadline', () => ({ deadlineMs: 700 }), 'its deadline of 700 ms was over'],
]

test.each(ends)('after %s the tokens are revoked', async (_what, optionsOf, ended) => {
  const ending = new AbortController()
  const live = new Set<string>()
  let origin = ''
  let count = 0
  await using server = await startRecording((response, asked) => {
    count += 1
    if (asked.url === '/.well-known/oauth-authorization-server')
      return reply(200, {
        issuer: origin,
        token_endpoint: `${origin}/token`,
        revocation_endpoint: `${origin}/revoke`,
      })(response, asked)
    if (asked.url === '/revoke') {
      live.delete(new URLSearchParams(asked.body).get('token') ?? '')
      return reply(200, {})(response, asked)
    }
    if (count > 20) return ending.abort()
    if (!isPlain(asked)) return refused(response, asked)
    const access_token = `canary-token-${count}`
    live.add(access_token)
    return reply(200, { access_token, token_type: 'Bearer' })(response, asked)
  })
  origin = server.origin
  const probe = await probeTokenService({
    ...options,
    url: `${origin}/token`,
    timeoutMs: 5000,
    ...optionsOf(ending),
  })
  expect([probe.ended, probe.capabilities.revocation, [...live]]).toEqual([ended, true, []])
  expect(probe.sent).toBe(server.asked.length)
})
