// Outcomes in the engine: what the journal says of them, and that what is remembered of them is bounded.
import { describe, expect, test } from 'vitest'
import { createSigner } from '../../src/host/signing.ts'
import { outcomes } from '../../src/service/outcomes.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { type AskedRequest, engineOf, postOf } from './asking.ts'

const form = 'application/x-www-form-urlencoded'

function requestFor(clientId: string, headers: AskedRequest['headers'] = {}): AskedRequest {
  const parameters = [
    ['grant_type', 'password'],
    ['username', 'example-user'],
    ['password', 'example-password'],
    ['client_id', clientId],
    ['client_secret', 'example-secret'],
  ] as const
  return postOf('/rfc6749/token', form, parameters, headers)
}

describe('the journal', () => {
  const formats = [
    ['opaque', undefined],
    ['jwt', createSigner({ alg: 'ES256' })],
  ] as const

  test.each(formats)(
    'says which outcome a request had, and nothing of its tokens: %s',
    async (_format, signer) => {
      const engine = engineOf([rfc6749], { accessTokens: { signer } })
      const issued: string[] = []
      for (const name of ['granted', ...Object.keys(outcomes)]) {
        const { body } = await engine.answerLater(requestFor(`example-client.${name}`))
        for (const [, token = ''] of body.matchAll(/(?:access|refresh)_token(?:":"|=)([\w.-]{20,})/g))
          issued.push(token, ...token.split('.'))
      }
      const told = JSON.stringify(engine.journal.entries())
      expect(issued.length).toBeGreaterThan(40)
      expect(issued.filter((token) => told.includes(token))).toEqual([])
      expect(engine.journal.entries().map(({ outcome }) => outcome)).toEqual([
        'granted',
        ...Object.keys(outcomes),
      ])
    },
  )

  const asked: ReadonlyArray<[asked: string, request: AskedRequest, outcome: string | undefined]> = [
    ['no outcome', requestFor('example-client'), undefined],
    ['one behind its client id', requestFor('example-client.429x2'), '429'],
    ['a scenario', requestFor('example-client.flaky'), '429'],
    ['a sequence that has come to its end', requestFor('example-client.429x1'), undefined],
    ['a preference', requestFor('example-client', { prefer: 'outcome="slow2s.500"' }), 'slow2s'],
    ['an unknown preference', requestFor('example-client', { prefer: 'outcome=nonsense' }), undefined],
    ['an unknown outcome behind its client id', requestFor('example-client.nonsense'), undefined],
  ]
  test.each(asked)('of a request with %s has the outcome that it had', (_asked, request, outcome) => {
    const engine = engineOf([rfc6749])
    engine.answer(requestFor('example-client.429x1'))
    engine.answer(request)
    expect(engine.journal.entries().at(-1)?.outcome).toBe(outcome)
  })

  test('finds requests by their outcome', () => {
    const engine = engineOf([rfc6749])
    for (const _time of [1, 2, 3]) engine.answer(requestFor('example-client.429x2'))
    expect(engine.journal.find({ outcome: '429' }).map(({ status, clientId }) => [status, clientId])).toEqual(
      [
        [429, 'example-client'],
        [429, 'example-client'],
      ],
    )
  })
})

describe('what is remembered of outcomes', () => {
  test('are the 10,000 sequences that were begun last', () => {
    const engine = engineOf([rfc6749])
    const prefer = (index: number) => ({ prefer: `outcome=slow${index}ms` })
    for (let index = 0; index < 10_001; index += 1) engine.answer(requestFor('example-client', prefer(index)))
    const sequences = engine.outcomes.scenarios().map(({ sequence }) => sequence)
    expect([sequences.length, sequences[0], sequences.at(-1)]).toEqual([10_000, 'slow1ms', 'slow10000ms'])
  })

  test('are 10,000 queued outcomes', () => {
    const { respondNext, queued } = engineOf([rfc6749]).outcomes
    for (let index = 0; index < 10_000; index += 1) respondNext('429')
    expect(() => respondNext('429')).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
    expect(queued()).toHaveLength(10_000)
  })

  test('is nothing of a client id that only looks like one with a sequence, however long it is', () => {
    const engine = engineOf([rfc6749])
    for (const id of ['.'.repeat(60_000), `example-client${'.429'.repeat(15_000)}`, 'example-client.'])
      expect(engine.answer(requestFor(id)).status).toBe(401)
    expect(engine.outcomes.scenarios()).toEqual([])
  })
})
