// Why a step refuses: the rule it keeps, and what it saw instead, in words that hold no credential.

import type { RuleId } from '../service/rules.ts'
import type { Family } from './tokens.ts'

/** What a step returns in place of `undefined` when the request breaks its rule. */
export interface Refused {
  /** A general rule, or one of the service's own. */
  readonly rule: RuleId | (string & {})
  readonly detail: string
  /** The parameter to blame, where there is one. */
  readonly parameter?: string
  /** The tokens that the refusal revokes, once it is given. */
  readonly revokes?: Family
}
