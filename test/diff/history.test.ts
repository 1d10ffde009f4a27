// A series of versions is a timeline, and every parameter keeps its row under any name.
import { describe, expect, test } from 'vitest'
import { countsOf, historyOf, mostSevereOf, type Timeline } from '../../src/diff/history.ts'
import { factOf, fieldOf, serviceSide, sideOf, subjectOf, variantSide } from './sides.ts'

const labelsOf = ({ points }: Timeline) => points.map(({ label }) => label)

/** Prove's shapes of one model, as DOMAIN letters them, with what became of each. */
const shapes: ReadonlyArray<[from: string, to: string, verdict: string | null]> = [
  ['prove/go-0.2.1', 'prove/typescript-0.3.1', 'major'],
  ['prove/typescript-0.3.1', 'prove/typescript-0.3.5', 'major'],
  ['prove/typescript-0.3.5', 'prove/typescript-0.4.0', 'major'],
  ['prove/typescript-0.4.0', 'prove/typescript-0.9.6', 'major'],
  ['prove/typescript-0.9.6', 'prove/typescript-0.13.0', 'major'],
]

describe('a history', () => {
  test('of single models is one series in the order given', () => {
    const ids = [...shapes.map(([from]) => from), 'prove/typescript-0.13.0']
    const [timeline, ...others] = historyOf(ids.map(variantSide))
    expect(others).toEqual([])
    expect(labelsOf(timeline as Timeline)).toEqual(ids)
    expect(timeline?.steps.map(({ before, after, verdict }) => [before, after, verdict])).toEqual(shapes)
  })

  test('of a service has a series for each language, in the order of versions', () => {
    const timelines = historyOf([serviceSide('prove')])
    expect(timelines.map(({ title }) => title).sort()).toEqual([
      'OAuthClient in TypeScript',
      'V3TokenRequest in C#',
      'V3TokenRequest in Go',
      'V3TokenRequest in Java',
      'V3TokenRequest in TypeScript',
    ])
    const go = timelines.find(({ title }) => title.endsWith('Go')) as Timeline
    expect(labelsOf(go)).toEqual(
      ['0.2.1', '0.4.6', '0.4.7', '0.6.0', '0.9.0', '0.11.0'].map((version) => `prove/go-${version}`),
    )
  })

  test('keeps a parameter in its row when it is renamed, and adds one for what is new', () => {
    const [timeline] = historyOf([
      variantSide('prove/go-0.2.1'),
      variantSide('prove/go-0.9.0'),
      variantSide('prove/go-0.11.0'),
    ])
    const rows = timeline?.matrix.fields.filter(({ area }) => area === 'request') ?? []
    const named = rows.map(({ wireName, cells }) => [
      wireName,
      ...cells.map((cell) => (typeof cell === 'string' ? cell : cell.wireName)),
    ])
    expect(named).toEqual([
      ['client_id', 'client_id', 'client_id', 'ClientID'],
      ['grant_type', 'grant_type', 'grant_type', 'GrantType'],
      ['password', 'password', 'absent', 'absent'],
      ['username', 'username', 'absent', 'absent'],
      ['client_secret', 'absent', 'client_secret', 'ClientSecret'],
    ])
  })

  test('says where a version says nothing, which is not that nothing is there', () => {
    const said = subjectOf({ reply: [fieldOf('access_token')] })
    const [timeline] = historyOf([
      sideOf('a', said),
      sideOf('b', subjectOf()),
      sideOf('c', { ...said, reply: [] }),
    ])
    const reply = timeline?.matrix.fields.find(({ area }) => area === 'reply')
    expect(reply?.cells.map((cell) => (typeof cell === 'string' ? cell : 'there'))).toEqual([
      'there',
      'unsaid',
      'absent',
    ])
  })

  test('loses no change to a version in between that does not say the fact', () => {
    const path = (label: string, value: string | null) =>
      sideOf(label, subjectOf({ label, path: value === null ? null : factOf(value) }))
    const [timeline] = historyOf([path('a', '/token'), path('b', null), path('c', '/v3/token')])
    expect(
      timeline?.steps.map(({ before, after, changes }) => [before, after, changes.map(({ rule }) => rule)]),
    ).toEqual([
      ['a', 'b', []],
      ['b', 'c', ['path-changed']],
    ])
  })

  test('counts the changes of a step by layer, and tells the most severe, those on the wire first', () => {
    const [timeline] = historyOf([
      variantSide('prove/typescript-0.3.1'),
      variantSide('prove/typescript-0.3.5'),
    ])
    const [step] = timeline?.steps ?? []
    if (step === undefined) throw new Error('expected a step')
    expect(countsOf(step)).toEqual({ wire: 4, sdk: 2, words: 0 })
    expect(mostSevereOf(step).map(({ rule }) => rule)).toEqual([
      'path-changed',
      'request-parameter-values-narrowed',
    ])
  })
})
