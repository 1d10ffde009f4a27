// What the prose of an OpenAPI field says beside its schema, which stands above it.
import { findContradictions } from './contradictions.ts'
import type { ImportedDocument, ImportedField } from './imported.ts'
import { type ProseFacts, readProse } from './prose.ts'
import { conditionReview, typedValue } from './table-field.ts'

/** A field with what its prose says where its schema says nothing. */
export function withProse(field: ImportedField): ImportedField {
  const prose = proseOf(field)
  const read = factsBeside(field, prose)
  const adopted = Object.keys(read).filter((fact) => prose.provenance[fact] !== undefined)
  const provenance = Object.fromEntries(adopted.map((fact) => [fact, prose.provenance[fact]]))
  return {
    ...field,
    ...read,
    provenance: { ...field.provenance, ...provenance },
    needsReview: [
      ...field.needsReview,
      ...prose.needsReview,
      ...valuesReview(field, prose),
      ...(field.required === true && prose.requiredWhen !== null ? [conditionReview] : []),
    ],
  }
}

/** A document with the contradictions between its schemas, prose and examples. */
export function withContradictions(document: ImportedDocument): ImportedDocument {
  const { fields, usage } = document
  return { ...document, contradictions: findContradictions(fields, usage, proseOf) }
}

/** Of YAML and JSON, the value is read: its words have their escapes and indentation. */
function proseOf({ description, provenance, name }: ImportedField): ProseFacts {
  const place = provenance.description ?? { file: '', words: name }
  return readProse(description ?? '', place)
}

function factsBeside(field: ImportedField, prose: ProseFacts): Partial<ImportedField> {
  const { type } = field
  const typed = (value: string) => typedValue(value, type)
  return {
    ...(field.allowedValues === null && isOfWhole(field, prose) && { allowedValues: prose.allowedValues }),
    ...(isOpen(field) && prose.requiredWhen !== null && { requiredWhen: prose.requiredWhen }),
    ...(field.required === null && prose.required !== null && { required: prose.required }),
    ...(field.httpBasic === null && { httpBasic: prose.httpBasic }),
    ...(!field.notSupported && { notSupported: prose.notSupported }),
    ...(!field.deprecated && { deprecated: prose.deprecated }),
    ...(field.minLength === null && { minLength: prose.minLength }),
    ...(field.maxLength === null && { maxLength: prose.maxLength }),
    ...(field.pattern === null && { pattern: prose.pattern }),
    ...(!field.isSpaceDelimited && { isSpaceDelimited: prose.isSpaceDelimited }),
    ...(field.default === null && prose.default !== null && { default: typed(prose.default) }),
    ...(field.example === null && prose.example !== null && { example: typed(prose.example) }),
  }
}

/** Whether a condition can be added: the schema neither requires the field nor has a condition of its own. */
function isOpen({ required, requiredWhen }: ImportedField): boolean {
  return required !== true && requiredWhen === null
}

/** Whether the listed values are those of the field, and not of a part of it. */
function isOfWhole({ type }: ImportedField, { isSpaceDelimited }: ProseFacts): boolean {
  return !isSpaceDelimited && type !== 'array' && type !== 'object'
}

function valuesReview(field: ImportedField, prose: ProseFacts): readonly string[] {
  if (field.allowedValues !== null || prose.allowedValues === null || isOfWhole(field, prose)) return []
  return [`Decide what the listed values are of: ${prose.allowedValues.join(', ')} are values of a part`]
}
