// The entry `tokenwright/diff`: what changed between two documented requests, and whom it breaks.
import { findVariant } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import { services as builtInServices } from '../services/services.ts'
import type { Difference } from './change.ts'
import { compare } from './compare.ts'
import { subjectOfVariant } from './subject-of-variant.ts'

export type { Area, Change, Difference, Layer, SemanticVersion } from './change.ts'
export { compare } from './compare.ts'
export { type Comparison, compareSides } from './comparison.ts'
export { historyOf, type Point, type Timeline } from './history.ts'
export { type Disagreement, type LanguageColumn, type LanguageReport, languagesOf } from './languages.ts'
export type { Cell, FactRow, FieldCell, FieldRow, Matrix } from './matrix.ts'
export { type Rule, type RuleId, rules } from './rules.ts'
export type { Side, SideSubject } from './side.ts'
export type {
  ComparedFact,
  ComparedField,
  ComparedRefusal,
  Origin,
  Requirement,
  Subject,
} from './subject.ts'
export { subjectsOfDocuments } from './subject-of-document.ts'
export { subjectOfVariant } from './subject-of-variant.ts'

/**
 * What changed from one variant to another, by their ids.
 * @param services Where the ids are looked up. Default: the built-in services.
 * @throws {TokenwrightError} `ERR_VARIANT_UNKNOWN`
 */
export function diffVariants(
  before: string,
  after: string,
  services: readonly Service[] = builtInServices,
): Difference {
  const [one, other] = [findVariant(services, before), findVariant(services, after)]
  return compare(subjectOfVariant(one.service, one.variant), subjectOfVariant(other.service, other.variant))
}
