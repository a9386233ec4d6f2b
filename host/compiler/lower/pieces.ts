import type { Geometry } from "../geometry.ts";
import type { Operation } from "./operation.ts";
import type { Segment } from "./segments.ts";

/** A part of a segment whose weights are loaded and used as one: one compute command per row strip. */
export interface Piece extends Segment {
  /** Weight words per block. */
  readonly blockWords: number;
  /** Weight words of the piece. */
  readonly words: number;
}

/** Weight words of one block of a segment. */
export function wordsPerBlock(operation: Operation, segment: Segment): number {
  const taps = operation.weightHold ? 1 : operation.kernel.height * operation.kernel.width;
  return taps * segment.channelGroups;
}

/** Memory that pieces' weights fill one after another. */
export interface Room {
  /** Words that a piece may have next, if not fewer than `least`. */
  fitting(least: number): number;
  take(words: number, layer: string): number;
}

/**
 * Cuts a segment into pieces of at most `budget` weight words; a piece of the smallest possible size may be larger.
 * Pieces keep the segment's pattern: they begin where a group of blocks begins, or stay within one.
 * @param room where their weights go, which may make some smaller
 */
export function piecesOf(
  geometry: Geometry,
  operation: Operation,
  segment: Segment,
  budget: number,
  room?: Room,
): readonly Piece[] {
  const blockWords = wordsPerBlock(operation, segment);
  const unit = geometry.blocksPerWord;
  const { blocksPerGroup, groupStep } = segment;
  const period = groupStep === 0 ? unit : leastCommonMultiple(blocksPerGroup, unit);
  const pieces: Piece[] = [];
  for (let done = 0; done < segment.blocks; ) {
    const left = segment.blocks - done;
    const words = Math.min(budget, room?.fitting(Math.min(left, unit) * blockWords) ?? budget);
    const most = Math.max(1, Math.floor(words / blockWords));
    const phase = groupStep === 0 ? 0 : done % blocksPerGroup;
    const whole = Math.max(1, Math.floor(most / period)) * period;
    const withinGroup = Math.max(unit, Math.floor(Math.min(most, blocksPerGroup - phase) / unit) * unit);
    const splitsGroup = groupStep > 0 && blocksPerGroup % unit === 0 && (phase > 0 || most < period);
    const blocks = Math.min(left, splitsGroup ? withinGroup : whole);
    const firstGroup = segment.firstGroup + Math.floor(done / blocksPerGroup) * groupStep;
    pieces.push({
      ...segment,
      firstBlock: segment.firstBlock + done,
      blocks,
      firstGroup,
      blockWords,
      words: blocks * blockWords,
    });
    room?.take(blocks * blockWords, operation.name);
    done += blocks;
  }
  return pieces;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
