import type { Pass } from "./operation.ts";
import type { Segment } from "./segments.ts";

/** A part of the sum over taps and channel groups, in a chain of computations that add up. */
export type ChainLink = Pick<Pass, "tap" | "kernel"> & Pick<Segment, "firstGroup" | "channelGroups">;

/**
 * Cuts the sum of a block into links of at most `budget` words: rows of taps, where one row exceeds it columns of taps,
 * where one tap does channel groups.
 * @param firstGroup the first channel group that the block reads
 */
export function chainLinks(
  { kernel }: Pick<Pass, "kernel">,
  firstGroup: number,
  channelGroups: number,
  budget: number,
): readonly ChainLink[] {
  const row = kernel.width * channelGroups;
  const rows = Math.max(1, Math.floor(budget / row));
  const columns = row <= budget ? kernel.width : Math.max(1, Math.floor(budget / channelGroups));
  const groups = channelGroups <= budget ? channelGroups : Math.max(1, budget);
  return ranges(kernel.height, rows).flatMap(([y, height]) =>
    ranges(kernel.width, columns).flatMap(([x, width]) =>
      ranges(channelGroups, groups).map(([group, count]) => ({
        tap: { y, x },
        kernel: { height, width },
        firstGroup: firstGroup + group,
        channelGroups: count,
      })),
    ),
  );
}

/** Starts and lengths of nearly equal parts, none longer than `most`. */
function ranges(extent: number, most: number): readonly (readonly [number, number])[] {
  const count = Math.ceil(extent / most);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor((index * extent) / count);
    return [start, Math.floor(((index + 1) * extent) / count) - start];
  });
}
