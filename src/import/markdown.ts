// A page of SDK documentation to documents: its tables are models, and their rows fields.
import { invalidDocument } from './document-error.ts'
import type { ImportedDocument, ImportedField, SourceFile } from './imported.ts'
import { resolveLinkedValues } from './linked-values.ts'
import { type Block, parseMarkdown, type Row, TooMuchMarkup } from './markdown-tree.ts'
import { documentOf, type Model, type ModelTable, surroundingsOf } from './page-model.ts'
import { type PlacedBlock, sectionsOf, type TableSection } from './page-sections.ts'
import { readPageText } from './page-text.ts'
import { unquoted } from './prose-rules.ts'
import { languageOf } from './sdk-language.ts'
import { type Columns, columnsOf, hasFields } from './table-columns.ts'
import { isEmptyRow, readField, requireWholeRow, type TablePlace, withSpelledNames } from './table-field.ts'
import { squash } from './wire-name.ts'

/** What a caller states of a page. */
export interface MarkdownOptions {
  /** In place of what the page's evidence says. */
  readonly language?: string
}

/**
 * Reads a page's tables of fields and of values.
 * @throws ERR_DOCUMENT_INVALID with the file and line: no Markdown, no table, no column that is known, ragged rows
 */
export function readMarkdown(source: SourceFile, options: MarkdownOptions = {}): readonly ImportedDocument[] {
  const page = readPageText(source)
  const blocks = parsed(source.file, page.text)
  const { tables, blocks: placed } = sectionsOf(blocks)
  const modelTables = joined(tables.flatMap(modelTableOf))
  requireTables(source.file, blocks, tables, modelTables)
  const names = modelNames(modelTables, page.title ?? baseName(source.file))
  const models = modelTables.map((table, index) => modelOf(table, names[index] ?? '', source.file))
  const language = options.language ?? pageLanguage(models, placed)
  const surroundings = surroundingsOf(models, placed, source.file)
  const documents = models.map((model, index) =>
    documentOf(model, surroundings[index] ?? [], { file: source.file, language }),
  )
  return resolveLinkedValues(withPassedOver(documents, blocks, tables))
}

function parsed(file: string, text: string): readonly Block[] {
  try {
    return parseMarkdown(text)
  } catch (cause) {
    if (cause instanceof TooMuchMarkup)
      throw invalidDocument(
        file,
        cause.line,
        'expected a page of prose and tables, received too many brackets, stars and underscores in one paragraph or cell; import the part with the table alone',
      )
    if (!(cause instanceof RangeError)) throw cause
    throw invalidDocument(
      file,
      1,
      'expected Markdown, received markup that is nested too deep; import the part with the table alone',
    )
  }
}

function modelTableOf(section: TableSection): readonly ModelTable[] {
  const columns = columnsOf(section.table)
  const own = { ...section, columns, further: [] }
  if (isValuesTable(section, columns)) return [{ ...own, kind: 'values' }]
  return hasFields(columns) ? [{ ...own, kind: 'fields' }] : []
}

/** `Required parameters` and `Optional parameters` below one heading are the fields of one model. */
function joined(tables: readonly ModelTable[]): readonly ModelTable[] {
  const models: ModelTable[] = []
  for (const table of tables) {
    const last = models.at(-1)
    if (last && isOfOneModel(last, table))
      models.splice(-1, 1, { ...last, further: [...last.further, table] })
    else models.push(table)
  }
  return models
}

function isOfOneModel(one: ModelTable, other: ModelTable): boolean {
  const isCaptioned = [one, ...one.further, other].every(
    ({ caption, kind }) => caption !== null && kind === 'fields',
  )
  return (
    isCaptioned &&
    one.path.length === other.path.length &&
    one.path.every((each, at) => each === other.path[at])
  )
}

/** `Name | Value` under "Values", or where each value is its name in another casing. */
function isValuesTable({ table, section }: TableSection, { at }: Columns): boolean {
  const value = at.get('value') ?? at.get('values')
  const isOther = ['type', 'required', 'optional', 'default'].some((kind) => at.has(kind as 'type'))
  if (value === undefined || isOther) return false
  if (/^(?:enum )?(?:values?|enum|members?|options)$/i.test(section?.text.trim() ?? '')) return true
  const name = at.get('name')
  if (name === undefined || table.rows.length === 0) return false
  return table.rows.every(({ cells }) => {
    const [constant, spelled] = [squash(cells[name]?.text ?? ''), squash(cells[value]?.text ?? '')]
    return spelled !== '' && constant.endsWith(spelled)
  })
}

