import type { MemoryModel } from "../memory-model.ts";
import type { CommandStream } from "../timing.ts";
import { AxiRead, FETCH, LOADS, NOBODY } from "./axi-read.ts";
import { AxiWrite } from "./axi-write.ts";
import { CommandFetch } from "./command-fetch.ts";
import { BeatCounter, CommandLog } from "./command-log.ts";
import { COMPUTE, CommandTable, type Completed, LOAD, STORE } from "./command-table.ts";
import { Dispatch } from "./dispatch.ts";
import { DmaRequest } from "./dma-request.ts";
import { Drain } from "./drain.ts";
import { Load } from "./load.ts";
import { ReadMemory, WriteMemory } from "./memory-channels.ts";
import { Sequencer } from "./sequencer.ts";
import { Store } from "./store.ts";

/**
 * `vg_core` without its data, cycle by cycle: the handshakes of a cycle are worked out from the registers, then every module
 * takes its clock edge and says whether anything but time moved.
 */
export class Core {
  readonly table: CommandTable;
  readonly read: AxiRead;
  readonly readMemory: ReadMemory;
  readonly sequencer: Sequencer;
  readonly dispatch: Dispatch;
  readonly #queues;
  readonly #write: AxiWrite;
  readonly #writeMemory: WriteMemory;
  readonly #fetch: CommandFetch;
  readonly #loadRequest: DmaRequest;
  readonly #storeRequest: DmaRequest;
  readonly #load: Load;
  readonly #store: Store;
  readonly #drain: Drain;
  readonly #completed: Completed = { load: 0, compute: 0, store: 0 };
  /** Of the feature memory: a load went before a store that waits. */
  #storeTurn = false;
  readBeats = 0;
  writeBeats = 0;
  readonly log: CommandLog;
  readonly #loadBeats: BeatCounter;
  readonly #storeBeats: BeatCounter;

