// The grant `client_credentials`: the client's own authentication is the grant. @see RFC 6749 §4.4
import type { Attempt } from '../attempt.ts'
import type { Refused } from '../refused.ts'

/** Refuses a client that has neither secret nor key to authenticate with, where clients authenticate. */
export function requireGrant({ client, form }: Attempt): Refused | undefined {
  const isConfidential = client?.client_secret !== undefined || client?.jwks !== undefined
  if (form.clientAuthentication.methods.length === 0 || isConfidential) return undefined
  return {
    rule: 'rfc6749-4.4-confidential-client',
    detail: 'expected a client with a secret or a key, received a public one',
  }
}
