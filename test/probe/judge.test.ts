// What a reply shows of a rule: kept, broken, or nothing.
import { describe, expect, test } from 'vitest'
import { type Circumstances, judgeEvery, judgeOutcome, shownReply } from '../../src/probe/judge.ts'
import type { EveryReply, Expected } from '../../src/probe/rule.ts'
import type { Outcome } from '../../src/probe/transport.ts'
import { createRedactor } from '../../src/verify/redactor.ts'
import { membersOf } from '../../src/verify/target.ts'

/** A reply, its body as JSON unless it is text. */
function answered(status: number, body: unknown = {}, headers: Record<string, string> = {}): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' }
  return { reply: { status, headers: { ...type, ...headers }, body: text, members: membersOf(text) } }
}
const failed = (failure: string): Outcome => ({ failure })

const circumstances: Circumstances = {
  kept: { first: { access_token: 'a', scope: 's' } },
  metadata: { grant_types_supported: ['password'] },
  unknownGrant: { status: 400, error: 'no_such_grant' },
  capabilities: { password: false, refresh_token: true },
  patternOf: (pattern) => pattern.replace('{client_id}', 'me'),
  isConfirmed: false,
  redactor: createRedactor([]),
}
const granted = { access_token: 'a', token_type: 'Bearer' }
const refusal: Expected = { is: 'refusal', errors: ['invalid_request'] }

const sights: ReadonlyArray<[what: string, outcome: Outcome, expected: readonly Expected[], is: string]> = [
  ['a token', answered(200, granted), [{ is: 'token' }], 'kept'],
  ['a token by 201', answered(201, granted), [{ is: 'token' }], 'broken'],
  ['an empty token', answered(200, { access_token: '' }), [{ is: 'token' }], 'broken'],
  ['a token where none is due', answered(200, granted), [{ is: 'no_token' }], 'broken'],
  ['a redirect where no token is due', answered(302), [{ is: 'no_token' }], 'kept'],
  ['a refusal', answered(400, { error: 'invalid_request' }), [refusal], 'kept'],
  ['a refusal by another code', answered(400, { error: 'invalid_grant' }), [refusal], 'broken'],
  ['one of several ways', answered(400, { error: 'invalid_request' }), [{ is: 'token' }, refusal], 'kept'],
  ['an error with status 200', answered(200, { error: 'invalid_request' }), [refusal], 'broken'],
  ['nothing expected', answered(418), [], 'kept'],
  ['another status', answered(400), [{ is: 'refusal', statuses: [401] }], 'broken'],
  ['a status that must not be', answered(400), [{ is: 'answer', notStatuses: [400] }], 'broken'],
  [
    'an error that must not be',
    answered(400, { error: 'x' }),
    [{ is: 'answer', notErrors: ['x'] }],
    'broken',
  ],
  [
    'a field in other letters',
    answered(200, {}, { a: 'NO-STORE' }),
    [{ is: 'answer', headers: { a: 'no-store' } }],
    'kept',
  ],
  ['a field that is missing', answered(200), [{ is: 'answer', headers: { a: '.' } }], 'broken'],
  [
    'a field that must not be',
    answered(200, {}, { a: 'b' }),
    [{ is: 'answer', headers: { a: null } }],
    'broken',
  ],
  ['a number for a string', answered(200, { n: 1 }), [{ is: 'answer', members: { n: '^"' } }], 'broken'],
  [
    'a value of the run',
    answered(200, { id: 'me' }),
    [{ is: 'answer', members: { id: '^"{client_id}"$' } }],
    'kept',
  ],
  ['a member that must not be', answered(200, { n: 1 }), [{ is: 'answer', members: { n: null } }], 'broken'],
  [
    'what was announced',
    answered(200),
    [{ is: 'answer', announced: { grant_types_supported: 'password' } }],
    'kept',
  ],
  ['what was not announced', answered(200), [{ is: 'answer', announced: { issuer: '.' } }], 'broken'],
  [
    'the same as before',
    answered(200, granted),
    [{ is: 'token', compared: [{ member: 'access_token', to: 'first', is: 'same' }] }],
    'kept',
  ],
  [
    'the same as before where another is due',
    answered(200, granted),
    [{ is: 'token', compared: [{ member: 'access_token', to: 'first', is: 'other' }] }],
    'broken',
  ],
  ['too many requests', answered(429), [refusal], 'unclear'],
  ['a service that is away', answered(503), [{ is: 'token' }], 'unclear'],
  ['a gateway that fails', answered(502), [{ is: 'no_token' }], 'unclear'],
  ['a failure', answered(500), [refusal], 'unclear'],
  ['a failure that is meant', answered(500), [{ is: 'answer', statuses: [500] }], 'kept'],
  ['a failure where an answer is due', answered(500), [{ is: 'answer' }], 'kept'],
  ['no reply', failed('ECONNRESET'), [{ is: 'no_token' }], 'unclear'],
]

const confirmed: ReadonlyArray<[what: string, outcome: Outcome, expected: readonly Expected[], is: string]> =
  [
    ['a failure', answered(500), [refusal], 'broken'],
    ['a failure where no token is due', answered(500), [{ is: 'no_token' }], 'kept'],
    ['a gateway that fails', answered(502), [refusal], 'unclear'],
    ['a closed connection where no token is due', failed('ECONNRESET'), [{ is: 'no_token' }], 'kept'],
    ['a closed connection where a refusal is due', failed('ECONNRESET'), [refusal], 'unclear'],
    ['a hanging one where no token is due', failed('nothing within 9 ms'), [{ is: 'no_token' }], 'unclear'],
    ['no reply where none is due', failed('the connection was closed'), [{ is: 'nothing' }], 'kept'],
    ['no reply where one is due', failed('nothing within 9 ms'), [{ is: 'answer' }], 'broken'],
    ['what was not sent', failed('not sent: ERR_INVALID_CHAR'), [{ is: 'answer' }], 'unclear'],
    ['the end of the run', failed('the run ended'), [{ is: 'answer' }], 'unclear'],
  ]

