// Mismatches of the verifier in words of ours, with what may be shown of a reply and no more.
import { describe, expect, test } from 'vitest'
import { ConnectionFailure } from '../../src/verify/connection.ts'
import { differencesOf, failureDifference } from '../../src/verify/differences.ts'
import type { PactResponse } from '../../src/verify/pact-interaction.ts'
import type { Mismatch } from '../../src/verify/replay.ts'
import type { Difference } from '../../src/verify/verification.ts'
import { told } from './service.ts'

const rule = (match: string, regex?: string) => ({
  matchers: [regex === undefined ? { match } : { match, regex }],
})
const expected: PactResponse = {
  status: 401,
  headers: { 'Content-Type': ['application/json'] },
  body: {
    content: { error: 'invalid_client', access_token: 'a', expires_in: 1, token_type: 'Bearer', ok: true },
  },
  matchingRules: {
    status: { $: { matchers: [{ match: 'statusCode', status: [401, 400] }] } },
    header: { 'Content-Type': rule('regex', 'application/json') },
    body: {
      '$.error': rule('equality'),
      '$.access_token': rule('type'),
      '$.expires_in': rule('integer'),
      '$.token_type': rule('regex', '[Bb]earer'),
      '$.ok': rule('type'),
    },
  },
}

const bodyOf = (actual: unknown, path = '$', expected: unknown = '{}'): Mismatch => ({
  type: 'BodyMismatch',
  path,
  actual,
  expected,
})
const member = (name: string, value: unknown) => bodyOf(JSON.stringify(value), `$.${name}`)

const mismatches: ReadonlyArray<[what: string, mismatch: Mismatch, where: string, problem: string]> = [
  ['a status', { type: 'StatusMismatch', actual: 500 }, 'status', 'expected 401 or 400, received 500'],
  [
    'a header field',
    { type: 'HeaderMismatch', key: 'Content-Type', actual: 'text/html; charset=utf-8' },
    'header Content-Type',
    'expected a text matching application/json, received "text/html; charset=utf-8"',
  ],
  [
    'a missing header field',
    { type: 'HeaderMismatch', key: 'Content-Type', actual: '' },
    'header Content-Type',
    'expected a text matching application/json, received none',
  ],
  [
    'a media type',
    { type: 'BodyTypeMismatch', expected: 'application/json', actual: 'text/plain' },
    'body $',
    'expected application/json, received "text/plain"',
  ],
  ['no body', bodyOf(null, '/'), 'body $', 'expected a JSON object, received nothing'],
  ['a body of text', bodyOf('Not found'), 'body $', 'expected a JSON object, received text'],
  ['a body of a list', bodyOf('["4f2a"]'), 'body $', 'expected a JSON object, received an array'],
  [
    'a missing member, whatever others there are',
    bodyOf('["errorCode"]', '$', '["error"]'),
    'body $.error',
    'expected "invalid_client", received nothing',
  ],
  [
    'another word',
    member('error', 'server_error'),
    'body $.error',
    'expected "invalid_client", received "server_error"',
  ],
  [
    'an empty string',
    member('error', ''),
    'body $.error',
    'expected "invalid_client", received an empty string',
  ],
  ['null', member('error', null), 'body $.error', 'expected "invalid_client", received null'],
  [
    'an object',
    member('error', { code: '4f2a' }),
    'body $.error',
    'expected "invalid_client", received an object',
  ],
  [
    'a number in a string',
    member('expires_in', '3600'),
    'body $.expires_in',
    'expected a whole number, received "3600"',
  ],
  ['a number', member('expires_in', 1.5), 'body $.expires_in', 'expected a whole number, received 1.5'],
  [
    'a token of another type',
    member('access_token', 4242),
    'body $.access_token',
    'expected a string, received a number',
  ],
  [
    'words where a token should be',
    member('access_token', ['plain words']),
    'body $.access_token',
    'expected a string, received an array',
  ],
  ['a flag', member('ok', 'yes'), 'body $.ok', 'expected a boolean, received "yes"'],
  [
    'what could be a token',
    member('token_type', 'ya29.a0AfB_byC3'),
    'body $.token_type',
    'expected a text matching [Bb]earer, received a string',
  ],
  [
    'what could be a token of letters',
    member('token_type', 'abcdefghijklmnopqrstuvwxyz'),
    'body $.token_type',
    'expected a text matching [Bb]earer, received a string',
  ],
  [
    'what would end a line or colour it',
    member('token_type', 'kept\n\u001b[32mkept'),
    'body $.token_type',
    'expected a text matching [Bb]earer, received a string',
  ],
  [
    'a known secret',
    member('token_type', 'Basic the secret'),
    'body $.token_type',
    'expected a text matching [Bb]earer, received a string',
  ],
  [
    'a known secret in digits',
    member('expires_in', 240.5),
    'body $.expires_in',
    'expected a whole number, received a number',
  ],
]

const failures: ReadonlyArray<[message: string, isPartial: boolean, difference: Difference]> = [
  [
    'ECONNRESET',
    false,
    { rule: 'reply-received', where: 'reply', expected: 'a reply', received: 'none, ECONNRESET' },
  ],
  [
    'nothing within 300 ms',
    true,
    {
      rule: 'reply-whole',
      where: 'reply',
      expected: 'a whole reply',
      received: 'a part of one, nothing within 300 ms',
    },
  ],
]

describe('a difference', () => {
  test.each(mismatches)('in %s', (_what, mismatch, where, problem) => {
    expect(differences([mismatch])).toEqual([{ where, problem }])
  })

  test.each(failures)('of a request that failed: %s', (message, isPartial, difference) => {
    expect(failureDifference(new ConnectionFailure(message, isPartial))).toEqual(difference)
  })

  test('of a kind that is not known is named', () => {
    expect(differences([{ type: 'MetadataMismatch' }])).toEqual([
      {
        where: 'reply',
        problem: 'expected what the contract has, received another (the verifier tells: MetadataMismatch)',
      },
    ])
  })

  test('stands after those in status and header, and in one order', () => {
    const all = [
      member('token_type', 'mac'),
      member('error', 'a'),
      { type: 'HeaderMismatch', key: 'WWW-Authenticate', actual: 'b' },
      { type: 'HeaderMismatch', key: 'WWW-Authenticate', actual: 'a' },
      { type: 'StatusMismatch', actual: 500 },
    ]
    const ordered = [
      ['status', '500'],
      ['header WWW-Authenticate', '"a"'],
      ['header WWW-Authenticate', '"b"'],
      ['body $.error', '"a"'],
      ['body $.token_type', '"mac"'],
    ]
    for (const order of [all, all.toReversed()]) {
      const found = differences(order).map(({ where, problem }) => [where, problem.split('received ')[1]])
      expect(found).toEqual(ordered)
    }
  })
})

function differences(mismatches: readonly Mismatch[]) {
  return differencesOf(
    { result: 'ERROR', mismatch: { type: 'mismatches', mismatches } },
    { expected, isClean, isGranted: false },
  ).map(told)
}

function isClean(text: string): boolean {
  return !/the secret|240/.test(text)
}
