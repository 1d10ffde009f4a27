// What a service was asked for in vain is neither offered nor missing: nothing is concluded from it, and nothing forgotten.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  compareProbes,
  lockedProbeAt,
  lockedProbeOf,
  readProbeLock,
  updateProbeLock,
} from '../../src/probe/lock.ts'
import type { Probe } from '../../src/probe/probed.ts'
import { probeTokenService } from '../../src/probe/probing.ts'
import type { Capability } from '../../src/probe/rule.ts'
import { formatProbeMarkdown } from '../../src/report/probe-markdown.ts'
import { formatProbeTerminal } from '../../src/report/probe-terminal.ts'
import { type Answer, type Asked, reply, startRecording } from '../verify/service.ts'
import { rule } from './sample-rules.ts'

const credentials = { client_id: 'canary-client', client_secret: 'canary-secret' }
const granted = reply(200, { access_token: 'canary-token', token_type: 'Bearer' })

/** How a request is told whose reply never comes. */
const asking: Readonly<Partial<Record<Capability, (asked: Asked) => boolean>>> = {
  json: ({ headers }) => headers['content-type'] === 'application/json',
  client_secret_post: ({ url, body }) => url === '/token' && body.includes('client_secret'),
  scope: ({ body }) => body.includes('scope='),
  introspection: ({ url }) => url === '/introspect',
  revocation: ({ url }) => url === '/revoke',
  cors: ({ headers }) => headers.origin !== undefined,
  metadata: ({ url }) => url.startsWith('/.well-known/'),
}

const failures: ReadonlyArray<[what: string, answer: Answer, why: RegExp]> = [
  ['hangs', () => {}, /^no reply came: nothing within 200 ms/],
  ['resets the connection', (response) => response.socket?.resetAndDestroy(), /^no reply came: /],
  ['answers 429', reply(429, {}), /^the service answered 429$/],
]

async function probeOf(isMeant: (asked: Asked) => boolean, answer: Answer): Promise<Probe> {
  let origin = ''
  await using server = await startRecording((response, asked) => {
    const { url } = asked
    if (isMeant(asked)) return answer(response, asked)
    if (url === '/.well-known/oauth-authorization-server') {
      const endpoints = {
        introspection_endpoint: `${origin}/introspect`,
        revocation_endpoint: `${origin}/revoke`,
      }
      return reply(200, { issuer: origin, token_endpoint: `${origin}/token`, ...endpoints })(response, asked)
    }
    if (url === '/token') return granted(response, asked)
    return reply(200, { active: true }, { 'access-control-allow-origin': '*' })(response, asked)
  })
  origin = server.origin
  const needs = Object.keys(asking) as Capability[]
  return await probeTokenService({
    ...{ url: `${origin}/token`, credentials, timeoutMs: 200, services: [], scope: 'read write' },
    rules: needs.map((need) =>
      rule(`needs-${need}`, [{ base: 'token' }], [[{ is: 'token' }]], { needs: [need] }),
    ),
  })
}

const cases = Object.entries(asking).flatMap(([name, isMeant]) =>
  failures.map(([what, answer, why]) => [what, name, isMeant, answer, why] as const),
)

test.each(cases)(
  'a service that %s where it is asked for %s leaves that open',
  async (_what, name, isMeant, answer, why) => {
    const probe = await probeOf(isMeant, answer)
    expect(probe.undetermined?.[name as Capability]).toMatch(why)
    const judged = probe.rules.find(({ id }) => id === `needs-${name}`)
    expect(judged).toMatchObject({
      verdict: 'not_tried',
      reason: `whether the service has ${name} could not be found out: ${probe.undetermined?.[name as Capability]}`,
    })
    for (const text of [
      formatProbeTerminal(probe).split('\n'),
      formatProbeMarkdown(probe).replaceAll('\\', '').split('\n'),
    ]) {
      expect(text.find((line) => /^(- )?unknown /.test(line))).toContain(name)
      expect(text.find((line) => /^(- )?without /.test(line))).not.toMatch(new RegExp(`\\b${name}\\b`))
    }
  },
)

test('the lock file keeps what is unknown by now as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokenwright-undetermined-'))
  const file = join(folder, 'tokenwright.lock.json')
  try {
    const probe = await probeOf(() => false, granted)
    const without = { ...probe, undetermined: { json: 'no reply came', cors: 'no reply came' } }
    await updateProbeLock(file, { ...probe, capabilities: { ...probe.capabilities, json: true } })
    const before = lockedProbeAt(readProbeLock(file), probe.url)
    await updateProbeLock(file, {
      ...without,
      capabilities: { ...probe.capabilities, json: false, cors: false },
    })
    const after = lockedProbeAt(readProbeLock(file), probe.url)
    expect([after, before?.capabilities?.json]).toEqual([before, true])
    expect(compareProbes(before ?? {}, lockedProbeOf(without, before))).toEqual([])
    expect(Object.keys(lockedProbeOf(without).capabilities ?? {})).not.toContain('json')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
