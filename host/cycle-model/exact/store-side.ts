import type { MemoryModel } from "../memory-model.ts";
import { AxiWrite } from "./axi-write.ts";
import { BeatCounter, type CommandLog } from "./command-log.ts";
import type { CommandQueue, CommandTable, Completed } from "./command-table.ts";
import { DmaRequest } from "./dma-request.ts";
import { WriteMemory } from "./memory-channels.ts";
import { Store } from "./store.ts";

/** `vg_store`, the write master and the memory's write channels. */
export class StoreSide {
  readonly data: Store;
  readonly #table: CommandTable;
  readonly #log: CommandLog;
  readonly #queue: CommandQueue;
  readonly #request: DmaRequest;
  readonly #write: AxiWrite;
  readonly #memory: WriteMemory;
  readonly #beats: BeatCounter;
  /** Nothing moved in the last cycle, and the commands that had been queued by then. */
  #rests = false;
  #seen = 0;
  /** Data beats on the bus. */
  writeBeats = 0;

  /** @param burst longest burst in beats @param lines, owed see {@link Store} */
  constructor(
    table: CommandTable,
    log: CommandLog,
    memory: MemoryModel,
    queue: CommandQueue,
    lines: CommandQueue,
    owed: CommandQueue,
  ) {
    this.data = new Store(table, lines, owed);
    this.#table = table;
    this.#log = log;
    this.#queue = queue;
    this.#request = new DmaRequest(table);
    this.#write = new AxiWrite(table.geometry.config.writeBurstBeats);
    this.#memory = new WriteMemory(memory);
    this.#beats = new BeatCounter(log, table, queue);
  }

  /** The next cycle in which it acts by itself. */
  get wake(): number {
    return this.#memory.wake;
  }

  /** A command completes in this cycle. */
  get done(): boolean {
    return this.#write.written;
  }

  /** @param port the feature memory takes the read @param counted `completed` differs from the cycle before */
  clock(now: number, port: boolean, completed: Completed, counted: boolean): boolean {
    const queue = this.#queue;
    if (this.#rests && !counted && queue.pushed === this.#seen && now < this.#memory.wake) return false;
    this.#seen = queue.pushed;
    const { data } = this;
    const { lines, owed } = data;
    const write = this.#write;
    const memory = this.#memory;
    const { addressReady, dataReady, responding } = memory;
    const command = queue.head;
    const reading = lines.head;
    const room = lines.ready && owed.ready;
    const announces = write.issues(addressReady);
    const handed = data.offers && write.takes(dataReady);
    const answered = this.#request.asking && write.split.answer;
    if (handed) this.#beats.beat(now);
    if (write.data && dataReady) this.writeBeats++;
    if (write.written) owed.popped++;
    const first = command < 0 ? 0 : this.#table.firstBeat[command];
    const beats = command < 0 ? 0 : this.#table.beats[command];
    const stored = memory.clock(now, write.address, write.data);
    const written = write.clock(announces, handed, addressReady, dataReady, responding);
    const split = write.split.clock(this.#request.asking, first, beats, announces);
    const request = this.#request.clock(command, completed, room, answered);
    const moved = data.clock(port, handed, reading);
    if (answered) {
      this.#log.starts[command] = now;
      queue.popped++;
      lines.pushed++;
      owed.pushed++;
    }
    this.#rests = !(stored || written || split || request || moved);
    return !this.#rests;
  }
}
