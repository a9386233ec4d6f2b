import type { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import type { Piece } from "../lower/pieces.ts";
import type { Strip } from "../place/strip.ts";
import type { RowTransfer } from "./row-transfer.ts";

/** What of an operation's storages that stay on chip passes between there and DRAM while it computes. */
export interface Boundary {
  /** Its input comes. */
  readonly arriving: RowTransfer | undefined;
  /** Its output goes. */
  readonly leaving: RowTransfer | undefined;
  /** The network begins or ends here, so that nothing else runs meanwhile: rows are to be finished one after another. */
  readonly outermost: boolean;
}

/**
 * Strips of rows of an operation at a boundary: each so high that the weights come during the first one, and the next
 * one's input; at the end a single row, whose way out nothing hides.
 *
 * @param pieces all that each strip runs
 */
export function boundaryStrips(
  geometry: Geometry,
  { outputShape: { height, width }, stride, passes }: Operation,
  pieces: readonly Piece[],
  { arriving, leaving }: Boundary,
): readonly Strip[] {
  const { weightWordBytes, parameterWordBytes, parameterWordsPerBlock, beatBytes, tileMinimum } = geometry;
  let [rowCycles, bytes] = [0, 0];
  for (const { blocks, words, channelGroups } of pieces) {
    const tile = ({ kernel }: (typeof passes)[number]): number => kernel.height * kernel.width * channelGroups;
    rowCycles += blocks * passes.reduce((sum, pass) => sum + Math.max(tile(pass), tileMinimum), 0);
    bytes += words * weightWordBytes + blocks * parameterWordsPerBlock * parameterWordBytes;
  }
  const beats = bytes / beatBytes + stride * (arriving?.rowBeats ?? 0);
  const rows = Math.min(Math.ceil(height / 2), Math.ceil(beats / (rowCycles * geometry.lineWords(width))));
  const edges = new Set([0]);
  for (let edge = rows; edge < height; edge += rows) edges.add(edge);
  if (leaving !== undefined) edges.add(height - 1);
  const starts = [...edges].sort((a, b) => a - b);
  return starts.map((firstRow, index) => {
    return { firstRow, endRow: starts[index + 1] ?? height, firstColumn: 0, endColumn: width };
  });
}
