import type { CommandTable } from "./command-table.ts";
import { TimeQueue } from "./time-queue.ts";

/** Cycles from a tile's last beat to its sums in the drain buffer, and from there to the write of the first step. */
const CAPTURE = 9;
const WRITE = 15;

/** `vg_drain`: when tiles are written, when residual words are read, and when commands are complete. */
export class Drain {
  readonly #table: CommandTable;
  readonly #steps: number;
  readonly #words: number;
  readonly #tileMinimum: number;
  readonly #writes = new TimeQueue();
  readonly #reads = new TimeQueue();
  /** Cycles of completion pulses. */
  readonly #done = new TimeQueue();
  /** Residual reads that wait. */
  requests = 0;

  constructor(table: CommandTable) {
    const { parameterWordsPerBlock, wordsPerBlock, tileMinimum } = table.geometry;
    this.#table = table;
    this.#steps = parameterWordsPerBlock;
    this.#words = wordsPerBlock;
    this.#tileMinimum = tileMinimum;
  }

  /** The next cycle in which it acts by itself. */
  get wake(): number {
    return Math.min(this.#reads.next, this.#done.next);
  }

  /** A command completes in this cycle. */
  done(now: number): boolean {
    return this.#done.next === now;
  }

  /** A word is written in this cycle: nobody else has the feature memory's port. */
  writes(now: number): boolean {
    this.#writes.skip(now);
    return this.#writes.next === now;
  }

  /** A tile's last beat is issued. @param last of its command */
  tile(now: number, command: number, last: boolean): void {
    const start = now + CAPTURE;
    const stride = this.#steps / this.#words;
    const passes = 1 + this.#table.upsample[command];
    for (let word = 0; word < this.#words; word++) {
      if (this.#table.residual[command] === 1) this.#reads.push(start + word * stride);
    }
    const end = start + WRITE + (passes - 1) * this.#tileMinimum;
    if (this.#table.partial[command] === 0) {
      for (let at = start + WRITE; at <= end; at += this.#tileMinimum)
        for (let word = 1; word <= this.#words; word++) this.#writes.push(at + word * stride - 1);
    }
    if (last) this.#done.push(end + this.#steps - 1);
  }

  /** @param writing see {@link writes} */
  clock(now: number, writing: boolean): boolean {
    const asked = this.#reads.next === now;
    const waiting = this.requests > 0;
    if (waiting && !writing) this.requests--;
    if (asked) {
      this.#reads.shift();
      this.requests++;
    }
    const done = this.#done.next === now;
    if (done) this.#done.shift();
    return asked || waiting || done;
  }
}
