// What holds of every diff, whatever the two sides are.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/diff/change.ts'
import { compare } from '../../src/diff/compare.ts'
import { type FieldKind, type FieldPlace, type RuleId, rules } from '../../src/diff/rules.ts'
import type {
  ComparedFact,
  ComparedField,
  ComparedRefusal,
  Requirement,
  Subject,
} from '../../src/diff/subject.ts'
import { forEvery } from '../oauth/properties.ts'
import { field, fieldExamples, grantType, readAt, withFields } from './subjects.ts'

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })
const word = fc.constantFrom('key', 'realm', 'tenant', 'code', 'id', 'login')
const name = fc.oneof(
  fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('_')),
  fc.array(word, { minLength: 1, maxLength: 3 }).map(pascal),
  fc.constantFrom('grant_type', 'GrantType', 'client_id', 'clientId', 'scope', 'scopes', 'APIKEYID'),
  fc.string({ minLength: 1, maxLength: 5 }),
)
const grants = fc.uniqueArray(fc.constantFrom('password', 'refresh_token', 'client_credentials'), {
  minLength: 1,
})
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.constant<Requirement>('never'),
  fc.constant<Requirement>('always'),
  grants.map((grantTypes) => ({ grantTypes })),
  fc.constantFrom('strict', 'lax').map((value) => ({ parameter: 'mode', value })),
)
const prose = fc.constantFrom('The key.', 'Your key.', 'The key of the realm.', '{after} $& {what}')

const anyField: fc.Arbitrary<ComparedField> = fc
  .record({
    wireName: name,
    confidence: fc.constantFrom('certain' as const, 'high' as const, 'medium' as const, 'low' as const),
    sdkName: orNull(name),
    notation: orNull(fc.constantFrom('*string*', '**string*', '`string`', '*int64*', '[Key](key.md)')),
    type: orNull(fc.constantFrom('string', 'integer', 'number', 'unknown')),
    isOptionalType: fc.boolean(),
    nullable: fc.boolean(),
    required: orNull(requirement),
    allowedValues: orNull(grants),
    items: orNull(fc.constantFrom('string', 'integer')),
    default: orNull(fc.constantFrom('password', 'jdoe')),
    pattern: orNull(fc.constantFrom('^a+$', '^b+$')),
    minLength: orNull(fc.nat({ max: 3 })),
    maxLength: orNull(fc.integer({ min: 4, max: 8 })),
    example: orNull(fc.constantFrom('password', 'jdoe', 'example')),
    description: orNull(prose),
    notSupported: fc.boolean(),
    deprecated: fc.boolean(),
    line: fc.nat(),
  })
  .map(({ line, ...facts }) => ({
    ...facts,
    // Tells fields of one name apart, and both sides of a change.
    provenance: readAt(`${facts.wireName} ${line}`),
  }))

const anyFact: fc.Arbitrary<ComparedFact> = fc
  .uniqueArray(fc.constantFrom('one', 'two', 'three'))
  .map((values) => ({ values: values.sort(), provenance: readAt('fact') }))

const anyFields = fc.array(anyField, { maxLength: 5 })

const anyRefusal: fc.Arbitrary<ComparedRefusal> = fc
  .record({
    range: fc.constantFrom(undefined, undefined, '4XX', 'default'),
    orStatus: fc.constantFrom(undefined, [400], [401]),
    isStandIn: fc.constantFrom(undefined, true),
    status: orNull(fc.constantFrom(400, 401)),
    reason: fc.constantFrom('', 'invalid_client ', 'invalid_scope '),
    members: orNull(anyFields),
  })
  .map(({ range, orStatus, isStandIn, status, reason, members }) => ({
    name: range ?? `${reason}${status ?? 'Error'}`,
    status: range === undefined ? status : null,
    ...(range !== undefined && { range }),
    ...(orStatus !== undefined && { orStatus }),
    ...(isStandIn !== undefined && { isStandIn }),
    members,
    provenance: readAt(`${reason}${status}`),
  }))

const anySubject: fc.Arbitrary<Subject> = fc.record({
  origin: fc.constantFrom('variant', 'openapi', 'page'),
  label: fc.constantFrom('acme', 'globex', 'initech'),
  model: fc.constantFrom('TokenRequest', 'TokenInput'),
  language: orNull(fc.constantFrom('Go', 'Ruby')),
  version: fc.constant(null),
  method: orNull(anyFact),
  path: orNull(anyFact),
  isPathRelative: fc.boolean(),
  page: fc.constantFrom('docs/acme.md', 'other/acme.md', 'docs/globex.md'),
  unread: fc.subarray(['the format uuid', 'the format date']),
  requestHeaders: orNull(anyFields),
  replyStatus: orNull(anyFact),
  replyContentTypes: orNull(anyFact),
  contentTypes: orNull(anyFact),
  clientAuthentication: orNull(anyFact),
  request: anyFields,
  reply: orNull(anyFields),
  headers: orNull(anyFields),
  refusals: orNull(fc.array(anyRefusal, { maxLength: 4 })),
})

/** A side and one that was written after it: with some of its fields and facts. */
const twoSubjects = fc
  .tuple(anySubject, anySubject, fc.infiniteStream(fc.boolean()))
  .map(([one, other, isKept]): [Subject, Subject] => {
    const kept = (fields: readonly ComparedField[]) =>
      fields.filter(() => isKept.next().value).map((each) => ({ ...each, required: 'always' as const }))
    const request = [...kept(one.request), ...other.request]
    return [one, { ...other, request, reply: isKept.next().value ? one.reply : other.reply }]
  })

