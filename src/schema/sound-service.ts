// A service of one's own, checked before anything is built from it: types are gone when it comes out of a configuration file.
import { TokenwrightError } from '../service/error.ts'
import { exchangesOf } from '../service/exchanges.ts'
import { withOptions } from '../service/options.ts'
import { defaultRefusals, rules } from '../service/rules.ts'
import { type Rule, type Service, wireNameOf } from '../service/service.ts'
import { clientsSchema, usersSchema } from './registrations.ts'
import { formatViolation } from './request.ts'
import { requireValidSchema, validatorOf } from './validator.ts'

const object = { type: 'object' } as const
const list = { type: 'array' } as const
const contentType = { enum: ['application/x-www-form-urlencoded', 'application/json'] } as const
const seconds = { type: 'number', minimum: 0 } as const

/** Field names and values that a reply can be sent with. @see RFC 9110 §5.1, §5.5 */
const headers = {
  type: 'object',
  propertyNames: { pattern: "^[!#$%&'*+.^_`|~0-9a-z-]+$" },
  additionalProperties: { type: 'string', pattern: '^[\\t -~]*$' },
} as const
const status = { type: 'integer', minimum: 200, maximum: 599 } as const
const refusal = {
  type: 'object',
  properties: { status, headers, body: object },
  required: ['status'],
} as const
const fact = { type: 'object', properties: { document: { type: 'string' } }, required: ['document'] } as const

const serviceShape = {
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]*$' },
    servers: list,
    root: { enum: ['always', 'alone'] },
    endpoints: {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        properties: {
          kind: { enum: ['token', 'revocation', 'introspection', 'metadata', 'jwks'] },
          path: { type: 'string', pattern: '^/[^?#]*$' },
          contentTypes: { type: 'array', minItems: 1, items: contentType },
          request: { type: 'object', properties: { properties: object }, required: ['properties'] },
          status,
        },
        required: ['kind', 'path'],
        allOf: [
          {
            if: { properties: { kind: { enum: ['introspection', 'revocation'] } } },
            // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
            then: { required: ['contentTypes', 'request'] },
          },
          // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
          { if: { properties: { kind: { const: 'revocation' } } }, then: { required: ['status'] } },
        ],
      },
    },
    clientAuthentication: { type: 'object', properties: { methods: list }, required: ['methods'] },
    variants: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          id: { type: 'string', pattern: '^[^/]+/[^/]+$' },
          document: object,
          serving: { enum: ['with_service', 'when_named'] },
          documentedNames: object,
          endpoint: { type: 'string' },
          contentTypes: {
            type: 'array',
            minItems: 1,
            items: contentType,
          },
          request: {
            type: 'object',
            properties: {
              oneOf: {
                type: 'array',
                minItems: 1,
                items: {
                  type: 'object',
                  properties: {
                    properties: object,
                    required: list,
                  },
                  required: ['properties', 'required'],
                },
              },
            },
            required: ['oneOf'],
          },
          reply: {
            type: 'object',
            properties: {
              schema: { type: 'object', properties: { properties: object }, required: ['properties'] },
              members: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
            },
            required: ['schema', 'members'],
          },
        },
        required: ['id', 'document', 'documentedNames', 'endpoint', 'contentTypes', 'request', 'reply'],
      },
    },
    tokens: {
      type: 'object',
      properties: {
        accessTokenLifetimeSeconds: seconds,
        refreshTokenLifetimeSeconds: seconds,
        refreshTokens: { enum: ['none', 'keep', 'rotate'] },
        reuseGraceSeconds: seconds,
        revokesFamilyOnReuse: { type: 'boolean' },
        isReuseDocumented: { type: 'boolean' },
        expiresIn: { enum: ['seconds', 'unix_time'] },
      },
    },
    refusals: { type: 'object', required: ['invalid_request'], additionalProperties: refusal },
    rules: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: {
          sentence: { type: 'string' },
          source: fact,
          refusal: { type: 'string' },
          whenHeader: {
            type: 'object',
            properties: {
              name: { type: 'string', pattern: '^[a-z0-9-]+$' },
              pattern: { type: 'string' },
            },
            required: ['name', 'pattern'],
          },
        },
        required: ['sentence', 'source', 'refusal'],
      },
    },
    replyHeaders: headers,
    limits: {
      type: 'object',
      properties: {
        maxBodyBytes: { type: 'integer', minimum: 0 },
        requestsPerSecond: { type: 'integer', minimum: 0 },
      },
      required: ['maxBodyBytes'],
    },
    origins: { enum: ['ignored', 'registered'] },
    cors: { type: 'boolean' },
    options: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { values: { type: 'object', minProperties: 1, additionalProperties: object } },
        required: ['values'],
      },
    },
    clients: clientsSchema,
    users: usersSchema,
  },
  required: [
    'id',
    'servers',
    'root',
    'endpoints',
    'clientAuthentication',
    'variants',
    'tokens',
    'refusals',
    'rules',
    'replyHeaders',
    'limits',
    'clients',
    'users',
  ],
} as const

