// Sides of diffs: of built-in variants, and of subjects that say little.
import type { Side } from '../../src/diff/side.ts'
import type { ComparedField, Subject } from '../../src/diff/subject.ts'
import { subjectOfVariant } from '../../src/diff/subject-of-variant.ts'
import { findVariant } from '../../src/service/lookup.ts'
import { services } from '../../src/services/services.ts'

const provenance = { file: 'page.md', line: 1, words: 'words' }

/** A parameter that nothing more is known of. */
export function fieldOf(wireName: string, said: Partial<ComparedField> = {}): ComparedField {
  return {
    wireName,
    sdkName: null,
    notation: null,
    type: null,
    required: null,
    allowedValues: null,
    pattern: null,
    minLength: null,
    maxLength: null,
    example: null,
    description: null,
    notSupported: false,
    deprecated: false,
    provenance,
    ...said,
  }
}

/** A page of a model that has a grant type alone. */
export function subjectOf(said: Partial<Subject> = {}): Subject {
  return {
    label: 'page.md Model',
    model: 'Model',
    language: null,
    version: null,
    method: null,
    path: null,
    contentTypes: null,
    clientAuthentication: null,
    request: [fieldOf('grant_type')],
    reply: null,
    refusals: null,
    ...said,
  }
}

/** A fact with these values. */
export function factOf(...values: readonly string[]) {
  return { values, provenance }
}

/** A side of subjects, each under its model's name. */
export function sideOf(label: string, ...subjects: readonly Subject[]): Side {
  return { label, subjects: subjects.map((subject) => ({ name: subject.model, isServed: true, subject })) }
}

/** A side that is a built-in variant. */
export function variantSide(id: string): Side {
  const { service, variant } = findVariant(services, id)
  return sideOf(id, subjectOfVariant(service, variant))
}

/** A side of all variants of a built-in service. */
export function serviceSide(id: string, language?: string): Side {
  const service = services.find((each) => each.id === id)
  const subjects = (service?.variants ?? [])
    .filter(({ document }) => language === undefined || document.language === language)
    .map((variant) => ({
      name: variant.id.split('/')[1] ?? '',
      isServed: !('serving' in variant) || variant.serving !== 'when_named',
      subject: subjectOfVariant(service as NonNullable<typeof service>, variant),
    }))
  return { label: id, subjects }
}
