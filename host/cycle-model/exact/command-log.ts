import type { CommandTiming } from "../timing.ts";
import type { CommandQueue, CommandTable } from "./command-table.ts";

/** When each command ran; see {@link CommandTiming}. */
export class CommandLog {
  readonly starts: Float64Array;
  readonly firsts: Float64Array;
  readonly lasts: Float64Array;
  readonly ends: Float64Array;

  constructor(commands: number) {
    this.starts = new Float64Array(commands);
    this.firsts = new Float64Array(commands);
    this.lasts = new Float64Array(commands);
    this.ends = new Float64Array(commands);
  }

  /** All of a command's times, `end` and what is not known being that of the run. */
  timings(end: number): readonly CommandTiming[] {
    return Array.from(this.ends, (own, index) =>
      own === 0
        ? { start: end, first: end, last: end, end }
        : { start: this.starts[index], first: this.firsts[index], last: this.lasts[index], end: own },
    );
  }
}

/** Tells whose beats go by: those of the commands of one engine, in order. */
export class BeatCounter {
  readonly #log: CommandLog;
  readonly #table: CommandTable;
  readonly #commands: CommandQueue;
  #ordinal = 0;
  #left = 0;

  constructor(log: CommandLog, table: CommandTable, commands: CommandQueue) {
    this.#log = log;
    this.#table = table;
    this.#commands = commands;
  }

  /** A beat goes by. */
  beat(now: number): void {
    const command = this.#commands.nth(this.#ordinal);
    if (this.#left === 0) {
      this.#left = this.#table.beats[command];
      this.#log.firsts[command] = now;
    }
    if (--this.#left > 0) return;
    this.#log.lasts[command] = now;
    this.#ordinal++;
  }
}
