// Validation of request bodies: what is wrong, where, and without the values.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { validate } from '../../src/schema/validate.ts'

const cases: ReadonlyArray<
  [given: string, variant: Parameters<typeof validate>[0], body: unknown, message: string]
> = [
  [
    'the documented parameters',
    'prove/java-0.15.0',
    { client_id: 'a', client_secret: 'b', grant_type: 'client_credentials' },
    '',
  ],
  [
    'a missing parameter',
    'prove/java-0.15.0',
    { client_id: 'a', grant_type: 'client_credentials' },
    '"client_secret": expected a string, received nothing',
  ],
  [
    'a parameter of another SDK',
    'prove/typescript-0.3.5',
    { ClientID: 'a', grant_type: 'client_credentials' },
    '"ClientID" is not a documented parameter',
  ],
  [
    'a wrong grant_type',
    'prove/java-0.15.0',
    { client_id: 'a', client_secret: 'b', grant_type: 'password' },
    '"grant_type": expected "client_credentials", received another string',
  ],
  [
    'an unknown grant_type of several',
    'moov/ruby',
    { grant_type: 'password' },
    '"grant_type": expected one of "client_credentials", "refresh_token", received another value',
  ],
  [
    'no grant_type of several',
    'moov/ruby',
    { scope: 'a' },
    '"grant_type": expected one of "client_credentials", "refresh_token", received nothing',
  ],
  [
    'a value that is no string',
    'prove/go-0.2.1',
    { grant_type: 'password', username: 7, password: null },
    '"password": expected a string, received null; "username": expected a string, received a number',
  ],
  [
    'the spelling of another SDK',
    'prove/java-0.15.0',
    { ClientID: 'a', clientSecret: 'b', grant_type: 'client_credentials' },
    '"client_id": expected a string, received it as "ClientID"; "client_secret": expected a string, received it as "clientSecret"',
  ],
  [
    'an id without its secret',
    'moov/ruby',
    { grant_type: 'client_credentials', scope: 'a', client_id: 'b' },
    '"client_secret": expected a string, received nothing',
  ],
  [
    'an empty value',
    'prove/go-0.2.1',
    { grant_type: 'password', username: '', password: 'b' },
    '"username": expected a string, received an empty one',
  ],
  [
    'no object',
    'prove/go-0.2.1',
    'grant_type=password',
    'the parameters: expected an object, received another string',
  ],
  ['nothing', 'moov/ruby', undefined, 'the parameters: expected an object, received nothing'],
]

describe('validation', () => {
  test.each(cases)('of %s', (_given, variant, body, message) => {
    expect(validate(variant, body)).toMatchObject({ isValid: message === '', message })
  })

  test('points at each violation', () => {
    expect(validate('moov/ruby', { grant_type: 'refresh_token', 'a/b': 'c' }).violations).toEqual([
      {
        pointer: '/refresh_token',
        parameter: 'refresh_token',
        keyword: 'required',
        expected: 'a string',
        received: 'nothing',
      },
      {
        pointer: '/a~1b',
        parameter: 'a/b',
        keyword: 'additionalProperties',
        expected: 'no such parameter',
        received: 'one',
      },
    ])
  })

  test('never tells a value', () => {
    const secret = fc.string({ minLength: 12 })
    fc.assert(
      fc.property(secret, secret, secret, (client_id, client_secret, scope) => {
        const { message } = validate('moov/ruby', {
          grant_type: 'client_credentials',
          client_id,
          client_secret,
          scope: `"${scope}`,
        })
        expect([client_id, client_secret, scope].filter((value) => message.includes(value))).toEqual([])
      }),
      { seed: 1 },
    )
  })

  test('refuses an unknown variant', () => {
    expect(() => validate('prove/cobol' as 'moov/ruby', {})).toThrowError(
      expect.objectContaining({ code: 'ERR_VARIANT_UNKNOWN' }),
    )
  })
})
