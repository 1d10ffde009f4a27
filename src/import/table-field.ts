// A row of a table to a field: each column read by its own rule, each fact with the words it was read from.
import { invalidDocument } from './document-error.ts'
import type { Confidence, FieldType, ImportedField, Provenance } from './imported.ts'
import type { Cell, Row } from './markdown-tree.ts'
import type { Caption } from './page-sections.ts'
import { type ProseFacts, readProse } from './prose.ts'
import { unquoted } from './prose-rules.ts'
import { readRequiredMark } from './required-mark.ts'
import { plainProse } from './sentences.ts'
import type { ColumnKind, Columns } from './table-columns.ts'
import { readTypeNotation, type TypeNotation } from './type-notation.ts'
import { wireNameOf } from './wire-name.ts'

/** What is to be decided where the mark and the prose differ. */
export const conditionReview =
  'Decide when the field is required: it is marked as always required, and the prose sets a condition'

/** What is to be decided of a wire name that is not sure. */
function wireNameReview(name: string, wireName: string, confidence: Confidence): string {
  return name === wireName
    ? `Decide the wire name: ${name} is taken as it is spelled, with ${confidence} confidence`
    : `Decide the wire name: ${name} was undone to ${wireName}, with ${confidence} confidence`
}

/**
 * Beside names as they are on the wire, a name in another casing is one as well, unless it is a parameter of OAuth that an
 * SDK spells so: a table is of the wire, or of an SDK.
 */
export function withSpelledNames(fields: readonly ImportedField[]): readonly ImportedField[] {
  const others = fields.filter(({ name, wireName }) => name !== wireName)
  const isOfWire =
    fields.some(({ name }) => name.includes('_')) && others.every(({ confidence }) => confidence !== 'high')
  if (!isOfWire) return fields
  return fields.map((field) => {
    const { name, wireName, confidence } = field
    if (name === wireName || /\s/.test(name)) return field
    const review = wireNameReview(name, wireName, confidence)
    const needsReview = field.needsReview.map((sentence) =>
      sentence === review ? wireNameReview(name, name, 'medium') : sentence,
    )
    return { ...field, wireName: name, confidence: 'medium', needsReview }
  })
}

/** Where a table stands, and how wide it is. */
export interface TablePlace {
  readonly file: string
  readonly columns: Columns
  readonly width: number
  readonly caption: Caption | null
}

/** What is to be decided where a type is another model that the page does not hold; it goes when that model is found. */
export function linkedModelReview(model: string): string {
  return `Import the page of ${model} as well, or say the type: it is another model`
}

/**
 * Refuses a row that the heads do not explain. An empty one is passed over.
 * @throws ERR_DOCUMENT_INVALID
 */
export function requireWholeRow({ line, cells }: Row, { file, columns, width }: TablePlace): void {
  if (cells.length !== width)
    throw invalidDocument(
      file,
      line,
      `expected a row of ${width} cells, as many as there are heads, received ${cells.length}; write | inside a cell as \\|, and leave an empty line below the table`,
    )
  const merged = cells.find(({ words }) => /\b(?:col|row)span\s*=/i.test(words))
  const name = cells[columns.at.get('name') ?? 0]
  if (merged || name?.text === '')
    throw invalidDocument(
      file,
      line,
      'expected a row for each field, received merged rows or a row without a name; write each field as one row',
    )
  const isCaption = cells.filter(({ text }) => text !== '').length === 1 && /\s/.test(name?.text ?? '')
  if (isCaption)
    throw invalidDocument(
      file,
      line,
      `expected a field, received a row that spans the table: "${name?.text}"; make it a heading with a table of its own`,
    )
}

/** Whether a row says nothing at all. */
export function isEmptyRow({ cells }: Row): boolean {
  return cells.every(({ text }) => text === '')
}

