// Types as seven languages write them.
import { describe, expect, test } from 'vitest'
import type { FieldType } from '../../src/import/imported.ts'
import { readTypeNotation, type TypeNotation } from '../../src/import/type-notation.ts'

type Facts = Partial<Omit<TypeNotation, 'notation' | 'type'>>

const optional = { isOptional: true } as const
const strings = { items: 'string' } as const
const grantType = { model: 'GrantType' } as const

const notations: readonly (readonly [
  language: string,
  words: string,
  notation: string,
  type: FieldType,
  facts?: Facts,
])[] = [
  ['Go', '**string*', '*string', 'string', optional],
  ['Go', '*string*', 'string', 'string'],
  ['Go', '`string`', 'string', 'string'],
  ['Go', '`*string`', '*string', 'string', optional],
  ['Go', '[]string', '[]string', 'array', strings],
  ['Go', '[]*string*', '[]string', 'array', strings],
  ['Go', '*int64*', 'int64', 'integer'],
  ['Go', 'map[string]string', 'map[string]string', 'object'],
  ['Go', '[components.GrantType](../x.md)', 'components.GrantType', 'unknown', grantType],
  [
    'Go',
    '[*components.GrantType](../x.md)',
    '*components.GrantType',
    'unknown',
    { ...optional, ...grantType },
  ],
  ['TypeScript', 'string \\| undefined', 'string | undefined', 'string', optional],
  ['TypeScript', '`string \\| undefined`', 'string | undefined', 'string', optional],
  ['TypeScript', 'string \\| null', 'string | null', 'string'],
  ['TypeScript', 'string \\| null \\| undefined', 'string | null | undefined', 'string', optional],
  ['Python', '*Nullable[str]*', 'Nullable[str]', 'string'],
  ['Python', '*OptionalNullable[str]*', 'OptionalNullable[str]', 'string', optional],
  ['Python', '*Optional[Nullable[str]]*', 'Optional[Nullable[str]]', 'string', optional],
  ['TypeScript', 'string[]', 'string[]', 'array', strings],
  ['TypeScript', '*number*', 'number', 'number'],
  ['TypeScript', 'Record<string, *string*>', 'Record<string, string>', 'object'],
  ['TypeScript', '`"a" \\| "b"`', '"a" | "b"', 'string', { values: ['a', 'b'] }],
  ['Java', '*String*', 'String', 'string'],
  ['Java', '*Optional<? extends String>*', 'Optional<? extends String>', 'string', optional],
  ['Java', '*Optional<String>*', 'Optional<String>', 'string', optional],
  ['Java', 'List\\<String>', 'List<String>', 'array', strings],
  ['Java', '*Optional<Long>*', 'Optional<Long>', 'integer', optional],
  [
    'Java',
    '[Optional\\<GrantType>](../x.md)',
    'Optional<GrantType>',
    'unknown',
    { ...optional, ...grantType },
  ],
  [
    'Java',
    '*Optional<[GrantType](../x.md)>*',
    'Optional<GrantType>',
    'unknown',
    { ...optional, ...grantType },
  ],
  ['Java', 'Nullable&lt;String&gt;', 'Nullable<String>', 'string', optional],
  ['C#', '*string?*', 'string?', 'string', optional],
  ['C#', '*List<string>*', 'List<string>', 'array', strings],
  ['C#', 'Dictionary<string, string>', 'Dictionary<string, string>', 'object'],
  ['Python', '*str*', 'str', 'string'],
  ['Python', '*Optional[str]*', 'Optional[str]', 'string', optional],
  ['Python', 'List[*str*]', 'List[str]', 'array', strings],
  ['Python', 'str \\| None', 'str | None', 'string', optional],
  ['Python', 'Literal["a", "b"]', 'Literal["a", "b"]', 'string', { values: ['a', 'b'] }],
  [
    'Python',
    '[Optional[components.GrantType]](../x.md)',
    'Optional[components.GrantType]',
    'unknown',
    { ...optional, ...grantType },
  ],
  ['PHP', '*?string*', '?string', 'string', optional],
  ['PHP', 'array<*string*>', 'array<string>', 'array', strings],
  ['PHP', 'array<string, *string*>', 'array<string, string>', 'object'],
  [
    'PHP',
    '[?Components\\GrantType](../x.md)',
    '?Components\\GrantType',
    'unknown',
    { ...optional, ...grantType },
  ],
  ['Ruby', '*::String*', '::String', 'string'],
  ['Ruby', '*T.nilable(::String)*', 'T.nilable(::String)', 'string', optional],
  ['Ruby', 'T::Array[*::String*]', 'T::Array[::String]', 'array', strings],
  ['Ruby', 'T::Hash[Symbol, *::String*]', 'T::Hash[Symbol, ::String]', 'object'],
  ['Ruby', '[Models::Components::GrantType](../x.md)', 'Models::Components::GrantType', 'unknown', grantType],
  ['a guide', 'string(40)', 'string(40)', 'string', { maxLength: 40 }],
  ['a guide', 'string (optional)', 'string (optional)', 'string', optional],
  ['a guide', 'string, required', 'string, required', 'string'],
  ['a guide', 'integer (int32)', 'integer (int32)', 'integer'],
  ['a guide', 'array of strings', 'array of strings', 'array', strings],
  ['a guide', 'enum: a, b', 'enum: a, b', 'string', { values: ['a', 'b'] }],
  ['a guide', '**string**', 'string', 'string'],
  ['no language', 'banana', 'banana', 'unknown'],
  ['no language', 'any', 'any', 'unknown'],
  ['no language', 'T.any(::String, ::Integer)', 'T.any(::String, ::Integer)', 'unknown'],
]

describe('a type', () => {
  test.each(
    notations.map(
      ([language, words, notation, type, facts = {}]) => [language, words, notation, type, facts] as const,
    ),
  )('of %s: %s', (_, words, notation, type, facts) => {
    expect(readTypeNotation(words)).toEqual({
      notation,
      type,
      isOptional: false,
      items: null,
      model: null,
      values: null,
      maxLength: null,
      ...facts,
    })
  })

  test('that is nested without end is unknown, and read in no time', () => {
    const words = `${'List<'.repeat(5000)}string${'>'.repeat(5000)}`
    expect(readTypeNotation(words)).toMatchObject({ type: 'array', items: 'array' })
  })
})
