// The grant `client_credentials`: the client's own authentication is the grant. @see RFC 6749 §4.4

/** Nothing is left to check. */
export function requireGrant(): undefined {
  return undefined
}
