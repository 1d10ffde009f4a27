// The one way to the service under test, on a clock of its own: when each request is sent, and how long a reply is waited for.
import { describe, expect, test } from 'vitest'
import { type Connection, type Outgoing, openConnection } from '../../src/verify/connection.ts'
import { type Answer, reply, startRecording } from './service.ts'

const start = Date.parse('2026-01-02T03:04:05Z')
const request: Outgoing = { method: 'POST', headers: {}, body: new Uint8Array() }
const trial: Outgoing = { ...request, isTrial: true }

/** Replies with what is due at each turn; the last is for all that follow. */
function inTurn(...answers: readonly Answer[]): Answer {
  let turn = 0
  return (response, asked) => {
    answers[Math.min(turn, answers.length - 1)]?.(response, asked)
    turn += 1
  }
}

const busy = (retryAfter: string, status = 429) => reply(status, {}, { 'retry-after': retryAfter })

describe('requests are paced', () => {
  test('one in each part of a second, the first at once', async () => {
    const { waits, statuses } = await send(reply(200, {}), [request, request, request], { ratePerSecond: 4 })
    expect(statuses).toEqual([200, 200, 200])
    expect(waits).toEqual([250, 250])
  })

  test('wrong credentials later than their turn, by chance and no more than the next', async () => {
    const { waits } = await send(reply(401, {}), [request, trial, request], {
      ratePerSecond: 4,
      chance: () => 0.5,
    })
    expect(waits).toEqual([375, 250])
  })

  test('not at all where no rate is set', async () => {
    expect((await send(reply(200, {}), [request, trial, request])).waits).toEqual([])
  })

  test('also when they are asked for at once', async () => {
    await using service = await startRecording(reply(200, {}))
    const { connection, waits } = connect(service.origin, { ratePerSecond: 2 })
    await Promise.all([connection.send(request), connection.send(request), connection.send(request)])
    expect(waits).toEqual([500, 500])
    connection.close()
  })
})

const obeyed: ReadonlyArray<
  [what: string, answers: readonly Answer[], waits: readonly number[], status: number]
> = [
  ['in seconds', [busy('7'), reply(200, {})], [7000], 200],
  ['as a date', [busy('Fri, 02 Jan 2026 03:05:05 GMT'), reply(200, {})], [60_000], 200],
  ['as a date that is past', [busy('Fri, 02 Jan 2026 03:00:00 GMT'), reply(200, {})], [], 200],
  ['of a service that is away', [busy('2', 503), reply(200, {})], [2000], 200],
  ['twice, and then the reply is what it is', [busy('1'), busy('2'), busy('3')], [1000, 2000], 429],
  ['beyond the end of the run not at all', [busy('3600'), reply(200, {})], [], 429],
  ['that says nothing not at all', [busy('soon'), reply(200, {})], [], 429],
  ['of a reply that is no excuse not at all', [busy('7', 400), reply(200, {})], [], 400],
]

describe('Retry-After is obeyed', () => {
  test.each(obeyed)('%s', async (_what, answers, waits, status) => {
    expect(await send(inTurn(...answers), [request])).toEqual({ waits, statuses: [status] })
  })

  test('on top of the pace', async () => {
    const sent = await send(inTurn(busy('2'), reply(200, {})), [request, request], { ratePerSecond: 1 })
    expect(sent).toEqual({ waits: [2000, 1000], statuses: [200, 200] })
  })
})

test('a run that has ended sends nothing more', async () => {
  await using service = await startRecording(reply(200, {}))
  const { connection } = connect(service.origin, { signal: AbortSignal.abort() })
  await expect(connection.send(request)).rejects.toThrow('aborted')
  expect([connection.sent(), service.asked]).toEqual([0, []])
  connection.close()
})

type Settings = Partial<Pick<Parameters<typeof openConnection>[0], 'ratePerSecond' | 'chance' | 'signal'>>

/** A connection whose waits are over at once, and are remembered. */
function connect(origin: string, settings: Settings): { connection: Connection; waits: readonly number[] } {
  const waits: number[] = []
  let now = start
  const connection = openConnection({
    url: new URL(`${origin}/token`),
    timeoutMs: 5000,
    endsAt: start + 600_000,
    signal: new AbortController().signal,
    environment: {},
    chance: () => 0,
    now: () => now,
    wait: async (milliseconds) => {
      waits.push(milliseconds)
      now += milliseconds
    },
    ...settings,
  })
  return { connection, waits }
}

async function send(answer: Answer, requests: readonly Outgoing[], settings: Settings = {}) {
  await using service = await startRecording(answer)
  const { connection, waits } = connect(service.origin, settings)
  const statuses: number[] = []
  for (const each of requests) statuses.push((await connection.send(each)).status)
  connection.close()
  return { waits, statuses }
}
