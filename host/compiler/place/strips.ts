import type { Geometry } from "../geometry.ts";
import { windowPitch } from "../layout/storage.ts";
import { type Operation, outputScale } from "../lower/operation.ts";
import { type Segment, segmentsOf } from "../lower/segments.ts";

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

/** How sums are cut, where the weights of a block (M < G: of the blocks of a word) or the input of a tile do not fit. */
export interface ChainPlan {
  /** Weight words of a link, at most (see `chainLinks`). */
  readonly budget: number;
  /** Whether a buffer of the input holds what one link reads instead of what the tile does. */
  readonly inputByLink: boolean;
  /** Address of a strip for each block of a feature word, in which blocks wait to be put together; if there are several. */
  readonly gather: number | undefined;
}

/** How an operation is cut so that its buffers fit. */
export interface StripPlan {
  readonly splits: readonly Split[];
  /** Output rows of a strip (the last may have fewer). */
  readonly rows: number;
  /** Output columns of a strip (the last may have fewer); all of them where whole lines fit. */
  readonly columns: number;
  /** Set if blocks are computed by themselves, their sums in chains of computations. */
  readonly chain?: ChainPlan;
  /** Addresses of the one or two buffers for each tensor that does not stay on chip. */
  readonly buffers: Readonly<Partial<Record<Role, readonly number[]>>>;
}

/** Input rows that `rows` output rows read, at most. */
export function inputRows({ stride, kernel, inputShape }: Operation, rows: number): number {
  return Math.min(inputShape.height, (rows - 1) * stride + kernel.height);
}

/** Channel groups that a split writes. */
export function splitGroups(geometry: Geometry, split: Split): number {
  return Math.ceil((split.blocks * geometry.blockChannels) / geometry.lanes);
}

/** Input columns that are loaded for `columns` output columns, at most. */
export function inputColumns(
  geometry: Geometry,
  { stride, kernel, inputShape, outputShape }: Operation,
  columns: number,
  kernelWidth = kernel.width,
): number {
  if (columns >= outputShape.width && kernelWidth === kernel.width) return inputShape.width;
  return Math.min(inputShape.width, (columns - 1) * stride + kernelWidth + geometry.beatWords - 1);
}

/** Words of a buffer for strips of `rows` x `columns` pixels that the array computes. */
export function bufferWords(
  geometry: Geometry,
  operation: Operation,
  split: Split,
  role: Role,
  rows: number,
  columns: number,
): number {
  const storage = operation[role]?.storage;
  if (storage === undefined) return 0;
  if (role !== "input") {
    const scale = role === "output" ? outputScale(operation) : 1;
    return rows * scale * splitGroups(geometry, split) * windowPitch(geometry, storage, columns, scale);
  }
  const pitch = windowPitch(geometry, storage, inputColumns(geometry, operation, columns));
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
