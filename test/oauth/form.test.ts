// The form codec: what it must keep, and what it must refuse.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFormValue, encodeFormValue, formatForm, parseForm } from '../../src/oauth/form.ts'
import { forEvery, text } from './properties.ts'

describe('the form codec', () => {
  test('every list of parameters survives, in order and with repetitions', () => {
    const pairs = fc.array(fc.tuple(text, text))
    forEvery([pairs], (pairs) => expect(parseForm(formatForm(pairs))).toEqual(pairs))
  })

  test('every value survives alone', () => {
    forEvery([text], (value) => expect(decodeFormValue(encodeFormValue(value))).toBe(value))
  })

  test('an encoded value holds no character that a form gives a meaning to', () => {
    forEvery([text], (value) => expect(encodeFormValue(value)).toMatch(/^[\w.*+%-]*$/))
  })

  test('what the codec reads, the platform reads alike', () => {
    const piece = fc.constantFrom('a', '=', '&', '+', '%20', '%2B', '%C3%A9', 'é', ' ', '?')
    const form = fc.array(piece).map((pieces) => pieces.join(''))
    forEvery([form], (form) => expect(parseForm(form)).toEqual([...new URLSearchParams(`&${form}`)]))
  })

  const forms: ReadonlyArray<[given: string, form: string, pairs: ReturnType<typeof parseForm>]> = [
    ['nothing', '', []],
    ['ampersands alone', '&&', []],
    [
      'a name without a value',
      'a&b=',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    ['a value without a name', '=a', [['', 'a']]],
    ['an equals sign in a value', 'a=b=c', [['a', 'b=c']]],
    ['a plus sign, which is a space', 'a+b=c+d', [['a b', 'c d']]],
    ['an escaped plus sign, which is none', 'a=b%2Bc', [['a', 'b+c']]],
    ['escapes in small letters', 'a=%2b%c3%a9', [['a', '+é']]],
    ["what Prove's SDK leaves as it is", "a=%20'!()*~", [['a', " '!()*~"]]],
    ['RFC 6749 appendix B', 'a=+%25%26%2B%C2%A3%E2%82%AC', [['a', ' %&+£€']]],
    ['a percent sign alone', 'a=100%', undefined],
    ['an escape of no hexadecimal digits', 'a=%zz', undefined],
    ['an escape of half a character', 'a=%C3', undefined],
    ['an escape of a surrogate', 'a=%ED%A0%80', undefined],
    ['an overlong escape', 'a=%C0%AF', undefined],
    ['a broken escape in a name', '%=a', undefined],
  ]

  test.each(forms)('reads %s', (_given, form, pairs) => {
    expect(parseForm(form)).toEqual(pairs)
  })

  test('writes a space as a plus sign, and what RFC 6749 appendix B shows', () => {
    expect(formatForm([['a', ' %&+£€']])).toBe('a=+%25%26%2B%C2%A3%E2%82%AC')
  })
})
