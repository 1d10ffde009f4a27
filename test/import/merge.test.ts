// Merging: what a person changed stays, what a page changed comes, and what both changed is told.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeText } from '../../src/import/merge.ts'

const line = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'b',
    '}',
    '__proto__',
    'constructor',
    '=',
    '// page.md:1: "x"',
    '// page.md:2: "x"',
  ),
  fc.string(),
)
const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'))
const seeded = { seed: 5, numRuns: 300 }

describe('a merge', () => {
  test('of a text that nobody changed is the new one', () => {
    fc.assert(
      fc.property(text, text, (base, generated) => {
        expect(mergeText(base, base, generated)).toEqual({ text: generated, conflicts: [] })
      }),
      seeded,
    )
  })

  test('of a page that did not change is the text of the person', () => {
    fc.assert(
      fc.property(text, text, (base, yours) => {
        expect(mergeText(base, yours, base)).toEqual({ text: yours, conflicts: [] })
      }),
      seeded,
    )
  })

  test('of one change made on both sides is that change', () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(mergeText(base, changed, changed)).toEqual({ text: changed, conflicts: [] })
      }),
      seeded,
    )
  })

  test('takes changes of both sides that are apart', () => {
    expect(mergeText('a\nb\nc\nd\ne', 'A\nb\nc\nd\ne', 'a\nb\nc\nd\nE')).toEqual({
      text: 'A\nb\nc\nd\nE',
      conflicts: [],
    })
  })

  test('keeps the lines of the person where both changed them, and tells what would stand there', () => {
    expect(mergeText('a\nb\nc', 'a\nmine\nc', 'a\ntheirs\nc')).toEqual({
      text: 'a\nmine\nc',
      conflicts: [{ line: 2, yours: ['mine'], generated: ['theirs'] }],
    })
  })

  test('does not take a moved citation for a change', () => {
    const generated = (place: number, value: string) =>
      [`  // page.md:${place}: "Only a or b."`, `  region: '${value}',`].join('\n')
    expect(mergeText(generated(7, 'a'), generated(7, 'mine'), generated(9, 'a'))).toEqual({
      text: generated(9, 'mine'),
      conflicts: [],
    })
  })
})
