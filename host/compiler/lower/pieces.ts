import type { Geometry } from "../geometry.ts";
import type { Operation } from "./operation.ts";
import type { Segment } from "./segments.ts";

/** A part of a segment whose weights are loaded and used as one: one compute command per row strip. */
export interface Piece extends Segment {
  /** Weight words per block. */
  readonly blockWords: number;
  /** Weight words of the piece. */
  readonly words: number;
  /** Whether it has weights for its last block only, which all its blocks use. */
  readonly lastOnly: boolean;
}

/** Weight words of one block of a segment. */
export function wordsPerBlock(operation: Operation, segment: Segment): number {
  const taps = operation.weightHold ? 1 : operation.kernel.height * operation.kernel.width;
  return taps * segment.channelGroups;
}

/**
 * Cuts a segment into pieces of at most `budget` weight words; a piece of the smallest possible size may be larger.
 * Pieces keep the segment's pattern: they begin where a group of blocks begins, or stay within one.
 */
export function piecesOf(geometry: Geometry, operation: Operation, segment: Segment, budget: number): readonly Piece[] {
  const blockWords = wordsPerBlock(operation, segment);
  const unit = geometry.blocksPerWord;
  if (segment.groupStep === 0 && unit > 1 && unit * blockWords > geometry.config.weightDepth)
    return singleBlockPieces(segment, blockWords, unit);
  const most = Math.max(1, Math.floor(budget / blockWords));
  const { blocksPerGroup, groupStep } = segment;
  const period = groupStep === 0 ? unit : leastCommonMultiple(blocksPerGroup, unit);
  const pieces: Piece[] = [];
  for (let done = 0; done < segment.blocks; ) {
    const left = segment.blocks - done;
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
      lastOnly: false,
    });
    done += blocks;
  }
  return pieces;
}

/**
 * Pieces with the weights of one block each, where those of all blocks of a feature word exceed the memory. A command
 * begins at a whole word, so a piece writes the blocks before its own too; the pieces of a word go from its last block to
 * its first, each putting right what the one before wrote.
 */
function singleBlockPieces(segment: Segment, blockWords: number, unit: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let first = 0; first < segment.blocks; first += unit) {
    for (let blocks = Math.min(unit, segment.blocks - first); blocks > 0; blocks--) {
      const firstBlock = segment.firstBlock + first;
      pieces.push({ ...segment, firstBlock, blocks, blockWords, words: blockWords, lastOnly: true });
    }
  }
  return pieces;
}

/** Consecutive pieces that begin with the same block, and so write the same words, together; the first writes most. */
export function piecesByWord(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const groups: Piece[][] = [];
  for (const piece of pieces) {
    const last = groups[groups.length - 1];
    if (last !== undefined && last[0].firstBlock === piece.firstBlock) last.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
