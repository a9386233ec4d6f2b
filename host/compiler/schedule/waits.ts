import { type Command, type Engine, engineOf } from "../../isa/index.ts";
import type { Access, Space, Step } from "./step.ts";

/** A command count per engine; 0 is none. */
type Counts = Record<Engine, number>;

/** A stretch of memory and the last commands, by engine, that wrote and read it. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  writers: Counts;
  readers: Counts;
}

/**
 * Waits older than this many commands are raised: counts are 16 bits and compared with wrap-around. It costs nothing,
 * since commands that far back have long completed.
 */
const OLDEST_WAIT = 1 << 14;

const none = (): Counts => ({ load: 0, compute: 0, store: 0 });

/** Keeps track of who touched what, and so of what a command has to wait for. */
class Hazards {
  readonly #spaces = new Map<Space, Stretch[]>();

  /** Adds a step's accesses as those of command number `count` of `engine`; gives the counts it must wait for. */
  record(step: Step, engine: Engine, count: number): Counts {
    const waits = none();
    for (const access of step.reads)
      for (const { writers } of this.#stretches(access)) raise(waits, writers, engine, engine === "compute");
    for (const access of step.writes) {
      for (const { writers, readers } of this.#stretches(access)) {
        raise(waits, writers, engine, false);
        raise(waits, readers, engine, false);
      }
    }
    for (const access of step.reads)
      for (const stretch of this.#stretches(access)) stretch.readers = { ...stretch.readers, [engine]: count };
    for (const access of step.writes) this.#overwrite(access, engine, count);
    return waits;
  }

  /** The stretches of an access, cut and added to so that they cover it exactly. */
  #stretches({ space, start, end }: Access): readonly Stretch[] {
    const inside: Stretch[] = [];
    const all: Stretch[] = [];
    let covered = start;
    for (const stretch of this.#spaces.get(space) ?? []) {
      if (stretch.end <= start || stretch.start >= end) {
        all.push(stretch);
        continue;
      }
      if (stretch.start < start) all.push({ ...stretch, end: start });
      const middle = { ...stretch, start: Math.max(start, stretch.start), end: Math.min(end, stretch.end) };
      if (middle.start > covered) inside.push({ start: covered, end: middle.start, writers: none(), readers: none() });
      inside.push(middle);
      covered = middle.end;
      if (stretch.end > end) all.push({ ...stretch, start: end });
    }
    if (covered < end) inside.push({ start: covered, end, writers: none(), readers: none() });
    this.#spaces.set(
      space,
      [...all, ...inside].sort((a, b) => a.start - b.start),
    );
    return inside;
  }

  /** Everything that touched the range before is ordered before its new writer: that one alone needs remembering. */
  #overwrite({ space, start, end }: Access, engine: Engine, count: number): void {
    const rest = this.#outside({ space, start, end });
    const stretch = { start, end, writers: { ...none(), [engine]: count }, readers: none() };
    this.#spaces.set(
      space,
      [...rest, stretch].sort((a, b) => a.start - b.start),
    );
  }

  #outside(access: Access): readonly Stretch[] {
    const inside = new Set(this.#stretches(access));
    return (this.#spaces.get(access.space) ?? []).filter((stretch) => !inside.has(stretch));
  }
}

/** Raises waits to `counts`; an engine runs its own commands in order, so waits on itself only if `self`. */
function raise(waits: Counts, counts: Counts, engine: Engine, self: boolean): void {
  for (const other of ["load", "compute", "store"] as const)
    if (other !== engine || self) waits[other] = Math.max(waits[other], counts[other]);
}

/**
 * Gives every command the waits that keep it behind the commands before it that it depends on.
 *
 * Within an engine only a computation that reads what an earlier one wrote has to wait: results are visible when a
 * computation completes, and the next one may start before that.
 */
export function assignWaits(steps: readonly Step[]): readonly Command[] {
  const hazards = new Hazards();
  const issued = none();
  return steps.map((step) => {
    const engine = engineOf(step.command.kind);
    const waits = engine === undefined ? none() : hazards.record(step, engine, issued[engine] + 1);
    const field = (other: Engine): number => Math.max(waits[other], issued[other] - OLDEST_WAIT) & 0xffff;
    const command = {
      ...step.command,
      waitLoad: field("load"),
      waitCompute: field("compute"),
      waitStore: field("store"),
    };
    if (engine !== undefined) issued[engine]++;
    return command;
  });
}
