import { type Operation, outputScale } from "../lower/operation.ts";

/** Output rows [first, end). */
export type RowRange = readonly [number, number];

/**
 * Where to cut an operation's rows so that it overlaps its neighbours: a computation sees what another wrote only once
 * that has completed, some thirty cycles after its last beat. So an operation begins with rows that need only the part of
 * its input that was ready early, and ends with a part that runs while its own early part completes.
 */
export class RowCuts {
  /** Rows of each tensor that a computation of their own makes before the rest. */
  readonly #early = new Map<string, number>();

  /**
   * The row ranges of each of an operation's pieces, in order.
   * @param pieces number of pieces, which run one after another over all rows
   */
  cut(operation: Operation, pieces: number): readonly (readonly RowRange[])[] {
    const { height } = operation.outputShape;
    const begin = this.#rowsPossible(operation);
    const half = Math.ceil(height / 2);
    const central = begin >= height / 4 && begin <= (3 * height) / 4;
    const end = pieces === 1 && central ? begin : half;
    this.early(operation, end);
    return Array.from({ length: pieces }, (_, index) => {
      const cuts = new Set<number>();
      if (index === 0) cuts.add(begin);
      if (index === pieces - 1) cuts.add(end);
      return ranges([...cuts], height);
    });
  }

  /** Says that an operation makes some output rows before the rest. @param rows before upsampling */
  early(operation: Operation, rows: number): void {
    this.#early.set(operation.output.tensor, rows * outputScale(operation));
  }

  /** Says that rows of a tensor come before the rest. */
  arriving(tensor: string, rows: number): void {
    this.#early.set(tensor, rows);
  }

  /** Output rows that need only the early rows of the input; all if it has none. */
  #rowsPossible({ input, kernel, stride, padding, outputShape }: Operation): number {
    const early = this.#early.get(input.tensor);
    if (early === undefined) return outputShape.height;
    const rows = Math.floor((early - kernel.height + padding.top) / stride) + 1;
    return Math.max(0, Math.min(outputShape.height, rows));
  }
}

function ranges(cuts: readonly number[], height: number): readonly RowRange[] {
  const inside = cuts.filter((cut) => cut > 0 && cut < height).sort((a, b) => a - b);
  const edges = [0, ...inside, height];
  return edges.slice(1).map((end, index): RowRange => [edges[index], end]);
}
