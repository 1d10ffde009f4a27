// What a person states beside the pages: flags of the command, options of the library.
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import type { ImportedDocument } from './imported.ts'

/** Facts that no page has to hold; where one does, what is stated stands above it. */
export interface StatedFacts {
  /** The path of the token endpoint, such as `/token`. */
  readonly path?: string | undefined
  /** The accepted media types; the first is the one that the SDK sends. */
  readonly contentTypes?: readonly ContentType[] | undefined
  /** Empty: the endpoint authenticates no client. */
  readonly clientAuthentication?: readonly ClientAuthenticationMethod[] | undefined
  readonly grantTypes?: readonly string[] | undefined
  /** Base URLs. */
  readonly servers?: readonly string[] | undefined
  /** The SDK's language, as people write it: `Go`, `C#`. */
  readonly language?: string | undefined
  /** The SDK, as people call it. */
  readonly sdk?: string | undefined
  /** The SDK's version. */
  readonly version?: string | undefined
  /** What the variant is called behind the service's id. */
  readonly variant?: string | undefined
}

/** What one file gave, and what was stated with it. */
export interface ReadSource {
  /** Its name from the service's folder on, or as it was given. */
  readonly file: string
  /** The day it was read, `YYYY-MM-DD`. */
  readonly read: string
  readonly stated: StatedFacts
  readonly documents: readonly ImportedDocument[]
}
