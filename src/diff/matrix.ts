// Subjects side by side: each fact and each field a row, each subject a column. A field keeps its row under another name.
import type { FieldType } from '../import/imported.ts'
import type { ComparedField, Requirement, Subject } from './subject.ts'
import { wordsOf } from './words.ts'

/** A field in one column. */
export interface FieldCell {
  readonly wireName: string
  readonly sdkName: string | null
  readonly required: Requirement | null
  readonly type: FieldType | null
  readonly allowedValues: readonly string[] | null
  readonly notSupported: boolean
}

/** `absent`: the column has no such field. `unsaid`: it says nothing of such fields at all. */
export type Cell = FieldCell | 'absent' | 'unsaid'

/** A field of the request or of the reply, in every column. */
export interface FieldRow {
  readonly area: 'request' | 'reply'
  /** The wire name in the first column that has it. */
  readonly wireName: string
  readonly cells: readonly Cell[]
}

/** The facts that a matrix has, in this order. */
export const factNames = ['method', 'path', 'contentTypes', 'clientAuthentication'] as const

/** A fact in every column; `null`: not said. */
export interface FactRow {
  readonly fact: (typeof factNames)[number]
  readonly values: ReadonlyArray<readonly string[] | null>
}

/** Subjects side by side. */
export interface Matrix {
  readonly facts: readonly FactRow[]
  readonly fields: readonly FieldRow[]
}

/** Wire names of a column, each with the name that it had in the column before. */
export type Renames = Readonly<Record<'request' | 'reply', ReadonlyMap<string, string>>>

interface OpenRow {
  readonly wireName: string
  readonly cells: Cell[]
}

/** The matrix of subjects. A field stands in the row of its name, of the name it had, or of the same words in another spelling. */
export function matrixOf(subjects: readonly Subject[], renames: readonly Renames[] = []): Matrix {
  return {
    facts: factNames
      .map((fact) => ({ fact, values: subjects.map((each) => each[fact]?.values ?? null) }))
      .filter(({ values }) => values.some((each) => each !== null)),
    fields: (['request', 'reply'] as const).flatMap((area) =>
      rowsOf(
        subjects.map((each) => fieldsOf(each, area)),
        renames.map((each) => each[area]),
      ).map((row) => ({ area, ...row })),
    ),
  }
}

/** A side without a parameter says nothing of requests. */
function fieldsOf(subject: Subject, area: 'request' | 'reply'): readonly ComparedField[] | null {
  const fields = subject[area]
  return area === 'request' && fields?.length === 0 ? null : fields
}

function rowsOf(
  columns: ReadonlyArray<readonly ComparedField[] | null>,
  renames: ReadonlyArray<ReadonlyMap<string, string>>,
): readonly OpenRow[] {
  const rows: OpenRow[] = []
  for (const [column, fields] of columns.entries()) {
    for (const field of fields ?? []) {
      const row =
        rowOf(rows, column, field.wireName, renames[column]) ?? addRow(rows, columns, column, field.wireName)
      row.cells[column] = cellOf(field)
    }
    for (const row of rows) row.cells[column] ??= fields === null ? 'unsaid' : 'absent'
  }
  return rows
}

/** The row that is free in this column, and is the field's by the best of reasons. */
function rowOf(
  rows: readonly OpenRow[],
  column: number,
  wireName: string,
  renamed: ReadonlyMap<string, string> | undefined,
): OpenRow | undefined {
  const free = rows.filter(({ cells }) => cells[column] === undefined)
  const former = renamed?.get(wireName)
  return (
    free.find((row) => former !== undefined && lastNameOf(row) === former) ??
    free.find((row) => lastNameOf(row) === wireName) ??
    free.find((row) => wordsIn(row.wireName) === wordsIn(wireName))
  )
}

function addRow(
  rows: OpenRow[],
  columns: ReadonlyArray<readonly ComparedField[] | null>,
  column: number,
  wireName: string,
): OpenRow {
  const cells: Cell[] = columns.slice(0, column).map((fields) => (fields === null ? 'unsaid' : 'absent'))
  const row = { wireName, cells }
  rows.push(row)
  return row
}

function lastNameOf({ cells }: OpenRow): string | undefined {
  const last = cells.findLast((cell) => typeof cell === 'object')
  return typeof last === 'object' ? last.wireName : undefined
}

/** A name without its casing and without plurals: `client_id` and `ClientIDs` are the same words. */
function wordsIn(name: string): string {
  return wordsOf(name).join('')
}

function cellOf(field: ComparedField): FieldCell {
  const { wireName, sdkName, required, type, allowedValues, notSupported } = field
  return { wireName, sdkName, required, type, allowedValues, notSupported }
}
