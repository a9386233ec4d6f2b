import type { Geometry } from "../geometry.ts";
import { windowPitch } from "../layout/storage.ts";
import { chainLinks } from "../lower/chain.ts";
import type { Operation } from "../lower/operation.ts";
import { wordsPerBlock } from "../lower/pieces.ts";
import { fitIntoGaps, type WordRange } from "./allocate.ts";
import { columnCounts, columnUnit, largest, splitCounts } from "./plan-strips.ts";
import { bufferWords, inputColumns, type Role, type Split, type StripPlan, splitsOf } from "./strips.ts";

/** Links whose weights are in the weight memory at a time, so that loads run ahead. */
const LINKS = 4;

/**
 * Whether blocks must be computed by themselves: the weights of one, or of those that share a feature word, exceed the
 * weight memory.
 */
export function needsChain(geometry: Geometry, operation: Operation): boolean {
  return blockWords(geometry, operation) * geometry.blocksPerWord > geometry.config.weightDepth;
}

function blockWords(geometry: Geometry, operation: Operation): number {
  const [{ segments }] = splitsOf(geometry, operation, 1);
  return Math.max(...segments.map((segment) => wordsPerBlock(operation, segment)));
}

/**
 * Plans an operation whose blocks are computed by themselves, in strips if a block's weights fit, else in chains of
 * computations a tile at a time. Weights are loaded for every strip.
 * @returns undefined if the buffers do not fit into the gaps, or for operations in several passes
 */
export function planChain(
  geometry: Geometry,
  operation: Operation,
  streamed: readonly Role[],
  gaps: readonly WordRange[],
): StripPlan | undefined {
  if (operation.passes.length > 1 || operation.drain !== "store") return undefined;
  const single = blockWords(geometry, operation) <= geometry.config.weightDepth;
  return (
    (single ? planSingle(geometry, operation, streamed, gaps) : undefined) ??
    planLinks(geometry, operation, streamed, gaps)
  );
}

/** The tallest strips, of the most columns, in which each block's sums are made by one computation. */
function planSingle(
  geometry: Geometry,
  operation: Operation,
  streamed: readonly Role[],
  gaps: readonly WordRange[],
): StripPlan | undefined {
  const { height, width } = operation.outputShape;
  for (const count of splitCounts(geometry, operation)) {
    const splits = splitsOf(geometry, operation, count);
    for (const columns of [width, ...columnCounts(geometry, operation, streamed)]) {
      for (const copies of streamed.length > 0 ? [2, 1] : [1]) {
        const plan = (rows: number) => {
          const cut = { splits, rows, columns, budget: geometry.config.weightDepth, inputByLink: false };
          return fit(geometry, operation, cut, streamed, copies, gaps);
        };
        const rows = largest(height, (candidate) => plan(candidate) !== undefined);
        if (rows > 0) return plan(rows);
      }
    }
  }
  return undefined;
}

function planLinks(
  geometry: Geometry,
  operation: Operation,
  streamed: readonly Role[],
  gaps: readonly WordRange[],
): StripPlan | undefined {
  const { width } = operation.outputShape;
  const unit = columnUnit(geometry, operation, streamed);
  const columns = width <= geometry.banks ? width : Math.floor(geometry.banks / unit) * unit;
  if (columns === 0) return undefined;
  const budget = Math.max(1, Math.floor(geometry.config.weightDepth / LINKS));
  for (const inputByLink of streamed.includes("input") ? [false, true] : [false]) {
    for (const count of splitCounts(geometry, operation)) {
      const splits = splitsOf(geometry, operation, count);
      for (let words = budget; words >= 1; words = inputByLink ? Math.floor(words / 2) : 0) {
        for (const copies of [2, 1]) {
          const cut = { splits, rows: 1, columns, budget: words, inputByLink };
          const plan = fit(geometry, operation, cut, streamed, copies, gaps);
          if (plan !== undefined) return plan;
        }
      }
    }
  }
  return undefined;
}

/** What is to be fitted into the memory. */
interface Cut {
  readonly splits: readonly Split[];
  readonly rows: number;
  readonly columns: number;
  readonly budget: number;
  readonly inputByLink: boolean;
}

function fit(
  geometry: Geometry,
  operation: Operation,
  { splits, rows, columns, budget, inputByLink }: Cut,
  streamed: readonly Role[],
  copies: number,
  gaps: readonly WordRange[],
): StripPlan | undefined {
  const words = (role: Role, split: Split): number =>
    role === "input" && inputByLink
      ? linkWords(geometry, operation, split, columns, budget)
      : bufferWords(geometry, operation, split, role, rows, columns);
  const sizes = streamed.flatMap((role) =>
    new Array<number>(copies).fill(Math.max(...splits.map((split) => words(role, split)))),
  );
  const { blocksPerWord } = geometry;
  const gathered = blocksPerWord > 1 ? [rows * blocksPerWord * geometry.lineWords(columns)] : [];
  const bases = fitIntoGaps(gaps, [...sizes, ...gathered]);
  if (bases === undefined) return undefined;
  const entries = streamed.map((role, index) => [role, bases.slice(index * copies, (index + 1) * copies)]);
  const chain = { budget, inputByLink, gather: bases[sizes.length] };
  return { splits, rows, columns, chain, buffers: Object.fromEntries(entries) };
}

/** Words of the input that a link reads, at most. */
function linkWords(geometry: Geometry, operation: Operation, { segments }: Split, columns: number, budget: number) {
  const [pass] = operation.passes;
  const sizes = segments.flatMap(({ firstGroup, channelGroups }) =>
    chainLinks(pass, firstGroup, channelGroups, budget).map(({ kernel, channelGroups: groups }) => {
      const window = inputColumns(geometry, operation, columns, kernel.width);
      return kernel.height * groups * windowPitch(geometry, operation.input.storage, window);
    }),
  );
  return Math.max(...sizes);
}
