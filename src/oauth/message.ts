// HTTP messages as plain records, so that one engine stands behind every host and no host builds a Request.

/** A request to a token service. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string
  /** The path alone, without query and as sent (no percent-decoding). */
  readonly path: string
  /** Field names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The bytes as they came off the wire. */
  readonly body: Uint8Array
}

/** A reply of a token service; an empty `body` is sent with no content. */
export interface HttpReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
