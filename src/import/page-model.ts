// A model of a page, and what stands around it: prose, snippets and words about the wire, brought to the model they are of.
import { findContradictions } from './contradictions.ts'
import type { ImportedDocument, ImportedField, ImportedWire, Provenance, Usage } from './imported.ts'
import type { CodeBlock, Heading } from './markdown-tree.ts'
import { roleOf } from './model-role.ts'
import type { PlacedBlock, TableSection } from './page-sections.ts'
import type { Columns } from './table-columns.ts'
import { readUsage } from './usage.ts'
import { wireOf, wireStatementsOf } from './wire-facts.ts'

/** A table that is a model, with its columns. */
export interface ModelTable extends TableSection {
  readonly columns: Columns
  readonly kind: 'fields' | 'values'
  /** Tables of further fields of the model, each under a caption of its own. */
  readonly further: readonly ModelTable[]
}

/** A model before the rest of the page is brought to it. */
export interface Model {
  readonly table: ModelTable
  readonly name: string
  readonly fields: readonly ImportedField[]
  readonly values: readonly string[] | null
}

/** A snippet above more models than this is about none of them. */
const maxModelsOfBlock = 24

/** For each model the blocks that are about it. */
export function surroundingsOf(
  models: readonly Model[],
  placed: readonly PlacedBlock[],
  file: string,
): readonly (readonly PlacedBlock[])[] {
  const owners = ownersOf(models)
  const surroundings = models.map((): PlacedBlock[] => [])
  for (const item of placed) {
    const candidates = candidatesOf(item, owners)
    if (candidates.length > maxModelsOfBlock || !isOfInterest(item, file)) continue
    for (const index of chosenOf(item, candidates, models)) surroundings[index]?.push(item)
  }
  return surroundings
}

/** By heading: the models below it, by their place. A model stands below each of the headings above it. */
function ownersOf(models: readonly Model[]): ReadonlyMap<Heading | null, readonly number[]> {
  const owners = new Map<Heading | null, number[]>([[null, [...models.keys()]]])
  for (const [index, model] of models.entries())
    for (const heading of model.table.path) {
      const below = owners.get(heading)
      if (below) below.push(index)
      else owners.set(heading, [index])
    }
  return owners
}

function candidatesOf(
  { path }: PlacedBlock,
  owners: ReadonlyMap<Heading | null, readonly number[]>,
): readonly number[] {
  const nearest = path.findLast((heading) => owners.has(heading)) ?? null
  return owners.get(nearest) ?? []
}

function isOfInterest({ block, isIntroduction }: PlacedBlock, file: string): boolean {
  return block.kind === 'code' || isIntroduction || wireStatementsOf(block, file).length > 0
}

/** A snippet is about the model that it names the most fields of. */
function chosenOf(
  { block }: PlacedBlock,
  candidates: readonly number[],
  models: readonly Model[],
): readonly number[] {
  if (block.kind !== 'code' || candidates.length === 1) return candidates
  const counts = candidates.map((index) => readUsage(block.text, models[index]?.fields ?? []).named.length)
  const most = Math.max(0, ...counts)
  return candidates.filter((_, place) => most > 0 && counts[place] === most)
}

/** Puts a model and its surroundings together. */
export function documentOf(
  model: Model,
  surroundings: readonly PlacedBlock[],
  { file, language }: { readonly file: string; readonly language: string | null },
): ImportedDocument {
  const { table, heading } = model.table
  const code = surroundings.flatMap(({ block }) => (block.kind === 'code' ? [block] : []))
  const fields = code.reduce((named, block) => withWireNames(named, block, file), model.fields)
  const usage = code.map((block) => usageOf(block, fields, file))
  const role = model.values ? 'values' : roleOf(fields.map(({ wireName }) => wireName))
  const statements = surroundings.flatMap(({ block }) => wireStatementsOf(block, file))
  const { wire, needsReview } =
    role === 'request' ? wireOf(statements, fields) : { wire: silentWire, needsReview: [] }
  return {
    file,
    format: 'markdown',
    model: model.name,
    role,
    language,
    description: descriptionOf(surroundings, heading),
    version: null,
    fields,
    values: model.values,
    operation: null,
    wire,
    status: null,
    headers: [],
    contradictions: findContradictions(fields, usage),
    usage,
    provenance: {
      file,
      line: heading?.line ?? table.line,
      words: heading?.words ?? table.heads.map(({ words }) => words).join(' | '),
    },
    needsReview: [...needsReview, ...namesReview(fields)],
  }
}

const silentWire: ImportedWire = {
  servers: null,
  method: null,
  path: null,
  contentTypes: null,
  clientAuthentication: null,
}

function descriptionOf(surroundings: readonly PlacedBlock[], heading: Heading | null): string | null {
  const paragraphs = surroundings.flatMap(({ block, path, isIntroduction }) =>
    block.kind === 'paragraph' && isIntroduction && path.at(-1) === heading ? [block.text] : [],
  )
  return paragraphs.length === 0 ? null : paragraphs.join('\n\n')
}

function usageOf({ language, text, line }: CodeBlock, fields: readonly ImportedField[], file: string): Usage {
  // The fence's own line is above the code.
  const provenance = { file, line: line + 1, words: text }
  return { language, code: text, values: readUsage(text, fields).values, provenance }
}

/** A curl line or an HTTP message has the names of the wire itself. */
function withWireNames(
  fields: readonly ImportedField[],
  { text, line }: CodeBlock,
  file: string,
): readonly ImportedField[] {
  const { isWire, spelled, lines } = readUsage(text, fields)
  if (!isWire) return fields
  return fields.map((field) => {
    const wireName = spelled[field.name]
    const at = lines.get(field.name)
    if (wireName === undefined || at === undefined || field.confidence === 'certain') return field
    const provenance: Provenance = { file, line: line + at, words: text.split('\n')[at - 1] ?? '' }
    return {
      ...field,
      wireName,
      confidence: 'certain',
      provenance: { ...field.provenance, wireName: provenance },
      needsReview: field.needsReview.filter((sentence) => !sentence.startsWith('Decide the wire name')),
    }
  })
}

/** The names of an SDK need not be those of the wire: what was undone is stated, however sure it is. */
function namesReview(fields: readonly ImportedField[]): readonly string[] {
  const undone = fields
    .filter(({ name, wireName, confidence }) => name !== wireName && confidence !== 'certain')
    .map(({ name, wireName, confidence }) => `${name} to ${wireName} (${confidence})`)
  return undone.length === 0
    ? []
    : [`Compare the wire names, which the page does not show: ${undone.join(', ')}`]
}
