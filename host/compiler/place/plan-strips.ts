import type { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import { fitIntoGaps, type WordRange } from "./allocate.ts";
import { stripCost } from "./strip-cost.ts";
import { bufferWords, type Role, type Split, type StripPlan, splitsOf } from "./strips.ts";

/** Strips that an operation gets at least if memory allows, so that transfers overlap computation. */
const STRIPS_WANTED = 4;
/** Output rows below which strips are not made for overlap's sake: halo rows would be read too often. */
const ROWS_WANTED = 8;

/**
 * Cuts an operation into strips of whole rows, and if need be into ranges of blocks, so that buffers for the `streamed`
 * tensors fit into the gaps. Prefers few splits, then two buffers each, then tall strips.
 * @returns undefined if not even one row of one feature word fits
 */
export function planRows(
  geometry: Geometry,
  operation: Operation,
  streamed: readonly Role[],
  gaps: readonly WordRange[],
): StripPlan | undefined {
  const { height, width } = operation.outputShape;
  if (streamed.length === 0)
    return { splits: splitsOf(geometry, operation, 1), rows: height, columns: width, buffers: {} };
  const tallest = Math.min(height, Math.max(ROWS_WANTED, Math.ceil(height / STRIPS_WANTED)));
  for (const count of splitCounts(geometry, operation)) {
    const splits = splitsOf(geometry, operation, count);
    for (const copies of tallest >= height && count === 1 ? [1] : [2, 1]) {
      for (let rows = tallest; rows >= 1; rows--) {
        const cut = { splits, rows, columns: width };
        const buffers = fitBuffers(geometry, operation, cut, streamed, copies, gaps);
        if (buffers !== undefined) return { ...cut, buffers };
      }
    }
  }
  return undefined;
}

/**
 * Cuts an operation into strips of rows and columns, and if need be into ranges of blocks: of those whose buffers fit
 * into the gaps the ones that take the least time, by estimate.
 * @returns undefined if not even one pixel of one feature word fits
 */
export function planColumns(
  geometry: Geometry,
  operation: Operation,
  streamed: readonly Role[],
  gaps: readonly WordRange[],
): StripPlan | undefined {
  const { height } = operation.outputShape;
  let best: StripPlan | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const count of splitCounts(geometry, operation)) {
    const splits = splitsOf(geometry, operation, count);
    for (const columns of columnCounts(geometry, operation, streamed)) {
      for (const copies of [2, 1]) {
        const fits = (rows: number) =>
          fitBuffers(geometry, operation, { splits, rows, columns }, streamed, copies, gaps);
        const rows = largest(height, (candidate) => fits(candidate) !== undefined);
        const plan = { splits, rows, columns, buffers: fits(rows) ?? {} };
        const cost = rows === 0 ? Number.POSITIVE_INFINITY : stripCost(geometry, operation, plan);
        if (cost < least) [best, least] = [plan, cost];
      }
    }
  }
  return best;
}

/** Numbers of ranges of blocks to try, fewest first. */
export function splitCounts(geometry: Geometry, operation: Operation): readonly number[] {
  const units = Math.ceil(geometry.blocks(operation.part.channels) / geometry.blocksPerWord);
  const counts: number[] = [];
  for (let count = 1; count <= units; count = count < 4 ? count + 1 : Math.min(2 * count, Math.max(units, count + 1)))
    counts.push(count);
  return counts;
}

/** Numbers of columns to try, most first: nearly equal parts of a line that begin at whole beats and tiles as need be. */
export function columnCounts(geometry: Geometry, operation: Operation, streamed: readonly Role[]): readonly number[] {
  const { width } = operation.outputShape;
  const unit = columnUnit(geometry, operation, streamed);
  const counts = new Set<number>();
  for (let parts = 2; parts < 2 * width; parts = Math.ceil(parts * 1.3)) {
    const columns = Math.ceil(width / parts / unit) * unit;
    if (columns < width) counts.add(columns);
  }
  return [...counts];
}

/** What strips' first columns must be multiples of: whole beats in DRAM, whole tiles on chip. */
export function columnUnit(geometry: Geometry, operation: Operation, streamed: readonly Role[]): number {
  const roles: readonly Role[] = operation.residual === undefined ? ["output"] : ["output", "residual"];
  const inDram = roles.some((role) => streamed.includes(role));
  const onChip = roles.some((role) => !streamed.includes(role));
  return (inDram ? geometry.beatWords : 1) * (onChip ? geometry.banks : 1);
}

/** The largest of 1..most that is good, if all below a good one are; 0 if none is. */
export function largest(most: number, good: (value: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (good(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function fitBuffers(
  geometry: Geometry,
  operation: Operation,
  { splits, rows, columns }: { readonly splits: readonly Split[]; readonly rows: number; readonly columns: number },
  streamed: readonly Role[],
  copies: number,
  gaps: readonly WordRange[],
): StripPlan["buffers"] | undefined {
  const sizes = streamed.flatMap((role) => {
    const words = Math.max(...splits.map((split) => bufferWords(geometry, operation, split, role, rows, columns)));
    return new Array<number>(copies).fill(words);
  });
  const bases = fitIntoGaps(gaps, sizes);
  if (bases === undefined) return undefined;
  const entries = streamed.map((role, index) => [role, bases.slice(index * copies, (index + 1) * copies)]);
  return Object.fromEntries(entries);
}
