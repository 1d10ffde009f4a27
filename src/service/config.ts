// The configuration of the mock, as a file or a value.
import type { ClientMetadata, JsonWebKey, SigningAlgorithm, User } from '../oauth/words.ts'
import type { ChosenOptions } from './options.ts'
import type { Service } from './service.ts'

/**
 * A route that asks for an access token. Outcomes on demand are those of the token service and never apply here; what
 * they do to a token does: one that is `expired` or `revoked` is answered with 401.
 */
export interface ProtectedRoute {
  /** A path, with `*` for any characters: `/v3/*`. At the root, and under the name of every service. */
  readonly path: string
  /** Default: any live access token will do. */
  readonly scope?: string
  /** The reply to a request with such a token. Default: 200. */
  readonly status?: number
  /** The JSON value of that reply. Default: an empty object. */
  readonly body?: unknown
}

/** Access tokens as JWTs. @see RFC 9068 */
export interface JwtOptions {
  /** Default: `ES256`. */
  readonly alg?: SigningAlgorithm
  /** The private key. Default: one of its own, made when first needed. */
  readonly key?: JsonWebKey
  /** Makes the same key each time; never for anything but tests. Needs node:crypto. */
  readonly seed?: string
}

/** How access tokens are made. */
export type AccessTokens = {
  /** The `aud` claim, in a JWT and in introspection. Default: the issuer. */
  readonly audience?: string | readonly string[]
  /** Further claims, which also take the place of the usual ones. Default: none. */
  readonly claims?: Readonly<Record<string, unknown>>
} & ({ readonly format: 'opaque' } | ({ readonly format: 'jwt' } & JwtOptions))

/** What `tokenwright.config.ts` exports by default, or `tokenwright.config.json` holds. `${NAME}` in a string stands for an environment variable. */
export interface Config {
  /** Where editors find the schema of a JSON file: `./node_modules/tokenwright/schemas/config.json`. */
  readonly $schema?: string
  /**
   * Ids of built-in services or single variants, services of your own, or paths of theirs (beginning with `.` or `/`,
   * relative to the file). Default: every built-in service.
   */
  readonly services?: ReadonlyArray<string | Service>
  /** Clients beside the documented examples, as RFC 7591 client metadata. */
  readonly clients?: readonly ClientMetadata[]
  /** Resource owners of the password grant, beside the documented examples. */
  readonly users?: readonly User[]
  /** By service id and option name, the value chosen where documents leave one open. Default: each service's own. */
  readonly options?: ChosenOptions
  /** How access tokens are made. Default: opaque. */
  readonly accessTokens?: AccessTokens
  /** Stub routes behind a bearer token: paths with `*`, or with a scope and a reply. Default: none. */
  readonly protect?: ReadonlyArray<string | ProtectedRoute>
  /** Sequences of outcomes by name, beside the built-in ones: `{ flaky: '429x2.granted' }`. */
  readonly scenarios?: Readonly<Record<string, string>>
  /** What requests to the admin API must show. Default: none on loopback addresses; elsewhere the API is off without one. */
  readonly adminToken?: string
  /** The port to listen on, 0 for a free one. Default: 6749. */
  readonly port?: number
  /** The address to listen on. Default: `127.0.0.1`, which other machines cannot reach. */
  readonly host?: string
}

/** Typed identity. */
export function defineConfig(config: Config): Config {
  return config
}