  constructor(program: CommandStream, memory: MemoryModel) {
    const { config, commandOffset } = program;
    const table = new CommandTable(program);
    const queue = (engine: number) => table.queue(engine, config.commandQueueDepth);
    this.table = table;
    this.#queues = [queue(LOAD), queue(COMPUTE), queue(STORE)] as const;
    this.read = new AxiRead(config.readBurstBeats, config.readOutstanding);
    this.readMemory = new ReadMemory(memory);
    this.#write = new AxiWrite(config.writeBurstBeats);
    this.#writeMemory = new WriteMemory(memory);
    this.#fetch = new CommandFetch(table, commandOffset);
    this.dispatch = new Dispatch(table, this.#queues);
    this.#loadRequest = new DmaRequest(table);
    this.#storeRequest = new DmaRequest(table);
    this.#load = new Load(table, queue(LOAD));
    this.#store = new Store(table, queue(STORE), queue(STORE));
    this.#drain = new Drain(table);
    this.sequencer = new Sequencer(table, this.#drain);
    this.log = new CommandLog(table.count);
    this.#loadBeats = new BeatCounter(this.log, table, this.#queues[LOAD]);
    this.#storeBeats = new BeatCounter(this.log, table, this.#queues[STORE]);
  }

  /** The next cycle in which something happens although nothing moves. */
  get wake(): number {
    const memory = Math.min(this.readMemory.wake, this.#writeMemory.wake);
    return Math.min(this.sequencer.tileEnd, this.#drain.wake, memory);
  }

  /** One cycle. @returns whether anything but time moved */
  step(now: number): boolean {
    const { table, read, readMemory, sequencer, log } = this;
    const completed = this.#completed;
    const [loads, computations, stores] = this.#queues;
    const write = this.#write;
    const writeMemory = this.#writeMemory;
    const fetch = this.#fetch;
    const load = this.#load;
    const store = this.#store;

    // The feature memory's port: drain, residual, then load and store in turn.
    const writing = this.#drain.writes(now);
    const free = !writing && this.#drain.requests === 0;
    const storeFirst = store.reading && (this.#storeTurn || !load.features);
    const loadPort = free && !storeFirst;
    const storePort = free && storeFirst;

    // Beats, bursts and requests.
    const { client } = read;
    const loadBeat = client === LOADS && load.takes(loadPort);
    const readTaken = client !== LOADS || loadBeat;
    const arrives = readMemory.valid;
    const spare = read.spare;
    const issuer = read.issuer(readMemory.ready);
    const announces = write.issues(writeMemory.addressReady);
    const handed = store.offers && write.takes(writeMemory.dataReady);
    const fetchAnswer = fetch.asking && read.fetch.answer;
    const loadAnswer = this.#loadRequest.asking && read.load.answer;
    const storeAnswer = this.#storeRequest.asking && write.split.answer;

    // Commands.
    const nextLoad = loads.head;
    const nextCompute = computations.head;
    const nextStore = stores.head;
    const { full, index } = fetch;
    const target = full ? this.dispatch.target(index) : -1;
    const computeTaken = sequencer.takes(now, nextCompute);
    const loadDone = load.done;
    const computeDone = this.#drain.done(now);
    const storeDone = write.written;

    const nextFlight = load.flight.head;
    const nextLines = store.lines.head;
    const loadRoom = load.flight.ready;
    const storeRoom = store.lines.ready && store.owed.ready;

    if (loadBeat) this.#loadBeats.beat(now);
    if (handed) this.#storeBeats.beat(now);
    if (sequencer.ending(now)) log.lasts[sequencer.running] = now;

    // The edge. Whoever reads a register goes before whoever changes it.
    if (free) this.#storeTurn = store.reading && !storeFirst;
    if (arrives && !spare) this.readBeats++;
    if (write.data && writeMemory.dataReady) this.writeBeats++;
    let moved = this.dispatch.clock(full, index, target, completed);
    moved = sequencer.clock(now, nextCompute, computeTaken, completed) || moved;
    moved = this.#drain.clock(now, writing) || moved;
    const { ready } = readMemory;
    moved = readMemory.clock(now, read.address, !spare) || moved;
    moved = read.clock(issuer, ready, arrives, readTaken) || moved;
    moved = read.fetch.clock(fetch.asking, fetch.first, fetch.beats, issuer === FETCH) || moved;
    moved = fetch.clock(fetchAnswer, client === FETCH, target >= 0) || moved;
    const loadFirst = nextLoad < 0 ? 0 : table.firstBeat[nextLoad];
    const loadBeats = nextLoad < 0 ? 0 : table.beats[nextLoad];
    moved = read.load.clock(this.#loadRequest.asking, loadFirst, loadBeats, issuer === LOADS) || moved;
    moved = this.#loadRequest.clock(nextLoad, completed, loadRoom, loadAnswer) || moved;
    moved = load.clock(loadBeat, loadPort, nextFlight) || moved;
    const { addressReady, dataReady, responding } = writeMemory;
    moved = writeMemory.clock(now, write.address, write.data) || moved;
    moved = write.clock(announces, handed, addressReady, dataReady, responding) || moved;
    const storeFirstBeat = nextStore < 0 ? 0 : table.firstBeat[nextStore];
    const storeBeats = nextStore < 0 ? 0 : table.beats[nextStore];
    moved = write.split.clock(this.#storeRequest.asking, storeFirstBeat, storeBeats, announces) || moved;
    moved = this.#storeRequest.clock(nextStore, completed, storeRoom, storeAnswer) || moved;
    moved = store.clock(storePort, handed, nextLines) || moved;

    // Commands move on.
    if (target >= 0) this.#queues[target].pushed++;
    if (computeTaken) {
      log.starts[nextCompute] = now + 1;
      log.firsts[nextCompute] = now + 1;
      computations.popped++;
    }
    if (loadAnswer) {
      log.starts[nextLoad] = now;
      loads.popped++;
      load.flight.pushed++;
    }
    if (storeAnswer) {
      log.starts[nextStore] = now;
      stores.popped++;
      store.lines.pushed++;
      store.owed.pushed++;
    }
    if (loadDone) log.ends[loads.nth(completed.load++)] = now + 1;
    if (computeDone) log.ends[computations.nth(completed.compute++)] = now + 1;
    if (storeDone) {
      log.ends[stores.nth(completed.store++)] = now + 1;
      store.owed.popped++;
    }
    return moved;
  }

  /** One cycle after the end of the run, in which only the bus goes on. @returns whether it is at rest */
  settle(now: number): boolean {
    const { read, readMemory } = this;
    const { ready } = readMemory;
    const idle = read.idle;
    const arrives = readMemory.valid;
    const spare = read.spare;
    if (arrives && !spare) this.readBeats++;
    readMemory.clock(now, read.address, !spare);
    read.clock(NOBODY, ready, arrives, true);
    return idle;
  }
}
