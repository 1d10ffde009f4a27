// The configuration file as a JSON Schema: what the command checks it against, and what editors complete it by.
import type { Config } from '../service/config.ts'
import type { Service } from '../service/service.ts'
import { services } from '../services/services.ts'
import { accessTokensSchema, optionsSchema, protectSchema, scenariosSchema } from './mock-options.ts'
import { clientsSchema, usersSchema } from './registrations.ts'

const builtIn: readonly Service[] = services

/** A key of {@link Config} is an entry here. JSON Schema 2020-12. */
export const configSchema = {
  type: 'object',
  properties: {
    $schema: { description: 'Where editors find this schema.', type: 'string' },
    services: {
      description: 'The services to serve. Default: every built-in service.',
      type: 'array',
      minItems: 1,
      items: {
        anyOf: [
          {
            description:
              'The id of a built-in service or of a single variant, or the path (beginning with . or /, relative to this file) of a service of your own: a folder with a service.ts, service.js or service.json, or such a file.',
            type: 'string',
            minLength: 1,
            examples: builtIn.flatMap(({ id, variants }) => [id, ...variants.map((variant) => variant.id)]),
          },
          { description: 'A service of your own.', type: 'object' },
        ],
      },
    },
    clients: {
      description:
        'Clients beside the documented examples, known to every service, as RFC 7591 client metadata.',
      ...clientsSchema,
    },
    users: {
      description: 'Resource owners of the password grant, beside the documented examples.',
      ...usersSchema,
    },
    options: {
      description:
        "By service id and option name, the value chosen where a service's documents leave one open.",
      ...optionsSchema,
    },
    accessTokens: { description: 'How access tokens are made. Default: opaque.', ...accessTokensSchema },
    protect: {
      description: 'Stub routes behind a bearer token: paths with *, or with a scope and a reply.',
      ...protectSchema,
    },
    scenarios: {
      description: 'Sequences of outcomes by name, beside the built-in ones, such as "429x2.granted".',
      ...scenariosSchema,
    },
    adminToken: {
      description:
        'What requests to the admin API must show as a bearer token. Default: none on loopback addresses; elsewhere the admin API is off without one.',
      type: 'string',
      minLength: 1,
    },
    port: {
      description: 'The port to listen on, 0 for a free one. Default: 6749.',
      type: 'integer',
      minimum: 0,
      maximum: 65_535,
    },
    host: {
      description: 'The address to listen on. Default: 127.0.0.1, which other machines cannot reach.',
      type: 'string',
      minLength: 1,
    },
  } satisfies Readonly<Record<keyof Config, object>>,
  additionalProperties: false,
} as const
