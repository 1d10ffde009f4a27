// Fields whose type is another model, brought together with that model: its allowed values, or that it is an object.
import { findContradictions } from './contradictions.ts'
import type { Contradiction, ImportedDocument, ImportedField, Provenance } from './imported.ts'
import { linkedModelReview } from './table-field.ts'
import { readUsage } from './usage.ts'
import { squash } from './wire-name.ts'

/** A field that other models may have told something of. */
interface Resolved {
  readonly field: ImportedField
  readonly contradictions: readonly Contradiction[]
}

/**
 * Resolves the models that fields link to, over all documents of an import. What is not there stays as it was, and stays
 * a sentence for a person.
 */
export function resolveLinkedValues(documents: readonly ImportedDocument[]): readonly ImportedDocument[] {
  const models = new Map<string, ImportedDocument[]>()
  for (const document of documents) {
    const key = squash(document.model)
    const others = models.get(key)
    if (others) others.push(document)
    else models.set(key, [document])
  }
  return documents.map((document) => resolveDocument(document, models))
}

function resolveDocument(
  document: ImportedDocument,
  models: ReadonlyMap<string, readonly ImportedDocument[]>,
): ImportedDocument {
  if (document.fields.every(({ model }) => model === null)) return document
  const resolved = document.fields.map((field) => resolveField(field, document, models))
  const fields = resolved.map(({ field }) => field)
  if (fields.every((field, index) => field === document.fields[index])) return document
  // A constant in a snippet is a value once the values are known.
  const usage = document.usage.map((snippet) => ({
    ...snippet,
    values: readUsage(snippet.code, fields).values,
  }))
  const found = findContradictions(fields, usage)
  return {
    ...document,
    fields,
    usage,
    contradictions: [...found, ...resolved.flatMap(({ contradictions }) => contradictions)],
  }
}

function resolveField(
  field: ImportedField,
  document: ImportedDocument,
  models: ReadonlyMap<string, readonly ImportedDocument[]>,
): Resolved {
  const unchanged = { field, contradictions: [] }
  if (field.model === null) return unchanged
  const target = nearest(models.get(squash(field.model)) ?? [], document)
  if (!target || target === document) return unchanged
  const needsReview = field.needsReview.filter(
    (sentence) => sentence !== linkedModelReview(field.model ?? ''),
  )
  if (target.values === null) {
    const isObject = field.type === 'unknown'
    return isObject ? { field: { ...field, type: 'object', needsReview }, contradictions: [] } : unchanged
  }
  return withValues({ ...field, needsReview }, target.values, target.provenance)
}

/** The values of an enumeration beside those that the field's own prose says, or in place of none. */
function withValues(field: ImportedField, values: readonly string[], at: Provenance): Resolved {
  if (field.type === 'array') return { field: { ...field, items: 'string' }, contradictions: [] }
  if (field.allowedValues === null)
    return {
      field: {
        ...field,
        type: 'string',
        allowedValues: values,
        provenance: { ...field.provenance, allowedValues: at },
      },
      contradictions: [],
    }
  const own = field.allowedValues
  const isSame = own.length === values.length && own.every((value) => values.includes(value))
  const sides = [field.provenance.allowedValues, at].filter((side) => side !== undefined)
  return {
    field: { ...field, type: 'string' },
    contradictions: isSame
      ? []
      : [
          {
            rule: 'allowed-values-differ',
            field: field.name,
            sentence: `it allows ${own.join(', ')}, and ${field.model} has ${values.join(', ')}`,
            provenance: sides,
          },
        ],
  }
}

/** Of several models of one name the one of the same file, then of the same language; of several such, none. */
function nearest(candidates: readonly ImportedDocument[], { file, language }: ImportedDocument) {
  const sameFile = candidates.filter((candidate) => candidate.file === file)
  const sameLanguage = candidates.filter((candidate) => candidate.language === language)
  const closest = [sameFile, sameLanguage, candidates].find((group) => group.length > 0) ?? []
  const [first] = closest
  const isOne = closest.every(({ values }) => JSON.stringify(values) === JSON.stringify(first?.values))
  return isOne ? first : undefined
}
