// What the mock was asked and why it answered as it did: bounded, and redacted before it is kept.
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import { isFound, requireJournalQuery } from './journal-query.ts'

/** One request and its reply. */
export interface JournalEntry {
  /** Counts up from 1. */
  readonly id: number
  /** Milliseconds since 1970, by the server's clock. */
  readonly at: number
  /** `****` for one that is not HTTP's own. */
  readonly method: string
  /** Of a path that no endpoint has, the parts that no served path has are `****`. */
  readonly path: string
  readonly status: number
  /** Absent when no service owns the path. */
  readonly service?: string
  /** The variant that the request was granted as, or that it came furthest with. */
  readonly variant?: string
  /** The grant type, when it is one of the service's. */
  readonly grantType?: string
  /** The client, when it is a known one. */
  readonly clientId?: string
  /** The ways in which the client showed itself; absent when the request was refused before they were looked at. */
  readonly clientAuthentication?: readonly ClientAuthenticationMethod[]
  /** The kinds of tokens that were issued; absent when none was. */
  readonly issued?: ReadonlyArray<'access_token' | 'refresh_token'>
  /** The outcome that was asked for; absent when the request was judged as usual. */
  readonly outcome?: string
  /** Why the request was refused; absent when it was granted. */
  readonly refused?: Explanation
  readonly request: RecordedRequest
  readonly reply: RecordedReply
}

/** A request without its secrets. */
export interface RecordedRequest {
  /** The names of the parameters in the query; empty when there is none. */
  readonly query: readonly string[]
  /** Field names in lower case; unknown ones as `(undocumented)`. */
  readonly headers: Readonly<Record<string, string>>
  /** The length of the body. */
  readonly bytes: number
  /** By wire name; absent when the body was not read, or could not be. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** A reply without its tokens. */
export interface RecordedReply {
  readonly headers: Readonly<Record<string, string>>
  /** The members of a JSON body; absent for a body of another form, or none. */
  readonly members?: Readonly<Record<string, unknown>>
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

/** What a request must be to be found; absent members match any. */
export interface JournalQuery {
  readonly service?: string
  readonly variant?: string
  readonly client_id?: string
  /** The grant type. */
  readonly grant?: string
  readonly status?: number
  readonly path?: string
  /** The id of the rule that the request was refused by. */
  readonly rule?: string
  readonly outcome?: string
  /** Whether an access token was issued. */
  readonly issued?: boolean
  /** The id of an entry: those that came after it. */
  readonly since?: number
}

/** The most recent requests. */
export interface Journal {
  /** The id of the next entry. */
  readonly nextId: () => number
  readonly add: (entry: JournalEntry) => void
  /** Oldest first. */
  readonly entries: () => readonly JournalEntry[]
  /**
   * Those that match, oldest first.
   * @throws {TokenwrightError} `ERR_OPTION_INVALID` for a query with an unknown name or a value of another type
   */
  readonly find: (query: JournalQuery) => readonly JournalEntry[]
  /** Calls the listener with every entry to come, before the reply is sent, until the function it returns is called. */
  readonly subscribe: (listener: (entry: JournalEntry) => void) => () => void
  readonly clear: () => void
}

/** Keeps the last `capacity` entries. */
export function createJournal(capacity: number): Journal {
  let ring: JournalEntry[] = []
  let added = 0
  let next = 0
  const listeners = new Set<(entry: JournalEntry) => void>()
  const entries = () => [...ring.slice(next), ...ring.slice(0, next)]
  return {
    nextId: () => {
      added += 1
      return added
    },
    add: (entry) => {
      ring[next] = entry
      next = (next + 1) % capacity
      for (const listener of listeners) listener(entry)
    },
    entries,
    find: (query) => {
      const sound = requireJournalQuery(query)
      return entries().filter((entry) => isFound(entry, sound))
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    clear: () => {
      ring = []
      next = 0
    },
  }
}
