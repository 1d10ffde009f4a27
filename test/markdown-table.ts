// Tables of the guides, for tests that hold them against what they tell of.

/** The cells of the table whose first head is the given one, row by row. */
export function tableIn(text: string, head: string): ReadonlyArray<readonly string[]> {
  const [, rows = ''] = new RegExp(`^\\| ${head} \\|.*\\n.*\\n((?:\\|.*\\n)+)`, 'm').exec(text) ?? []
  return rows
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}
