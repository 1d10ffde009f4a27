// The public entry `tokenwright/import`: a vendor's pages as data, and as a service's folder of one's own.
export type {
  Condition,
  Confidence,
  Contradiction,
  Fact,
  Imported,
  ImportedDocument,
  ImportedField,
  ImportedWire,
  Provenance,
  SourceFile,
  Usage,
} from './imported.ts'
export {
  type ImportedService,
  type ImportSource,
  importDocument,
  importService,
  type ServiceImportOptions,
} from './importing.ts'
export type { MergeConflict } from './merge.ts'
export type { PlannedFile } from './service-folder.ts'
export type { ReadingOptions } from './source-file.ts'
export type { StatedFacts } from './stated.ts'
