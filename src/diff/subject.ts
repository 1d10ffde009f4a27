// What a diff compares: a documented request and its replies in one shape, whatever they were read from. What a side does
// not say is `null`, and is not compared.
import type { Confidence, FieldType, Provenance } from '../import/imported.ts'

/** When a parameter has to be there: never, always, or for some grants alone. */
export type Requirement = 'never' | 'always' | { readonly grantTypes: readonly string[] }

/** A parameter of a request, or a member of a reply. */
export interface ComparedField {
  readonly wireName: string
  /** How sure the wire name is. Absent: certain. */
  readonly confidence?: Confidence
  /** The name in code; `null` where there is no SDK, as in OpenAPI. */
  readonly sdkName: string | null
  /** The type in code, as documented. */
  readonly notation: string | null
  readonly type: FieldType | null
  /** Whether the type in code admits that the field is absent. Absent: not said. */
  readonly isOptionalType?: boolean
  /** Whether the value may be `null`. Absent: not said. */
  readonly nullable?: boolean
  readonly required: Requirement | null
  /** `null`: any value, or none is said. */
  readonly allowedValues: readonly string[] | null
  readonly pattern: string | null
  readonly minLength: number | null
  readonly maxLength: number | null
  readonly example: string | null
  readonly description: string | null
  readonly notSupported: boolean
  readonly deprecated: boolean
  readonly provenance: Provenance
  /** Of single facts that stand elsewhere than the field, by the names of the members above. */
  readonly factProvenance?: Readonly<Partial<Record<string, Provenance>>>
}

/** A refusal: a status, and the members of its body. */
export interface ComparedRefusal {
  /** `400`; of a service's own data the reason before it, `invalid_client 401`. */
  readonly name: string
  /** `null`: not said. */
  readonly status: number | null
  /** `null`: no body is said; empty: there is none. */
  readonly members: readonly ComparedField[] | null
  readonly provenance: Provenance
}

/** A fact about the wire. */
export interface ComparedFact {
  /** Sorted where order says nothing. */
  readonly values: readonly string[]
  readonly provenance: Provenance
}

/**
 * What a side was read from, and so what its silence means. A `variant` and `openapi` are schemas, which admit what they do
 * not forbid; a `page` may only not say it. A variant has no prose.
 */
export type Origin = 'variant' | 'openapi' | 'page'

/** One side of a diff. */
export interface Subject {
  /** Absent: `page`, which concludes the least from silence. */
  readonly origin?: Origin
  /** What people call it: `prove/go-0.2.1`, `docs/V3TokenRequest.md@v0.9.0 V3TokenRequest`. */
  readonly label: string
  readonly model: string
  readonly language: string | null
  /** Who is asked for what: the SDK's version, where it is known. */
  readonly version: string | null
  readonly method: ComparedFact | null
  readonly path: ComparedFact | null
  readonly contentTypes: ComparedFact | null
  readonly clientAuthentication: ComparedFact | null
  /** Empty: the side says nothing of requests, since every token request has a parameter. */
  readonly request: readonly ComparedField[]
  /** `null`: the side says nothing of replies. */
  readonly reply: readonly ComparedField[] | null
  /** Header fields of the reply, in lower case. Absent: as `null`, the side says nothing of them. */
  readonly headers?: readonly ComparedField[] | null
  readonly refusals: readonly ComparedRefusal[] | null
}
