// The tokens that a service has issued: bounded in number and in time, and revoked one by one, by grant, or by client.

/** What all tokens of one grant share. */
export interface Family {
  isRevoked: boolean
}

/** What a token stands for. */
export interface IssuedToken {
  /** Absent where the service authenticates no client. */
  readonly client_id: string | undefined
  /** The resource owner of the password grant; absent when the client acts for itself. */
  readonly username: string | undefined
  /** For a refresh token, the scope first granted; empty when none was. */
  readonly scope: string
  /** Milliseconds since 1970. */
  readonly issuedAt: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly family: Family
  /** When a rotated refresh token was first used, in milliseconds since 1970; absent when it was not. */
  usedAt?: number
}

/** Issued tokens of one kind, by their value. */
export interface IssuedTokens {
  readonly add: (token: string, issued: IssuedToken) => void
  /** A token that is known, has not expired, and whose grant has not been revoked; used ones included. */
  readonly find: (token: string, now: number) => IssuedToken | undefined
  readonly remove: (token: string) => void
  /** Forgets every token of a client. */
  readonly removeAllOf: (clientId: string | undefined) => void
  readonly clear: () => void
}

/** Keeps at most so many tokens; expired ones and then the oldest make room for new ones. */
export function createIssuedTokens(capacity: number): IssuedTokens {
  const tokens = new Map<string, IssuedToken>()
  // One iterator for good: each new one would pass over all that was deleted before it comes to the oldest.
  let oldestFirst = tokens.entries()
  let oldest = oldestFirst.next().value
  const dropOldest = () => {
    if (oldest !== undefined) tokens.delete(oldest[0])
    oldest = oldestFirst.next().value
  }
  return {
    add: (token, issued) => {
      tokens.set(token, issued)
      if (oldest === undefined) {
        // An iterator that has come to its end stays there.
        oldestFirst = tokens.entries()
        oldest = oldestFirst.next().value
      }
      // Two for one, so that what has expired goes away faster than new ones come.
      for (let checked = 0; checked < 2 && oldest !== undefined; checked += 1) {
        const isGone = !tokens.has(oldest[0])
        if (isGone || tokens.size > capacity || oldest[1].expiresAt <= issued.issuedAt) dropOldest()
      }
    },
    find: (token, now) => {
      const issued = tokens.get(token)
      if (issued === undefined || (issued.expiresAt > now && !issued.family.isRevoked)) return issued
      tokens.delete(token)
      return undefined
    },
    remove: (token) => {
      tokens.delete(token)
    },
    removeAllOf: (clientId) => {
      for (const [token, { client_id }] of tokens) if (client_id === clientId) tokens.delete(token)
    },
    clear: () => tokens.clear(),
  }
}
