interface Entry {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

/** Discrete-event time: actions run in order of their times, those of one time in the order they were added. */
export class Agenda {
  now = 0;
  #order = 0;
  readonly #heap: Entry[] = [];

  /** Runs `action` at a time, not before now. */
  at(time: number, action: () => void): void {
    const entry = { time: Math.max(time, this.now), order: this.#order++, action };
    let index = this.#heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, this.#heap[parent])) break;
      this.#heap[index] = this.#heap[parent];
      index = parent;
    }
    this.#heap[index] = entry;
  }

  /** Moves on to a time, unless something is to happen by then. @returns whether it did */
  advance(time: number): boolean {
    if (this.#heap.length > 0 && this.#heap[0].time <= time) return false;
    this.now = Math.max(this.now, time);
    return true;
  }

  /** Runs until nothing is left to do. */
  run(): void {
    for (let entry = this.#pop(); entry !== undefined; entry = this.#pop()) {
      this.now = entry.time;
      entry.action();
    }
  }

  #pop(): Entry | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child + 1 < this.#heap.length && before(this.#heap[child + 1], this.#heap[child])) child++;
      if (child >= this.#heap.length || !before(this.#heap[child], last)) break;
      this.#heap[index] = this.#heap[child];
      index = child;
    }
    this.#heap[index] = last;
    return first;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
