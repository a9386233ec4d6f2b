import { type Engine, engineOf } from "../../isa/index.ts";
import { MemoryMap } from "./memory-map.ts";
import type { Step } from "./step.ts";

/**
 * The steps, by index, whose effects a step must see or must not spoil. Of computations and of stores, which keep their
 * order, the last one stands for all before it; -1 is none.
 */
export interface Dependencies {
  readonly compute: number;
  readonly store: number;
  readonly loads: readonly number[];
}

/** Steps gathered. */
class Gathered implements Dependencies {
  compute = -1;
  store = -1;
  readonly loads: number[] = [];

  add(engine: Engine | undefined, step: number): void {
    if (engine === "compute") this.compute = Math.max(this.compute, step);
    else if (engine === "store") this.store = Math.max(this.store, step);
    else this.loads.push(step);
  }

  copy(): Gathered {
    const copy = new Gathered();
    copy.compute = this.compute;
    copy.store = this.store;
    copy.loads.push(...this.loads);
    return copy;
  }
}

/** Who wrote a stretch of memory last, and who has read it since. */
interface Touched {
  readonly writer: number;
  readonly readers: Gathered;
}

/** What each of the steps, given in program order, depends on. */
export function dependenciesOf(steps: readonly Step[]): readonly Dependencies[] {
  const memories = new MemoryMap<Touched>(
    () => ({ writer: -1, readers: new Gathered() }),
    ({ writer, readers }) => ({ writer, readers: readers.copy() }),
  );
  const kinds = steps.map(({ command }) => engineOf(command.kind));
  return steps.map(({ reads, writes }, index) => {
    const needed = new Gathered();
    const loads = new Set<number>();
    const need = (step: number): void => {
      if (step < 0) return;
      if (kinds[step] === "load") loads.add(step);
      else needed.add(kinds[step], step);
    };
    for (const access of reads) memories.visit(access, ({ writer }) => need(writer));
    for (const access of writes)
      memories.visit(access, ({ writer, readers }) => {
        need(writer);
        need(readers.compute);
        need(readers.store);
        readers.loads.forEach(need);
      });
    for (const access of reads) memories.visit(access, ({ readers }) => readers.add(kinds[index], index));
    for (const access of writes) memories.replace(access, () => ({ writer: index, readers: new Gathered() }));
    needed.loads.push(...loads);
    return needed;
  });
}
