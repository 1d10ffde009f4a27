// The grant `client_credentials`: the client's own authentication is the grant. @see RFC 6749 §4.4
import type { Attempt } from '../attempt.ts'
import type { Refused } from '../refused.ts'

/** Refuses a client that has no secret to authenticate with, where clients authenticate. */
export function requireGrant({ client, form }: Attempt): Refused | undefined {
  if (form.clientAuthentication.methods.length === 0 || client?.client_secret !== undefined) return undefined
  return {
    rule: 'rfc6749-4.4-confidential-client',
    detail: 'expected a client with a secret, received a public one',
  }
}
