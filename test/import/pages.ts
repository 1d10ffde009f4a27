// Pages of SDK documentation as tests read them.
import { readFileSync } from 'node:fs'
import type { ImportedDocument, ImportedField } from '../../src/import/imported.ts'
import { readMarkdown } from '../../src/import/markdown.ts'

/** A page of `test/import/pages/`, imported. */
export function readPage(file: string): readonly ImportedDocument[] {
  const text = readFileSync(new URL(`./pages/${file}`, import.meta.url), 'utf8')
  return readMarkdown({ file, text })
}

/** Every fact of a field at its silent value. */
export const silent = {
  confidence: 'high',
  type: 'string',
  isOptionalType: false,
  items: null,
  model: null,
  required: false,
  requiredWhen: null,
  allowedValues: null,
  example: null,
  default: null,
  description: null,
  pattern: null,
  minLength: null,
  maxLength: null,
  isSpaceDelimited: false,
  httpBasic: null,
  notSupported: false,
  deprecated: false,
  needsReview: [],
} as const

/** A field without where its facts were read. */
export function factsOf({ provenance: _, ...facts }: ImportedField): Omit<ImportedField, 'provenance'> {
  return facts
}
