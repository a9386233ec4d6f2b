import { type Engine, engines } from "../../isa/index.ts";
import { MemoryMap } from "./memory-map.ts";
import type { Step } from "./step.ts";

/** A command count per engine; 0 is none. */
export type Counts = Record<Engine, number>;

/** No command of any engine. */
export const noCounts = (): Counts => ({ load: 0, compute: 0, store: 0 });

/** The last commands, by engine, that wrote and read a stretch of memory. */
interface Touched {
  readonly writers: Counts;
  readonly readers: Counts;
}

/** Keeps track of who touched what, and so of what a command has to wait for. */
export class Hazards {
  readonly #memories = new MemoryMap<Touched>(
    () => ({ writers: noCounts(), readers: noCounts() }),
    ({ writers, readers }) => ({ writers: { ...writers }, readers: { ...readers } }),
  );

  /** Adds a step's accesses as those of command number `count` of `engine`; gives the counts it must wait for. */
  record({ reads, writes }: Step, engine: Engine, count: number): Counts {
    const waits = noCounts();
    for (const access of reads)
      this.#memories.visit(access, ({ writers }) => raise(waits, writers, engine, engine === "compute"));
    for (const access of writes)
      this.#memories.visit(access, ({ writers, readers }) => {
        raise(waits, writers, engine, false);
        raise(waits, readers, engine, false);
      });
    for (const access of reads)
      this.#memories.visit(access, ({ readers }) => {
        readers[engine] = count;
      });
    // Everything that touched a range before is ordered before its new writer: that one alone needs remembering.
    for (const access of writes)
      this.#memories.replace(access, () => ({ writers: { ...noCounts(), [engine]: count }, readers: noCounts() }));
    return waits;
  }
}

/** Raises waits to `counts`; an engine runs its own commands in order, so waits on itself only if `self`. */
function raise(waits: Counts, counts: Counts, engine: Engine, self: boolean): void {
  for (const other of engines)
    if ((other !== engine || self) && counts[other] > waits[other]) waits[other] = counts[other];
}
