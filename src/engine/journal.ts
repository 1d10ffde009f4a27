// What the mock was asked and why it answered as it did: bounded, and without a single value that a client sent.

/** One request and its reply. */
export interface JournalEntry {
  /** Milliseconds since 1970, by the server's clock. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly status: number
  /** Absent when no service owns the path. */
  readonly service?: string
  /** The variant that the request was granted as. */
  readonly variant?: string
  /** The grant type, when it is one of the service's. */
  readonly grantType?: string
  /** Why the request was refused; absent when it was granted. */
  readonly refused?: Explanation
}

/** Why a request was refused. */
export interface Explanation {
  /** The id of the rule that the request breaks. */
  readonly rule: string
  readonly sentence: string
  /** Where the rule was read. */
  readonly source: string
  /** Expected and received, in words, without the values of credentials. */
  readonly detail: string
  /** The JSON pointer of the parameter, where one is to blame. @see RFC 6901 */
  readonly pointer?: string
  /** The documented variant that needs the fewest changes, with the first of them. */
  readonly nearest?: string
}

/** The most recent requests. */
export interface Journal {
  readonly add: (entry: JournalEntry) => void
  /** Oldest first. */
  readonly entries: () => readonly JournalEntry[]
  /** Calls the listener with every entry to come, before the reply is sent. */
  readonly subscribe: (listener: (entry: JournalEntry) => void) => void
}

/** Keeps the last `capacity` entries. */
export function createJournal(capacity: number): Journal {
  const ring: JournalEntry[] = []
  const listeners: Array<(entry: JournalEntry) => void> = []
  let next = 0
  return {
    add: (entry) => {
      ring[next] = entry
      next = (next + 1) % capacity
      for (const listener of listeners) listener(entry)
    },
    entries: () => [...ring.slice(next), ...ring.slice(0, next)],
    subscribe: (listener) => {
      listeners.push(listener)
    },
  }
}
