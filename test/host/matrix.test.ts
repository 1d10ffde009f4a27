// Every variant × exchange × client authentication × media type × host. A new variant brings its tests with it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticationsOf, messageOf } from '../../src/fixture/message.ts'
import type { MockOptions } from '../../src/host/options.ts'
import type { ClientAuthenticationMethod, ContentType } from '../../src/oauth/words.ts'
import { validatorOf } from '../../src/schema/validator.ts'
import { type Exchange, exchangesOf } from '../../src/service/exchanges.ts'
import { findExchange, type LocatedVariant } from '../../src/service/lookup.ts'
import { type Refusal, type Service, wireNameOf } from '../../src/service/service.ts'
import { services } from '../../src/services/services.ts'
import { hosts, type RunningHost } from './hosts.ts'
import { contentOf, obtainRefreshToken, type Reply, send } from './token-request.ts'

interface Row {
  readonly exchange: Exchange
  readonly authentication: ClientAuthenticationMethod
  readonly contentType: ContentType
}

const variants = services.flatMap((service: Service) =>
  service.variants.map((variant) => ({ id: variant.id, service, variant })),
)
/** What is served without a word, and each variant that has to be named, alone. */
const servings: ReadonlyArray<{ serving: string; options: MockOptions; served: typeof variants }> = [
  {
    serving: 'every service',
    options: {},
    served: variants.filter(({ variant }) => variant.serving !== 'when_named'),
  },
  ...variants
    .filter(({ variant }) => variant.serving === 'when_named')
    .map((named) => ({ serving: `${named.id}, named`, options: { services: [named.id] }, served: [named] })),
]
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const runs = hosts.flatMap((host) => servings.map((serving) => ({ host, name: host.name, ...serving })))

describe.each(runs)('$name, $serving', ({ host, options, served }) => {
  let running: RunningHost
  beforeAll(async () => {
    running = await host.start(options)
  })
  afterAll(() => running.close())

  describe.each(served)('$id', (located) => {
    const ask = async (row: Row): Promise<{ reply: Reply; scope: string | undefined }> => {
      const isRefresh = row.exchange.grantType === 'refresh_token'
      const earlier = isRefresh ? await obtainRefreshToken(running, located.service) : undefined
      const credentials = earlier === undefined ? {} : { refresh_token: earlier.refresh_token }
      if (row.exchange.refreshToken === 'used') {
        const firstUse = findExchange(located, row.exchange.grantType)
        await send(running, located, messageOf(located, firstUse, { ...row, credentials }))
      }
      const message = messageOf(located, row.exchange, { ...row, credentials })
      const reply = await send(running, located, message)
      return { reply, scope: message.parameters[wireNameOf(located.variant, 'scope')] ?? earlier?.scope }
    }

    test.each(rowsOf(located).filter(isGranted))(
      '$exchange.sentence, $authentication, $contentType',
      async (row) => {
        const replies = [await ask(row), await ask(row)]
        for (const { reply, scope } of replies) expectGranted(located, row, reply, scope)
        const [first, second] = replies.map(({ reply }) => JSON.parse(reply.body))
        expect(first.access_token).not.toBe(second.access_token)
        if ('refresh_token' in first) expect(first.refresh_token).not.toBe(second.refresh_token)
      },
    )

    test.each(rowsOf(located).filter((row) => !isGranted(row)))(
      '$exchange.sentence, $authentication, $contentType',
      async (row) => {
        const { refusals, replyHeaders } = located.service
        const refusal = refusals[row.exchange.refusal ?? ''] as Refusal
        const { reply } = await ask(row)
        expect(contentOf(reply)).toEqual([refusal.status, refusal.body ?? ''])
        expectHeaders(reply, { ...replyHeaders, ...refusal.headers })
        expect(reply.headers.get('content-type')).toBe(refusal.body ? 'application/json' : null)
        expect(reply.headers.get('tokenwright-reason')).toMatch(/^[a-z0-9.-]+: [\x20-\x7e]+$/)
      },
    )
  })
})

function rowsOf({ service, variant }: LocatedVariant): readonly Row[] {
  return exchangesOf(service, variant).flatMap((exchange) =>
    authenticationsOf(service, variant).flatMap((authentication) =>
      variant.contentTypes.map((contentType) => ({ exchange, authentication, contentType })),
    ),
  )
}

function isGranted({ exchange }: Row): boolean {
  return exchange.refusal === undefined
}

function expectGranted(
  { service, variant }: LocatedVariant,
  { exchange }: Row,
  reply: Reply,
  scope: string | undefined,
): void {
  const [status, body] = contentOf(reply) as [number, Record<string, unknown>]
  const members = variant.reply.members[exchange.grantType] ?? []
  expect(status).toBe(200)
  expect(validatorOf(variant.reply.schema)(body)).toEqual([])
  expect(Object.keys(body)).toEqual(members.filter((member) => member !== 'scope' || scope !== undefined))
  if (members.includes('scope')) expect(body.scope).toBe(scope)
  expectHeaders(reply, { ...service.replyHeaders, 'content-type': 'application/json' })
  expect(reply.headers.get('tokenwright-reason')).toBeNull()
}

function expectHeaders({ headers }: Reply, expected: Readonly<Record<string, string>>): void {
  expect(headers.get('cache-control')).toBe('no-store')
  for (const [name, value] of Object.entries(expected)) {
    expect(headers.get(name)).toEqual(value === '{uuid}' ? expect.stringMatching(uuid) : value)
  }
}