/** Compiling a service's schemas against the meta-schema takes longer than all else at a start, so each is checked once. */
const sound = new WeakSet<Service>()

/**
 * Returns the service when everything in it is there and fits together.
 * @throws {TokenwrightError} `ERR_SERVICE_INVALID` with the first thing that does not
 */
export function requireSoundService(service: Service): Service {
  if (sound.has(service)) return service
  requireServiceShape(service, '')
  for (const variant of service.variants) {
    const { id, endpoint, request } = variant
    if (service.endpoints[endpoint]?.kind !== 'token') {
      const known = Object.keys(service.endpoints).join(', ')
      throw invalid(
        service,
        `${id} names the endpoint "${endpoint}", which is not one of its token endpoints (${known})`,
      )
    }
    for (const grant of request.oneOf) {
      requireCompilable(service, id, grant)
      const name = wireNameOf(variant, 'grant_type')
      if (typeof grant.properties[name]?.const !== 'string') {
        throw invalid(
          service,
          `each schema of ${id} must have a property "${name}" with the grant type as its const`,
        )
      }
    }
  }
  for (const [name, endpoint] of Object.entries(service.endpoints))
    if ('request' in endpoint) requireCompilable(service, `the endpoint "${name}"`, endpoint.request)
  requireRefusals(service)
  requireHeaderPatterns(service)
  requireSoundOptions(service)
  sound.add(service)
  return service
}

function requireServiceShape(service: Service, at: string): void {
  const [violation] = validatorOf(serviceShape)(service)
  if (violation !== undefined)
    throw invalid(service, `${formatViolation(violation)}, at ${at}${violation.pointer || '/'}`)
}

function requireHeaderPatterns(service: Service): void {
  for (const [id, { whenHeader }] of Object.entries<Rule>(service.rules)) {
    try {
      if (whenHeader !== undefined) new RegExp(whenHeader.pattern)
    } catch {
      throw invalid(
        service,
        `expected a regular expression, received another text, at /rules/${id}/whenHeader/pattern`,
      )
    }
  }
}

/** Whatever is chosen, the service is one: found out now, and not by whoever chooses it first. */
function requireSoundOptions(service: Service): void {
  for (const [name, { values }] of Object.entries(service.options ?? {})) {
    for (const value of Object.keys(values))
      requireServiceShape(withOptions(service, { [name]: value }), `/options/${name}/values/${value}`)
  }
}

function requireCompilable(service: Service, id: string, schema: object): void {
  try {
    requireValidSchema(schema)
  } catch (cause) {
    throw invalid(service, `a request schema of ${id} cannot be used: ${(cause as Error).message}`)
  }
}

function requireRefusals(service: Service): void {
  const named = [
    ...Object.values<Rule>(rules).map(({ refusal }) => refusal),
    ...Object.values(service.rules).map(({ refusal }) => refusal),
    ...service.variants.flatMap((variant) =>
      exchangesOf(service, variant).flatMap(({ refusal }) => refusal ?? []),
    ),
  ]
  const known: Service['refusals'] = { ...defaultRefusals, ...service.refusals }
  const missing = named.find((name) => known[name] === undefined)
  if (missing !== undefined) throw invalid(service, `"refusals" has no reply named "${missing}"`)
}

function invalid(service: { readonly id?: unknown }, problem: string): TokenwrightError {
  const name = typeof service?.id === 'string' ? `the service "${service.id}"` : 'a service of your own'
  return new TokenwrightError('ERR_SERVICE_INVALID', `${name} is not sound: ${problem}`)
}
