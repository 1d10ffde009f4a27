// Scope values.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatForm, parseForm } from '../../src/oauth/form.ts'
import { isScopeWithin } from '../../src/oauth/scope.ts'
import { violationsOf } from '../../src/schema/request.ts'
import { grantTypeOf, type Service, wireNameOf } from '../../src/service/service.ts'
import { services } from '../../src/services/services.ts'
import { forEvery, scopeToken, scopeTokens } from './properties.ts'

const all: readonly Service[] = services
const grantsWithScope = all.flatMap(({ variants }) =>
  variants.flatMap((variant) =>
    variant.request.oneOf
      .filter(({ properties }) => properties[wireNameOf(variant, 'scope')] !== undefined)
      .map((grant) => ({
        variant,
        grantType: grantTypeOf(variant, grant),
        name: wireNameOf(variant, 'scope'),
      })),
  ),
)

describe('scope', () => {
  test('every valid scope survives the form codec', () => {
    forEvery([scopeTokens], (tokens) => {
      const scope = tokens.join(' ')
      expect(parseForm(formatForm([['scope', scope]]))).toEqual([['scope', scope]])
    })
  })

  test.each(grantsWithScope)(
    '$variant.id: the schema of $grantType takes every valid scope, and none that RFC 6749 appendix A.4 forbids',
    ({ variant, grantType, name }) => {
      const violationsFor = (scope: string) =>
        violationsOf(variant, { grant_type: grantType, [name]: scope }).filter(
          ({ parameter }) => parameter === name,
        )
      forEvery([scopeTokens], (tokens) => expect(violationsFor(tokens.join(' '))).toEqual([]))
      const forbidden = fc.constantFrom('"', '\\', '\x7f', '\t', '\n', 'é', '  ', '\0')
      forEvery([scopeToken, forbidden, scopeToken], (before, between, after) =>
        expect(violationsFor(before + between + after)).toHaveLength(1),
      )
      for (const scope of ['', ' ', ' a', 'a ']) expect(violationsFor(scope)).not.toEqual([])
    },
  )

  test('the order of tokens never matters, and repeating one widens nothing', () => {
    forEvery([scopeTokens], (tokens) => {
      const reversed = [...tokens, ...tokens].reverse().join(' ')
      expect(isScopeWithin(reversed, tokens.join(' '))).toBe(true)
    })
  })

  test('one more token is too many', () => {
    forEvery([scopeTokens, scopeToken], (tokens, other) => {
      fc.pre(!tokens.includes(other))
      expect(isScopeWithin([...tokens, other].join(' '), tokens.join(' '))).toBe(false)
    })
  })

  const comparisons: ReadonlyArray<[scope: string, allowed: string, isWithin: boolean]> = [
    ['read', 'read write', true],
    ['Read', 'read write', false],
    ['rea', 'read write', false],
    ['read write', 'write read', true],
    ['read write', 'read', false],
  ]

  test.each(comparisons)('%j against %j: %s', (scope, allowed, isWithin) => {
    expect(isScopeWithin(scope, allowed)).toBe(isWithin)
  })
})
