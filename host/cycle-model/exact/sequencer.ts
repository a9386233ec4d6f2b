import type { CommandTable, Completed } from "./command-table.ts";
import type { Drain } from "./drain.ts";
import { IdleLog, NO_COMMAND, WAIT_COMPUTE, WAIT_LOAD, WAIT_STORE } from "./idle-log.ts";

/** No command; not known. */
const NOBODY = -1;
const UNKNOWN = -2;

/** The waits of `vg_compute` and the loop nest of `vg_sequencer`, a tile at a time. */
export class Sequencer {
  readonly #table: CommandTable;
  readonly #drain: Drain;
  /** Waits of the next command, as of the cycle before. */
  #go = false;
  /** Whose waits those are. */
  #seen = NOBODY;
  #waiting = NO_COMMAND;
  /** Command that runs, or -1. */
  running = -1;
  #tilesLeft = 0;
  #tileStart = 0;
  /** Cycle of the running tile's last beat; Infinity if none runs. */
  tileEnd = Number.POSITIVE_INFINITY;
  /** First cycle in which the drain can take a tile's last beat. */
  #drainFree = 0;
  busy = 0;
  waitDrain = 0;
  readonly idle = new IdleLog();

  constructor(table: CommandTable, drain: Drain) {
    this.#table = table;
    this.#drain = drain;
  }

  /** The next command starts after this cycle. @param command first of the queue, or -1 */
  takes(now: number, command: number): boolean {
    return this.#go && command >= 0 && (this.running < 0 || this.ending(now));
  }

  /** The running command's last beat is issued in this cycle. */
  ending(now: number): boolean {
    return now === this.tileEnd && this.#tilesLeft === 1;
  }

  /** Counts cycles in which nothing changes. @param loading what the load engine has under way */
  rest(now: number, cycles: number, loading: number): void {
    if (this.running >= 0) return;
    this.idle.add(now, cycles, this.#waiting === WAIT_LOAD ? WAIT_LOAD + loading : this.#waiting);
  }

  /** @param command first of the queue, or -1 @param taken see {@link takes} @param counted `completed` differs from before */
  clock(
    now: number,
    command: number,
    taken: boolean,
    completed: Completed,
    counted: boolean,
    loading: number,
  ): boolean {
    this.rest(now, 1, loading);
    if (command === this.#seen && !counted && now !== this.tileEnd && !taken) return false;
    this.#seen = taken ? UNKNOWN : command;
    const moved = taken || now === this.tileEnd;
    if (now === this.tileEnd) this.#endTile(now);
    if (taken) this.#start(now + 1, command);
    const looking = command >= 0 && !taken;
    const waiting = looking ? this.#cause(command, completed) : NO_COMMAND;
    const go = looking && waiting === NO_COMMAND;
    if (go === this.#go && waiting === this.#waiting) return moved;
    this.#go = go;
    this.#waiting = waiting;
    return true;
  }

  #cause(command: number, { load, compute, store }: Completed): number {
    const table = this.#table;
    if (((load - table.waitLoad[command]) & 0x8000) !== 0) return WAIT_LOAD;
    if (((compute - table.waitCompute[command]) & 0x8000) !== 0) return WAIT_COMPUTE;
    return ((store - table.waitStore[command]) & 0x8000) !== 0 ? WAIT_STORE : NO_COMMAND;
  }

  #start(first: number, command: number): void {
    this.running = command;
    this.#tilesLeft = this.#table.tiles[command];
    this.#nextTile(first);
  }

  #nextTile(first: number): void {
    this.#tileStart = first;
    this.tileEnd = Math.max(first + this.#table.tileBeats[this.running] - 1, this.#drainFree);
  }

  #endTile(now: number): void {
    const command = this.running;
    const beats = this.#table.tileBeats[command];
    this.busy += beats;
    this.waitDrain += now + 1 - this.#tileStart - beats;
    this.#drainFree = now + this.#table.geometry.tileMinimum * (1 + this.#table.upsample[command]);
    this.#tilesLeft--;
    this.#drain.tile(now, command, this.#tilesLeft === 0);
    if (this.#tilesLeft > 0) this.#nextTile(now + 1);
    else {
      this.running = -1;
      this.tileEnd = Number.POSITIVE_INFINITY;
    }
  }
}
