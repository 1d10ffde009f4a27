// Validating a request body against a documented variant, for anyone's own tests.
import { findVariant } from '../service/lookup.ts'
import type { Variant } from '../service/service.ts'
import { services, type VariantId } from '../services/services.ts'
import { formatViolation, violationsOf } from './request.ts'
import type { Violation } from './validator.ts'

/** Whether a value keeps a variant's schema, and where it does not. */
export interface Validity {
  readonly isValid: boolean
  readonly violations: readonly Violation[]
  /** The violations in words, without the values that were sent; empty when valid. */
  readonly message: string
}

/**
 * Validates wire parameters against a variant: the documented names alone, an undocumented one is a violation.
 * @throws {TokenwrightError} `ERR_VARIANT_UNKNOWN`
 */
export function validate(variant: VariantId | Variant, parameters: unknown): Validity {
  const subject: Variant = typeof variant === 'string' ? findVariant(services, variant).variant : variant
  const violations = violationsOf(subject, parameters)
  return { isValid: violations.length === 0, violations, message: violations.map(formatViolation).join('; ') }
}
