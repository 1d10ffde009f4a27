// What holds of every request, whatever the service and whatever it is filled with.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCredentialName } from '../../src/contract/interaction.ts'
import { fixture } from '../../src/fixture/fixture.ts'
import { authenticationsOf, messageOf, requestOf } from '../../src/fixture/message.ts'
import type { HttpReply } from '../../src/oauth/message.ts'
import type { ContentType } from '../../src/oauth/words.ts'
import { type Exchange, exchangesOf, type WireParameters } from '../../src/service/exchanges.ts'
import { findExchange, findService } from '../../src/service/lookup.ts'
import {
  grantTypesOf,
  type Service,
  standardNameOf,
  type Variant,
  wireNameOf,
} from '../../src/service/service.ts'
import { services } from '../../src/services/services.ts'
import { forEvery, text } from '../oauth/properties.ts'
import {
  type AskedEngine,
  engineOf,
  postOf,
  refreshableExchange,
  ruleIn,
  type SentParameters,
} from './asking.ts'

interface Case {
  readonly service: Service
  readonly variant: Variant
  readonly exchange: Exchange
  readonly contentType: ContentType
}

const all: readonly Service[] = services
const cases: readonly Case[] = all.flatMap((whole) =>
  whole.variants.flatMap((variant) => {
    const service = findService(all, variant.serving === 'when_named' ? variant.id : whole.id)
    return variant.contentTypes.flatMap((contentType) =>
      exchangesOf(service, variant).map((exchange) => ({ service, variant, exchange, contentType })),
    )
  }),
)
const grantedCases = cases.filter(({ exchange }) => exchange.refusal === undefined)
const numRuns = 50

describe('every request', () => {
  test.each(grantedCases)(
    '$variant.id $exchange.id, $contentType: an unlisted grant_type is unsupported',
    (each) => {
      const engine = engineOf([each.service])
      const listed = new Set(grantTypesAt(each))
      const unlisted = text.filter((grantType) => grantType !== '' && !listed.has(grantType))
      forEvery([unlisted], (grantType) => {
        const reply = ask(engine, each, (parameters) =>
          replaced(parameters, wireNameOf(each.variant, 'grant_type'), grantType),
        )
        const { status, body } = each.service.refusals.unsupported_grant_type
        expect([reply.status, JSON.parse(reply.body), ruleIn(reply)]).toEqual([
          status,
          body,
          'rfc6749-5.2-unsupported-grant-type',
        ])
      })
    },
  )

  test.each(cases)(
    '$variant.id $exchange.id, $contentType: the order of parameters never matters',
    (each) => {
      const engine = engineOf([each.service])
      const expected = outcomeOf(ask(engine, each))
      forEvery(
        [fc.infiniteStream(fc.nat())],
        (choices) => {
          const shuffle = (parameters: SentParameters) =>
            parameters
              .map((parameter) => ({ parameter, place: choices.next().value }))
              .sort((one, other) => one.place - other.place)
              .map(({ parameter }) => parameter)
          expect(outcomeOf(ask(engine, each, shuffle))).toEqual(expected)
        },
        numRuns,
      )
    },
  )

  test.each(cases)('$variant.id $exchange.id, $contentType: unknown parameters are ignored', (each) => {
    const engine = engineOf([each.service])
    const expected = outcomeOf(ask(engine, each))
    const documented = documentedNames(each.service)
    const name = fc.oneof(
      text,
      fc.constantFrom('__proto__', 'constructor', 'toString', 'grant_type[]', ' scope'),
    )
    const unknown = fc.array(
      fc.tuple(
        name.filter((name) => !documented.has(name)),
        text,
      ),
    )
    forEvery(
      [unknown, unknown],
      (before, after) => {
        // Each of them twice: RFC 6749 §3.2 forbids repeating a parameter, and has unknown ones ignored.
        const surrounded = (parameters: SentParameters) => [
          ...before,
          ...after,
          ...parameters,
          ...before,
          ...after,
        ]
        expect(outcomeOf(ask(engine, each, surrounded))).toEqual(expected)
      },
      numRuns,
    )
  })

  test.each(grantedCases.filter(({ exchange }) => exchange.grantType !== 'refresh_token'))(
    '$variant.id $exchange.id, $contentType: any fixture is granted with the documented credentials',
    ({ service, variant, exchange, contentType }) => {
      const engine = engineOf([service])
      const located = { service, variant }
      const methods = authenticationsOf(service, variant)
      const authentication = methods.find((method) => method !== 'client_secret_basic') ?? methods[0]
      const message = messageOf(located, exchange, { contentType, ...(authentication && { authentication }) })
      const { path, headers } = requestOf(located, message)
      const credentials: WireParameters = Object.fromEntries(
        Object.entries(message.parameters).filter(([name]) =>
          isCredentialName(standardNameOf(variant, name)),
        ),
      )
      forEvery(
        [fc.nat()],
        (seed) => {
          const generated: WireParameters = fixture(variant, { exchange: exchange.id, seed })
          const parameters = { ...generated, ...credentials }
          const reply = engine.answer(postOf(path, contentType, Object.entries(parameters), headers))
          expect([reply.status, ruleIn(reply)]).toEqual([200, ''])
        },
        numRuns,
      )
    },
  )
})

/** The reply to the exchange's request, with its body's parameters changed. */
function ask(
  engine: AskedEngine,
  { service, variant, exchange, contentType }: Case,
  change: (parameters: SentParameters) => SentParameters = (parameters) => parameters,
): HttpReply {
  const located = { service, variant }
  const refresh_token = exchange.grantType === 'refresh_token' ? issuedBy(engine, service) : undefined
  const credentials = refresh_token === undefined ? {} : { refresh_token }
  if (exchange.refreshToken === 'used') {
    const firstUse = findExchange(located, exchange.grantType)
    engine.answer(requestOf(located, messageOf(located, firstUse, { contentType, credentials })))
  }
  const message = messageOf(located, exchange, { contentType, credentials })
  const { path, headers } = requestOf(located, message)
  return engine.answer(postOf(path, contentType, change(Object.entries(message.parameters)), headers))
}

function issuedBy(engine: AskedEngine, service: Service): string | undefined {
  const refreshable = refreshableExchange(service)
  if (refreshable === undefined) return undefined
  const { located, exchange } = refreshable
  const { body } = engine.answer(requestOf(located, messageOf(located, exchange)))
  return JSON.parse(body).refresh_token
}

/** What may not change: the status, the rule, and the body up to the values of tokens. */
function outcomeOf(reply: HttpReply): readonly unknown[] {
  const body = reply.body === '' ? '' : JSON.parse(reply.body)
  return [reply.status, ruleIn(reply), reply.status === 200 ? Object.keys(body) : body]
}

function replaced(parameters: SentParameters, name: string, value: string): SentParameters {
  return parameters.map((parameter) => (parameter[0] === name ? [name, value] : parameter))
}

function grantTypesAt({ service, variant }: Case): readonly string[] {
  return service.variants.filter(({ endpoint }) => endpoint === variant.endpoint).flatMap(grantTypesOf)
}

function documentedNames({ variants }: Service): ReadonlySet<string> {
  const grants = variants.flatMap(({ request }) => request.oneOf)
  return new Set(grants.flatMap(({ properties }) => Object.keys(properties)))
}
