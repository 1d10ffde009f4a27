// The entry `tokenwright/pact`: contracts and their verification, for whoever has @pact-foundation/pact installed.
export type { ContractClient } from '../contract/client.ts'
export { type WrittenContract, writeContract } from '../contract/contract.ts'
export {
  type ContractCall,
  type ContractTestOptions,
  contractTest,
  type KeptContract,
} from '../contract/contract-test.ts'
export type { Credentials } from '../fixture/message.ts'
export type { TlsOptions } from './connection.ts'
export type { ContractSource, GivenPact } from './contracts.ts'
export type { Profile, ProfileRefusal } from './profiles.ts'
export { type VerificationRule, type VerificationRuleId, verificationRules } from './rules.ts'
export type { Difference, Verification, VerifiedInteraction } from './verification.ts'
export {
  planTokenServiceVerification,
  type VerificationPlan,
  type VerifyOptions,
  verifyTokenService,
} from './verify.ts'
