// What of oauth2orize is used here; the package has no types of its own.
declare module 'oauth2orize' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  type Client = { readonly id: string }
  type Scope = readonly string[] | undefined
  type Done = (
    error: unknown,
    accessToken?: string | false,
    refreshToken?: string | null,
    members?: Readonly<Record<string, unknown>>,
  ) => void
  type Exchange = { readonly isExchange: true }

  export const exchange: {
    clientCredentials(issue: (client: Client, scope: Scope, done: Done) => void): Exchange
    password(
      issue: (client: Client, username: string, password: string, scope: Scope, done: Done) => void,
    ): Exchange
    refreshToken(issue: (client: Client, refreshToken: string, scope: Scope, done: Done) => void): Exchange
  }
  export class TokenError extends Error {
    constructor(message: string, code: string)
  }
  export function createServer(): {
    exchange(exchange: Exchange): void
    token(): (request: IncomingMessage, response: ServerResponse, next: (error: unknown) => void) => void
    errorHandler(): (
      error: unknown,
      request: IncomingMessage,
      response: ServerResponse,
      next: () => void,
    ) => void
  }
}
