// The public entry `tokenwright/probe`: what a live token service makes of documented requests and of the RFCs, and what a
// client survives.

export type { JudgedRule, MatrixCell, Probe, ProbedExchange, Score, Verdict } from './probed.ts'
export { type ProbeOptions, type ProbePlan, planTokenServiceProbe, probeTokenService } from './probing.ts'
export type { Capability, ConformanceRule, Level } from './rule.ts'
export { conformanceRules } from './rules.ts'
export {
  type ClientRun,
  type GivenCredentials,
  type Tolerance,
  type ToleranceCase,
  type ToleranceOptions,
  type ToleranceTarget,
  type ToleranceVerdict,
  type ToleratedCase,
  toleranceCases,
  toleranceTest,
} from './tolerate.ts'
