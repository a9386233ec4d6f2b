import type { Access, Space } from "./step.ts";

/** A stretch of memory from `start` to the next one's start, and what is known of it. */
interface Stretch<State> {
  readonly start: number;
  readonly state: State;
}

/** A memory is kept in pages, so that an access looks at few stretches however many there are. */
const pageSizes: Readonly<Record<Space, number>> = {
  feature: 256,
  weight: 256,
  parameter: 256,
  table: 2,
  dram: 1 << 14,
};

/** Something known of every address of the memories, kept by stretches of equal history. */
export class MemoryMap<State> {
  readonly #spaces = new Map<Space, Map<number, Stretch<State>[]>>();
  readonly #fresh: () => State;
  readonly #copy: (state: State) => State;

  /**
   * @param fresh what is known of memory that nothing has touched
   * @param copy a copy, where a stretch is cut in two
   */
  constructor(fresh: () => State, copy: (state: State) => State) {
    this.#fresh = fresh;
    this.#copy = copy;
  }

  /** Calls `visit` with the state, which it may change, of each stretch that an access covers. */
  visit(access: Access, visit: (state: State) => void): void {
    this.#pages(access, (page, first, end) => {
      for (let index = first; index < end; index++) visit(page[index].state);
    });
  }

  /** Forgets what is known of the memory that an access covers. @param state what is known from now on */
  replace(access: Access, state: () => State): void {
    this.#pages(access, (page, first, end) => {
      page.splice(first, end - first, { start: page[first].start, state: state() });
    });
  }

  /** Calls `visit` with each page of an access and the stretches [first, end) of it that the access covers exactly. */
  #pages({ space, start, end }: Access, visit: (page: Stretch<State>[], first: number, end: number) => void): void {
    const size = pageSizes[space];
    for (let number = Math.floor(start / size); number * size < end; number++) {
      const page = this.#page(space, number);
      const first = start <= number * size ? 0 : this.#cut(page, start);
      visit(page, first, end >= (number + 1) * size ? page.length : this.#cut(page, end));
    }
  }

  #page(space: Space, number: number): Stretch<State>[] {
    const pages = this.#spaces.get(space) ?? new Map<number, Stretch<State>[]>();
    this.#spaces.set(space, pages);
    const page = pages.get(number) ?? [{ start: number * pageSizes[space], state: this.#fresh() }];
    pages.set(number, page);
    return page;
  }

  /** Makes a stretch begin at `position`, inside the page. @returns its index */
  #cut(page: Stretch<State>[], position: number): number {
    let index = page.length - 1;
    while (page[index].start > position) index--;
    const { start, state } = page[index];
    if (start === position) return index;
    page.splice(index + 1, 0, { start: position, state: this.#copy(state) });
    return index + 1;
  }
}
