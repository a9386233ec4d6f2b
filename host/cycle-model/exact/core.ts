import type { MemoryModel } from "../memory-model.ts";
import type { CommandStream } from "../timing.ts";
import { AxiRead, FETCH, LOADS, NOBODY } from "./axi-read.ts";
import { CommandLog } from "./command-log.ts";
import { COMPUTE, type CommandQueue, CommandTable, type Completed, LOAD, STORE } from "./command-table.ts";
import { NONE } from "./dispatch.ts";
import { Drain } from "./drain.ts";
import { FetchSide } from "./fetch-side.ts";
import { LoadSide } from "./load-side.ts";
import { ReadMemory } from "./memory-channels.ts";
import { Sequencer } from "./sequencer.ts";
import { StoreSide } from "./store-side.ts";

/**
 * `vg_core` without its data, cycle by cycle: the handshakes of a cycle are worked out from the registers, then every module
 * takes its clock edge and says whether anything but time moved. A part in which nothing did rests until one of its inputs
 * changes.
 */
export class Core {
  readonly log: CommandLog;
  readonly sequencer: Sequencer;
  readonly #queues: readonly CommandQueue[];
  readonly #loads: CommandQueue;
  readonly #computations: CommandQueue;
  readonly #stores: CommandQueue;
  readonly #read: AxiRead;
  readonly #readMemory: ReadMemory;
  readonly #fetch: FetchSide;
  readonly #load: LoadSide;
  readonly #store: StoreSide;
  readonly #drain: Drain;
  readonly #completed: Completed = { load: 0, compute: 0, store: 0 };
  /** The counts differ from the cycle before. */
  #counted = false;
  /** Of the feature memory: a load went before a store that waits. */
  #storeTurn = false;
  readBeats = 0;

  constructor(program: CommandStream, memory: MemoryModel) {
    const { config, commandOffset } = program;
    const table = new CommandTable(program);
    const queue = (engine: number) => table.queue(engine, config.commandQueueDepth);
    this.log = new CommandLog(table.count);
    this.#loads = queue(LOAD);
    this.#computations = queue(COMPUTE);
    this.#stores = queue(STORE);
    this.#queues = [this.#loads, this.#computations, this.#stores];
    this.#read = new AxiRead(config.readBurstBeats, config.readOutstanding);
    this.#readMemory = new ReadMemory(memory);
    this.#fetch = new FetchSide(table, commandOffset, this.#read.fetch, this.#queues);
    this.#load = new LoadSide(table, this.log, this.#read.load, this.#loads, queue(LOAD));
    this.#store = new StoreSide(table, this.log, memory, this.#stores, queue(STORE), queue(STORE));
    this.#drain = new Drain(table);
    this.sequencer = new Sequencer(table, this.#drain);
  }

  /** END is reached and everything complete. */
  get ended(): boolean {
    return this.#fetch.ended;
  }

  get writeBeats(): number {
    return this.#store.writeBeats;
  }

  /** The next cycle in which something happens although nothing moves. */
  get wake(): number {
    return Math.min(this.sequencer.tileEnd, this.#drain.wake, this.#readMemory.wake, this.#store.wake);
  }

  /** Counts cycles, the first of which is this one, in which nothing moves. */
  rest(now: number, cycles: number): void {
    this.sequencer.rest(now, cycles, this.#load.data.underWay);
  }

  /** One cycle. @returns whether anything but time moved */
  step(now: number): boolean {
    const completed = this.#completed;
    const counted = this.#counted;
    const { sequencer, log } = this;
    const read = this.#read;
    const readMemory = this.#readMemory;
    const drain = this.#drain;
    const load = this.#load.data;
    const store = this.#store.data;

    // The feature memory's port: drain, residual, then load and store in turn.
    const writing = drain.writes(now);
    const free = !writing && drain.requests === 0;
    const storeFirst = store.reading && (this.#storeTurn || !load.features);
    const loadPort = free && !storeFirst;
    const storePort = free && storeFirst;
    if (free) this.#storeTurn = store.reading && !storeFirst;

    const { client } = read;
    const loadBeat = client === LOADS && load.takes(loadPort);
    const { ready, valid: arrives } = readMemory;
    const issuer = read.issuer(ready);
    const { target } = this.#fetch;
    const command = this.#computations.head;
    const taken = sequencer.takes(now, command);
    const loadDone = load.done;
    const computeDone = drain.done(now);
    const storeDone = this.#store.done;
    if (sequencer.ending(now)) log.lasts[sequencer.running] = now;
    if (arrives && !read.spare) this.readBeats++;

    // The edge. Whoever reads a register goes before whoever changes it.
    const { underWay } = load;
    let moved = sequencer.clock(now, command, taken, completed, counted, underWay);
    moved = drain.clock(now, writing) || moved;
    moved = readMemory.clock(now, read.address, !read.spare) || moved;
    moved = read.clock(issuer, ready, arrives, client !== LOADS || loadBeat) || moved;
    moved = this.#fetch.clock(target, issuer === FETCH, client === FETCH, completed, counted) || moved;
    const waiting = client === LOADS;
    moved = this.#load.clock(now, issuer === LOADS, waiting, loadBeat, loadPort, completed, counted) || moved;
    moved = this.#store.clock(now, storePort, completed, counted) || moved;
    if (target !== NONE) this.#queues[target].pushed++;
    if (taken) {
      log.starts[command] = now + 1;
      log.firsts[command] = now + 1;
      this.#computations.popped++;
    }
    if (loadDone) log.ends[this.#loads.nth(completed.load++)] = now + 1;
    if (computeDone) log.ends[this.#computations.nth(completed.compute++)] = now + 1;
    if (storeDone) log.ends[this.#stores.nth(completed.store++)] = now + 1;
    this.#counted = loadDone || computeDone || storeDone;
    return moved || this.#counted;
  }

  /** One cycle after the end of the run, in which only the bus goes on. @returns whether it is at rest */
  settle(now: number): boolean {
    const read = this.#read;
    const readMemory = this.#readMemory;
    const { ready, valid: arrives } = readMemory;
    const { idle } = read;
    if (arrives && !read.spare) this.readBeats++;
    readMemory.clock(now, read.address, !read.spare);
    read.clock(NOBODY, ready, arrives, true);
    return idle;
  }
}
