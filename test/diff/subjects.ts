// Subjects of invented vendors, and the change of one fact that each kind of rule is about.

import type { FieldKind, FieldPlace } from '../../src/diff/rules.ts'
import type { ComparedFact, ComparedField, ComparedRefusal, Subject } from '../../src/diff/subject.ts'
import type { Provenance } from '../../src/import/imported.ts'

/** A place in a page, told apart from others by its words. */
export function readAt(words: string): Provenance {
  return { file: 'acme/token-request.md', line: 7, words }
}

/** A field of which nothing is said but its name. */
export function field(wireName: string, facts: Partial<ComparedField> = {}): ComparedField {
  return {
    wireName,
    sdkName: null,
    notation: null,
    type: null,
    required: null,
    allowedValues: null,
    pattern: null,
    minLength: null,
    maxLength: null,
    example: null,
    description: null,
    notSupported: false,
    deprecated: false,
    provenance: readAt(wireName),
    ...facts,
  }
}

/** The field that lists the grants. */
export function grantType(...allowedValues: string[]): ComparedField {
  return field('grant_type', { type: 'string', required: 'always', allowedValues })
}

/** A fact about the wire. */
export function fact(...values: string[]): ComparedFact {
  return { values, provenance: readAt(values.join(' ')) }
}

/** A refusal that is known by its status alone. */
export function refusal(status: number, members: readonly ComparedField[] | null = null): ComparedRefusal {
  return { name: String(status), status, members, provenance: readAt(String(status)) }
}

/** A subject whose schema says nothing but that there is a request. */
export function subject(facts: Partial<Subject> = {}): Subject {
  return {
    origin: 'openapi',
    label: 'acme',
    model: 'TokenRequest',
    language: 'Go',
    version: null,
    method: null,
    path: null,
    contentTypes: null,
    clientAuthentication: null,
    request: [field('anchor')],
    reply: null,
    refusals: null,
    ...facts,
  }
}

/** A subject with these fields in one place, behind those that are there. */
export function withFields(place: FieldPlace, fields: readonly ComparedField[], rest: Partial<Subject> = {}) {
  const whole = subject(rest)
  if (place === 'request-parameter') return { ...whole, request: [...whole.request, ...fields] }
  if (place === 'request-header') return { ...whole, requestHeaders: fields }
  if (place === 'reply-member') return { ...whole, reply: fields }
  if (place === 'reply-header') return { ...whole, headers: fields }
  return { ...whole, refusals: [refusal(400, fields)] }
}

/** One fact of a field, before and after; `null`: the field is not there. */
export interface FieldExample {
  readonly before: Partial<ComparedField> | null
  readonly after: Partial<ComparedField> | null
  /** The grants of both sides, where the rule asks for them. */
  readonly grants?: readonly string[]
  /** The rule that necessarily comes with it. */
  readonly with?: FieldKind
}

const password = { grantTypes: ['password'] }
const refresh = { grantTypes: ['refresh_token'] }
const both = { grantTypes: ['password', 'refresh_token'] }

