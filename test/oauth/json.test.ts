// Members that a JSON object states twice.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { repeatedMember } from '../../src/oauth/json.ts'
import { forEvery, text } from './properties.ts'

describe('repeatedMember', () => {
  test('finds none in any object that JSON.stringify writes, however it is indented', () => {
    const object = fc.dictionary(text, fc.jsonValue())
    forEvery([object, fc.nat({ max: 4 })], (value, indent) =>
      expect(repeatedMember(JSON.stringify(value, null, indent))).toBeUndefined(),
    )
  })

  test('finds a member that is stated again, whatever stands between and however it is escaped', () => {
    forEvery([fc.dictionary(text, fc.jsonValue()), text, fc.jsonValue()], (value, name, content) => {
      fc.pre(!Object.hasOwn(value, name))
      const between = Object.entries(value).map(member)
      const json = `{${[member([name, content]), ...between, `${escaped(name)}:0`].join(',')}}`
      expect(repeatedMember(json)).toBe(name)
    })
  })

  const objects: ReadonlyArray<[given: string, json: string, repeated: string | undefined]> = [
    ['an empty object', '{}', undefined],
    ['the same name in an inner object', '{"a":{"a":1}}', undefined],
    ['the same name in two inner objects', '{"a":{"c":1},"b":[{"c":1}]}', undefined],
    ['a repetition in an inner object', '{"a":{"b":1,"b":2}}', undefined],
    ['a value like a member', '{"a":"a\\":1,\\"a"}', undefined],
    ['a name with a colon, a brace and a quote', '{":{\\"":1,"a":2}', undefined],
    ['a repetition', '{"a":1,"b":2,"a":3}', 'a'],
    ['a repetition of a name that every object has', '{"__proto__":1,"__proto__":2}', '__proto__'],
    ['the first of two repetitions', '{"a":1,"b":2,"b":3,"a":4}', 'b'],
  ]

  test.each(objects)('reads %s', (_given, json, repeated) => {
    expect(repeatedMember(json)).toBe(repeated)
  })
})

function member([name, content]: readonly [string, unknown]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(content)}`
}

function escaped(name: string): string {
  const units = Array.from({ length: name.length }, (_none, index) => name.charCodeAt(index))
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`
}
