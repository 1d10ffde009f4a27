// What the engine remembers is bounded.
import { describe, expect, test } from 'vitest'
import { createJournal } from '../../src/engine/journal.ts'
import { createIssuedTokens } from '../../src/engine/tokens.ts'
import type { Service } from '../../src/service/service.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { engineOf, postOf, ruleIn } from './asking.ts'

const grant = {
  issuer: 'https://as.example',
  client_id: 'example-client',
  username: undefined,
  scope: '',
  iat: 0,
  exp: 1,
  family: { isRevoked: false },
}
const recorded = { request: { query: [], headers: {}, bytes: 0 }, reply: { headers: {} } }

describe('bounds', () => {
  test('the engine keeps its last 1,000 requests, oldest first', () => {
    const engine = engineOf([rfc6749])
    for (let index = 0; index < 2500; index += 1) {
      engine.answer({ method: 'POST', path: `/${index}`, headers: {}, body: new Uint8Array() })
    }
    const ids = engine.journal.entries().map(({ id }) => id)
    expect(ids).toEqual(Array.from({ length: 1000 }, (_none, index) => index + 1501))
  })

  const fillings: ReadonlyArray<[added: number, kept: readonly number[]]> = [
    [0, []],
    [1, [0]],
    [3, [0, 1, 2]],
    [4, [1, 2, 3]],
    [7, [4, 5, 6]],
  ]

  test.each(fillings)('a journal of three that was given %d entries keeps %j', (added, kept) => {
    const journal = createJournal(3)
    for (let at = 0; at < added; at += 1)
      journal.add({ id: at, at, method: 'POST', path: '/', status: 200, ...recorded })
    expect(journal.entries().map(({ at }) => at)).toEqual(kept)
  })

  const issuings: ReadonlyArray<[added: number, kept: readonly number[]]> = [
    [0, []],
    [1, [0]],
    [4, [0, 1, 2, 3]],
    [5, [2, 3, 4]],
    [6, [2, 3, 4, 5]],
    [9, [6, 7, 8]],
  ]

  test.each(issuings)('room for four tokens, given %d, keeps %j', (added, kept) => {
    const tokens = createIssuedTokens(4)
    for (let index = 0; index < added; index += 1) tokens.add(`token-${index}`, grant)
    const all = Array.from({ length: added }, (_none, index) => index)
    expect(all.filter((index) => tokens.find(`token-${index}`, 0) === grant)).toEqual(kept)
  })

  test('each service keeps its own limit, and a host has to pass as much as the largest', () => {
    const small: Service = { ...rfc6749, id: 'small', limits: { ...rfc6749.limits, maxBodyBytes: 100 } }
    const engine = engineOf([rfc6749, small])
    const parameters = [['padding', 'a'.repeat(100)]] as const
    const rules = ['/small/token', '/rfc6749/token'].map((path) =>
      ruleIn(engine.answer(postOf(path, 'application/x-www-form-urlencoded', parameters))),
    )
    expect(rules).toEqual(['body-size', 'rfc6749-3.2.1-client-authentication'])
    expect(engine.maxBodyBytes).toBe(65_536)
  })

  test('a refresh token is found until the millisecond in which it expires, and leaves its room', () => {
    const tokens = createIssuedTokens(2)
    tokens.add('first', grant)
    expect(tokens.find('first', 999)).toBe(grant)
    expect(tokens.find('first', 1000)).toBeUndefined()
    tokens.add('second', grant)
    tokens.add('third', grant)
    expect(['first', 'second', 'third'].map((token) => tokens.find(token, 0))).toEqual([
      undefined,
      grant,
      grant,
    ])
  })
})
