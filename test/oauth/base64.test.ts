// Base64 of text.
import { describe, expect, test } from 'vitest'
import { formatBase64, parseBase64 } from '../../src/oauth/base64.ts'
import { forEvery, text } from './properties.ts'

describe('Base64', () => {
  test('every text survives', () => {
    forEvery([text], (value) => expect(parseBase64(formatBase64(value))).toBe(value))
  })

  test('every text is written as Node.js writes it', () => {
    forEvery([text], (value) => expect(formatBase64(value)).toBe(Buffer.from(value).toString('base64')))
  })

  // RFC 4648 §10
  const vectors: ReadonlyArray<[text: string, encoded: string]> = [
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foobar', 'Zm9vYmFy'],
  ]

  test.each(vectors)('%j is written as %j and read back', (value, encoded) => {
    expect([formatBase64(value), parseBase64(encoded)]).toEqual([encoded, value])
  })

  const unreadable: ReadonlyArray<[given: string, encoded: string]> = [
    ['characters of no alphabet', 'Zg!='],
    ['a length that no text has', 'Z'],
    ['bytes that are not UTF-8', btoa('\xff')],
  ]

  test.each(unreadable)('reads nothing from %s', (_given, encoded) => {
    expect(parseBase64(encoded)).toBeUndefined()
  })
})
