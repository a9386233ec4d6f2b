const CAPACITY = 256;
const MASK = CAPACITY - 1;

/** Cycles at which something will happen, in order. */
export class TimeQueue {
  readonly #times = new Float64Array(CAPACITY);
  #head = 0;
  #tail = 0;
  /** The first of them; Infinity if there is none. */
  next = Number.POSITIVE_INFINITY;

  /** Adds a cycle that is not before those added so far. */
  push(time: number): void {
    if (this.#tail - this.#head === CAPACITY) throw new Error("more events under way than the hardware can have");
    if (this.#tail === this.#head) this.next = time;
    this.#times[this.#tail++ & MASK] = time;
  }

  shift(): void {
    this.#head++;
    this.next = this.#head === this.#tail ? Number.POSITIVE_INFINITY : this.#times[this.#head & MASK];
  }

  /** Forgets what lies before a cycle. */
  skip(time: number): void {
    while (this.next < time) this.shift();
  }
}
