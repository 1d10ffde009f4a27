// Which model of one side is compared with which of the other.
import { describe, expect, test } from 'vitest'
import { compareSides } from '../../src/diff/comparison.ts'
import type { Side } from '../../src/diff/side.ts'
import type { Subject } from '../../src/diff/subject.ts'
import { factOf, fieldOf, serviceSide, sideOf, subjectOf, variantSide } from './sides.ts'

/** A side of models, each written as its name, or as `Model language`. */
const side = (label: string, ...models: readonly string[]): Side =>
  sideOf(
    label,
    ...models.map((each) => {
      const [model = '', language = null] = each.split(' ')
      return subjectOf({ label: `${label} ${each}`, model, language })
    }),
  )

const cases: ReadonlyArray<
  [
    what: string,
    before: Side,
    after: Side,
    pairs: readonly string[],
    removed: readonly string[],
    added: readonly string[],
  ]
> = [
  [
    'one model each, whatever they are called',
    side('a', 'One'),
    side('b', 'Other'),
    ['a One > b Other'],
    [],
    [],
  ],
  [
    'models by their names, in any order',
    side('a', 'One', 'Two'),
    side('b', 'Two', 'One'),
    ['a One > b One', 'a Two > b Two'],
    [],
    [],
  ],
  [
    'models that one side has alone',
    side('a', 'One', 'Two'),
    side('b', 'Two', 'Three'),
    ['a Two > b Two'],
    ['a One'],
    ['b Three'],
  ],
  ['a model among several', side('a', 'One'), side('b', 'One', 'Two'), ['a One > b One'], [], ['b Two']],
  [
    'one language each',
    side('a', 'One Go', 'One Java'),
    side('b', 'One Java', 'One Go'),
    ['a One Go > b One Go', 'a One Java > b One Java'],
    [],
    [],
  ],
  [
    'more of one name than the other side has',
    side('a', 'One Go', 'One Java'),
    side('b', 'One C#', 'Two'),
    [],
    ['a One Go', 'a One Java'],
    ['b One C#', 'b Two'],
  ],
  ['nothing with something', side('a'), side('b', 'One'), [], [], ['b One']],
]

/** A model with parameters beside its grant type. */
const modelOf = (label: string, model: string, names: string, facts: Partial<Subject> = {}): Subject =>
  subjectOf({
    label: `${label} ${model}${facts.contentTypes === undefined ? '' : ` ${facts.contentTypes?.values}`}`,
    model,
    request: ['grant_type', ...names.split(' ')].map((name) => fieldOf(name)),
    ...facts,
  })

const form = { contentTypes: factOf('application/x-www-form-urlencoded') }
const json = { contentTypes: factOf('application/json') }

const alike: typeof cases = [
  [
    'a model under another name, by its parameters',
    sideOf('a', modelOf('a', 'One', 'key realm'), modelOf('a', 'Two', 'login pin')),
    sideOf('b', modelOf('b', 'One', 'key realm'), modelOf('b', 'Three', 'login pin mode')),
    ['a One > b One', 'a Two > b Three'],
    [],
    [],
  ],
  [
    'models with little in common are two',
    sideOf('a', modelOf('a', 'One', 'key realm'), modelOf('a', 'Two', 'login pin')),
    sideOf('b', modelOf('b', 'One', 'key realm'), modelOf('b', 'Three', 'login mode code')),
    ['a One > b One'],
    ['a Two'],
    ['b Three'],
  ],
  [
    'a further media type of one request, by the media type that both have',
    sideOf('a', modelOf('a', 'Request', 'key realm', form)),
    sideOf('b', modelOf('b', 'Request', 'key realm', json), modelOf('b', 'Request', 'key realm', form)),
    ['a Request application/x-www-form-urlencoded > b Request application/x-www-form-urlencoded'],
    [],
    ['b Request application/json'],
  ],
]

const page = (language: string | null, model = 'V3TokenRequest'): Side =>
  sideOf('page.md', modelOf('page.md', model, 'client_id client_secret', { language }))
const beside: ReadonlyArray<[what: string, document: Side, variant: string]> = [
  ['the newest of its language', page('Java'), 'prove/java-0.15.0'],
  [
    'of no known language, the one that differs least',
    sideOf('page.md', modelOf('page.md', 'V3TokenRequest', 'ClientID ClientSecret GrantType')),
    'prove/go-0.11.0',
  ],
]

describe('a document beside a whole service', () => {
  test.each(beside)('is compared with %s, and the others are neither new nor gone', (_what, document, id) => {
    const [forth, back] = [
      compareSides(document, serviceSide('prove')),
      compareSides(serviceSide('prove'), document),
    ]
    expect([forth.differences.map(({ after }) => after), forth.removed, forth.added]).toEqual([[id], [], []])
    expect([back.differences.map(({ before }) => before), back.removed, back.added]).toEqual([[id], [], []])
  })
})

describe('two sides', () => {
  test.each(alike)('are compared: %s', (_what, before, after, pairs, removed, added) => {
    const forth = compareSides(before, after)
    const back = compareSides(after, before)
    expect([
      forth.differences.map((each) => `${each.before} > ${each.after}`),
      forth.removed,
      forth.added,
    ]).toEqual([pairs, removed, added])
    expect([
      back.differences.map((each) => `${each.after} > ${each.before}`),
      back.added,
      back.removed,
    ]).toEqual([pairs, removed, added])
  })

  test.each(cases)('are compared: %s', (_what, before, after, pairs, removed, added) => {
    const comparison = compareSides(before, after)
    expect({
      pairs: comparison.differences.map((each) => `${each.before} > ${each.after}`),
      removed: comparison.removed,
      added: comparison.added,
    }).toEqual({ pairs, removed, added })
  })

  test.each(cases)('turned round are compared alike: %s', (_what, before, after, pairs, removed, added) => {
    const comparison = compareSides(after, before)
    expect({
      pairs: comparison.differences.map((each) => `${each.after} > ${each.before}`).sort(),
      removed: comparison.added,
      added: comparison.removed,
    }).toEqual({ pairs: pairs.toSorted(), removed, added })
  })

  test('of one service are the same, variant by variant', () => {
    const all = serviceSide('prove')
    const { differences, removed, added, verdict } = compareSides(all, all)
    expect(differences.map(({ before }) => before)).toEqual(all.subjects.map(({ subject }) => subject.label))
    expect([removed, added, verdict]).toEqual([[], [], null])
  })

  const verdicts: ReadonlyArray<[what: string, before: Side, after: Side, verdict: string | null]> = [
    [
      'the highest of their differences',
      variantSide('prove/go-0.9.0'),
      variantSide('prove/go-0.11.0'),
      'major',
    ],
    ['major where a model is gone', side('a', 'One', 'Two'), side('b', 'One'), 'major'],
    ['minor where a model is new', side('a', 'One'), side('b', 'One', 'Two'), 'minor'],
    ['none where nothing changed', side('a', 'One'), side('a', 'One'), null],
  ]

  test.each(verdicts)('have a verdict: %s', (_what, before, after, verdict) => {
    expect(compareSides(before, after).verdict).toBe(verdict)
  })
})
