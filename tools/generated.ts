// The text of the generated files, for the command that writes them and the test that compares them.
import { fixture } from '../src/fixture/fixture.ts'
import { configSchema } from '../src/schema/config.ts'
import { exchangesOf } from '../src/service/exchanges.ts'
import type { Service, Variant } from '../src/service/service.ts'

/** A variant's request as a JSON Schema 2020-12 of its own, for validators of any language. */
export function formatSchema(variant: Variant): string {
  const { document, request, id } = variant
  return format({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:tokenwright:${id}`,
    title: `${document.sdk} ${document.version}, ${document.model}`,
    ...request,
  })
}

/** The configuration file as a JSON Schema 2020-12, for editors. */
export function formatConfigSchema(): string {
  return format({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:tokenwright:config',
    title: 'The configuration of tokenwright',
    ...configSchema,
  })
}

/** One fixture per exchange, on the wire and under the names of the SDK. */
export function formatFixtures(service: Service, variant: Variant): string {
  return format(
    Object.fromEntries(
      exchangesOf(service, variant).map(({ id, sentence }) => [
        id,
        {
          sentence,
          wire: fixture(variant, { exchange: id, service }),
          sdk: fixture(variant, { exchange: id, service, shape: 'sdk' }),
        },
      ]),
    ),
  )
}

function format(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
