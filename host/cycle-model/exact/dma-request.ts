import type { CommandTable, Completed } from "./command-table.ts";

const TAKE = 0;
const ADD = 1;
const HOLD = 2;
const ASK = 3;

/** `vg_dma_request`: takes the command at the head of its queue, counts its beats, waits, and asks the bus master. */
export class DmaRequest {
  readonly #table: CommandTable;
  #state = TAKE;
  /** Bits of the factor that are left. */
  #bits = 0;
  #met = false;

  constructor(table: CommandTable) {
    this.#table = table;
  }

  get asking(): boolean {
    return this.#state === ASK;
  }

  /**
   * @param command at the head of the queue, or -1 @param room whether the data side can take it
   * @param answered whether the bus master takes the request
   */
  clock(command: number, completed: Completed, room: boolean, answered: boolean): boolean {
    switch (this.#state) {
      case TAKE:
        if (command < 0) return false;
        this.#bits = this.#table.factorBits[command];
        this.#state = ADD;
        return true;
      case ADD:
        if (this.#bits-- === 0) this.#state = HOLD;
        this.#met = this.#table.met(command, completed);
        return true;
      case HOLD: {
        const met = this.#met;
        this.#met = this.#table.met(command, completed);
        if (met && room) this.#state = ASK;
        return this.#state === ASK || this.#met !== met;
      }
      default:
        if (answered) this.#state = TAKE;
        return answered;
    }
  }
}
