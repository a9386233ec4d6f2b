import type { Geometry } from "../geometry.ts";
import { type Operation, outputScale } from "../lower/operation.ts";
import { type Segment, segmentsOf } from "../lower/segments.ts";
import { fitIntoGaps, type WordRange } from "./allocate.ts";

/** The parts that an operation's tensors play. */
export type Role = "input" | "residual" | "output";

/** A range of a part's blocks that is run by itself, with the input channel groups [firstGroup, endGroup) that it reads. */
export interface Split {
  readonly firstBlock: number;
  readonly blocks: number;
  readonly segments: readonly Segment[];
  readonly firstGroup: number;
  readonly endGroup: number;
}

/** How an operation is cut so that its buffers fit. */
export interface StripPlan {
  readonly splits: readonly Split[];
  /** Output rows of a strip (the last may have fewer). */
  readonly rows: number;
  /** Addresses of the one or two buffers for each tensor that does not stay on chip. */
  readonly buffers: Readonly<Partial<Record<Role, readonly number[]>>>;
}

/** Strips that an operation gets at least if memory allows, so that transfers overlap computation. */
const STRIPS_WANTED = 4;
/** Output rows below which strips are not made for overlap's sake: halo rows would be read too often. */
const ROWS_WANTED = 8;

/** Input rows that `rows` output rows read, at most. */
export function inputRows({ stride, kernel, inputShape }: Operation, rows: number): number {
  return Math.min(inputShape.height, (rows - 1) * stride + kernel.height);
}

/** Channel groups that a split writes. */
export function splitGroups(geometry: Geometry, split: Split): number {
  return Math.ceil((split.blocks * geometry.blockChannels) / geometry.lanes);
}

/** Words of a strip buffer. */
export function bufferWords(geometry: Geometry, operation: Operation, split: Split, role: Role, rows: number): number {
  const pitch = operation[role]?.storage.pitch ?? 0;
  if (role === "output") return rows * outputScale(operation) * splitGroups(geometry, split) * pitch;
  if (role === "residual") return rows * splitGroups(geometry, split) * pitch;
  return inputRows(operation, rows) * (split.endGroup - split.firstGroup) * pitch;
}

/** Cuts an operation's blocks into `count` nearly equal ranges of whole feature words. */
export function splitsOf(geometry: Geometry, operation: Operation, count: number): readonly Split[] {
  const blocks = geometry.blocks(operation.part.channels);
  const units = Math.ceil(blocks / geometry.blocksPerWord);
  return Array.from({ length: count }, (_, index) => {
    const firstBlock = Math.floor((index * units) / count) * geometry.blocksPerWord;
    const endBlock = Math.min(blocks, Math.floor(((index + 1) * units) / count) * geometry.blocksPerWord);
    const segments = segmentsOf(geometry, operation, firstBlock, endBlock);
    const ends = segments.map((s) => s.firstGroup + s.channelGroups + lastStep(s));
    const firstGroup = Math.min(...segments.map((s) => s.firstGroup));
    return { firstBlock, blocks: endBlock - firstBlock, segments, firstGroup, endGroup: Math.max(...ends) };
  });
}

function lastStep({ blocks, blocksPerGroup, groupStep }: Segment): number {
  return Math.floor((blocks - 1) / blocksPerGroup) * groupStep;
}

/**
 * Cuts an operation into strips of rows, and if need be into ranges of blocks, so that buffers for the `streamed`
 * tensors fit into the gaps. Prefers few splits, then two buffers each, then tall strips.
 * @returns undefined if not even one row of one feature word fits
 */
export function planStrips(
  geometry: Geometry,
  operation: Operation,
  streamed: readonly Role[],
  gaps: readonly WordRange[],
): StripPlan | undefined {
  const { height } = operation.outputShape;
  if (streamed.length === 0) return { splits: splitsOf(geometry, operation, 1), rows: height, buffers: {} };
  const units = Math.ceil(geometry.blocks(operation.part.channels) / geometry.blocksPerWord);
  const tallest = Math.min(height, Math.max(ROWS_WANTED, Math.ceil(height / STRIPS_WANTED)));
  for (let count = 1; count <= units; count = count < 4 ? count + 1 : Math.min(2 * count, Math.max(units, count + 1))) {
    const splits = splitsOf(geometry, operation, count);
    for (const copies of tallest >= height && count === 1 ? [1] : [2, 1]) {
      for (let rows = tallest; rows >= 1; rows--) {
        const buffers = fitBuffers(geometry, operation, splits, streamed, rows, copies, gaps);
        if (buffers !== undefined) return { splits, rows, buffers };
      }
    }
  }
  return undefined;
}

function fitBuffers(
  geometry: Geometry,
  operation: Operation,
  splits: readonly Split[],
  streamed: readonly Role[],
  rows: number,
  copies: number,
  gaps: readonly WordRange[],
): StripPlan["buffers"] | undefined {
  const sizes = streamed.flatMap((role) => {
    const words = Math.max(...splits.map((split) => bufferWords(geometry, operation, split, role, rows)));
    return new Array<number>(copies).fill(words);
  });
  const bases = fitIntoGaps(gaps, sizes);
  if (bases === undefined) return undefined;
  const entries = streamed.map((role, index) => [role, bases.slice(index * copies, (index + 1) * copies)]);
  return Object.fromEntries(entries);
}
