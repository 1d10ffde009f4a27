// HTTP messages as plain records, so that one engine stands behind every host and no host builds a Request.

/** A request to a token service. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string
  /** The path alone, without query and as sent (no percent-decoding). */
  readonly path: string
  /** What follows the question mark, as sent; absent when there is none. */
  readonly query?: string
  /** Scheme and authority that the client asked, such as `http://127.0.0.1:6749`; the issuer follows from it. */
  readonly origin: string
  /** The issuer that the client asked, where the host knows it. Default: the origin, and the service's name when the path begins with it. */
  readonly issuer?: string
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
  /** How the reply is sent. Default: at once and whole. */
  readonly delivery?: Delivery
}

/** A reply that the network spoils, or that takes its time. */
export interface Delivery {
  /** Time before the first byte, in milliseconds. */
  readonly delayMs?: number
  /** The body in this many pieces, with `pauseMs` before each but the first. */
  readonly pieces?: number
  /** In milliseconds. */
  readonly pauseMs?: number
  /**
   * `reset`: the connection is reset without a reply. `closed`: it is closed without a reply. `truncated`: it is closed
   * in the middle of the body.
   */
  readonly ends?: 'reset' | 'closed' | 'truncated'
}
