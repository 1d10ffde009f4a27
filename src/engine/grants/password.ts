// The grant `password`: a resource owner's name and password. @see RFC 6749 §4.3
import type { Attempt } from '../attempt.ts'
import type { Refused } from '../refused.ts'
import { isSameSecret } from '../secrets.ts'

/** Refuses unless the user is known and the password right. */
export function requireGrant(attempt: Attempt): Refused | undefined {
  const { desk, accepted } = attempt
  const user = desk.users.get(accepted.username ?? '')
  const isRight = isSameSecret(accepted.password ?? '', user?.password ?? '')
  if (user !== undefined && isRight) {
    attempt.username = user.username
    return undefined
  }
  return {
    rule: 'rfc6749-4.3.2-resource-owner-credentials',
    detail: 'expected a known user with the right password, received other credentials',
  }
}
