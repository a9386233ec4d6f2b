import type { Geometry } from "../geometry.ts";
import { windowPitch } from "../layout/storage.ts";
import { chainLinks } from "../lower/chain.ts";
import type { Operation } from "../lower/operation.ts";
import { wordsPerBlock } from "../lower/pieces.ts";
import { fitIntoGaps, type WordRange } from "./allocate.ts";
import { columnUnit, splitCounts } from "./plan-strips.ts";
import { bufferWords, inputColumns, type Role, type Split, type StripPlan, splitsOf } from "./strips.ts";

/** Links whose weights are in the weight memory at a time, so that loads run ahead. */
const LINKS = 4;

/** Whether a block's weights exceed the weight memory, so that its sums must be made in chains. */
export function needsChain(geometry: Geometry, operation: Operation): boolean {
  const [{ segments }] = splitsOf(geometry, operation, 1);
  return segments.some((segment) => wordsPerBlock(operation, segment) > geometry.config.weightDepth);
}

/**
 * Cuts an operation into tiles, each of whose sums is made in a chain of computations. Weights are loaded for every tile.
 * @returns undefined if the buffers do not fit into the gaps, or for operations in several passes
 */
export function planChain(
  geometry: Geometry,
  operation: Operation,
  streamed: readonly Role[],
  gaps: readonly WordRange[],
): StripPlan | undefined {
  const { width } = operation.outputShape;
  const unit = columnUnit(geometry, operation, streamed);
  const columns = width <= geometry.banks ? width : Math.floor(geometry.banks / unit) * unit;
  if (operation.passes.length > 1 || operation.drain !== "store" || columns === 0) return undefined;
  const budget = Math.max(1, Math.floor(geometry.config.weightDepth / LINKS));
  for (const inputByLink of streamed.includes("input") ? [false, true] : [false]) {
    for (const count of splitCounts(geometry, operation)) {
      const splits = splitsOf(geometry, operation, count);
      for (let words = budget; words >= 1; words = inputByLink ? Math.floor(words / 2) : 0) {
        for (const copies of [2, 1]) {
          const cut = { splits, columns, budget: words, inputByLink };
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
  readonly columns: number;
  readonly budget: number;
  readonly inputByLink: boolean;
}

function fit(
  geometry: Geometry,
  operation: Operation,
  { splits, columns, budget, inputByLink }: Cut,
  streamed: readonly Role[],
  copies: number,
  gaps: readonly WordRange[],
): StripPlan | undefined {
  const words = (role: Role, split: Split): number =>
    role === "input" && inputByLink
      ? linkWords(geometry, operation, split, columns, budget)
      : bufferWords(geometry, operation, split, role, 1, columns);
  const sizes = streamed.flatMap((role) =>
    new Array<number>(copies).fill(Math.max(...splits.map((split) => words(role, split)))),
  );
  const blocks = geometry.blocksPerWord;
  const bases = fitIntoGaps(gaps, blocks > 1 ? [...sizes, blocks] : sizes);
  if (bases === undefined) return undefined;
  const entries = streamed.map((role, index) => [role, bases.slice(index * copies, (index + 1) * copies)]);
  const chain = { budget, inputByLink, gather: bases[sizes.length] };
  return { splits, rows: 1, columns, chain, buffers: Object.fromEntries(entries) };
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
