import type { Geometry } from "../geometry.ts";
import type { Operation, Pass } from "../lower/operation.ts";

/** Output pixels that are computed at a time: rows [firstRow, endRow) of columns [firstColumn, endColumn). */
export interface Strip {
  readonly firstRow: number;
  readonly endRow: number;
  readonly firstColumn: number;
  readonly endColumn: number;
}

/** A range [first, end). */
export type Range = readonly [number, number];

/** Cuts output pixels into strips of at most `rows` x `columns`: all rows of the first columns, then the next columns. */
export function stripsOf({ outputShape }: Operation, rows: number, columns: number): readonly Strip[] {
  return cut(outputShape.width, columns).flatMap(([firstColumn, endColumn]) =>
    cut(outputShape.height, rows).map(([firstRow, endRow]) => ({ firstRow, endRow, firstColumn, endColumn })),
  );
}

function cut(extent: number, size: number): readonly Range[] {
  return Array.from({ length: Math.ceil(extent / size) }, (_, i) => [i * size, Math.min(extent, (i + 1) * size)]);
}

/** Taps of an operation's kernel. */
export type Taps = Pick<Pass, "tap" | "kernel">;

const all = ({ kernel }: Operation): Taps => ({ tap: { y: 0, x: 0 }, kernel });

/** Input rows that exist among those that a strip reads. */
export function rowsRead(operation: Operation, { firstRow, endRow }: Strip, { tap, kernel } = all(operation)): Range {
  const { stride, padding, inputShape } = operation;
  const count = (endRow - firstRow - 1) * stride + kernel.height;
  return existing(firstRow * stride - padding.top + tap.y, count, inputShape.height);
}

/** Input columns that exist among those that a strip reads. */
export function columnsRead(
  operation: Operation,
  { firstColumn, endColumn }: Strip,
  { tap, kernel } = all(operation),
): Range {
  const { stride, padding, inputShape } = operation;
  const count = (endColumn - firstColumn - 1) * stride + kernel.width;
  return existing(firstColumn * stride - padding.left + tap.x, count, inputShape.width);
}

function existing(first: number, count: number, extent: number): Range {
  const clip = (index: number): number => Math.max(0, Math.min(extent, index));
  return [clip(first), clip(first + count)];
}

/** Columns of the input that are loaded for a strip: all of them for whole lines, else from a whole beat on. */
export function windowLoaded(geometry: Geometry, operation: Operation, strip: Strip, taps = all(operation)): Range {
  const { inputShape, outputShape, kernel } = operation;
  const whole = strip.endColumn - strip.firstColumn === outputShape.width && taps.kernel.width === kernel.width;
  if (whole) return [0, inputShape.width];
  const [first, end] = columnsRead(operation, strip, taps);
  return end === first ? [0, 0] : [first - (first % geometry.beatWords), end];
}
