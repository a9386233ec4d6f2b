import type { CommandQueue, CommandTable } from "./command-table.ts";

/** Beats asked for and not yet handed over. */
const CREDITS = 8;

/** The data side of `vg_store`: reads lines from the feature memory and hands them over. */
export class Store {
  readonly #table: CommandTable;
  /** Commands still to be read, and those whose responses are still to come. */
  readonly lines: CommandQueue;
  readonly owed: CommandQueue;
  #active = false;
  #left = 0;
  #target = false;
  #credits = CREDITS;
  /** A read waits for the feature memory's port. */
  reading = false;
  /** Reads accepted one and two cycles ago, and answers in the buffer. */
  #first = false;
  #second = false;
  #buffered = 0;

  constructor(table: CommandTable, lines: CommandQueue, owed: CommandQueue) {
    this.#table = table;
    this.lines = lines;
    this.owed = owed;
  }

  /** A data beat is on offer. */
  get offers(): boolean {
    return this.#buffered > 0;
  }

  /** @param port the feature memory takes the read @param handed the beat is taken @param command first of the lines, or -1 */
  clock(port: boolean, handed: boolean, command: number): boolean {
    const start = command >= 0 && !this.#active;
    const advance = !this.reading || port;
    const ask = this.#target && advance && this.#credits > 0;
    const step = this.#active && (!this.#target || ask);
    const moved = start || step || ask || handed || this.reading || this.#first || this.#second;
    if (this.#second) this.#buffered++;
    this.#second = this.#first;
    this.#first = this.reading && port;
    if (handed) {
      this.#buffered--;
      this.#credits++;
    }
    if (ask) {
      this.#credits--;
      this.#target = false;
    }
    if (advance) this.reading = ask;
    if (start) {
      this.#left = this.#table.beats[command];
      this.#active = true;
    } else if (step) {
      this.#target = true;
      if (--this.#left === 0) {
        this.#active = false;
        this.lines.popped++;
      }
    }
    return moved;
  }
}