describe('once', () => {
  test.each(sights)('%s', (_what, outcome, expected, is) => {
    expect(judgeOutcome(outcome, expected, {}, circumstances).is).toBe(is)
  })

  test('a reply that shows that nothing is offered, or leaves it open, breaks nothing', () => {
    const rule = { inapplicable: [{ is: 'refusal', errors: ['a'] }], unclear: [{ is: 'refusal' }] } as const
    const isOf = (error: string) => judgeOutcome(answered(400, { error }), [refusal], rule, circumstances).is
    expect([isOf('invalid_request'), isOf('a'), isOf('b')]).toEqual(['kept', 'inapplicable', 'unclear'])
  })
})

test.each<[what: string, outcome: Outcome, grant: 'password' | 'refresh_token', is: string]>([
  ['as one that nobody has', answered(400, { error: 'no_such_grant' }), 'password', 'inapplicable'],
  ['by another code', answered(400, { error: 'no' }), 'password', 'broken'],
  ['by another status', answered(401, { error: 'no_such_grant' }), 'password', 'broken'],
  [
    'as one that nobody has, though it is there',
    answered(400, { error: 'no_such_grant' }),
    'refresh_token',
    'broken',
  ],
])('a grant is refused %s', (_what, outcome, unofferedGrant, is) => {
  const rule = { inapplicable: [{ is: 'no_token', unofferedGrant }] } as const
  expect(judgeOutcome(outcome, [refusal], rule, circumstances).is).toBe(is)
  expect(judgeOutcome(outcome, [refusal], rule, { ...circumstances, unknownGrant: undefined }).is).toBe(
    'broken',
  )
})

describe('again and again', () => {
  test.each(confirmed)('%s', (_what, outcome, expected, is) => {
    expect(judgeOutcome(outcome, expected, {}, { ...circumstances, isConfirmed: true }).is).toBe(is)
  })
})

const jwt = (header: unknown, claims: unknown) =>
  [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.x')
const withJwt = answered(200, { access_token: jwt({ alg: 'ES256', typ: 'JWT' }, { iss: 'i' }) })

const everies: ReadonlyArray<[what: string, every: EveryReply, outcomes: readonly Outcome[], is: string]> = [
  [
    'tokens that are well',
    { of: 'token', members: { token_type: 'Bearer' } },
    [answered(200, granted)],
    'kept',
  ],
  [
    'one that is not',
    { of: 'token', members: { expires_in: '.' } },
    [answered(400), answered(200, granted)],
    'broken',
  ],
  ['none of the kind', { of: 'status_405', headers: { allow: '.' } }, [answered(400)], 'unclear'],
  [
    'of other statuses',
    { of: 'refusal', ofStatuses: [400], members: { error: '.' } },
    [answered(413)],
    'unclear',
  ],
  [
    'a member that some have',
    { of: 'refusal', membersOfSome: { error_uri: '^"[!-~]+"$' } },
    [answered(400), answered(400, { error_uri: 'a b' })],
    'broken',
  ],
  [
    'a member that none has',
    { of: 'refusal', membersOfSome: { error_uri: '.' } },
    [answered(400)],
    'unclear',
  ],
  ['claims', { of: 'token', tokenHeader: { typ: '^"JWT"$' }, tokenClaims: { iss: '.' } }, [withJwt], 'kept'],
  ['claims that are missing', { of: 'token', tokenClaims: { sub: '.' } }, [withJwt], 'broken'],
  [
    'a secret that comes back',
    { of: 'refusal', isWithoutSecrets: true },
    [answered(400, 'no secret here')],
    'broken',
  ],
  ['markup that comes back', { of: 'reply', withoutMarkup: '<b>' }, [answered(400, 'a <b> c')], 'broken'],
  ['markup as JSON', { of: 'reply', withoutMarkup: '<b>' }, [answered(400, { error: '<b>' })], 'kept'],
  ['one hanging request', { of: 'request' }, [failed('nothing within 9 ms')], 'kept'],
  ['the same one twice', { of: 'request' }, [failed('ECONNRESET'), failed('ECONNRESET')], 'broken'],
  ['what the end cut off', { of: 'request' }, [failed('the run ended'), failed('the run ended')], 'kept'],
]

test.each(everies)('over all replies, %s', (_what, every, outcomes, is) => {
  const cleanness = { isClean: (text: string) => !text.includes('secret'), redactor: createRedactor([]) }
  const heard = outcomes.map((outcome) => ({
    outcome,
    shown: 'curl',
    isRaw: false,
    isOfTokenEndpoint: true,
    isPlainForm: true,
    isByBasic: true,
  }))
  expect(judgeEvery(every, heard, cleanness).sight.is).toBe(is)
})

test('a reply in short is the same each time', () => {
  const description =
    'AADSTS7000215: Trace ID: 0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f Timestamp: 2026-01-02 03:04:05Z, 1767323045'
  const outcome = answered(401, { error: 'invalid_client', error_description: description, id: '1' })
  expect('reply' in outcome && shownReply(outcome.reply, createRedactor([]))).toBe(
    '401 application/json, error "invalid_client", "AADSTS…: Trace ID: … Timestamp: …, …", members id',
  )
})
