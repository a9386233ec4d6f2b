import type { AxiSplit } from "./axi-split.ts";
import { BeatCounter, type CommandLog } from "./command-log.ts";
import type { CommandQueue, CommandTable, Completed } from "./command-table.ts";
import { DmaRequest } from "./dma-request.ts";
import { Load } from "./load.ts";

/** `vg_load` and its requests to the bus master. */
export class LoadSide {
  readonly data: Load;
  readonly #table: CommandTable;
  readonly #log: CommandLog;
  readonly #queue: CommandQueue;
  readonly #request: DmaRequest;
  readonly #split: AxiSplit;
  readonly #beats: BeatCounter;
  /** Nothing moved in the last cycle, and the commands that had been queued by then. */
  #rests = false;
  #seen = 0;

  /** @param split of the read master @param flight see {@link Load} */
  constructor(table: CommandTable, log: CommandLog, split: AxiSplit, queue: CommandQueue, flight: CommandQueue) {
    this.data = new Load(table, flight);
    this.#table = table;
    this.#log = log;
    this.#queue = queue;
    this.#request = new DmaRequest(table);
    this.#split = split;
    this.#beats = new BeatCounter(log, table, queue);
  }

  /**
   * @param issued a burst is @param waiting a beat waits, `beat`: it is taken @param port the feature memory takes one
   * @param counted `completed` differs from the cycle before
   */
  clock(
    now: number,
    issued: boolean,
    waiting: boolean,
    beat: boolean,
    port: boolean,
    completed: Completed,
    counted: boolean,
  ): boolean {
    const queue = this.#queue;
    if (this.#rests && !issued && !waiting && !counted && queue.pushed === this.#seen) return false;
    this.#seen = queue.pushed;
    const { data } = this;
    const { flight } = data;
    const command = queue.head;
    const coming = flight.head;
    const answered = this.#request.asking && this.#split.answer;
    if (beat) this.#beats.beat(now);
    const first = command < 0 ? 0 : this.#table.firstBeat[command];
    const beats = command < 0 ? 0 : this.#table.beats[command];
    const split = this.#split.clock(this.#request.asking, first, beats, issued);
    const request = this.#request.clock(command, completed, flight.ready, answered);
    const moved = data.clock(beat, port, coming);
    if (answered) {
      this.#log.starts[command] = now;
      queue.popped++;
      flight.pushed++;
    }
    this.#rests = !(split || request || moved);
    return !this.#rests;
  }
}
