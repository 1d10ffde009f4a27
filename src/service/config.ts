// The configuration of the mock, as a file or a value.
import type { ClientMetadata, User } from '../oauth/words.ts'
import type { Service } from './service.ts'

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
  /** The port to listen on, 0 for a free one. Default: 6749. */
  readonly port?: number
  /** The address to listen on. Default: `127.0.0.1`, which other machines cannot reach. */
  readonly host?: string
}

/** Typed identity. */
export function defineConfig(config: Config): Config {
  return config
}
