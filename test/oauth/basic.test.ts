// HTTP Basic credentials in both spellings.
import { describe, expect, test } from 'vitest'
import { type BasicSpelling, formatBasic, parseBasic } from '../../src/oauth/basic.ts'
import { forEvery, text } from './properties.ts'

describe('HTTP Basic credentials', () => {
  test('every id and secret survive in form spelling', () => {
    forEvery([text, text], (client_id, client_secret) => {
      const credentials = { client_id, client_secret }
      expect(parseBasic(encoded(formatBasic(credentials, 'form')), 'form')).toEqual(credentials)
    })
  })

  test('every secret, and every id without a colon, survive in raw spelling', () => {
    const id = text.filter((value) => !value.includes(':'))
    forEvery([id, text], (client_id, client_secret) => {
      const credentials = { client_id, client_secret }
      expect(parseBasic(encoded(formatBasic(credentials, 'raw')), 'raw')).toEqual(credentials)
    })
  })

  test('the field value has no character that a header cannot carry', () => {
    forEvery([text, text], (client_id, client_secret) =>
      expect(formatBasic({ client_id, client_secret }, 'raw')).toMatch(/^Basic [A-Za-z0-9+/]+=*$/),
    )
  })

  const written: ReadonlyArray<[spelling: BasicSpelling, value: string]> = [
    ['form', `Basic ${btoa('s6BhdRkqt3%3A:gX+1%2B%C3%A9')}`],
    ['raw', `Basic ${btoa('s6BhdRkqt3::gX 1+\xc3\xa9')}`],
  ]

  test.each(written)('are written in %s spelling', (spelling, value) => {
    expect(formatBasic({ client_id: 's6BhdRkqt3:', client_secret: 'gX 1+é' }, spelling)).toBe(value)
  })

  const unreadable: ReadonlyArray<[given: string, encoded: string, spelling: BasicSpelling]> = [
    ['nothing', '', 'raw'],
    ['no Base64', 'a:b', 'raw'],
    ['Base64url', '-_-_', 'raw'],
    ['no colon', btoa('example-client'), 'raw'],
    ['other bytes than UTF-8', btoa('a:\xff'), 'raw'],
    ['a broken escape where values are encoded', btoa('a:100%'), 'form'],
  ]

  test.each(unreadable)('are not read from %s', (_given, value, spelling) => {
    expect(parseBasic(value, spelling)).toBeUndefined()
  })

  test('keep every colon but the first in the secret', () => {
    expect(parseBasic(btoa('a:b:c'), 'raw')).toEqual({ client_id: 'a', client_secret: 'b:c' })
  })

  test('a percent sign is a percent sign in raw spelling', () => {
    expect(parseBasic(btoa('a:100%'), 'raw')).toEqual({ client_id: 'a', client_secret: '100%' })
  })
})

function encoded(value: string): string {
  return value.slice('Basic '.length)
}
