/** A number is written as people here do, with a comma; absent is an empty cell. */
export type Cell = string | number | undefined

/** Tells programs of people's desks that it is UTF-8. */
const BOM = '\ufeff'

/**
 * A table for people, row by row as they come: RFC 4180 with `;`, which is what spreadsheets expect in Russian. A text
 * that a spreadsheet would take for a formula gets an apostrophe before it.
 */
export async function* csv(
  titles: readonly string[],
  rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>,
): AsyncGenerator<string> {
  yield BOM + line(titles)
  for await (const row of rows) yield line(row)
}

const line = (cells: readonly Cell[]) => `${cells.map(written).join(';')}\r\n`

function written(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return String(cell).replace('.', ',')
  const text = harmless(cell)
  return /[";\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function harmless(text: string): string {
  const clean = text.replace(/\r\n?/g, '\n').replace(/[^\t\n\P{Cc}]|\p{Cs}/gu, '')
  return /^[=+\-@\t]/.test(clean) ? `'${clean}` : clean
}
