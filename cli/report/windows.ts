import type { ArrayStep } from "./causes.ts";
import type { LayerRow } from "./layers.ts";

/** Time in which the array ran the computations of a block, or of a layer outside any block; such times may overlap. */
export interface Window {
  readonly block: string;
  /** Indices into the report's layers. */
  readonly layers: readonly number[];
  /** Cycles from the start of the run: from the first wait for the block to its last beat. */
  readonly from: number;
  readonly to: number;
  /** The array's cycles on it, waiting included. */
  readonly cycles: number;
}

/** The window of each block, in order of their beginnings. */
export function windowsOf(layers: readonly LayerRow[], steps: readonly ArrayStep[]): readonly Window[] {
  const members = new Map<string, number[]>();
  layers.forEach(({ block }, index) => {
    members.set(block, [...(members.get(block) ?? []), index]);
  });
  const windows = [...members].map(([block, indices]) => {
    const own = steps.filter(({ operation }) => indices.includes(operation));
    const from = Math.min(...own.map((step) => step.from));
    const to = Math.max(...own.map((step) => step.end));
    return { block, layers: indices, from, to, cycles: indices.reduce((sum, index) => sum + layers[index].cycles, 0) };
  });
  return windows.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from);
}
