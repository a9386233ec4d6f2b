import { type Engine, engines } from "../../isa/index.ts";
import type { Access, Space, Step } from "./step.ts";

/** A command count per engine; 0 is none. */
export type Counts = Record<Engine, number>;

/** No command of any engine. */
export const noCounts = (): Counts => ({ load: 0, compute: 0, store: 0 });

/** A stretch of memory from `start` to the next one's start, and the last commands, by engine, that wrote and read it. */
interface Stretch {
  readonly start: number;
  readonly writers: Counts;
  readonly readers: Counts;
}

/** A memory is kept in pages, so that an access looks at few stretches however many there are. */
const pageSizes: Readonly<Record<Space, number>> = {
  feature: 256,
  weight: 256,
  parameter: 256,
  table: 2,
  dram: 1 << 14,
};

/** Keeps track of who touched what, and so of what a command has to wait for. */
export class Hazards {
  readonly #spaces = new Map<Space, Map<number, Stretch[]>>();

  /** Adds a step's accesses as those of command number `count` of `engine`; gives the counts it must wait for. */
  record(step: Step, engine: Engine, count: number): Counts {
    const waits = noCounts();
    for (const access of step.reads)
      this.#visit(access, (page, first, end) => {
        for (let i = first; i < end; i++) raise(waits, page[i].writers, engine, engine === "compute");
      });
    for (const access of step.writes)
      this.#visit(access, (page, first, end) => {
        for (let i = first; i < end; i++) {
          raise(waits, page[i].writers, engine, false);
          raise(waits, page[i].readers, engine, false);
        }
      });
    for (const access of step.reads)
      this.#visit(access, (page, first, end) => {
        for (let i = first; i < end; i++) page[i].readers[engine] = count;
      });
    // Everything that touched a range before is ordered before its new writer: that one alone needs remembering.
    for (const access of step.writes)
      this.#visit(access, (page, first, end) => {
        const writers = { ...noCounts(), [engine]: count };
        page.splice(first, end - first, { start: page[first].start, writers, readers: noCounts() });
      });
    return waits;
  }

  /** Calls `visit` with each page of an access and the stretches [first, end) of it that the access covers exactly. */
  #visit({ space, start, end }: Access, visit: (page: Stretch[], first: number, end: number) => void): void {
    const size = pageSizes[space];
    for (let number = Math.floor(start / size); number * size < end; number++) {
      const page = this.#page(space, number);
      const first = start <= number * size ? 0 : cut(page, start);
      visit(page, first, end >= (number + 1) * size ? page.length : cut(page, end));
    }
  }

  #page(space: Space, number: number): Stretch[] {
    const pages = this.#spaces.get(space) ?? new Map<number, Stretch[]>();
    this.#spaces.set(space, pages);
    const page = pages.get(number) ?? [{ start: number * pageSizes[space], writers: noCounts(), readers: noCounts() }];
    pages.set(number, page);
    return page;
  }
}

/** Makes a stretch begin at `position`, inside the page. @returns its index */
function cut(page: Stretch[], position: number): number {
  let index = page.length - 1;
  while (page[index].start > position) index--;
  const { start, writers, readers } = page[index];
  if (start === position) return index;
  page.splice(index + 1, 0, { start: position, writers: { ...writers }, readers: { ...readers } });
  return index + 1;
}

/** Raises waits to `counts`; an engine runs its own commands in order, so waits on itself only if `self`. */
function raise(waits: Counts, counts: Counts, engine: Engine, self: boolean): void {
  for (const other of engines)
    if ((other !== engine || self) && counts[other] > waits[other]) waits[other] = counts[other];
}
