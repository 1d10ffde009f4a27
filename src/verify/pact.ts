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
export type { Difference } from './differences.ts'
export {
  type Verification,
  type VerifiedInteraction,
  type VerifyOptions,
  verifyTokenService,
} from './verify.ts'