/** Each kind of change once. */
export const fieldExamples: Readonly<Record<FieldKind, FieldExample>> = {
  'added-required': { before: null, after: { required: 'always' } },
  'removed-required': { before: { required: 'always' }, after: null },
  'added-conditional': { before: null, after: { required: password } },
  'removed-conditional': { before: { required: password }, after: null },
  'added-with-grant': { before: null, after: { required: refresh }, grants: ['password'] },
  'removed-with-grant': { before: { required: refresh }, after: null, grants: ['password'] },
  'added-optional': { before: null, after: { required: 'never' } },
  'removed-optional': { before: { required: 'never' }, after: null },
  'added-undetermined': { before: null, after: { required: null } },
  'removed-undetermined': { before: { required: null }, after: null },
  renamed: { before: { wireName: 'api_key' }, after: { wireName: 'ApiKey' } },
  'now-required': { before: { required: 'never' }, after: { required: 'always' } },
  'now-optional': { before: { required: 'always' }, after: { required: 'never' } },
  'now-conditional': { before: { required: 'never' }, after: { required: password } },
  'no-longer-conditional': { before: { required: password }, after: { required: 'never' } },
  'required-for-more-grants': { before: { required: password }, after: { required: both } },
  'required-for-fewer-grants': { before: { required: both }, after: { required: password } },
  'required-for-other-grants': { before: { required: password }, after: { required: refresh } },
  'required-for-same-grants': {
    before: { required: 'always' },
    after: { required: password },
    grants: ['password'],
  },
  'values-narrowed': { before: { allowedValues: null }, after: { allowedValues: ['one'] } },
  'values-widened': { before: { allowedValues: ['one'] }, after: { allowedValues: ['one', 'two'] } },
  'values-replaced': { before: { allowedValues: ['one'] }, after: { allowedValues: ['two'] } },
  'type-narrowed': { before: { type: 'number' }, after: { type: 'integer' } },
  'type-widened': { before: { type: 'integer' }, after: { type: 'number' } },
  'type-changed': { before: { type: 'integer' }, after: { type: 'string' } },
  'items-changed': {
    before: { type: 'array', items: 'string' },
    after: { type: 'array', items: 'integer' },
  },
  'now-nullable': { before: { nullable: false }, after: { nullable: true } },
  'no-longer-nullable': { before: { nullable: true }, after: { nullable: false } },
  'pattern-added': { before: { pattern: null }, after: { pattern: '^a+$' } },
  'pattern-removed': { before: { pattern: '^a+$' }, after: { pattern: null } },
  'pattern-changed': { before: { pattern: '^a+$' }, after: { pattern: '^b+$' } },
  'length-narrowed': { before: { maxLength: 64 }, after: { maxLength: 32 } },
  'length-widened': { before: { minLength: 2 }, after: { minLength: 1 } },
  'length-changed': {
    before: { minLength: 1, maxLength: 8 },
    after: { minLength: 2, maxLength: 9 },
  },
  'now-not-supported': { before: { notSupported: false }, after: { notSupported: true } },
  'now-supported': { before: { notSupported: true }, after: { notSupported: false } },
  'default-changed': { before: { default: 'one' }, after: { default: 'two' } },
  'example-outside-values': {
    before: { allowedValues: ['one'], example: 'one' },
    after: { allowedValues: ['one'], example: 'two' },
  },
  'example-inside-values': {
    before: { allowedValues: ['one'], example: 'two' },
    after: { allowedValues: ['one'], example: 'one' },
  },
  'sdk-name-added': {
    before: null,
    after: { required: 'never', sdkName: 'APIKey' },
    with: 'added-optional',
  },
  'sdk-name-removed': {
    before: { required: 'never', sdkName: 'APIKey' },
    after: null,
    with: 'removed-optional',
  },
  'sdk-name-changed': { before: { sdkName: 'APIKey' }, after: { sdkName: 'Key' } },
  'sdk-type-changed': {
    before: { type: 'string', notation: '*string*' },
    after: { type: 'string', notation: '[components.Key](key.md)' },
  },
  'sdk-type-now-optional': {
    before: { notation: '*string*', isOptionalType: false },
    after: { notation: '**string*', isOptionalType: true },
  },
  'sdk-type-no-longer-optional': {
    before: { notation: '*Optional<? extends String>*', isOptionalType: true },
    after: { notation: '*String*', isOptionalType: false },
  },
  'notation-changed': { before: { notation: '*string*' }, after: { notation: '`string`' } },
  'example-changed': { before: { example: 'one' }, after: { example: 'two' } },
  'description-changed': { before: { description: 'The key.' }, after: { description: 'Your key.' } },
  'now-deprecated': { before: { deprecated: false }, after: { deprecated: true } },
  'no-longer-deprecated': { before: { deprecated: true }, after: { deprecated: false } },
}
