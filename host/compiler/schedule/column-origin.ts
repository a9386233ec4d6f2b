/** Where the columns of a computation begin, in the terms of its command. */
export interface ColumnOrigin {
  /** Words to be added to the address of the input's lines. */
  readonly words: number;
  /** Input column at output column 0, tap 0, counted from that address. */
  readonly ix0: number;
  /** Input columns from that address on; those beyond are padding. */
  readonly width: number;
}

/**
 * Moves the origin of the input's lines by whole words, so that the first column has few bits.
 *
 * @param column input column at the strip's first output column, tap 0; before 0 or behind the map is padding
 * @param window input columns [first, end) that are on chip: up to an edge of the map or up to the last that is read
 * @param origin the column in bank 0 at the line's address, not behind the window's first
 */
export function columnOrigin(
  banks: number,
  column: number,
  [, end]: readonly [number, number],
  origin: number,
): ColumnOrigin {
  const width = Math.max(1, end - origin);
  const first = Math.min(column - origin, width);
  const words = Math.max(0, Math.floor(Math.min(first, width - 1) / banks));
  return { words, ix0: first - words * banks, width: width - words * banks };
}
