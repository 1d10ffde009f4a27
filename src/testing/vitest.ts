// The entry for tests with Vitest: a server as a fixture, and matchers about what it was asked. To import it is enough to
// have the matchers.
import { test as base, expect, type TestAPI } from 'vitest'
import type { JournalQuery } from '../engine/journal.ts'
import { startTokenServer, type TokenServer, type TokenServerOptions } from '../host/server.ts'
import { matchers } from './matchers.ts'

export type { JournalEntry, JournalQuery, TokenServer, TokenServerOptions } from '../host/server.ts'

/**
 * What can be expected of a {@link TokenServer}, or of its journal. A query says which requests count; one with an
 * unknown name fails, with `.not` as well.
 */
export interface TokenServerMatchers {
  /** So many of the requests were answered with an access token. */
  toHaveIssued(count: number, query?: JournalQuery): void
  /** Exactly one request was answered with an access token. */
  toHaveIssuedOnce(query?: JournalQuery): void
  /** No request was answered with an access token. */
  toHaveIssuedNothing(query?: JournalQuery): void
  /** So many requests came, granted or not. */
  toHaveBeenAsked(count: number, query?: JournalQuery): void
  /** A request was refused, such as by a rule: `{ rule: 'rfc6749-6-refresh-token' }`. */
  toHaveRefused(query?: JournalQuery): void
  /** Requests came, and every one that got to client authentication showed the same method and no second one. */
  toHaveUsedOneClientAuthentication(query?: JournalQuery): void
  /** No URL had a parameter that is a secret, such as `client_secret` or `access_token`. @see RFC 6749 §2.3.1 */
  toHaveNoSecretInUrl(query?: JournalQuery): void
}

declare global {
  // Vitest's own interfaces have other type parameters in each major version; this one stands behind all of them.
  namespace Chai {
    interface Assertion extends TokenServerMatchers {}
  }
}

expect.extend(matchers)

/** A test with the fixture `tokenServer`. */
export type TokenServerTest = TestAPI<{ tokenServer: TokenServer }>

/**
 * Vitest's `test` with a fixture `tokenServer`: one server per file, started when the file's first test begins, reset
 * before each test (journal, tokens, outcomes and clock), and closed after the file. Tests that run concurrently in one
 * file would reset it for each other.
 */
export function createTest(options: TokenServerOptions = {}): TokenServerTest {
  const extended = base.extend<{ tokenServer: TokenServer; resetTokenServer: undefined }>({
    tokenServer: [
      // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures are asked for.
      async ({}, use) => {
        const server = await startTokenServer(options)
        try {
          await use(server)
        } finally {
          await server.close()
        }
      },
      { scope: 'file' },
    ],
    resetTokenServer: [
      async ({ tokenServer }, use) => {
        tokenServer.reset()
        await use(undefined)
      },
      { auto: true },
    ],
  })
  return extended
}

/** {@link createTest} with every built-in service. */
export const test: TokenServerTest = createTest()
