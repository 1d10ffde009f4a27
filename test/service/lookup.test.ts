// Which variants of a service are meant by its id, by a variant's, and by both.
import { describe, expect, test } from 'vitest'
import { findService, selectServices, servedOf } from '../../src/service/lookup.ts'
import type { Service, Variant } from '../../src/service/service.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'

const variant = (id: Variant['id'], serving?: 'with_service' | 'when_named'): Variant => ({
  ...rfc6749.variants[0],
  id,
  ...(serving !== undefined && { serving }),
})
const acme: Service = {
  ...rfc6749,
  id: 'acme',
  variants: [
    variant('acme/early', 'when_named'),
    variant('acme/plain'),
    variant('acme/misspelt', 'when_named'),
    variant('acme/stated', 'with_service'),
  ],
}
const hidden: Service = {
  ...rfc6749,
  id: 'hidden',
  variants: [variant('hidden/one', 'when_named'), variant('hidden/other', 'when_named')],
}
const services = [acme, hidden, rfc6749]
const idsOf = (service: Service) => service.variants.map(({ id }) => id)

const found: ReadonlyArray<[meant: string, id: string, variants: readonly string[]]> = [
  ['a service: the variants that it is served with', 'acme', ['acme/plain', 'acme/stated']],
  ['a variant that is served with it: that one', 'acme/plain', ['acme/plain']],
  ['a variant that has to be named: that one', 'acme/misspelt', ['acme/misspelt']],
  ['a service without any other: those to be named', 'hidden', ['hidden/one', 'hidden/other']],
]

const selected: ReadonlyArray<
  [meant: string, ids: readonly string[], variants: ReadonlyArray<readonly string[]>]
> = [
  ['nothing', [], []],
  ['a service', ['acme'], [['acme/plain', 'acme/stated']]],
  [
    'a service with one to be named, in the order of the service',
    ['acme', 'acme/early'],
    [['acme/early', 'acme/plain', 'acme/stated']],
  ],
  ['the same the other way round', ['acme/early', 'acme'], [['acme/early', 'acme/plain', 'acme/stated']]],
  ['a service with one that it is served with', ['acme', 'acme/plain'], [['acme/plain', 'acme/stated']]],
  ['variants alone', ['acme/stated', 'acme/misspelt'], [['acme/misspelt', 'acme/stated']]],
  ['services in their own order', ['hidden/other', 'acme/plain'], [['acme/plain'], ['hidden/other']]],
  ['a service without any other', ['hidden'], [['hidden/one', 'hidden/other']]],
  ['one variant of a service without any other', ['hidden', 'hidden/one'], [['hidden/one']]],
]

describe('look-up', () => {
  test.each(found)('takes an id for %s', (_meant, id, variants) => {
    expect(idsOf(findService(services, id))).toEqual(variants)
  })

  test.each(selected)('selects %s', (_meant, ids, variants) => {
    expect(selectServices(services, ids).map(idsOf)).toEqual(variants)
  })

  test('leaves a service alone that has nothing to leave out', () => {
    expect(servedOf(rfc6749)).toBe(rfc6749)
    expect(servedOf(hidden)).toBe(hidden)
  })

  test.each([
    ['a service and its variants', () => findService(services, 'acme/none')],
    ['all that could be named', () => selectServices(services, ['acme', 'acme/none'])],
  ])('lists %s where an id is unknown, those to be named among them', (_listed, look) => {
    expect(look).toThrow(
      expect.objectContaining({
        code: 'ERR_SERVICE_UNKNOWN',
        message: expect.stringContaining('got "acme/none"; known ids: acme, acme/early, acme/plain, '),
      }),
    )
  })
})
