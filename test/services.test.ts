// What must hold of every built-in service and variant, whoever adds it.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { authenticationsOf } from '../src/fixture/message.ts'
import { violationsOf } from '../src/schema/request.ts'
import { exchangesOf } from '../src/service/exchanges.ts'
import { defaultRefusals, rules } from '../src/service/rules.ts'
import { grantTypesOf, type Rule, type Service, type Source, type Variant } from '../src/service/service.ts'
import { services } from '../src/services/services.ts'
import { root } from './source-files.ts'

const all: readonly Service[] = services
const variants = all.flatMap((service) =>
  service.variants.map((variant): [string, Service, Variant] => [variant.id, service, variant]),
)

describe('the built-in services', () => {
  test('every folder of services is in the list', () => {
    const folders = readdirSync(join(root, 'src/services'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    expect(folders.map(({ name }) => name).sort()).toEqual(all.map(({ id }) => id).sort())
  })

  test('the variants of the five documents are there, the others of these services, and the baseline', () => {
    const documented = [
      'prove/go-0.2.1',
      'prove/typescript-0.3.5',
      'prove/java-0.15.0',
      'prove/typescript-0.9.6',
      'moov/ruby',
      'rfc6749/client_credentials',
      'rfc6749/password',
      'rfc6749/refresh_token',
      'prove/typescript-0.1.1',
      'prove/typescript-0.1.8',
      'prove/typescript-0.3.1',
      'prove/go-0.4.6',
      'prove/typescript-0.4.0',
      'prove/go-0.4.7',
      'prove/java-0.5.3',
      'prove/typescript-0.6.0',
      'prove/go-0.6.0',
      'prove/java-0.9.0',
      'prove/csharp-0.0.2',
      'prove/go-0.9.0',
      'prove/csharp-1.1.0',
      'prove/go-0.11.0',
      'prove/typescript-0.13.0',
      'prove/java-0.17.1',
      'prove/csharp-1.3.0',
      'moov/java-0.0.2',
    ]
    expect(variants.map(([id]) => id)).toEqual(expect.arrayContaining(documented))
  })

  test.each(variants)(
    '%s belongs to its service and names one of its token endpoints',
    (id, service, variant) => {
      expect(id.startsWith(`${service.id}/`)).toBe(true)
      expect(service.endpoints[variant.endpoint]?.kind).toBe('token')
    },
  )

  test.each(variants)(
    '%s has an SDK name for each of its parameters, and for no other',
    (_id, _service, variant) => {
      const parameters = new Set(variant.request.oneOf.flatMap(({ properties }) => Object.keys(properties)))
      const named = Object.keys(variant.documentedNames).filter((name) => parameters.has(name))
      expect(named.sort()).toEqual([...parameters].sort())
    },
  )

  test.each(variants)(
    '%s documents a reply to each of its grants, with the members it promises',
    (_id, _service, variant) => {
      for (const grantType of grantTypesOf(variant)) {
        expect(variant.reply.members[grantType]).toEqual(
          expect.arrayContaining([...variant.reply.schema.required].filter((member) => member !== 'scope')),
        )
      }
    },
  )

  test.each(variants)('%s has examples that keep its own schema', (_id, _service, variant) => {
    for (const grant of variant.request.oneOf) {
      const example = Object.fromEntries(
        Object.entries(grant.properties).map(([name, schema]) => {
          const { const: only, examples = [] } = schema as { const?: string; examples?: readonly string[] }
          return [name, only ?? examples[0]]
        }),
      )
      expect(violationsOf(variant, example)).toEqual([])
    }
  })

  test.each(variants)(
    '%s can be asked for a token, and refuses in at least three ways',
    (_id, service, variant) => {
      const exchanges = exchangesOf(service, variant)
      expect(new Set(exchanges.map(({ id }) => id)).size).toBe(exchanges.length)
      expect(exchanges.filter(({ refusal }) => refusal === undefined).map(({ id }) => id)).toEqual(
        grantTypesOf(variant),
      )
      expect(
        exchanges.filter(({ refusal, isDocumented }) => refusal !== undefined && isDocumented).length,
      ).toBeGreaterThanOrEqual(3)
      expect(authenticationsOf(service, variant).length).toBeGreaterThan(0)
    },
  )

  test.each(all.map((service): [string, Service] => [service.id, service]))(
    '%s is served with one of its variants at least',
    (_id, service) => {
      expect(service.variants.some(({ serving }) => serving !== 'when_named')).toBe(true)
    },
  )

  test.each(all.map((service): [string, Service] => [service.id, service]))(
    '%s has a reply for every rule and every exchange',
    (_id, service) => {
      const named = [
        ...Object.values<Rule>(rules).map(({ refusal }) => refusal),
        ...Object.values(service.rules).map(({ refusal }) => refusal),
        ...service.variants.flatMap((variant) =>
          exchangesOf(service, variant).flatMap(({ refusal }) => refusal ?? []),
        ),
      ]
      const known: Service['refusals'] = { ...defaultRefusals, ...service.refusals }
      expect(named.filter((refusal) => known[refusal] === undefined)).toEqual([])
    },
  )

  test('every fact has a source: a document, and the day it was read', () => {
    const sources = sourcesIn([services, rules])
    expect(sources.length).toBeGreaterThan(30)
    for (const { document, read } of sources) {
      expect(document.length).toBeGreaterThan(5)
      expect(read).toMatch(/^20\d\d-\d\d-\d\d$/)
    }
  })
})

function sourcesIn(value: unknown): readonly Source[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'source' ? [item as Source] : sourcesIn(item),
  )
}
