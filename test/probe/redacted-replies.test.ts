// What is shown of a reply, wherever in it a service puts a secret: no part of the secret, whatever is changed and cut besides.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenRequestOf } from '../../src/probe/given-request.ts'
import { judgeEvery, judgeOutcome, shownReply } from '../../src/probe/judge.ts'
import { createAsker } from '../../src/probe/token-asking.ts'
import type { Reply } from '../../src/probe/transport.ts'
import { createRedactor, type Redactor } from '../../src/verify/redactor.ts'
import { membersOf } from '../../src/verify/target.ts'

const runs = { seed: 20266, numRuns: 150 }
/** Letters that no word of a report has next to each other, digits, and what some step takes for a boundary. */
const secrets = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...'qxzjkw0123456789+/&=<>;,"%:-_ '), minLength: 14, maxLength: 60 }),
    fc.integer({ min: 100_000, max: 999_999_999 }),
  )
  .map(([text, number]) => `q${text.slice(0, 7)}${number}${text.slice(7)}z`)
const before = fc
  .tuple(fc.integer({ min: 0, max: 420 }), fc.constantFrom('A ', '<b> ', '\n', '.', '<'))
  .map(([length, unit]) => unit.repeat(length))

const partLength = 6
function expectNoPart(secret: string, shown: string): void {
  const parts = Array.from({ length: secret.length - partLength + 1 }, (_none, at) =>
    secret.slice(at, at + partLength),
  ).filter((part) => !/^(.)\1*$/.test(part))
  expect(parts.filter((part) => shown.includes(part))).toEqual([])
}

const json = 'application/json'
const places: ReadonlyArray<[where: string, replyOf: (text: string) => Omit<Reply, 'members'>]> = [
  ...['error', 'error_description', 'token_type', 'message'].map(
    (name): [string, (text: string) => Omit<Reply, 'members'>] => [
      name,
      (text) => ({ status: 400, headers: { 'content-type': json }, body: JSON.stringify({ [name]: text }) }),
    ],
  ),
  [
    'the name of a member',
    (text) => ({ status: 400, headers: { 'content-type': json }, body: JSON.stringify({ [text]: 1 }) }),
  ],
  [
    'an error that is no text',
    (text) => ({
      status: 400,
      headers: { 'content-type': json },
      body: JSON.stringify({ error: { [text]: [text] } }),
    }),
  ],
  ['the media type', (text) => ({ status: 400, headers: { 'content-type': text }, body: '{}' })],
  ['a page', (text) => ({ status: 502, headers: { 'content-type': 'text/html' }, body: text })],
]

const circumstancesOf = (redactor: Redactor) => ({
  kept: {},
  metadata: {},
  unknownGrant: undefined,
  capabilities: { password: false, refresh_token: false },
  patternOf: (pattern: string) => pattern,
  isConfirmed: true,
  redactor,
})

async function answerTo(reply: Omit<Reply, 'members'>, redactor: Redactor): Promise<string> {
  const url = new URL('http://127.0.0.1/token')
  const asker = createAsker({ url, send: async () => reply, credentials: {}, redactor })
  const request = tokenRequestOf({ method: 'POST', url, headers: [], body: 'grant_type=x' })
  const { error, reason } = await asker.ask(request)
  return `${error}\n${reason}`
}

describe('no part of a secret is shown that a service writes into', () => {
  test.each(places)('%s, at any place of it', async (_where, replyOf) => {
    await fc.assert(
      fc.asyncProperty(secrets, before, async (secret, begin) => {
        const redactor = createRedactor([secret])
        const incoming = replyOf(`${begin}${secret} ${secret}`)
        const reply: Reply = { ...incoming, members: membersOf(incoming.body) }
        const circumstances = circumstancesOf(redactor)
        const heard = {
          ...{ outcome: { reply }, shown: 'curl', isRaw: false, isOfTokenEndpoint: true },
          ...{ isPlainForm: true, isByBasic: true },
        }
        const cleanness = { isClean: redactor.isClean, redactor }
        expectNoPart(
          secret,
          [
            shownReply(reply, redactor),
            judgeOutcome({ reply }, [{ is: 'token' }], {}, circumstances).reason,
            judgeEvery({ of: 'reply', statuses: [200] }, [heard], cleanness).sight.reason,
            await answerTo(incoming, redactor),
          ].join('\n'),
        )
      }),
      runs,
    )
  })

  test('a text that is too long to be read to its end', async () => {
    const secret = 'qx7531zj8642kw'
    const redactor = createRedactor([secret])
    for (const at of [39_990, 39_995, 40_000]) {
      const body = `${' '.repeat(at)}${secret}`
      expectNoPart(secret, await answerTo({ status: 400, headers: {}, body }, redactor))
    }
  })
})
