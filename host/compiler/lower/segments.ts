import type { Geometry } from "../geometry.ts";
import type { Operation } from "./operation.ts";

/**
 * A run of output blocks that one command can compute: block i of it reads `channelGroups` channel groups from
 * `firstGroup + floor(i / blocksPerGroup) * groupStep` on.
 */
export interface Segment {
  readonly firstBlock: number;
  readonly blocks: number;
  /** Channel group of the input. */
  readonly firstGroup: number;
  /** Channel groups per tap: all that any block of the run needs, the others' weights being 0. */
  readonly channelGroups: number;
  readonly blocksPerGroup: number;
  readonly groupStep: number;
}

/** Channel groups [first, end) that a block reads. */
interface Span {
  readonly first: number;
  readonly end: number;
}

/** Widest value of the commands' blocksPerGroup field. */
const MOST_BLOCKS_PER_GROUP = 255;

/** Spans of operations seen before: they are asked for with every way to cut an operation. */
const knownSpans = new WeakMap<Operation, readonly Span[]>();

/** Channel groups that hold the inputs of each of a part's blocks; a block without outputs reads what the one before does. */
function blockSpans(geometry: Geometry, operation: Operation): readonly Span[] {
  const known = knownSpans.get(operation);
  if (known !== undefined) return known;
  const { blockChannels } = geometry;
  const { outputs, groups, outputShape } = operation;
  const perGroup = outputShape.channels / groups;
  const ofGroup = groupSpans(geometry, operation);
  const spans: Span[] = [];
  for (let start = 0; start < outputs.length; start += blockChannels) {
    let [first, end] = [Number.POSITIVE_INFINITY, 0];
    for (const output of outputs.subarray(start, start + blockChannels)) {
      if (output < 0) continue;
      const span = ofGroup[Math.floor(output / perGroup)];
      first = Math.min(first, span.first);
      end = Math.max(end, span.end);
    }
    spans.push(end > 0 ? { first, end } : (spans[spans.length - 1] ?? { first: 0, end: 1 }));
  }
  knownSpans.set(operation, spans);
  return spans;
}

/** Channel groups that hold the inputs of each group of a convolution. */
function groupSpans({ lanes }: Geometry, { input, groups, inputShape }: Operation): readonly Span[] {
  const perGroup = inputShape.channels / groups;
  return Array.from({ length: groups }, (_, group) => {
    let [first, end] = [Number.POSITIVE_INFINITY, 0];
    for (const channel of input.channels.subarray(group * perGroup, (group + 1) * perGroup)) {
      first = Math.min(first, Math.floor(channel / lanes));
      end = Math.max(end, Math.floor(channel / lanes) + 1);
    }
    return { first, end };
  });
}

/**
 * Splits the blocks [firstBlock, endBlock) of an operation's part into as few runs as simple patterns allow. Runs begin at whole
 * feature words (a multiple of `blocksPerWord`), as the hardware's output addressing asks.
 */
export function segmentsOf(
  geometry: Geometry,
  operation: Operation,
  firstBlock: number,
  endBlock: number,
): readonly Segment[] {
  const unit = geometry.blocksPerWord;
  const segments: Segment[] = [];
  const all = blockSpans(geometry, operation);
  for (let block = firstBlock; block < endBlock; ) {
    const spans = all.slice(block, endBlock);
    const segment = regularRun(spans, unit, block) ?? unionRun(spans, unit, block);
    segments.push(segment);
    block += segment.blocks;
  }
  return segments;
}

/** The longest run of whole units from the first span on whose starts follow one pattern, if there is one. */
function regularRun(spans: readonly Span[], unit: number, firstBlock: number): Segment | undefined {
  const { first, end } = spans[0];
  const change = spans.findIndex((span) => span.first !== first || span.end !== end);
  const same = change < 0 ? spans.length : change;
  const step = change < 0 ? 0 : spans[change].first - first;
  const width = end - first;
  if (step < 0 || (step > 0 && same > MOST_BLOCKS_PER_GROUP)) return constantRun(spans, unit, firstBlock, same);
  const fits = (span: Span, i: number): boolean =>
    span.first === first + Math.floor(i / same) * step && span.end === span.first + width;
  const broken = spans.findIndex((span, i) => !fits(span, i));
  const matching = broken < 0 ? spans.length : broken;
  const blocks = matching === spans.length ? matching : Math.floor(matching / unit) * unit;
  if (blocks === 0) return undefined;
  const blocksPerGroup = step === 0 ? 1 : same;
  return { firstBlock, blocks, firstGroup: first, channelGroups: width, blocksPerGroup, groupStep: step };
}

/** Blocks that all read the same channel groups. */
function constantRun(spans: readonly Span[], unit: number, firstBlock: number, same: number): Segment | undefined {
  const blocks = same === spans.length ? same : Math.floor(same / unit) * unit;
  if (blocks === 0) return undefined;
  const { first, end } = spans[0];
  return { firstBlock, blocks, firstGroup: first, channelGroups: end - first, blocksPerGroup: 1, groupStep: 0 };
}

/** One unit of blocks that read all channel groups that any of them needs. */
function unionRun(spans: readonly Span[], unit: number, firstBlock: number): Segment {
  const within = spans.slice(0, unit);
  const firstGroup = Math.min(...within.map((span) => span.first));
  const channelGroups = Math.max(...within.map((span) => span.end)) - firstGroup;
  return { firstBlock, blocks: within.length, firstGroup, channelGroups, blocksPerGroup: 1, groupStep: 0 };
}
