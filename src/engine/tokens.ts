// The tokens that a service has issued: bounded in number and in time, and revoked one by one, by grant, or by client.

import type { TokenPolicy } from '../service/service.ts'

/** What all tokens of one grant share. */
export interface Family {
  isRevoked: boolean
}

/** Of tokens that stand alone. */
export const noFamily: Family = Object.freeze({ isRevoked: false })

/** What a token stands for. */
export interface IssuedToken {
  /** The issuer that the client asked, which stays the token's own. */
  readonly issuer: string
  /** Absent where the service authenticates no client. */
  readonly client_id: string | undefined
  /** The resource owner of the password grant; absent when the client acts for itself. */
  readonly username: string | undefined
  /** For a refresh token, the scope first granted; empty when none was. */
  readonly scope: string
  /** Whole seconds since 1970, as in the claim: small integers, which the records hold without a box for each. */
  readonly iat: number
  /** Whole seconds since 1970: the token and what is said of it end together. */
  readonly exp: number
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

/** Whether a rotated refresh token has been used, and its grace is over. */
export function isSpent(
  { usedAt }: IssuedToken,
  { reuseGraceSeconds = 0 }: TokenPolicy,
  now: number,
): boolean {
  // Without a grace not even a clock that was set back makes a used token a fresh one.
  const hasGrace = reuseGraceSeconds > 0 && now < (usedAt ?? now) + reuseGraceSeconds * 1000
  return usedAt !== undefined && !hasGrace
}

/** A scope may be as long as a body: a generation of such tokens is full sooner. */
const generationCharacters = 20_000_000

/**
 * Keeps at most so many tokens, two or more, and of the newest at least half as many. Two generations take turns: when the younger
 * one is full, the elder is forgotten as a whole, which costs nothing for each token.
 */
export function createIssuedTokens(capacity: number): IssuedTokens {
  const generationSize = Math.floor(capacity / 2)
  let young = new Map<string, IssuedToken>()
  let elder = new Map<string, IssuedToken>()
  let characters = 0
  const remove = (token: string) => {
    if (!young.delete(token)) elder.delete(token)
  }
  return {
    add: (token, issued) => {
      characters += token.length + issued.scope.length
      if (young.size >= generationSize || characters > generationCharacters) {
        elder = young
        young = new Map()
        characters = token.length + issued.scope.length
      }
      young.set(token, issued)
    },
    find: (token, now) => {
      const issued = young.get(token) ?? elder.get(token)
      if (issued === undefined || (issued.exp * 1000 > now && !issued.family.isRevoked)) return issued
      remove(token)
      return undefined
    },
    remove,
    removeAllOf: (clientId) => {
      for (const generation of [young, elder])
        for (const [token, { client_id }] of generation) if (client_id === clientId) generation.delete(token)
    },
    clear: () => {
      young = new Map()
      elder = new Map()
    },
  }
}
