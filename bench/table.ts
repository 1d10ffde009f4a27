// Measurements as a table: one row each, its budget beside it.

/** One measured number. */
export interface Row {
  readonly what: string
  /** Cells between the name and the value. */
  readonly details?: readonly string[]
  readonly value: number
  readonly unit: string
  /** Absent where the design sets none. */
  readonly budget?: Budget
}

/** What a value must not fall below, or not rise above. */
type Budget = { readonly atLeast: number } | { readonly atMost: number }

/** A heading, the rows below it, columns aligned. */
export function formatTable(title: string, columns: readonly string[], rows: readonly Row[]): string {
  const cells = rows.map(({ what, details = [], value, unit, budget }) => [
    what,
    ...details,
    `${formatNumber(value)} ${unit}`,
    formatBudget(value, budget),
  ])
  const table = [[title, ...columns, 'measured', 'budget'], ...cells]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  return table.map((row) => formatRow(row, widths)).join('\n')
}

/** Three significant digits below a thousand, whole numbers above. */
export function formatNumber(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}

/** The middle one of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (upper + lower) / 2
}

function formatRow(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
    .join('  ')
}

function formatBudget(value: number, budget: Budget | undefined): string {
  if (budget === undefined) return ''
  const [sign, limit, isKept] =
    'atLeast' in budget
      ? ['≥', budget.atLeast, value >= budget.atLeast]
      : ['≤', budget.atMost, value <= budget.atMost]
  return `${sign} ${formatNumber(limit)} ${isKept ? 'kept' : 'MISSED'}`
}
