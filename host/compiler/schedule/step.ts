import type { Command } from "../../isa/index.ts";

/** Memories that commands share; `dram` counts bytes, the others words (tables: banks). */
export type Space = "feature" | "weight" | "parameter" | "table" | "dram";

/** A range [start, end) of a memory that a command reads or writes. */
export interface Access {
  readonly space: Space;
  readonly start: number;
  readonly end: number;
}

/**
 * A command in program order: run one after another, steps give the right result. What they touch tells which of them
 * may be reordered and what each must wait for.
 */
export interface Step {
  /** With waits of 0. */
  readonly command: Command;
  readonly reads: readonly Access[];
  readonly writes: readonly Access[];
  /** Index of the operation that it belongs to. */
  readonly operation: number;
}

const overlap = (a: Access, b: Access): boolean => a.space === b.space && a.start < b.end && b.start < a.end;
const anyOverlap = (a: readonly Access[], b: readonly Access[]): boolean => a.some((x) => b.some((y) => overlap(x, y)));

/** Whether two steps must stay in order. */
export function conflict(a: Step, b: Step): boolean {
  return anyOverlap(a.writes, b.reads) || anyOverlap(a.writes, b.writes) || anyOverlap(a.reads, b.writes);
}
