// What a diff compares: a documented request and its replies in one shape, whatever they were read from. What a side does
// not say is `null`, and is not compared.
import type { Condition, Confidence, FieldType, Provenance } from '../import/imported.ts'

/** When a parameter has to be there: never, always, for some grants alone, or beside a value of another parameter. */
export type Requirement = 'never' | 'always' | { readonly grantTypes: readonly string[] } | Condition

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
  /** The type of an array's items. Absent: as `null`, not said. */
  readonly items?: FieldType | null
  /** Whether the type in code admits that the field is absent. Absent: not said. */
  readonly isOptionalType?: boolean
  /** Whether the value may be `null`. Absent: not said. */
  readonly nullable?: boolean
  readonly required: Requirement | null
  /** `null`: any value, or none is said. */
  readonly allowedValues: readonly string[] | null
  readonly pattern: string | null
  /** What the text is, by a name such as `uuid`. Absent: not said. */
  readonly format?: string
  readonly minLength: number | null
  readonly maxLength: number | null
  readonly example: string | null
  /** Whether it stands for several fields with an example each, so that there is none to compare. */
  readonly hasSeveralExamples?: boolean
  /** What counts where the field is not sent. Absent: as `null`, not said. */
  readonly default?: string | null
  /** Whether the value is a list with spaces between. @see RFC 6749 §3.3 */
  readonly isSpaceDelimited?: boolean
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
  /** Further statuses that it may have. */
  readonly orStatus?: readonly number[]
  /** The statuses that it stands for, where it is for several: `4XX`, `5XX`, or `default`. */
  readonly range?: string
  /** Whether no document says it: a mock has to answer. */
  readonly isStandIn?: boolean
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
  /** The file that it was read from, without its revision: at another revision it is the same page. */
  readonly page?: string
  /** What people call it: `prove/go-0.2.1`, `docs/V3TokenRequest.md@v0.9.0 V3TokenRequest`. */
  readonly label: string
  readonly model: string
  readonly language: string | null
  /** Who is asked for what: the SDK's version, where it is known. */
  readonly version: string | null
  readonly method: ComparedFact | null
  readonly path: ComparedFact | null
  /** Whether the path is one below a server's own, which is not said. */
  readonly isPathRelative?: boolean
  readonly contentTypes: ComparedFact | null
  readonly clientAuthentication: ComparedFact | null
  /** Empty: the side says nothing of requests, since every token request has a parameter. */
  readonly request: readonly ComparedField[]
  /** Header fields of the request, in lower case. Absent: as `null`, the side says nothing of them. */
  readonly requestHeaders?: readonly ComparedField[] | null
  /** `null`: the side says nothing of replies. */
  readonly reply: readonly ComparedField[] | null
  /** The status of the reply. Absent: as `null`, not said. */
  readonly replyStatus?: ComparedFact | null
  readonly replyContentTypes?: ComparedFact | null
  /** Header fields of the reply, in lower case. Absent: as `null`, the side says nothing of them. */
  readonly headers?: readonly ComparedField[] | null
  readonly refusals: readonly ComparedRefusal[] | null
  /** Sentences on what the document says and is not read here. */
  readonly unread?: readonly string[]
}
