import { type CommandQueue, type CommandTable, type Completed, END } from "./command-table.ts";

const LOOK = 0;
const SETTLE = 1;
const JUDGE = 2;
const ACT = 3;
const FINISH = 4;

/** No engine. */
export const NONE = -1;

/** `vg_dispatch`: hands the commands out to the queues of their engines. */
export class Dispatch {
  readonly #table: CommandTable;
  readonly #queues: readonly CommandQueue[];
  #state = LOOK;
  #complete = false;

  /** @param queues of the engines by their numbers */
  constructor(table: CommandTable, queues: readonly CommandQueue[]) {
    this.#table = table;
    this.#queues = queues;
  }

  /** END is reached and everything complete. */
  get ended(): boolean {
    return this.#state === FINISH && this.#complete;
  }

  /** The engine that is given the command at hand in this cycle. */
  target(index: number): number {
    if (this.#state !== ACT) return NONE;
    const engine = this.#table.engine[index];
    return engine !== END && this.#queues[engine].ready ? engine : NONE;
  }

  /** @param valid whether a command is there, the `index`th @param target see {@link target} */
  clock(valid: boolean, index: number, target: number, completed: Completed): boolean {
    const [loads, computations, stores] = this.#queues;
    const complete =
      completed.load === loads.pushed && completed.compute === computations.pushed && completed.store === stores.pushed;
    const changed = complete !== this.#complete;
    this.#complete = complete;
    const before = this.#state;
    if (before === LOOK) {
      if (valid) this.#state = SETTLE;
    } else if (before === SETTLE) this.#state = JUDGE;
    else if (before === JUDGE) this.#state = ACT;
    else if (before === ACT) {
      if (this.#table.engine[index] === END) this.#state = FINISH;
      else if (target !== NONE) this.#state = LOOK;
    }
    return changed || this.#state !== before;
  }
}
