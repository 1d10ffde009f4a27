// What a page says of a token service: facts, each with the words that it was read from. Nothing here is guessed.
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'

/** Where a fact was read. */
export interface Provenance {
  /** The file, by the name that it was given by; of a `$ref` into another file, that one. */
  readonly file: string
  /** Of the first of the words, from 1. Absent: the facts are at hand as data, as those of a built-in variant. */
  readonly line?: number
  /** JSON Pointer into an OpenAPI document or a variant's data. @see RFC 6901 */
  readonly pointer?: string
  /** The words as they stand there. */
  readonly words: string
}

/** A fact that a page may leave open: then it is `null`, and the document's `needsReview` says so. */
export interface Fact<T> {
  readonly value: T
  readonly provenance: Provenance
}

/**
 * How sure a wire name is. `certain`: the document speaks of the wire itself (OpenAPI, a flag). `high`: the name is
 * written as parameters of OAuth are, or is one of them in another casing. `medium`: undone by its words alone. `low`: the
 * casing leaves the words open, as in `APIKEYID`.
 */
export type Confidence = 'certain' | 'high' | 'medium' | 'low'

/** The types of JSON, and `unknown` where the notation says nothing that is known here. */
export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'unknown'

/** The condition under which a field is required: another field, by its wire name, has a value. */
export interface Condition {
  readonly parameter: string
  readonly value: string
}

/** What is known of a field; the names of its facts are the keys of its `provenance`. */
export interface ImportedField {
  /** As documented. */
  readonly name: string
  readonly wireName: string
  readonly confidence: Confidence
  readonly type: FieldType
  /** The type as documented, without its markup: `*string` for `**string*`; of OpenAPI, its `type`. `null`: no type is given. */
  readonly notation: string | null
  /** Whether the type alone admits that the field is absent: a Go pointer, `Optional<…>`, `?string`. */
  readonly isOptionalType: boolean
  /** The type of an array's items. */
  readonly items: FieldType | null
  /** The model that the type links to. */
  readonly model: string | null
  /** Whether it is always there; `null` where the page does not say. A conditional field has `false`. */
  readonly required: boolean | null
  readonly requiredWhen: Condition | null
  /** In documented order. A field with one is a constant. */
  readonly allowedValues: readonly string[] | null
  readonly example: string | number | boolean | null
  readonly default: string | number | boolean | null
  /** The prose, as plain text. */
  readonly description: string | null
  readonly pattern: string | null
  readonly minLength: number | null
  readonly maxLength: number | null
  /** Whether the value is a list with spaces between, as `scope` is. @see RFC 6749 §3.3 */
  readonly isSpaceDelimited: boolean
  /** The part of HTTP Basic that may carry the value instead of the body. */
  readonly httpBasic: 'username' | 'password' | null
  /** The page says that the field is there and does nothing. */
  readonly notSupported: boolean
  readonly deprecated: boolean
  /** By the name of the fact: where each of the facts above was read. */
  readonly provenance: Readonly<Partial<Record<string, Provenance>>>
  /** Sentences on what a person has to decide. */
  readonly needsReview: readonly string[]
}

/** What a page says twice, in two ways. */
export interface Contradiction {
  /** Stable: added, never renamed. */
  readonly rule: ContradictionRule
  /** The documented name; absent where the page as a whole is meant. */
  readonly field: string | null
  readonly sentence: string
  /** Both sides. */
  readonly provenance: readonly Provenance[]
}

/** The contradictions that are looked for. */
export type ContradictionRule =
  | 'optional-but-prose-requires'
  | 'required-but-prose-optional'
  | 'required-but-type-optional'
  | 'required-but-not-supported'
  | 'example-breaks-allowed-values'
  | 'example-breaks-type'
  | 'example-breaks-length'
  | 'example-breaks-pattern'
  | 'usage-breaks-allowed-values'
  | 'usage-misses-required'
  | 'usage-has-unknown-field'
  | 'allowed-values-differ'
  | 'default-breaks-allowed-values'
  | 'condition-names-unknown-field'
  | 'duplicate-field'

/** A code snippet of the page that shows the model in use. */
export interface Usage {
  /** The word behind the code fence; `null` where there is none. */
  readonly language: string | null
  readonly code: string
  /** Values by documented name, where they could be read. */
  readonly values: Readonly<Record<string, string>>
  readonly provenance: Provenance
}

/** What goes over the wire beside the fields. Each is `null` where the page does not determine it. */
export interface ImportedWire {
  /** Base URLs. */
  readonly servers: Fact<readonly string[]> | null
  readonly method: Fact<string> | null
  readonly path: Fact<string> | null
  readonly contentTypes: Fact<readonly ContentType[]> | null
  readonly clientAuthentication: Fact<readonly ClientAuthenticationMethod[]> | null
}

/** What a model is for. `values`: the allowed values of another model's field. `other`: none of these. */
export type ModelRole = 'request' | 'reply' | 'refusal' | 'values' | 'other'

/** One model of a page, or one body of an OpenAPI operation. */
export interface ImportedDocument {
  readonly file: string
  readonly format: 'markdown' | 'openapi'
  readonly model: string
  readonly role: ModelRole
  /** The SDK's language, as people write it (`Go`, `C#`); `null` where the page leaves it open. */
  readonly language: string | null
  readonly description: string | null
  /** Of the API, as its OpenAPI document states it in `info`; `null` of a page. */
  readonly version: string | null
  readonly fields: readonly ImportedField[]
  /** Of a model with the role `values`. */
  readonly values: readonly string[] | null
  /** Of an OpenAPI body: `operationId`, or method and path. */
  readonly operation: string | null
  readonly wire: ImportedWire
  /** Of replies and refusals in OpenAPI. */
  readonly status: number | null
  /** Header fields of a reply, in lower case; each with what its schema says. */
  readonly headers: readonly ImportedField[]
  readonly contradictions: readonly Contradiction[]
  readonly usage: readonly Usage[]
  readonly provenance: Provenance
  readonly needsReview: readonly string[]
}

/** What one import reads: the object that `--json` prints. */
export interface Imported {
  readonly documents: readonly ImportedDocument[]
}

/** A file to read. */
export interface SourceFile {
  /** The name in provenance and messages; a relative `$ref` is resolved against it. */
  readonly file: string
  readonly text: string
}
