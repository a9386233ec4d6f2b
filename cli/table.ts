/** Text columns padded to their widest cell; numbers (by `right`) flush right. The first row is the heading. */
export function formatTable(rows: readonly (readonly string[])[], right: readonly boolean[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd();
  return `${rows.map(line).join("\n")}\n`;
}
