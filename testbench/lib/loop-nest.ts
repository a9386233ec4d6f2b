import type { ComputeFields } from "./compute-command.ts";

/** The loop levels of a command, outermost first. */
export const levels = ["block", "row", "tile", "ky", "kx", "cg"] as const;

/** A loop level. */
export type Level = (typeof levels)[number];

/** One beat: its loop indices, and which loop advances after it (none: the command ends). */
export interface Beat extends Readonly<Record<Level, number>> {
  /** First beat of its tile. */
  readonly first: boolean;
  /** Last beat of its tile. */
  readonly last: boolean;
  readonly step: Level | "none";
}

/** How often each loop of a command runs. */
function loopCounts(f: ComputeFields): Readonly<Record<Level, number>> {
  return { block: f.blocks, row: f.rows, tile: f.tiles, ky: f.kernelHeight, kx: f.kernelWidth, cg: f.channelGroups };
}

/** All beats of a command in order. Loop indices are the digits of the beat's number in the mixed radix of the counts. */
export function beatsOf(f: ComputeFields): Beat[] {
  const counts = loopCounts(f);
  const perTile = counts.ky * counts.kx * counts.cg;
  const total = levels.reduce((product, level) => product * counts[level], 1);
  const digits = (number: number): Record<Level, number> => {
    const indices = { block: 0, row: 0, tile: 0, ky: 0, kx: 0, cg: 0 };
    let rest = number;
    for (const level of [...levels].reverse()) {
      indices[level] = rest % counts[level];
      rest = Math.floor(rest / counts[level]);
    }
    return indices;
  };
  return Array.from({ length: total }, (_, number) => {
    const here = digits(number);
    const next = digits(number + 1);
    const step = number + 1 === total ? "none" : (levels.find((level) => here[level] !== next[level]) ?? "none");
    return { ...here, first: number % perTile === 0, last: number % perTile === perTile - 1, step };
  });
}
