// What every report tells of a verification, before it has a format: findings by rule, groups by variant, the sum.
import { type VerificationRule, type VerificationRuleId, verificationRules } from '../verify/rules.ts'
import type { Difference, Verification, VerifiedInteraction } from '../verify/verification.ts'

/** A broken rule, and all that differed under it in one interaction. */
export interface Finding extends VerificationRule {
  readonly rule: VerificationRuleId
  readonly differences: readonly Difference[]
}

/** The interactions of one contract. */
export interface Group {
  /** The variant; with the consumer, where several consumers have contracts of the variant. */
  readonly title: string
  readonly interactions: readonly VerifiedInteraction[]
}

/** What a verdict is called in a report: a broken interaction that the broker has as pending fails nothing. */
export type Outcome = VerifiedInteraction['verdict'] | 'pending'

/** The outcome of an interaction. */
export function outcomeOf({ verdict, pending }: VerifiedInteraction): Outcome {
  return verdict === 'broken' && pending === true ? 'pending' : verdict
}

/** The interactions in which something differed: broken ones, then pending ones. */
export function brokenOf({ interactions }: Verification): readonly VerifiedInteraction[] {
  const broken = interactions.filter(({ verdict }) => verdict === 'broken')
  return [...broken.filter(({ pending }) => !pending), ...broken.filter(({ pending }) => pending)]
}

/** The rules that an interaction breaks, in the order of its differences. */
export function findingsOf({ differences }: VerifiedInteraction): readonly Finding[] {
  const byRule = Map.groupBy(differences, ({ rule }) => rule)
  return [...byRule].map(([rule, some]) => ({ ...verificationRules[rule], rule, differences: some }))
}

/** `status: expected 401, received 200` */
export function sentenceOf({ where, expected, received }: Difference): string {
  return `${where}: expected ${expected}, received ${received}`
}

/** All that is to be told of a broken interaction, in lines of plain text. */
export function detailsOf(interaction: VerifiedInteraction): readonly string[] {
  const { document, consumer, request } = interaction
  return [
    ...findingsOf(interaction).flatMap(({ rule, sentence, source, next, differences }) => [
      ...differences.map(sentenceOf),
      `  rule ${rule}: ${sentence} (${source})`,
      `  next: ${next}`,
    ]),
    `document: ${document}; contract of ${consumer}`,
    request,
  ]
}

/** `password.wrong_password, by client_secret_post` */
export function labelOf({ exchange, client_authentication }: VerifiedInteraction): string {
  const by =
    client_authentication === 'none' ? 'without client authentication' : `by ${client_authentication}`
  return `${exchange}, ${by}`
}

/** The interactions by contract, in the order of the contracts. */
export function groupsOf({ interactions }: Verification): readonly Group[] {
  const byVariant = Map.groupBy(interactions, ({ variant }) => variant)
  return [...byVariant].flatMap(([variant, ofVariant]) => {
    const byConsumer = Map.groupBy(ofVariant, ({ consumer }) => consumer)
    return [...byConsumer].map(([consumer, ofConsumer]) => ({
      title: byConsumer.size === 1 ? variant : `${variant}, ${consumer}`,
      interactions: ofConsumer,
    }))
  })
}

/** The skipped interactions by the reason. */
export function skippedByReason({
  interactions,
}: Verification): ReadonlyMap<string, readonly VerifiedInteraction[]> {
  const skipped = interactions.filter(({ verdict }) => verdict === 'skipped')
  return Map.groupBy(skipped, ({ reason }) => reason ?? 'no reason was given')
}

/** How many interactions of a list had an outcome. */
export function countOf(interactions: readonly VerifiedInteraction[], outcome: Outcome): number {
  return interactions.filter((each) => outcomeOf(each) === outcome).length
}

/** A verification in a few words, as a heading. */
export function verdictOf({ kept, broken, ended }: Verification): string {
  if (broken > 0) return 'The contract is broken'
  if (ended !== undefined) return 'The contract was not verified to the end'
  return kept > 0 ? 'The contract is kept' : 'Nothing was verified'
}

/** `3 kept, 1 broken, 2 skipped`, and how many are pending where any is. */
export function sumOf({ interactions, kept, broken, skipped }: Verification): string {
  const pending = countOf(interactions, 'pending')
  return `${kept} kept, ${broken} broken, ${skipped} skipped${pending === 0 ? '' : `, ${pending} pending`}`
}

/** What was verified: service, address, and how the client was taken to be. */
export function subjectOf({ service, url, client_authentication, profile }: Verification): string {
  const by = client_authentication === undefined ? '' : `, by ${client_authentication}`
  return `${service} at ${url}${by}${profile === undefined ? '' : `, profile ${profile}`}`
}
