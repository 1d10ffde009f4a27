// A matrix of subjects as tables: facts, request and reply, with a column for each subject.

import { requirementWords } from '../diff/languages.ts'
import type { Matrix, Cell as MatrixCell } from '../diff/matrix.ts'
import { type Cell, code, type Table } from './page.ts'

/** What the facts are called. */
export const factTitles: Readonly<Record<string, string>> = {
  method: 'method',
  path: 'path',
  contentTypes: 'content types',
  clientAuthentication: 'client authentication',
}

/** The tables of a matrix, those with rows. In a series each column follows the one before it. */
export function matrixTables(
  { facts, fields }: Matrix,
  columns: readonly string[],
  isSeries = false,
): readonly Table[] {
  const fieldRows = (area: string) =>
    fields
      .filter((row) => row.area === area)
      .map(({ wireName, cells }) => [[[code(wireName)]], ...cells.map((cell) => cellOf(wireName, cell))])
  const factRows = facts.map(({ fact, values }) => [[factTitles[fact] ?? fact], ...values.map(factCell)])
  const tables: ReadonlyArray<[caption: string, heading: string, rows: ReadonlyArray<readonly Cell[]>]> = [
    ['The endpoint', 'Fact', factRows],
    ['The request', 'Parameter', fieldRows('request')],
    ['The reply', 'Member', fieldRows('reply')],
  ]
  return tables
    .filter(([, , rows]) => rows.length > 0)
    .map(([caption, heading, rows]) => ({
      kind: 'table',
      caption,
      headings: [heading, ...columns],
      rows,
      isSeries,
    }))
}

function factCell(values: readonly string[] | null): Cell {
  if (values === null) return ['not said']
  return values.length === 0 ? ['none'] : values.map((value) => [code(value)])
}

/** Whether it is required, its name in code, and its wire name where that is not the row's. */
function cellOf(wireName: string, cell: MatrixCell): Cell {
  if (typeof cell === 'string') return [cell === 'absent' ? '–' : 'not said']
  const { required, sdkName, notSupported } = cell
  return [
    [
      required === null ? 'there' : requirementWords(required),
      ...(sdkName === null ? [] : [' (', code(sdkName), ')']),
    ],
    ...(cell.wireName === wireName ? [] : [['on the wire ', code(cell.wireName)]]),
    ...(notSupported ? ['not supported'] : []),
  ]
}