/** Reads a row. */
export function readField(row: Row, place: TablePlace): ImportedField {
  const reader = readerOf(row, place)
  const name = readName(reader.cell('name'))
  const type = readType(reader)
  const prose = readProse(reader.cell('description')?.words ?? '', reader.at('description'))
  const provenance: Record<string, Provenance> = { ...prose.provenance, name: reader.at('name') }
  const needsReview: string[] = [...prose.needsReview]
  const facts: FactReader = { reader, name, type, prose, provenance, needsReview }
  const presence = readPresence(facts)
  const allowedValues = readAllowedValues(facts)
  const valueType = valueTypeOf(facts, allowedValues)
  const { wireName, confidence } = wireNameOf(name.name)
  provenance.wireName = reader.at('name')
  if (confidence === 'low' || confidence === 'medium')
    needsReview.push(wireNameReview(name.name, wireName, confidence))
  keepRest(facts)
  return {
    name: name.name,
    wireName,
    confidence,
    type: valueType,
    notation: type?.notation ?? null,
    isOptionalType: type?.isOptional ?? false,
    items: type?.items ?? null,
    model: type?.model ?? null,
    ...presence,
    allowedValues,
    example: readExample(facts, valueType),
    default: readDefault(facts, valueType),
    description: readDescription(facts),
    pattern: prose.pattern,
    ...readLengths(facts),
    isSpaceDelimited: prose.isSpaceDelimited,
    httpBasic: prose.httpBasic,
    notSupported: prose.notSupported,
    deprecated: readDeprecated(facts),
    provenance: inOrder(provenance),
    needsReview,
  }
}

interface RowReader {
  readonly cell: (kind: ColumnKind) => Cell | undefined
  readonly at: (kind: ColumnKind) => Provenance
  readonly rest: readonly { readonly head: string; readonly cell: Cell | undefined }[]
  /** What stands above the table, with its place. */
  readonly caption: (Provenance & Pick<Caption, 'required'>) | null
}

interface FactReader {
  readonly reader: RowReader
  readonly name: DocumentedName
  readonly type: TypeNotation | null
  readonly prose: ProseFacts
  readonly provenance: Record<string, Provenance>
  readonly needsReview: string[]
}

function readerOf({ line, cells }: Row, { file, columns, caption }: TablePlace): RowReader {
  const cell = (kind: ColumnKind) => {
    const index = columns.at.get(kind)
    return index === undefined ? undefined : cells[index]
  }
  return {
    cell,
    at: (kind) => ({ file, line, words: cell(kind)?.words ?? '' }),
    rest: columns.rest.map(({ index, head }) => ({ head, cell: cells[index] })),
    caption: caption && { file, ...caption },
  }
}

/** The facts' provenance, in one order whatever the order of the columns is. */
function inOrder(provenance: Readonly<Record<string, Provenance>>): Record<string, Provenance> {
  return Object.fromEntries(Object.entries(provenance).sort(([a], [b]) => (a < b ? -1 : 1)))
}

interface DocumentedName {
  readonly name: string
  readonly required: boolean | null
  readonly deprecated: boolean
  /** What else stands in the cell. */
  readonly rest: string
}

const nameMarks = /[([]?\b(?:not required|required|mandatory|optional|deprecated)\b[)\]]?/gi

/** `` `name` *required* ``, `name?`, `name*`, `name (optional)`, `~~name~~`. */
function readName(cell: Cell | undefined): DocumentedName {
  const text = cell?.text ?? ''
  const code = cell?.codes[0]
  const [first = '', ...lines] = text.split('\n')
  const spelled = code ?? first.replace(nameMarks, '').trim()
  const bare = spelled.replace(/~~/g, '').trim()
  const name = bare.replace(/\s*[?*†]+$/, '').replace(/^[*]+\s*/, '')
  const around = code === undefined ? [first.replace(bare, ''), ...lines].join(' ') : text.replace(code, '')
  const said = around.toLowerCase()
  return {
    name,
    required: requiredByName(said, bare),
    deprecated: /\bdeprecated\b/.test(said) || text.includes('~~'),
    rest: around
      .replace(nameMarks, '')
      .replace(/[\s*?~,.:;]+/g, ' ')
      .trim(),
  }
}

function requiredByName(said: string, bare: string): boolean | null {
  if (/\bnot required\b|\boptional\b|\?/.test(said) || bare.endsWith('?')) return false
  return /\b(?:required|mandatory)\b|\*/.test(said) || /^\*|\*$/.test(bare) ? true : null
}

