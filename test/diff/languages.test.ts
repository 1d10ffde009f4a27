// One service in several languages: which variant stands for each, and where they disagree.
import { describe, expect, test } from 'vitest'
import { languagesOf } from '../../src/diff/languages.ts'
import type { Side } from '../../src/diff/side.ts'
import { factOf, fieldOf, serviceSide, sideOf, subjectOf, variantSide } from './sides.ts'

const columnsOf = (...sides: readonly Side[]) =>
  languagesOf(sides).map(({ columns }) => columns.map(({ title }) => title))

describe('the columns of languages', () => {
  test('are the newest variant of each that is served with the service', () => {
    expect(columnsOf(serviceSide('prove'))).toEqual([
      ['Go 0.9.0', 'TypeScript 0.9.6', 'Java 0.15.0', 'C# 1.1.0'],
    ])
  })

  test('are one that has to be named where there is no other', () => {
    expect(columnsOf(serviceSide('moov'))).toEqual([['Ruby 0.1.2', 'Java 0.0.2']])
  })

  test('are those that are given in place of the newest', () => {
    expect(columnsOf(variantSide('prove/go-0.11.0'), serviceSide('prove'))).toEqual([
      ['Go 0.11.0', 'TypeScript 0.9.6', 'Java 0.15.0', 'C# 1.1.0'],
    ])
  })

  test('are what is given where each is one model', () => {
    expect(
      columnsOf(
        sideOf('a', subjectOf({ label: 'a', model: 'One' })),
        sideOf('b', subjectOf({ language: 'Go', model: 'Two' })),
      ),
    ).toEqual([['a', 'Go']])
  })

  test('are called by their labels where two are of one language and version', () => {
    const sides = ['a', 'b'].map((label) => sideOf(label, subjectOf({ label, language: 'Go' })))
    expect(columnsOf(...sides, sideOf('c', subjectOf({ language: 'Java' })))).toEqual([['a', 'b', 'Java']])
  })

  test('are none of a model in one language', () => {
    expect(columnsOf(serviceSide('rfc6749'))).toEqual([])
  })
})

const go = (said: Parameters<typeof subjectOf>[0]) => sideOf('go', subjectOf({ language: 'Go', ...said }))
const java = (said: Parameters<typeof subjectOf>[0]) =>
  sideOf('java', subjectOf({ language: 'Java', ...said }))

const disagreements: ReadonlyArray<[what: string, one: Side, other: Side, said: readonly string[]]> = [
  ['nothing', go({ path: factOf('/token') }), java({ path: factOf('/token') }), []],
  ['what one of them does not say', go({ path: factOf('/token') }), java({}), []],
  [
    'the path',
    go({ path: factOf('/token') }),
    java({ path: factOf('/v3/token') }),
    ['endpoint path value: /token | /v3/token'],
  ],
  [
    'client authentication, also that there is none',
    go({ clientAuthentication: factOf() }),
    java({ clientAuthentication: factOf('client_secret_post') }),
    ['endpoint clientAuthentication value: none | client_secret_post'],
  ],
  [
    'a parameter',
    go({ request: [fieldOf('scope')] }),
    java({ request: [fieldOf('realm')] }),
    ['request scope presence: there | not there', 'request realm presence: not there | there'],
  ],
  [
    'a plural on the wire',
    go({ request: [fieldOf('scope')] }),
    java({ request: [fieldOf('scopes')] }),
    ['request scope wire name: scope | scopes'],
  ],
  [
    'a name of other words, by what is said of it',
    go({ request: [fieldOf('tenant', { description: 'Where it is.', example: 'eu' })] }),
    java({ request: [fieldOf('region', { description: 'Where it is.', example: 'eu' })] }),
    ['request tenant wire name: tenant | region'],
  ],
  ['nothing, where one says no request', go({ request: [fieldOf('scope')] }), java({ request: [] }), []],
  [
    'a name on the wire of the same words',
    go({ request: [fieldOf('ClientID', { sdkName: 'ClientID' })] }),
    java({ request: [fieldOf('client_id', { sdkName: 'clientId' })] }),
    ['request ClientID wire name: ClientID | client_id'],
  ],
  [
    'what is required',
    go({ request: [fieldOf('scope', { required: 'always' })] }),
    java({ request: [fieldOf('scope', { required: { grantTypes: ['password'] } })] }),
    ['request scope required: required | required for password'],
  ],
  [
    'types, where both are known',
    go({ request: [fieldOf('a', { type: 'string' }), fieldOf('b', { type: 'string' })] }),
    java({ request: [fieldOf('a', { type: 'integer' }), fieldOf('b', { type: 'unknown' })] }),
    ['request a type: string | integer'],
  ],
  [
    'values, support and the reply',
    go({ reply: [fieldOf('a', { allowedValues: ['x', 'y'] }), fieldOf('b', { notSupported: true })] }),
    java({ reply: [fieldOf('a'), fieldOf('b')] }),
    ['reply b support: not supported | supported'],
  ],
  [
    'values that a schema leaves open, which allows any',
    go({ reply: [fieldOf('a', { allowedValues: ['x', 'y'] })] }),
    java({ origin: 'openapi', reply: [fieldOf('a')] }),
    ['reply a allowed values: x, y | any'],
  ],
]

describe('languages', () => {
  test.each(disagreements)('disagree in %s', (_what, one, other, said) => {
    const [report] = languagesOf([one, other])
    expect(
      report?.disagreements.map(
        ({ area, subject, about, answers }) =>
          `${area} ${subject} ${about}: ${answers.map(({ answer }) => answer).join(' | ')}`,
      ),
    ).toEqual(said)
    for (const { answers } of report?.disagreements ?? [])
      expect(answers.map(({ columns }) => columns)).toEqual([['Go'], ['Java']])
  })
})
