/** A range of words [start, end) of every bank. */
export interface WordRange {
  readonly start: number;
  readonly end: number;
}

/** A tensor to be kept on chip from operation `first` to operation `last`, both included. */
export interface Extent {
  readonly name: string;
  readonly words: number;
  readonly first: number;
  readonly last: number;
}

/** Word address by tensor name, or the extent for which there was no room. */
export type Allocation = { readonly bases: ReadonlyMap<string, number> } | { readonly failed: Extent };

/** Orders that are tried before memory is called too fragmented. */
const ATTEMPTS = 100;

/**
 * Places extents in a memory of `depth` words so that no two that live at the same time overlap: each at the lowest
 * address that is free during its life, largest first; whenever one finds no room, again with that one before all others.
 */
export function allocate(extents: readonly Extent[], depth: number): Allocation {
  const crowded = extents.find(({ first }) => wordsAlive(extents, first) > depth);
  if (crowded !== undefined) return { failed: crowded };
  let order = [...extents].sort((a, b) => b.words - a.words || a.first - b.first);
  let result = placeInOrder(order, depth);
  for (let attempt = 1; attempt < ATTEMPTS && "failed" in result; attempt++) {
    const { failed } = result;
    order = [failed, ...order.filter((extent) => extent !== failed)];
    result = placeInOrder(order, depth);
  }
  return result;
}

/** Words that extents take at the time of an operation. */
export function wordsAlive(extents: readonly Extent[], time: number): number {
  return extents.reduce((sum, { words, first, last }) => (first <= time && time <= last ? sum + words : sum), 0);
}

function placeInOrder(order: readonly Extent[], depth: number): Allocation {
  const placed: (Extent & WordRange)[] = [];
  const bases = new Map<string, number>();
  for (const extent of order) {
    const neighbours = placed.filter((other) => other.first <= extent.last && extent.first <= other.last);
    const gap = gapsBetween(neighbours, depth).find(({ start, end }) => end - start >= extent.words);
    if (gap === undefined) return { failed: extent };
    placed.push({ ...extent, start: gap.start, end: gap.start + extent.words });
    bases.set(extent.name, gap.start);
  }
  return { bases };
}

/** The free ranges that `taken` ranges leave of [0, depth), in address order. */
export function gapsBetween(taken: readonly WordRange[], depth: number): readonly WordRange[] {
  const gaps: WordRange[] = [];
  let start = 0;
  for (const range of [...taken].sort((a, b) => a.start - b.start)) {
    if (range.start > start) gaps.push({ start, end: range.start });
    start = Math.max(start, range.end);
  }
  if (start < depth) gaps.push({ start, end: depth });
  return gaps;
}

/**
 * Finds room for all of `sizes` words in the gaps, each contiguous: largest first, into the smallest gap that holds it.
 * @returns their addresses in the order given, or undefined
 */
export function fitIntoGaps(gaps: readonly WordRange[], sizes: readonly number[]): readonly number[] | undefined {
  const left = gaps.map((gap) => ({ ...gap }));
  const bases = new Array<number>(sizes.length).fill(0);
  const order = sizes.map((_, index) => index).sort((a, b) => sizes[b] - sizes[a]);
  for (const index of order) {
    const fitting = left.filter((gap) => gap.end - gap.start >= sizes[index]);
    if (fitting.length === 0) return undefined;
    const gap = fitting.reduce((best, other) => (other.end - other.start < best.end - best.start ? other : best));
    bases[index] = gap.start;
    gap.start += sizes[index];
  }
  return bases;
}
