// Whatever a page says, its service works at once: fixtures of each exchange, and each request answered by its own mock.
import { describe, expect, test } from 'vitest'
import { fixture } from '../../src/fixture/fixture.ts'
import { authenticationsOf, messageOf, requestOf } from '../../src/fixture/message.ts'
import { tokenFetch } from '../../src/host/fetch.ts'
import type { ImportedField } from '../../src/import/imported.ts'
import { draftService } from '../../src/import/service-draft.ts'
import type { StatedFacts } from '../../src/import/stated.ts'
import { type Exchange, exchangesOf } from '../../src/service/exchanges.ts'
import type { Service, Variant } from '../../src/service/service.ts'
import { document, field, loginFields } from './imported-documents.ts'

const [, id, secret] = loginFields as [ImportedField, ImportedField, ImportedField]
const grantType = (...allowedValues: readonly string[]) => field('grant_type', { allowedValues })
const assertion = [
  field('client_assertion_type', {
    allowedValues: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
  }),
  field('client_assertion'),
]

const basic = ['client_secret_basic'] as const
const post = ['client_secret_post'] as const
const pages: ReadonlyArray<[sentence: string, fields: readonly ImportedField[], stated: StatedFacts]> = [
  ['credentials in the body', loginFields, { clientAuthentication: post }],
  ['credentials in the body, and HTTP Basic', loginFields, { clientAuthentication: basic }],
  ['an id alone, and HTTP Basic', loginFields.slice(0, 2), { clientAuthentication: basic }],
  ['credentials in the body or in HTTP Basic', loginFields, { clientAuthentication: [...basic, ...post] }],
  ['credentials that nobody asks for', loginFields, { clientAuthentication: [] }],
  ['an assertion', [...loginFields.slice(0, 2), ...assertion], {}],
  ['an assertion, and HTTP Basic', [...loginFields, ...assertion], { clientAuthentication: basic }],
  ['a grant without its user', [grantType('password'), id, secret], {}],
  ['a grant with a half of its user', [grantType('password'), field('password', { required: false })], {}],
  [
    'three grants in one table',
    [grantType('client_credentials', 'password', 'refresh_token'), id, secret, field('username')],
    {},
  ],
  ['the path of another folder', loginFields, { path: '/oauth/../token' }],
  [
    'names that every object has',
    [...loginFields, field('constructor'), field('toString', { required: false }), field('valueOf')],
    { contentTypes: ['application/json'] },
  ],
  ['one name in two spellings', [...loginFields, field('clientId')], {}],
  ['a length that no value has', [...loginFields, field('region', { minLength: 10, maxLength: 5 })], {}],
  ['a pattern that no value has', [...loginFields, field('region', { pattern: '^(?<=x)y$' })], {}],
  [
    'a pattern that its example alone has',
    [
      ...loginFields,
      field('region', { pattern: '^(?=.*7$)(?!.*[a-z])[A-Z]{3}-\\d{9}7$', example: 'ABC-1234567897' }),
    ],
    {},
  ],
  [
    'values that its pattern forbids',
    [...loginFields, field('region', { allowedValues: ['eu', 'us'], pattern: '^z$' })],
    {},
  ],
]

describe.each(pages)('a page with %s', (_sentence, fields, stated) => {
  const { service } = draftService(
    [{ file: 'page.md', read: '2026-01-31', stated, documents: [document({ fields })] }],
    {
      id: 'acme',
    },
  )
  const [variant] = service.variants
  const exchanges = exchangesOf(service, variant)

  test('has fixtures of each exchange', () => {
    const made = exchanges.flatMap((exchange) =>
      [1, 2, 3, 4, 5].map((seed) => fixture(variant as Variant, { exchange: exchange.id, seed, service })),
    )
    expect(made.length).toBe(exchanges.length * 5)
  })

  test('has a mock that answers as the contracts ask', async () => {
    const asked = exchanges.filter(
      ({ isDocumented, refreshToken }) => isDocumented && refreshToken === undefined,
    )
    const expected = asked.map(({ id, refusal }) => [
      id,
      refusal === undefined ? 200 : service.refusals[refusal]?.status,
    ])
    for (const authentication of authenticationsOf(service, variant))
      expect(await Promise.all(asked.map((exchange) => ask(service, exchange, authentication)))).toEqual(
        expected,
      )
  })
})

async function ask(
  service: Service,
  exchange: Exchange,
  authentication: ReturnType<typeof authenticationsOf>[number],
): Promise<readonly [exchange: string, status: number]> {
  const located = { service, variant: service.variants[0] }
  const handle = tokenFetch({ services: [service] })
  const send = async (parameters: Readonly<Record<string, string>>, asked: Exchange) => {
    const { path, headers, body } = requestOf(
      located,
      messageOf(located, asked, { authentication, parameters }),
    )
    const address = new URL(path, 'https://mock.example')
    return await handle(
      new Request(address, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: Buffer.from(body),
      }),
    )
  }
  const parameters: Record<string, string> = {}
  const first = exchangesOf(service, located.variant)[0]
  if (exchange.id === 'refresh_token' && first !== undefined) {
    const { refresh_token } = (await (await send({}, first)).json()) as { refresh_token: string }
    parameters.refresh_token = refresh_token
  }
  return [exchange.id, (await send(parameters, exchange)).status]
}