describe('every diff', () => {
  test('of a subject with itself finds no change, and leaves nothing out', () => {
    forEvery([anySubject.map(withOneOfEachName)], (side) => {
      expect(compare(side, structuredClone(side))).toEqual({
        before: side.label,
        after: side.label,
        changes: [],
        verdict: null,
        notCompared: [],
      })
    })
  })

  test('the other way round is the mirror of each of its changes', () => {
    forEvery([twoSubjects], ([before, after]) => {
      const forth = compare(before, after).changes
      const back = compare(after, before).changes
      expect(back.map(keyOf).sort()).toEqual(forth.map(mirrored).map(keyOf).sort())
    })
  })

  test('leaves out the same the other way round', () => {
    forEvery([twoSubjects], ([before, after]) => {
      const [forth, back] = [compare(before, after), compare(after, before)]
      expect(withoutNames(back.notCompared)).toEqual(withoutNames(forth.notCompared))
    })
  })

  test('has the highest verdict of its changes', () => {
    forEvery([twoSubjects], ([before, after]) => {
      const { changes, verdict } = compare(before, after)
      const severity = ['patch', 'minor', 'major'] as const
      const highest = Math.max(...changes.map((change) => severity.indexOf(change.verdict)))
      expect(verdict).toBe(severity[highest] ?? null)
    })
  })

  test('is in one order, whatever the order of the fields', () => {
    const shuffled = anySubject.map(withOneOfEachName).chain((one) => {
      const other = (salt: string) =>
        one.request.map((each) => ({ ...each, description: salt, deprecated: !each.deprecated }))
      return fc.tuple(
        fc.constant(one),
        fc.shuffledSubarray(other('Other.'), { minLength: one.request.length }),
      )
    })
    forEvery([shuffled], ([one, fields]) => {
      const inOrder = one.request.map((each) => fields.find(({ wireName }) => wireName === each.wireName))
      const ordered = { ...one, request: inOrder.filter((each) => each !== undefined) }
      expect(compare(one, { ...one, request: fields })).toEqual(compare(one, ordered))
    })
  })

  test('with one mutation finds its rule, and no other', () => {
    const place = fc.constantFrom<FieldPlace>(
      'request-parameter',
      'request-header',
      'reply-member',
      'reply-header',
      'refusal-member',
    )
    const kind = fc.constantFrom(...(Object.keys(fieldExamples) as FieldKind[]))
    const others = fc.uniqueArray(anyField.filter(isUnrelated), {
      selector: ({ wireName }) => wireName,
      maxLength: 4,
    })
    forEvery([place, kind, others, fc.nat()], (at, mutation, fields, position) => {
      const { before, after, grants: listed, with: other } = fieldExamples[mutation]
      const request = [...(listed === undefined ? [] : [grantType(...listed)]), field('anchor')]
      const side = (facts: Partial<ComparedField> | null) => {
        const mutated = facts === null ? [] : [field('api_secret', facts)]
        return withFields(at, fields.toSpliced(position % (fields.length + 1), 0, ...mutated), { request })
      }
      const expected: RuleId[] = [`${at}-${mutation}`]
      if (other !== undefined) expected.push(`${at}-${other}`)
      expect(
        compare(side(before), side(after))
          .changes.map(({ rule }) => rule)
          .sort(),
      ).toEqual(expected.sort())
    })
  })

  test('names no rule that the table does not have, and says all of it in whole sentences', () => {
    forEvery([twoSubjects], ([before, after]) => {
      for (const { rule, area, layer, verdict, sentence, reason } of compare(before, after).changes) {
        expect([area, layer, verdict]).toEqual([
          rules[rule as RuleId].area,
          rules[rule as RuleId].layer,
          rules[rule as RuleId].verdict,
        ])
        expect([sentence, reason].map((text) => text.at(-1))).toEqual(['.', '.'])
      }
    })
  })
})

function pascal(words: readonly string[]): string {
  return words.map((each) => `${each.charAt(0).toUpperCase()}${each.slice(1)}`).join('')
}

/** A document that has a field twice says of itself that one of them is left out. */
function withOneOfEachName(side: Subject): Subject {
  const once = (fields: readonly ComparedField[]) =>
    fields.filter(({ wireName }, index) => fields.findIndex((each) => each.wireName === wireName) === index)
  return {
    ...side,
    request: once(side.request),
    requestHeaders: side.requestHeaders ? once(side.requestHeaders) : null,
    reply: side.reply && once(side.reply),
    headers: side.headers ? once(side.headers) : null,
    refusals:
      side.refusals?.slice(0, 1).map((each) => ({
        ...each,
        members: each.members && once(each.members),
      })) ?? null,
  }
}

/** A field that is not the mutated one, and lists no grants. */
function isUnrelated({ wireName }: ComparedField): boolean {
  return !/grant|^api|^anchor$/i.test(wireName)
}

function mirrored(change: Change): Change {
  return {
    ...change,
    rule: rules[change.rule as RuleId].mirror,
    before: change.after,
    after: change.before,
    provenance: { before: change.provenance.after, after: change.provenance.before },
  }
}

/** A renamed field is called by the name that each side's clients know. */
function keyOf({ rule, area, layer, before, after, provenance }: Change): string {
  return JSON.stringify([rule, area, layer, before, after, provenance.before, provenance.after])
}

function withoutNames(notCompared: readonly string[]): readonly string[] {
  return notCompared.map((line) => line.replace(/ of .*/s, '')).sort()
}