function readType(reader: RowReader): TypeNotation | null {
  const cell = reader.cell('type')
  return cell === undefined || isNothing(cell.text) ? null : readTypeNotation(cell.words)
}

function isNothing(text: string): boolean {
  return /^(?:[-–—]*|n\/?a|none|null|\(none\)|:heavy_minus_sign:)$/i.test(text.trim())
}

function readPresence(facts: FactReader): Pick<ImportedField, 'required' | 'requiredWhen'> {
  const { reader, prose, provenance, needsReview } = facts
  const marked = readMark(facts)
  const condition = marked.requiredWhen ?? prose.requiredWhen
  if (condition && marked.required === true && !marked.requiredWhen) {
    needsReview.push(conditionReview)
    delete provenance.requiredWhen
    return { required: true, requiredWhen: null }
  }
  if (condition) return { required: false, requiredWhen: condition }
  if (marked.required !== null) return { required: marked.required, requiredWhen: null }
  if (prose.required !== null) return { required: prose.required, requiredWhen: null }
  if (facts.type?.isOptional && !hasOpenMark(facts)) {
    provenance.required = reader.at('type')
    return { required: false, requiredWhen: null }
  }
  if (reader.caption) {
    const { required, ...at } = reader.caption
    provenance.required = at
    return { required, requiredWhen: null }
  }
  if (!needsReview.some((sentence) => sentence.startsWith('Decide when the field is required')))
    needsReview.push('Decide whether the field is required: the page does not say')
  return { required: null, requiredWhen: null }
}

function hasOpenMark({ reader }: FactReader): boolean {
  return [reader.cell('required'), reader.cell('optional')].some((cell) => cell && cell.text !== '')
}

/** What the column, or the mark beside the name, says. */
function readMark(facts: FactReader): Pick<ImportedField, 'required' | 'requiredWhen'> {
  const { reader, name, provenance, needsReview } = facts
  for (const kind of ['required', 'optional'] as const) {
    const cell = reader.cell(kind)
    if (!cell || cell.text === '') continue
    const mark = readRequiredMark(cell.words)
    if (mark !== null) {
      provenance.required = reader.at(kind)
      // A column of that head says the same words, `Optional | required`, or answers its question.
      const isAnswer = !/\b(?:required|mandatory|optional)\b/i.test(cell.text)
      return { required: kind === 'optional' && isAnswer ? !mark : mark, requiredWhen: null }
    }
    const said = readProse(cell.words, reader.at(kind))
    Object.assign(provenance, said.provenance)
    if (said.requiredWhen) return { required: false, requiredWhen: said.requiredWhen }
    if (said.required !== null) return { required: said.required, requiredWhen: null }
    needsReview.push(`Decide when the field is required: the column says "${plainProse(cell.words)}"`)
  }
  if (name.required !== null) provenance.required = reader.at('name')
  return { required: name.required, requiredWhen: null }
}

function readAllowedValues(facts: FactReader): readonly string[] | null {
  const { reader, type, prose, provenance, needsReview } = facts
  const listed = valuesOfCell(reader.cell('values'))
  const values = listed ?? type?.values ?? prose.allowedValues
  if (listed) provenance.allowedValues = reader.at('values')
  else if (type?.values) provenance.allowedValues = reader.at('type')
  if (values === null) return null
  if (prose.isSpaceDelimited || type?.type === 'array' || type?.type === 'object') {
    needsReview.push(
      `Decide what the listed values are of: ${values.join(', ')} stand beside a ${type?.type ?? 'string'}${prose.isSpaceDelimited ? ' with several values in it' : ''}`,
    )
    delete provenance.allowedValues
    return null
  }
  return values
}

function valuesOfCell(cell: Cell | undefined): readonly string[] | null {
  if (!cell || isNothing(cell.text) || /^any$/i.test(cell.text)) return null
  if (cell.codes.length > 0) return cell.codes.map((code) => unquoted(code))
  const values = cell.text
    .split(/\s*(?:[,;|\n]|\bor\b)\s*/)
    .map((value) => unquoted(value.replace(/^[-*•]\s+/, '')))
    .filter((value) => value !== '')
  return values.length > 0 && values.every((value) => !/\s/.test(value)) ? values : null
}

