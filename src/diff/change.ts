// What differs between two sides, and whom it breaks.
import type { Provenance } from '../import/imported.ts'

/** Who notices: what is sent and received, the names and types in code, or readers alone. */
export type Layer = 'wire' | 'sdk' | 'words'

/** What a version with this change is called. @see https://semver.org */
export type SemanticVersion = 'major' | 'minor' | 'patch'

/** What a change is about. `endpoint`: method, path, media type and client authentication. */
export type Area = 'endpoint' | 'request' | 'reply' | 'refusal'

/** One difference. */
export interface Change {
  /** The id of its rule, such as `request-parameter-now-required`. Stable: added, never renamed. */
  readonly rule: string
  readonly area: Area
  readonly layer: Layer
  readonly verdict: SemanticVersion
  /** The wire name of the parameter, the status of the refusal, or the fact (`path`). */
  readonly subject: string
  /** `null`: not there. */
  readonly before: string | null
  readonly after: string | null
  /** What changed, in one sentence. */
  readonly sentence: string
  /** Whom it breaks, and why, in one sentence. */
  readonly reason: string
  readonly provenance: { readonly before: Provenance | null; readonly after: Provenance | null }
}

/** Two sides, and all that differs between them. */
export interface Difference {
  readonly before: string
  readonly after: string
  /** In the order of areas, of severity, then of subjects. */
  readonly changes: readonly Change[]
  /** The highest of all changes; `null` where there is none. */
  readonly verdict: SemanticVersion | null
  /** What one side alone says, so that it was not compared. */
  readonly notCompared: readonly string[]
}
