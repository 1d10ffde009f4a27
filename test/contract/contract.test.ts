// The committed contracts: what is in them, who sent them, and that the sources give them again byte for byte.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contractFileOf, writeContract } from '../../src/contract/contract.ts'
import { interactionsOf, isCredentialName } from '../../src/contract/interaction.ts'
import { authenticationsOf } from '../../src/fixture/message.ts'
import { parseBasic } from '../../src/oauth/basic.ts'
import { parseForm } from '../../src/oauth/form.ts'
import { wrongValue } from '../../src/service/exchanges.ts'
import { findExchange, type LocatedVariant } from '../../src/service/lookup.ts'
import {
  clientAuthenticationOf,
  grantTypesOf,
  type Service,
  standardNameOf,
  type Variant,
  wireNameOf,
} from '../../src/service/service.ts'
import { services } from '../../src/services/services.ts'
import { root } from '../source-files.ts'

interface Interaction {
  readonly comments: { readonly tokenwright: Readonly<Record<string, string>> }
  readonly request: {
    readonly headers: Readonly<Record<string, readonly string[]>>
    readonly body?: { readonly content: unknown; readonly contentType: string }
    readonly generators?: Readonly<Record<string, Readonly<Record<string, object>>>>
    readonly matchingRules?: Readonly<Record<string, Readonly<Record<string, object>>>>
  }
}

interface Contract {
  readonly consumer: { readonly name: string }
  readonly provider: { readonly name: string }
  readonly metadata: Readonly<Record<string, object>>
  readonly interactions: readonly Interaction[]
}

