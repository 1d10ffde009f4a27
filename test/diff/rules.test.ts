// Every rule of the table, with one example that it and no other rule is found for.
import { describe, expect, test } from 'vitest'
import { compare } from '../../src/diff/compare.ts'
import { type FieldKind, type FieldPlace, type RuleId, rules } from '../../src/diff/rules.ts'
import type { ComparedField, Subject } from '../../src/diff/subject.ts'
import { fact, field, fieldExamples, grantType, refusal, subject, withFields } from './subjects.ts'

type Example = readonly [rule: RuleId, before: Subject, after: Subject, expected: readonly RuleId[]]

const places: readonly FieldPlace[] = [
  'request-parameter',
  'request-header',
  'reply-member',
  'reply-header',
  'refusal-member',
]

const wholes: ReadonlyArray<readonly [RuleId, Partial<Subject>, Partial<Subject>]> = [
  ['method-changed', { method: fact('POST') }, { method: fact('PUT') }],
  ['path-changed', { path: fact('/token') }, { path: fact('/oauth2/token') }],
  ['content-type-added', { contentTypes: fact('a/a') }, { contentTypes: fact('a/a', 'b/b') }],
  ['content-type-removed', { contentTypes: fact('a/a', 'b/b') }, { contentTypes: fact('b/b') }],
  [
    'client-authentication-added',
    { clientAuthentication: fact('client_secret_post') },
    { clientAuthentication: fact('client_secret_basic', 'client_secret_post') },
  ],
  [
    'client-authentication-removed',
    { clientAuthentication: fact('client_secret_basic', 'client_secret_post') },
    { clientAuthentication: fact('client_secret_post') },
  ],
  [
    'client-authentication-introduced',
    { clientAuthentication: fact() },
    { clientAuthentication: fact('client_secret_post') },
  ],
  [
    'client-authentication-abandoned',
    { clientAuthentication: fact('client_secret_post') },
    { clientAuthentication: fact() },
  ],
  [
    'client-authentication-introduced',
    { clientAuthentication: fact('none') },
    { clientAuthentication: fact('client_secret_post') },
  ],
  [
    'client-authentication-now-required',
    { clientAuthentication: fact('client_secret_post', 'none') },
    { clientAuthentication: fact('client_secret_post') },
  ],
  [
    'client-authentication-now-optional',
    { clientAuthentication: fact('client_secret_post') },
    { clientAuthentication: fact('client_secret_post', 'none') },
  ],
  ['reply-added', {}, { reply: [field('access_token')] }],
  ['reply-removed', { reply: [field('access_token')] }, {}],
  ['reply-status-changed', { reply: [], replyStatus: fact('200') }, { reply: [], replyStatus: fact('201') }],
  [
    'reply-content-type-added',
    { reply: [], replyContentTypes: fact('a/a') },
    { reply: [], replyContentTypes: fact('a/a', 'b/b') },
  ],
  [
    'reply-content-type-removed',
    { reply: [], replyContentTypes: fact('a/a', 'b/b') },
    { reply: [], replyContentTypes: fact('b/b') },
  ],
  ['model-renamed', { model: 'TokenRequest' }, { model: 'TokenInput' }],
  ['refusal-added', { refusals: [refusal(400)] }, { refusals: [refusal(400), refusal(429)] }],
  ['refusal-removed', { refusals: [refusal(400), refusal(429)] }, { refusals: [refusal(400)] }],
  [
    'refusal-status-changed',
    { refusals: [{ ...refusal(400), name: 'invalid_client 400' }] },
    { refusals: [{ ...refusal(401), name: 'invalid_client 401' }] },
  ],
]

const examples: readonly Example[] = [
  ...wholes.map(([rule, before, after]): Example => [rule, subject(before), subject(after), [rule]]),
  ...places.flatMap((place) =>
    (Object.keys(fieldExamples) as FieldKind[]).map((kind) => fieldExample(place, kind)),
  ),
]

describe('the rules of a diff', () => {
  test('every rule has an example', () => {
    expect([...new Set(examples.map(([rule]) => rule))].sort()).toEqual(Object.keys(rules).sort())
  })

  test.each(examples)('%s is found, and no other', (_rule, before, after, expected) => {
    const { changes } = compare(before, after)
    expect(changes.map(({ rule }) => rule).sort()).toEqual([...expected].sort())
  })

  test.each(examples)('%s: its mirror is found the other way round', (_rule, before, after, expected) => {
    const { changes } = compare(after, before)
    expect(changes.map(({ rule }) => rule).sort()).toEqual(expected.map((id) => rules[id].mirror).sort())
  })

  test.each(Object.entries(rules))('%s is the mirror of its mirror, in one area and layer', (id, rule) => {
    const { area, layer, mirror } = rules[rule.mirror]
    expect([mirror, area, layer]).toEqual([id, rule.area, rule.layer])
  })

  test('what a request asks more, and a reply promises less, breaks clients; the opposite does not', () => {
    const judged = (kind: FieldKind) => [
      rules[`request-parameter-${kind}`].verdict,
      rules[`reply-member-${kind}`].verdict,
    ]
    expect({
      'added-required': judged('added-required'),
      'now-required': judged('now-required'),
      'now-optional': judged('now-optional'),
      'removed-required': judged('removed-required'),
      'values-narrowed': judged('values-narrowed'),
      'values-widened': judged('values-widened'),
    }).toEqual({
      'added-required': ['major', 'minor'],
      'now-required': ['major', 'minor'],
      'now-optional': ['minor', 'major'],
      'removed-required': ['minor', 'major'],
      'values-narrowed': ['major', 'minor'],
      'values-widened': ['minor', 'major'],
    })
  })

  test('words alone are never called breaking', () => {
    const breaking = Object.entries(rules).filter(
      ([, { layer, verdict }]) => layer === 'words' && verdict === 'major',
    )
    expect(breaking).toEqual([])
  })
})

function fieldExample(place: FieldPlace, kind: FieldKind): Example {
  const { before, after, grants, with: other } = fieldExamples[kind]
  const request = grants === undefined ? [field('anchor')] : [field('anchor'), grantType(...grants)]
  const side = (facts: Partial<ComparedField> | null) =>
    withFields(place, facts === null ? [] : [field('api_key', facts)], { request })
  const expected: RuleId[] = [`${place}-${kind}`]
  if (other !== undefined) expected.push(`${place}-${other}`)
  return [`${place}-${kind}`, side(before), side(after), expected]
}
