import { Geometry, transferBytes } from "../../compiler/index.ts";
import { type Engine, engineOf, engines } from "../../isa/index.ts";
import type { CommandStream } from "../timing.ts";

/** Number of an engine in {@link CommandTable.engine}: its place in `engines`; END's is after the last. */
export const LOAD = engines.indexOf("load");
export const COMPUTE = engines.indexOf("compute");
export const STORE = engines.indexOf("store");
export const END = engines.length;

/** What the control of each command depends on, one entry a command. */
export class CommandTable {
  readonly geometry: Geometry;
  readonly count: number;
  readonly engine: Uint8Array;
  readonly waitLoad: Uint16Array;
  readonly waitCompute: Uint16Array;
  readonly waitStore: Uint16Array;
  /** Transfers: beats, and the first one's number in the memory window. */
  readonly beats: Float64Array;
  readonly firstBeat: Float64Array;
  /** Transfers: bits of the number by which the engine multiplies to find its beats. */
  readonly factorBits: Uint8Array;
  /** Loads: whether they go to the feature memory. */
  readonly features: Uint8Array;
  /** Computations: beats and number of tiles. */
  readonly tileBeats: Float64Array;
  readonly tiles: Float64Array;
  readonly upsample: Uint8Array;
  readonly residual: Uint8Array;
  readonly partial: Uint8Array;

  constructor({ config, commands }: CommandStream) {
    const geometry = new Geometry(config);
    const { length } = commands;
    this.geometry = geometry;
    this.count = length;
    this.engine = Uint8Array.from(commands, ({ kind }) => numberOf(engineOf(kind)));
    this.waitLoad = Uint16Array.from(commands, (command) => command.waitLoad);
    this.waitCompute = Uint16Array.from(commands, (command) => command.waitCompute);
    this.waitStore = Uint16Array.from(commands, (command) => command.waitStore);
    this.beats = Float64Array.from(commands, (command) => transferBytes(geometry, command) / geometry.beatBytes);
    this.firstBeat = Float64Array.from(commands, (command) =>
      "memoryOffset" in command ? command.memoryOffset / geometry.beatBytes : 0,
    );
    this.factorBits = Uint8Array.from(commands, (command) =>
      "lines" in command ? Math.floor(Math.log2(command.lines)) + 1 : 1,
    );
    this.features = Uint8Array.from(commands, ({ kind }) => Number(kind === "loadFeatures"));
    this.tileBeats = new Float64Array(length);
    this.tiles = new Float64Array(length);
    this.upsample = new Uint8Array(length);
    this.residual = new Uint8Array(length);
    this.partial = new Uint8Array(length);
    commands.forEach((command, index) => {
      if (command.kind !== "compute") return;
      this.tileBeats[index] = command.kernelWidth * command.kernelHeight * command.channelGroups;
      this.tiles[index] = command.blocks * command.rows * command.tiles;
      this.upsample[index] = command.upsample;
      this.residual[index] = command.residual;
      this.partial[index] = command.partial;
    });
  }

  /** Whether completed counts meet a command's waits: modulo 2^16, signed. */
  met(command: number, { load, compute, store }: Completed): boolean {
    return (
      (((load - this.waitLoad[command]) | (compute - this.waitCompute[command]) | (store - this.waitStore[command])) &
        0x8000) ===
      0
    );
  }

  /** A queue of the commands of one engine. */
  queue(engine: number, depth: number): CommandQueue {
    const own: number[] = [];
    for (let index = 0; index < this.count; index++) if (this.engine[index] === engine) own.push(index);
    return new CommandQueue(Int32Array.from(own), depth);
  }
}

/** Completed commands of each engine. */
export type Completed = Record<Engine, number>;

/** Commands of one engine between two places that they pass in order; as `vg_fifo`. */
export class CommandQueue {
  readonly #commands: Int32Array;
  readonly #depth: number;
  /** Commands that have entered, and left. */
  pushed = 0;
  popped = 0;

  constructor(commands: Int32Array, depth: number) {
    this.#commands = commands;
    this.#depth = depth;
  }

  get ready(): boolean {
    return this.pushed - this.popped < this.#depth;
  }

  /** The engine's nth command, from 0. */
  nth(ordinal: number): number {
    return this.#commands[ordinal];
  }

  /** The oldest command, -1 if the queue is empty. */
  get head(): number {
    return this.popped === this.pushed ? -1 : this.#commands[this.popped];
  }
}

function numberOf(engine: Engine | undefined): number {
  return engine === undefined ? END : engines.indexOf(engine);
}
