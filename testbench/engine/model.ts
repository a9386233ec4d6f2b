import { type Heap, heapOf } from "./heap.ts";
import { makePort, type Port } from "./port.ts";
import type { PortInfo } from "./ports.ts";
import { REPLAY_BYTES } from "./shim.ts";
import type { WasiHost } from "./wasi-host.ts";

/** What the shim exports; the clock's functions are missing in combinational modules. */
interface ModelExports {
  readonly memory: WebAssembly.Memory;
  readonly __stack_pointer: WebAssembly.Global;
  readonly vg_init: (seed: number) => number;
  readonly vg_eval: () => void;
  readonly vg_rise?: () => void;
  readonly vg_fall?: () => void;
  readonly vg_step?: (cycles: number) => void;
  readonly vg_replay_inputs?: () => number;
  readonly vg_replay_size?: () => number;
  readonly vg_replay?: (cycles: number, hash: number) => number;
  readonly vg_trace_start?: () => void;
  readonly vg_trace_flush?: () => void;
  readonly vg_trace_stop?: () => void;
}

/** FNV-1a's start. */
const FNV_OFFSET = 2166136261;

/** The complete state of a model at one moment; valid for every instance of the same build. */
export interface Snapshot {
  readonly memory: Uint8Array;
  readonly stackPointer: number;
  readonly cycle: number;
}

/** Receives VCD text. */
export type TraceSink = (text: Uint8Array) => void;

function noClock(): never {
  throw new Error("this model has no clock");
}

/**
 * A running instance of a compiled model.
 *
 * A clock cycle is `rise()` (registers take their new values) then `fall()` (outputs that depend on inputs settle).
 * `tick()` does both: set inputs, `tick()`, read outputs. Read an output that depends on an input combinationally after
 * `eval()`.
 */
export class Model {
  readonly heap: Heap;
  readonly ports: ReadonlyMap<string, Port>;
  /** Evaluates the model after inputs changed, without a clock edge. */
  readonly eval: () => void;
  /** Rising clock edge. Hot loops call `rise` and `fall` themselves and drive inputs in between. */
  readonly rise: () => void;
  /** Falling clock edge; settles outputs for inputs driven since the rising edge. A recorder may take its place. */
  fall: () => void;
  readonly #exports: ModelExports;
  readonly #host: WasiHost;
  readonly #trace: { sink: TraceSink | undefined };
  /** Clock cycles done by `tick` and `step`, or set by who calls `rise` and `fall`. */
  cycle = 0;

  constructor(
    instance: WebAssembly.Instance,
    ports: readonly PortInfo[],
    host: WasiHost,
    trace: { sink: TraceSink | undefined },
    seed: number,
  ) {
    // The exports are the shim's, which this package generates.
    this.#exports = instance.exports as unknown as ModelExports;
    this.#host = host;
    this.#trace = trace;
    const table = this.#exports.vg_init(seed) >> 2;
    this.heap = heapOf(this.#exports.memory.buffer);
    const heap = this.heap;
    this.ports = new Map(ports.map((info, index) => [info.name, makePort(info, heap.u32[table + index], heap)]));
    this.eval = this.#exports.vg_eval;
    this.rise = this.#exports.vg_rise ?? noClock;
    this.fall = this.#exports.vg_fall ?? noClock;
    // The first evaluation runs `initial` blocks and records the clock: a rising edge in it would go unseen.
    for (const port of this.ports.values()) if (port.direction === "in") port.setBig(0n);
    this.eval();
  }

  /** The port of that name. @throws Error listing the ports if there is none */
  port(name: string): Port {
    const port = this.ports.get(name);
    if (port === undefined) throw new Error(`no port ${name}; ports: ${[...this.ports.keys()].join(", ")}`);
    return port;
  }

  /** One clock cycle with the inputs as they are. */
  tick(): void {
    this.rise();
    this.fall();
    this.cycle++;
  }

  /** Many clock cycles with unchanging inputs, without returning to JavaScript in between. */
  step(cycles: number): void {
    const step = this.#exports.vg_step ?? noClock;
    step(cycles);
    this.cycle += cycles;
  }

  /**
   * Runs clock cycles on recorded inputs, without returning to JavaScript in each: rising edge, inputs, falling edge.
   * @param inputs for each cycle the bytes of `recordedInputs`, one port after another
   * @param hash of an earlier part of the recording
   * @returns a hash of all outputs after every cycle (FNV-1a by 32-bit words)
   * @throws Error if the model was not built with `replay`
   */
  replay(inputs: Uint8Array, hash = FNV_OFFSET): number {
    const { vg_replay: replay, vg_replay_inputs: place, vg_replay_size: size } = this.#exports;
    if (replay === undefined || place === undefined || size === undefined) {
      throw new Error("build the model with replay: true");
    }
    const bytes = size();
    const most = Math.floor(REPLAY_BYTES / bytes) * bytes;
    const address = place();
    let result = hash;
    for (let start = 0; start < inputs.length; start += most) {
      const part = inputs.subarray(start, start + most);
      this.heap.u8.set(part, address);
      result = replay(part.length / bytes, result) >>> 0;
      this.cycle += part.length / bytes;
    }
    return result;
  }

  /** What the design printed so far, by all its `$display` and the like. */
  get output(): string {
    return this.#host.output;
  }

  /** Copies the whole state: registers, memories, port values. Takes about a millisecond for every 10 MB. */
  snapshot(): Snapshot {
    this.checkMemory();
    const { __stack_pointer: stackPointer } = this.#exports;
    return { memory: this.heap.u8.slice(), stackPointer: stackPointer.value, cycle: this.cycle };
  }

  /** Returns to a snapshot of this model or of another instance of the same build. Printed output is kept. */
  restore(snapshot: Snapshot): void {
    this.checkMemory();
    this.heap.u8.set(snapshot.memory);
    this.#exports.__stack_pointer.value = snapshot.stackPointer;
    this.cycle = snapshot.cycle;
  }

  /**
   * Starts to write VCD; the rising edge of cycle n is at 10 n ns.
   * @throws Error if the model was not built with `trace`
   */
  startTrace(sink: TraceSink): void {
    if (this.#exports.vg_trace_start === undefined) throw new Error("build the model with trace: true to write VCD");
    this.#trace.sink = sink;
    this.#exports.vg_trace_start();
  }

  /** Hands what the VCD writer holds back to the sink; the text so far is then a whole file. */
  flushTrace(): void {
    this.#exports.vg_trace_flush?.();
  }

  /** Ends the VCD file; harmless when none is being written. */
  stopTrace(): void {
    this.#exports.vg_trace_stop?.();
    this.#trace.sink = undefined;
  }

  /**
   * Makes sure that the ports still show the model's memory.
   * @throws Error if the design made the heap grow, which detaches all views (by printing megabytes, say)
   */
  checkMemory(): void {
    if (this.#exports.memory.buffer !== this.heap.u8.buffer) throw new Error("the model grew its memory while running");
  }
}