/** A model with values is an enumeration, and those of requests are strings. */
function valueTypeOf(facts: FactReader, allowedValues: readonly string[] | null): FieldType {
  const { type, reader, provenance, needsReview } = facts
  if (type) {
    for (const name of ['type', 'notation', 'isOptionalType']) provenance[name] = reader.at('type')
    if (type.model !== null) provenance.model = reader.at('type')
    if (type.items !== null) provenance.items = reader.at('type')
  }
  if (type && type.type !== 'unknown') return type.type
  if (allowedValues) return 'string'
  if (type?.model) needsReview.push(linkedModelReview(type.model))
  else if (type) needsReview.push(`Decide the type: ${type.notation} says nothing that is known`)
  return 'unknown'
}

function readExample(facts: FactReader, type: FieldType): ImportedField['example'] {
  const { reader, prose, provenance, needsReview } = facts
  const cell = reader.cell('example')
  const kind = cell && !isNothing(cell.text) ? 'example' : 'value'
  const [first, ...others] = exampleTexts(reader.cell(kind))
  if (first === undefined) return prose.example === null ? null : typedValue(prose.example, type)
  provenance.example = reader.at(kind)
  if (others.length > 0) needsReview.push(`Decide whether further examples matter: ${others.join(', ')}`)
  if (kind === 'value')
    needsReview.push(`Decide whether ${first} is the field's only value: the column is headed Value`)
  return typedValue(first, type)
}

function exampleTexts(cell: Cell | undefined): readonly string[] {
  if (!cell || isNothing(cell.text)) return []
  if (cell.codes.length > 1) return cell.codes.map((code) => unquoted(code))
  return cell.text.split('\n').flatMap((line) => (line === '' ? [] : [unquoted(line)]))
}

/** A value as its type has it; what does not fit stays text, and breaks a rule of its own. */
export function typedValue(text: string, type: FieldType): string | number | boolean {
  if (type === 'boolean' && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  const isNumber = type === 'integer' || type === 'number'
  return isNumber && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text
}

function readDefault(facts: FactReader, type: FieldType): ImportedField['default'] {
  const { reader, prose, provenance } = facts
  const cell = reader.cell('default')
  if (!cell || isNothing(cell.text)) return prose.default === null ? null : typedValue(prose.default, type)
  provenance.default = reader.at('default')
  return typedValue(unquoted(cell.codes[0] ?? cell.text), type)
}

function readDescription({ reader, provenance }: FactReader): string | null {
  const text = reader.cell('description')?.text ?? ''
  if (isNothing(text)) return null
  provenance.description = reader.at('description')
  return text
}

function readLengths(facts: FactReader): Pick<ImportedField, 'minLength' | 'maxLength'> {
  const { reader, type, prose, provenance } = facts
  const of = (kind: 'minLength' | 'maxLength') => {
    const text = reader.cell(kind)?.text.replace(/[,_\s]/g, '') ?? ''
    if (!/^\d+$/.test(text)) return prose[kind]
    provenance[kind] = reader.at(kind)
    return Number(text)
  }
  const maxLength = of('maxLength')
  if (maxLength === null && type?.maxLength) provenance.maxLength = reader.at('type')
  return { minLength: of('minLength'), maxLength: maxLength ?? type?.maxLength ?? null }
}

function readDeprecated({ reader, name, prose, provenance }: FactReader): boolean {
  if (name.deprecated) provenance.deprecated = reader.at('name')
  return name.deprecated || prose.deprecated
}

/** Nothing on the page is lost: what no column is for is a sentence. */
function keepRest({ reader, name, needsReview }: FactReader): void {
  if (name.rest !== '') needsReview.push(`Beside the name the page says: ${name.rest}`)
  for (const { head, cell } of reader.rest)
    if (cell && cell.text !== '')
      needsReview.push(`In the column ${head === '' ? 'without a head' : head} the page says: ${cell.text}`)
}
