// What sentences of documentation say of a field, and what they leave to a person.
import { describe, expect, test } from 'vitest'
import { type ProseFacts, readProse } from '../../src/import/prose.ts'

const at = { file: 'page.md', line: 7, words: '' }

type Said = Partial<Omit<ProseFacts, 'provenance' | 'needsReview'>>

const silent: Omit<ProseFacts, 'provenance' | 'needsReview'> = {
  allowedValues: null,
  required: null,
  requiredWhen: null,
  httpBasic: null,
  notSupported: false,
  deprecated: false,
  minLength: null,
  maxLength: null,
  pattern: null,
  isSpaceDelimited: false,
  default: null,
  example: null,
}

const values = (...allowedValues: readonly string[]): Said => ({ allowedValues })
const whenGrant = (value: string): Said => ({
  required: false,
  requiredWhen: { parameter: 'grant_type', value },
})

const understood: readonly (readonly [sentence: string, said: Said])[] = [
  ['GrantType only allows option: `password`.', values('password')],
  ['This field only accepts `client_credentials`.', values('client_credentials')],
  ['Only accepts client_credentials.', values('client_credentials')],
  ['Only `a` and `b` are supported.', values('a', 'b')],
  ['Must be `x`.', values('x')],
  ['**Must be** [`x`](https://acme.example/x).', values('x')],
  ['Must be set to client_credentials.', values('client_credentials')],
  ['The value is always `Bearer`.', values('Bearer')],
  ['One of `a`, `b` or `c`.', values('a', 'b', 'c')],
  ['One of the following values: "a", "b"', values('a', 'b')],
  ['One of: a, b, c', values('a', 'b', 'c')],
  ['Can be either `a` or `b`.', values('a', 'b')],
  ['The value is either header or body.', values('header', 'body')],
  ['Allowed values: read, write', values('read', 'write')],
  ['Valid values are `a` and `b`.', values('a', 'b')],
  ['Possible values: `a` | `b`', values('a', 'b')],
  ['The grant.\n- `a`: the first\n- `b`: the second', values('a', 'b')],
  ['The grant.<br/><br/>  - `a`: the first<br/>  - `b`: the second', values('a', 'b')],
  [
    'Allowed values:<br/>* client_credentials: for machines<br/>* refresh_token',
    values('client_credentials', 'refresh_token'),
  ],
  ['Required when `grant_type` is `refresh_token`.', whenGrant('refresh_token')],
  ['Required if GrantType is `RefreshToken`.', whenGrant('refresh_token')],
  ['Required when grantType equals "refresh_token"', whenGrant('refresh_token')],
  ['Required when the grant type is password.', whenGrant('password')],
  ['Required when `grant_type=refresh_token`.', whenGrant('refresh_token')],
  ['Required for the `refresh_token` grant.', whenGrant('refresh_token')],
  ['Required for the refresh token grant.', whenGrant('refresh_token')],
  ['Required for grant type `x`.', whenGrant('x')],
  ['Only required for the `password` grant type.', whenGrant('password')],
  ['Must be provided if `grant_type` is `password`.', whenGrant('password')],
  ['If `grant_type` is `password`, this field is required.', whenGrant('password')],
  ['Required when `mode` is `jwt`.', { required: false, requiredWhen: { parameter: 'mode', value: 'jwt' } }],
  ['Required.', { required: true }],
  ['This field is required.', { required: true }],
  ['Must be provided.', { required: true }],
  ['This field is not optional.', { required: true }],
  ['Optional.', { required: false }],
  ['Optional client ID.', { required: false }],
  ['ClientID is the optional client ID.', { required: false }],
  ['Not required.', { required: false }],
  ['May be omitted.', { required: false }],
  ['Can be provided here in the body, or as the Username in HTTP Basic Auth.', { httpBasic: 'username' }],
  ['May be sent in the body or as the password of HTTP Basic.', { httpBasic: 'password' }],
  ['A refresh token. Not currently supported.', { notSupported: true }],
  ['This field is not yet supported.', { notSupported: true }],
  ['Deprecated: use `y`.', { deprecated: true }],
  [': warning: ** DEPRECATED **: This will go, please move on.', { deprecated: true }],
  ['This field is deprecated.', { deprecated: true }],
  ['Maximum length 40.', { maxLength: 40 }],
  ['Up to 40 characters.', { maxLength: 40 }],
  ['Max. 40 chars', { maxLength: 40 }],
  ['4,096 characters max', { maxLength: 4096 }],
  ['Must not exceed 40 characters.', { maxLength: 40 }],
  ['Between 3 and 40 characters.', { minLength: 3, maxLength: 40 }],
  ['At least 8 characters.', { minLength: 8 }],
  ['Must be 32 characters long.', { minLength: 32, maxLength: 32 }],
  ['A space delimited list of scopes.', { isSpaceDelimited: true }],
  ['Scopes, separated by spaces.', { isSpaceDelimited: true }],
  ['Defaults to `x`.', { default: 'x' }],
  ['Default: 3600', { default: '3600' }],
  ['Defaults to 3600.', { default: '3600' }],
  ['Matches `^[a-z]+$`.', { pattern: '^[a-z]+$' }],
  ['A lifetime, e.g. `3600`.', { example: '3600' }],
  ['Enum: `a` `b` `c`', values('a', 'b', 'c')],
  ['Any of "a" "b"', values('a', 'b')],
  ['Values: `a`, `b` (deprecated).', values('a', 'b')],
  ['Must be `x` for this request.', values('x')],
  ['Set this to `x`.', values('x')],
  ['The grant. Set to `x`.', values('x')],
  ['Set it to `x`.', values('x')],
  ['Use `x`.', values('x')],
  ['Should be `x`.', values('x')],
  ['The value `x`.', values('x')],
  ['Only the `x` grant is supported.', values('x')],
  ['Deprecated. Use `other`.', { deprecated: true }],
  ['No longer supported.', { notSupported: true, deprecated: true }],
  ['Obsolete.', { deprecated: true }],
  ['Required if `password` is the `grant_type`.', whenGrant('password')],
  [
    'Required if the scope is `openid`.',
    { required: false, requiredWhen: { parameter: 'scope', value: 'openid' } },
  ],
  ['A 34 character string that names the client.', { minLength: 34, maxLength: 34 }],
  ['Limit 100 characters', { maxLength: 100 }],
  ['Matches the pattern `/^[a-z]+$/`.', { pattern: '^[a-z]+$' }],
  ['Defaults to 3600 seconds.', { default: '3600' }],
  ['Required. Must be `x`. Up to 5 characters.', { required: true, allowedValues: ['x'], maxLength: 5 }],
]

