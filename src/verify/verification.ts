// What came of a verification: the data from which every report is made. No secret is in it.
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import type { VerificationRuleId } from './rules.ts'

/** One difference between a contract and a reply. */
export interface Difference {
  /** The rule that is broken, one of `verificationRules`. */
  readonly rule: VerificationRuleId
  /** `status`, `header <name>`, `body <JSON path>`, or `reply` when there was none. */
  readonly where: string
  /** In words, without a full stop. */
  readonly expected: string
  /** In words; a received value only where it cannot be a secret. */
  readonly received: string
}

/** What became of one interaction. */
export interface VerifiedInteraction {
  /** The consumer of the contract. */
  readonly consumer: string
  readonly variant: string
  readonly exchange: string
  readonly client_authentication: string
  /** Skipped interactions count neither as kept nor as broken. */
  readonly verdict: 'kept' | 'broken' | 'skipped'
  /** What differed; empty unless broken. */
  readonly differences: readonly Difference[]
  /** Why it was skipped. */
  readonly reason?: string
  /** Whether the broker has it as pending: broken, it does not fail the verification. */
  readonly pending?: true
  /** The file of the contract, or its URL. */
  readonly contract: string
  /** The document that the variant was read from. */
  readonly document: string
  /** The request as a line of curl, with variables of a shell in the place of credentials. */
  readonly request: string
}

/** The outcome of a verification. */
export interface Verification {
  /** The token endpoint, without a query. */
  readonly url: string
  readonly service: string
  /** The one method that the client was taken to use; absent where the service lets each request choose. */
  readonly client_authentication?: ClientAuthenticationMethod
  /** The profile of the service under test; absent when none was given. */
  readonly profile?: string
  readonly interactions: readonly VerifiedInteraction[]
  readonly kept: number
  /** Pending ones aside. */
  readonly broken: number
  readonly skipped: number
  /** Why the run ended before its end; absent when it did not. */
  readonly ended?: string
}
