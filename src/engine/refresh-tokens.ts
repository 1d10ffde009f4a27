// The refresh tokens that a service has issued: bounded in number and in time.

/** What a refresh token stands for. */
export interface RefreshGrant {
  /** Absent where the service authenticates no client. */
  readonly client_id: string | undefined
  /** The scope first granted; empty when none was. */
  readonly scope: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Issued refresh tokens by their value. */
export interface RefreshTokens {
  readonly add: (token: string, grant: RefreshGrant) => void
  /** The grant of a token that is known and has not expired. */
  readonly find: (token: string, now: number) => RefreshGrant | undefined
  readonly remove: (token: string) => void
}

/** Keeps at most so many tokens; the oldest make room for new ones. */
export function createRefreshTokens(capacity: number): RefreshTokens {
  const grants = new Map<string, RefreshGrant>()
  // One iterator for good: each new one would pass over all that was deleted before it comes to the oldest.
  const oldestFirst = grants.keys()
  return {
    add: (token, grant) => {
      const oldest = grants.size >= capacity ? oldestFirst.next().value : undefined
      if (oldest !== undefined) grants.delete(oldest)
      grants.set(token, grant)
    },
    find: (token, now) => {
      const grant = grants.get(token)
      if (grant === undefined || grant.expiresAt > now) return grant
      grants.delete(token)
      return undefined
    },
    remove: (token) => {
      grants.delete(token)
    },
  }
}
