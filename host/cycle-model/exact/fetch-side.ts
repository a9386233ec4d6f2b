import type { AxiSplit } from "./axi-split.ts";
import { CommandFetch } from "./command-fetch.ts";
import type { CommandQueue, CommandTable, Completed } from "./command-table.ts";
import { Dispatch, NONE } from "./dispatch.ts";

/** Commands on their way to the queues: fetch, its requests to the bus master, dispatch. */
export class FetchSide {
  readonly #fetch: CommandFetch;
  readonly #dispatch: Dispatch;
  readonly #split: AxiSplit;
  /** Nothing moved in the last cycle. */
  #rests = false;

  /** @param commandOffset bytes @param split of the read master @param queues of the engines by their numbers */
  constructor(table: CommandTable, commandOffset: number, split: AxiSplit, queues: readonly CommandQueue[]) {
    this.#fetch = new CommandFetch(table, commandOffset);
    this.#dispatch = new Dispatch(table, queues);
    this.#split = split;
  }

  /** END is reached and everything complete. */
  get ended(): boolean {
    return this.#dispatch.ended;
  }

  /** The engine that is given a command in this cycle, or NONE. */
  get target(): number {
    return this.#fetch.full ? this.#dispatch.target(this.#fetch.index) : NONE;
  }

  /**
   * @param target see {@link target} @param issued a burst of commands is @param beat a beat of commands comes
   * @param counted `completed` differs from the cycle before
   */
  clock(target: number, issued: boolean, beat: boolean, completed: Completed, counted: boolean): boolean {
    if (this.#rests && target === NONE && !issued && !beat && !counted) return false;
    const fetch = this.#fetch;
    const answered = fetch.asking && this.#split.answer;
    const dispatched = this.#dispatch.clock(fetch.full, fetch.index, target, completed);
    const split = this.#split.clock(fetch.asking, fetch.first, fetch.beats, issued);
    const fetched = fetch.clock(answered, beat, target !== NONE);
    this.#rests = !(dispatched || split || fetched);
    return !this.#rests;
  }
}
