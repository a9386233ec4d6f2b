import type { Geometry } from "../geometry.ts";
import { type Leaf, type LooseView, leafGroups, leavesOf, rootOf } from "./nodes.ts";

/** Channels in their own order. */
export function inOrder(channels: number): Int32Array {
  return Int32Array.from({ length: channels }, (_, channel) => channel);
}

/** Whether no two channels of a view share a place. */
export function isInjective({ leaves, positions }: LooseView): boolean {
  const seen = new Map<Leaf, Set<number>>();
  return leaves.every((leaf, channel) => {
    const places = seen.get(leaf) ?? new Set();
    seen.set(leaf, places);
    const size = places.size;
    return places.add(positions[channel]).size > size;
  });
}

/** Share of channel groups more than needed that a tensor may take to lie as another does. */
const SPARE = 1.25;

const isDense = ({ lanes }: Geometry, channels: number, groups: number): boolean =>
  groups <= SPARE * Math.ceil(channels / lanes) + 1;

/**
 * The physical order of a view, without the channel groups between that it does not use: so an operation whose channels are
 * separate reads one channel group for each that it writes. In order where that would leave many lanes empty.
 */
export function compactOrder(geometry: Geometry, view: LooseView): Int32Array {
  const { lanes } = geometry;
  const { leaves, positions } = view;
  const order = leavesOf(rootOf(leaves[0]));
  const rank = new Map(order.map((leaf, index) => [leaf, index]));
  const most = Math.floor(positions.reduce((a, b) => Math.max(a, b), 0) / lanes) + 1;
  const groups = leaves.map((leaf, i) => (rank.get(leaf) ?? 0) * most + Math.floor(positions[i] / lanes));
  const used = [...new Set(groups)].sort((a, b) => a - b);
  if (!isDense(geometry, positions.length, used.length) || !isInjective(view)) return inOrder(positions.length);
  const place = new Map(used.map((group, index) => [group, index]));
  return positions.map((position, i) => (place.get(groups[i]) ?? 0) * lanes + (position % lanes));
}

/**
 * The physical order that lets the drain add a view word by word: its own, from the first block of its first channel
 * group on.
 * @returns undefined if its channel groups are not together
 */
export function residualOrder(geometry: Geometry, { leaves, positions }: LooseView): Int32Array | undefined {
  const { lanes, wordsPerBlock } = geometry;
  const order = leavesOf(rootOf(leaves[0]));
  const rank = new Map(order.map((leaf, index) => [leaf, index]));
  const ranks = leaves.map((leaf) => rank.get(leaf) ?? 0);
  const [first, last] = [Math.min(...ranks), Math.max(...ranks)];
  const between = order.slice(first, last + 1);
  if (between.some((leaf) => leaf.positions === undefined)) return undefined;
  const starts = new Map<Leaf, number>();
  let start = 0;
  for (const leaf of between) {
    starts.set(leaf, start);
    start += leafGroups(geometry, leaf) * lanes;
  }
  const absolute = positions.map((position, i) => (starts.get(leaves[i]) ?? 0) + position);
  const block = lanes * wordsPerBlock;
  const base = Math.floor(Math.min(...absolute) / block) * block;
  const span = Math.ceil((Math.max(...absolute) + 1 - base) / lanes);
  if (span > SPARE * geometry.channelGroups(positions.length) + 1 || !isInjective({ leaves, positions }))
    return undefined;
  return absolute.map((channel) => channel - base);
}
