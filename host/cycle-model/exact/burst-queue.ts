const CAPACITY = 512;
const MASK = CAPACITY - 1;

/** A queue of bursts: beats that each still has, and a number that goes with it. */
export class BurstQueue {
  readonly #beats = new Int32Array(CAPACITY);
  readonly #tags = new Float64Array(CAPACITY);
  #head = 0;
  length = 0;

  push(beats: number, tag: number): void {
    if (this.length === CAPACITY) throw new Error("more bursts outstanding than the memory allows");
    const at = (this.#head + this.length++) & MASK;
    this.#beats[at] = beats;
    this.#tags[at] = tag;
  }

  /** The first burst's number. */
  get tag(): number {
    return this.#tags[this.#head];
  }

  /** Takes a beat off the first burst; after its last the burst is gone. @returns whether it was the last */
  takeBeat(): boolean {
    if (--this.#beats[this.#head] > 0) return false;
    this.#head = (this.#head + 1) & MASK;
    this.length--;
    return true;
  }
}
