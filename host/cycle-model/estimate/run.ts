import { Geometry, issueCycles, tileMinimum, transferBytes } from "../../compiler/index.ts";
import { COMMAND_BYTES, type Engine, engineOf, waitsMet } from "../../isa/index.ts";
import type { MemoryModel } from "../memory-model.ts";
import type { CommandStream } from "../timing.ts";
import { Agenda } from "./agenda.ts";
import { Bus, burstsOf } from "./bus.ts";
import { fetchAhead, fetchChunk, latencies } from "./constants.ts";

/** When a command was taken by its engine, and complete, in cycles from the start of the run; END: the whole run's end. */
export interface CommandSpan {
  start: number;
  end: number;
}

/** An estimated run. */
export interface EstimatedRun {
  readonly cycles: number;
  /** One per command. */
  readonly commands: readonly CommandSpan[];
}

/** Runs a program's timing event by event, command by command, on a model of the engines and the bus. */
export function estimateRun(program: CommandStream, memory: MemoryModel): EstimatedRun {
  return new Run(program, memory).run();
}

class Run {
  readonly #program: CommandStream;
  readonly #memory: MemoryModel;
  readonly #geometry: Geometry;
  readonly #agenda = new Agenda();
  readonly #reads: Bus;
  readonly #writes: Bus;
  readonly #timings: CommandSpan[];
  readonly #completed: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
  readonly #issued: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
  /** Commands handed out and not yet taken by their engine. */
  readonly #queues: Record<Engine, number[]> = { load: [], compute: [], store: [] };
  readonly #busy: Record<Engine, boolean> = { load: false, compute: false, store: false };
  /** Transfers asked for and not completed: the engines hold as many as a queue. */
  readonly #flying: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
  #fetched = 0;
  #asked = 0;
  #next = 0;
  #dispatchFree = 0;
  /** When the drain can take the next tile. */
  #drainFree = 0;
  #end = 0;

  constructor(program: CommandStream, memory: MemoryModel) {
    const { config } = program;
    this.#program = program;
    this.#memory = memory;
    this.#geometry = new Geometry(config);
    this.#reads = new Bus(this.#agenda, 2, memory.readLatency, Math.min(config.readOutstanding, memory.maxBursts));
    this.#writes = new Bus(this.#agenda, 1, latencies.storeData, memory.maxBursts, this.#reads);
    this.#timings = program.commands.map(() => ({ start: 0, end: 0 }));
  }

