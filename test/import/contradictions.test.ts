// What a page says twice, in two ways.
import { describe, expect, test } from 'vitest'
import { breaksPattern } from '../../src/import/example-pattern.ts'
import { readPage } from './pages.ts'

const [page] = readPage('soylent-contradictions.md')
const at = (line: number, words: string) => ({ file: 'soylent-contradictions.md', line, words })
const yes = ':heavy_check_mark:'
const no = ':heavy_minus_sign:'
const onlyPassword = at(5, 'GrantType only allows option: `password`.')

const contradictions = [
  {
    rule: 'example-breaks-allowed-values',
    field: 'GrantType',
    sentence: 'its example is client_credentials, and only password is allowed',
    provenance: [at(5, 'client_credentials'), onlyPassword],
  },
  {
    rule: 'default-breaks-allowed-values',
    field: 'GrantType',
    sentence: 'its default is refresh_token, and only password is allowed',
    provenance: [at(5, 'refresh_token'), onlyPassword],
  },
  {
    rule: 'required-but-prose-optional',
    field: 'ClientID',
    sentence: 'it is marked required, and its prose calls it optional',
    provenance: [at(6, yes), at(6, 'ClientID is the optional client ID.')],
  },
  {
    rule: 'required-but-type-optional',
    field: 'ClientID',
    sentence: 'it is marked required, and its type *string may be absent',
    provenance: [at(6, yes), at(6, '**string*')],
  },
  {
    rule: 'optional-but-prose-requires',
    field: 'ClientSecret',
    sentence: 'it is marked optional, and its prose requires it',
    provenance: [at(7, no), at(7, 'This field is required.')],
  },
  {
    rule: 'example-breaks-length',
    field: 'ClientSecret',
    sentence: 'its example has 14 characters, and at least 20 are allowed',
    provenance: [at(7, 'soylent-secret'), at(7, 'At least 20 characters.')],
  },
  {
    rule: 'example-breaks-type',
    field: 'TTL',
    sentence: 'its example soon is no integer',
    provenance: [at(8, 'soon'), at(8, '*int64*')],
  },
  {
    rule: 'allowed-values-differ',
    field: 'Scope',
    sentence: 'it allows read, write, and its prose read, admin',
    provenance: [at(11, '`"read" \\| "write"`'), at(11, 'One of `read` or `admin`.')],
  },
  {
    rule: 'example-breaks-pattern',
    field: 'State',
    sentence: 'its example ABC does not match ^[a-z]+$',
    provenance: [at(12, 'ABC'), at(12, 'Matches `^[a-z]+$`.')],
  },
  {
    rule: 'required-but-not-supported',
    field: 'Nonce',
    sentence: 'it is marked required, and its prose says that it is not supported',
    provenance: [at(13, yes), at(13, 'Not currently supported.')],
  },
  {
    rule: 'duplicate-field',
    field: 'client_id',
    sentence: 'ClientID and client_id are both client_id',
    provenance: [at(6, '`ClientID`'), at(10, '`client_id`')],
  },
  {
    rule: 'condition-names-unknown-field',
    field: 'Assertion',
    sentence: 'it depends on mode, which is no field of the model',
    provenance: [at(9, 'Required when `mode` is `jwt`.')],
  },
  {
    rule: 'usage-breaks-allowed-values',
    field: 'GrantType',
    sentence: 'a snippet gives it client_credentials, and only password is allowed',
    provenance: [at(17, '    GrantType: "client_credentials",'), onlyPassword],
  },
  {
    rule: 'usage-misses-required',
    field: 'ClientID',
    sentence: 'it is required, and a snippet leaves it out',
    provenance: [at(16, 'req := components.TokenRequest{'), at(6, yes)],
  },
  {
    rule: 'usage-has-unknown-field',
    field: 'Audience',
    sentence: 'a snippet gives Audience, which is no field of the model',
    provenance: [at(18, '    Audience: soylent.String("green"),')],
  },
]

describe('contradictions', () => {
  test.each(contradictions)('$rule: $field', (contradiction) => {
    expect(page?.contradictions.find(({ rule }) => rule === contradiction.rule)).toEqual(contradiction)
  })

  test('there are no others on the page', () => {
    expect(page?.contradictions.map(({ rule }) => rule)).toEqual(contradictions.map(({ rule }) => rule))
  })

  test.each(['acme-go.md', 'globex-typescript.md', 'initech-java.md', 'stark-ruby.md', 'wayne-php.md'])(
    'there are none on %s',
    (file) => {
      expect(readPage(file).flatMap((document) => document.contradictions)).toEqual([])
    },
  )
})

describe('an example beside a pattern', () => {
  const tried: ReadonlyArray<[what: string, text: string, pattern: string, isBroken: boolean]> = [
    ['keeps to it', 'abc', '^[a-z]+$', false],
    ['breaks it', 'ABC', '^[a-z]+$', true],
    ['breaks one of any script', 'a1', '^\\p{L}+$', true],
    ['is not held against what is no pattern', 'abc', '(', false],
    ['is not tried where that might take for ever', `${'a'.repeat(40)}!`, '^(a+)+$', false],
    ['is not tried where that might take minutes', `${'a'.repeat(4000)}!`, '^a*a*a*a*$', false],
  ]

  test.each(tried)('%s', (_, text, pattern, isBroken) => {
    expect(breaksPattern(text, pattern)).toBe(isBroken)
  })
})
