// Measurements as rows, and rows as Markdown tables that can be quoted as they stand.

/** One measured number. */
export interface Row {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** The row that the value is a ratio to; absent where the unit says it, and for the reference itself. */
  readonly reference?: string
  /** What else was measured; most for the JSON alone. */
  readonly details?: Readonly<Record<string, number>>
  /** Absent where the design sets none. */
  readonly budget?: Budget
}

/** What a value must not fall below, or not rise above. */
export type Budget = { readonly atLeast: number } | { readonly atMost: number }

/** A column: its heading, and its cell of a row. */
export type Column = readonly [heading: string, cellOf: (row: Row) => string]

/** One line per row, columns aligned, all but the first to the right. */
export function formatTable(columns: readonly Column[], rows: readonly Row[]): string {
  const cells = [
    columns.map(([heading]) => heading),
    ...rows.map((row) => columns.map(([, cellOf]) => cellOf(row))),
  ]
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [head = [], ...body] = cells
  return [head, rule, ...body].map((line) => formatLine(line, widths)).join('\n')
}

/** Three significant digits below a thousand, whole numbers above. */
export function formatNumber(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}

/** A detail of a row; empty where it has none of that name. */
export function formatDetail({ details }: Row, name: string): string {
  const value = details?.[name]
  return value === undefined ? '' : formatNumber(value)
}

/** The limit of a row, and whether it was kept. */
export function formatBudget({ value, budget }: Row): string {
  if (budget === undefined) return ''
  const [sign, limit, isKept] =
    'atLeast' in budget
      ? ['≥', budget.atLeast, value >= budget.atLeast]
      : ['≤', budget.atMost, value <= budget.atMost]
  return `${sign} ${formatNumber(limit)} ${isKept ? 'kept' : 'missed'}`
}

/** The middle one of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (upper + lower) / 2
}

function formatLine(line: readonly string[], widths: readonly number[]): string {
  const cells = line.map((cell, column) => {
    const width = widths[column] ?? 0
    return column === 0 ? cell.padEnd(width) : cell.padStart(width)
  })
  return `| ${cells.join(' | ')} |`
}