  run(): EstimatedRun {
    this.#agenda.at(latencies.start, () => this.#fetch());
    this.#agenda.run();
    return { cycles: this.#end, commands: this.#timings };
  }

  #fetch(): void {
    const { commands } = this.#program;
    const room = fetchAhead - (this.#asked - this.#next);
    if (this.#asked >= commands.length || room < fetchChunk) return;
    const first = this.#asked;
    const count = Math.min(fetchChunk, commands.length - first);
    this.#asked += count;
    const beatBytes = this.#geometry.beatBytes;
    const beats = (count * COMMAND_BYTES) / beatBytes;
    const firstBeat = (this.#program.commandOffset + first * COMMAND_BYTES) / beatBytes;
    const done = (): void => {
      this.#fetched = first + count;
      this.#agenda.at(this.#agenda.now + latencies.assemble, () => this.#dispatch());
    };
    const bursts = burstsOf(firstBeat, beats, this.#program.config.readBurstBeats);
    this.#reads.request(0, bursts, false, () => this.#fetch(), done);
  }

  #dispatch(): void {
    const { now } = this.#agenda;
    if (this.#next >= this.#fetched) return;
    if (now < this.#dispatchFree) {
      this.#agenda.at(this.#dispatchFree, () => this.#dispatch());
      return;
    }
    const index = this.#next;
    const engine = engineOf(this.#program.commands[index].kind);
    if (engine !== undefined) {
      if (this.#queues[engine].length >= this.#program.config.commandQueueDepth) return;
      this.#queues[engine].push(index);
      this.#issued[engine]++;
      this.#wake(engine, latencies.computeStart);
    }
    this.#next++;
    this.#dispatchFree = now + latencies.dispatch;
    this.#fetch();
    if (engine === undefined) this.#checkEnd();
    else this.#agenda.at(this.#dispatchFree, () => this.#dispatch());
  }

  #wake(engine: Engine, delay: number): void {
    this.#agenda.at(this.#agenda.now + delay, () => (engine === "compute" ? this.#compute() : this.#transfer(engine)));
  }

  #compute(): void {
    const [index] = this.#queues.compute;
    if (index === undefined || this.#busy.compute) return;
    const command = this.#program.commands[index];
    if (command.kind !== "compute" || !waitsMet(command, this.#completed)) return;
    const { now } = this.#agenda;
    const minimum = tileMinimum(this.#geometry, command);
    const depth = command.kernelWidth * command.kernelHeight * command.channelGroups;
    const firstTile = Math.max(now + depth, this.#drainFree);
    const issueEnd = firstTile + issueCycles(this.#geometry, command) - Math.max(depth, minimum);
    this.#drainFree = issueEnd + minimum;
    this.#busy.compute = true;
    this.#take("compute", index);
    this.#agenda.at(issueEnd, () => {
      this.#busy.compute = false;
      this.#compute();
    });
    const { parameterWordsPerBlock, tileMinimum: secondPass } = this.#geometry;
    const drained = issueEnd + latencies.drain + command.upsample * secondPass + parameterWordsPerBlock - 1;
    this.#agenda.at(drained + latencies.computeDone, () => this.#complete("compute", index));
  }

  #transfer(engine: "load" | "store"): void {
    const [index] = this.#queues[engine];
    if (index === undefined || this.#busy[engine]) return;
    const command = this.#program.commands[index];
    this.#busy[engine] = true;
    const lines = "lines" in command ? Math.floor(Math.log2(command.lines)) + 1 : 1;
    this.#agenda.at(this.#agenda.now + latencies.transferTake + lines, () => this.#ask(engine, index));
  }

  #ask(engine: "load" | "store", index: number): void {
    const command = this.#program.commands[index];
    const room = this.#flying[engine] < this.#program.config.commandQueueDepth;
    if (!("memoryOffset" in command) || !waitsMet(command, this.#completed) || !room) {
      this.#blocked[engine] = index;
      return;
    }
    this.#blocked[engine] = undefined;
    this.#flying[engine]++;
    const { beatBytes } = this.#geometry;
    const { readBurstBeats, writeBurstBeats } = this.#program.config;
    const burst = engine === "load" ? readBurstBeats : writeBurstBeats;
    const bursts = burstsOf(
      command.memoryOffset / beatBytes,
      transferBytes(this.#geometry, command) / beatBytes,
      burst,
    );
    const taken = (): void => {
      this.#busy[engine] = false;
      this.#take(engine, index);
      this.#transfer(engine);
    };
    const latency = engine === "load" ? latencies.loadDone : this.#memory.writeLatency + latencies.storeDone;
    const done = (): void => this.#agenda.at(this.#agenda.now + latency, () => this.#complete(engine, index));
    const [bus, client] = engine === "load" ? [this.#reads, 1] : [this.#writes, 0];
    this.#agenda.at(this.#agenda.now + latencies.transferAsk, () =>
      bus.request(client, bursts, command.kind === "loadFeatures", taken, done),
    );
  }

  /** Transfers at the head of their queue whose waits are not met. */
  readonly #blocked: Record<"load" | "store", number | undefined> = { load: undefined, store: undefined };

  #take(engine: Engine, index: number): void {
    this.#queues[engine].shift();
    this.#timings[index].start = this.#agenda.now;
    this.#dispatch();
  }

  #complete(engine: Engine, index: number): void {
    this.#completed[engine]++;
    if (engine !== "compute") this.#flying[engine]--;
    this.#timings[index].end = this.#agenda.now;
    this.#wake("compute", latencies.computeWait);
    for (const other of ["load", "store"] as const) {
      const waiting = this.#blocked[other];
      if (waiting !== undefined) this.#ask(other, waiting);
    }
    this.#checkEnd();
  }

  #checkEnd(): void {
    if (this.#next < this.#program.commands.length) return;
    const done = (["load", "compute", "store"] as const).every((e) => this.#completed[e] === this.#issued[e]);
    if (!done) return;
    this.#end = this.#agenda.now + latencies.finish;
    const last = this.#timings[this.#timings.length - 1];
    [last.start, last.end] = [this.#agenda.now, this.#end];
  }
}
