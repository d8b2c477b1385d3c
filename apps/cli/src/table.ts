/** A cell of a table. */
export type Cell = string | number | boolean | undefined;

/**
 * Rows as text in columns, the first row being the heads. Numbers stand to the right, a missing
 * cell is a dash, nothing is cut.
 */
export function renderTable(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [heads, ...rows.map((row) => row.map(cellText))];
  const widths = heads.map((_, column) =>
    Math.max(...texts.map((row) => row[column]?.length ?? 0)),
  );
  const isNumeric = heads.map((_, column) =>
    rows.every((row) => typeof row[column] === 'number' || row[column] === undefined),
  );
  return texts
    .map((row) =>
      widths
        .map((width, column) =>
          isNumeric[column]
            ? (row[column] ?? '').padStart(width)
            : (row[column] ?? '').padEnd(width),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellText(cell: Cell): string {
  if (cell === undefined || cell === '') return '-';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return typeof cell === 'number' ? cell.toLocaleString('en-US') : cell;
}