const all: readonly Service[] = services
const variants = all.flatMap((service) =>
  service.variants.map((variant): [string, LocatedVariant] => [variant.id, { service, variant }]),
)
const wire = 'tokenwright, in the documented wire form'
let scratch: string
let systemTmpdir: string | undefined

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'contracts-'))
  systemTmpdir = process.env.TMPDIR
  process.env.TMPDIR = scratch
})
afterAll(() => {
  if (systemTmpdir === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = systemTmpdir
  rmSync(scratch, { recursive: true, force: true })
})

describe('the contracts', () => {
  test.each(variants)(
    'contracts/%s.json is a fresh generation, and nothing else is left',
    async (id, located) => {
      const directory = join(scratch, 'fresh')
      const { file } = await writeContract(located, directory)
      expect(readFileSync(file, 'utf8')).toBe(readFileSync(join(root, 'contracts', `${id}.json`), 'utf8'))
      expect(readdirSync(scratch, { recursive: true })).toEqual([
        'fresh',
        `fresh/${located.service.id}`,
        `fresh/${id}.json`,
      ])
      rmSync(directory, { recursive: true })
    },
  )

  test.each(variants)("%s is between the document's SDK and the service", (id, { service, variant }) => {
    const { consumer, provider, metadata } = contractOf(id)
    expect(consumer).toEqual({ name: `${variant.document.sdk} ${variant.document.version}` })
    expect(provider).toEqual({ name: service.id })
    expect(metadata.pactSpecification).toEqual({ version: '4.0' })
  })

  test.each(variants)(
    '%s grants each grant, and refuses a wrong secret, a missing parameter and an unsupported grant',
    (id, { service, variant }) => {
      const exchanges = new Set(
        contractOf(id).interactions.map(({ comments }) => comments.tokenwright.exchange),
      )
      const [method] = authenticationsOf(service, variant)
      for (const grant of grantTypesOf(variant)) {
        const secret = method === 'none' ? 'wrong_password' : 'wrong_secret'
        const some = [
          grant,
          `${grant}.${secret}`,
          `${grant}.missing_grant_type`,
          `${grant}.unsupported_grant_type`,
        ]
        expect([...exchanges]).toEqual(expect.arrayContaining(some))
      }
    },
  )

  test.each(variants)(
    '%s has every documented exchange by every client authentication method',
    (id, located) => {
      const expected = interactionsOf(located).map(({ exchange, authentication }) => [
        exchange.id,
        authentication,
      ])
      const written = contractOf(id).interactions.map(({ comments }) => [
        comments.tokenwright.exchange,
        comments.tokenwright.client_authentication,
      ])
      expect(written.sort()).toEqual(expected.sort())
    },
  )

  test.each(variants)('%s says who sent its requests', (id, { variant }) => {
    const { interactions, metadata } = contractOf(id)
    const senders = interactions.map(({ comments }) => comments.tokenwright.sent_by)
    const sdk = '@prove-identity/prove-api 0.9.6'
    expect(metadata.tokenwright).toEqual({
      variant: id,
      document: variant.document.source.document,
      sent_by: variant.document.npm === undefined ? [wire] : [sdk, wire],
    })
    expect(new Set(senders)).toEqual(new Set(variant.document.npm === undefined ? [wire] : [sdk, wire]))
  })

  test('the SDK sends whatever it can be made to send', () => {
    const sent = contractOf('prove/typescript-0.9.6').interactions.map(({ comments }) => [
      comments.tokenwright.exchange,
      comments.tokenwright.sent_by,
    ])
    expect(Object.fromEntries(sent)).toEqual({
      client_credentials: '@prove-identity/prove-api 0.9.6',
      'client_credentials.wrong_secret': '@prove-identity/prove-api 0.9.6',
      'client_credentials.missing_grant_type': wire,
      'client_credentials.unsupported_grant_type': '@prove-identity/prove-api 0.9.6',
    })
  })

  test.each(variants)('%s has a matching rule for every parameter of every body', (id) => {
    for (const { request } of contractOf(id).interactions) {
      const rules = Object.keys(request.matchingRules?.body ?? {})
      expect(rules.sort()).toEqual(
        Object.keys(parametersOf(request))
          .map((name) => `$.${name}`)
          .sort(),
      )
    }
  })

  test.each(variants)(
    '%s has its credentials from the provider state, the documented examples beside',
    (id, located) => {
      const { variant } = located
      for (const { request, comments } of contractOf(id).interactions) {
        const { refreshToken } = findExchange(located, comments.tokenwright.exchange ?? '')
        const refresh_token = refreshToken && `${refreshToken}_refresh_token`
        const stateValue = (name: string) => (name === 'refresh_token' && refresh_token) || name
        const credentials = Object.entries(parametersOf(request)).filter(
          ([name, value]) => isCredentialName(standardNameOf(variant, name)) && value !== wrongValue,
        )
        const generators = credentials.map(([name]) => [
          `$.${name}`,
          fromState(stateValue(standardNameOf(variant, name))),
        ])
        expect(request.generators?.body ?? {}).toEqual(Object.fromEntries(generators))
        expect(credentials).toEqual(credentials.map(([name]) => [name, exampleOf(variant, name)]))
      }
    },
  )

  test.each(variants)('%s has HTTP Basic credentials from the provider state', (id, { service, variant }) => {
    const { basicSpelling } = clientAuthenticationOf(service, variant)
    const [client_id, client_secret] = (['client_id', 'client_secret'] as const).map(
      (name) =>
        // Where HTTP Basic alone carries them, the document has no example of a parameter.
        exampleOf(variant, wireNameOf(variant, name)) ?? service.clients[0]?.[name],
    )
    const withHeader = contractOf(id).interactions.filter(
      ({ request }) => request.headers.Authorization !== undefined,
    )
    expect(withHeader.length > 0).toBe(authenticationsOf(service, variant).includes('client_secret_basic'))
    for (const { request, comments } of withHeader) {
      const isWrong = comments.tokenwright.exchange?.endsWith('.wrong_secret')
      const [field = ''] = request.headers.Authorization ?? []
      expect(parseBasic(field.replace('Basic ', ''), basicSpelling)).toEqual({
        client_id,
        client_secret: isWrong ? wrongValue : client_secret,
      })
      expect(request.generators?.header).toEqual({
        Authorization: fromState(isWrong ? 'authorization_with_wrong_secret' : 'authorization'),
      })
    }
  })
})

function fromState(name: string): object {
  return { type: 'ProviderState', expression: `\${${name}}` }
}

/** The example that the document gives. */
function exampleOf(variant: Variant, parameter: string): unknown {
  return variant.request.oneOf.flatMap(({ properties }) => properties[parameter]?.examples ?? [])[0]
}

function contractOf(id: string): Contract {
  const [, located] = variants.find(([candidate]) => candidate === id) ?? []
  if (located === undefined) throw new Error(`no variant ${id}`)
  return JSON.parse(readFileSync(join(root, 'contracts', contractFileOf(located)), 'utf8'))
}

function parametersOf({ body }: Interaction['request']): Readonly<Record<string, unknown>> {
  if (body === undefined) return {}
  if (body.contentType === 'application/json') return body.content as Record<string, unknown>
  return Object.fromEntries(parseForm(String(body.content)) ?? [])
}
