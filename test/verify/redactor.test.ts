// The redactor: no secret that it knows is left in a text, in whatever form the secret travels.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatBase64 } from '../../src/oauth/base64.ts'
import { encodeFormValue } from '../../src/oauth/form.ts'
import { createRedactor } from '../../src/verify/redactor.ts'
import { forEvery, text } from '../oauth/properties.ts'

const forms: ReadonlyArray<[form: string, of: (secret: string) => string]> = [
  ['as it is', (secret) => secret],
  ['percent-encoded', (secret) => encodeURIComponent(secret)],
  ['form-encoded', (secret) => encodeFormValue(secret)],
  ['escaped in JSON', (secret) => JSON.stringify({ secret }).slice('{"secret":"'.length, -'"}'.length)],
  ['in Base64', (secret) => formatBase64(secret)],
]
/** The mask is made of asterisks: a secret of them could not be told from it. */
const secret = fc.string({ unit: 'grapheme', minLength: 8 }).filter((value) => !value.includes('*'))

describe('the redactor', () => {
  test.each(forms)('masks every secret %s', (_form, of) => {
    forEvery([secret, text, text], (secret, before, after) => {
      const { redact } = createRedactor([secret])
      expect(redact(`${before}${of(secret)}${after}`)).not.toContain(of(secret))
    })
  })

  test('masks each of two secrets, one of which is in the other', () => {
    forEvery([secret, secret], (inner, outer) => {
      const whole = `${inner}${outer}`
      const { redact } = createRedactor([inner, whole])
      expect(redact(`a ${whole} b`)).not.toContain(outer)
    })
  })

  test('leaves a text without a secret as it is', () => {
    forEvery([text], (text) => {
      expect(createRedactor(['', 'the one secret']).redact(text)).toBe(text)
    })
  })

  test('masks what it learns later', () => {
    const redactor = createRedactor([])
    expect(redactor.redact('token 4f2')).toBe('token 4f2')
    redactor.add('4f2')
    expect(redactor.redact('token 4f2, 4f2')).toBe('token ****, ****')
  })

  test('takes a secret that is no well-formed text', () => {
    expect(createRedactor(['\ud800-secret']).redact('a \ud800-secret')).toBe('a ****')
  })
})
