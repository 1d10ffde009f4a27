// Each broken service verified, and what was reported of it: the measure of how much verification finds.
import type { Credentials } from '../../src/fixture/message.ts'
import { findService } from '../../src/service/lookup.ts'
import { services } from '../../src/services/services.ts'
import type { VerificationRuleId } from '../../src/verify/rules.ts'
import type { Verification } from '../../src/verify/verification.ts'
import { verifyTokenService } from '../../src/verify/verify.ts'
import { startService } from './broken-service.ts'
import { type Mutant, mutants } from './mutants.ts'

/** A broken service with the rule that it breaks. */
export type RuledMutant = Mutant & { readonly rule: VerificationRuleId }

/** What verification made of a broken service. */
export interface Detection {
  readonly mutant: RuledMutant
  /** Every rule that a difference named, once and in order. */
  readonly reported: readonly string[]
  /** Every exchange that was found broken, once and in order. */
  readonly broken: readonly string[]
  /** Every exchange that was skipped, once and in order. */
  readonly skipped: readonly string[]
  /** How many differences there were in each broken interaction, at most. */
  readonly differences: number
  /** Whether the one rule was reported of the right exchanges. */
  readonly isFound: boolean
}

/** Every broken service, in the order of the rules. */
export const allMutants: readonly RuledMutant[] = Object.entries(mutants).flatMap(([rule, ofRule]) =>
  ofRule.map((mutant) => ({ ...mutant, rule: rule as VerificationRuleId })),
)

/** What a broken service verifies and breaks, where it does not say. */
const usually = { verifies: 'rfc6749/client_credentials', broken: ['client_credentials'], timeoutMs: 5000 }

/** The services and variants that broken ones are verified by. */
export const verified: readonly string[] = [
  ...new Set(allMutants.map(({ verifies = usually.verifies }) => verifies)),
]

/** Verifies a broken service. */
export async function detect(mutant: RuledMutant): Promise<Detection> {
  const { broken: meant = usually.broken, rule } = mutant
  const { interactions } = await verifyService(mutant)
  const found = interactions.filter(({ verdict }) => verdict === 'broken')
  const reported = once(found.flatMap(({ differences }) => differences.map((each) => each.rule)))
  const broken = once(found.map(({ exchange }) => exchange))
  const skipped = once(
    interactions.filter(({ verdict }) => verdict === 'skipped').map(({ exchange }) => exchange),
  )
  const isFound = reported.join() === rule && broken.join() === once(meant).join()
  const differences = Math.max(0, ...found.map((each) => each.differences.length))
  return { mutant, reported, broken, skipped, differences, isFound }
}

/** Verifies a service that may depart from the correct one. */
export async function verifyService({
  verifies = usually.verifies,
  timeoutMs = usually.timeoutMs,
  departure,
  options,
}: Partial<Mutant>): Promise<Verification> {
  const service = findService(services, verifies)
  const [{ path } = { path: '' }] = service.variants.map(({ endpoint }) => service.endpoints[endpoint])
  const credentials: Credentials = { ...service.clients[0], ...service.users[0] }
  const isOneVariant = service.variants.some(({ serving }) => serving === 'when_named')
  await using running = await startService({
    path: `/${service.id}${path}`,
    serves: isOneVariant ? verifies : service.id,
    options,
    departure,
  })
  return await verifyTokenService({
    url: running.url,
    service: verifies,
    credentials,
    authentication: 'client_secret_post',
    timeoutMs,
    maxRefusals: 100,
  })
}

function once(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}
