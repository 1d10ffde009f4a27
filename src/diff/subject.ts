// What a diff compares: a documented request and its replies in one shape, whatever they were read from. What a side does
// not say is `null`, and is not compared.
import type { FieldType, Provenance } from '../import/imported.ts'

/** When a parameter has to be there: never, always, or for some grants alone. */
export type Requirement = 'never' | 'always' | { readonly grantTypes: readonly string[] }

/** A parameter of a request, or a member of a reply. */
export interface ComparedField {
  readonly wireName: string
  /** The name in code; `null` where there is no SDK, as in OpenAPI. */
  readonly sdkName: string | null
  /** The type in code, as documented. */
  readonly notation: string | null
  readonly type: FieldType | null
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
}

/** A refusal: a status, and the members of its body. */
export interface ComparedRefusal {
  /** `400`; of a service's own data the reason before it, `invalid_client 401`. */
  readonly name: string
  readonly status: number
  /** `null`: no body is said. */
  readonly members: readonly ComparedField[] | null
  readonly provenance: Provenance
}

/** A fact about the wire. */
export interface ComparedFact {
  /** Sorted where order says nothing. */
  readonly values: readonly string[]
  readonly provenance: Provenance
}

/** One side of a diff. */
export interface Subject {
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
  readonly request: readonly ComparedField[]
  /** `null`: the side says nothing of replies. */
  readonly reply: readonly ComparedField[] | null
  readonly refusals: readonly ComparedRefusal[] | null
}