function requireTables(
  file: string,
  blocks: readonly Block[],
  tables: readonly TableSection[],
  models: readonly ModelTable[],
): void {
  if (models.length > 0) return
  const [first] = tables
  if (first) {
    const found = shownHeads(first.table.heads.map(({ text }) => text))
    throw invalidDocument(
      file,
      first.table.line,
      `expected a table with a column of names (Field, Name, Parameter, Property …) and one that tells of them (Type, Required, Description …), found: ${found}`,
    )
  }
  const html = blocks.find((block) => block.kind === 'html' && /<table[\s>]/i.test(block.text))
  if (html)
    throw invalidDocument(
      file,
      html.line,
      'expected a table in Markdown (| Field | Type | …), received one in HTML; write it in Markdown, without merged cells',
    )
  throw invalidDocument(
    file,
    1,
    'expected a table in Markdown (| Field | Type | …), received none; is this the page of the request model?',
  )
}

const maxShownHeads = 12
const maxShownHead = 40

function shownHeads(heads: readonly string[]): string {
  const shown = heads
    .slice(0, maxShownHeads)
    .map((head) => (head.length > maxShownHead ? `${head.slice(0, maxShownHead)}…` : head))
  const more = heads.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function baseName(file: string): string {
  return (file.split(/[/\\]/).at(-1) ?? file).replace(/\.[^.]*$/, '')
}

/** A model is called by its heading; two under one heading by their section as well, then by number. */
function modelNames(tables: readonly ModelTable[], fallback: string): readonly string[] {
  const plain = tables.map(({ heading }) => heading?.text ?? fallback)
  const repeated = repeatedOf(plain)
  const exact = plain.map((name, index) => {
    const section = tables[index]?.section?.text
    return repeated.has(name) && section ? `${name} (${section})` : name
  })
  const still = repeatedOf(exact)
  const counts = new Map<string, number>()
  return exact.map((name) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return still.has(name) && count > 1 ? `${name} ${count}` : name
  })
}

function repeatedOf(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  return new Set(names.filter((name) => seen.size === seen.add(name).size))
}

function modelOf(table: ModelTable, name: string, file: string): Model {
  if (table.kind === 'values') {
    const place = placeOf(table, file)
    return { table, name, fields: [], values: rowsOf(table).map((row) => documentedValue(row, place)) }
  }
  const fields = [table, ...table.further].flatMap((each) => {
    const place = placeOf(each, file)
    for (const row of rowsOf(each)) requireWholeRow(row, place)
    return rowsOf(each).map((row) => readField(row, place))
  })
  return { table, name, fields: withSpelledNames(fields), values: null }
}

function placeOf({ table, columns, caption }: ModelTable, file: string): TablePlace {
  return { file, columns, width: table.heads.length, caption }
}

function rowsOf({ table }: ModelTable): readonly Row[] {
  return table.rows.filter((row) => !isEmptyRow(row))
}

function documentedValue(row: Row, place: TablePlace): string {
  if (row.cells.length !== place.width) requireWholeRow(row, place)
  const { at } = place.columns
  const cell = row.cells[at.get('value') ?? at.get('values') ?? 0]
  return unquoted(cell?.codes[0] ?? cell?.text ?? '')
}

function pageLanguage(models: readonly Model[], placed: readonly PlacedBlock[]): string | null {
  const fields = models.flatMap((model) => model.fields)
  const code = placed.flatMap(({ block }) => (block.kind === 'code' ? [block] : []))
  const notationOf = ({ notation }: ImportedField) => (notation === null ? [] : [notation])
  return languageOf({
    fences: code.flatMap(({ language }) => language ?? []),
    snippets: code.map(({ text }) => text),
    notations: fields.flatMap(notationOf),
    names: fields.map(({ name }) => name),
    optionalNotations: fields.filter(({ required }) => required === false).flatMap(notationOf),
  })
}

/** Tables that are no model are named on the first document, so that nobody misses them. */
function withPassedOver(
  documents: readonly ImportedDocument[],
  blocks: readonly Block[],
  tables: readonly TableSection[],
): readonly ImportedDocument[] {
  const lines = [
    ...tables.filter((section) => modelTableOf(section).length === 0).map(({ table }) => table.line),
    ...blocks.flatMap((block) =>
      block.kind === 'html' && /<table[\s>]/i.test(block.text) ? [block.line] : [],
    ),
  ]
  const [first, ...others] = documents
  if (!first || lines.length === 0) return documents
  const sentence = `Look at the tables that name no fields and were passed over: line ${lines.join(', ')}`
  return [{ ...first, needsReview: [...first.needsReview, sentence] }, ...others]
}
