// What tokens are made of, and what is said of their lifetime.
import { describe, expect, test } from 'vitest'
import { createClock } from '../../src/engine/clock.ts'
import { createRandomStrings } from '../../src/engine/random.ts'
import { isSameSecret } from '../../src/engine/secrets.ts'
import type { Service } from '../../src/service/service.ts'
import { prove } from '../../src/services/prove/service.ts'
import { forEvery, text } from '../oauth/properties.ts'
import { engineOf, postOf } from './asking.ts'
import { createSeededRandom } from './chance.ts'

const passwordRequest = postOf('/v3/token', 'application/json', [
  ['grant_type', 'password'],
  ['username', 'jdoe'],
  ['password', 'password'],
])

describe('tokens', () => {
  test('are 43 characters of Base64url, one for each byte of the source, and UUIDs 32 hexadecimal digits', () => {
    let next = 0
    const strings = createRandomStrings((bytes) => {
      for (let index = 0; index < bytes.length; index += 1) bytes[index] = next++
    })
    expect([strings.token(), strings.uuid(), strings.token()]).toEqual([
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq',
      '01234567-89ab-4def-8123-456789abcdef',
      'rstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUV',
    ])
  })

  test('are all different, however many are drawn', () => {
    const strings = createRandomStrings(createSeededRandom(6749))
    const drawn = Array.from({ length: 2000 }, () => [strings.token(), strings.uuid()]).flat()
    expect(new Set(drawn).size).toBe(4000)
  })

  test('are the same again for the same seed and requests', () => {
    const bodies = [engineOf([prove]), engineOf([prove])].map((engine) => engine.answer(passwordRequest).body)
    expect(bodies[0]).toBe(bodies[1])
  })

  const policies: ReadonlyArray<[expiresIn: 'seconds' | 'unix_time', expected: readonly number[]]> = [
    ['seconds', [600, 1200]],
    ['unix_time', [1_000_600, 1_001_200]],
  ]

  test.each(policies)('expire in %s, as the service counts', (expiresIn, expected) => {
    const tokens = {
      ...prove.tokens,
      accessTokenLifetimeSeconds: 600,
      refreshTokenLifetimeSeconds: 1200,
      expiresIn,
    }
    const service: Service = { ...prove, tokens }
    // Half a second more is not a second more.
    const engine = engineOf([service], { clock: createClock(() => 1_000_000_500) })
    const body = JSON.parse(engine.answer(passwordRequest).body)
    expect([body.expires_in, body.refresh_expires_in]).toEqual(expected)
  })
})

describe('secrets', () => {
  test('are the same when every character is, and only then', () => {
    forEvery([text, text], (one, other) => {
      expect(isSameSecret(one, one)).toBe(true)
      expect(isSameSecret(one, other)).toBe(one === other)
      expect(isSameSecret(one, `${one}a`)).toBe(false)
      expect(isSameSecret(one + one, one)).toBe(one === '')
    })
  })
})
