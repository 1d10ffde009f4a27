// Every rule of conformance, and what of the documents cannot be seen from outside.
import type { ConformanceRule } from './rule.ts'
import { oauth21 } from './rules/oauth-2.1.ts'
import { rfc6585 } from './rules/rfc6585.ts'
import { rfc6749Section1 } from './rules/rfc6749-1.ts'
import { rfc6749Section2 } from './rules/rfc6749-2.ts'
import { rfc6749Section32 } from './rules/rfc6749-3.2.ts'
import { rfc6749Section33 } from './rules/rfc6749-3.3.ts'
import { rfc6749Section4 } from './rules/rfc6749-4.ts'
import { rfc6749Section51 } from './rules/rfc6749-5.1.ts'
import { rfc6749Section52 } from './rules/rfc6749-5.2.ts'
import { rfc6749Section6 } from './rules/rfc6749-6.ts'
import { rfc6750 } from './rules/rfc6750.ts'
import { rfc7009 } from './rules/rfc7009.ts'
import { rfc7523 } from './rules/rfc7523.ts'
import { rfc7662 } from './rules/rfc7662.ts'
import { rfc8414 } from './rules/rfc8414.ts'
import { rfc8628 } from './rules/rfc8628.ts'
import { rfc8693 } from './rules/rfc8693.ts'
import { rfc8707 } from './rules/rfc8707.ts'
import { rfc9068 } from './rules/rfc9068.ts'
import { rfc9110 } from './rules/rfc9110.ts'
import { rfc9112 } from './rules/rfc9112.ts'
import { rfc9449 } from './rules/rfc9449.ts'
import { rfc9700 } from './rules/rfc9700.ts'

/** The rules in the order of their documents, other than those that use refresh tokens up. */
export const conformanceRules: readonly ConformanceRule[] = [
  ...rfc6585,
  ...rfc6749Section1,
  ...rfc6749Section2,
  ...rfc6749Section32,
  ...rfc6749Section33,
  ...rfc6749Section4,
  ...rfc6749Section51,
  ...rfc6749Section52,
  ...rfc6749Section6,
  ...rfc6750,
  ...rfc7523,
  ...rfc7662,
  ...rfc8414,
  ...rfc8628,
  ...rfc8693,
  ...rfc8707,
  ...rfc9068,
  ...rfc9110,
  ...rfc9112,
  ...rfc9449,
  ...oauth21,
  ...rfc9700,
  // The refresh tokens that are revoked here are of no use after.
  ...rfc7009,
]

/** Requirements that no rule is of, by what would be their ids, and why. */
export const notProbed: Readonly<Record<string, string>> = {
  'rfc8628-3.5-polling': 'a device that polls needs a device code, which waits for a person to approve it',
  'rfc8705-2-tls-client': 'no certificate of a client is given to a run',
  'rfc8705-3-bound-token': 'no certificate of a client is given to a run',
  'rfc9207-2-issuer': 'the authorization endpoint is for browsers, and is none of those that are probed',
}
