// The rules of conformance as data: each requirement of the OAuth documents is one, or it is said why not; and each is whole.
import { describe, expect, test } from 'vitest'
import type { Expected, ProbeRequest } from '../../src/probe/rule.ts'
import { conformanceRules, notProbed } from '../../src/probe/rules.ts'
import { requirements } from '../conformance/requirements.ts'

const ids = conformanceRules.map(({ id }) => id)

const levels = {
  MUST: 'MUST',
  'MUST NOT': 'MUST',
  REQUIRED: 'MUST',
  SHOULD: 'SHOULD',
  'SHOULD NOT': 'SHOULD',
  RECOMMENDED: 'SHOULD',
  MAY: 'MAY',
  OPTIONAL: 'MAY',
} as const

/** What one rule expects of replies, in all its places. */
function expectedBy({ judgment, inapplicable = [], unclear = [] }: (typeof conformanceRules)[number]) {
  const replies: readonly Expected[] = 'replies' in judgment ? judgment.replies.flat() : []
  return [...replies, ...inapplicable, ...unclear]
}

/** How many replies a rule's requests have. */
const repliesTo = (requests: readonly ProbeRequest[]) =>
  requests.reduce((count, { isTwice }) => count + (isTwice ? 2 : 1), 0)

describe('the rules of conformance', () => {
  test('are all requirements that the mock is held to, other than those that cannot be probed', () => {
    const missing = requirements.map(({ id }) => id).filter((id) => !ids.includes(id))
    expect(missing.sort()).toEqual(Object.keys(notProbed).sort())
  })

  test('have the level of the document, other than those that are told and do not count', () => {
    const others = requirements.flatMap(({ id, level }) => {
      const rule = conformanceRules.find((each) => each.id === id)
      return rule === undefined || rule.level === levels[level] ? [] : [[id, rule.level]]
    })
    expect(others).toEqual([
      ['rfc9700-2.4-no-password-grant', 'observed'],
      ['rfc9700-4.14.2-used-once', 'observed'],
      ['rfc9700-4.14.2-family', 'observed'],
      ['rfc9700-4.14-one-winner', 'observed'],
      ['rfc6749-5.2-no-store', 'observed'],
    ])
  })

  test('have ids of their own', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(ids.filter((id) => !/^(rfc\d+|oauth2\.1)-[\da-z.]+-[a-z\d-]+$/.test(id))).toEqual([])
  })

  test('say in a sentence what they ask for, and argue it at length', () => {
    const short = conformanceRules
      .filter(
        ({ sentence, argument }) =>
          !/^[A-Za-z].{10,}\.$/.test(sentence) || !/^[A-Za-z].{40,}\.$/.test(argument),
      )
      .map(({ id }) => id)
    expect(short).toEqual([])
  })

  test('name the document of their id, with its section', () => {
    const elsewhere = conformanceRules
      .filter(({ id, source }) => {
        const [, document = '', section = ''] = /^(?:rfc(\d+)|oauth2\.1)-([\da-z.]+)-/.exec(id) ?? []
        const name = id.startsWith('oauth') ? 'OAuth 2.1' : `RFC ${document}`
        const place = /^[a-z]/.test(section) ? `appendix ${section.toUpperCase()}` : '§'
        return !source.document.includes(name) || !source.document.includes(place)
      })
      .map(({ id }) => id)
    expect(elsewhere).toEqual([])
  })

  test('expect something of every reply', () => {
    const uneven = conformanceRules
      .filter(
        ({ requests, judgment }) => 'replies' in judgment && judgment.replies.length !== repliesTo(requests),
      )
      .map(({ id }) => id)
    expect(uneven).toEqual([])
  })

  test('send nothing for two verdicts: each is judged by replies of its own or by those of the run', () => {
    const idle = conformanceRules
      .filter(({ requests, judgment }) => 'replies' in judgment && requests.length === 0)
      .map(({ id }) => id)
    expect(idle).toEqual([])
  })

  test('have patterns that are regular expressions', () => {
    const patterns = conformanceRules.flatMap((rule) => {
      const { judgment } = rule
      const every = 'every' in judgment ? judgment.every : undefined
      const records = [
        ...expectedBy(rule).flatMap(({ headers, members, announced }) => [headers, members, announced]),
        ...rule.requests.map(({ announced }) => announced),
        every?.headers,
        every?.members,
        every?.membersOfSome,
        every?.tokenHeader,
        every?.tokenClaims,
      ]
      return records.flatMap((record) => Object.values(record ?? {})).filter((each) => each !== null)
    })
    expect(patterns.length).toBeGreaterThan(50)
    // A placeholder in a pattern stands for text that is escaped.
    for (const pattern of patterns)
      expect(() => new RegExp(pattern.replaceAll(/\{\w+\}/g, 'x'), 'u')).not.toThrow()
  })

  test('show five wrong secrets of the client and one wrong password of the user: equal requests are sent once', () => {
    const trials = conformanceRules.flatMap(({ requests }) => requests.filter(({ isTrial }) => isTrial))
    expect([...new Set(trials.map((request) => JSON.stringify(request)))].sort()).toEqual(
      [
        { base: 'password', authentication: 'wrong_secret', isTrial: true },
        { base: 'password', parameters: { password: '{wrong}' }, isTrial: true },
        { base: 'token', authentication: 'empty_secret_basic', isTrial: true },
        { base: 'token', authentication: 'secret_of_another', isTrial: true },
        { base: 'token', authentication: 'wrong_secret_basic', isTrial: true },
        { base: 'token', authentication: 'wrong_secret_post', isTrial: true },
      ].map((request) => JSON.stringify(request)),
    )
  })
})
