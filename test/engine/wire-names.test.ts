// A variant that spells standard parameters in its own way, as four Prove SDKs did for a day or a week of August 2025.
import { describe, expect, test } from 'vitest'
import { interactionsOf } from '../../src/contract/interaction.ts'
import { fixture } from '../../src/fixture/fixture.ts'
import { messageOf, requestOf } from '../../src/fixture/message.ts'
import { requireSoundService } from '../../src/schema/sound-service.ts'
import { exchangesOf } from '../../src/service/exchanges.ts'
import { findExchange, findService, findVariant } from '../../src/service/lookup.ts'
import { prove } from '../../src/services/prove/service.ts'
import { engineOf } from './asking.ts'

const service = findService([prove], 'prove/go-0.11.0')
const located = findVariant([service], 'prove/go-0.11.0')
const { variant } = located
const exchanges = exchangesOf(service, variant)

describe('a variant with wire names of its own', () => {
  test('is sound', () => {
    expect(requireSoundService(service)).toBe(service)
  })

  test('has exchanges under the standard names', () => {
    expect(exchanges.map(({ id }) => id)).toEqual([
      'client_credentials',
      'client_credentials.wrong_secret',
      'client_credentials.missing_client_id',
      'client_credentials.missing_client_secret',
      'client_credentials.missing_grant_type',
      'client_credentials.unsupported_grant_type',
    ])
  })

  test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))(
    'answers %s as it documents',
    (_id, exchange) => {
      const reply = engineOf([service]).answer(requestOf(located, messageOf(located, exchange)))
      const refusal = service.refusals[exchange.refusal ?? '']
      expect(reply.status).toBe(refusal?.status ?? 200)
    },
  )

  test('is not asked for under the standard names', () => {
    const usual = findVariant([prove], 'prove/java-0.15.0')
    const exchange = findExchange(usual, 'client_credentials')
    const request = requestOf(usual, messageOf(usual, exchange))
    const { status, headers } = engineOf([service]).answer(request)
    expect(status).toBe(401)
    expect(headers['tokenwright-reason']).toContain(
      '"ClientID": expected a string, received it as "client_id"',
    )
  })

  test('has fixtures and contracts in its wire names', () => {
    expect(Object.keys(fixture(variant, { service }))).toEqual(['ClientID', 'ClientSecret', 'GrantType'])
    expect(fixture(variant, { service, exchange: 'client_credentials' }).GrantType).toBe('client_credentials')
    const [granted] = interactionsOf(located)
    expect(granted?.request.body).toEqual({
      ClientID: {
        'pact:matcher:type': 'equality',
        value: 'customer_id',
        'pact:generator:type': 'ProviderState',
        expression: `\${client_id}`,
      },
      ClientSecret: {
        'pact:matcher:type': 'equality',
        value: 'secret',
        'pact:generator:type': 'ProviderState',
        expression: `\${client_secret}`,
      },
      GrantType: { 'pact:matcher:type': 'equality', value: 'client_credentials' },
    })
  })
})