const silentOnes: readonly string[] = [
  'The client ID.',
  'Must be unique.',
  'Must be a string.',
  'One of our partners.',
  'Either in the body or in the header.',
  'No longer deprecated.',
  'Replaces the deprecated `x`.',
  'Sent as required.',
  'Defaults to the scopes of the client.',
  'Errors:\n- `a`: the first\n- `b`: the second',
]

const open: readonly (readonly [sentence: string, about: string])[] = [
  ['Required when `grant_type` is not `x`.', 'when the field is required'],
  ['Required unless `grant_type` is `x`.', 'when the field is required'],
  ['Required when `grant_type` is `a` or `b`.', 'when the field is required'],
  ['Required when `client_id` is provided.', 'when the field is required'],
  ['Required for refresh.', 'when the field is required'],
  ['Not required when `grant_type` is `x`.', 'when the field is required'],
  ['Optional when `grant_type` is `x`.', 'when the field is required'],
  ['No longer required.', 'when the field is required'],
  ['Must be provided in the body or via a header.', 'when the field is required'],
  [
    'Cannot be sent as the Username in HTTP Basic, or as the Username in HTTP Basic.',
    'when the field is required',
  ],
  ['Must not always be `x`; must be `y`.', 'which values are allowed'],
  ['Must be `x` when `y` is sent.', 'which values are allowed'],
  ['Only accepts `x` until version 2.', 'which values are allowed'],
  ['Not supported in the sandbox.', 'whether the field is supported'],
  ['Values other than `x` are not supported.', 'whether the field is supported'],
  ['At most 40 bytes, max 40.', 'how long or how large the value may be'],
  ['Maximum: 3600', 'how long or how large the value may be'],
  ['Comma or space-separated.', 'how a list is written'],
  ['Defaults to `x` when `y` is sent.', 'what the default is'],
  ['Defaults to `scope` of the client.', 'what the default is'],
  ['Must be `base64` encoded.', 'which values are allowed'],
  ['One of the `redirect_uris` of the client.', 'which values are allowed'],
  ['Must contain `@`.', 'which values are allowed'],
  ['Must contain the `openid` scope.', 'which values are allowed'],
  ['Only accepts `application/json` as content type.', 'which values are allowed'],
  ['May be `a`, `b` or any custom value.', 'which values are allowed'],
  ['Must be client_credentials, refresh_token.', 'which values are allowed'],
  ['Use `x` for machines.', 'which values are allowed'],
  ['Always `null`.', 'which values are allowed'],
  ['Must match the `password` field.', 'what the value looks like'],
  ['Must match the `redirect_uri` of the request.', 'what the value looks like'],
  ['Must match `client_id`.', 'what the value looks like'],
  ['Must match the pattern `/^a+$/i`.', 'what the value looks like'],
  ['Required only if the application is confidential.', 'when the field is required'],
  ['Required if the scope is wide.', 'when the field is required'],
  ['No longer supported in the sandbox.', 'whether the field is supported'],
]

