// The configuration of the mock, as a file or a value.
import type { ClientMetadata, User } from '../oauth/words.ts'
import type { Service } from './service.ts'

/** What `tokenwright.config.ts` exports by default, or `tokenwright.config.json` holds. `${NAME}` in a string stands for an environment variable. */
export interface Config {
  /** Ids of built-in services or single variants, or (in TypeScript) services of your own. Default: every built-in service. */
  readonly services?: ReadonlyArray<string | Service>
  /** Clients beside the documented examples, as RFC 7591 client metadata. */
  readonly clients?: readonly ClientMetadata[]
  /** Resource owners of the password grant, beside the documented examples. */
  readonly users?: readonly User[]
}

/** Typed identity. */
export function defineConfig(config: Config): Config {
  return config
}
