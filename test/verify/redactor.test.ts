// The redactor: no secret that it knows is left in a text, in whatever form the secret travels.
import { text as textOf } from 'node:stream/consumers'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatBasic } from '../../src/oauth/basic.ts'
import { createRedactor, secretsOf } from '../../src/verify/redactor.ts'
import { forEvery, text } from '../oauth/properties.ts'
import { transports, writtenInEveryWay } from './transports.ts'

/** The mask is made of asterisks: a secret of them could not be told from it. */
const withoutMask = (value: string) => !value.includes('*')
const secret = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }).filter(withoutMask)
/** What a transport ends and begins at; a random text would be read as a part of what is in it. */
const around = text.map((value) => value.replace(/[A-Za-z0-9+/_\-=%\\&#;*]/g, '.'))
const jwt = [{ alg: 'RS256', typ: 'JWT' }, { sub: 'canary', aud: 'https://as.example' }, 'a signature of it']
  .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
  .join('.')

const pairs = transports.flatMap(([outer, writeOuter]) =>
  transports.map(([inner, writeInner]): [string, (secret: string) => string] => [
    inner === 'as it is' ? outer : `${inner}, then ${outer}`,
    (value) => writeOuter(writeInner(value)),
  ]),
)

describe('the redactor', () => {
  test.each(pairs)('masks every secret %s', (_transport, write) => {
    forEvery(
      [secret, around, around],
      (value, before, after) => {
        const wellFormed = value.toWellFormed()
        const { redact, isClean } = createRedactor([wellFormed])
        const written = write(wellFormed)
        expect(isClean(`${before}${written}${after}`)).toBe(false)
        expect(redact(`${before}${written}${after}`)).not.toContain(written)
      },
      8,
    )
  })

  test('leaves nothing of a secret in any two transports, whichever two it came in', () => {
    forEvery(
      [secret, fc.constantFrom(...pairs)],
      (value, [, write]) => {
        const redacted = createRedactor([value]).redact(`a ${write(value.toWellFormed())} b`)
        const left = [...writtenInEveryWay(value.toWellFormed())].filter((form) => redacted.includes(form))
        expect([left, redacted]).toEqual([[], 'a **** b'])
      },
      200,
    )
  })

  test.each(transports)('masks a secret at any place of a longer text that is %s', (_transport, write) => {
    forEvery(
      [secret, text, text],
      (value, before, after) => {
        const whole = write(`${before} ${value} ${after}`.toWellFormed())
        const { isClean, redact } = createRedactor([value.toWellFormed()])
        expect(isClean(whole)).toBe(false)
        expect(isClean(redact(whole).replaceAll('****', '\n'))).toBe(true)
      },
      100,
    )
  })

  test.each(['form', 'raw'] as const)(
    'masks Basic in the %s spelling, of which it knows the secret',
    (spelling) => {
      forEvery([secret, secret], (client_id, client_secret) => {
        const credentials = {
          client_id: client_id.toWellFormed(),
          client_secret: client_secret.toWellFormed(),
        }
        const basic = formatBasic(credentials, spelling)
        const { redact } = createRedactor([credentials.client_secret])
        expect(redact(`{"authorization":"${basic}"}`)).toBe('{"authorization":"Basic ****"}')
        expect(redact(JSON.stringify(`${basic.replaceAll('/', '\\/')}`))).toBe('"Basic ****"')
      })
    },
  )

  test('masks Basic of clients in Latin-1, and UTF-8 that was read as Latin-1', () => {
    const { redact } = createRedactor(['clé secrète'])
    const basic = Buffer.from('id:clé secrète', 'latin1').toString('base64')
    const misread = Buffer.from('clé secrète').toString('latin1')
    expect([redact(basic), redact(`x-echo: ${misread}`)]).toEqual(['****', 'x-echo: ****'])
  })

  test('masks Basic of an id and a secret that are short', () => {
    const credentials = { client_id: 'a', client_secret: 'b' }
    const { redact } = createRedactor(secretsOf(credentials))
    expect(redact(formatBasic(credentials, 'raw'))).toBe('Basic ****')
    expect(redact('as a word: a, b.')).toBe('as **** word: ****, ****.')
  })

  const short: ReadonlyArray<[where: string, text: string, redacted: string]> = [
    ['as a word', '"abc"', '"****"'],
    ['percent-encoded', 'secret=%61bc&', 'secret=****&'],
    ['in Base64', 'is YWJj.', 'is ****.'],
    ['escaped', '"\\u0061bc"', '"****"'],
    ['not in another word', 'abcd xabc abc1 éabc', 'abcd xabc abc1 éabc'],
  ]
  test.each(short)('masks a secret of three characters %s', (_where, text, redacted) => {
    expect(createRedactor(['abc']).redact(text)).toBe(redacted)
  })

  const several: ReadonlyArray<
    [sentence: string, secrets: readonly string[], text: string, redacted: string]
  > = [
    ['one of which is in the other', ['inner-one', 'an inner-one there'], '<an inner-one there>', '<****>'],
    ['the beginning of one being the other', ['begin', 'begin-and-end'], '<begin-and-end>', '<****>'],
    ['that overlap', ['one-two', 'two-three'], '<one-two-three>', '<****>'],
    ['that touch', ['first-one', 'second-one'], '<first-onesecond-one>', '<****>'],
    ['one of them repeated', ['again', 'never'], '<againagainagain>', '<****>'],
    ['that overlap themselves', ['abaab', 'other'], '<abaabaab>', '<****>'],
    ['in two transports', ['one&two', 'three/four'], '<one%26two three\\/four>', '<**** ****>'],
  ]
  test.each(several)('masks two secrets, %s', (_sentence, secrets, text, redacted) => {
    for (const order of [secrets, [...secrets].reverse()])
      expect(createRedactor(order).redact(text)).toBe(redacted)
  })

  test('masks secrets of every length alike', () => {
    forEvery([secret], (value) => {
      expect(createRedactor([value]).redact(`"${value}"`)).toBe('"****"')
    })
  })

  const alike: ReadonlyArray<[text: string, redacted: string]> = [
    ['the secret is test-secret', 'the secret is ****'],
    ['test-password and test-secret', '**** and ****'],
    ['the secret is %74est-secret', 'the secret is ****'],
    ['the secret is test', 'the secret is test'],
  ]
  test.each(alike)(
    'tells secrets that begin alike from each other, also at the end of a text: %s',
    (text, masked) => {
      expect(createRedactor(['test-secret', 'test-password']).redact(text)).toBe(masked)
    },
  )

  test('masks secrets that begin alike, wherever they stand', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/)
    forEvery(
      [fc.stringMatching(/^[a-z]{4,8}$/), fc.array(word, { minLength: 2, maxLength: 5 }), word],
      (stem, tails, around) => {
        const secrets = tails.map((tail) => stem + tail)
        const { redact } = createRedactor(secrets)
        for (const each of secrets) {
          expect(redact(`${around}: ${each}`)).toBe(
            `${around}: ****`.replace(`${around}:`, redact(`${around}:`)),
          )
          expect(redact(`${each} ${around}`).startsWith('****')).toBe(true)
        }
      },
    )
  })

  test('masks a JWT, its segments, and a good part of it that was cut off', () => {
    const { redact } = createRedactor([jwt])
    const segments = jwt.split('.')
    expect(redact(jwt)).toBe('****')
    expect(segments.map((segment) => redact(`<${segment}>`))).toEqual(segments.map(() => '<****>'))
    expect(redact(`${jwt.slice(0, 64)}…`)).toBe('****…')
  })

  test('masks the lines and the inside of a secret by themselves', () => {
    const { redact } = createRedactor(['  first line\nsecond line  '])
    const inspected = inspect({ value: 'first line\nsecond line' }, { breakLength: 10 })
    expect(redact(inspected)).toBe("{\n  value: '****\\n' +\n    '****'\n}")
    expect(redact('first line\nsecond line')).toBe('****')
  })

  test('leaves a text without a secret as it is', () => {
    forEvery([text], (text) => {
      const { redact, isClean } = createRedactor(['', 'the one secret', 'ab'])
      expect([redact(text), isClean(text)]).toEqual([text, true])
    })
  })

  test('masks what it learns later', () => {
    const redactor = createRedactor([])
    expect(redactor.redact('token 4f2')).toBe('token 4f2')
    redactor.add('4f2')
    expect(redactor.redact('token 4f2, 4f2')).toBe('token ****, ****')
  })

  test('takes a secret that is no well-formed text', () => {
    const { redact } = createRedactor(['\ud800-secret'])
    expect(redact('a \ud800-secret')).toBe('a ****')
    expect(redact('a \\ud800-secret %EF%BF%BD-secret')).toBe('a **** ****')
  })

  test('takes as long for thousands of tokens as for one, and a hostile text no longer than another', () => {
    const redactor = createRedactor([])
    for (let index = 0; index < 5_000; index += 1) redactor.add(`${index}`.padEnd(600, 'token-'))
    redactor.add(`${'a'.repeat(65_535)}b`)
    const hostile = 'a'.repeat(65_534)
    expect(redactor.redact(`${'1234'.padEnd(600, 'token-')} ${hostile}`)).toBe('**** ****')
  })
})

describe('data', () => {
  const { redactDeep } = createRedactor(['the secret', '1234567', 'abc', '{"'])

  test('is redacted in every string, number and key', () => {
    const value = {
      list: ['a the secret', { 'the secret': null }],
      number: 1234567,
      other: 12,
      flag: true,
      nested: JSON.stringify({ value: JSON.stringify({ value: 'the secret' }) }),
    }
    expect(redactDeep(value)).toEqual({
      list: ['a ****', { '****': null }],
      number: '****',
      other: 12,
      flag: true,
      nested: '{"value":"{\\"value\\":\\"****\\"}"}',
    })
  })

  test('keeps its form, whatever the secrets are', () => {
    forEvery([fc.array(fc.string({ maxLength: 3 })), fc.jsonValue()], (secrets, value) => {
      const redacted = createRedactor(secrets).redactDeep(value)
      expect(JSON.parse(JSON.stringify(redacted))).toEqual(redacted)
    })
  })

  test('is what JSON makes of it', () => {
    expect(redactDeep({ url: new URL('https://as.example/?a=the%20secret') })).toEqual({
      url: 'https://as.example/?a=****',
    })
  })
})

describe('an error', () => {
  test('is redacted with its causes and all that is said in it', () => {
    const { redactError } = createRedactor(['the secret'])
    const cause = Object.assign(new Error('of the secret'), { rawPacket: Buffer.from('the secret') })
    const error = new AggregateError([cause], 'because of the secret', { cause })
    Object.assign(cause, { cause: error, options: { headers: { authorization: 'the secret' } } })
    const redacted = redactError(error)
    expect(redacted).toBe(error)
    expect([error.message, cause.message]).toEqual(['because of ****', 'of ****'])
    expect(inspect(error, { depth: 9 })).not.toContain('the secret')
    expect(inspect(error, { depth: 9 })).not.toContain(Buffer.from('the secret').toString('hex'))
  })

  test('is redacted where it is none', () => {
    expect(createRedactor(['the secret']).redactError({ message: 'the secret' })).toEqual({ message: '****' })
  })
})

describe('what another process writes', () => {
  const secrets = ['one secret, é', 'two\nlines\nof it', jwt]
  const written = `a ${secrets[0]} b\nc ${secrets[1]} d\n${jwt}\n\n${encodeURIComponent(secrets[1] ?? '')}`

  test('is redacted, wherever it is cut into pieces', async () => {
    const bytes = Buffer.from(written)
    for (let at = 1; at < bytes.length; at += 1) {
      const stream = createRedactor(secrets).stream()
      const received = textOf(stream)
      stream.write(bytes.subarray(0, at))
      stream.end(bytes.subarray(at))
      expect(await received).toBe('a **** b\nc **** d\n****\n\n****')
    }
  })

  test('is passed on line by line', () => {
    const stream = createRedactor(['secret']).stream()
    stream.write('a secret\nand the be')
    expect(String(stream.read())).toBe('a ****\n')
    stream.end('ginning of a secret')
    expect(String(stream.read())).toBe('and the beginning of a ****')
  })

  test('is left out where a line does not end', async () => {
    const stream = createRedactor(['secret']).stream()
    const received = textOf(stream)
    stream.write(`${'x'.repeat(2_000_000)}sec`)
    stream.end('ret\nsecret.\n')
    expect(await received).toBe('****\n****.\n')
  })
})