describe('prose', () => {
  test.each(understood)('says: %s', (sentence, said) => {
    const { provenance, needsReview, ...facts } = readProse(sentence, at)
    expect([facts, needsReview]).toEqual([{ ...silent, ...said }, []])
    expect(Object.keys(provenance).sort()).toEqual(Object.keys(said).sort())
  })

  test.each(silentOnes)('says nothing: %s', (sentence) => {
    expect(readProse(sentence, at)).toEqual({ ...silent, provenance: {}, needsReview: [] })
  })

  test.each(open)('is left to a person: %s', (sentence, about) => {
    expect(readProse(sentence, at)).toEqual({
      ...silent,
      provenance: {},
      needsReview: [`Decide ${about}: the prose says "${sentence}"`],
    })
  })

  test.each([
    ['Cannot be provided here in the body, but must be sent as the Username in HTTP Basic Auth.', 'username'],
    ['Must be provided as the Password in HTTP Basic Auth.', 'password'],
  ])('says what HTTP Basic carries, and leaves the body to a person: %s', (sentence, httpBasic) => {
    const { provenance, needsReview, ...facts } = readProse(sentence, at)
    expect([facts, needsReview]).toEqual([
      { ...silent, httpBasic },
      [`Decide when the field is required: the prose says "${sentence}"`],
    ])
  })

  test('keeps the words of each fact as they stand, markup included', () => {
    const { provenance } = readProse('The *grant*. It **must be** [`x`](/x). Up to 40 characters.', at)
    expect(provenance).toEqual({
      allowedValues: { ...at, words: 'It **must be** [`x`](/x).' },
      maxLength: { ...at, words: 'Up to 40 characters.' },
    })
  })

  test('that says two things of one fact keeps the first, and states the second', () => {
    const { maxLength, needsReview } = readProse('Up to 40 characters. Up to 50 characters.', at)
    expect([maxLength, needsReview]).toEqual([
      40,
      ['Beside "Up to 40 characters." the prose says: "Up to 50 characters."'],
    ])
  })
})
